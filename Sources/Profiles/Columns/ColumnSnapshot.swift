import Columnar
import EventLog
import Packing
import Vocabulary

/// How parts stand in snapshot files: arrays one behind the other, those of runs as they are packed in memory, so that a start unpacks none of them.
struct PartFile {
    static let layout: UInt32 = 2

    static func write(_ part: Part, to path: String, position: UInt64) throws {
        var snapshot = try SnapshotWriter(path: path, layout: layout, position: position)
        try snapshot.put(part.alive.words)
        try snapshot.put(part.born)
        try snapshot.put([UInt32(part.traits.count), UInt32(part.tables.count)])
        for trait in part.traits { try put(trait?.packed(), &snapshot) }
        for table in part.tables {
            try snapshot.put([table?.run == nil ? UInt8(0) : 1, table == nil ? 0 : 1])
            guard let table else { continue }
            if let run = table.run { try put(run, &snapshot) }
            try put(table.tail, &snapshot)
        }
        try snapshot.finish()
    }

    /// Nil for a file that is missing, damaged or of another layout.
    static func read(_ path: String) -> Part? {
        guard var snapshot = SnapshotReader(path: path, layout: layout) else { return nil }
        var part = Part()
        part.alive.words = snapshot.get(UInt64.self)
        part.born = snapshot.get(UInt64.self)
        let counts = snapshot.get(UInt32.self)
        guard part.alive.words.count == RowSet.wordCount, counts.count == 2 else { return nil }
        for _ in 0..<counts[0] { part.traits.append(column(&snapshot).flatMap { Column($0) }) }
        for _ in 0..<counts[1] {
            let flags = snapshot.get(UInt8.self)
            guard flags.count == 2 else { return nil }
            guard flags[1] != 0 else {
                part.tables.append(nil)
                continue
            }
            var table = PartTable()
            if flags[0] != 0 { table.run = run(&snapshot) }
            table.tail = tail(&snapshot)
            part.tables.append(table)
        }
        return part
    }

    private static func put(_ run: Run, _ snapshot: inout SnapshotWriter) throws {
        try snapshot.put(run.rows.words)
        try snapshot.put(run.starts)
        try snapshot.put(run.oldest)
        try snapshot.put(run.newest)
        try put(run.times.packed, &snapshot)
        try put(run.positions.packed, &snapshot)
        try snapshot.put([UInt32(run.columns.count)])
        for column in run.columns.held { try put(column?.packed, &snapshot) }
    }

    private static func run(_ snapshot: inout SnapshotReader) -> Run? {
        var rows = RowSet()
        rows.words = snapshot.get(UInt64.self)
        let starts = snapshot.get(UInt32.self)
        let oldest = snapshot.get(UInt32.self)
        let newest = snapshot.get(UInt32.self)
        guard let times = arrays(&snapshot), let positions = arrays(&snapshot), let count = snapshot.get(UInt32.self).first, rows.words.count == RowSet.wordCount,
            oldest.count == starts.count - 1, newest.count == oldest.count, times.first?.count == Int(starts.last ?? 0), positions.first?.count == times.first?.count
        else { return nil }
        var columns: [Held<Column>?] = []
        for _ in 0..<count { columns.append(column(&snapshot).map { Held(packed: $0) }) }
        return Run(rows: rows, starts: starts, oldest: oldest, newest: newest, times: Held(packed: times), positions: Held(packed: positions), columns: columns)
    }

    private static func put(_ arrays: [PackedArray], _ snapshot: inout SnapshotWriter) throws {
        try snapshot.put([UInt8(arrays.count)])
        for array in arrays { try snapshot.put(array) }
    }

    private static func arrays(_ snapshot: inout SnapshotReader) -> [PackedArray]? {
        guard let count = snapshot.get(UInt8.self).first else { return nil }
        var arrays: [PackedArray] = []
        for _ in 0..<count {
            guard let array = snapshot.getPacked() else { return nil }
            arrays.append(array)
        }
        return arrays
    }

    private static func put(_ tail: Tail, _ snapshot: inout SnapshotWriter) throws {
        let plain = tail.export()
        try snapshot.put(plain.rows)
        try snapshot.put(plain.times)
        try snapshot.put(plain.positions)
        try snapshot.put(plain.ends)
        try snapshot.put(plain.cells)
    }

    private static func tail(_ snapshot: inout SnapshotReader) -> Tail {
        Tail(
            rows: snapshot.get(UInt16.self), times: snapshot.get(Int64.self), positions: snapshot.get(UInt64.self), ends: snapshot.get(UInt32.self),
            cells: snapshot.get(Cell.self))
    }

    /// Three numbers (whether there are codes, whether there are numbers, their scale), then the arrays that there are.
    private static func put(_ column: PackedColumn?, _ snapshot: inout SnapshotWriter) throws {
        try snapshot.put([column?.codes == nil ? UInt8(0) : 1, column?.numbers == nil ? 0 : 1, UInt8(column?.scale ?? 0)])
        if let codes = column?.codes { try snapshot.put(codes) }
        if let numbers = column?.numbers { try snapshot.put(numbers) }
    }

    private static func column(_ snapshot: inout SnapshotReader) -> PackedColumn? {
        let head = snapshot.get(UInt8.self)
        guard head.count == 3 else { return nil }
        let codes = head[0] == 0 ? nil : snapshot.getPacked()
        let numbers = head[1] == 0 ? nil : snapshot.getPacked()
        return codes == nil && numbers == nil ? nil : PackedColumn(codes: codes, numbers: numbers, scale: Int(head[2]))
    }
}

/// How the catalog stands in a snapshot file.
enum CatalogFile {
    static func write(_ catalog: ColumnCatalog, to snapshot: inout SnapshotWriter) throws {
        let state = catalog.state.withLock { $0 }
        try snapshot.put(state.tables.map { $0.type.rawValue })
        try put(state.tables.map(\.event), &snapshot)
        try put(state.traits, &snapshot)
        for columns in state.columns { try put(columns, &snapshot) }
    }

    static func read(_ snapshot: inout SnapshotReader) -> ColumnCatalog? {
        let catalog = ColumnCatalog()
        let types = snapshot.get(UInt8.self)
        let events = texts(&snapshot)
        guard types.count == events.count else { return nil }
        let traits = entries(&snapshot)
        let columns = types.map { _ in entries(&snapshot) }
        catalog.state.withLock { state in
            state.traits = traits
            for (number, entry) in traits.enumerated() where entry.path != ColumnCatalog.forgotten { state.columnNumbers[ColumnName(table: nil, path: entry.path)] = number }
            for (table, (type, event)) in zip(types, events).enumerated() {
                let name = TableName(type: EventType(rawValue: type) ?? .track, event: event)
                state.tables.append(name)
                if event != ColumnCatalog.forgotten { state.tableNumbers[name] = table }
                state.columns.append(columns[table])
                for (number, entry) in columns[table].enumerated() where entry.path != ColumnCatalog.forgotten { state.columnNumbers[ColumnName(table: table, path: entry.path)] = number }
            }
        }
        return catalog
    }

    private static func put(_ texts: [[UInt8]], _ snapshot: inout SnapshotWriter) throws {
        try snapshot.put(texts.map { UInt32($0.count) })
        try snapshot.put(Array(texts.joined()))
    }

    private static func texts(_ snapshot: inout SnapshotReader) -> [[UInt8]] {
        let counts = snapshot.get(UInt32.self)
        let bytes = snapshot.get(UInt8.self)
        var at = 0
        return counts.map { count in
            let end = min(at + Int(count), bytes.count)
            defer { at = end }
            return Array(bytes[at..<end])
        }
    }

    private static func put(_ entries: [ColumnCatalog.Entry], _ snapshot: inout SnapshotWriter) throws {
        try put(entries.map(\.path), &snapshot)
        for entry in entries {
            let values = entry.dictionary.export()
            try snapshot.put(values.bytes)
            try snapshot.put(values.ends)
            try snapshot.put([UInt8(values.hasOverflowed ? 1 : 0)])
        }
    }

    private static func entries(_ snapshot: inout SnapshotReader) -> [ColumnCatalog.Entry] {
        texts(&snapshot).map { path in
            let bytes = snapshot.get(UInt8.self)
            let ends = snapshot.get(UInt32.self)
            let flag = snapshot.get(UInt8.self)
            return ColumnCatalog.Entry(path: path, dictionary: ValueDictionary(bytes: bytes, ends: ends, hasOverflowed: flag.first == 1))
        }
    }
}
