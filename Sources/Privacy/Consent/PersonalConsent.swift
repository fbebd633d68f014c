import Vocabulary

/// Everything that one person said, by the identifier under which it stands, and what it comes to. Pure: who knew whom when is asked of `together`.
///
/// An objection by API, file or page stands under everything that the person was known by then. A yes, and whatever an event says, stands under what it names, and is looked at from the person's other identifiers
/// here: a later yes counts wherever it was said, if both were one person's by then. A yes of before two people became one lifts no objection of the other, and none that was said while two were taken for one
/// by mistake does once they have parted.
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
        var grants: Grants?
        for (index, statements) in said.enumerated() where !statements.isEmpty {
            var decision = decide(statements)
            if decision.isObjection {
                if grants == nil { grants = Grants(said, on: scope) }
                let later = grants?.found(laterThan: decision, spokenBeside: index, identifiers, together) ?? []
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
}

/// The yeses under a person's identifiers that may lift an objection under another of them.
///
/// A person may have very many identifiers, object under each of them, and say yes very often: the graph is asked once of each yes, from the side on which it stands, since being one person goes both ways.
private struct Grants {
    private struct Asked: Hashable { let speaker: Int, position: LogPosition }

    /// Of those who said any: the index of the identifier, and its grants, newest first.
    private let spoken: [(speaker: Int, statements: [ConsentStatement])]
    private var known: [Asked: Set<Identifier>] = [:]

    init(_ said: [[ConsentStatement]], on scope: ConsentScope) {
        spoken = said.enumerated().compactMap { speaker, statements in
            let grants = statements.filter { $0.state == .granted && $0.moment != nil && $0.scope.covers(scope) }
            return grants.isEmpty ? nil : (speaker, grants.sorted { $0.at > $1.at })
        }
    }

    /// Of each speaker and scope the newest that counts: it stands before all older ones.
    mutating func found(laterThan objection: ConsentDecision, spokenBeside index: Int, _ identifiers: [Identifier], _ together: PersonalConsent.Together) -> [ConsentStatement] {
        guard let at = objection.statement?.at else { return [] }
        var found: [ConsentStatement] = []
        for (speaker, statements) in spoken where speaker != index {
            var scopes: Set<ConsentScope> = []
            for statement in statements {
                guard statement.at > at else { break }
                guard let position = statement.moment, !scopes.contains(statement.scope) else { continue }
                let asked = Asked(speaker: speaker, position: position)
                if known[asked] == nil { known[asked] = together(identifiers[speaker], position) }
                guard known[asked]?.contains(identifiers[index]) == true else { continue }
                scopes.insert(statement.scope)
                found.append(statement)
            }
        }
        return found
    }
}

extension ConsentStatement {
    /// Who was one person with the speaker by then counts; nil for what was said by API before a yes stood under what it names alone: that stands under everything.
    fileprivate var moment: LogPosition? { position ?? knownAt }
}
