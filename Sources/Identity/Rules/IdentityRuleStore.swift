public import Storage
import Synchronization
public import Vocabulary

/// The rules of one workspace, with every version that they had.
public final class IdentityRuleStore: Sendable {
    private static let kind = "identity-rules"
    private static let id = "rules"

    /// One version; number 0 are the usual rules of a workspace where nobody set any.
    public struct Version: Sendable {
        public let number: Int64
        public let rules: IdentityRules
        public let author: String
        public let at: Timestamp?
    }

    private let documents: Documents
    /// Beside the version whom events name by it: every call that comes in asks while anyone is suppressed, so the rules are compiled once.
    private let state: Mutex<(version: Version, naming: EventNaming)>

    public init(_ documents: Documents) throws {
        self.documents = documents
        let found = try documents.get(IdentityRuleStore.kind, IdentityRuleStore.id).flatMap(IdentityRuleStore.version)
        let version = found ?? Version(number: 0, rules: .usual, author: "", at: nil)
        state = Mutex((version, EventNaming(version.rules)))
    }

    public var current: Version { state.withLock { $0.version } }
    /// Whom events name, by the rules that hold now.
    public var naming: EventNaming { state.withLock { $0.naming } }

    /// Newest first, at most a hundred.
    public func versions() throws -> [Version] { try documents.versions(IdentityRuleStore.kind, IdentityRuleStore.id, limit: 100).compactMap(IdentityRuleStore.version) }

    public func set(_ rules: IdentityRules, author: String, at: Timestamp) throws -> Version {
        let number = try documents.put(IdentityRuleStore.kind, IdentityRuleStore.id, rules.json, author: author, at: at)
        let version = Version(number: number, rules: rules, author: author, at: at)
        let naming = EventNaming(rules)
        state.withLock { $0 = (version, naming) }
        return version
    }

    private static func version(_ document: Document) -> Version? {
        guard let rules = try? IdentityRules(document.body) else { return nil }
        return Version(number: document.version, rules: rules, author: document.author, at: document.at)
    }
}
