import Columnar
import Identity
import Profiles
import Vocabulary

/// A pattern of memberships made ready for one state: which accounts and roles are meant.
struct ContextPlan: Sendable {
    let contexts: ContextView
    /// Nil where every account is meant.
    let accounts: Set<Node>?
    /// Numbers of the sets of roles; nil where any is meant, and none.
    let roles: Set<UInt32>?

    init(_ pattern: MembershipPattern, _ compiler: inout PlanCompiler) {
        contexts = compiler.view.contexts
        let directory = contexts.accounts
        compiler.reads.memberships = true
        // Whoever says something of an account may change the answer about all of its members.
        if pattern.filter != nil || pattern.isTree || pattern.type != nil { compiler.reads.isOfEveryone = true }
        let clock = compiler.clock
        let entities = pattern.type.map { directory?.entities(of: $0, pattern.accounts) ?? [] }
        let named = entities ?? (pattern.accounts.isEmpty ? nil : directory?.find(pattern.accounts, andBelow: pattern.isTree) ?? [])
        if let filter = pattern.filter {
            accounts = directory?.all(among: named) { traits in StoredValue(json: traits).map { ElementTest.passes($0, filter, clock) } ?? false } ?? []
        } else {
            accounts = named
        }
        roles = pattern.roles.isEmpty ? nil : directory?.roleNumbers(having: pattern.roles) ?? []
    }

    func matches(_ span: MembershipSpan) -> Bool { (accounts?.contains(span.account) ?? !span.isEntity) && (roles?.contains(span.roles) ?? true) }

    /// Whether a person with these memberships acted at an instant in a context that is meant.
    ///
    /// - Parameter named: the account that the event names itself; nil where it names none.
    func holds(_ spans: [MembershipSpan], at time: Int64, named: NamedContext) -> Bool {
        switch named {
        case .unknown: false
        case .account(let account):
            (accounts?.contains(account) ?? true) && (roles == nil || spans.contains { $0.account == account && $0.holds(at: time) && matches($0) })
        case .none: spans.context(at: time).map { account in spans.contains { $0.account == account && $0.holds(at: time) && matches($0) } } ?? false
        }
    }

    enum NamedContext {
        case none
        case account(Node)
        /// One that nobody has spoken of.
        case unknown
    }
}

/// What tells an event's context in one table.
struct EventContext: Sendable {
    let plan: ContextPlan
    /// The column of `context.groupId`; nil where no event of the table names an account.
    let column: Int?
    /// By code of that column.
    let named: [UInt32: Node]

    init(_ plan: ContextPlan, of table: Int, _ compiler: inout PlanCompiler) {
        self.plan = plan
        let found = compiler.view.catalog.column(EventContext.path, of: table)
        if let found { compiler.needs.add(found.number, of: table) }
        column = found?.number
        named = found.flatMap { plan.contexts.accounts?.accounts(in: $0.dictionary) } ?? [:]
    }
    private static let path = Array("context.groupId".utf8)

    /// Which events of a run were done in the context.
    func mask(_ run: Run, _ scope: PartScope) -> EventMask {
        var mask = EventMask(count: run.count)
        let column = column.flatMap { $0 < run.columns.count ? run.columns[$0] : nil }
        let times = run.times.plain
        guard column != nil || scope.hasMembers(plan.contexts) else { return mask }
        run.rows.forEach { row in each(of: row, run, times, column, scope) { mask.words[$0 >> 6] |= 1 << UInt64($0 & 63) } }
        return mask
    }

    /// The account as whose member an event was done; nil for none, and for one that nobody has spoken of.
    func account(of event: Int, in run: Run, spans: [MembershipSpan]) -> Node? {
        switch context(column.flatMap { $0 < run.columns.count ? run.columns[$0] : nil }?.cell(event) ?? .none) {
        case .none: spans.context(at: run.time(event))
        case .account(let account): account
        case .unknown: nil
        }
    }

    /// Calls `body` with each event of a row that was done in the context, oldest first.
    func eachEvent(of row: Int, _ run: Run, _ scope: PartScope, _ body: (Int) -> Void) {
        each(of: row, run, run.times.plain, column.flatMap { $0 < run.columns.count ? run.columns[$0] : nil }, scope, body)
    }

    @inline(__always)
    private func each(of row: Int, _ run: Run, _ times: EventTimes, _ column: Column?, _ scope: PartScope, _ body: (Int) -> Void) {
        guard let slot = run.slot(of: row) else { return }
        let spans = scope.spans(of: row, plan.contexts)
        guard column != nil || !spans.isEmpty else { return }
        for index in run.events(ofSlot: slot) where plan.holds(spans, at: times[index], named: context(column?.cell(index) ?? .none)) { body(index) }
    }

    private func context(_ value: Column.Value) -> ContextPlan.NamedContext {
        switch value {
        case .none: .none
        case .code(let code): named[code].map { .account($0) } ?? .unknown
        case .number: .unknown
        }
    }
}

extension PartScope {
    func spans(of row: Int, _ contexts: ContextView) -> [MembershipSpan] {
        let origin = origin(of: row)
        return contexts.spans(part: origin.part, row: origin.row)
    }

    func hasMembers(_ contexts: ContextView) -> Bool { isGathered || contexts.hasMembers(part: part.number) }
}

extension MembershipTest: PlannedTest {
    func makePlan(_ compiler: inout PlanCompiler) throws(SegmentError) -> any Plan { MembershipPlan(context: ContextPlan(pattern, &compiler), isEver: isEver, now: compiler.clock.now) }
}

/// Who belongs to an account at the moment, or belonged to one before it.
struct MembershipPlan: Plan {
    let context: ContextPlan
    let isEver: Bool
    let now: Int64
    var cost: Int { 5 }

    func rows(in scope: PartScope, among: RowSet) -> RowSet {
        var rows = RowSet()
        guard scope.hasMembers(context.contexts) else { return rows }
        among.forEach { row in if scope.spans(of: row, context.contexts).contains(where: holds) { rows.insert(row) } }
        return rows
    }

    /// What happened at the moment has not happened yet.
    private func holds(_ span: MembershipSpan) -> Bool { context.matches(span) && span.from < now && (isEver || span.to >= now) }
}

extension MembershipPlan: TimedPlan {
    func changes(in scope: PartScope, among: RowSet, note: (Int, Int64) -> Void) {
        guard scope.hasMembers(context.contexts) else { return }
        among.forEach { row in
            for span in scope.spans(of: row, context.contexts) where context.matches(span) {
                for time in [span.from, span.to] where time >= now && time < .max { note(row, time + 1) }
            }
        }
    }

    var recheck: Int64? { nil }
}

extension MembershipTest: ReasonedTest {
    func makeLook(_ compiler: inout PlanCompiler) -> any Look { NoLook() }
    func isTimeless(isPast: Bool) -> Bool { !isPast }
}

extension ContextTraitTest: PlannedTest {
    func makePlan(_ compiler: inout PlanCompiler) throws(SegmentError) -> any Plan { try slowPlan(&compiler) }

    /// The newest identify call in the context that says something of the trait; one that takes it back is none.
    private func slowPlan(_ compiler: inout PlanCompiler) throws(SegmentError) -> any Plan {
        compiler.reads.traits = true
        let context = ContextPlan(pattern, &compiler)
        guard let statements = TraitStatements(Array(path.utf8), &compiler) else { return ConstantPlan(value: test.holds(nil, compiler.clock)) }
        compiler.reads.tables.insert(statements.table)
        return ContextTraitPlan(statements: statements, context: EventContext(context, of: statements.table, &compiler), test: test, clock: compiler.clock)
    }
}

struct ContextTraitPlan: Plan {
    let statements: TraitStatements
    let context: EventContext
    let test: ValueTest
    let clock: Clockwork
    var cost: Int { 200 }

    func rows(in scope: PartScope, among: RowSet) -> RowSet {
        var rows = test.holds(nil, clock) ? among : RowSet()
        for (run, own) in scope.runs(of: statements.table) {
            let mask = context.mask(run, scope)
            run.rows.intersection(own).intersection(among).forEach { row in
                guard let slot = run.slot(of: row) else { return }
                if test.holds(value(run, run.events(ofSlot: slot), mask, scope), clock) { rows.insert(row) } else { rows.remove(row) }
            }
        }
        return rows
    }

    private func value(_ run: Run, _ events: Range<Int>, _ mask: EventMask, _ scope: PartScope) -> StoredValue? {
        guard let newest = statements.newest(run, events, before: clock.now, where: mask.contains) else { return nil }
        let value = statements.value(run, newest)
        if value == .code(ValueDictionary.overflow) { return scope.records.value(at: run.position(newest), statements.path) }
        return statements.dictionary.flatMap { StoredValue(value, $0) }
    }
}

extension ContextTraitPlan: TimedPlan {
    func changes(in scope: PartScope, among: RowSet, note: (Int, Int64) -> Void) {
        for (run, own) in scope.runs(of: statements.table) {
            let mask = context.mask(run, scope)
            run.rows.intersection(own).intersection(among).forEach { row in
                guard let slot = run.slot(of: row) else { return }
                let events = run.events(ofSlot: slot)
                if let next = events.first(where: { run.time($0) >= clock.now }) { note(row, run.time(next) + 1) }
                if test.period != nil, let time = value(run, events, mask, scope)?.instant { note(row, test.flip(of: time.milliseconds, clock)) }
            }
        }
    }

    var recheck: Int64? { test.isCalendar ? clock.rules.nextStart(of: .day, after: clock.now) : nil }
}

extension ContextTraitTest: ReasonedTest {
    func makeLook(_ compiler: inout PlanCompiler) -> any Look { TraitLook([path], &compiler) }
    func isTimeless(isPast: Bool) -> Bool { !isPast && !test.isRelative }
}
