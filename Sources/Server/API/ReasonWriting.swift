import Segments
import Vocabulary

/// Reasons as JSON, and the shape of that.
struct ReasonWriting {
    let language: String
    /// A segment by id or handle.
    let find: (String) -> Segment?

    func write(_ reasoning: ProfileReasoning, _ w: inout JSONWriter) {
        let answer: ReasonedAnswer? = if case .answered(let answer) = reasoning { answer } else { nil }
        w.member("answer", answer?.reason.isTrue ?? false)
        w.key("leftOut")
        switch reasoning {
        case .answered: w.null()
        case .objecting: SegmentRoutes.write(ReasonWriting.objects, &w)
        case .withoutEvents: SegmentRoutes.write(ReasonWriting.withoutEvents, &w)
        }
        w.key("reason")
        if let answer { write(answer.reason, &w) } else { w.null() }
        w.member("flipsAt", answer?.flipsAt)
        w.member("lookedUntil", answer?.lookedUntil)
    }

    static let objects = Explanation(
        code: "reason.objects", problem: "The person objects to analytics, so they are left out of every question and in no segment.", remedy: "Nothing is to be done: it is their choice.")
    static let withoutEvents = Explanation(
        code: "reason.no-events", problem: "Segments hold people, and no event of a person is known of this profile.", remedy: "Look at the profile's events; an account is none.")

    static func write(_ segment: Segment, _ w: inout JSONWriter) {
        w.object { w in
            w.member("id", segment.id)
            w.member("handle", segment.handle)
            w.member("name", segment.name)
        }
    }

    // MARK: - The tree

    private func write(_ reason: Reason, _ w: inout JSONWriter) {
        w.object { w in
            w.member("kind", reason.kind)
            w.member("sentence", reason.sentence(in: language))
            w.member("answer", reason.isTrue)
            w.member("decides", reason.decides)
            if let seen = reason.seenSentence(in: language) { w.member("seen", seen) }
            if case .test(let test as SegmentTest) = reason.condition, let segment = find(test.segment) {
                w.key("segment")
                ReasonWriting.write(segment, &w)
            }
            write(reason.seen, &w)
            guard !reason.parts.isEmpty else { return }
            w.key("parts")
            w.array { w in for part in reason.parts { write(part, &w) } }
        }
    }

    private func write(_ seen: Reason.Seen, _ w: inout JSONWriter) {
        switch seen {
        case .nothing: break
        case .bucket(let number): w.member("bucket", number)
        case .traits(let traits):
            w.key("traits")
            w.array { w in
                for trait in traits {
                    w.object { w in
                        w.member("name", trait.path)
                        w.key("value")
                        w.raw(trait.value)
                        w.key("statement")
                        write(trait.statement, &w)
                    }
                }
            }
        case .steps(let steps):
            w.key("steps")
            w.array { w in for step in steps { write(step, &w) } }
        case .events(let events): write(events, &w)
        }
    }

    private func write(_ events: SeenEvents, _ w: inout JSONWriter) {
        w.key("value")
        w.raw(events.value)
        w.member("count", events.count)
        w.key("unfilteredCount")
        if let count = events.unfilteredCount { w.number(count) } else { w.null() }
        w.member("from", events.window.from == .min ? nil : Timestamp(clamping: events.window.from))
        w.member("to", Timestamp(clamping: events.window.to))
        w.key("events")
        w.array { w in for event in events.events { write(event, &w) } }
        w.key("before")
        write(events.before, &w)
    }

    private func write(_ step: SeenStep, _ w: inout JSONWriter) {
        w.object { w in
            w.member("sentence", step.sentence(in: language))
            w.key("met")
            if let isMet = step.isMet { w.boolean(isMet) } else { w.null() }
            w.key("event")
            write(step.event, &w)
            w.member("waitsUntil", step.waitsUntil)
        }
    }

    private func write(_ event: SeenEvent?, _ w: inout JSONWriter) {
        guard let event else { return w.null() }
        w.object { w in
            w.member("position", event.position)
            w.member("timestamp", event.time)
            w.member("title", event.title)
            w.member("messageId", event.messageId)
            w.key("values")
            w.object { w in
                for (path, value) in event.values {
                    w.key(path)
                    w.raw(value)
                }
            }
        }
    }

    // MARK: - Shapes

    static let segment = Shape.named("SegmentName", .object(["id": .text, "handle": .text, "name": .text]))

    private static let event = Shape.named(
        "SeenEvent",
        .object([
            "position": .integer, "timestamp": .time, "title": .described("As a timeline calls it; empty where the log does not have it any more.", .text), "messageId": .orNull(.text),
            "values": .described("The properties that the test looks at, by their paths; long ones are cut.", .anyObject),
        ]))

    static let reason = Shape.named(
        "Reason",
        .described(
            "One part of a condition and why it is true or false. What there is beside the answer depends on the kind of test.",
            .object([
                "kind": .described("`and`, `or`, `not`, or the member that tells the kind in the JSON form of conditions.", .text), "sentence": .text, "answer": .boolean,
                "decides": .described("Whether the answer of the part above hangs on this one.", .boolean), "seen": .optional(.described("What was seen, in words.", .text)),
                "segment": .optional(segment), "bucket": .optional(.integer),
                "traits": .optional(.list(.object(["name": .text, "value": .anything, "statement": .described("The identify call that said so.", .orNull(event))]))),
                "value": .optional(.described("The measure.", .anything)), "count": .optional(.described("Events in the window that pass the filter.", .integer)),
                "unfilteredCount": .optional(.described("Events in the window whether or not they pass the filter; null without one.", .orNull(.integer))),
                "from": .optional(.orNull(.time)), "to": .optional(.time),
                "events": .optional(.described("At most five: the newest, or those that made the measure.", .list(event))),
                "before": .optional(.described("Where none counts: the last such event before the window.", .orNull(event))),
                "steps": .optional(.list(.object([
                    "sentence": .text, "met": .described("Null for steps that were not come to.", .orNull(.boolean)),
                    "event": .described("The step's event; of one that must be absent, the one that is there.", .orNull(event)),
                    "waitsUntil": .described("When a period in which nothing may happen will be over.", .orNull(.time)),
                ]))),
                "parts": .optional(.list(.reference("Reason"))),
            ])))
}

extension Reason {
    fileprivate var kind: String {
        switch condition {
        case .all: "and"
        case .any: "or"
        case .not: "not"
        case .test(let test): type(of: test).key
        }
    }
}

extension JSONWriter {
    /// The value, or null.
    fileprivate mutating func raw(_ value: JSONText?) { if let value { raw(value.bytes) } else { null() } }
}
