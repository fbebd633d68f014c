public import Vocabulary

/// What a sender asks at the moment of sending.
public struct ConsentQuestion: Sendable {
    public let scope: ConsentScope
    /// Where the message would go, as it is written in the message; nil where it goes to no address.
    public let address: String?

    public init(_ purpose: ConsentPurpose, channel: String, topic: String = "", context: ConsentContext = .personal, address: String? = nil) {
        scope = ConsentScope(purpose, channel: channel, topic: topic, context: context)
        self.address = address
    }
}

/// The answer, and why.
public struct ConsentDecision: Sendable, Hashable {
    public enum Reason: String, Sendable, CaseIterable {
        /// They said yes.
        case granted
        /// The policy grants the purpose, and they did not object.
        case policy
        /// They said nothing about it; unknown is not yes.
        case unknown
        case withdrawn
        case paused
        /// It is about an account that they do not act for, whatever they said of it.
        case notAMember = "not-a-member"
        /// The person is suppressed.
        case suppressed
        /// The address is suppressed: it complained, bounced, or its owner wants no more mail at all.
        case addressSuppressed = "address-suppressed"
        /// There is no such person.
        case nobody
    }

    public let reason: Reason
    /// The statement that decided; nil where none did.
    public let statement: ConsentStatement?
    /// How often at most the person wants to hear; empty where they did not choose, or as it comes.
    public internal(set) var frequency = ""

    public var isPermitted: Bool { reason == .granted || reason == .policy }
    /// Whether somebody said no, be it for a while.
    var isObjection: Bool { reason == .withdrawn || reason == .paused }

    init(_ reason: Reason, _ statement: ConsentStatement? = nil) { (self.reason, self.statement) = (reason, statement) }

    /// What is said as a member of an account is leave only while one is a member of it; an objection stays what it is.
    func held(to scope: ConsentScope, isMember: (String) -> Bool) -> ConsentDecision {
        guard case .account(let account) = scope.context, isPermitted || reason == .unknown, !isMember(account) else { return self }
        return ConsentDecision(.notAMember, statement)
    }
}

extension ConsentDecision {
    /// What statements come to that are one history, as those of one identifier are.
    ///
    /// A grant stands against an objection only where it is later and about nothing wider: who left everything and then asks for one topic gets that topic. An objection
    /// stands against every grant that it speaks of, unless such a grant came after it.
    ///
    /// A pause stands in front of all that: until it ends, until another pause of the same scope takes its place, or until somebody says yes to at least as much.
    ///
    /// - Parameters:
    ///   - now: pauses that ended by then count for nothing.
    ///   - ignoringPauses: for what stands behind one.
    static func decide(_ scope: ConsentScope, _ statements: [ConsentStatement], now: Timestamp, ignoringPauses: Bool = false) -> ConsentDecision {
        var newest: [ConsentScope: ConsentStatement] = [:]
        var pauses: [ConsentScope: ConsentStatement] = [:]
        for statement in statements where statement.scope.covers(scope) {
            if statement.state == .paused {
                if let known = pauses[statement.scope], known.at > statement.at { continue }
                pauses[statement.scope] = statement
            } else if newest[statement.scope].map(statement.replaces) ?? true { newest[statement.scope] = statement }
        }
        let objections = newest.values.filter { $0.state == .withdrawn }
        let grants = newest.values.filter { $0.state == .granted }
        let standing = grants.filter { grant in objections.allSatisfy { grant.at > $0.at && $0.scope.covers(grant.scope) } }
        // Of several, the newest is told; it decides nothing more.
        if standing.isEmpty, let objection = objections.max(by: { $0.at < $1.at }) { return ConsentDecision(.withdrawn, objection) }
        if !ignoringPauses {
            let pause = pauses.values.filter { pause in
                pause.until.map { $0 > now } ?? true && !grants.contains { $0.at > pause.at && $0.scope.covers(pause.scope) }
            }.max { $0.at < $1.at }
            if let pause { return ConsentDecision(.paused, pause) }
        }
        return standing.max { $0.at < $1.at }.map { ConsentDecision(.granted, $0) } ?? ConsentDecision(scope.purpose.isGrantedByPolicy ? .policy : .unknown)
    }
}

extension ConsentDecision {
    /// How often at most somebody wants to hear about `scope`: what they chose last. A grant that does not speak of it leaves it as it was; the preference page always speaks of it.
    static func frequency(_ scope: ConsentScope, _ statements: some Sequence<ConsentStatement>) -> String {
        var newest: ConsentStatement?
        for statement in statements where statement.state == .granted && statement.saysFrequency && statement.scope.covers(scope) {
            // Of one moment, the one that names a limit stands.
            if let known = newest, known.at > statement.at || known.at == statement.at && !known.evidence.frequency.isEmpty { continue }
            newest = statement
        }
        return newest?.evidence.frequency ?? ""
    }
}

extension ConsentStatement {
    fileprivate var saysFrequency: Bool { !evidence.frequency.isEmpty || evidence.source == "person" }

    /// Whether it takes the place of another about the same scope: it is later, or of the same moment and allows no more.
    func replaces(_ other: ConsentStatement) -> Bool { at > other.at || at == other.at && state.rawValue <= other.state.rawValue }
}

/// Leave to send, or why not.
public enum Permit: ~Copyable, Sendable {
    case granted(SendPermit)
    case refused(ConsentDecision)
}

/// Leave to send one message to one profile; spent by sending. Only ``ConsentLedger`` makes one.
public struct SendPermit: ~Copyable, Sendable {
    public let scope: ConsentScope
    /// How often at most the person wants to hear, as they chose it; empty where they did not.
    public let frequency: String

    init(scope: ConsentScope, frequency: String) { (self.scope, self.frequency) = (scope, frequency) }
}
