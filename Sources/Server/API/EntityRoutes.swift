import Access
import HTTPTypes
import Ingest
import Profiles
import Vocabulary

/// Households and other things that people have: pets, subscriptions, devices, whatever a workspace keeps, each with an id, traits and dated relations to people.
struct EntityRoutes: Sendable {
    let server: MartletServer
    private static let recordsMaximum = 1000

    private static let head: Members = ["type": .text, "id": .text, "profileId": .text, "name": .text]
    private static let entity = Shape.named("Entity", .object(Members(list: head.list + [("traits", .anyObject), ("firstSeen", .orNull(.time)), ("lastSeen", .orNull(.time))])))
    private static let relation: Members = ["roles": .list(.text), "from": .time, "to": .described("Null while it lasts.", .orNull(.time))]
    private static let people = Shape.list(.object(["profileId": .text, "name": .text, "active": .boolean, "relations": .list(.object(relation))]))
    private static let person = Shape.object([
        "userId": .optional(.text), "anonymousId": .optional(.text), "role": .optional(.text), "roles": .optional(.list(.text)), "status": .optional(.choice(["joined", "left"])),
    ])
    private static let record = Shape.object([
        "id": .text, "traits": .optional(.anyObject), "people": .optional(.list(person)), "timestamp": .optional(.described("From when it counts; now unless told.", .time)),
    ])
    private static let paging = [
        RouteParameter("q", .text, "Part of an id or a name."), RouteParameter("limit", .integer(1...1000), "How many at most; 100 unless told."), RouteParameter("after", .text, "The `next` of the page before."),
    ]

    var routes: [Route] {
        [
            Route(
                .post, "/api/v1/entities/{type}", .scope(.accountsWrite), "State up to 1000 things of a type: their traits, and who has or had them. Each is made by the first statement.",
                takes: .json(.either([EntityRoutes.record, .object(["records": .list(EntityRoutes.record)])]), example: "{\"id\": \"rex\", \"traits\": {\"species\": \"dog\"}, \"people\": [{\"userId\": \"ada\", \"role\": \"owner\"}]}"),
                answers: .json(.object(["accepted": .described("Statements taken: one for each thing, and one for each person.", .integer)]))
            ) { call in
                let (type, json) = (call.parameter("type"), try await call.json(maximum: 4 << 20))
                let records = json["records"]?.elements ?? [json]
                guard (1...EntityRoutes.recordsMaximum).contains(records.count) else { throw Refusal(400, "entity.too-many", "One call takes 1 to \(EntityRoutes.recordsMaximum) records.", remedy: "Send them in several calls.") }
                let accepted = try await EntityRoutes.state(call, type, records)
                return Reply { w in w.object { $0.member("accepted", accepted) } }
            },
            Route(
                .get, "/api/v1/entities/{type}", .scope(.profilesRead), "Things of a type, in the order met.", EntityRoutes.paging,
                answers: .json(.page(of: "entities", EntityRoutes.entity))
            ) { call in try await server.heavy.run { try list(call) } },
            Route(
                .get, "/api/v1/entities/{type}/{id}", .scope(.profilesRead), "One thing, and who has or had it.", [RouteParameter("as_of", .time, "As it was at this instant.")],
                answers: .json(.object(Members(list: EntityRoutes.head.list + [("traits", .anyObject), ("firstSeen", .orNull(.time)), ("lastSeen", .orNull(.time)), ("people", EntityRoutes.people)])))
            ) { call in try await server.heavy.run { try one(call) } },
            Route(
                .get, "/api/v1/profiles/{id}/entities", .scope(.profilesRead), "What a person has or had, what lasts first.", [RouteParameter("as_of", .time, "As it was at this instant.")],
                answers: .json(.object(["entities": .list(.object(Members(list: [("type", .text), ("id", .text), ("name", .text)] + EntityRoutes.relation.list)))]))
            ) { call in
                let place = try call.place
                guard let profile = try place.profiles.reader(for: .service).profile(id: call.parameter("id")) else { throw ReadRoutes.noProfile }
                let relations = place.accountReader.relations(of: profile, asOf: try call.time("as_of"))
                return Reply { w in
                    w.object { w in
                        w.key("entities")
                        w.array { w in
                            for (entity, membership) in relations {
                                w.object { w in
                                    w.member("type", entity.type)
                                    w.member("id", entity.id)
                                    w.member("name", membership.account.name)
                                    EntityRoutes.write(membership, &w)
                                }
                            }
                        }
                    }
                }
            },
        ]
    }

    private static let unknown = Refusal(404, "entity.unknown", "There is no such thing.", remedy: "Check its type and id.")

    // MARK: - Reading

    private func list(_ call: Call) throws -> Reply {
        let after = try call.query("after").map { text in
            guard let cursor = ProfileCursor(text: text) else { throw Refusal(400, "request.parameter", "`after` is not a cursor.", remedy: "Send the `next` of the page before, unchanged.") }
            return cursor
        }
        let (found, next) = try call.place.accountReader.search(call.query("q") ?? "", type: call.parameter("type"), after: after, limit: call.integer("limit", in: 1...1000, default: 100))
        return Reply { w in
            w.object { w in
                w.key("entities")
                w.array { w in for profile in found { w.object { EntityRoutes.write(profile, &$0) } } }
                w.member("next", next?.text)
            }
        }
    }

    private func one(_ call: Call) throws -> Reply {
        let place = try call.place
        let asOf = try call.time("as_of")
        guard let name = EntityName(type: call.parameter("type"), id: call.parameter("id")), let current = try place.accountReader.account(name.groupId) else { throw EntityRoutes.unknown }
        let profile = try asOf.map { try place.profiles.reader(for: .service).profile(current, from: nil, asOf: $0, knownAt: nil) } ?? current
        let (people, _) = try place.accountReader.members(of: current, after: nil, limit: 1000, asOf: asOf)
        return Reply { w in
            w.object { w in
                EntityRoutes.write(profile, &w)
                w.key("people")
                w.array { w in
                    for person in people {
                        w.object { w in
                            w.member("profileId", person.profile.id)
                            w.member("name", person.profile.displayName)
                            w.member("active", person.isActive)
                            w.key("relations")
                            w.array { w in for relation in person.memberships { w.object { EntityRoutes.write(relation, &$0) } } }
                        }
                    }
                }
            }
        }
    }

    private static func write(_ profile: Profile, _ w: inout JSONWriter) {
        let name = EntityName(groupId: Array(profile.accountId.utf8))
        w.member("type", name?.type)
        w.member("id", name?.id)
        w.member("profileId", profile.id)
        w.member("name", profile.displayName)
        w.key("traits")
        profile.write(traits: &w)
        w.member("firstSeen", profile.firstSeen)
        w.member("lastSeen", profile.lastSeen)
    }

    private static func write(_ relation: Membership, _ w: inout JSONWriter) {
        w.key("roles")
        w.array { w in for role in relation.roles { w.string(role) } }
        w.member("from", relation.from)
        w.member("to", relation.to)
    }

    // MARK: - Stating

    /// Group calls of the reserved source: one for each thing, which names nobody, and one for each person.
    private static func state(_ call: Call, _ type: String, _ records: [JSONText]) async throws -> Int {
        let now = Clock.now()
        var w = JSONWriter()
        try w.object { w in
            w.key("batch")
            try w.array { w in
                for record in records {
                    guard let id = record["id"]?.string, let name = EntityName(type: type, id: id) else {
                        throw Refusal(400, "entity.id", "Type and id are texts of 1 to \(EntityName.bytesMaximum) bytes without control characters.", remedy: "Send {\"id\": \"rex\"} to /api/v1/entities/Pet.")
                    }
                    let at = try AccountRoutes.time(record["timestamp"]) ?? now
                    if at > now { throw AccountRoutes.future }
                    try statement(name, at, &w) { w in
                        guard let traits = record["traits"] else { return }
                        guard traits.isObject else { throw Refusal(400, "entity.traits", "`traits` must be an object.", remedy: "Send {\"id\": \"rex\", \"traits\": {\"species\": \"dog\"}}.") }
                        w.key("traits")
                        w.raw(traits.bytes)
                    }
                    let people = record["people"].flatMap { $0.isNull ? nil : $0 }
                    guard people?.isArray ?? true else { throw Refusal(400, "entity.people", "`people` must be a list.", remedy: "Send [{\"userId\": \"ada\", \"role\": \"owner\"}].") }
                    for person in people?.elements ?? [] {
                        let identifier = try AccountRoutes.person(person["userId"]?.string, person["anonymousId"]?.string)
                        let roles = try AccountRoutes.roles(person)
                        let status = person["status"]?.string ?? "joined"
                        guard status == "joined" || status == "left" else { throw Refusal(400, "entity.status", "`status` must be joined or left.", remedy: "Leave it out where they have it.") }
                        try statement(name, at, &w) { w in
                            w.member(identifier.namespace.name, identifier.text)
                            w.key("context")
                            w.object { w in
                                w.key("membership")
                                w.object { w in
                                    w.member("status", status)
                                    guard let roles else { return }
                                    w.key("roles")
                                    w.array { w in for role in roles { w.string(role) } }
                                }
                            }
                        }
                    }
                }
            }
        }
        return try await AccountRoutes.take(call, w.text.bytes, .batch, receivedAt: now)
    }

    private static func statement(_ name: EntityName, _ at: Timestamp, _ w: inout JSONWriter, _ members: (inout JSONWriter) throws -> Void) throws {
        try w.object { w in
            w.member("type", "group")
            w.member("messageId", IngestionRoutes.newMessageId(0))
            w.member("timestamp", at)
            w.member("groupId", name.groupId)
            try members(&w)
        }
    }
}
