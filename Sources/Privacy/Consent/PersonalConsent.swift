import Vocabulary

/// Everything that one person said, by the identifier under which it stands, and what it comes to. Pure: who knew whom when is asked of `together`.
///
/// What is said by API, file or page stands under everything that the person was known by then. What an event says stands under what it names, and is looked at from the person's other identifiers here:
/// a later yes counts wherever it was said, if both were one person's by then. A yes of before two people became one lifts no objection of the other.
struct PersonalConsent {
    /// Which identifiers were one person's with this one when the event at a position came.
    typealias Together = @Sendable (Identifier, LogPosition) -> Set<Identifier>

    let identifiers: [Identifier]
    /// One list for each identifier.
    var said: [[ConsentStatement]]
    /// Under the address that a message goes to, where it is none of the identifiers: of two people with one mailbox, only one is known by it.
    var ofAddress: [ConsentStatement] = []

    func decide(_ scope: ConsentScope, now: Timestamp, ignoringPauses: Bool = false, together: Together) -> ConsentDecision {
        func decide(_ statements: [ConsentStatement]) -> ConsentDecision { ConsentDecision.decide(scope, statements, now: now, ignoringPauses: ignoringPauses) }
        var best: ConsentDecision?
        for (index, statements) in said.enumerated() where !statements.isEmpty {
            var decision = decide(statements)
            if decision.isObjection {
                let later = grants(laterThan: decision, on: scope, spokenBeside: index, together)
                if !later.isEmpty { decision = decide(statements + later) }
                if decision.isObjection { return decision }
            }
            if best == nil || decision.reason == .granted { best = decision }
        }
        // What was said by an address concerns it, whoever has it; a yes of theirs is nobody else's.
        if !ofAddress.isEmpty, case let objection = decide(ofAddress), objection.isObjection {
            let own = said.joined().filter { $0.state == .granted && $0.at > (objection.statement?.at ?? .latest) }
            if own.isEmpty || decide(ofAddress + own).isObjection { return objection }
        }
        var answer = best ?? ConsentDecision(scope.purpose.isGrantedByPolicy ? .policy : .unknown)
        if answer.isPermitted { answer.frequency = ConsentDecision.frequency(scope, said.joined()) }
        return answer
    }

    /// What events say under the person's other identifiers that may lift an objection under this one.
    private func grants(laterThan objection: ConsentDecision, on scope: ConsentScope, spokenBeside index: Int, _ together: Together) -> [ConsentStatement] {
        guard let at = objection.statement?.at else { return [] }
        var found: [ConsentStatement] = []
        // Of each event once: a person may have very many identifiers.
        var known: [LogPosition: Set<Identifier>] = [:]
        for (other, statements) in said.enumerated() where other != index {
            for statement in statements where statement.state == .granted && statement.at > at && statement.scope.covers(scope) {
                guard let position = statement.position else { continue }
                if known[position] == nil { known[position] = together(identifiers[index], position) }
                if known[position]?.contains(identifiers[other]) == true { found.append(statement) }
            }
        }
        return found
    }
}
