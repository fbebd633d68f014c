import Identity
public import Vocabulary

extension Profiles {
    /// Whole blocks of the search's index.
    private static let nodesAtOnce = 32 * Int(SearchIndex.blockNodes)
    /// So many are looked for one by one; for more, everybody is looked through once.
    private static let searchedMaximum = 8

    /// The people who have one of these mailboxes, as an identifier or as their trait `email`, however they write it.
    ///
    /// - Parameter mailboxes: as ``ConsentLedger/mailbox(_:)`` has them.
    /// - Returns: by mailbox, everything that each of the people is known by, but no accounts.
    public func people(with mailboxes: Set<Identifier>) -> [Identifier: [[Identifier]]] {
        let candidates = mailboxes.count <= Profiles.searchedMaximum ? searched(mailboxes) : lookedThrough(mailboxes)
        return lock.reading {
            var found: [Identifier: [[Identifier]]] = [:]
            for root in Set(candidates.map(graph.root)).sorted() {
                let members = graph.members(root)
                let identifiers = members.map(graph.identifier).filter { !$0.value.isEmpty && $0.namespace != .groupId }
                let own = Set((identifiers.filter { $0.namespace == .email }.map(\.text) + [store.address(of: members)].compactMap { $0 }).map(ledger.mailbox))
                for mailbox in own.intersection(mailboxes) { found[mailbox, default: []].append(identifiers) }
            }
            return found
        }
    }

    /// The trait `email` of the person with this identifier; nil where they have none.
    public func address(of identifier: Identifier) -> String? { lock.reading { graph.find(identifier).flatMap { store.address(of: graph.members($0)) } } }

    /// The nodes that name one of these or have it among their texts, or something that looks like it.
    private func searched(_ mailboxes: Set<Identifier>) -> Set<Node> {
        // A domain may be written in its own letters.
        let needles = mailboxes.map { $0.text }.map { text in Needle(text.contains("@xn--") || text.contains(".xn--") ? String(text.prefix { $0 != "@" }) + "@" : text) }
        var found: Set<Node> = []
        eachStep { nodes in
            for needle in needles {
                graph.eachMatch(of: needle, in: nodes) { found.insert($0) }
                store.search.eachMatch(of: needle, in: nodes, of: store) { if nodes.contains($0) { found.insert($0) } }
            }
        }
        return found
    }

    /// The same by a glance at what stands before the `@` of everybody's address.
    private func lookedThrough(_ mailboxes: Set<Identifier>) -> Set<Node> {
        let names = Set(mailboxes.compactMap { Profiles.beginning(of: $0.value) })
        var found: Set<Node> = []
        eachStep { nodes in
            for node in nodes where store.writesTo(node, { Profiles.beginning(of: $0).map(names.contains) ?? true }) { found.insert(node) }
        }
        return found
    }

    /// Goes through all nodes, in steps that hold nobody up.
    private func eachStep(_ body: (Range<Node>) -> Void) {
        var (node, count) = (0, 1)
        while node < count {
            lock.reading {
                count = graph.nodeCount
                let end = min(count, node + Profiles.nodesAtOnce)
                if node < end { body(Node(node)..<Node(end)) }
                node = max(end, node + 1)
            }
        }
    }

    /// A hash of what stands before the `@`, in small letters and without blanks; nil where it must be looked at more closely.
    private static func beginning(of address: some Sequence<UInt8>) -> UInt64? {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in address {
            if byte == UInt8(ascii: "@") { return hash }
            if byte >= 0x80 || byte == UInt8(ascii: "\\") { return nil }
            if byte > 0x20, byte != UInt8(ascii: "\"") { hash = (hash ^ UInt64(byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte)) &* 0x100_0000_01b3 }
        }
        return hash
    }
}

extension ProfileStore {
    private static let email = Array("email".utf8)

    /// Whether a node is an address, or its trait `email` is one, that `isMeant`.
    fileprivate func writesTo(_ node: Node, _ isMeant: (ArraySlice<UInt8>) -> Bool) -> Bool {
        if graph.namespace(node) == .email { return isMeant(graph.identifier(node).value[...]) }
        var isFound = false
        traits.each(node) { entry in if !isFound, traits.key(entry.key) == ProfileStore.email { isFound = isMeant(traits.bytes(entry)) } }
        return isFound
    }

    /// The trait `email` of the person whom these nodes are.
    fileprivate func address(of members: [Node]) -> String? {
        var found: String?
        eachTrait(of: members) { _, key, value in if key == ProfileStore.email { found = JSONText(trusted: Array(value)).string } }
        return found
    }
}
