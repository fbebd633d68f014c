import Access
import HTTPTypes
import Profiles
import Segments
import Vocabulary

/// Why somebody is in a segment or is not, and when that changes by time alone.
///
/// An answer shows traits and events of a person, so it takes both scopes that read those.
struct ReasonRoutes: Sendable {
    private static let languages = ["en", "es", "tr"]
    private static let person = [RouteParameter("profile", .text, "The profile's id, as prf_…; or one of the identifiers.")] + ReadRoutes.identifiers

    var routes: [Route] {
        [
            Route(
                .get, "/api/v1/segments/{id}/explain", .scope(.profilesRead), "Why a person is in a segment or is not: what was seen at each part of its condition, and when that changes by time alone; needs the scope events:read, too.",
                ReasonRoutes.person + [
                    RouteParameter("asOf", .time, "The moment asked about; now unless told."), RouteParameter("zone", .text, "In which days are counted; the segment's unless told."),
                    RouteParameter("lang", .text, "Of the sentences: en, es or tr."),
                ], answers: .json(ReasonRoutes.answer)
            ) { call in
                try call.need(.eventsRead, for: ReasonRoutes.seen)
                guard let segment = try call.place.segments.find(call.parameter("id")) else { throw SegmentRoutes.unknown }
                let profile = try ReasonRoutes.profile(call, id: call.query("profile"), try ReadRoutes.identifier(call))
                let asOf = try call.time("asOf") ?? Timestamp(clamping: Clock.now().milliseconds + 1)
                let moment = Moment(asOf: asOf, zone: call.query("zone").map(TimeZoneName.init(name:)) ?? segment.zone)
                let language = try ReasonRoutes.language(call.query("lang"))
                try await call.place.folds.waitUntilApplied(call.place.log.end)
                return try await ReasonRoutes.explain(call, segment.condition, profile, moment, language, segment)
            },
            Route(
                .post, "/api/v1/segments/explain", .scope(.profilesRead), "Why a condition is true of a person or is not; needs the scope events:read, too.",
                takes: .json(
                    .object(Members(list: SegmentRoutes.question.list + [
                        ("profile", .optional(.described("The profile's id, as prf_…; or one of the identifiers.", .text))), ("userId", .optional(.text)), ("anonymousId", .optional(.text)),
                        ("email", .optional(.text)), ("groupId", .optional(.text)), ("lang", .optional(.described("Of the sentences: en, es or tr.", .text))),
                    ])), example: "{\"condition\": \"did \\\"Order Completed\\\" at least 3 times in last 30 days\", \"userId\": \"ada\"}"),
                answers: .json(ReasonRoutes.answer)
            ) { call in
                try call.need(.eventsRead, for: ReasonRoutes.seen)
                let json = try await call.json()
                let condition = try call.condition(json["condition"]).condition
                let given = IdentifierNamespace.allCases.compactMap { namespace in json[namespace.name]?.string.map { Identifier(namespace, $0) } }
                guard given.count <= 1 else { throw ReasonRoutes.onePerson }
                let profile = try ReasonRoutes.profile(call, id: json["profile"]?.string, given.first)
                let language = try ReasonRoutes.language(json["lang"]?.string)
                let moment = try call.moment(json)
                try await call.settle(json)
                return try await ReasonRoutes.explain(call, condition, profile, moment, language, nil)
            },
        ]
    }

    /// What was seen, and when that changes, is of events; and each trait tells the call that said so.
    private static let seen = "what events said"
    private static let onePerson = Refusal(400, "request.parameter", "Name one person.", remedy: "Send `profile`, or one of userId, anonymousId, email, groupId.")

    static func profile(_ call: Call, id: String?, _ identifier: Identifier?) throws -> Profile {
        guard (id == nil) != (identifier == nil) else { throw onePerson }
        let reader = try call.place.profiles.reader(for: .service)
        guard let profile = try id.map({ try reader.profile(id: $0) }) ?? identifier.flatMap({ try reader.profile($0) }) else { throw ReadRoutes.noProfile }
        return profile
    }

    private static func language(_ name: String?) throws -> String {
        guard let name else { return "en" }
        guard languages.contains(name) else { throw Refusal(400, "request.parameter", "`lang` is not a language of the sentences.", remedy: "Use en, es or tr.") }
        return name
    }

    private static func explain(_ call: Call, _ condition: Condition, _ profile: Profile, _ moment: Moment, _ language: String, _ segment: Segment?) async throws -> Reply {
        let place = try call.place
        let reasoning = try await reasoning(condition, of: profile, at: moment, in: place)
        return Reply { w in
            w.object { w in
                w.member("profile", profile.id)
                if let segment {
                    w.key("segment")
                    ReasonWriting.write(segment, &w)
                }
                w.member("sentence", condition.sentence(in: language))
                w.member("text", condition.text)
                w.member("asOf", moment.asOf)
                w.member("zone", moment.zone.name)
                ReasonWriting(language: language, find: place.segments.find).write(reasoning, &w)
            }
        }
    }

    /// Asked on a thread for questions.
    static func reasoning(_ condition: Condition, of profile: Profile, at moment: Moment, in place: Workspace) async throws -> ProfileReasoning {
        let (engine, conditions) = (place.engine, place.segments.conditions)
        do {
            return try await engine.pool.ask { try engine.reasoning(condition, of: profile, at: moment, segments: conditions) }
        } catch let error as SegmentError { throw Refusal(error) }
    }

    // MARK: - Shapes

    private static let answer = Shape.object([
        "profile": .text, "segment": .optional(ReasonWriting.segment), "sentence": .text, "text": .text, "asOf": .time, "zone": .text,
        "answer": .described("Whether the condition is true of the person.", .boolean),
        "leftOut": .described("Why the person is left out of every question, and so in no segment; null for all others.", .orNull(.explanation)),
        "reason": .described("Null for who is left out.", .orNull(ReasonWriting.reason)),
        "flipsAt": .described("The first later moment at which the answer is the other one though nothing happens; null where there is none up to `lookedUntil`.", .orNull(.time)),
        "lookedUntil": .described("How far ahead was looked: 400 days, or less where that took too long.", .orNull(.time)),
    ])
}
