public import Columnar
import Profiles
import Vocabulary

/// What one table's events say of each row of a part.
public struct EventMeasures: Sendable {
    let pattern: TablePattern?
    let column: Int?
    let bounds: TimeBounds
    let needs: Needs
    let clock: Clockwork
    let records: any RecordSource

    /// One row's measures.
    public struct Measure: Sendable {
        public var count = 0
        /// In units of 10^-`scale`.
        public var sum: Int64 = 0
        public var scale = 0
        /// In milliseconds since 1970.
        public var first = Int64.max
        public var last = Int64.min
    }

    /// Calls `body` with each row among `rows` that has such events.
    ///
    /// - Parameter isTimed: whether the times of the first and last are wanted.
    @inline(__always)
    public func each(_ part: Part, among rows: RowSet, isTimed: Bool = true, _ body: (Int, Measure) -> Void) {
        guard let pattern else { return }
        let scope = PartScope(part, needs: needs, records: records)
        for (run, own) in scope.runs(of: pattern.table) {
            let mask = pattern.mask(run, scope, clock)
            let numbers = column.flatMap { $0 < run.columns.count ? run.columns[$0]?.numbers : nil }
            let scale = numbers?.scale ?? 0
            run.measure(run.slots(of: rows.intersection(own)), in: bounds, where: mask, numbers) { row, count, sum, first, last in
                body(row, Measure(count: count, sum: sum, scale: scale, first: isTimed ? run.time(first) : .max, last: isTimed ? run.time(last) : .min))
            }
        }
    }
}

extension Question {
    /// Makes ready to measure the events of one name.
    ///
    /// - Parameter path: the property to sum up; nil for none.
    public func measures(_ pattern: EventPattern, path: String?, in window: Window) -> EventMeasures {
        var compiler = compiler
        let tables = compiler.patterns(pattern)
        var column: Int?
        if let table = tables.first, let path, let found = compiler.view.catalog.column(Array(path.utf8), of: table.table) {
            column = found.number
            compiler.needs.add(found.number, of: table.table)
        }
        return EventMeasures(pattern: tables.first, column: column, bounds: compiler.bounds(window), needs: compiler.needs, clock: compiler.clock, records: engine.log)
    }

    /// Calls `body` with the runs of everything that people do in a part (track, page and screen calls), each with the rows it answers for.
    public func eachBehaviour(_ part: Part, _ body: (Run, RowSet) -> Void) {
        let scope = PartScope(part, needs: Needs(), records: engine.log)
        for (number, table) in view.catalog.tables.enumerated() where table.isBehaviour {
            for (run, rows) in scope.runs(of: number) { body(run, rows) }
        }
    }

    /// The values of a trait in a part as group numbers: 0 for none, else 1 and up for the texts in `names`.
    public func groups(byTrait path: String) -> TraitGroups { TraitGroups(path, view.catalog) }
}

/// A trait's texts as numbers of groups.
public struct TraitGroups: Sendable {
    private let column: Int?
    /// By code: the text.
    public let names: [String]

    init(_ path: String, _ catalog: ColumnCatalog) {
        guard let (number, dictionary) = catalog.trait(Array(path.utf8)) else {
            column = nil
            names = [""]
            return
        }
        column = number
        var all = [String](repeating: "", count: dictionary.count + 1)
        dictionary.forEach { code, kind, content in
            if Int(code) < all.count, kind == .text || kind == .boolean { all[Int(code)] = unsafe String(decoding: content, as: UTF8.self) }
        }
        names = all
    }

    /// By row of a part; 0 where the trait is missing.
    public func codes(_ part: Part) -> [UInt32] {
        guard let column, column < part.traits.count, let codes = part.traits[column]?.codes else { return [UInt32](repeating: 0, count: RowSet.capacity) }
        let limit = UInt32(names.count)
        return codes.all.map { $0 < limit ? $0 : 0 }
    }
}
