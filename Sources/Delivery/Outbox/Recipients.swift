public import EventLog
public import Identity
public import Privacy
public import Profiles
public import Templates
public import Vocabulary

/// Who people are at the moment of sending, and what a message says to them.
public struct Recipients: Sendable {
    public struct Links: Sendable {
        public let preferences: String
        public let unsubscribe: String
        public init(preferences: String, unsubscribe: String) { (self.preferences, self.unsubscribe) = (preferences, unsubscribe) }
    }

    private let reader: ProfileReader
    private let graph: IdentityGraph
    private let lock: StateLock
    let links: @Sendable (ProfileID, ConsentScope, String?) -> Links
    let data: @Sendable (Profile, JSONText, Links, Set<String>?) -> Record

    /// - Parameters:
    ///   - links: where the person chooses what they get, and leaves.
    ///   - data: what a template may read: of the person, and what the intent hands in; of computed traits those of the names, or all with nil.
    public init(
        reader: ProfileReader, graph: IdentityGraph, lock: StateLock, links: @escaping @Sendable (ProfileID, ConsentScope, _ address: String?) -> Links,
        data: @escaping @Sendable (Profile, JSONText, Links, _ computed: Set<String>?) -> Record
    ) { (self.reader, self.graph, self.lock, self.links, self.data) = (reader, graph, lock, links, data) }

    /// Whom an id names now: of one who became another, that other. Nil where there is nobody.
    func profile(_ id: ProfileID) throws -> Profile? { try reader.profile(id: id.text) }

    /// By what events name whom an id names: by the identifier that has the id, for a device the oldest user on it, else by their first user id or device. Nil for who is known by an address alone.
    func name(of id: ProfileID, in profile: Profile) -> Identifier? {
        let own = lock.reading { graph.find(id).map { graph.identifier(graph.bearer($0)) } }
        if let own, own.namespace == .userId || own.namespace == .anonymousId, profile.identifiers.contains(own) { return own }
        return profile.identifiers.first { $0.namespace == .userId } ?? profile.identifiers.first { $0.namespace == .anonymousId }
    }

    /// Everything that whom an id names now is known by; empty where there is nobody.
    func identifiers(of id: ProfileID) -> [Identifier] { lock.reading { graph.find(id).map { graph.members($0).map(graph.identifier).filter { !$0.value.isEmpty } } ?? [] } }

    /// Every id that a person ever had.
    public func ids(of profile: Profile) -> [String] { lock.reading { profile.members.map { graph.ownID($0).text } } }

    /// Of each id, every other that whom it names ever had.
    func otherIDs(of ids: [String]) -> [[String]] {
        let ids = ids.map { ProfileID($0) }
        return lock.reading {
            ids.map { id in
                guard let id, let node = graph.find(id), case let members = graph.members(node), members.count > 1 else { return [] }
                return members.compactMap { member in
                    let own = graph.ownID(member)
                    return own == id ? nil : own.text
                }
            }
        }
    }

    /// Every id that whoever has one of these identifiers ever had.
    func ids(of identifiers: [Identifier]) -> Set<String> { lock.reading { Set(identifiers.compactMap { graph.find($0).map { graph.ownID($0).text } }) } }
}
