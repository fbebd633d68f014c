public import Packing

/// When the events of a run happened, by event; see ``Run`` for what they can be.
public struct EventTimes: Sendable, Packable {
    public let seconds: [UInt32]
    public let thousandths: [UInt16]

    public init(seconds: [UInt32], thousandths: [UInt16]) { (self.seconds, self.thousandths) = (seconds, thousandths) }

    /// In milliseconds since 1970.
    @inline(__always)
    public subscript(index: Int) -> Int64 { Int64(seconds[index]) * 1000 + Int64(thousandths[index]) }

    public var byteCount: Int { seconds.count * 6 }
    public static func byteCount(of packed: [PackedArray]) -> Int { packed.reduce(0) { $0 + $1.bytes.count } }

    public func packed() -> [PackedArray] { [PackedArray(seconds), PackedArray(thousandths)] }

    public init?(_ packed: [PackedArray]) {
        guard packed.count == 2, let seconds = packed[0].unpacked(UInt32.self), let thousandths = packed[1].unpacked(UInt16.self), seconds.count == thousandths.count else { return nil }
        self.init(seconds: seconds, thousandths: thousandths)
    }
}

/// Where the events of a run stand in the log, by event.
public struct EventPositions: Sendable, Packable {
    private let lows: [UInt32]
    /// Nil while no position needs more than 32 bits.
    private let highs: [UInt8]?

    public init(_ positions: [UInt64]) {
        lows = positions.map { UInt32(truncatingIfNeeded: $0) }
        highs = positions.contains { $0 > UInt64(UInt32.max) } ? positions.map { UInt8(truncatingIfNeeded: $0 >> 32) } : nil
    }

    @inline(__always)
    public subscript(index: Int) -> UInt64 { UInt64(lows[index]) | UInt64(highs?[index] ?? 0) << 32 }

    public var byteCount: Int { lows.count * 4 + (highs?.count ?? 0) }
    public static func byteCount(of packed: [PackedArray]) -> Int { packed.reduce(0) { $0 + $1.bytes.count } }

    public func packed() -> [PackedArray] { [PackedArray(lows)] + (highs.map { [PackedArray($0)] } ?? []) }

    public init?(_ packed: [PackedArray]) {
        guard let first = packed.first, let lows = first.unpacked(UInt32.self) else { return nil }
        self.lows = lows
        guard packed.count > 1 else {
            highs = nil
            return
        }
        guard let highs = packed[1].unpacked(UInt8.self), highs.count == lows.count else { return nil }
        self.highs = highs
    }
}
