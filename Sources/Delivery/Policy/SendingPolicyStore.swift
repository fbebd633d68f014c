public import Storage
import Synchronization
public import Vocabulary

/// The sending policy of a workspace as a versioned document; the current one in memory.
public final class SendingPolicyStore: Sendable {
    private static let kind = "sending-policy"
    private let documents: Documents
    private let state: Mutex<(policy: SendingPolicy, version: Int64)>

    public init(_ documents: Documents) throws {
        self.documents = documents
        let document = try documents.get(SendingPolicyStore.kind, SendingPolicyStore.kind)
        state = Mutex((document.flatMap { SendingPolicy($0.body) } ?? .standard, document?.version ?? 0))
    }

    public var current: SendingPolicy { state.withLock(\.policy) }
    /// 0 before anybody changed it.
    public var version: Int64 { state.withLock(\.version) }

    /// In force for every message that is sent from now on.
    ///
    /// - Parameters:
    ///   - policy: without a ``SendingPolicy/fault``.
    ///   - seen: the version that whoever writes has seen; nil where that does not matter.
    public func save(_ policy: SendingPolicy, replacing seen: Int64? = nil, author: String, at: Timestamp) throws {
        var w = JSONWriter()
        w.object { policy.write(&$0) }
        let body = w.text
        try state.withLock { state in
            let version = try documents.put(SendingPolicyStore.kind, SendingPolicyStore.kind, body, replacing: seen, author: author, at: at)
            state = (policy, version)
        }
    }

    /// Newest first.
    public func versions(limit: Int) throws -> [Document] { try documents.versions(SendingPolicyStore.kind, SendingPolicyStore.kind, limit: limit) }
}
