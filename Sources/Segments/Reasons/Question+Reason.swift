import Columnar
import Profiles
import Vocabulary

extension Question {
    /// Events shown of each test.
    public static let seenEventsMaximum = 5
    /// Parts that are told in full; what goes beyond, as where segments name each other many times, is only answered.
    private static let partsMaximum = 2000

    /// Why a condition is true or false of a row, and when that changes by time.
    ///
    /// - Parameters:
    ///   - row: of the view, and alive in it.
    ///   - outlook: how far ahead a change is looked for.
    func reason(_ condition: Condition, row: Row, _ outlook: Outlook) throws(SegmentError) -> ReasonedAnswer {
        var compiler = compiler
        var budget = Question.partsMaximum
        let draft = try ReasonDraft(condition, &compiler, &budget)
        let one = OneProfile(Int(row) % RowSet.capacity, of: view.parts[Int(row) / RowSet.capacity], needs: compiler.needs, records: engine.log)
        let reason = draft.reason(one, one.scope())
        let flip = try nextFlip(reason.changing(isPast: now <= view.newestTime), one, isTrue: reason.isTrue, outlook)
        return ReasonedAnswer(moment: compiler.moment, reason: reason, flipsAt: flip.at.map(Timestamp.init(clamping:)), lookedUntil: Timestamp(clamping: flip.lookedUntil))
    }
}

/// A kind of test that tells what it saw of one profile.
protocol ReasonedTest: PlannedTest {
    func makeLook(_ compiler: inout PlanCompiler) -> any Look
    /// The segment that the test names, whose own condition is the reason.
    var named: String? { get }
    /// As of when, where not of the same moment.
    var namedOn: Timestamp? { get }
    /// Whether time alone cannot change its answer.
    ///
    /// - Parameter isPast: whether some of what is known happened at or after the moment.
    func isTimeless(isPast: Bool) -> Bool
}

extension ReasonedTest {
    var named: String? { nil }
    var namedOn: Timestamp? { nil }
    func isTimeless(isPast: Bool) -> Bool { false }
}

/// A test made ready to look at one profile.
protocol Look: Sendable {
    func seen(_ one: OneProfile, _ scope: PartScope) -> Reason.Seen
}

/// Where there is nothing to look at beside the parts.
struct NoLook: Look {
    func seen(_ one: OneProfile, _ scope: PartScope) -> Reason.Seen { .nothing }
}

/// A condition made ready to be explained: its plans and looks, made before the columns that they need are cut out.
private indirect enum ReasonDraft {
    /// All of the parts, one of them, or none.
    case all(Condition, [ReasonDraft])
    case any(Condition, [ReasonDraft])
    case none(Condition, ReasonDraft)
    case segment(Condition, ReasonDraft)
    case test(Condition, any Plan, any Look)

    /// - Parameter budget: how many parts may still be told in full.
    init(_ condition: Condition, _ compiler: inout PlanCompiler, _ budget: inout Int) throws(SegmentError) {
        budget -= 1
        switch condition {
        case .all(let parts): self = .all(condition, try ReasonDraft.each(parts, &compiler, &budget))
        case .any(let parts): self = .any(condition, try ReasonDraft.each(parts, &compiler, &budget))
        case .not(let part): self = .none(condition, try ReasonDraft(part, &compiler, &budget))
        case .test(let test):
            guard budget > 0, let reasoned = test as? any ReasonedTest else {
                self = .test(condition, try test.plan(&compiler), NoLook())
                return
            }
            guard let name = reasoned.named else {
                self = .test(condition, try test.plan(&compiler), reasoned.makeLook(&compiler))
                return
            }
            // Who has not been in yet is told nothing of that moment.
            if let on = reasoned.namedOn, on.milliseconds >= compiler.clock.now {
                self = .test(condition, try test.plan(&compiler), NoLook())
                return
            }
            let inner = try compiler.enter(name)
            defer { compiler.leave() }
            guard let on = reasoned.namedOn else {
                self = .segment(condition, try ReasonDraft(inner, &compiler, &budget))
                return
            }
            let left = budget
            let (draft, rest) = try compiler.asking(on: on) { compiler throws(SegmentError) in
                var budget = left
                return (try ReasonDraft(inner, &compiler, &budget), budget)
            }
            budget = rest
            self = .segment(condition, draft)
        }
    }

    private static func each(_ conditions: [Condition], _ compiler: inout PlanCompiler, _ budget: inout Int) throws(SegmentError) -> [ReasonDraft] {
        var drafts: [ReasonDraft] = []
        for condition in conditions { drafts.append(try ReasonDraft(condition, &compiler, &budget)) }
        return drafts
    }

    func reason(_ one: OneProfile, _ scope: PartScope) -> Reason {
        switch self {
        case .all(let condition, let drafts):
            let parts = drafts.map { $0.reason(one, scope) }
            return Reason(condition: condition, isTrue: parts.allSatisfy(\.isTrue), seen: .nothing, parts: parts).marked()
        case .any(let condition, let drafts):
            let parts = drafts.map { $0.reason(one, scope) }
            return Reason(condition: condition, isTrue: parts.contains(where: \.isTrue), seen: .nothing, parts: parts).marked()
        case .none(let condition, let draft):
            let part = draft.reason(one, scope)
            return Reason(condition: condition, isTrue: !part.isTrue, seen: .nothing, parts: [part])
        case .segment(let condition, let draft):
            let part = draft.reason(one, scope)
            return Reason(condition: condition, isTrue: part.isTrue, seen: .nothing, parts: [part])
        case .test(let condition, let plan, let look):
            return Reason(condition: condition, isTrue: plan.rows(in: scope, among: one.rows).contains(one.row), seen: look.seen(one, scope), parts: [])
        }
    }
}

extension Reason {
    /// Of several parts, those decide whose answer is the whole's: all that are true of a true `and`, those that are false of a false one.
    fileprivate func marked() -> Reason {
        Reason(condition: condition, isTrue: isTrue, decides: decides, seen: seen, parts: parts.map { part in
            var part = part
            part.decides = part.isTrue == isTrue
            return part
        })
    }
}
