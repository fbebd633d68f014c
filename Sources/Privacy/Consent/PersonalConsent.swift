import Vocabulary

/// Everything that one person said, by the identifier under which it stands, and what it comes to. Pure: who knew whom when is asked of `together`.
///
/// A withdrawal by API, file or page stands under everything that the person was known by then. Anything else, and whatever an event says, stands under what it names, and is looked at from the person's other
/// identifiers here: a later yes counts wherever it was said, and another pause takes the place of one, if both were one person's by then. A yes of before two people became one lifts no objection of the other, and
/// none that was said while two were taken for one by mistake does once they have parted.
struct PersonalConsent {
    /// Which identifiers were one person's with this one once the event at a position was in.
    typealias Together = @Sendable (Identifier, LogPosition) -> Set<Identifier>

    let identifiers: [Identifier]
    /// One list for each identifier.
    var said: [[ConsentStatement]]
    /// Under the address that a message goes to, where it is none of the identifiers: of two people with one mailbox, only one is known by it.
    var ofAddress: [ConsentStatement] = []

    func decide(_ scope: ConsentScope, now: Timestamp, ignoringPauses: Bool = false, together: Together) -> ConsentDecision {
        func decide(_ statements: [ConsentStatement]) -> ConsentDecision { ConsentDecision.decide(scope, statements, now: now, ignoringPauses: ignoringPauses) }
        var best: ConsentDecision?
        // A no stands in front of every pause, whichever of their identifiers either stands under.
        var pause: ConsentDecision?
        var answers: LaterAnswers?
        for (index, statements) in said.enumerated() where !statements.isEmpty {
            var decision = decide(statements)
            if decision.isObjection {
                if answers == nil { answers = LaterAnswers(said, on: scope) }
                // A pause that was ended stays so though another objection came in between.
                let first = statements.lazy.filter { $0.state != .granted && $0.scope.covers(scope) }.map(\.at).min() ?? .latest
                let later = answers?.found(laterThan: first, spokenBeside: index, identifiers, together) ?? []
                if !later.isEmpty { decision = decide(statements + later) }
                if decision.isObjection {
                    let objection = ConsentDecision(decision.reason, decision.statement.map(whole))
                    guard decision.reason == .paused else { return objection }
                    if pause == nil { pause = objection }
                    continue
                }
            }
            if best == nil || decision.reason == .granted { best = decision }
        }
        // What was said by an address concerns it, whoever has it; a yes of theirs is nobody else's.
        if !ofAddress.isEmpty, case let objection = decide(ofAddress), objection.isObjection {
            let own = said.joined().filter { $0.state != .withdrawn && $0.at > (objection.statement?.at ?? .latest) }
            let answer = own.isEmpty ? objection : decide(ofAddress + own)
            if answer.reason == .withdrawn { return objection }
            if pause == nil, answer.isObjection { pause = answer }
        }
        if let pause { return pause }
        var answer = best ?? ConsentDecision(scope.purpose.isGrantedByPolicy ? .policy : .unknown)
        if answer.isPermitted { answer.frequency = ConsentDecision.frequency(scope, said.joined()) }
        return answer
    }

    /// The same as seen from one account of several that are one: what was said otherwise than no about another of them counts where they were one by then.
    func about(_ context: ConsentContext, of all: [ConsentContext], _ together: Together) -> PersonalConsent {
        var seen = self
        seen.said = said.map { $0.map { $0.seen(from: context, of: all, together) } }
        return seen
    }

    /// With how we know it, where that stands under another identifier.
    private func whole(_ statement: ConsentStatement) -> ConsentStatement {
        statement == statement.bare ? said.joined().first { $0 != statement && $0.bare == statement } ?? statement : statement
    }
}

/// The yeses and pauses under a person's identifiers that may end an objection under another of them.
///
/// A person may have very many identifiers, object under each of them, and say yes very often: the graph is asked once of each yes, from the side on which it stands, since being one person goes both ways.
private struct LaterAnswers {
    private struct Kind: Hashable { let scope: ConsentScope, state: ConsentStatement.State }
    private struct Asked: Hashable { let speaker: Int, position: LogPosition }

    /// Of those who said any: the index of the identifier, and what it said, newest first.
    private let spoken: [(speaker: Int, statements: [ConsentStatement])]
    private var known: [Asked: Set<Identifier>] = [:]

    init(_ said: [[ConsentStatement]], on scope: ConsentScope) {
        spoken = said.enumerated().compactMap { speaker, statements in
            let answers = statements.filter { $0.state != .withdrawn && $0.moment != nil && $0.scope.covers(scope) }
            return answers.isEmpty ? nil : (speaker, answers.sorted { $0.at > $1.at })
        }
    }

    /// Of each speaker, scope and state the newest that counts: it stands before all older ones.
    mutating func found(laterThan at: Timestamp, spokenBeside index: Int, _ identifiers: [Identifier], _ together: PersonalConsent.Together) -> [ConsentStatement] {
        var found: [ConsentStatement] = []
        for (speaker, statements) in spoken where speaker != index {
            var kinds: Set<Kind> = []
            for statement in statements {
                guard statement.at > at else { break }
                guard let position = statement.moment, !kinds.contains(Kind(scope: statement.scope, state: statement.state)) else { continue }
                let asked = Asked(speaker: speaker, position: position)
                if known[asked] == nil { known[asked] = together(identifiers[speaker], position) }
                guard known[asked]?.contains(identifiers[index]) == true else { continue }
                kinds.insert(Kind(scope: statement.scope, state: statement.state))
                found.append(statement)
            }
        }
        return found
    }
}

extension ConsentStatement {
    fileprivate func seen(from context: ConsentContext, of all: [ConsentContext], _ together: PersonalConsent.Together) -> ConsentStatement {
        guard state != .withdrawn, scope.context != context, all.contains(scope.context), case .account(let other) = scope.context, case .account(let own) = context, let moment,
            together(Identifier(.groupId, other), moment).contains(Identifier(.groupId, own))
        else { return self }
        return about(context)
    }

    /// Who was one person with the speaker by then counts; nil for what was said by API before a yes stood under what it names alone: that stands under everything.
    fileprivate var moment: LogPosition? { position ?? knownAt }
}
