import Delivery
import HTTPTypes
import Vocabulary

/// The sending policy: contact caps, quiet hours, and where links lead.
struct PolicyRoutes: Sendable {
    static let cap = Shape.object([
        "name": .text, "limit": .described("0 lets nothing through.", .integer), "hours": .optional(.described("How long the window is that slides along with the clock; this or `minutes`.", .integer)), "minutes": .optional(.described("The same where it is no whole number of hours: 1 message in 30 minutes keeps a gap between two.", .integer)),
        "channel": .optional(.described("Empty for all.", .text)), "purpose": .optional(.text), "topic": .optional(.text),
        "per": .optional(.described("What is counted apart.", .list(.choice(SendingPolicy.Cap.Dimension.allCases.map(\.rawValue))))),
        "whenFull": .optional(.choice(SendingPolicy.Cap.Full.allCases.map(\.rawValue))),
    ])
    static let members: Members = [
        "zone": .described("Of people whose trait `timezone` names none, nor any `context.timezone` of their events.", .text), "publicAddress": .described("What links in messages begin with and where analytics.js sends events; empty for where this server listens.", .text),
        "keepDays": .described("How many days messages, calls and what became of them are kept after their end.", .integer),
        "webhookDestination": .described("The destination that takes the messages of the channel `webhook`, by id; empty for none.", .text), "caps": .list(cap),
        "quietHours": .list(.object(["from": .text, "to": .text, "channels": .optional(.described("Empty for all.", .list(.text)))])),
    ]
    static let policy = Shape.named("SendingPolicy", .object(Members(list: [("version", .optional(.described("0 before anybody changed it.", .integer)))] + members.list)))

    private static let body: Members = Members(list: members.list.map { (name: $0.name, shape: .optional($0.shape)) })

    var routes: [Route] {
        [
            Route(.get, "/api/v1/sending-policy", .scope(.messagesRead), "How often and when people are sent messages.", answers: .json(Self.policy)) { call in
                let place = try call.place
                return Reply { Self.write(place, &$0) }
            },
            Route(
                .put, "/api/v1/sending-policy", .scope(.messagesWrite), "Change the sending policy, all of it; with the header If-Match, only that version. In force for every message that is sent from then on; receipts and other purposes that the consent policy grants are neither counted nor held back.",
                takes: .json(.object(Self.body), example: "{\"zone\": \"Europe/Madrid\", \"caps\": [{\"name\": \"day\", \"limit\": 2, \"hours\": 24}], \"quietHours\": [{\"from\": \"21:00\", \"to\": \"08:00\"}]}"),
                answers: .json(Self.policy)
            ) { call in
                let json = try await call.json()
                if let fault = SendingPolicy.misunderstanding(in: json) { throw Refusal(400, fault.code, fault.problem, remedy: fault.remedy) }
                guard let policy = SendingPolicy(json) else { throw Refusal(400, "policy.invalid", "The policy is not of this shape.", remedy: "Take what GET answers, and change it.") }
                let place = try call.place
                try call.replacing { seen in try Self.save(policy, replacing: seen, place, author: AdminRoutes.author(call)) }
                return Reply { Self.write(place, &$0) }
            },
            Route(
                .get, "/api/v1/sending-policy/versions", .scope(.messagesRead), "Earlier and current versions, newest first.", [RouteParameter("limit", .integer(1...100), "How many at most; 20 unless told.")],
                answers: .json(.object(["versions": .list(.object(["version": .integer, "at": .time, "author": .text, "policy": .object(Self.members)]))]))
            ) { call in
                let versions = try call.place.policy.versions(limit: try call.integer("limit", in: 1...100, default: 20))
                return Reply { w in
                    w.object { w in
                        w.key("versions")
                        w.array { w in
                            for version in versions {
                                w.object { w in
                                    w.member("version", version.version)
                                    w.member("at", version.at)
                                    w.member("author", version.author)
                                    w.key("policy")
                                    w.object { (SendingPolicy(version.body) ?? .standard).write(&$0) }
                                }
                            }
                        }
                    }
                }
            },
        ]
    }

    static func save(_ policy: SendingPolicy, replacing seen: Int64? = nil, _ place: Workspace, author: String) throws {
        if let fault = policy.fault { throw Refusal(400, fault.code, fault.problem, remedy: fault.remedy) }
        guard policy.webhookDestination.isEmpty || place.destinations.find(policy.webhookDestination) != nil else { throw DestinationRoutes.unknown }
        try place.policy.save(policy, replacing: seen, author: author, at: Clock.now())
        // Many may be held: nobody waits for it.
        MartletServer.startThread(name: "martlet-policy") { [outbox = place.outbox] in try? outbox.wakeWhatThePolicyHolds() }
    }

    private static func write(_ place: Workspace, _ w: inout JSONWriter) {
        w.object { w in
            w.member("version", place.policy.version)
            place.policy.current.write(&w)
        }
    }
}
