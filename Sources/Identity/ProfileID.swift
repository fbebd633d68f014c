import CKernels
public import Vocabulary

/// The public name of a person or account: `prf_` and 13 letters and digits.
///
/// A person's is made of where in the log their earliest identifier was first named: a position is given once and kept by an erased record too,
/// so the id names this person or nobody, whatever is erased or read again. It is not made of the identifier, since a device that changes hands
/// after an erasure would take the id along. An account's is made of its groupId, since the event that named it first may be erased with a
/// person. Both are mixed with the workspace's key and tell nothing of the identifier, nor of when and how many.
public struct ProfileID: Hashable, Sendable {
    let value: UInt64

    init(_ value: UInt64) { self.value = value }

    /// From `prf_` and 13 letters and digits; nil for anything else.
    public init?(_ text: String) {
        guard text.utf8.count == 17, text.hasPrefix("prf_") else { return nil }
        var value: UInt64 = 0
        for letter in text.utf8.dropFirst(4) {
            guard let digit = ProfileID.alphabet.firstIndex(of: letter), value >> 59 == 0 else { return nil }
            value = value << 5 | UInt64(digit)
        }
        self.value = value
    }

    /// As tables keep it: the same 64 bits.
    public var number: Int64 { Int64(bitPattern: value) }
    public init(number: Int64) { value = UInt64(bitPattern: number) }

    public var text: String {
        let digits = (0..<13).reversed().map { ProfileID.alphabet[Int(value >> (UInt64($0) * 5) & 31)] }
        return "prf_" + String(decoding: digits, as: UTF8.self)
    }

    /// Base 32 without the letters that look like digits or make words (Crockford's).
    private static let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)
}

/// When an identifier was first named: 40 bits of position and which mention of that event it was.
struct Birth: BitwiseCopyable, Comparable {
    let word: UInt64

    init(word: UInt64) { self.word = word }
    init(_ position: LogPosition, mention: Int) { word = position << 8 | UInt64(min(mention, 255)) }

    static func < (a: Birth, b: Birth) -> Bool { a.word < b.word }
}

/// The births that one event may give: every mention counts, new or not, so that a birth depends on its own event alone.
struct Births {
    private let position: LogPosition
    private var mention = 0

    init(_ position: LogPosition) { self.position = position }

    mutating func next() -> Birth {
        defer { mention += 1 }
        return Birth(position, mention: mention)
    }
}

/// Turns births and groupIds into ids with one workspace's secret, and births back.
struct ProfileIDCipher: Sendable {
    private let key: (UInt64, UInt64)

    /// - Parameter secret: at least 16 random bytes.
    init(secret: [UInt8]) {
        key = unsafe secret.withUnsafeBytes {
            unsafe ($0.loadUnaligned(fromByteOffset: 0, as: UInt64.self), $0.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
        }
    }

    /// - Note: a Luby-Rackoff network of four rounds over two halves of 32 bits, SIAM J. Comput. 17 (1988): a permutation, so that no two births share an id.
    func id(of birth: Birth) -> ProfileID {
        var (left, right) = (UInt32(truncatingIfNeeded: birth.word >> 32), UInt32(truncatingIfNeeded: birth.word))
        for round in 0..<4 { (left, right) = (right, left ^ mix(right, round)) }
        return ProfileID(UInt64(left) << 32 | UInt64(right))
    }

    /// nil for a value that no birth has: births leave 16 bits zero, so that one in 65,536 made-up ids is a birth, and nearly none of these anyone's.
    func birth(of id: ProfileID) -> Birth? {
        var (left, right) = (UInt32(truncatingIfNeeded: id.value >> 32), UInt32(truncatingIfNeeded: id.value))
        for round in (0..<4).reversed() { (left, right) = (right ^ mix(left, round), left) }
        let word = UInt64(left) << 32 | UInt64(right)
        return word >> 48 == 0 ? Birth(word: word) : nil
    }

    func id(ofAccount groupId: some Collection<UInt8>) -> ProfileID {
        let bytes = Array(groupId)
        return ProfileID(unsafe bytes.withUnsafeBytes { unsafe martlet_siphash128(key.0, ~key.1, $0.baseAddress, $0.count).low })
    }

    private func mix(_ half: UInt32, _ round: Int) -> UInt32 {
        withUnsafeBytes(of: half.littleEndian) {
            unsafe UInt32(truncatingIfNeeded: martlet_siphash128(key.0 ^ UInt64(round + 1), key.1, $0.baseAddress, $0.count).low)
        }
    }
}

extension IdentityGraph {
    /// The id of the person or account that a node belongs to.
    public func id(_ node: Node) -> ProfileID { ownID(canonical(node)) }

    /// Under whose own id, ``bearerID(_:)``, stands what is decided for somebody who is named by this node: a device's things are those of the oldest user on it, so that they stay with the person when the device is taken from them;
    /// whoever is named by anything else, by that. What is kept so parts with the identifier when people part.
    public func bearer(_ node: Node) -> Node {
        guard namespace(node) == .anonymousId else { return node }
        return members(node).first { namespace($0) == .userId } ?? canonical(node)
    }

    /// The id of its own that the bearer of a node has.
    public func bearerID(_ node: Node) -> ProfileID { ownID(bearer(node)) }

    /// A node of the person or account with this id; also by an id from before a merge. nil when nobody has it.
    public func find(_ id: ProfileID) -> Node? {
        if let account = accounts[id] { return account }
        guard let birth = cipher.birth(of: id) else { return nil }
        var low = 0
        var high = births.count
        while low < high {
            let middle = (low + high) / 2
            if births[middle] < birth { low = middle + 1 } else { high = middle }
        }
        guard low < births.count, births[low] == birth, namespace(Node(low)) != .groupId else { return nil }
        return Node(low)
    }

    /// The id that a node has by itself, before any merge: of the lowest node of those that were one person at some time, what their id was.
    public func ownID(_ node: Node) -> ProfileID {
        namespace(node) == .groupId && !identifier(node).value.isEmpty ? cipher.id(ofAccount: identifier(node).value) : cipher.id(of: births[Int(node)])
    }
}
