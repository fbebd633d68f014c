/// Which whole numbers satisfy a test: a few ranges, both ends included, ascending and apart.
public struct NumberRanges: Sendable, Hashable {
    public let ranges: [ClosedRange<Int64>]

    public init(_ ranges: [ClosedRange<Int64>]) { self.ranges = ranges }

    @inline(__always)
    public func contains(_ value: Int64) -> Bool {
        for range in ranges where value >= range.lowerBound && value <= range.upperBound { return true }
        return false
    }

    /// The numbers that are in none of the ranges.
    public var inverted: NumberRanges {
        var result: [ClosedRange<Int64>] = []
        var next = Int64.min + 1
        for range in ranges {
            if range.lowerBound > next { result.append(next...range.lowerBound - 1) }
            if range.upperBound == .max { return NumberRanges(result) }
            next = range.upperBound + 1
        }
        return NumberRanges(result + [next...Int64.max])
    }

    public static let all = NumberRanges([Int64.min + 1...Int64.max])
    public static let none = NumberRanges([])
}
