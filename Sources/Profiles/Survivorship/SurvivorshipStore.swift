public import Storage
import Synchronization
public import Vocabulary

/// The survivorship policies of a workspace: versioned documents, and the current ones in memory.
public final class SurvivorshipStore: Sendable {
    static let kind = "survivorship"
    public static let countMaximum = 100
    private let documents: Documents
    private let current: Mutex<[String: SurvivorshipPolicy]>
    /// Held while something is checked and then saved.
    private let changing = Mutex<Void>(())

    public init(_ documents: Documents) throws {
        self.documents = documents
        var all: [String: SurvivorshipPolicy] = [:]
        for document in try documents.list(SurvivorshipStore.kind) { all[document.id] = SurvivorshipStore.policy(document) }
        current = Mutex(all)
    }

    /// In the order of their names; the standard one is among them once it has been saved.
    public var all: [SurvivorshipPolicy] { current.withLock { Array($0.values) }.sorted { $0.name < $1.name } }

    public func find(_ name: String) -> SurvivorshipPolicy? { current.withLock { $0[name] } }

    /// What profiles and segments go by; without rules until somebody makes some.
    public var standard: SurvivorshipPolicy { find(SurvivorshipPolicy.standard) ?? SurvivorshipPolicy(name: SurvivorshipPolicy.standard, rules: [:], version: 0) }

    /// Makes a policy, or saves another version of it; nil where there are too many.
    public func save(_ name: String, _ rules: [String: SurvivorshipRule], author: String, at: Timestamp) throws -> SurvivorshipPolicy? {
        try changing.withLock { _ in
            guard current.withLock({ $0[name] != nil || $0.count < SurvivorshipStore.countMaximum }) else { return nil }
            var w = JSONWriter()
            w.object { w in
                w.key("rules")
                SurvivorshipStore.write(rules, &w)
            }
            let version = try documents.put(SurvivorshipStore.kind, name, w.text, author: author, at: at)
            let policy = SurvivorshipPolicy(name: name, rules: rules, version: version)
            current.withLock { $0[name] = policy }
            return policy
        }
    }

    /// - Returns: false when there is no such policy.
    public func delete(_ name: String, author: String, at: Timestamp) throws -> Bool {
        try changing.withLock { _ in
            guard find(name) != nil else { return false }
            try documents.put(SurvivorshipStore.kind, name, nil, author: author, at: at)
            current.withLock { $0[name] = nil }
            return true
        }
    }

    /// The rules by trait, as they are kept and as the API writes them.
    public static func write(_ rules: [String: SurvivorshipRule], _ w: inout JSONWriter) {
        w.object { w in
            for (trait, rule) in rules.sorted(by: { $0.key < $1.key }) {
                w.key(trait)
                w.object { w in
                    w.member("rule", rule.kind.rawValue)
                    guard !rule.sources.isEmpty else { return }
                    w.key("sources")
                    w.array { w in for source in rule.sources { w.string(source) } }
                }
            }
        }
    }

    private static func policy(_ document: Document) -> SurvivorshipPolicy {
        var rules: [String: SurvivorshipRule] = [:]
        for (trait, rule) in document.body["rules"]?.members ?? [] {
            guard let kind = rule["rule"]?.string.flatMap(SurvivorshipRule.Kind.init) else { continue }
            rules[trait] = SurvivorshipRule(kind, sources: (rule["sources"]?.elements ?? []).compactMap(\.string))
        }
        return SurvivorshipPolicy(name: document.id, rules: rules, version: document.version)
    }
}
