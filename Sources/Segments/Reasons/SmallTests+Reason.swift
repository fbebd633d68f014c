import Columnar
import Profiles
import Vocabulary

extension TraitTest: ReasonedTest {
    func makeLook(_ compiler: inout PlanCompiler) -> any Look { TraitLook([path], &compiler) }
    func isTimeless(isPast: Bool) -> Bool { !isPast && !test.isRelative }
}

extension RelationTest: ReasonedTest {
    func makeLook(_ compiler: inout PlanCompiler) -> any Look { TraitLook([left, right], &compiler) }
    func isTimeless(isPast: Bool) -> Bool { !isPast }
}

extension SegmentTest: ReasonedTest {
    var named: String? { segment }
    var namedOn: Timestamp? { on }
    func isTimeless(isPast: Bool) -> Bool { false }
    func makeLook(_ compiler: inout PlanCompiler) -> any Look { NoLook() }
}

extension ListTest: ReasonedTest {
    func makeLook(_ compiler: inout PlanCompiler) -> any Look { NoLook() }
}

extension BucketTest: ReasonedTest {
    func makeLook(_ compiler: inout PlanCompiler) -> any Look { BucketLook(salt: salt) }
    func isTimeless(isPast: Bool) -> Bool { true }
}

struct BucketLook: Look {
    let salt: String
    func seen(_ one: OneProfile, _ scope: PartScope) -> Reason.Seen { .bucket(BucketTest.bucket(of: String(scope.part.born[one.row]), salt: salt)) }
}

/// The traits of a test as they stand at the moment, and who said so.
struct TraitLook: Look {
    private struct Source: Sendable {
        let path: String
        let current: (number: Int, dictionary: ValueDictionary)?
        let past: PastTrait?
        let statements: TraitStatements?
    }
    private let sources: [Source]
    private let now: Int64

    init(_ paths: [String], _ compiler: inout PlanCompiler) {
        now = compiler.clock.now
        var sources: [Source] = []
        for path in paths {
            let bytes = Array(path.utf8)
            sources.append(Source(
                path: path, current: compiler.view.catalog.trait(bytes), past: PastTrait(bytes, test: .exists, &compiler), statements: TraitStatements(bytes, &compiler)))
        }
        self.sources = sources
    }

    func seen(_ one: OneProfile, _ scope: PartScope) -> Reason.Seen { .traits(sources.map { seen($0, one, scope) }) }

    private func seen(_ source: Source, _ one: OneProfile, _ scope: PartScope) -> SeenTrait {
        func shown(_ value: Column.Value, _ dictionary: ValueDictionary?) -> JSONText? {
            if value == .code(ValueDictionary.overflow) { return source.statements?.logged(one.row, before: now, in: scope).map { OneProfile.cut($0.json) } }
            return dictionary.flatMap { one.json(value, $0) }
        }
        let value: JSONText?
        if let past = source.past?.value(of: one.row, in: scope) {
            value = shown(past, source.statements?.dictionary)
        } else {
            let column = source.current.flatMap { $0.number < scope.part.traits.count ? scope.part.traits[$0.number] : nil }
            value = column.flatMap { shown($0.cell(one.row), source.current?.dictionary) }
        }
        return SeenTrait(path: source.path, value: value, statement: value.flatMap { statement(of: $0, shown, source, one, scope) })
    }

    /// The newest identify call that states the trait, where it says the same; traits also come from calls that columns do not hold.
    private func statement(of value: JSONText, _ shown: (Column.Value, ValueDictionary?) -> JSONText?, _ source: Source, _ one: OneProfile, _ scope: PartScope) -> SeenEvent? {
        guard let statements = source.statements, let dictionary = statements.dictionary else { return nil }
        for (run, _) in scope.runs(of: statements.table) {
            guard let slot = run.slot(of: one.row), let index = statements.newest(run, run.events(ofSlot: slot), before: now),
                shown(statements.value(run, index), dictionary) == value
            else { continue }
            return one.seen(run.position(index), at: run.time(index), paths: [])
        }
        return nil
    }
}

extension ComputedTest: ReasonedTest {
    /// The events of its measure; of a ratio those of the upper one, beside what both come to.
    func makeLook(_ compiler: inout PlanCompiler) -> any Look {
        guard let trait = compiler.computed(self.trait) else { return NoLook() }
        let look = try? compiler.counting(in: trait.zone) { compiler throws(SegmentError) -> (any Look)? in
            guard let first = trait.measurement.parts.first else { return nil }
            let events = first.test(test).makeLook(&compiler)
            return trait.measurement.parts.count == 1 ? events : RatioLook(upper: events, parts: compiler.measurers(of: trait.measurement))
        }
        return look.flatMap(\.self) ?? NoLook()
    }
}

/// One measure divided by another.
struct RatioLook: Look {
    let upper: any Look
    let parts: [SlowEventPlan]

    func seen(_ one: OneProfile, _ scope: PartScope) -> Reason.Seen {
        guard case .events(let seen) = upper.seen(one, scope) else { return .nothing }
        let value = MeasurementPart(parts, scope).value(one.row)
        return .events(SeenEvents(
            value: value.map(\.shown), count: seen.count, unfilteredCount: seen.unfilteredCount, window: seen.window, events: seen.events, before: seen.before))
    }
}
