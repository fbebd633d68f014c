public import Columnar
public import Identity
public import Vocabulary

/// What questions ask of accounts; each call takes the lock itself.
extension Accounts {
    /// The accounts with these ids; those that nobody has spoken of are none.
    ///
    /// - Parameter andBelow: with everything below each of them.
    public func find(_ ids: [String], andBelow isTree: Bool) -> Set<Node> {
        lock.reading {
            let found = ids.compactMap { graph.find(Identifier(.groupId, $0)).map(graph.canonical) }
            return isTree ? found.reduce(into: []) { $0.formUnion(tree.subtree(of: $1, in: graph)) } : Set(found)
        }
    }

    /// How somebody stands to an account, now or at an instant.
    public enum Standing: Sendable { case member, left, never }

    /// How whoever has these identifiers stands to an account; a thing that they have is none.
    public func standing(of identifiers: [Identifier], in account: String, asOf: Timestamp? = nil) -> Standing {
        lock.reading {
            guard let node = graph.find(Identifier(.groupId, account)).map(graph.canonical), !isEntity(node) else { return .never }
            let own = spans(of: identifiers, asOf: asOf).filter { $0.account == node }
            return own.isEmpty ? .never : own.contains { $0.to == .max } ? .member : .left
        }
    }

    /// The ids of the accounts that whoever has these identifiers acts for now, sorted.
    public func accounts(of identifiers: [Identifier]) -> [String] {
        lock.reading { Set(spans(of: identifiers, asOf: nil).filter { $0.to == .max && !isEntity($0.account) }.map { graph.identifier($0.account).text }).sorted() }
    }

    /// Called under the lock.
    private func spans(of identifiers: [Identifier], asOf: Timestamp?) -> [MembershipSpan] {
        Set(identifiers.compactMap { graph.find($0).map(graph.canonical) }).flatMap { spans(of: graph.members($0), asOf: asOf) }
    }

    /// The things of a type with these ids, or all of them.
    public func entities(of type: String, _ ids: [String]) -> Set<Node> {
        lock.reading {
            guard !ids.isEmpty else { return Set(entities[type] ?? []).subtracting(merged) }
            return Set(ids.compactMap { EntityName(type: type, id: $0).flatMap { graph.find(Identifier(.groupId, $0.groupId)) }.map(graph.canonical) })
        }
    }

    public var everyAccount: Set<Node> { lock.reading { Set(all).subtracting(merged) } }

    /// The ids by which calls name these accounts.
    public func ids(of accounts: [Node]) -> [String] { lock.reading { accounts.map { graph.identifier($0).text } } }

    /// The accounts whose traits pass.
    ///
    /// - Parameter among: only these; nil for all.
    public func all(among: Set<Node>?, where passes: (JSONText) -> Bool) -> Set<Node> {
        let nodes = lock.reading { among.map(Array.init) ?? all.filter { !merged.contains($0) } }
        var found: Set<Node> = []
        // In steps, so that no question holds up the writer.
        for start in stride(from: 0, to: nodes.count, by: AccountReader.stepNodes) {
            let step = nodes[start..<min(nodes.count, start + AccountReader.stepNodes)]
            let traits = lock.reading { step.map { self.traits($0) } }
            for (node, traits) in zip(step, traits) where passes(traits) { found.insert(node) }
        }
        return found
    }

    /// The numbers of the sets of roles that hold one of these.
    public func roleNumbers(having roles: [String]) -> Set<UInt32> { lock.reading { self.roles.numbers(having: roles) } }

    /// By the code of an account's id in a dictionary.
    public func accounts(in dictionary: ValueDictionary) -> [UInt32: Node] {
        var ids: [(UInt32, [UInt8])] = []
        dictionary.forEach { code, kind, bytes in if kind == .text { unsafe ids.append((code, Array(bytes))) } }
        return lock.reading {
            ids.reduce(into: [:]) { found, id in if let node = graph.find(Identifier(.groupId, id.1)) { found[id.0] = graph.canonical(node) } }
        }
    }

    /// Called under the lock.
    private func traits(_ account: Node) -> JSONText {
        var w = JSONWriter()
        w.object { w in
            for entry in store.newest(of: graph.members(account)).values {
                w.key(store.traits.name(ofKey: entry.key))
                w.raw(store.traits.bytes(entry))
            }
        }
        return w.text
    }
}
