public import Storage
import Synchronization
public import Vocabulary

/// A condition on accounts under a name.
public struct AccountSegment: Sendable {
    public let id: String
    public let name: String
    public let condition: AccountCondition
    public let savedAt: Timestamp
    public let author: String
    public let version: Int64
}

/// The account segments of a workspace: versioned documents, and the current ones in memory.
public final class AccountSegmentStore: Sendable {
    static let kind = "account-segment"
    public static let countMaximum = 1000
    private let documents: Documents
    private let current: Mutex<[String: AccountSegment]>
    /// Held while something is checked and then saved.
    private let changing = Mutex<Void>(())

    public init(_ documents: Documents) throws {
        self.documents = documents
        var all: [String: AccountSegment] = [:]
        for document in try documents.list(AccountSegmentStore.kind) { if let segment = AccountSegmentStore.segment(document) { all[segment.id] = segment } }
        current = Mutex(all)
    }

    /// In the order of their names.
    public var all: [AccountSegment] { current.withLock { Array($0.values) }.sorted { ($0.name, $0.id) < ($1.name, $1.id) } }

    public func find(_ id: String) -> AccountSegment? { current.withLock { $0[id] } }

    /// Makes a segment, or saves another version of it; nil where there are too many.
    public func save(id: String, name: String, condition: AccountCondition, author: String, at: Timestamp) throws -> AccountSegment? {
        try changing.withLock { _ in
            guard current.withLock({ $0[id] != nil || $0.count < AccountSegmentStore.countMaximum }) else { return nil }
            var w = JSONWriter()
            w.object {
                $0.member("name", name)
                $0.member("text", condition.text)
            }
            let version = try documents.put(AccountSegmentStore.kind, id, w.text, author: author, at: at)
            let saved = AccountSegment(id: id, name: name, condition: condition, savedAt: at, author: author, version: version)
            current.withLock { $0[id] = saved }
            return saved
        }
    }

    /// - Returns: false when there is no such segment.
    public func delete(_ id: String, author: String, at: Timestamp) throws -> Bool {
        try changing.withLock { _ in
            guard find(id) != nil else { return false }
            try documents.put(AccountSegmentStore.kind, id, nil, author: author, at: at)
            current.withLock { $0[id] = nil }
            return true
        }
    }

    private static func segment(_ document: Document) -> AccountSegment? {
        guard let name = document.body["name"]?.string, let text = document.body["text"]?.string, let condition = try? AccountCondition(text: text) else { return nil }
        return AccountSegment(id: document.id, name: name, condition: condition, savedAt: document.at, author: document.author, version: document.version)
    }
}
