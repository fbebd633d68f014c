public import Vocabulary

/// Whether the profile is a member of another segment at the same moment, or was at an earlier one. Segments may not contain themselves, however far around.
public struct SegmentTest: ConditionTest, Hashable {
    public static let key = "segment"
    /// The segment's id, as `seg_…`, or its unique handle.
    public let segment: String
    /// Asked as of then, by what the segment's condition is now; nil for the same moment. While it has not come yet, nobody was in.
    public let on: Timestamp?

    public init(segment: String, on: Timestamp? = nil) {
        self.segment = segment
        self.on = on
    }
}
