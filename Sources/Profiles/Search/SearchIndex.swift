import Identity
import Synchronization
import Vocabulary

/// The folded texts by which people are found, besides their identifiers' own bytes: names, addresses and the like, and identifiers beyond ASCII.
///
/// Made when somebody searches, block by block of the nodes, from what the graph and the traits hold; a change drops its block, so that applying
/// events costs a comparison. For a person with a name, an e-mail address and a telephone number it takes 50 to 100 bytes, for a visitor none;
/// of one value at most 1 KiB counts. Measured with 200,000 people of three identifiers: a search that finds one or nobody takes 7 ms, where
/// looking at every JSON value took 75 to 175.
///
/// Called under the folds' ``StateLock``, `touch` and `reset` under writing; the mutex is for readers among themselves.
final class SearchIndex: Sendable {
    static let blockNodes: Node = 128
    static let valueBytesMaximum = 1024
    private static let separator: UInt8 = 0xff

    private struct Block {
        /// Nodes that it was made of; the last block grows.
        var count: Node
        /// One behind the other, each value ending in a byte that is in no text.
        var text: [UInt8] = []
        /// Where each node's texts end in `text`, and which node of the block it is; only those that have any.
        var ends: [UInt32] = []
        var owners: [UInt8] = []
    }

    private let blocks = Mutex<[Block?]>([])

    /// Forgets what is held of a node.
    func touch(_ node: Node) {
        blocks.withLock { blocks in
            let place = Int(node / SearchIndex.blockNodes)
            if place < blocks.count { blocks[place] = nil }
        }
    }

    func reset() { blocks.withLock { $0 = [] } }

    /// Bytes that it takes, for measurements.
    var byteCount: Int {
        blocks.withLock { blocks in
            blocks.reduce(blocks.count * MemoryLayout<Block?>.stride) { $0 + ($1.map { $0.text.capacity + $0.ends.capacity * 4 + $0.owners.capacity + 96 } ?? 0) }
        }
    }

    /// Makes what is missing of these nodes' blocks; calls `body` with each node whose texts contain `needle`, ascending, nodes without texts left out.
    ///
    /// - Parameter nodes: from the beginning of a block.
    func eachMatch(of needle: Needle, in nodes: Range<Node>, of store: ProfileStore, _ body: (Node) -> Void) {
        guard !nodes.isEmpty else { return }
        blocks.withLock { blocks in
            for place in Int(nodes.lowerBound / SearchIndex.blockNodes)...Int((nodes.upperBound - 1) / SearchIndex.blockNodes) {
                let first = Node(place) * SearchIndex.blockNodes
                let count = min(SearchIndex.blockNodes, Node(store.graph.nodeCount) - first)
                while blocks.count <= place { blocks.append(nil) }
                if blocks[place]?.count != count { blocks[place] = SearchIndex.make(first..<first + count, of: store) }
                guard let block = blocks[place] else { continue }
                var at = 0
                var owner = 0
                while let hit = needle.first(in: block.text, from: at) {
                    while Int(block.ends[owner]) <= hit { owner += 1 }
                    body(first + Node(block.owners[owner]))
                    at = Int(block.ends[owner])
                }
            }
        }
    }

    private static func make(_ nodes: Range<Node>, of store: ProfileStore) -> Block {
        var block = Block(count: Node(nodes.count))
        for node in nodes {
            let start = block.text.count
            append(node, of: store, to: &block.text)
            guard block.text.count > start else { continue }
            block.ends.append(UInt32(block.text.count))
            block.owners.append(UInt8(node - nodes.lowerBound))
        }
        // Exactly as much as it needs: there are many.
        block.text = Array(block.text)
        block.ends = Array(block.ends)
        block.owners = Array(block.owners)
        return block
    }

    /// A node's texts: searchable traits, and the identifier where its own bytes do not do.
    static func append(_ node: Node, of store: ProfileStore, to text: inout [UInt8]) {
        if store.graph.isBeyondASCII(node) { append(store.graph.identifier(node).value[...], to: &text) }
        // Whoever is called by two traits is looked for by both in a row, too.
        var (first, last): (ArraySlice<UInt8>?, ArraySlice<UInt8>?)
        defer { if let first = first.flatMap(plain), let last = last.flatMap(plain) { append((first + [0x20] + last)[...], to: &text) } }
        store.traits.each(node) { entry in
            guard store.traits.isSearchable(entry.key) else { return }
            switch store.traits.name(ofKey: entry.key) {
            case "firstName", "first_name": first = store.traits.bytes(entry)
            case "lastName", "last_name": last = store.traits.bytes(entry)
            default: break
            }
            let bytes = store.traits.bytes(entry)
            switch bytes.first {
            case 0x22: if let value = plain(bytes) { append(value[...], to: &text) }
            case 0x7b:
                // A company is an object with a name.
                if let name = JSONText(trusted: Array(bytes))["name"]?.string { append(Array(name.utf8)[...], to: &text) }
            case 0x2d?, (0x30...0x39)?: append(bytes, to: &text)
            default: return
            }
        }
    }

    /// What a JSON text says; nil for other values.
    private static func plain(_ json: ArraySlice<UInt8>) -> [UInt8]? {
        guard json.first == 0x22 else { return nil }
        guard json.contains(0x5c) else { return Array(json.dropFirst().dropLast()) }
        var plain: [UInt8] = []
        JSONText.unescape(json.span, JSONSlice(start: 0, count: UInt32(json.count)), into: &plain)
        return plain
    }

    private static func append(_ value: ArraySlice<UInt8>, to text: inout [UInt8]) {
        FoldedText.append(value.prefix(valueBytesMaximum), to: &text)
        text.append(separator)
    }
}
