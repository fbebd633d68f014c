/// Which lots somebody has drawn, where that is said rather than left to the hash of who they are, as a story says it.
public struct JourneyLots: Sendable, Hashable {
    public let isHeldOut: Bool
    /// By the id of a split, the number of its way; nil for who is in none of its shares. Of other splits the hash decides.
    public let ways: [String: Int?]

    public init(isHeldOut: Bool = false, ways: [String: Int?] = [:]) { (self.isHeldOut, self.ways) = (isHeldOut, ways) }
}
