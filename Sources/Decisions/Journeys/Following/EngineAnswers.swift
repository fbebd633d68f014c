import Identity
import Profiles
import Segments
import Vocabulary

/// Asks the columns, as segments do, about one person.
final class EngineAnswers: JourneyAnswers {
    private let engine: SegmentEngine
    private let view: ColumnView
    private let segments: @Sendable (String) -> Condition?
    private let row: Row?
    private let findZone: () -> TimeZoneName?
    var lots: JourneyLots?
    private var question: (at: Timestamp, zone: TimeZoneName, question: Question)?

    /// - Parameter zone: called once, when the person's zone is first needed.
    init(_ engine: SegmentEngine, _ view: ColumnView, row: Row?, segments: @escaping @Sendable (String) -> Condition?, zone: @escaping () -> TimeZoneName?) {
        (self.engine, self.view, self.row, self.segments, findZone) = (engine, view, row, segments, zone)
    }

    lazy var zone: TimeZoneName? = findZone()

    var isThere: Bool { row.map { view.holds($0) } ?? false }

    func answer(_ condition: Condition, at: Timestamp, in zone: TimeZoneName) -> OneAnswer {
        guard let row else { return .no }
        // What happens in this millisecond has happened, as for live segments.
        let moment = Timestamp(clamping: at.milliseconds + 1)
        if question?.at != moment || question?.zone != zone {
            guard let fresh = try? engine.question(at: Moment(asOf: moment, zone: zone), in: view, segments: segments) else { return .no }
            question = (moment, zone, fresh)
        }
        // A segment that is gone is nobody's.
        return (try? question?.question.answer(condition, of: row)) ?? .no
    }
}
