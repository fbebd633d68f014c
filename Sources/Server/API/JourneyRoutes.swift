import Access
import Decisions
import HTTPTypes
import Segments
import Vocabulary

/// Journeys: versioned documents, started, paused and stopped, and what has come of them.
struct JourneyRoutes: Sendable {
    private static let written: Members = [
        "journey": .optional(.described("The journey as JSON; or send `yaml`.", .anyObject)), "yaml": .optional(.described("The journey as YAML, kept as it is written.", .text)),
    ]
    static let journey = Shape.named(
        "Journey",
        .object([
            "id": .text, "name": .text, "note": .text, "state": .choice(JourneyDecider.State.allCases.map(\.rawValue)), "trigger": .choice(JourneyTrigger.kinds),
            "version": .described("Of what was written last.", .integer), "liveVersion": .described("In which people begin; 0 before it was started.", .integer), "savedAt": .time, "author": .text,
            "journey": .anyObject, "yaml": .text, "warnings": .list(.explanation),
            "canaries": .described("Of a campaign, what its canaries' messages said when it was last asked whether everyone else follows; null before anyone else was due.", .orNull(.object([
                "verdict": .described("`goes`: everyone else follows. `holds`: too little is known yet. `stops`: the campaign was paused.", .choice(CanaryReport.Verdict.allCases.map(\.rawValue))),
                "at": .time, "decided": .described("Messages; of those that are none of the following nothing is known yet.", .integer), "sent": .integer, "failed": .integer,
                "refused": .described("By the rules of sending, such as consent.", .integer), "failedShare": .described("Of those that were sent or failed; null where none was.", .orNull(.number)), "stopAbove": .number,
            ]))),
        ]))
    private static let standing = Shape.list(.object(["version": .integer, "step": .described("Empty for those of whom inaction is waited for.", .text), "count": .integer]))
    private static let estimate = Shape.orNull(.object(["value": .number, "low": .number, "high": .number, "isClear": .boolean]))
    private static let arm = Shape.object([
        "people": .described("Each once, on the side of their first run.", .integer), "converted": .described("How many of them reached the goal.", .integer), "rate": .orNull(.number),
        "revenue": .described("Of all their orders, each once; numbers are added up whatever their currency.", .number),
    ])
    static let results = Shape.named(
        "JourneyResults",
        .object([
            "entered": .described("Runs, whether they walked or were held out.", .integer), "walked": arm, "heldOut": arm,
            "lift": .described("The difference of the shares of people who convert, with its 95 % interval (Newcombe's method 10), of those who came in while as many were held out as now.", estimate),
            "revenueLift": .described("The difference of revenue per person, with its 95 % interval (Welch); null below 30 people.", estimate),
            "ended": .list(.object(["reason": .text, "count": .integer])),
            "steps": .described("Of the version in which people begin; before it was started, of what was written last.", .list(
                .object([
                    "id": .text, "kind": .text, "summary": .text, "depth": .integer, "arrived": .integer, "at": .integer, "passed": .integer, "decided": .integer,
                    "sent": .described("Messages that were sent, as the log has told.", .integer),
                    "failed": .described("Messages that could not be sent, or came back.", .integer), "refused": .described("By the rules of sending, such as consent.", .integer), "opened": .integer, "clicked": .integer,
                    "ways": .list(.object(["name": .text, "count": .integer])),
                ]))),
        ]))

    private static let example = """
        {"journey": {"name": "Abandoned cart", "trigger": {"event": "\\"Product Added\\""}, "steps": [{"wait": "1 hour"}, {"message": "cart-reminder", "purpose": "marketing"}]}}
        """

    var routes: [Route] {
        [
            Route(
                .get, "/api/v1/journeys", .scope(.journeysRead), "Journeys, in the order of their names.",
                [
                    RouteParameter("q", .text, "What stands in their names."), RouteParameter("limit", .integer(1...1000), "How many at most; 1000 unless told."),
                    RouteParameter("after", .text, "The `next` of the page before."),
                ], answers: .json(.object(["journeys": .list(Self.journey), "next": Shape.next]))
            ) { call in
                let place = try call.place
                let (journeys, next) = place.journeys.page(named: call.query("q") ?? "", after: try Self.place(call.query("after")), limit: try call.integer("limit", in: 1...1000, default: 1000))
                return Reply { w in
                    w.object { w in
                        w.key("journeys")
                        w.array { w in for kept in journeys { Self.write(kept, place, &w) } }
                        w.member("next", next?.text)
                    }
                }
            },
            Route(
                .post, "/api/v1/journeys", .scope(.journeysWrite), "Make a journey, as a draft. What cannot be read is refused with its place.", takes: .json(.object(Self.written), example: Self.example, refusesKinds: false),
                answers: .json(Self.journey, status: 201, "Made.")
            ) { call in
                let place = try call.place
                let kept = try Self.save(Self.newID(), try Self.document(try await call.json()), call)
                return Reply(status: .created) { Self.write(kept, place, &$0) }
            },
            Route(
                .post, "/api/v1/journeys/check", .scope(.journeysRead), "Read a journey and say what is wrong with it; nothing is kept.", takes: .json(.object(Self.written), example: Self.example, refusesKinds: false),
                answers: .json(.object(["journey": .anyObject, "yaml": .text, "steps": .list(.object(["id": .text, "kind": .text, "summary": .text])), "warnings": .list(.explanation)]))
            ) { call in
                let place = try call.place
                let document = try Self.document(try await call.json())
                let journey = try Self.read(document, place)
                _ = try Self.stories(document, of: journey)
                return Reply { w in
                    w.object { w in
                        w.key("journey")
                        w.raw(document.json.bytes)
                        w.member("yaml", document.yaml)
                        w.key("steps")
                        w.array { w in
                            for step in journey.steps {
                                w.object {
                                    $0.member("id", step.id)
                                    $0.member("kind", step.step.key)
                                    $0.member("summary", step.step.summary)
                                }
                            }
                        }
                        Self.write(warnings: Self.warnings(journey, place), &w)
                    }
                }
            },
            Route(.get, "/api/v1/journeys/{id}", .scope(.journeysRead), "One journey, by id or name.", answers: .json(Self.journey)) { call in
                let (place, kept) = (try call.place, try Self.find(call))
                return Reply { Self.write(kept, place, &$0) }
            },
            Route(
                .put, "/api/v1/journeys/{id}", .scope(.journeysWrite), "Write a new version of a journey; people begin in it when it is started. With the header If-Match, only that version is replaced.", takes: .json(.object(Self.written), example: Self.example, refusesKinds: false),
                answers: .json(Self.journey)
            ) { call in
                let place = try call.place
                let (id, document) = (try Self.find(call).id, try Self.document(try await call.json()))
                let kept = try call.replacing { seen in try Self.save(id, document, replacing: seen, call) }
                return Reply { Self.write(kept, place, &$0) }
            },
            Route(.delete, "/api/v1/journeys/{id}", .scope(.journeysWrite), "Delete a journey that nobody walks, with its runs and results.", answers: .json(.success)) { call in
                let place = try call.place
                let kept = try Self.find(call)
            try place.refuseWhileUsed(kept)
            guard try place.journeys.delete(kept.id, author: AdminRoutes.author(call), at: Clock.now()) else { throw Self.unknown }
                place.walking.changed()
                return Reply { w in w.object { $0.member("success", true) } }
            },
            Route(
                .get, "/api/v1/journeys/{id}/versions", .scope(.journeysRead), "The versions of a journey, newest first.", [RouteParameter("limit", .integer(1...100), "How many at most; 20 unless told.")],
                answers: .json(.object(["versions": .list(.object(["version": .integer, "savedAt": .time, "author": .text, "yaml": .text]))]))
            ) { call in
                let (place, kept) = (try call.place, try Self.find(call))
                let history = try place.journeys.history(kept.id, limit: try call.integer("limit", in: 1...100, default: 20))
                let documents = try history.map { try place.journeys.document(kept.id, version: $0.version) }
                return Reply { w in
                    w.object { w in
                        w.key("versions")
                        w.array { w in
                            for (entry, document) in zip(history, documents) {
                                w.object {
                                    $0.member("version", entry.version)
                                    $0.member("savedAt", entry.at)
                                    $0.member("author", entry.author)
                                    $0.member("yaml", document?.yaml ?? "")
                                }
                            }
                        }
                    }
                }
            },
            Route(.get, "/api/v1/journeys/{id}/standing", .scope(.journeysRead), "How many stand at which step of which version: whom a new version would meet.", answers: .json(.object(["standing": Self.standing]))) { call in
                let (place, kept) = (try call.place, try Self.find(call))
                let standing = try place.journeys.standing(in: kept)
                return Reply { w in
                    w.object { w in
                        w.key("standing")
                        w.array { w in
                            for entry in standing {
                                w.object {
                                    $0.member("version", entry.version)
                                    $0.member("step", entry.step)
                                    $0.member("count", entry.count)
                                }
                            }
                        }
                    }
                }
            },
            Route(.get, "/api/v1/journeys/{id}/results", .scope(.journeysRead), "What has come of a journey: its funnel by step, conversions, revenue, and the lift against who was held out.", answers: .json(Self.results)) { call in
                let (place, kept) = (try call.place, try Self.find(call))
                let results = try place.journeys.results(of: kept, steps: place.journeys.live(kept).journey)
                return Reply { JourneyWriting.write(results, &$0) }
            },
        ] + changing
    }

    private var changing: [Route] {
        let state = Shape.object(["state": .text, "changed": .described("How many runs were moved or ended.", .integer)])
        @Sendable func reply(_ call: Call, _ count: Int) throws -> Reply {
            let kept = try Self.find(call)
            return Reply { w in
                w.object {
                    $0.member("state", kept.state.rawValue)
                    $0.member("changed", count)
                }
            }
        }
        return [
            Route(
                .post, "/api/v1/journeys/{id}/start", .scope(.journeysWrite), "Start a journey in the version that was written last, or go on with one that was paused.",
                takes: .json(.object(["policy": .optional(.described("What those in an older version do: finish it (unless told), migrate to the step of the same id, or leave.", .choice(JourneyFollower.Policy.allCases.map(\.rawValue))))]), isRequired: false, refusesKinds: false),
                answers: .json(state)
            ) { call in
                let (place, kept) = (try call.place, try Self.find(call))
                let policy = try Self.policy(try await call.jsonIfAny()["policy"])
                _ = try Self.read(kept.document, place)
                if let missing = kept.journey.templates.first(where: { place.templates.find($0) == nil }) {
                    throw Refusal(400, "journey.no-template", "There is no template `\(missing.prefix(64))`.", remedy: "Save it first, or name another in the message step.")
                }
                if let missing = kept.journey.destinations.first(where: { place.destinations.find($0) == nil }) {
                    throw Refusal(400, "journey.no-destination", "There is no destination `\(missing.prefix(64))`.", remedy: "Make it first, or name another in the webhook step.")
                }
                try Self.checkCircle(kept, place)
                try await Self.checkSender(kept, place)
                return try reply(call, try await place.walking.start(kept.id, policy: policy) ?? 0)
            },
            Route(.post, "/api/v1/journeys/{id}/pause", .scope(.journeysWrite), "Nobody comes in and nobody moves until the journey is started again; who reaches the goal or an exit leaves.", answers: .json(state)) { call in
                guard try await call.place.walking.pause(try Self.find(call).id) else { throw Refusal(400, "journey.not-live", "The journey is not live.", remedy: "Only a live journey can be paused.") }
                return try reply(call, 0)
            },
            Route(.post, "/api/v1/journeys/{id}/stop", .scope(.journeysWrite), "End a journey and every run in it.", answers: .json(state)) { call in
                guard let count = try await call.place.walking.stop(try Self.find(call).id) else { throw Self.unknown }
                return try reply(call, count)
            },
        ]
    }

    // MARK: - Reading

    static func newID() -> String { "jny_" + SegmentRoutes.newID().dropFirst(4) }

    static let unknown = Refusal(404, "journey.unknown", "There is no such journey.", remedy: "Check its id or name.")

    /// - Throws: ``Refusal`` 400 for what no list has given out.
    static func place(_ after: String?) throws -> JourneyPlace? {
        guard let after else { return nil }
        guard let place = JourneyPlace(after) else { throw ReadRoutes.noCursor }
        return place
    }

    static func find(_ call: Call) throws -> KeptJourney {
        guard let kept = try call.place.journeys.find(call.parameter("id")) else { throw unknown }
        return kept
    }

    static func refusing<Value>(_ body: () throws -> Value) throws -> Value {
        do { return try body() } catch let fault as JourneyFault { throw Refusal(fault) } catch let error as SegmentError { throw Refusal(error) }
    }

    static func document(_ json: JSONText) throws -> JourneyDocument {
        if let yaml = json["yaml"]?.string { return try refusing { try JourneyDocument(yaml: yaml) } }
        guard let journey = json["journey"], journey.isObject else { throw Refusal(400, "request.journey", "There is no journey in the body.", remedy: "Send {\"journey\": {…}} or {\"yaml\": \"…\"}.") }
        return JourneyDocument(json: journey)
    }

    private static func policy(_ json: JSONText?) throws -> JourneyFollower.Policy {
        guard let json else { return .finish }
        guard let policy = json.string.flatMap(JourneyFollower.Policy.init) else { throw Refusal(400, "journey.policy", "`policy` is none of finish, migrate, leave.", remedy: "Write one of them.") }
        return policy
    }

    /// Reads a document and checks that what it names is there.
    static func read(_ document: JourneyDocument, _ place: Workspace) throws -> Journey {
        try refusing {
            let journey = try placing(document) { () throws(JourneyFault) in try Journey(json: document.json, knowing: place.knownNames) }
            // Here and not where a journey is read: one that was saved before stays one.
            if journey.name.hasControlCharacters {
                var refusal = Refusal(400, "request.name", "`name` must be a text of 1 to 200 bytes on one line, without control characters.", remedy: "Take them out of the journey's name.")
                refusal.place = "/name"
                throw refusal
            }
            for condition in journey.conditions { try place.segments.check(condition, in: journey.zone) }
            switch journey.trigger {
            case .segment(let name, _): guard place.segments.find(name) != nil else { throw SegmentError.unknown(name) }
            case .schedule(let schedule): guard place.segments.find(schedule.segment) != nil else { throw SegmentError.unknown(schedule.segment) }
            case .campaign(let campaign): guard place.segments.find(campaign.segment) != nil else { throw SegmentError.unknown(campaign.segment) }
            case .journey(let trigger):
                guard let other = place.journeys.find(trigger.journey), other.journey.name != journey.name else {
                    throw document.placed(JourneyFault("no-other", "There is no other journey `\(trigger.journey.prefix(64))`.", "Write the name of one that is kept; make that one first.", at: "/trigger/journey"))
                }
            case .event, .date, .api, .inaction: break
            }
            return journey
        }
    }

    /// Faults are told with their line where the document is YAML.
    private static func placing<Value>(_ document: JourneyDocument, _ body: () throws(JourneyFault) -> Value) throws(JourneyFault) -> Value {
        do { return try body() } catch { throw document.placed(error) }
    }

    /// Reads the stories of a document, and checks that they speak of this journey.
    static func stories(_ document: JourneyDocument, of journey: Journey) throws -> [JourneyStory] {
        try refusing { try placing(document) { () throws(JourneyFault) in try JourneyStory.all(in: document.json, of: journey) } }
    }

    /// - Parameter seen: the version that whoever writes has seen; nil where that does not matter.
    static func save(_ id: String, _ document: JourneyDocument, replacing seen: Int64? = nil, _ call: Call) throws -> KeptJourney {
        let place = try call.place
        let journey = try read(document, place)
        _ = try stories(document, of: journey)
        if case .journey(let trigger) = journey.trigger, trigger.journey == id {
            try refusing { throw document.placed(JourneyFault("loop", "The journey begins itself.", "Name another journey, or let it be walked again by what happens (`reentry`).", at: "/trigger/journey")) }
        }
        if let kept = place.journeys.find(id) { try place.refuseWhileFound(kept, changingTo: journey.name) }
        let kept = try refusing { try place.journeys.save(id, document, replacing: seen, author: AdminRoutes.author(call), at: Clock.now()) }
        place.walking.changed()
        return kept
    }

    // MARK: - Writing

    /// What an author may have overlooked.
    static func warnings(_ journey: Journey, _ place: Workspace) -> [Explanation] {
        let missing = Set(journey.templates).sorted().filter { place.templates.find($0) == nil }.map {
            Explanation(code: "journey.no-template", problem: "There is no template `\($0.prefix(64))` yet.", remedy: "Save it before the journey is started.")
        }
        return missing + unreachable(journey, place) + [JourneyKeys.never(journey, place), JourneyKeys.neverSame(journey), circle(journey, place).map(explanation)].compactMap { $0 }
    }

    /// Channels and destinations that its steps name and that are not there.
    private static func unreachable(_ journey: Journey, _ place: Workspace) -> [Explanation] {
        let steps = journey.steps.map(\.step)
        let channels = Set(steps.compactMap { ($0 as? MessageStep)?.scope.channel }).subtracting(place.outbox.channels).sorted()
        let destinations = Set(steps.compactMap { ($0 as? WebhookStep)?.destination }).sorted().filter { place.destinations.find($0) == nil }
        let isMailMissing = place.emailStore.current == nil && steps.contains { ($0 as? MessageStep)?.scope.channel == place.email.name }
        return channels.map { Explanation(code: "journey.no-channel", problem: "There is no channel `\($0.prefix(64))`.", remedy: "Write one of: \(place.outbox.channels.sorted().joined(separator: ", ")).") }
            + destinations.map { Explanation(code: "journey.no-destination", problem: "There is no destination `\($0.prefix(64))` yet.", remedy: "Make it before the journey is started.") }
            + (isMailMissing ? [Explanation(code: "journey.mail-not-set-up", problem: "This workspace sends no mail yet.", remedy: "Set it up under E-mail sending before the journey is started.")] : [])
            + [senderWarning(journey, place)].compactMap { $0 } + unoffered(journey, place)
    }

    /// Purposes of its messages that nobody can choose: who ticked every box has not said yes to them.
    private static func unoffered(_ journey: Journey, _ place: Workspace) -> [Explanation] {
        let offered = Set(((try? place.consentSettings.current()) ?? .standard).purposes.map(\.name))
        let purposes = Set(journey.steps.compactMap { ($0.step as? MessageStep)?.scope.purpose }).filter { !$0.isGrantedByPolicy && !offered.contains($0.name) }.map(\.name).sorted()
        return purposes.map {
            Explanation(code: "journey.purpose-not-offered", problem: "The preference page does not offer the purpose `\($0.prefix(64))`.", remedy: "Name one that it offers (\(offered.sorted().joined(separator: ", "))), or add it under Consent.")
        }
    }

    /// The live journeys that a journey would begin and that would begin it; it stands for itself as it is written, and for none that has its name.
    static func circle(_ journey: Journey, _ place: Workspace) -> JourneyCircle? {
        let own = place.journeys.find(journey.name)?.id
        return JourneyCircle.through("", [(id: "", journey: journey)] + place.journeys.running.filter { $0.id != own }, segment: place.segments.conditions)
    }

    private static func explanation(_ circle: JourneyCircle) -> Explanation {
        circle.isEndless
            ? Explanation(
                code: "journey.circle", problem: "People would go round for ever: \(circle.sentence).", remedy: "Name other events, put a wait before one of these steps, or let one of the journeys be walked once (`reentry: once`).")
            : Explanation(
                code: "journey.may-circle", problem: "People may go round: \(circle.sentence).",
                remedy: "See that a condition ends it. By what journeys write, nobody begins one more than \(JourneyDecider.roundsMaximum) times an hour.")
    }

    /// - Throws: ``Refusal`` where a journey and others would begin each other without end.
    static func checkCircle(_ kept: KeptJourney, _ place: Workspace) throws {
        guard let circle = circle(kept.journey, place), circle.isEndless else { return }
        let why = explanation(circle)
        throw Refusal(400, why.code, why.problem, remedy: why.remedy)
    }

    static func write(warnings: [Explanation], _ w: inout JSONWriter) {
        w.key("warnings")
        w.array { w in for warning in warnings { SegmentRoutes.write(warning, &w) } }
    }

    static func write(_ kept: KeptJourney, _ place: Workspace, _ w: inout JSONWriter) {
        w.object { w in
            w.member("id", kept.id)
            w.member("name", kept.journey.name)
            w.member("note", kept.journey.note)
            w.member("state", kept.state.rawValue)
            w.member("trigger", kept.journey.trigger.kind)
            w.member("version", kept.version)
            w.member("liveVersion", kept.liveVersion)
            w.member("savedAt", kept.savedAt)
            w.member("author", kept.author)
            w.key("journey")
            w.raw(kept.document.json.bytes)
            w.member("yaml", kept.document.yaml)
            write(warnings: warnings(kept.journey, place), &w)
            w.key("canaries")
            if let report = (try? place.journeys.canaries(of: kept)) ?? nil { JourneyWriting.write(report, &w) } else { w.null() }
        }
    }
}

extension Refusal {
    init(_ fault: JourneyFault) {
        self.init(400, fault.explanation.code, fault.explanation.problem, remedy: fault.explanation.remedy)
        place = fault.place
    }
}
