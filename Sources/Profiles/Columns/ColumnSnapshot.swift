import Columnar
import EventLog
import Vocabulary

/// How parts stand in snapshot files: arrays one behind the other, each preceded by what tells its width.
struct PartFile {
    static let layout: UInt32 = 1

    static func write(_ part: Part, to path: String, position: UInt64) throws {
        var snapshot = try SnapshotWriter(path: path, layout: layout, position: position)
        try snapshot.put(part.alive.words)
        try snapshot.put(part.born)
        try snapshot.put([UInt32(part.traits.count), UInt32(part.tables.count)])
        for trait in part.traits { try put(trait, &snapshot) }
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
        for _ in 0..<counts[0] { part.traits.append(column(&snapshot)) }
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
        try snapshot.put(run.seconds)
        try snapshot.put(run.thousandths)
        try snapshot.put((0..<run.count).map(run.position))
        try snapshot.put([UInt32(run.columns.count)])
        for column in run.columns { try put(column, &snapshot) }
    }

    private static func run(_ snapshot: inout SnapshotReader) -> Run? {
        var rows = RowSet()
        rows.words = snapshot.get(UInt64.self)
        let starts = snapshot.get(UInt32.self)
        let seconds = snapshot.get(UInt32.self)
        let thousandths = snapshot.get(UInt16.self)
        let positions = snapshot.get(UInt64.self)
        guard let count = snapshot.get(UInt32.self).first, rows.words.count == RowSet.wordCount else { return nil }
        var columns: [Column?] = []
        for _ in 0..<count { columns.append(column(&snapshot)) }
        return Run(rows: rows, starts: starts, seconds: seconds, thousandths: thousandths, positions: positions, columns: columns)
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

    /// Three numbers (width of the codes in bytes, width of the numbers, scale), then the arrays that there are.
    private static func put(_ column: Column?, _ snapshot: inout SnapshotWriter) throws {
        var head: [UInt8] = [0, 0, UInt8(column?.numbers?.scale ?? 0)]
        switch column?.codes {
        case .narrow: head[0] = 1
        case .middle: head[0] = 2
        case .wide: head[0] = 4
        case nil: break
        }
        switch column?.numbers?.storage {
        case .bytes: head[1] = 1
        case .halves: head[1] = 2
        case .words: head[1] = 4
        case .longs: head[1] = 8
        case nil: break
        }
        try snapshot.put(head)
        switch column?.codes {
        case .narrow(let a): try snapshot.put(a)
        case .middle(let a): try snapshot.put(a)
        case .wide(let a): try snapshot.put(a)
        case nil: break
        }
        switch column?.numbers?.storage {
        case .bytes(let a): try snapshot.put(a)
        case .halves(let a): try snapshot.put(a)
        case .words(let a): try snapshot.put(a)
        case .longs(let a): try snapshot.put(a)
        case nil: break
        }
    }

    private static func column(_ snapshot: inout SnapshotReader) -> Column? {
        let head = snapshot.get(UInt8.self)
        guard head.count == 3 else { return nil }
        let codes: Codes? = switch head[0] {
        case 1: .narrow(snapshot.get(UInt8.self))
        case 2: .middle(snapshot.get(UInt16.self))
        case 4: .wide(snapshot.get(UInt32.self))
        default: nil
        }
        let storage: Numbers.Storage? = switch head[1] {
        case 1: .bytes(snapshot.get(Int8.self))
        case 2: .halves(snapshot.get(Int16.self))
        case 4: .words(snapshot.get(Int32.self))
        case 8: .longs(snapshot.get(Int64.self))
        default: nil
        }
        guard codes != nil || storage != nil else { return nil }
        return Column(codes: codes, numbers: storage.map { Numbers(storage: $0, scale: Int(head[2])) })
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
