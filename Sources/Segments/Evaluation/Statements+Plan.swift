import Columnar
import Profiles
import Vocabulary

extension StatementTest: PlannedTest {
    func makePlan(_ compiler: inout PlanCompiler) throws(SegmentError) -> any Plan {
        compiler.reads.traits = true
        guard let statements = TraitStatements(Array(path.utf8), &compiler) else { return ConstantPlan(value: test.holds(nil, compiler.clock)) }
        compiler.reads.tables.insert(statements.table)
        return StatementPlan(statements: statements, fact: fact, test: test, clock: compiler.clock, source: compiler.source)
    }
}

/// Looks for the identify calls that state a trait, newest first.
struct StatementPlan: Plan {
    let statements: TraitStatements
    let fact: StatementTest.Fact
    let test: ValueTest
    let clock: Clockwork
    /// A source's name by its number.
    let source: @Sendable (SourceNumber) -> String?
    /// Sources are read in the log.
    var cost: Int { fact == .source ? 5000 : 100 }

    func rows(in scope: PartScope, among: RowSet) -> RowSet {
        var rows = test.holds(nil, clock) ? among : RowSet()
        eachRow(scope, among) { row, run, events in
            if test.holds(value(run, events, scope), clock) { rows.insert(row) } else { rows.remove(row) }
        }
        return rows
    }

    private func eachRow(_ scope: PartScope, _ among: RowSet, _ body: (Int, Run, Range<Int>) -> Void) {
        for (run, own) in scope.runs(of: statements.table) {
            run.rows.intersection(own).intersection(among).forEach { row in if let slot = run.slot(of: row) { body(row, run, run.events(ofSlot: slot)) } }
        }
    }

    private func value(_ run: Run, _ events: Range<Int>, _ scope: PartScope) -> StoredValue? {
        guard let newest = statements.newest(run, events, before: clock.now), hasValue(run, newest, scope) else { return nil }
        switch fact {
        case .set: return StoredValue(time: run.time(newest))
        case .changed:
            var first = newest
            while let before = statements.newest(run, events.lowerBound..<first, before: clock.now), isSame(run, before, newest, scope) { first = before }
            return StoredValue(time: run.time(first))
        case .source:
            guard let number = scope.records.event(at: run.position(newest))?.source else { return nil }
            return .array((["src_\(number)"] + (source(number).map { [$0] } ?? [])).map { .text(Array($0.utf8)) })
        }
    }

    private func hasValue(_ run: Run, _ index: Int, _ scope: PartScope) -> Bool {
        let value = statements.value(run, index)
        if value == .code(ValueDictionary.overflow) { return logged(run, index, scope) != nil }
        return statements.dictionary.flatMap { StoredValue(value, $0) } != nil
    }

    /// Lists of objects, long values and objects are compared as they were sent.
    private func isSame(_ run: Run, _ a: Int, _ b: Int, _ scope: PartScope) -> Bool {
        let (x, y) = (statements.value(run, a), statements.value(run, b))
        guard x == y else { return false }
        if case .code(let code) = x, code == ValueDictionary.overflow || statements.dictionary?.value(code)?.kind == .object { return logged(run, a, scope) == logged(run, b, scope) }
        return true
    }

    private func logged(_ run: Run, _ index: Int, _ scope: PartScope) -> [UInt8]? {
        scope.records.json(at: run.position(index), statements.path).flatMap { $0.isNull ? nil : $0.bytes }
    }
}

extension StatementPlan: TimedPlan {
    func changes(in scope: PartScope, among: RowSet, note: (Int, Int64) -> Void) {
        eachRow(scope, among) { row, run, events in
            if let next = events.first(where: { run.time($0) >= clock.now }) { note(row, run.time(next) + 1) }
            if test.period != nil, let time = value(run, events, scope)?.instant { note(row, test.flip(of: time.milliseconds, clock)) }
        }
    }

    var recheck: Int64? { test.isCalendar ? clock.rules.nextStart(of: .day, after: clock.now) : nil }
}

extension SeenTest: PlannedTest {
    func makePlan(_ compiler: inout PlanCompiler) throws(SegmentError) -> any Plan { plan(&compiler) }

    /// Of every table there is, those of identify calls and their like included, but for what Martlet writes of its own messages.
    func plan(_ compiler: inout PlanCompiler) -> SlowEventPlan {
        let tables = compiler.view.catalog.tables
        let patterns = tables.indices.filter { !tables[$0].isReceipt }.map { TablePattern(table: $0, filter: nil, filterNumber: compiler.nextFilterNumber()) }
        compiler.reads.tables.formUnion(patterns.map(\.table))
        let test = EventTest(pattern: EventPattern([.any]), window: .ever, measure: which == .first ? .firstTime : .lastTime, test: self.test)
        return test.slowPlan(patterns, compiler.bounds(.ever), &compiler)
    }
}

extension StatementTest: ReasonedTest {
    func makeLook(_ compiler: inout PlanCompiler) -> any Look { TraitLook([path], &compiler) }
    func isTimeless(isPast: Bool) -> Bool { !isPast && !test.isRelative }
}

extension SeenTest: ReasonedTest {
    func makeLook(_ compiler: inout PlanCompiler) -> any Look {
        EventLook(slow: plan(&compiler), window: Window.ever.resolved(at: compiler.moment, using: compiler.clock.rules), unfiltered: nil, paths: [])
    }
}
