extension PartTable {
    /// The run's and the tail's events as one run: of all rows that are alive, to replace both, or of a few rows and columns, to be asked beside the run.
    ///
    /// - Parameters:
    ///   - rows: whose events; others are left out.
    ///   - tailCount: how many of the tail's events count, from its beginning.
    ///   - columns: which columns to bring along; nil for all.
    ///   - wide: gives the code of a number that has no room in its column's scale.
    /// - Returns: nil where nothing is left.
    public func merged(rows: RowSet, tailCount: Int, columns wanted: Set<Int>? = nil, wide: (Int, Int64, Int) -> UInt32) -> Run? {
        var plan = MergePlan(run: run, tail: tail, tailCount: tailCount, rows: rows)
        guard !plan.sources.isEmpty else { return nil }
        let places = plan.sources.count
        var seconds = [UInt32](repeating: 0, count: places)
        var thousandths = [UInt16](repeating: 0, count: places)
        var positions = [UInt64](repeating: 0, count: places)
        for (place, source) in plan.sources.enumerated() {
            if source & MergePlan.tailMark == 0, let run {
                seconds[place] = run.seconds[Int(source)]
                thousandths[place] = run.thousandths[Int(source)]
                positions[place] = run.position(Int(source))
            } else {
                let index = Int(source & ~MergePlan.tailMark)
                let time = Run.clamped(tail.times[index])
                seconds[place] = UInt32(time / 1000)
                thousandths[place] = UInt16(time % 1000)
                positions[place] = tail.positions[index]
            }
        }
        let columns = mergedColumns(&plan, wanted: wanted, wide: wide)
        return Run(rows: plan.rows, starts: plan.starts, seconds: seconds, thousandths: thousandths, positions: positions, columns: columns)
    }

    private func mergedColumns(_ plan: inout MergePlan, wanted: Set<Int>?, wide: (Int, Int64, Int) -> UInt32) -> [Column?] {
        // The tail's cells by column, each with the place that its event takes.
        var fresh: [[(place: Int, cell: Cell)]] = []
        for (index, place) in plan.tailPlaces {
            for cell in tail.cells(of: index) {
                let column = Int(cell.column)
                if let wanted, !wanted.contains(column) { continue }
                while fresh.count <= column { fresh.append([]) }
                fresh[column].append((place, cell))
            }
        }
        var columns: [Column?] = []
        for number in 0..<max(fresh.count, run?.columns.count ?? 0) {
            if let wanted, !wanted.contains(number) {
                columns.append(nil)
                continue
            }
            let old = run.flatMap { number < $0.columns.count ? $0.columns[number] : nil }
            let new = number < fresh.count ? fresh[number] : []
            columns.append(PartTable.mergedColumn(old, new, plan) { wide(number, $0, $1) })
        }
        return columns
    }

    private static func mergedColumn(_ old: Column?, _ new: [(place: Int, cell: Cell)], _ plan: MergePlan, wide: (Int64, Int) -> UInt32) -> Column? {
        if old == nil, new.isEmpty { return nil }
        let places = plan.sources.count
        var column = Column()
        var extraCodes: [(place: Int, code: UInt32)] = []
        // Numbers first: those that find no room become codes.
        if old?.numbers != nil || new.contains(where: \.cell.isNumber) {
            var scale = old?.numbers?.scale ?? 0
            for item in new where item.cell.isNumber { scale = max(scale, Int(item.cell.scale)) }
            var values = [Int64](repeating: Numbers.none, count: places)
            if let numbers = old?.numbers {
                let power = scale - numbers.scale
                plan.gather(numbers) { place, value in
                    if power == 0 { values[place] = value } else if let scaled = Numbers.scaled(value, by: power) { values[place] = scaled } else {
                        extraCodes.append((place, wide(value, numbers.scale)))
                    }
                }
            }
            for item in new where item.cell.isNumber {
                if let scaled = Numbers.scaled(item.cell.value, by: scale - Int(item.cell.scale)) { values[item.place] = scaled } else {
                    extraCodes.append((item.place, wide(item.cell.value, Int(item.cell.scale))))
                }
            }
            if values.contains(where: { $0 != Numbers.none }) { column.numbers = Numbers(values, scale: scale) }
        }
        if old?.codes != nil || !extraCodes.isEmpty || new.contains(where: { !$0.cell.isNumber }) {
            var codes = [UInt32](repeating: 0, count: places)
            if let old = old?.codes { plan.gather(old, into: &codes) }
            for item in new where !item.cell.isNumber { codes[item.place] = UInt32(truncatingIfNeeded: item.cell.value) }
            for extra in extraCodes { codes[extra.place] = extra.code }
            if codes.contains(where: { $0 != 0 }) { column.codes = Codes(codes) }
        }
        return column.codes == nil && column.numbers == nil ? nil : column
    }
}

/// In which order the events of a run and a tail stand in the run made of both.
struct MergePlan {
    /// Set in a source that is the tail's.
    static let tailMark: UInt32 = 1 << 31

    /// For each place the index in the run, or with the mark in the tail.
    private(set) var sources: [UInt32] = []
    private(set) var rows = RowSet()
    private(set) var starts: [UInt32] = []
    /// The tail's events that are in, with their places.
    private(set) var tailPlaces: [(index: Int, place: Int)] = []

    init(run: Run?, tail: Tail, tailCount: Int, rows wanted: RowSet) {
        struct Key { let row: UInt16, time: Int64, position: UInt64, index: Int }
        var fresh: [Key] = []
        fresh.reserveCapacity(tailCount)
        for index in 0..<tailCount where wanted.contains(Int(tail.rows[index])) {
            fresh.append(Key(row: tail.rows[index], time: Run.clamped(tail.times[index]), position: tail.positions[index], index: index))
        }
        fresh.sort { a, b in
            if a.row != b.row { return a.row < b.row }
            return a.time != b.time ? a.time < b.time : a.position < b.position
        }
        var all = run?.rows.intersection(wanted) ?? RowSet()
        for key in fresh { all.insert(Int(key.row)) }
        rows = all
        sources.reserveCapacity((run?.count ?? 0) + fresh.count)
        tailPlaces.reserveCapacity(fresh.count)
        var next = 0
        all.forEach { row in
            starts.append(UInt32(sources.count))
            var old = 0..<0
            if let run, let slot = run.slot(of: row) { old = run.events(ofSlot: slot) }
            while next < fresh.count, Int(fresh[next].row) == row {
                let key = fresh[next]
                while !old.isEmpty, let run {
                    let time = run.time(old.lowerBound)
                    if time > key.time || (time == key.time && run.position(old.lowerBound) > key.position) { break }
                    sources.append(UInt32(old.lowerBound))
                    old = old.lowerBound + 1..<old.upperBound
                }
                tailPlaces.append((key.index, sources.count))
                sources.append(UInt32(key.index) | MergePlan.tailMark)
                next += 1
            }
            for index in old { sources.append(UInt32(index)) }
        }
        starts.append(UInt32(sources.count))
    }

    func gather(_ old: Codes, into codes: inout [UInt32]) {
        func copy<T: FixedWidthInteger>(_ a: [T]) {
            for (place, source) in sources.enumerated() where source & MergePlan.tailMark == 0 { codes[place] = UInt32(a[Int(source)]) }
        }
        switch old {
        case .narrow(let a): copy(a)
        case .middle(let a): copy(a)
        case .wide(let a): copy(a)
        }
    }

    /// Calls `body` with each value of the run that there is.
    func gather(_ old: Numbers, _ body: (Int, Int64) -> Void) {
        func each<T: FixedWidthInteger>(_ a: [T]) {
            for (place, source) in sources.enumerated() where source & MergePlan.tailMark == 0 && a[Int(source)] != T.min { body(place, Int64(a[Int(source)])) }
        }
        switch old.storage {
        case .bytes(let a): each(a)
        case .halves(let a): each(a)
        case .words(let a): each(a)
        case .longs(let a): each(a)
        }
    }
}
