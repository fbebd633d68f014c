import Columnar
import Profiles

/// A few rows of many parts as one part of their own, so that a segment asks all of them in one go.
struct Gathering {
    let part: Part
    /// By row of the part: where it comes from.
    let origins: [Origin]
    /// The same rows by part.
    private let gathered: [Int: RowSet]

    struct Origin: Sendable { let part: Int, row: Int }

    /// Which of the events to bring along.
    struct Limit {
        /// An event of a run, so that what limits it may look at its columns.
        let keeps: (_ origin: Origin, _ table: Int, _ run: Run, _ event: Int) -> Bool
        init(_ keeps: @escaping (Origin, Int, Run, Int) -> Bool) { self.keeps = keeps }
    }

    /// - Parameters:
    ///   - rows: by part, who is to be asked; all of them somebody, and at most ``RowSet/capacity`` together.
    ///   - tables: whose events to bring along.
    ///   - needs: which columns of theirs.
    ///   - limit: which of the events; nil for all.
    /// - Returns: nil where two parts hold numbers of a trait that find no room beside each other.
    init?(_ rows: [Int: RowSet], of parts: [Part], tables: Set<Int>, needs: Needs, limit: Limit? = nil) {
        var origins: [Origin] = []
        var part = Part()
        for number in rows.keys.sorted() {
            rows[number]?.forEach { row in
                origins.append(Origin(part: number, row: row))
                part.born.append(parts[number].born[row])
            }
        }
        part.alive = RowSet(first: origins.count)
        self.origins = origins
        gathered = rows
        guard Gathering.addTraits(&part, origins, parts) else { return nil }
        for table in tables.sorted() { Gathering.addEvents(of: table, columns: needs.columns[table] ?? [], &part, origins, rows, parts, limit) }
        self.part = part
    }

    private static func addTraits(_ part: inout Part, _ origins: [Origin], _ parts: [Part]) -> Bool {
        var fits = true
        for (place, origin) in origins.enumerated() {
            for (number, column) in parts[origin.part].traits.enumerated() {
                guard let value = column?.cell(origin.row), value != .none else { continue }
                part.setTrait(number, of: place, to: value) { _, _ in
                    fits = false
                    return 0
                }
            }
        }
        return fits
    }

    private static func addEvents(of table: Int, columns: Set<Int>, _ part: inout Part, _ origins: [Origin], _ rows: [Int: RowSet], _ parts: [Part], _ limit: Limit?) {
        var cells: [Cell] = []
        func add(_ place: Int, _ time: Int64, _ position: UInt64) {
            unsafe cells.withUnsafeBufferPointer { _ = unsafe part.append(row: place, time: time, position: position, cells: $0, to: table) }
            cells.removeAll(keepingCapacity: true)
        }
        var first = 0
        for number in rows.keys.sorted() {
            let end = origins[first...].firstIndex { $0.part != number } ?? origins.count
            defer { first = end }
            guard table < parts[number].tables.count, var state = parts[number].tables[table] else { continue }
            if limit != nil, state.tail.count > 0, let wanted = rows[number] {
                // What limits events looks at runs alone.
                state.run = state.merged(rows: wanted, tailCount: state.tail.count, columns: columns) { _, _, _ in ValueDictionary.overflow }
                state.tail = Tail()
            }
            if let run = state.run {
                let values = columns.sorted().compactMap { column in column < run.columns.count ? run.columns[column].map { (UInt16(column), $0) } : nil }
                let (times, positions) = (run.times.plain, run.positions.plain)
                for place in first..<end {
                    guard let slot = run.slot(of: origins[place].row) else { continue }
                    for index in run.events(ofSlot: slot) where limit?.keeps(origins[place], table, run, index) ?? true {
                        for (column, values) in values {
                            switch values.cell(index) {
                            case .none: continue
                            case .code(let code): cells.append(Cell(code: code, column: column))
                            case .number(let value, let scale): cells.append(Cell(number: value, scale: UInt8(scale), column: column))
                            }
                        }
                        add(place, times[index], positions[index])
                    }
                }
            }
            guard state.tail.count > 0, let wanted = rows[number] else { continue }
            let places = Dictionary(uniqueKeysWithValues: (first..<end).map { (origins[$0].row, $0) })
            for index in 0..<state.tail.count where wanted.contains(state.tail.row(index)) {
                guard let place = places[state.tail.row(index)] else { continue }
                state.tail.eachCell(of: index) { if columns.contains(Int($0.column)) { cells.append($0) } }
                add(place, state.tail.time(index), state.tail.position(index))
            }
        }
    }

    /// These rows of the parts as rows of this one.
    func rows(_ rows: [Int: RowSet]) -> RowSet {
        var mine = RowSet()
        var number = -1
        var set: RowSet?
        for (place, origin) in origins.enumerated() {
            if origin.part != number { (number, set) = (origin.part, rows[origin.part]) }
            if set?.contains(origin.row) ?? false { mine.insert(place) }
        }
        return mine
    }

    /// Calls `body` with those of the rows that were not gathered.
    func eachAbsent(of rows: [Int: RowSet], _ body: (Row) -> Void) {
        for (part, set) in rows {
            let here = gathered[part]
            for index in 0..<RowSet.wordCount {
                var word = set.words[index] & ~(here?.words[index] ?? 0)
                while word != 0 {
                    body(Row(part * RowSet.capacity + (index << 6 | word.trailingZeroBitCount)))
                    word &= word - 1
                }
            }
        }
    }
}
