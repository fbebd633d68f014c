import EventLog
public import Identity
import Privacy
public import Vocabulary

/// Reads profiles for one purpose, and sees only the people whose data may be used for it.
public struct ProfileReader: Sendable {
    let store: ProfileStore
    let graph: IdentityGraph
    let lock: StateLock
    let log: EventLog
    let ledger: ConsentLedger
    let purpose: ConsentPurpose

    init(store: ProfileStore, graph: IdentityGraph, lock: StateLock, log: EventLog, ledger: ConsentLedger, purpose: ConsentPurpose) {
        self.store = store
        self.graph = graph
        self.lock = lock
        self.log = log
        self.ledger = ledger
        self.purpose = purpose
    }

    // MARK: - One profile

    public func profile(_ identifier: Identifier) throws -> Profile? {
        try eligible(lock.reading { graph.find(identifier).map(join) })
    }

    public func profile(id: String) throws -> Profile? {
        guard let id = ProfileID(id) else { return nil }
        return try eligible(lock.reading { graph.find(id).map(join) })
    }

    func eligible(_ profile: Profile?) throws -> Profile? {
        guard let profile, !profile.identifiers.isEmpty, try ledger.permits(purpose, for: profile.identifiers) else { return nil }
        return profile
    }

    /// The person whom these identifiers would be by themselves; nil where they object to the purpose.
    public func profile(of members: [Node]) throws -> Profile? { try eligible(lock.reading { join(members: members.sorted()) }) }

    /// Called under the lock.
    func join(_ node: Node) -> Profile { join(members: graph.members(node)) }

    /// - Parameter members: ascending, at least one.
    private func join(members: [Node]) -> Profile {
        let best = store.newest(of: members)
        var first = Int64.max
        var last = Int64.min
        for member in members {
            if Int(member) < store.firstSeen.count {
                first = min(first, store.firstSeen[Int(member)])
                last = max(last, store.lastSeen[Int(member)])
            }
        }
        let traits = best.values.map { entry in
            Trait(
                name: store.traits.name(ofKey: entry.key), value: JSONText(trusted: Array(store.traits.bytes(entry))),
                timestamp: Timestamp(clamping: entry.timestamp), position: entry.position)
        }.sorted { $0.name < $1.name }
        var identifiers: [Identifier] = []
        var seen: [Profile.Seen] = []
        for member in members {
            let identifier = graph.identifier(member)
            guard !identifier.value.isEmpty else { continue }
            identifiers.append(identifier)
            let first = Int(member) < store.firstMention.count ? store.firstMention[Int(member)] : .max
            seen.append(
                first == .max
                    ? Profile.Seen(first: nil, last: nil)
                    : Profile.Seen(first: Timestamp(clamping: first), last: Timestamp(clamping: store.lastMention[Int(member)])))
        }
        var profile = Profile(
            id: graph.ownID(members[0]).text, kind: ProfileReader.kind(identifiers), traits: traits,
            identifiers: identifiers, seen: seen, members: members, firstSeen: first == .max ? nil : Timestamp(clamping: first),
            lastSeen: last == .min ? nil : Timestamp(clamping: last))
        profile.deviceZone = store.zones.zone(of: members)
        return profile
    }

    private static func kind(_ identifiers: [Identifier]) -> Profile.Kind {
        guard let group = identifiers.first(where: { $0.namespace == .groupId }) else { return .person }
        return EntityName.isOne(group.value) ? .entity : .account
    }

    /// The profile as its traits stood at `asOf`, from what had been received by `knownAt`: read again from the events that said so.
    ///
    /// - Parameter asked: the identifier that one came from: what had not been joined to it by `knownAt` is left out.
    public func profile(_ whole: Profile, from asked: Identifier?, asOf: Timestamp?, knownAt: Timestamp?) throws -> Profile {
        let current = try knownAt.map { try known(whole, from: asked, at: $0) } ?? whole
        var traits: [String: Trait] = [:]
        var mentions: [Identifier: Timestamp] = [:]
        var zones = PersonZones()
        var count = 0
        var first: Timestamp?
        var last: Timestamp?
        for item in try events(of: current, after: nil, limit: .max, types: nil) {
            let event = item.event
            if let asOf, event.statedAt > asOf { continue }
            if let knownAt, event.receivedAt > knownAt { continue }
            first = first.map { min($0, event.timestamp) } ?? event.timestamp
            last = last.map { max($0, event.timestamp) } ?? event.timestamp
            count += 1
            if let context = event.field(.context) { zones.take(context, of: 0, at: event.statedAt, isZone: store.isZone) }
            for identifier in ProfileReader.mentioned(in: event) { mentions[identifier] = max(mentions[identifier] ?? event.timestamp, event.timestamp) }
            guard event.type == .identify || (event.type == .group && current.kind != .person) else { continue }
            for (name, value) in ProfileReader.assertions(event) {
                if let known = traits[name], (known.timestamp, known.position) > (event.statedAt, item.position) { continue }
                traits[name] = Trait(name: name, value: value, timestamp: event.statedAt, position: item.position)
            }
        }
        let policy = lock.reading { store.policy }
        if !policy.rules.isEmpty {
            for choice in try choices(of: current, by: policy, asOf: asOf, where: { event in knownAt.map { event.receivedAt <= $0 } ?? true }) where choice.rule.kind != .latest {
                guard let first = choice.statements.first else { continue }
                traits[choice.name] = Trait(name: choice.name, value: first.value, timestamp: first.timestamp, position: first.position)
            }
        }
        let kept = current.identifiers.indices.filter { index in
            let identifier = current.identifiers[index]
            // When one was first named is known of all that events name; what had been received when, the events alone tell.
            if knownAt == nil, let asOf, let first = current.seen[index].first, first <= asOf { return true }
            // An event that is dated in the future counts from its receipt.
            return mentions[identifier] != nil || identifier.namespace == .groupId
        }
        let seen = kept.map { index -> Profile.Seen in
            let seen = current.seen[index]
            // What was named again since had been seen before at the last event that names it; of types that rules add, that is not worked out.
            guard let last = seen.last, let asOf, last > asOf else { return seen }
            return Profile.Seen(first: seen.first, last: mentions[current.identifiers[index]])
        }
        var then = Profile(
            id: current.id, kind: current.kind, traits: traits.values.sorted { $0.name < $1.name },
            identifiers: kept.map { current.identifiers[$0] }, seen: seen, members: current.members, firstSeen: first, lastSeen: last)
        then.eventsThen = count
        then.deviceZone = zones.zone(of: [0])
        return then
    }

    /// The identifiers that an event names in so many words.
    private static func mentioned(in event: EventView) -> [Identifier] {
        var all: [Identifier] = []
        let places: [(EventField, IdentifierNamespace)] = [
            (.userId, .userId), (.anonymousId, .anonymousId), (.groupId, .groupId),
            // An alias does not say what kind of id it replaces.
            (.previousId, .userId), (.previousId, .anonymousId),
        ]
        for (field, namespace) in places {
            if let value = event.field(field) { all.append(Identifier(namespace, Array(value))) }
        }
        guard event.type == .identify else { return all }
        return all + assertions(event).compactMap { $0 == "email" ? $1.string.map { Identifier(.email, $0) } : nil }
    }

    /// The part of a profile that was one person by what had been received at an instant.
    private func known(_ whole: Profile, from asked: Identifier?, at instant: Timestamp) throws -> Profile {
        let edges = try evidence(of: whole).filter { edge in (try log.read(edge.position)?.receivedAt ?? .latest) <= instant }
        guard let start = lock.reading({ asked.flatMap(graph.find) }) ?? whole.members.first else { return whole }
        var members: Set<Node> = [start]
        var isGrowing = true
        while isGrowing {
            isGrowing = false
            for edge in edges where members.contains(edge.a) != members.contains(edge.b) {
                members.formUnion([edge.a, edge.b])
                isGrowing = true
            }
        }
        let (kept, id) = lock.reading {
            (whole.identifiers.indices.filter { graph.find(whole.identifiers[$0]).map(members.contains) ?? false }, graph.ownID(members.min() ?? start))
        }
        return Profile(
            id: id.text, kind: whole.kind, traits: whole.traits, identifiers: kept.map { whole.identifiers[$0] },
            seen: kept.map { whole.seen[$0] }, members: members.sorted(), firstSeen: whole.firstSeen, lastSeen: whole.lastSeen)
    }

    /// What an identify or group call says: `context.traits` first, then `traits`, which counts where both name one.
    static func assertions(_ event: EventView) -> [(String, JSONText)] {
        var all: [(String, JSONText)] = []
        if event.type == .identify, let nested = event.json(.context)?["traits"] { all += nested.members }
        if let own = event.json(.traits) { all += own.members.filter { event.type != .group || !MembershipStatement.roleNames.contains($0.key) } }
        return all
    }

    // MARK: - Histories

    /// Every value that a trait has had, oldest first by the time when it was so.
    public func history(of profile: Profile) throws -> [String: [Trait]] {
        var history: [String: [Trait]] = [:]
        for item in try events(of: profile, after: nil, limit: .max, types: [.identify, .group]) {
            guard item.event.type == .identify || profile.kind != .person else { continue }
            for (name, value) in ProfileReader.assertions(item.event) {
                history[name, default: []].append(Trait(name: name, value: value, timestamp: item.event.statedAt, position: item.position))
            }
        }
        for name in history.keys { history[name]?.sort { ($0.timestamp, $0.position) < ($1.timestamp, $1.position) } }
        return history
    }

    /// Events in the order accepted, behind position `after`.
    public func events(of profile: Profile, after: LogPosition?, limit: Int, types: Set<EventType>?) throws -> [TimelineEvent] {
        var words = lock.reading { profile.members.flatMap(store.timelines.all) }
        if let types {
            let raw = Set(types.map(\.rawValue))
            words = words.filter { raw.contains(Timelines.type($0)) }
        }
        var positions = words.map(Timelines.position).sorted()
        if let after { positions.removeAll { $0 <= after } }
        return try read(positions.prefix(limit))
    }

    /// Events newest first, before position `before`.
    public func newest(of profile: Profile, before: LogPosition?, limit: Int) throws -> [TimelineEvent] {
        let positions = lock.reading { () -> [LogPosition] in
            var found: [LogPosition] = []
            for member in profile.members {
                var taken = 0
                store.timelines.eachBackwards(member) { word in
                    let position = Timelines.position(word)
                    if let before, position >= before { return true }
                    found.append(position)
                    taken += 1
                    return taken < limit
                }
            }
            return found
        }
        return try read(positions.sorted(by: >).prefix(limit))
    }

    public func eventCount(of profile: Profile) -> Int {
        lock.reading { profile.members.reduce(0) { $0 + store.timelines.count($1) } }
    }

    private func read(_ positions: ArraySlice<LogPosition>) throws -> [TimelineEvent] {
        try log.read(positions).map { TimelineEvent(position: $0.position, event: $0.event) }
    }

    /// Why the identifiers of a profile belong together.
    public func evidence(of profile: Profile) -> [IdentityEdge] { lock.reading { graph.evidence(profile.members) } }

    /// What spoke for somebody else being the same person, and why that did not do; with the other's profile.
    public func refusals(of profile: Profile) -> [(edge: IdentityEdge, other: String)] {
        let members = Set(profile.members)
        return lock.reading { graph.refusals(profile.members).map { ($0, graph.id(members.contains($0.a) ? $0.b : $0.a).text) } }
    }

    /// Which of a profile's identifiers too many people share.
    public func shared(of profile: Profile) -> [Identifier] { lock.reading { profile.members.filter(graph.isShared).map(graph.identifier) } }
    public func identifier(_ node: Node) -> Identifier { lock.reading { graph.identifier(node) } }
}
