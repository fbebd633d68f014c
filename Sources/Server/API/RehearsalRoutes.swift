import Access
import Decisions
import Delivery
import HTTPTypes
import Segments
import Vocabulary

/// Rehearsals: what a journey would have done with the last days.
struct RehearsalRoutes: Sendable {
    static let daysMaximum = 400
    private static let decision = Shape.object(["key": .text, "profile": .text, "step": .text, "what": .text, "isMessage": .boolean, "at": .time])
    static let answer = Shape.named(
        "Rehearsal",
        .object([
            "from": .time, "to": .time, "entered": .described("Runs; results count people.", .integer), "heldOut": .described("Runs.", .integer), "people": .described("Who entered, each once.", .integer), "messages": .integer, "converted": .described("Runs that came to the goal; results count people.", .integer),
            "byDay": .list(.object(["day": .text, "steps": .map(.integer)])), "byCount": .described("How many people would have got so many messages.", .list(.object(["messages": .integer, "people": .integer]))),
            "overCap": .described("Messages that a cap has no room for when they are due.", .integer), "peopleOverCap": .integer, "overByCap": .described("The same by the cap's name.", .map(.integer)),
            "held": .described("Messages that quiet hours hold back.", .integer), "collisions": .described("Messages within a day of one that something else decided for the same person.", .integer),
            "steps": .list(.object(["id": .text, "arrived": .integer, "passed": .integer, "decided": .integer])), "ended": .list(.object(["reason": .text, "count": .integer])),
            "notPlayed": .described("What the live journey does and the rehearsal leaves out, or does not play exactly; empty for most.", .list(.object(["what": .choice(RehearsalGap.allCases.map(\.rawValue)), "sentence": .text]))),
            "decisions": .list(decision), "milliseconds": .number,
        ]))

    var routes: [Route] {
        [
            Route(
                .post, "/api/v1/journeys/rehearse", .scope(.profilesRead), "What a journey would have done with the last days. Nothing is kept and nothing is sent.",
                takes: .json(
                    .object([
                        "id": .optional(.described("A kept journey; or send `journey` or `yaml`.", .text)), "journey": .optional(.anyObject), "yaml": .optional(.text),
                        "days": .optional(.described("How many days back, 1 to 400; 30 unless told.", .integer)), "to": .optional(.described("Up to when; now unless told.", .time)),
                        "cap": .optional(.described("Beyond how many messages in how many days is counted, instead of the caps of the sending policy.", .object(["count": .integer, "days": .integer]))),
                        "limit": .optional(.described("How many decisions to tell one by one, 0 to 100000; 100 unless told.", .integer)), "wait": SegmentRoutes.wait,
                    ]), example: "{\"yaml\": \"name: Cart\\ntrigger: {event: '\\\"Product Added\\\"'}\\nsteps:\\n- message: cart-reminder\\n  purpose: marketing\\n\", \"days\": 30}"),
                answers: .json(Self.answer)
            ) { call in
                let json = try await call.json()
                let kept = try json["id"]?.string.map { id in
                    guard let kept = try call.place.journeys.find(id) else { throw JourneyRoutes.unknown }
                    return kept
                }
                try await call.settle(json)
                let cap = try json["cap"].map { given in
                    SendingPolicy.Cap(name: "asked", limit: try call.integer(given, "count", in: 1...1000, default: 3), minutes: try call.integer(given, "days", in: 1...365, default: 7) * 1440)
                }
                let (journey, rehearsal) = try await Self.rehearse(
                    try kept?.document ?? JourneyRoutes.document(json), id: kept?.id, days: try call.integer(json, "days", in: 1...Self.daysMaximum, default: 30), to: try Self.end(json), cap: cap,
                    limit: try call.integer(json, "limit", in: 0...100_000, default: 100), in: try call.place)
                return Reply { Self.write(rehearsal, of: journey, &$0) }
            },
            Route(
                .post, "/api/v1/journeys/test", .scope(.journeysRead), "Play the stories that stand under `tests` in a journey, each in a world of its own.",
                takes: .json(
                    .object(["id": .optional(.described("A kept journey; or send `journey` or `yaml`.", .text)), "journey": .optional(.anyObject), "yaml": .optional(.text)]),
                    example: "{\"yaml\": \"name: Hello\\ntrigger: {event: '\\\"Signed Up\\\"'}\\nsteps: [{message: hello, purpose: email.news}]\\ntests: [{name: greets, story: [{event: Signed Up}, {expect: {message: hello}}]}]\\n\"}"),
                answers: .json(.object(["isKept": .boolean, "stories": .list(.object(["name": .text, "failures": .list(.text)]))]))
            ) { call in
                let json = try await call.json()
                let kept = try json["id"]?.string.map { id in
                    guard let kept = try call.place.journeys.find(id) else { throw JourneyRoutes.unknown }
                    return kept
                }
                let stories = try await Self.play(try kept?.document ?? JourneyRoutes.document(json), in: try call.place)
                return Reply { w in
                    w.object { w in
                        w.member("isKept", stories.allSatisfy(\.failures.isEmpty))
                        w.key("stories")
                        w.array { w in
                            for story in stories {
                                w.object { w in
                                    w.member("name", story.name)
                                    w.key("failures")
                                    w.array { w in for failure in story.failures { w.string(failure) } }
                                }
                            }
                        }
                    }
                }
            },
        ]
    }

    /// What each story of a journey was done otherwise.
    static func play(_ document: JourneyDocument, in place: Workspace) async throws -> [(name: String, failures: [String])] {
        let journey = try JourneyRoutes.read(document, place)
        var played: [(name: String, failures: [String])] = []
        for story in try JourneyRoutes.stories(document, of: journey) {
            played.append((story.name, try await StoryStage(in: place).failures(of: story, journey)))
        }
        return played
    }

    private static func end(_ json: JSONText) throws -> Timestamp {
        guard let text = json["to"] else { return Timestamp(clamping: Clock.now().milliseconds + 1) }
        guard let time = text.string.flatMap({ Timestamp($0) }) else { throw Refusal(400, "request.parameter", "`to` is not a time.", remedy: "Write it as 2026-07-01T00:00:00Z.") }
        return time
    }

    /// On a thread for questions.
    ///
    /// - Parameter id: of the kept journey; nil for a draft, which is a next version of the one of its name, and holds out and splits as that does.
    static func rehearse(_ document: JourneyDocument, id: String?, days: Int, to: Timestamp, cap: SendingPolicy.Cap? = nil, limit: Int = 100, in place: Workspace) async throws -> (Journey, Rehearsal) {
        let journey = try JourneyRoutes.read(document, place)
        let from = Timestamp(clamping: to.milliseconds - Int64(days) * 86_400_000)
        let walking = place.walking
        let id = id ?? place.journeys.find(journey.name)?.id ?? "draft"
        var policy = place.policy.current
        if let cap { policy.caps = [cap] }
        let asked = policy
        do {
            return (journey, try await place.engine.pool.ask { try walking.rehearse(journey, id: id, from: from, to: to, policy: { asked.fates(of: $0, zone: $1) }, limit: limit) })
        } catch let error as SegmentError { throw Refusal(error) }
    }

    static func write(_ rehearsal: Rehearsal, of journey: Journey, _ w: inout JSONWriter) {
        let counts = RehearsalCounts(rehearsal)
        w.object { w in
            w.member("from", rehearsal.from)
            w.member("to", rehearsal.to)
            w.member("entered", counts.whole("entered"))
            w.member("heldOut", counts.whole("held"))
            w.member("people", rehearsal.people)
            w.member("messages", rehearsal.messages)
            w.member("converted", counts.whole("converted"))
            w.key("byDay")
            w.array { w in
                for (day, steps) in rehearsal.messagesByDay.sorted(by: { $0.key < $1.key }) {
                    w.object { w in
                        w.member("day", String(Timestamp(clamping: day * 86_400_000).iso8601.prefix(10)))
                        w.key("steps")
                        w.object { w in for (step, count) in steps.sorted(by: { $0.key < $1.key }) { w.member(step, count) } }
                    }
                }
            }
            w.key("byCount")
            w.array { w in
                for (messages, people) in rehearsal.peopleByMessages.sorted(by: { $0.key < $1.key }) {
                    w.object {
                        $0.member("messages", messages)
                        $0.member("people", people)
                    }
                }
            }
            w.member("overCap", rehearsal.overCap)
            w.member("peopleOverCap", rehearsal.peopleOverCap)
            w.key("overByCap")
            w.object { w in for (name, count) in rehearsal.overByCap.sorted(by: { $0.key < $1.key }) { w.member(name, count) } }
            w.member("held", rehearsal.held)
            w.member("collisions", rehearsal.collisions)
            w.key("steps")
            w.array { w in
                for step in journey.steps {
                    w.object { w in
                        w.member("id", step.id)
                        for what in ["arrived", "passed", "decided"] { w.member(what, counts.step(step.id, what)) }
                    }
                }
            }
            w.key("ended")
            w.array { w in
                for (reason, count) in counts.ended {
                    w.object {
                        $0.member("reason", reason)
                        $0.member("count", count)
                    }
                }
            }
            w.key("notPlayed")
            w.array { w in
                for gap in rehearsal.gaps {
                    w.object {
                        $0.member("what", gap.rawValue)
                        $0.member("sentence", gap.sentence)
                    }
                }
            }
            w.key("decisions")
            w.array { w in
                for decision in rehearsal.decisions.sorted(by: { ($0.at, $0.key) < ($1.at, $1.key) }) {
                    w.object {
                        $0.member("key", decision.key)
                        $0.member("profile", decision.profile)
                        $0.member("step", decision.step)
                        $0.member("what", decision.what)
                        $0.member("isMessage", decision.isMessage)
                        $0.member("at", decision.at)
                    }
                }
            }
            w.key("milliseconds")
            w.number(rehearsal.milliseconds)
        }
    }
}

/// The numbers of a rehearsal by what they are of.
struct RehearsalCounts {
    private var sums: [String: [String: Int64]] = [:]

    init(_ rehearsal: Rehearsal) { for (key, value) in rehearsal.counts.values { sums[key.step, default: [:]][key.what, default: 0] += value.count } }

    func whole(_ what: String) -> Int64 { step("", what) }
    func step(_ id: String, _ what: String) -> Int64 { sums[id]?[what] ?? 0 }
    var ended: [(String, Int64)] { (sums[""] ?? [:]).filter { $0.key.hasPrefix("ended:") }.map { (String($0.key.dropFirst(6)), $0.value) }.sorted { ($1.1, $0.0) < ($0.1, $1.0) } }
}
