import Decisions
import Identity
import Segments
import Vocabulary

/// Answers that a test tells: a condition is true from an instant on, by its text.
struct Told: JourneyAnswers {
    var trueFrom: [String: Timestamp] = [:]
    var zone: TimeZoneName?
    var isThere = true

    func answer(_ condition: Condition, at: Timestamp, in zone: TimeZoneName) -> OneAnswer {
        if condition.text == "everyone" { return OneAnswer(isTrue: true, mayChangeAt: nil) }
        guard let from = trueFrom[condition.text] else { return .no }
        return OneAnswer(isTrue: at >= from, mayChangeAt: at < from ? from : nil)
    }
}


/// A journey and one person in it, told by minutes.
struct Walked {
    let decider: JourneyDecider
    var answers = Told()
    var person = ProfileID(number: 7)
    private(set) var runs: [JourneyRun] = []
    private(set) var actions: [JourneyAction] = []
    /// Of the last event; people who merge later have positions of their own.
    var position: LogPosition = 0

    static let begin = Timestamp("2026-05-04T08:00:00Z")!
    static func minute(_ number: Int) -> Timestamp { Timestamp(clamping: begin.milliseconds + Int64(number) * 60_000) }

    init(_ yaml: String, state: JourneyDecider.State = .live) throws { try self.init(versions: [yaml], state: state) }

    init(versions: [String], state: JourneyDecider.State = .live) throws {
        var journeys: [Int64: Journey] = [:]
        for (number, yaml) in versions.enumerated() { journeys[Int64(number + 1)] = try Journey(json: JourneyYAML.json(yaml)) }
        decider = JourneyDecider(id: "jny_1", current: Int64(versions.count), versions: journeys, state: state)
    }

    /// A track call with properties.
    mutating func event(_ name: String, _ properties: [String: String] = [:], at minute: Int, happened: Int? = nil, by person: ProfileID? = nil, isOurs: Bool = false) {
        position += 1
        let pattern = name
        let happenings = decider.versions.mapValues { journey in
            let heard = Set(journey.ears.indices.filter { journey.ears[$0].names.contains(.track(pattern)) })
            return Happening(.event, at: Walked.minute(minute), happened: Walked.minute(happened ?? minute), heard: heard, position: position, value: { path in
                path.hasPrefix("properties.") ? properties[String(path.dropFirst(11))].map { JSONText(validating: Array($0.utf8)) ?? JSONText(trusted: Array("\"\($0)\"".utf8)) } : nil
            }, isOurs: { isOurs })
        }
        actions += decider.take(happenings, by: person ?? self.person, answers, &runs)
    }

    mutating func put(at minute: Int) { actions += decider.take(decider.versions.mapValues { _ in Happening(.entry, at: Walked.minute(minute)) }, by: person, answers, &runs) }

    mutating func pass(to minute: Int) { actions += decider.advance(to: Walked.minute(minute), answers, &runs) }

    /// Minute and step of everything that was decided.
    var decided: [String] { actions.map { "\(($0.at.milliseconds - Walked.begin.milliseconds) / 60_000) \($0.step)" } }
    var ends: [String?] { runs.map { $0.end?.reason } }

    /// The runs of another person, as after a merge.
    mutating func join(_ other: Walked) { runs += other.runs }
}
