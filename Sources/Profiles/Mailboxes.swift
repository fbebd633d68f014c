import Identity
public import Vocabulary

extension Profiles {
    private static let nodesAtOnce = 4096

    /// The people who have one of these mailboxes, as an identifier or as their trait `email`, however they write it. Looks through everyone, in steps that hold nobody up; most are passed by after a glance at what stands before the `@`.
    ///
    /// - Parameter mailboxes: as ``ConsentLedger/mailbox(_:)`` has them.
    /// - Returns: by mailbox, everything that each of the people is known by, but no accounts.
    public func people(with mailboxes: Set<Identifier>) -> [Identifier: [[Identifier]]] {
        let names = Set(mailboxes.compactMap { Profiles.beginning(of: $0.value) })
        var candidates: Set<Node> = []
        var (node, count) = (0, 1)
        while node < count {
            lock.reading {
                count = graph.nodeCount
                let end = min(count, node + Profiles.nodesAtOnce)
                for one in Node(node)..<Node(max(node, end)) where store.writesTo(one, { Profiles.beginning(of: $0).map(names.contains) ?? true }) { candidates.insert(one) }
                node = max(end, node + 1)
            }
        }
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

    /// What stands before the `@`, in small letters and without blanks; nil where it must be looked at more closely.
    private static func beginning(of address: some Sequence<UInt8>) -> [UInt8]? {
        var name: [UInt8] = []
        for byte in address {
            if byte == UInt8(ascii: "@") { return name }
            if byte >= 0x80 || byte == UInt8(ascii: "\\") { return nil }
            if byte > 0x20, byte != UInt8(ascii: "\"") { name.append(byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte) }
        }
        return name
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
