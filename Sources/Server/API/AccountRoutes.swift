import Access
import HTTPTypes
import Ingest
import Profiles
import Segments
import Vocabulary

/// Accounts: their traits, tree and roll-ups, who belongs to them, and what was done as their members.
struct AccountRoutes: Sendable {
    let server: MartletServer

    private static let paging = [
        RouteParameter("limit", .integer(1...1000), "How many at most; 100 unless told."), RouteParameter("after", .text, "The `next` of the page before."),
    ]
    private static let asOf = RouteParameter("as_of", .time, "As it was at this instant.")

    var routes: [Route] {
        [
            Route(
                .get, "/api/v1/accounts", .scope(.profilesRead), "Accounts, all or those whose id or name holds a text, in the order met.",
                [RouteParameter("q", .text, "Part of an id or a name.")] + AccountRoutes.paging, answers: .json(.page(of: "accounts", AccountRoutes.summary))
            ) { call in try await server.heavy.run { try list(call) } },
            Route(
                .post, "/api/v1/accounts", .scope(.accountsWrite), "Say what an account's traits are; it is made by that.",
                takes: .json(.object(["id": .text, "traits": .anyObject, "timestamp": .optional(.described("From when it counts; now unless told.", .time))]), example: "{\"id\": \"acme\", \"traits\": {\"name\": \"Acme\", \"parentId\": \"acme-group\"}}"),
                answers: .json(AccountRoutes.account, status: 201, "Taken.")
            ) { call in
                let json = try await call.json()
                let id = try AccountRoutes.id(json["id"]?.string)
                guard let traits = json["traits"], traits.isObject else { throw Refusal(400, "account.traits", "`traits` must be an object.", remedy: "Send {\"id\": \"acme\", \"traits\": {\"name\": \"Acme\"}}.") }
                try await AccountRoutes.state(call, at: AccountRoutes.time(json["timestamp"])) { w in
                    w.member("groupId", id)
                    w.key("traits")
                    w.raw(traits.bytes)
                }
                return try await answer(call, id, status: .created)
            },
            Route(
                .get, "/api/v1/accounts/{id}", .scope(.profilesRead), "One account by its groupId, with its place in the tree and what its members come to, everything below it included.", [AccountRoutes.asOf],
                answers: .json(AccountRoutes.account, example: AccountRoutes.acme)
            ) { call in try await answer(call, call.parameter("id"), status: .ok) },
            Route(
                .get, "/api/v1/accounts/{id}/members", .scope(.profilesRead), "Who belongs or belonged to an account, as what, from when to when.",
                [AccountRoutes.asOf, RouteParameter("active", .boolean, "Only who belongs to it now, or did at `as_of`.")] + AccountRoutes.paging,
                answers: .json(.page(of: "members", AccountRoutes.member))
            ) { call in try await server.heavy.run { try members(call) } },
            Route(
                .post, "/api/v1/accounts/{id}/members", .scope(.accountsWrite), "Say that somebody belongs to an account from an instant on, and as what.",
                takes: .json(
                    .object(["userId": .optional(.text), "anonymousId": .optional(.text), "role": .optional(.text), "roles": .optional(.list(.text)), "at": .optional(.described("Since when; now unless told.", .time))]),
                    example: "{\"userId\": \"ada\", \"role\": \"buyer\"}", refusesKinds: false),
                answers: .json(AccountRoutes.memberships, status: 201, "Taken.")
            ) { call in
                let json = try await call.json()
                let person = try AccountRoutes.person(json["userId"]?.string, json["anonymousId"]?.string)
                let roles = try AccountRoutes.roles(json)
                return try await change(call, person, at: AccountRoutes.time(json["at"]), status: .created) { w in
                    w.member("status", "joined")
                    guard let roles else { return }
                    w.key("roles")
                    w.array { w in for role in roles { w.string(role) } }
                }
            },
            Route(
                .delete, "/api/v1/accounts/{id}/members", .scope(.accountsWrite), "Say that somebody left an account; that they were there is kept.",
                [
                    RouteParameter("userId", .text, "The person's userId."), RouteParameter("anonymousId", .text, "A device's anonymousId."),
                    RouteParameter("at", .time, "Since when; now unless told."),
                ], answers: .json(AccountRoutes.memberships)
            ) { call in
                let person = try AccountRoutes.person(call.query("userId"), call.query("anonymousId"))
                return try await change(call, person, at: call.time("at"), status: .ok) { $0.member("status", "left") }
            },
            Route(
                .get, "/api/v1/accounts/{id}/events", .scope(.eventsRead), "What was done as a member of an account or of one below it, newest first.",
                [RouteParameter("limit", .integer(1...1000), "How many at most; 100 unless told."), RouteParameter("after", .text, "The `next` of the page before.")],
                answers: .json(.page(of: "events", .event))
            ) { call in try await server.heavy.run { try events(call) } },
            Route(
                .get, "/api/v1/profiles/{id}/memberships", .scope(.profilesRead), "To which accounts a person belongs or belonged, what lasts first, then the newest.", [AccountRoutes.asOf],
                answers: .json(AccountRoutes.memberships)
            ) { call in
                let place = try call.place
                guard let profile = try place.profiles.reader(for: .service).profile(id: call.parameter("id")) else { throw ReadRoutes.noProfile }
                return AccountRoutes.write(place.accountReader.memberships(of: profile, asOf: try call.time("as_of")), .ok)
            },
        ]
    }

    static let unknown = Refusal(404, "account.unknown", "There is no such account.", remedy: "Check its groupId; an account is made by the first group call that names it.")

    private static let acme = """
        {"id": "acme", "profileId": "prf_1", "name": "Acme", "traits": {"name": "Acme", "industry": "Retail"}, "ancestors": [{"id": "acme-group", "name": "Acme Group"}], "children": [],\
         "childCount": 0, "isOnCircle": false, "firstSeen": "2026-07-01T09:05:00.000Z", "lastSeen": "2026-07-02T10:00:00.000Z", "rollUp": {"members": 2, "activeMembers": 1, "events": 17,\
         "revenue": 120.5, "lastEvent": "2026-07-02T10:00:00.000Z"}}
        """

    // MARK: - Reading

    private func list(_ call: Call) throws -> Reply {
        let place = try call.place
        let limit = try call.integer("limit", in: 1...1000, default: 100)
        let (accounts, next) = try place.accountReader.search(call.query("q") ?? "", after: AccountRoutes.cursor(call), limit: limit)
        let counts = try place.memberCounts(of: accounts)
        return Reply { w in
            w.object { w in
                w.key("accounts")
                w.array { w in
                    for account in accounts {
                        w.object { w in
                            AccountRoutes.writeHead(account, &w)
                            w.member("members", counts[account.accountId]?.members ?? 0)
                            w.member("activeMembers", counts[account.accountId]?.active ?? 0)
                            w.member("firstSeen", account.firstSeen)
                            w.member("lastSeen", account.lastSeen)
                        }
                    }
                }
                w.member("next", next?.text)
            }
        }
    }

    private func answer(_ call: Call, _ id: String, status: HTTPResponse.Status) async throws -> Reply {
        let place = try call.place
        let asOf = try call.time("as_of")
        return try await server.heavy.run {
            let reader = place.accountReader
            guard let current = try reader.account(id) else { throw AccountRoutes.unknown }
            let account = try asOf.map { try place.profiles.reader(for: .service).profile(current, from: nil, asOf: $0, knownAt: nil) } ?? current
            let relatives = reader.relatives(of: current)
            let rollup = try place.rollup(of: id, asOf: asOf)
            return Reply(status: status) { w in
                w.object { w in
                    AccountRoutes.writeHead(account, &w)
                    w.key("traits")
                    account.write(traits: &w)
                    for (key, names) in [("ancestors", relatives.ancestors), ("children", relatives.children)] {
                        w.key(key)
                        w.array { w in for name in names { w.object { $0.member("id", name.id); $0.member("name", name.name) } } }
                    }
                    w.member("childCount", relatives.childCount)
                    w.member("isOnCircle", reader.isOnCircle(current))
                    w.member("firstSeen", account.firstSeen)
                    w.member("lastSeen", account.lastSeen)
                    w.key("rollUp")
                    AccountRoutes.write(rollup, &w)
                    if let asOf { w.member("asOf", asOf) }
                }
            }
        }
    }

    private func members(_ call: Call) throws -> Reply {
        let place = try call.place
        guard let account = try place.accountReader.account(call.parameter("id")) else { throw AccountRoutes.unknown }
        let (members, next) = try place.accountReader.members(
            of: account, after: AccountRoutes.cursor(call), limit: call.integer("limit", in: 1...1000, default: 100), asOf: call.time("as_of"), activeOnly: call.boolean("active"))
        return Reply { w in
            w.object { w in
                w.key("members")
                w.array { w in
                    for member in members {
                        w.object { w in
                            w.member("profileId", member.profile.id)
                            w.member("name", member.profile.displayName)
                            w.member("active", member.isActive)
                            w.key("memberships")
                            AccountRoutes.write(member.memberships, &w)
                        }
                    }
                }
                w.member("next", next?.text)
            }
        }
    }

    private func events(_ call: Call) throws -> Reply {
        let place = try call.place
        let id = call.parameter("id")
        guard try place.accountReader.account(id) != nil else { throw AccountRoutes.unknown }
        let limit = try call.integer("limit", in: 1...1000, default: 100)
        var newest = try place.rollup(of: id, asOf: nil, newest: limit + 1, before: ReadRoutes.cursor(call)).newest
        let isMore = newest.count > limit
        if isMore { newest.removeLast() }
        let events = try place.log.read(newest)
        return Reply { w in
            w.object { w in
                w.key("events")
                w.array { w in for item in events where !item.event.isErased { item.event.write(to: &w, position: item.position) } }
                w.member("next", isMore ? newest.last.map(String.init) : nil)
            }
        }
    }

    private static func cursor(_ call: Call) throws -> ProfileCursor? {
        try call.query("after").map { text in
            guard let cursor = ProfileCursor(text: text) else { throw Refusal(400, "request.parameter", "`after` is not a cursor.", remedy: "Send the `next` of the page before, unchanged.") }
            return cursor
        }
    }

    // MARK: - Stating

    private func change(_ call: Call, _ person: Identifier, at: Timestamp?, status: HTTPResponse.Status, _ membership: (inout JSONWriter) -> Void) async throws -> Reply {
        let id = try AccountRoutes.id(call.parameter("id"))
        try await AccountRoutes.state(call, at: at) { w in
            w.member(person.namespace.name, person.text)
            w.member("groupId", id)
            w.key("context")
            w.object { w in
                w.key("membership")
                w.object(membership)
            }
        }
        let place = try call.place
        guard let profile = try place.profiles.reader(for: .service).profile(person) else { throw ReadRoutes.noProfile }
        return AccountRoutes.write(place.accountReader.memberships(of: profile), status)
    }

    /// Puts a group call of the reserved source into the log: who belongs where is a fact like any other, with its time and its place.
    private static func state(_ call: Call, at: Timestamp?, _ members: (inout JSONWriter) -> Void) async throws {
        let receivedAt = Clock.now()
        if let at, at > receivedAt { throw future }
        var w = JSONWriter()
        w.object { w in
            w.member("messageId", IngestionRoutes.newMessageId(0))
            w.member("timestamp", at ?? receivedAt)
            members(&w)
        }
        _ = try await take(call, w.text.bytes, .single(.group), receivedAt: receivedAt)
    }

    /// Takes statements of the reserved source in; they can be read when this returns.
    ///
    /// - Returns: how many were accepted.
    static func take(_ call: Call, _ body: [UInt8], _ shape: CallShape, receivedAt: Timestamp) async throws -> Int {
        let place = try call.place
        var decoded = try IngestionRoutes.read(body, .identity, shape, CallContext(receivedAt: receivedAt, isOwn: true)).get()
        if let reason = decoded.refused.first?.reasons.first { throw Refusal(400, reason.code, reason.problem, remedy: reason.remedy) }
        let answer = try await place.ingest.accept(&decoded, from: .martlet, shape: shape, hasher: place.hasher, receivedAt: receivedAt, wantsVerdicts: false)
        if answer.accepted == 0 { throw Refusal(400, "account.person-suppressed", "This person was erased and is never taken in again.", remedy: "Leave them out.") }
        await place.folds.waitUntilApplied(answer.end)
        return answer.accepted
    }

    static let future = Refusal(400, "account.future", "Nobody can say now what will be so only later.", remedy: "Send a time up to now.")

    static func id(_ text: String?) throws -> String {
        guard let text, !text.isEmpty, text.utf8.count <= 512, !text.utf8.contains(where: { $0 < 0x20 }) else { throw Refusal(400, "account.id", "An account's id is a text of 1 to 512 bytes.", remedy: "Send its groupId, as \"acme\".") }
        return text
    }

    static func person(_ userId: String?, _ anonymousId: String?) throws -> Identifier {
        let given = [(IdentifierNamespace.userId, userId), (.anonymousId, anonymousId)].compactMap { namespace, text in text.map { Identifier(namespace, $0) } }
        guard given.count == 1, let person = given.first, !person.value.isEmpty, !person.value.withUnsafeBytes({ unsafe BlockedIdentifiers.contains($0) }) else {
            throw Refusal(400, "account.person", "Name one person.", remedy: "Send a userId or an anonymousId.")
        }
        return person
    }

    static func roles(_ json: JSONText) throws -> [String]? {
        let list = json["roles"].flatMap { $0.isNull ? nil : $0 }
        guard let given = list.map(\.elements) ?? json["role"].map({ [$0] }) else { return nil }
        let roles = given.compactMap(\.string)
        guard list?.isArray ?? true, roles.count == given.count, roles.count <= 16, roles.allSatisfy({ !$0.isEmpty && $0.utf8.count <= 200 }) else {
            throw Refusal(400, "account.role", "A role is a text of 1 to 200 bytes, and nobody has more than 16.", remedy: "Send {\"role\": \"buyer\"}.")
        }
        return roles
    }

    static func time(_ json: JSONText?) throws -> Timestamp? {
        guard let json, !json.isNull else { return nil }
        guard let time = json.string.flatMap({ Timestamp($0) }) else { throw Refusal(400, "request.time", "This is not a time.", remedy: "Write it as 2026-07-01T00:00:00Z.") }
        return time
    }
}
