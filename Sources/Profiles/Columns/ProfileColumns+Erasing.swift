import Columnar
import Identity
import Vocabulary

/// Forgetting a person: their row, their events' places, and every value that nobody else has.
extension ProfileColumns {
    /// Called under the lock for writing, while the graph still knows the members; the files are written anew before it returns.
    func erase(_ members: Set<Node>) throws {
        let rows = Set(members.map(graph.root(of:)).compactMap(row(ofRoot:)))
        for root in Set(members.map(graph.root(of:))) where Int(root) < rowOfRoot.count { rowOfRoot[Int(root)] = .max }
        erasureCount += 1
        for row in rows { forget(Int(row) % RowSet.capacity, in: Int(row) / RowSet.capacity) }
        // Rows that merged away leave their values in runs until these are sorted anew; so all tables with dead rows are.
        for part in parts.indices { dropDead(in: part) }
        hasEmptied = true
        sweep()
        forgetReaders()
        writer.drain()
        prepareCheckpoint()
        if let shot {
            self.shot = nil
            try write(shot)
        }
    }

    private func forget(_ row: Int, in part: Int) {
        emptyTraits(of: row, in: part)
        parts[part].alive.remove(row)
        parts[part].born[row] = 0
        eventCount[part * RowSet.capacity + row] = 0
        changed[part] = true
    }

    func emptyTraits(of row: Int, in part: Int) {
        for number in parts[part].traits.indices where parts[part].traits[number]?.cell(row) != Column.Value.none { parts[part].setTrait(number, of: row, to: .none) { self.wide(nil, number, $0, $1) } }
    }

    /// Sorts tables anew that hold events of dead rows.
    private func dropDead(in part: Int) {
        let alive = parts[part].alive
        if !hasEmptied {
            for row in 0..<RowSet.capacity where !alive.contains(row) { emptyTraits(of: row, in: part) }
            changed[part] = true
        }
        for number in parts[part].tables.indices {
            guard let table = parts[part].tables[number] else { continue }
            let dead = (table.run?.rows ?? RowSet()).union(table.tail.rowSet()).subtracting(alive)
            guard !dead.isEmpty else { continue }
            let run = table.merged(rows: alive, tailCount: table.tail.count) { column, value, scale in self.wide(number, column, value, scale) }
            var fresh = PartTable()
            fresh.run = run
            parts[part].tables[number] = run == nil ? nil : fresh
            changed[part] = true
        }
    }

    /// Has the dictionaries forget every value that no place has any more, also those that were replaced long ago, and the catalog every name of a
    /// property, trait or event that nobody has: a name can say who somebody is, too.
    private func sweep() {
        for number in catalog.traitPaths.indices {
            var used = Used()
            for part in parts where number < part.traits.count { used.add(part.traits[number]) }
            catalog.keep(used.codes, isUsed: used.isAny, column: number, of: nil)
        }
        for table in catalog.tables.indices {
            var isUsed = false
            var columns = [Used](repeating: Used(), count: catalog.paths(of: table).count)
            for part in parts where table < part.tables.count {
                guard let state = part.tables[table] else { continue }
                isUsed = isUsed || state.run != nil || state.tail.count > 0
                for (number, column) in (state.run?.columns.held ?? []).enumerated() { columns[number].add(column?.once) }
                for index in 0..<state.tail.count { state.tail.eachCell(of: index) { columns[Int($0.column)].add($0) } }
            }
            for (number, used) in columns.enumerated() { catalog.keep(used.codes, isUsed: used.isAny, column: number, of: table) }
            if !isUsed { catalog.forget(table: table) }
        }
    }

    /// Which codes of a column some place has, and whether any place has a value at all.
    private struct Used {
        var codes: Set<UInt32> = []
        var isAny = false

        mutating func add(_ column: Column?) {
            guard let column else { return }
            column.codes?.each { codes.insert($0) }
            isAny = isAny || !codes.isEmpty || column.numbers?.values.contains { $0 != Numbers.none } ?? false
        }

        mutating func add(_ cell: Cell) {
            isAny = true
            if !cell.isNumber { codes.insert(UInt32(truncatingIfNeeded: cell.value)) }
        }
    }
}
