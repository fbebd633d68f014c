/// Whether the profile is a member of another segment at the same moment. Segments may not contain themselves, however far around.
public struct SegmentTest: ConditionTest, Hashable {
    public static let key = "segment"
    /// The segment's id, as `seg_…`, or its unique handle.
    public let segment: String

    public init(segment: String) { self.segment = segment }
}
