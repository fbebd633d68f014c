import Identity
import Profiles
import Segments
import Vocabulary

/// Asks a destination's condition of people as they are now, by the plans that segments are answered by.
///
/// Whoever objects to `analytics` is in no column, and so satisfies no condition.
struct DestinationFilter {
    private let condition: Condition
    private let question: Question

    /// What filters must ask of the rest.
    struct Surroundings: Sendable {
        let engine: SegmentEngine
        let columns: ProfileColumns
        /// What conditions mean by the name of a segment.
        let segments: @Sendable (String) -> Condition?
        /// In which days and hours are counted.
        let zone: @Sendable () -> TimeZoneName
        let clock: @Sendable () -> Timestamp
    }

    /// Nil for a destination without a condition. Made before anybody looks up who people are, so that rows mean the same.
    ///
    /// - Throws: where the condition cannot be read any more, or the consent ledger cannot be asked.
    init?(_ destination: Destination, _ surroundings: Surroundings) throws {
        guard !destination.condition.isEmpty else { return nil }
        condition = try Condition(text: destination.condition)
        // What happens in this millisecond has happened, as for live segments.
        let now = Timestamp(clamping: surroundings.clock().milliseconds + 1)
        question = try surroundings.engine.question(at: Moment(asOf: now, zone: surroundings.zone()), in: try surroundings.engine.view(), segments: surroundings.segments)
    }

    /// Whose rows satisfy it; a condition that names what is gone is nobody's. Called outside the state lock.
    ///
    /// - Parameter people: each with their row, nil where they have none.
    func holds(_ people: [(id: ProfileID, row: Row?)]) -> Set<ProfileID> {
        var known: [ProfileID: Bool] = [:]
        for (id, row) in people where known[id] == nil { known[id] = row.map { (try? question.answer(condition, of: $0))?.isTrue ?? false } ?? false }
        return Set(known.filter(\.value).keys)
    }
}
