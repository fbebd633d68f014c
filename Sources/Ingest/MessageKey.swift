import CKernels
public import Vocabulary

/// The keyed hash of (source, messageId): 88 bits, so that a billion events have a chance of 1 in 10^9 of any collision, and nobody
/// without the workspace's key can make one.
public struct MessageKey: Sendable, Hashable {
    let high: UInt64
    /// 24 bits.
    let low: UInt32
}

/// Makes message keys with one workspace's secret.
public struct MessageHasher: Sendable {
    private let key0: UInt64
    private let key1: UInt64

    /// - Parameter secret: at least 16 random bytes.
    public init(secret: [UInt8]) {
        (key0, key1) = unsafe secret.withUnsafeBytes {
            unsafe ($0.loadUnaligned(fromByteOffset: 0, as: UInt64.self), $0.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
        }
    }

    public func key(source: SourceNumber, messageId: ArraySlice<UInt8>) -> MessageKey {
        // The source is part of the key, not of the text, so that no messageId can imitate another source's.
        let hash = unsafe messageId.withUnsafeBytes { unsafe martlet_siphash128(key0 ^ UInt64(source) &* 0x9e37_79b9_7f4a_7c15, key1, $0.baseAddress, $0.count) }
        return MessageKey(high: hash.low, low: UInt32(truncatingIfNeeded: hash.high) & 0xff_ffff)
    }
}

/// One row of the message index: the key and where its event stands, 16 bytes.
struct MessageRow {
    var high: UInt64
    /// The key's low 24 bits above the position's 40.
    var rest: UInt64

    static let empty = MessageRow(high: 0, rest: .max)

    init(high: UInt64, rest: UInt64) {
        self.high = high
        self.rest = rest
    }

    init(_ key: MessageKey, _ position: LogPosition) {
        high = key.high
        rest = UInt64(key.low) << 40 | position
    }

    var isEmpty: Bool { rest == .max }
    var position: LogPosition { rest & 0xff_ffff_ffff }
    var key: MessageKey { MessageKey(high: high, low: UInt32(rest >> 40)) }
    func matches(_ key: MessageKey) -> Bool { high == key.high && UInt32(rest >> 40) == key.low }
}
