import Console
import Segments
import Vocabulary

/// A measure as somebody types it: read, worked out for everyone, and answered in the page's words.
struct MeasureAsking: Sendable {
    let visit: Visit
    let text: String
    let zone: TimeZoneName
    let read: Result<ReadMeasurement, ConditionError>

    /// - Parameter zone: UTC where it is empty.
    init(_ visit: Visit, _ text: String, zone: String) {
        self.visit = visit
        self.text = text
        self.zone = zone.isEmpty ? .utc : TimeZoneName(name: zone)
        read = MeasureAsking.read(text, visit)
    }

    private static func read(_ text: String, _ visit: Visit) -> Result<ReadMeasurement, ConditionError> {
        let names = (try? visit.call.knownNames) ?? KnownNames()
        do throws(ConditionError) {
            let read = try Measurement.read(text: text, knowing: names)
            return .success(ReadMeasurement(measurement: read.measurement, warnings: read.warnings))
        } catch {
            return .failure(error)
        }
    }

    func answer() async throws -> MeasureAnswer {
        guard text.contains(where: { !$0.isWhitespace }) else { return MeasureAnswer(.nothing) }
        let read: ReadMeasurement
        switch self.read {
        case .failure(let error): return MeasureAnswer(.refused(ConsoleProblem(error.explanation), SegmentAnswer.Place(error.place, in: text)))
        case .success(let value): read = value
        }
        if let fault = zone.fault { return MeasureAnswer(.refused(ConsoleProblem(fault), nil)) }
        let found = try await visit.place.engine.distribution(of: read.measurement, at: Moment(asOf: Call.moment(visit.now), zone: zone))
        return MeasureAnswer(.found(.init(
            chart: ValueChart(found.distribution), milliseconds: found.elapsed / .milliseconds(1), sentence: read.measurement.sentence(in: visit.frame.language.rawValue),
            warnings: read.warnings.map { ConsoleProblem($0.explanation) })))
    }
}

extension ValueChart {
    init(_ found: Distribution) {
        let values: Values =
            switch found.values {
            case .none: .none
            case .range(let range, let areTimes):
                .range(
                    minimum: ValueChart.number(range.minimum, areTimes), median: ValueChart.number(range.median, areTimes), maximum: ValueChart.number(range.maximum, areTimes),
                    range.bars.map { Bar(from: $0.from, to: $0.to, count: $0.count) }, areTimes: areTimes)
            case .top(let entries, let different): .top(entries.map { Entry(value: $0.value.text, count: $0.count) }, different: different)
            }
        self.init(people: found.people, count: found.count, values: values)
    }

    private static func number(_ json: JSONText, _ isTime: Bool) -> Double {
        isTime ? json.string.flatMap { Timestamp($0) }.map { Double($0.milliseconds) } ?? 0 : Double(json.text) ?? 0
    }
}
