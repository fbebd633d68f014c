extension ProfileReader {
    /// So many are joined in one hold of the lock.
    private static let rowsAtOnce = 64

    /// The profiles of rows that are in a view, which is made without those who object; of a row that is gone since, none.
    public func eachProfile(of rows: some Sequence<Row>, in columns: ProfileColumns, _ body: (Row, Profile) -> Void) {
        var rest = rows.makeIterator()
        var chunk: [Row] = []
        repeat {
            chunk.removeAll(keepingCapacity: true)
            while chunk.count < ProfileReader.rowsAtOnce, let row = rest.next() { chunk.append(row) }
            let found = lock.reading { chunk.compactMap { row in columns.isAlive(row) ? (row, join(columns.node(of: row))) : nil } }
            for (row, profile) in found where !profile.identifiers.isEmpty { body(row, profile) }
        } while !chunk.isEmpty
    }
}
