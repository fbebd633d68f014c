public import Vocabulary

/// For whom somebody speaks: for themselves, or as a member of an account. What one says for an account says nothing of the other.
public enum ConsentContext: Sendable, Hashable {
    case personal
    /// By the account's groupId.
    case account(String)
    /// Whoever they act for.
    case every

    /// As the table and the API write it.
    public var text: String {
        switch self {
        case .personal: "personal"
        case .account(let group): "account:" + group
        case .every: "*"
        }
    }

    public init?(text: String) {
        switch text {
        case "", "personal": self = .personal
        case "*": self = .every
        default:
            guard text.hasPrefix("account:"), text.utf8.count > 8 else { return nil }
            self = .account(String(text.dropFirst(8)))
        }
    }
}

/// What a statement is about. An empty name stands for every one of its kind.
public struct ConsentScope: Sendable, Hashable {
    /// `*` stands for every purpose for which messages are sent, and not for what the policy grants.
    public let purpose: ConsentPurpose
    /// How somebody is reached, such as `email`; empty for every way.
    public let channel: String
    /// What about, such as `new-teas`; empty for everything.
    public let topic: String
    public let context: ConsentContext

    public init(_ purpose: ConsentPurpose, channel: String = "", topic: String = "", context: ConsentContext = .personal) {
        (self.purpose, self.channel, self.topic, self.context) = (purpose, channel, topic, context)
    }

    /// Whether what is said about this scope speaks of all of `other`.
    func covers(_ other: ConsentScope) -> Bool {
        (purpose == .everyMessage ? !other.purpose.isGrantedByPolicy : purpose == other.purpose) && (channel.isEmpty || channel == other.channel) && (topic.isEmpty || topic == other.topic)
            && (context == .every || context == other.context)
    }
}

/// One entry of the ledger: who said what, about what, when, and how we know.
public struct ConsentStatement: Sendable, Hashable {
    public enum State: Int, Sendable, CaseIterable {
        // By strictness: of one moment, the one that allows less stands.
        case withdrawn = 0
        /// Withdrawn until an instant, and as before from then on.
        case paused = 1
        case granted = 2

        public var name: String {
            switch self {
            case .withdrawn: "withdrawn"
            case .paused: "paused"
            case .granted: "granted"
            }
        }

        public init?(name: String) {
            guard let state = State.allCases.first(where: { $0.name == name }) else { return nil }
            self = state
        }
    }

    public let scope: ConsentScope
    public let state: State
    /// The end of a pause; nil for anything else.
    public let until: Timestamp?
    /// When it was said.
    public let at: Timestamp
    public var evidence: ConsentEvidence
    /// When it was written down.
    public var recordedAt: Timestamp?
    /// Of the event that says so; nil where none does.
    public var position: LogPosition?
    /// Of the newest event when it was said by API, file or page: who was one person by then. nil where an event says it.
    var knownAt: LogPosition?

    public init(_ scope: ConsentScope, _ state: State, until: Timestamp? = nil, at: Timestamp, evidence: ConsentEvidence = ConsentEvidence(), recordedAt: Timestamp? = nil, position: LogPosition? = nil) {
        (self.scope, self.state, self.until, self.at) = (scope, state, state == .paused ? until : nil, at)
        (self.evidence, self.recordedAt, self.position) = (evidence, recordedAt, position)
    }
}

extension ConsentStatement {
    /// The same about another context.
    func about(_ context: ConsentContext) -> ConsentStatement {
        guard context != scope.context else { return self }
        var changed = ConsentStatement(scope.about(context), state, until: until, at: at, evidence: evidence, recordedAt: recordedAt, position: position)
        changed.knownAt = knownAt
        return changed
    }
}

extension ConsentScope {
    func about(_ context: ConsentContext) -> ConsentScope { ConsentScope(purpose, channel: channel, topic: topic, context: context) }
}

/// What one person said by API, file or page.
public struct ConsentSaying: Sendable {
    /// By which they were named.
    public let speakers: [Identifier]
    /// These, and everything else that they are known by.
    public let known: [Identifier]
    public let statements: [ConsentStatement]
    /// Of addresses that nobody can name any more: under them withdrawals stand as well.
    let hashes: [[UInt8]]
    /// By which events of theirs are to tell what was said: a withdrawal by each, since it stands with whoever is known by one, anything else by the first.
    let tellers: [Identifier]

    /// - Parameters:
    ///   - known: what else they are known by.
    ///   - hashes: as ``ConsentLedger/emailHash(_:)``.
    public init(_ speakers: [Identifier], known: [Identifier] = [], _ statements: [ConsentStatement], hashes: [[UInt8]] = [], toldBy tellers: [Identifier] = []) {
        self.speakers = speakers
        self.hashes = hashes
        self.tellers = tellers
        self.known = speakers + known.filter { !speakers.contains($0) }
        self.statements = statements
    }

    /// Under what a statement stands.
    func identifiers(_ statement: ConsentStatement) -> [Identifier] { statement.state == .withdrawn ? known : speakers }
}

extension ConsentStatement {
    /// As it stands under what the person is known by beside what the statement names: how we know stays with them, and goes with them.
    var bare: ConsentStatement {
        var bare = self
        bare.evidence = ConsentEvidence(source: evidence.source)
        return bare
    }
}

/// How we know that somebody said so.
public struct ConsentEvidence: Sendable, Hashable {
    /// Why the law lets us: `consent`, `contract`, `legitimate-interest`, or what the operator writes.
    public var basis = ""
    /// Which version of the words they read.
    public var wording = ""
    /// What shows it: a form, a call, a document's number.
    public var proof = ""
    /// Who handed it in: `event`, `gpc`, `api`, `import`, `person` (the preference page), `one-click`, `console`.
    public var source = ""
    /// How often at most, as the person chose it; empty where they did not.
    public var frequency = ""

    public init(basis: String = "", wording: String = "", proof: String = "", source: String = "", frequency: String = "") {
        (self.basis, self.wording, self.proof, self.source, self.frequency) = (basis, wording, proof, source, frequency)
    }
}

/// Limits of what a statement may hold, in bytes.
public enum ConsentLimits {
    public static let name = 64
    public static let text = 500

    /// Whether a purpose, channel or topic may be called so: letters, digits, `.`, `-`, `_` and `:`.
    public static func isName(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= name
            && text.utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x3a || $0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7a || $0 == 0x2d || $0 == 0x2e || $0 == 0x5f }
    }
}
