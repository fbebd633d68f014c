/// What the name system is asked: the texts that stand at a name, or which servers take its mail (RFC 1035).
public struct DNSQuestion: Sendable, Hashable {
    public enum Kind: Int, Sendable, CaseIterable { case mailServers = 15, texts = 16 }

    public let kind: Kind
    /// In small letters, without a dot at its end.
    public let name: String
    /// The name as messages carry it: labels, each behind its length, and an empty one.
    let labels: [UInt8]

    /// Nil for what is no name: a label that is empty or longer than 63 bytes, more than 255 bytes in all, or signs beyond ASCII.
    public init?(_ kind: Kind, _ name: String) {
        let small = name.lowercased()
        var labels: [UInt8] = []
        for label in small.utf8.split(separator: 0x2e, omittingEmptySubsequences: false) {
            guard (1...63).contains(label.count), label.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else { return nil }
            labels.append(UInt8(label.count))
            labels += label
        }
        labels.append(0)
        guard labels.count <= DNSQuestion.labelsMaximum else { return nil }
        (self.kind, self.name, self.labels) = (kind, small, labels)
    }

    static let labelsMaximum = 255
    static let internet = 1

    /// The message that asks it of a server that asks others in turn.
    func bytes(id: UInt16) -> [UInt8] {
        func pair(_ value: Int) -> [UInt8] { [UInt8(value >> 8 & 0xff), UInt8(value & 0xff)] }
        let head = pair(Int(id)) + pair(DNSHead.wantsRecursion) + pair(1) + pair(0) + pair(0) + pair(0)
        return head + labels + pair(kind.rawValue) + pair(DNSQuestion.internet)
    }
}

/// The bits of a message's second pair of bytes.
enum DNSHead {
    static let byteCount = 12
    static let isReply = 0x8000, kindOfQuestion = 0x7800, isOfOwner = 0x0400, isTruncated = 0x0200, wantsRecursion = 0x0100, recursionAvailable = 0x0080, code = 0x000f
}
