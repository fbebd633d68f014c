import HTTPTypes
import Profiles
import Segments
import Vocabulary

/// What somebody measures, as it was read.
struct ReadMeasurement: Sendable {
    let measurement: Measurement
    let warnings: [ConditionError]
}

extension Call {
    /// A measure in a body: its text, or its JSON form.
    func measurement(_ json: JSONText?) throws -> ReadMeasurement {
        guard let json, json.isString || json.isObject else {
            throw Refusal(
                400, "computed-trait.measure", "`measure` must be a measure: a text such as `sum(total) of \"Order Completed\"`, or its JSON form.",
                remedy: "Send {\"measure\": \"…\"}; docs/computed-traits.md has examples.")
        }
        let names = try knownNames
        switch Call.readMeasurement(json, knowing: names) {
        case .success(let read): return read
        case .failure(let error): throw Refusal(error)
        }
    }

    private static func readMeasurement(_ json: JSONText, knowing names: KnownNames) -> Result<ReadMeasurement, ConditionError> {
        do throws(ConditionError) {
            let text = if let text = json.string { text } else { try Measurement(json: json).text }
            let read = try Measurement.read(text: text, knowing: names)
            return .success(ReadMeasurement(measurement: read.measurement, warnings: read.warnings))
        } catch {
            return .failure(error)
        }
    }

    /// What the computed traits come to for a profile, on a thread for questions about one person.
    ///
    /// - Parameter asOf: as of this instant, which counts itself; nil for now.
    func computed(_ profile: Profile, asOf: Timestamp?, named names: Set<String>? = nil) async throws -> [ComputedValue] {
        let place = try place
        let traits = place.computed.all.filter { names?.contains($0.name) ?? true }
        guard !traits.isEmpty else { return [] }
        let moment = Call.moment(asOf)
        return try await place.engine.pool.askOne { try place.engine.values(of: traits, for: profile, asOf: moment) }
    }

    /// An instant as conditions mean it: what happened at it or later has not happened.
    static func moment(_ asOf: Timestamp?) -> Timestamp { Timestamp(clamping: (asOf ?? Clock.now()).milliseconds + 1) }
}

extension ComputedValue {
    /// A value with where it comes from.
    static let shape = Shape.named(
        "ComputedValue",
        .object([
            "name": .text, "value": .anything, "computedBy": .described("What it is, in the text form.", .text), "id": .text, "version": .integer,
            "zone": .described("In which its days and months are counted.", .text), "asOf": .described("As of when it was worked out.", .time),
        ]))

    func write(_ w: inout JSONWriter, asOf: Timestamp) {
        w.object { w in
            w.member("name", trait.name)
            w.key("value")
            w.raw(json.bytes)
            w.member("computedBy", trait.measurement.text)
            w.member("id", trait.id)
            w.member("version", trait.version)
            w.member("zone", trait.zone.name)
            w.member("asOf", asOf)
        }
    }

    static func write(_ values: [ComputedValue], asOf: Timestamp?, _ w: inout JSONWriter) {
        let instant = asOf ?? Clock.now()
        w.key("computed")
        w.array { w in for value in values { value.write(&w, asOf: instant) } }
    }
}

extension Refusal {
    init(_ error: ComputedTraitError) {
        let isUnknown = if case .unknown = error { true } else { false }
        self = Refusal(isUnknown ? 404 : 400, error.explanation.code, error.explanation.problem, remedy: error.explanation.remedy)
    }
}
