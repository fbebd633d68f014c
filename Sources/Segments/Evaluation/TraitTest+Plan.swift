import Columnar
import Profiles
import Vocabulary

extension TraitTest: PlannedTest {
    func makePlan(_ compiler: inout PlanCompiler) throws(SegmentError) -> any Plan {
        let path = Array(self.path.utf8)
        compiler.reads.traits = true
        let current = compiler.view.catalog.trait(path)
        return TraitPlan(
            column: current?.number, matcher: ValueMatcher(test, current?.dictionary, compiler.clock, present: current.flatMap { compiler.present?.codes($0.number, of: nil) }),
            past: PastTrait(path, test: test, &compiler),
            long: current.flatMap { $0.dictionary.hasOverflowed ? TraitStatements(path, &compiler) : nil })
    }
}

/// Tests the trait columns, and for people whose traits were stated after the moment what had been stated before it.
struct TraitPlan: Plan {
    let column: Int?
    let matcher: ValueMatcher
    let past: PastTrait?
    /// Where values are stated that no column holds; nil where there are none.
    let long: TraitStatements?
    var cost: Int { 1 }

    func rows(in scope: PartScope, among: RowSet) -> RowSet {
        let values = column.flatMap { $0 < scope.part.traits.count ? scope.part.traits[$0] : nil }
        var rows = among
        let words = matcher.words(values, count: RowSet.capacity, among: among.words) { row in
            among.contains(row) && matcher.holds(long?.logged(row, in: scope))
        }
        for index in 0..<RowSet.wordCount { rows.words[index] &= words[index] }
        return past?.corrected(rows, among: among, in: scope) ?? rows
    }
}

/// A trait as it stood at the moment, from the identify calls before it.
struct PastTrait: Sendable {
    private let statements: TraitStatements
    var dictionary: ValueDictionary? { statements.dictionary }
    private let now: Int64
    private let after: TimeBounds
    private let matcher: ValueMatcher

    /// Nil when nobody's traits were stated at or after the moment.
    init?(_ path: [UInt8], test: ValueTest, _ compiler: inout PlanCompiler) {
        guard compiler.clock.now <= compiler.view.newestTime, let statements = TraitStatements(path, &compiler) else { return nil }
        self.statements = statements
        now = compiler.clock.now
        after = TimeBounds(from: now, to: .max)
        matcher = ValueMatcher(test, statements.dictionary, compiler.clock, present: statements.column.flatMap { compiler.present?.codes($0, of: statements.table) })
    }

    func corrected(_ rows: RowSet, among: RowSet, in scope: PartScope) -> RowSet {
        var rows = rows
        eachChanged(among, in: scope) { row, run, events in
            if matcher.holds(statements.value(run, events, before: now), fromLog: { matcher.holds(statements.logged(run, events, before: now, in: scope)) }) { rows.insert(row) } else { rows.remove(row) }
        }
        return rows
    }

    /// Calls `note` with the rows whose value is not the current one, and when it may satisfy the test otherwise: by another statement or by the time.
    func changes(in scope: PartScope, among: RowSet, note: (Int, Int64) -> Void) {
        eachChanged(among, in: scope) { row, run, events in
            if let next = events.first(where: { run.time($0) >= now }) { note(row, run.time(next) + 1) }
            guard matcher.isRelative, case .code(let code) = statements.value(run, events, before: now), Int(code) < matcher.flips.count, matcher.flips[Int(code)] != .max else { return }
            note(row, matcher.flips[Int(code)])
        }
    }

    /// The value of a row whose traits were stated at or after the moment; nil for other rows, of which the current one counts.
    func value(of row: Int, in scope: PartScope) -> Column.Value? {
        var found: Column.Value?
        var rows = RowSet()
        rows.insert(row)
        eachChanged(rows, in: scope) { _, run, events in found = statements.value(run, events, before: now) }
        return found
    }

    private func eachChanged(_ among: RowSet, in scope: PartScope, _ body: (Int, Run, Range<Int>) -> Void) {
        for (run, own) in scope.runs(of: statements.table) {
            let changed = run.rows(of: run.slots(run.slots(of: among.intersection(own)), touching: after))
            changed.forEach { row in if let slot = run.slot(of: row), run.hasEvent(slot, in: after) { body(row, run, run.events(ofSlot: slot)) } }
        }
    }
}

/// Where identify calls state a trait.
struct TraitStatements: Sendable {
    let table: Int
    /// The trait itself, nil when it was never stated there.
    let column: Int?
    let dictionary: ValueDictionary?
    let path: [UInt8]
    /// Whatever the member of the first name was: a later statement of it replaces all of an earlier one.
    private let family: [Int]

    /// Nil when nobody's traits were ever stated.
    init?(_ path: [UInt8], _ compiler: inout PlanCompiler) {
        guard let table = compiler.view.catalog.table(TableName(type: .identify)) else { return nil }
        self.table = table
        self.path = path
        let own = compiler.view.catalog.column(path, of: table)
        (column, dictionary) = (own?.number, own?.dictionary)
        let first = path.prefix { $0 != 0x2e }
        family = compiler.view.catalog.paths(of: table).enumerated().filter { _, other in
            other == path || other.elementsEqual(first) || other.starts(with: first + [0x2e])
        }.map(\.offset)
        for number in family { compiler.needs.add(number, of: table) }
    }

    /// The newest of a person's events before an instant that states it.
    func newest(_ run: Run, _ events: Range<Int>, before time: Int64, where passes: (Int) -> Bool = { _ in true }) -> Int? {
        events.last { index in run.time(index) < time && passes(index) && family.contains { $0 < run.columns.count && run.columns[$0]?.cell(index) ?? .none != .none } }
    }

    func value(_ run: Run, _ index: Int) -> Column.Value { column.flatMap { $0 < run.columns.count ? run.columns[$0]?.cell(index) : nil } ?? .none }

    /// What a person's newest statement before an instant says, read in the log.
    func logged(_ run: Run, _ events: Range<Int>, before time: Int64, in scope: PartScope) -> StoredValue? {
        newest(run, events, before: time).flatMap { scope.records.value(at: run.position($0), path) }
    }

    /// The same of a row.
    func logged(_ row: Int, before time: Int64 = .max, in scope: PartScope) -> StoredValue? {
        for (run, own) in scope.runs(of: table) where own.contains(row) { if let slot = run.slot(of: row) { return logged(run, run.events(ofSlot: slot), before: time, in: scope) } }
        return nil
    }

    fileprivate func value(_ run: Run, _ events: Range<Int>, before time: Int64) -> Column.Value { newest(run, events, before: time).map { value(run, $0) } ?? .none }
}

extension RelationTest: PlannedTest {
    func makePlan(_ compiler: inout PlanCompiler) throws(SegmentError) -> any Plan {
        compiler.reads.traits = true
        return RelationPlan(left: RelationPlan.Side(left, &compiler), right: RelationPlan.Side(right, &compiler), comparison: comparison)
    }
}

/// Compares two trait columns row by row.
struct RelationPlan: Plan {
    struct Side: Sendable {
        let current: (column: Int, dictionary: ValueDictionary)?
        /// Of people whose traits were stated after the moment.
        let past: PastTrait?

        init(_ path: String, _ compiler: inout PlanCompiler) {
            let path = Array(path.utf8)
            current = compiler.view.catalog.trait(path).map { ($0.number, $0.dictionary) }
            past = PastTrait(path, test: .exists, &compiler)
        }

        func value(_ row: Int, _ scope: PartScope) -> StoredValue? {
            if let past, let value = past.value(of: row, in: scope) { return past.dictionary.flatMap { StoredValue(value, $0) } }
            guard let (column, dictionary) = current, column < scope.part.traits.count, let values = scope.part.traits[column] else { return nil }
            return StoredValue(values.cell(row), dictionary)
        }
    }
    let left: Side
    let right: Side
    let comparison: RelationTest.Comparison
    var cost: Int { 20 }

    func rows(in scope: PartScope, among: RowSet) -> RowSet {
        var rows = RowSet()
        among.forEach { row in
            if let a = left.value(row, scope), let b = right.value(row, scope), holds(a, b) { rows.insert(row) }
        }
        return rows
    }



    private func holds(_ a: StoredValue, _ b: StoredValue) -> Bool {
        let order: Int
        switch (a, b) {
        case (.number(let x), .number(let y)): order = x < y ? -1 : x == y ? 0 : 1
        case (.boolean(let x), .boolean(let y)):
            guard comparison == .equals || comparison == .differs else { return false }
            order = x == y ? 0 : 1
        case (.text(let x), .text(let y)):
            if comparison == .equals || comparison == .differs { order = x == y ? 0 : 1 } else if let s = a.instant, let t = b.instant { order = s < t ? -1 : s == t ? 0 : 1 } else { return false }
        default: return false
        }
        return switch comparison {
        case .equals: order == 0
        case .differs: order != 0
        case .less: order < 0
        case .atMost: order <= 0
        case .more: order > 0
        case .atLeast: order >= 0
        }
    }
}

extension StoredValue {
    init?(_ value: Column.Value, _ dictionary: ValueDictionary) {
        switch value {
        case .none, .code(ValueDictionary.overflow): return nil
        case .number(let number, let scale): self = .number(ExactNumber(number, scale: scale))
        case .code(let code):
            guard let (kind, content) = dictionary.value(code), let value = StoredValue(kind: kind, content: content) else { return nil }
            self = value
        }
    }
}
