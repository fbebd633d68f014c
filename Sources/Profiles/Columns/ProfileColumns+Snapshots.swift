import CKernels
public import Columnar
public import EventLog
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Identity
import Storage
public import Vocabulary

/// The columns' files: a list that names the position and one file for each part; a part that did not change keeps its file.
extension ProfileColumns {
    static let layout: UInt32 = 1
    private var listPath: String { "\(folder)/columns.snapshot" }

    /// Takes the state down as it stands.
    public func prepareCheckpoint() {
        shot = Shot(parts: parts, nodeOf: nodeOf, eventCount: eventCount, position: position, newestTime: newestTime, changed: Set(changed.indices.filter { changed[$0] }))
        for part in changed.indices { changed[part] = false }
    }

    /// Has what was taken down written on another thread: gigabytes must not hold up what arrives.
    public func checkpoint() throws { checkpoint { _ in } }

    /// - Parameter done: told there whether it stands on the disk.
    public func checkpoint(_ done: @escaping @Sendable (_ isWritten: Bool) -> Void) {
        guard let shot else { return }
        self.shot = nil
        writer.submit { [self] in
            // A snapshot that cannot be written costs time at the next start, nothing else.
            done((try? write(shot)) != nil)
            // Sorting leaves holes in the heap: without this, 2M events held 810 MB instead of 330.
            martlet_return_memory()
        }
    }

    /// Packs what of the runs nobody asked for since the last call. Called every so often, by a thread that nobody waits for.
    public func rest(under lock: StateLock) {
        let tableCounts = lock.reading { parts.map(\.tables.count) }
        var isChanged = false
        for (part, count) in tableCounts.enumerated() {
            for table in 0..<count { isChanged = rest(TablePlace(part: part, table: table), under: lock) || isChanged }
        }
        if isChanged { martlet_return_memory() }
    }

    /// - Returns: whether something was packed.
    private func rest(_ place: TablePlace, under lock: StateLock) -> Bool {
        // A tail that is being sorted in would be sorted for nothing if its run were another afterwards.
        let run = lock.writing { () -> Run? in
            guard place.part < parts.count, place.table < parts[place.part].tables.count, let run = parts[place.part].tables[place.table]?.run else { return nil }
            return sorting.insert(place).inserted ? run : nil
        }
        guard let run else { return false }
        let packed = run.resting()
        lock.writing {
            sorting.remove(place)
            // Who still looks at the old one keeps it; an erasure may have come first.
            guard let packed, place.part < parts.count, place.table < parts[place.part].tables.count, parts[place.part].tables[place.table]?.run === run else { return }
            parts[place.part].tables[place.table]!.run = packed
        }
        return packed != nil
    }

    /// Bytes of memory that events take, sorted in or not yet.
    public func byteCounts(under lock: StateLock) -> (runs: HeldBytes, tails: Int) {
        let tables = lock.reading { parts.flatMap { $0.tables.compactMap { $0 } } }
        var runs = HeldBytes()
        for table in tables { if let run = table.run { runs += run.byteCounts } }
        return (runs, tables.reduce(0) { $0 + $1.tail.byteCount })
    }

    /// Returns when what ``checkpoint()`` took is on the disk.
    public func drain() { writer.drain() }

    struct Shot: Sendable {
        let parts: [Part]
        let nodeOf: [Node]
        let eventCount: [UInt32]
        let position: LogPosition
        let newestTime: Int64
        var changed: Set<Int>
    }

    /// - Throws: where the disk takes it not; its parts are tried again the next time.
    func write(_ shot: Shot) throws {
        let changed = lost.withLock { lost in
            defer { lost = [] }
            return shot.changed.union(lost)
        }
        do { try write(shot, changed) } catch {
            lost.withLock { $0.formUnion(changed) }
            throw error
        }
    }

    private func write(_ shot: Shot, _ changed: Set<Int>) throws {
        var names = files.withLock { $0 }
        let old = Set(names)
        while names.count < shot.parts.count { names.append(0) }
        names.removeLast(names.count - shot.parts.count)
        for part in shot.parts.indices where changed.contains(part) || names[part] == 0 {
            let name = nextFile.add(1, ordering: .relaxed).oldValue
            try PartFile.write(shot.parts[part], to: path(ofFile: name), position: shot.position)
            names[part] = name
        }
        var list = try SnapshotWriter(path: listPath, layout: ProfileColumns.layout, position: shot.position)
        try list.put(names)
        try list.put(shot.nodeOf)
        try list.put(shot.eventCount)
        try list.put([shot.newestTime])
        // The dictionaries may be a little ahead of the parts, which does no harm: a code means the same for ever.
        try CatalogFile.write(catalog, to: &list)
        try list.finish()
        files.withLock { $0 = names }
        for name in old.subtracting(names) where name != 0 { unlink(path(ofFile: name)) }
    }

    private func path(ofFile name: UInt64) -> String { "\(folder)/part-\(name).columns" }

    /// Reads what the files hold; nothing where a file is missing or damaged.
    func load() {
        guard var list = SnapshotReader(path: listPath, layout: ProfileColumns.layout) else { return removeFiles(except: []) }
        let names = list.get(UInt64.self)
        let nodes = list.get(Node.self)
        let counts = list.get(UInt32.self)
        let newest = list.get(Int64.self)
        guard let newest = newest.first, nodes.count == counts.count, let catalog = CatalogFile.read(&list) else { return removeFiles(except: []) }
        var parts: [Part] = []
        for name in names {
            guard let part = PartFile.read(path(ofFile: name)) else { return removeFiles(except: []) }
            parts.append(part)
        }
        // Each row stands in its part: a part of another moment has fewer.
        guard (nodes.count + RowSet.capacity - 1) / RowSet.capacity == parts.count, parts.enumerated().allSatisfy({ $1.born.count == min(RowSet.capacity, nodes.count - $0 * RowSet.capacity) }) else {
            return removeFiles(except: [])
        }
        self.catalog = catalog
        self.parts = parts
        changed = parts.map { _ in false }
        nodeOf = nodes
        eventCount = counts
        newestTime = newest
        position = list.position
        files.withLock { $0 = names }
        nextFile.store((names.max() ?? 0) + 1, ordering: .relaxed)
        removeFiles(except: Set(names))
        forgetReaders()
    }

    private func removeFiles(except names: Set<UInt64>) {
        for file in (try? Folder.names(in: folder)) ?? [] where file.hasPrefix("part-") {
            let name = file.dropFirst(5).split(separator: ".").first.flatMap { UInt64($0) }
            if let name, !names.contains(name) { unlink("\(folder)/\(file)") }
        }
    }

    /// Becomes what other columns of the same log are, which nobody uses afterwards. Called under the lock for writing.
    public func adopt(_ other: ProfileColumns) {
        (position, parts, rowOfRoot, nodeOf) = (other.position, other.parts, other.rowOfRoot, other.nodeOf)
        (eventCount, newestTime, catalog) = (other.eventCount, other.newestTime, other.catalog)
        changed = parts.map { _ in true }
        // What is being sorted in is of no use.
        erasureCount += 1
        sorting = []
        shot = nil
        touched = []
        joined = []
        forgetReaders()
    }

    /// Starts over from nothing.
    public func reset() {
        position = 0
        parts = []
        changed = []
        rowOfRoot = []
        nodeOf = []
        eventCount = []
        newestTime = .min
        catalog = ColumnCatalog()
        files.withLock { $0 = [] }
        unlink(listPath)
        removeFiles(except: [])
        forgetReaders()
    }

    /// Brings the columns to where the graph stands: its snapshot may be newer than the columns', and people may have merged in between.
    ///
    /// - Parameter progress: told the position reached and the end.
    public func catchUp(with log: EventLog, progress: (LogPosition, LogPosition) -> Void) {
        // Of whom was parted since, the columns do not know whose event is whose.
        if position > graph.position || position < graph.partedUpTo || nodeOf.contains(where: { $0 >= graph.nodeCount }) { reset() }
        var merged: Set<Row> = []
        for row in nodeOf.indices where parts[row / RowSet.capacity].alive.contains(row % RowSet.capacity) {
            let root = graph.root(of: nodeOf[row])
            if let other = self.row(ofRoot: root) {
                merged.insert(join(Row(row), other, root: root))
            } else {
                setRow(Row(row), ofRoot: root)
            }
        }
        var renamed = merged
        let end = graph.position
        var reported = position
        if position < end {
            log.scan(from: position, to: end) { batch in
                for entry in batch.entries {
                    guard let event = batch.event(entry), !event.isErased, let anchor = graph.anchor(of: event) else { continue }
                    renamed.formUnion(take(event, at: entry.position, of: anchor))
                }
                if let last = batch.entries.last { position = last.position + 1 }
                sortRipe(isBehind: true)
                if position - reported >= 500_000 {
                    reported = position
                    progress(position, end)
                }
                return true
            }
            position = end
        }
        touched.removeAll()
        sortEverything()
        for row in renamed where parts[Int(row) / RowSet.capacity].alive.contains(Int(row) % RowSet.capacity) { refreshTraits(of: row) }
    }

    /// Sorts in every tail, at once; called when nobody reads yet, or under the lock for writing.
    public func sortEverything() {
        for part in parts.indices {
            for (number, table) in parts[part].tables.enumerated() where table?.tail.count ?? 0 > 0 { ripe.insert(TablePlace(part: part, table: number)) }
        }
        sortRipe()
    }

    /// Sorts in what has grown long, at once: nobody reads yet.
    private func sortRipe(isBehind: Bool = false) {
        while let ripening = takeRipe(isBehind: isBehind) { finish(ripening, ripening.merged()) }
    }
}
