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
        // To replace the run each of its arrays is looked at once; beside it, they will be asked for again.
        let times = wanted == nil ? run?.times.once : run?.times.plain
        let positionsBefore = wanted == nil ? run?.positions.once : run?.positions.plain
        var plan = MergePlan(run: run, times, positionsBefore, tail: tail, tailCount: tailCount, rows: rows)
        guard !plan.sources.isEmpty else { return nil }
        let places = plan.sources.count
        var seconds = [UInt32](repeating: 0, count: places)
        var thousandths = [UInt16](repeating: 0, count: places)
        var positions = [UInt64](repeating: 0, count: places)
        if let times, let positionsBefore {
            for (place, source) in plan.sources.enumerated() where source & MergePlan.tailMark == 0 {
                seconds[place] = times.seconds[Int(source)]
                thousandths[place] = times.thousandths[Int(source)]
                positions[place] = positionsBefore[Int(source)]
            }
        }
        for (index, place) in plan.tailPlaces {
            let time = Run.clamped(tail.time(index))
            seconds[place] = UInt32(time / 1000)
            thousandths[place] = UInt16(time % 1000)
            positions[place] = tail.position(index)
        }
        let columns = mergedColumns(&plan, wanted: wanted, wide: wide)
        return Run(rows: plan.rows, starts: plan.starts, seconds: seconds, thousandths: thousandths, positions: positions, columns: columns)
    }

    private func mergedColumns(_ plan: inout MergePlan, wanted: Set<Int>?, wide: (Int, Int64, Int) -> UInt32) -> [Column?] {
        // The tail's cells by column, each with the place that its event takes.
        var fresh: [[(place: Int, cell: Cell)]] = []
        for (index, place) in plan.tailPlaces {
            tail.eachCell(of: index) { cell in
                let column = Int(cell.column)
                if let wanted, !wanted.contains(column) { return }
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
            let held = run.flatMap { number < $0.columns.count ? $0.columns.held[number] : nil }
            let old = wanted == nil ? held?.once : held?.plain
            let new = number < fresh.count ? fresh[number] : []
            columns.append(PartTable.mergedColumn(old, new, plan) { wide(number, $0, $1) })
        }
        return columns
    }

    private static func mergedColumn(_ old: Column?, _ new: [(place: Int, cell: Cell)], _ plan: MergePlan, wide: (Int64, Int) -> UInt32) -> Column? {
        if old == nil, new.isEmpty { return nil }
        var column = Column()
        var codes: [(place: Int, code: UInt32)] = []
        // Numbers first: those that find no room become codes.
        if old?.numbers != nil || new.contains(where: \.cell.isNumber) { column.numbers = mergedNumbers(old?.numbers, new, plan) { codes.append(($0, wide($1, $2))) } }
        for item in new where !item.cell.isNumber { codes.append((item.place, UInt32(truncatingIfNeeded: item.cell.value))) }
        if old?.codes != nil || !codes.isEmpty { column.codes = mergedCodes(old?.codes, codes, plan) }
        return column.codes == nil && column.numbers == nil ? nil : column
    }

    private static func mergedCodes(_ old: Codes?, _ new: [(place: Int, code: UInt32)], _ plan: MergePlan) -> Codes? {
        var width = old?.width ?? 1
        for item in new { width = max(width, Codes.width(of: item.code)) }
        func merged<T: FixedWidthInteger>(_ type: T.Type) -> [T]? {
            var codes = plan.gathered(old, as: T.self)
            for item in new { codes[item.place] = T(truncatingIfNeeded: item.code) }
            return codes.contains { $0 != 0 } ? codes : nil
        }
        switch width {
        case 1: return merged(UInt8.self).map(Codes.narrow)
        case 2: return merged(UInt16.self).map(Codes.middle)
        default: return merged(UInt32.self).map(Codes.wide)
        }
    }

    /// - Parameter misfit: takes the place, value and scale of each number that the common scale has no room for.
    private static func mergedNumbers(_ old: Numbers?, _ new: [(place: Int, cell: Cell)], _ plan: MergePlan, misfit: (Int, Int64, Int) -> Void) -> Numbers? {
        var scale = old?.scale ?? 0
        for item in new where item.cell.isNumber { scale = max(scale, Int(item.cell.scale)) }
        var values: [(place: Int, value: Int64)] = []
        for item in new where item.cell.isNumber {
            if let scaled = Numbers.scaled(item.cell.value, by: scale - Int(item.cell.scale)) { values.append((item.place, scaled)) } else {
                misfit(item.place, item.cell.value, Int(item.cell.scale))
            }
        }
        if let old, old.scale != scale {
            var all = [Int64](repeating: Numbers.none, count: plan.sources.count)
            for (place, value) in plan.gathered(old, as: Int64.self).enumerated() where value != Numbers.none {
                if let scaled = Numbers.scaled(value, by: scale - old.scale) { all[place] = scaled } else { misfit(place, value, old.scale) }
            }
            for item in values { all[item.place] = item.value }
            return all.contains { $0 != Numbers.none } ? Numbers(all, scale: scale) : nil
        }
        var width = old?.width ?? 1
        for item in values { width = max(width, Numbers.width(of: item.value)) }
        func merged<T: FixedWidthInteger>(_ type: T.Type) -> [T]? {
            var all = plan.gathered(old, as: T.self)
            for item in values { all[item.place] = T(truncatingIfNeeded: item.value) }
            return all.contains { $0 != T.min } ? all : nil
        }
        switch width {
        case 1: return merged(Int8.self).map { Numbers(storage: .bytes($0), scale: scale) }
        case 2: return merged(Int16.self).map { Numbers(storage: .halves($0), scale: scale) }
        case 4: return merged(Int32.self).map { Numbers(storage: .words($0), scale: scale) }
        default: return merged(Int64.self).map { Numbers(storage: .longs($0), scale: scale) }
        }
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

    /// - Parameter times, positions: the run's.
    init(run: Run?, _ times: EventTimes?, _ positions: EventPositions?, tail: Tail, tailCount: Int, rows wanted: RowSet) {
        struct Key { let row: UInt16, time: Int64, position: UInt64, index: Int }
        var fresh: [Key] = []
        fresh.reserveCapacity(tailCount)
        for index in 0..<tailCount where wanted.contains(tail.row(index)) {
            fresh.append(Key(row: UInt16(truncatingIfNeeded: tail.row(index)), time: Run.clamped(tail.time(index)), position: tail.position(index), index: index))
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
                while !old.isEmpty, let times, let positions {
                    let time = times[old.lowerBound]
                    if time > key.time || (time == key.time && positions[old.lowerBound] > key.position) { break }
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

    /// The run's codes at their new places, 0 elsewhere; `T` has room for them.
    func gathered<T: FixedWidthInteger>(_ old: Codes?, as type: T.Type) -> [T] {
        switch old {
        case nil: [T](repeating: 0, count: sources.count)
        case .narrow(let a): gathered(a) { $0.map(T.init(truncatingIfNeeded:)) ?? 0 }
        case .middle(let a): gathered(a) { $0.map(T.init(truncatingIfNeeded:)) ?? 0 }
        case .wide(let a): gathered(a) { $0.map(T.init(truncatingIfNeeded:)) ?? 0 }
        }
    }

    /// The run's numbers at their new places, the mark of no value elsewhere; `T` has room for them.
    func gathered<T: FixedWidthInteger>(_ old: Numbers?, as type: T.Type) -> [T] {
        func widened<S: FixedWidthInteger>(_ value: S?) -> T { value == nil || value == S.min ? T.min : T(truncatingIfNeeded: value ?? 0) }
        switch old?.storage {
        case nil: return [T](repeating: T.min, count: sources.count)
        case .bytes(let a): return gathered(a, widened)
        case .halves(let a): return gathered(a, widened)
        case .words(let a): return gathered(a, widened)
        case .longs(let a): return gathered(a, widened)
        }
    }

    @inline(__always)
    private func gathered<S, T>(_ old: [S], _ convert: (S?) -> T) -> [T] {
        unsafe [T](unsafeUninitializedCapacity: sources.count) { out, count in
            for (place, source) in sources.enumerated() {
                let value = source & MergePlan.tailMark == 0 ? old[Int(source)] : nil
                unsafe (out.baseAddress! + place).initialize(to: convert(value))
            }
            count = sources.count
        }
    }
}
