import Console
import Profiles
import Segments
import Vocabulary

/// A condition as somebody types it: read, asked of everyone, and answered in the page's words.
struct SegmentAsking: Sendable {
    let visit: Visit
    let text: String
    let zone: TimeZoneName
    let read: Result<ReadCondition, ConditionError>

    /// - Parameter zone: UTC where it is empty.
    init(_ visit: Visit, _ text: String, zone: String) {
        self.visit = visit
        self.text = text
        self.zone = zone.isEmpty ? .utc : TimeZoneName(name: zone)
        read = SegmentAsking.read(text, visit)
    }

    /// The field `text` with the line ends that were typed: a form sends each as two characters, and places are counted in the text.
    static func text(_ form: Form) -> String { String(decoding: form.text("text").utf8.filter { $0 != 0x0d }, as: UTF8.self) }

    private static func read(_ text: String, _ visit: Visit) -> Result<ReadCondition, ConditionError> {
        let names = (try? visit.call.knownNames) ?? KnownNames()
        do throws(ConditionError) { return .success(try Condition.read(text: text, knowing: names)) } catch { return .failure(error) }
    }

    func answer() async throws -> SegmentAnswer {
        guard text.contains(where: { !$0.isWhitespace }) else { return SegmentAnswer(.nothing) }
        let read: ReadCondition
        switch self.read {
        case .failure(let error): return SegmentAnswer(.refused(ConsoleProblem(error.explanation), SegmentAnswer.Place(error.place, in: text)))
        case .success(let value): read = value
        }
        let (engine, condition, conditions) = (visit.place.engine, read.condition, visit.place.segments.conditions)
        let moment = Moment(asOf: Timestamp(clamping: visit.now.milliseconds + 1), zone: zone)
        let found = try await engine.pool.ask { () throws -> Result<(Int, Int, Duration), SegmentError> in
            let start = ContinuousClock.now
            let view = try engine.view()
            do throws(SegmentError) {
                let rows = try engine.rows(condition, at: moment, in: view, segments: conditions)
                return .success((rows.reduce(0) { $0 + $1.count }, view.parts.reduce(0) { $0 + $1.alive.count }, ContinuousClock.now - start))
            } catch {
                return .failure(error)
            }
        }
        switch found {
        case .failure(let error): return SegmentAnswer(.refused(ConsoleProblem(error.explanation), nil))
        case .success(let (count, all, elapsed)):
            return SegmentAnswer(.counted(.init(
                count: count, of: all, milliseconds: elapsed / .milliseconds(1), sentence: condition.sentence(in: visit.frame.language.rawValue),
                warnings: read.warnings.map { ConsoleProblem($0.explanation) })))
        }
    }
}

extension SegmentAnswer.Place {
    /// Characters shown before and behind a fault on its line.
    private static let excerptMaximum = 60

    /// The line around a fault, cut in three; nil for a place in JSON.
    init?(_ place: ConditionError.Place, in text: String) {
        guard case .text(let place) = place else { return nil }
        let bytes = Array(text.utf8)
        let start = min(place.offset, bytes.count)
        let end = min(start + place.length, bytes.count)
        let before = String(decoding: bytes[..<start], as: UTF8.self)
        let fault = String(decoding: bytes[start..<end], as: UTF8.self)
        let after = String(decoding: bytes[end...], as: UTF8.self)
        let lineBefore = before.suffix(while: { $0 != "\n" })
        let lineAfter = after.prefix(while: { $0 != "\n" })
        let maximum = SegmentAnswer.Place.excerptMaximum
        self.init(
            line: place.line, column: place.column,
            before: (lineBefore.count > maximum ? "…" : "") + lineBefore.suffix(maximum), fault: String(fault.prefix(maximum * 2)),
            after: lineAfter.prefix(maximum) + (lineAfter.count > maximum ? "…" : ""), start: before.utf16.count, end: before.utf16.count + fault.utf16.count)
    }
}

extension StringProtocol {
    fileprivate func suffix(while holds: (Character) -> Bool) -> SubSequence {
        var start = endIndex
        while start > startIndex, holds(self[index(before: start)]) { start = index(before: start) }
        return self[start...]
    }
}
