public import EventLog
public import Vocabulary

/// Reads the statements that stand in the log, and says whether another can be made.
public struct Links: Sendable {
    let graph: IdentityGraph
    let lock: StateLock
    let log: EventLog

    public init(graph: IdentityGraph, lock: StateLock, log: EventLog) { (self.graph, self.lock, self.log) = (graph, lock, log) }

    // MARK: - Reading

    /// The newest statements that satisfy `isWanted`, newest first, before a position.
    public func newest(before: LogPosition?, limit: Int, isWanted: (LinkFact.Kind) -> Bool = { _ in true }) throws -> [Link] {
        try read(lock.reading {
            var found: [FactList.Entry] = []
            for entry in graph.facts.all.reversed() where found.count < limit && entry.position < before ?? .max && isWanted(entry.kind) { found.append(entry) }
            return found
        })
    }

    /// The statements that name an identifier of one of these, oldest first.
    public func naming(_ members: [Node]) throws -> [Link] {
        try read(lock.reading { Dictionary(members.flatMap(graph.facts.naming).map { ($0.position, $0) }) { a, _ in a }.values.sorted { $0.position < $1.position } })
    }

    public func find(_ id: String) throws -> Link? {
        guard let position = Link.position(id), let entry = lock.reading({ graph.facts.number(at: position).map { graph.facts.all[$0] } }) else { return nil }
        return try read([entry]).first
    }

    private func read(_ entries: [FactList.Entry]) throws -> [Link] {
        try entries.compactMap { entry in
            // Erased in this very moment.
            guard let event = try log.read(entry.position), let fact = LinkFact(event) else { return nil }
            let undo = try entry.undoneAt.flatMap { try log.read($0) }.map { event in
                let fact = LinkFact(event)
                return Link.Undo(at: event.receivedAt, author: fact?.author ?? "", reasons: fact?.reasons ?? [])
            }
            return Link(position: entry.position, fact: fact, at: event.receivedAt, undo: undo, isInForce: entry.undoneAt == nil && lock.reading { graph.isInForce(entry) })
        }
    }

    // MARK: - Checking

    /// Whether a statement can be made as people stand now. Called when everything accepted is applied.
    public func check(_ fact: LinkFact) throws(LinkError) {
        let found = lock.reading { () -> LinkError? in graph.obstacle(to: fact) }
        if let found { throw found }
    }
}

extension IdentityGraph {
    func isInForce(_ entry: FactList.Entry) -> Bool {
        guard let a = entry.first.first, let b = entry.second.first else { return false }
        return entry.kind == .merge || entry.kind == .always ? root(a) == root(b) : root(a) != root(b)
    }

    func obstacle(to fact: LinkFact) -> LinkError? {
        if fact.kind == .undo { return fact.undoes.map { obstacle(toUndoing: $0) } ?? .unknownLink }
        guard !fact.first.isEmpty, !fact.second.isEmpty else { return fact.kind == .unmerge && !fact.first.isEmpty ? .nothingLeft : .sideMissing }
        let all = fact.first + fact.second
        guard all.count <= LinkFact.identifiersMaximum else { return .tooMany }
        guard Set(all).count == all.count else { return .sidesOverlap }
        if let unknown = all.first(where: { find($0) == nil }) { return .unknownIdentifier(type: unknown.namespace.name) }
        let (first, second) = (fact.first.compactMap(find), fact.second.compactMap(find))
        let accounts = Set((first + second).map { namespace($0) == .groupId })
        guard accounts.count == 1 else { return .accountAndPerson }
        switch fact.kind {
        case .merge, .always:
            if fact.kind == .merge, root(first[0]) == root(second[0]) { return .onePersonAlready }
            return constraint(between: members(first[0]), members(second[0])).map { .keptApart(by: Link.id($0)) }
        case .never: return bond(between: first, second).map { .heldTogether(by: Link.id($0)) }
        case .unmerge:
            guard Set((first + second).map { root($0) }).count == 1 else { return .notOnePerson }
            return bond(between: first, second).map { .heldTogether(by: Link.id($0)) }
        case .undo: return nil
        }
    }

    private func obstacle(toUndoing position: LogPosition) -> LinkError? {
        guard let number = facts.number(at: position) else { return .unknownLink }
        return facts.all[number].undoneAt == nil ? nil : .undoneAlready
    }

    /// The statement that keeps one of the first from one of the second.
    private func constraint(between first: [Node], _ second: [Node]) -> LogPosition? {
        let others = Set(second)
        for node in first {
            for entry in facts.naming(node) where entry.keepsApart && (entry.first.contains(node) ? entry.second : entry.first).contains(where: others.contains) { return entry.position }
        }
        return nil
    }

    /// The statement that holds one of the first together with one of the second for ever.
    private func bond(between first: [Node], _ second: [Node]) -> LogPosition? {
        let others = Set(second)
        for node in first {
            for entry in facts.naming(node) where entry.kind == .always && entry.undoneAt == nil && entry.nodes.contains(where: others.contains) { return entry.position }
        }
        return nil
    }
}
