import Access
import Decisions
import HTTPTypes
import Identity
import Profiles
import Segments
import Vocabulary

/// Runs: somebody put into a journey, and why they are where they are.
struct JourneyRunRoutes: Sendable {
    private static let who = IdentifierNamespace.allCases.map { RouteParameter($0.name, .text, "Whose.") }

    var routes: [Route] {
        [
            Route(
                .post, "/api/v1/journeys/{id}/enter", .scope(.journeysWrite), "Put somebody into a live journey.",
                takes: .json(
                    .object([
                        "profile": .optional(.text), "userId": .optional(.text), "anonymousId": .optional(.text), "email": .optional(.text),
                        "data": .optional(.described("What the journey's templates and `key` see as `data`.", .anyObject)),
                    ]), example: "{\"userId\": \"ada\", \"data\": {\"voucher\": \"TEA-10\"}}"),
                answers: .json(.object(["runs": .described("None where the journey's re-entry forbids it.", .list(JourneyWriting.run))]))
            ) { call in
                let (place, kept) = (try call.place, try JourneyRoutes.find(call))
                let json = try await call.json()
                let given = IdentifierNamespace.allCases.compactMap { namespace in json[namespace.name]?.string.map { Identifier(namespace, $0) } }
                guard given.count <= 1 else { throw Refusal(400, "request.parameter", "Name one person.", remedy: "Send `profile`, or one of userId, anonymousId, email.") }
                let data = json["data"]
                guard data?.isObject ?? true else { throw Refusal(400, "request.parameter", "`data` is not an object.", remedy: "Send {\"data\": {…}}.") }
                try await call.settle(json)
                // Nobody comes in who is just being forgotten: what was handed in would outlive them.
                let runs = try await place.own.speaking {
                    let profile = try ReasonRoutes.profile(call, id: json["profile"]?.string, given.first)
                    let bearer = given.first.flatMap { place.profiles.bearer(of: $0) }
                    guard let id = bearer ?? ProfileID(profile.id), let runs = try await place.walking.enter(kept.id, profile: id, data: data) else {
                        throw Refusal(400, "journey.not-live", "The journey is not live.", remedy: "Start it first.")
                    }
                    return runs
                }
                return Reply { w in
                    w.object { w in
                        w.key("runs")
                        w.array { w in for run in runs { JourneyWriting.write(run, of: kept, &w) } }
                    }
                }
            },
            Route(
                .get, "/api/v1/journeys/{id}/why", .scope(.profilesRead), "Why a person is where they are in a journey, or never came in: worked out now, from the log, the journey and their runs; needs the scope events:read, too.",
                [RouteParameter("profile", .text, "The profile's id; or one of its identifiers.")] + Self.who,
                answers: .json(.object([
                    "journey": .text, "profile": .text, "why": .choice(JourneyWhy.Code.allCases.map(\.rawValue)), "sentence": .text,
                    "at": .described("Of the event, the coming in, the end or the turn that decided; null where there is none.", .orNull(.time)), "messageId": .described("Of the event that decided.", .orNull(.text)),
                    "values": .described("What the event said where the journey's `where` asks for something else.", .list(.object(["path": .text, "value": .anything]))),
                ]))
            ) { call in
                let (place, kept) = (try call.place, try JourneyRoutes.find(call))
                try call.need(.eventsRead, for: "what events said")
                let profile = try ReasonRoutes.profile(call, id: call.query("profile"), try ReadRoutes.identifier(call))
                try await place.folds.waitUntilApplied(place.log.end)
                let walking = place.walking
                let why = try await place.engine.pool.ask { try walking.why(kept, profile) }
                return Reply { w in
                    w.object { w in
                        w.member("journey", kept.id)
                        w.member("profile", profile.id)
                        w.member("why", why.code.rawValue)
                        w.member("sentence", why.sentence)
                        w.member("at", why.at)
                        w.member("messageId", why.messageId)
                        w.key("values")
                        w.array { w in
                            for (path, value) in why.values {
                                w.object { w in
                                    w.member("path", path)
                                    w.key("value")
                                    if let value { w.raw(value.bytes) } else { w.null() }
                                }
                            }
                        }
                    }
                }
            },
            Route(
                .get, "/api/v1/journeys/runs", .scope(.profilesRead), "The runs of a person in all journeys, newest first, each with what was decided and why.",
                [RouteParameter("profile", .text, "The profile's id; or one of its identifiers.")] + Self.who, answers: .json(.object(["runs": .list(JourneyWriting.run)]))
            ) { call in
                let place = try call.place
                let profile = try ReasonRoutes.profile(call, id: call.query("profile"), try ReadRoutes.identifier(call))
                let runs = try place.runs(of: profile)
                return Reply { w in
                    w.object { w in
                        w.key("runs")
                        w.array { w in for found in runs { JourneyWriting.write(found.run, of: found.journey, &w) } }
                    }
                }
            },
        ]
    }
}

extension Workspace {
    /// Somebody's runs, under every id that they ever had.
    func runs(of profile: Profile) throws -> [(journey: KeptJourney, run: JourneyRun)] { try journeys.runs(of: lock.reading { profile.members.map(graph.ownID) }) }

    /// What conditions and events are compared with, so that a slip is noticed.
    var knownNames: KnownNames { KnownNames(segments: Set(segments.all.flatMap { [$0.id, $0.handle] }), computed: Set(computed.all.map(\.name)), lists: Set(lists.all.flatMap { [$0.id, $0.handle] })) }
}
