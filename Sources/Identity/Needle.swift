import CKernels
public import Vocabulary

/// A text that is looked for in many others, letter case aside.
public struct Needle: Sendable {
    /// ``FoldedText``.
    public let bytes: [UInt8]

    public init(_ text: String) { bytes = FoldedText.of(text) }

    public var isEmpty: Bool { bytes.isEmpty }

    /// Where it stands first at or behind `start`; nil when nowhere. In texts that are not folded, only ASCII letters match in either case.
    ///
    /// - Complexity: about a byte in a quarter of a nanosecond.
    func first(in text: UnsafeRawBufferPointer, from start: Int) -> Int? {
        guard let base = text.baseAddress, !bytes.isEmpty else { return nil }
        let found = unsafe martlet_find_folded(base.assumingMemoryBound(to: UInt8.self), text.count, start, bytes, bytes.count)
        return found < text.count ? found : nil
    }

    /// The same in an array.
    public func first(in text: [UInt8], from start: Int = 0) -> Int? { text.withUnsafeBytes { unsafe first(in: $0, from: start) } }
}

extension IdentityGraph {
    /// Calls `body` with each of these nodes whose identifier contains `needle`, ascending.
    public func eachMatch(of needle: Needle, in nodes: Range<Node>, _ body: (Node) -> Void) { interner.eachMatch(of: needle, in: nodes, body) }

    /// Whether a node's identifier has letters that only ``FoldedText`` knows how to compare.
    public func isBeyondASCII(_ node: Node) -> Bool { interner.isBeyondASCII(node) }
}

extension Interner {
    /// The identifiers stand one behind the other in the order of their nodes, so that one scan looks at all of them.
    func eachMatch(of needle: Needle, in nodes: Range<Node>, _ body: (Node) -> Void) {
        guard !nodes.isEmpty, !needle.isEmpty else { return }
        let end = Int(nodes.upperBound) < offsets.count ? Int(offsets[Int(nodes.upperBound)]) : arena.count
        unsafe arena.withUnsafeBytes { bytes in
            let text = unsafe UnsafeRawBufferPointer(rebasing: bytes[..<end])
            var node = nodes.lowerBound
            var at = Int(offsets[Int(node)])
            while let hit = unsafe needle.first(in: text, from: at) {
                // Whose is it? Hits ascend, so the search goes on from the last.
                var high = nodes.upperBound
                while high - node > 1 {
                    let middle = node + (high - node) / 2
                    if Int(offsets[Int(middle)]) <= hit { node = middle } else { high = middle }
                }
                let range = self.range(of: node)
                if hit >= range.lowerBound, hit + needle.bytes.count <= range.upperBound {
                    body(node)
                    guard node + 1 < nodes.upperBound else { return }
                    node += 1
                    at = Int(offsets[Int(node)])
                } else {
                    // Across two identifiers or in what stands between them.
                    at = hit + 1
                }
            }
        }
    }

    func isBeyondASCII(_ node: Node) -> Bool { arena[range(of: node)].contains { $0 >= 0x80 } }
}
