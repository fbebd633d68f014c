public import Vocabulary

/// The clock by which `date` shows instants.
public struct TemplateZone: Sendable {
    /// What the clock shows beyond UTC at an instant, in seconds.
    let offsetSeconds: @Sendable (Timestamp) -> Int64
    public init(offsetSeconds: @escaping @Sendable (Timestamp) -> Int64) { self.offsetSeconds = offsetSeconds }
}
