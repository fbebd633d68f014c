import Access
import HTTPTypes
import Ingest
import Privacy
import Profiles
import Vocabulary

/// Sources, quarantine, tokens, erasure.
struct AdminRoutes: Sendable {
    let server: MartletServer
    static let unknown = Refusal(404, "request.unknown-id", "There is nothing with this id.", remedy: "Check the id.")

    var routes: [Route] { sources + quarantine + access + privacy }

    static func author(_ call: Call) -> String {
        switch call.caller {
        case .local: "command line"
        case .token(let token): token.id
        case .session: "console"
        case .nobody: "nobody"
        }
    }

    private static func name(_ json: JSONText) throws -> String { try name(json["name"]?.string, remedy: "Send {\"name\": \"…\"}.") }

    /// What people call something, without blanks around it.
    static func name(_ text: String?, remedy: String) throws -> String {
        guard let name = text?.trimmed, !name.isEmpty, name.utf8.count <= 200, !name.hasControlCharacters else {
            throw Refusal(400, "request.name", "`name` must be a text of 1 to 200 bytes on one line, without control characters.", remedy: remedy)
        }
        return name
    }

    /// A write key that is sent back as it was read changes nothing; any other would be taken for set.
    private static func check(writeKey: JSONText?, _ source: Source) throws {
        guard let writeKey, !writeKey.isNull, writeKey.string != source.writeKey else { return }
        throw Refusal(
            400, "source.write-key", "A write key is made by Martlet and cannot be set.",
            remedy: "Leave `writeKey` out, or send the one that the source has; `POST /api/v1/sources/{id}/rotate` gives it a new one.")
    }

    // MARK: - Sources

    private var sources: [Route] {
        [
            Route(.get, "/api/v1/sources", .scope(.sourcesRead), "Every source with its write key.", answers: .json(.object(["sources": .list(.source)]))) { call in
                let place = try call.place
                return Reply { w in
                    w.object { w in
                        w.key("sources")
                        w.array { w in for source in place.sources.all { AdminRoutes.write(source, place, &w) } }
                    }
                }
            },
            Route(
                .post, "/api/v1/sources", .scope(.sourcesWrite), "Make a source: {\"name\"}.",
                takes: .json(.object(["name": .text]), example: "{\"name\": \"Shop\"}"), answers: .json(.source, status: 201, "Made.", example: AdminRoutes.shop)
            ) { call in
                let place = try call.place
                let source = try place.sources.create(name: AdminRoutes.name(try await call.json()), author: AdminRoutes.author(call), at: Clock.now())
                server.sourcesChanged()
                return Reply(status: .created) { AdminRoutes.write(source, place, &$0) }
            },
            Route(
                .patch, "/api/v1/sources/{id}", .scope(.sourcesWrite), "Rename, enable or disable a source.",
                takes: .json(.object(["name": .optional(.text), "enabled": .optional(.boolean)]), example: "{\"enabled\": false}"), answers: .json(.source)
            ) { call in
                let json = try await call.json()
                let name = json["name"] == nil ? nil : try AdminRoutes.name(json)
                guard let source = try call.place.sources.source(id: call.parameter("id")) else { throw AdminRoutes.unknown }
                try AdminRoutes.check(writeKey: json["writeKey"], source)
                return try changed(call, try call.place.sources.update(call.parameter("id"), author: AdminRoutes.author(call), at: Clock.now()) { source in
                    if let name { source.name = name }
                    if let isEnabled = json["enabled"]?.boolean { source.isEnabled = isEnabled }
                })
            },
            Route(
                .post, "/api/v1/sources/{id}/rotate", .scope(.sourcesWrite), "Give a source a new write key; the old one, and older ones that have time yet, stop at once unless told.",
                [RouteParameter("keepOldHours", .integer(0...720), "For how many hours the old key is taken too, so that senders can be changed one after the other; 0 unless told. Older keys keep the time that they were given then.")],
                answers: .json(.source)
            ) { call in
                let hours = try call.integer("keepOldHours", in: 0...720, default: 0)
                return try changed(call, try call.place.sources.rotate(call.parameter("id"), keepingOld: hours, author: AdminRoutes.author(call), at: Clock.now()))
            },
        ]
    }

    private static let shop = """
        {"id": "src_1", "name": "Shop", "writeKey": "wk_2f7c", "enabled": true, "workspace": "main", "createdAt": "2026-07-01T09:00:00.000Z", "lastEventAt": null, "oldKeyUntil": null}
        """

    private func changed(_ call: Call, _ source: Source?) throws -> Reply {
        guard let source else { throw AdminRoutes.unknown }
        server.sourcesChanged()
        let place = try call.place
        return Reply { AdminRoutes.write(source, place, &$0) }
    }

    static func write(_ source: Source, _ place: Workspace, _ w: inout JSONWriter) {
        w.object { w in
            w.member("id", source.id)
            w.member("name", source.name)
            w.member("writeKey", source.writeKey)
            w.member("enabled", source.isEnabled)
            w.member("workspace", place.name)
            w.member("createdAt", source.createdAt)
            w.member("lastEventAt", place.sources.lastSeen(source.number))
            w.member("oldKeyUntil", source.oldKeyUntil(at: Clock.now()))
        }
    }

    // MARK: - Quarantine

    private var quarantine: [Route] {
        [
            Route(
                .get, "/api/v1/quarantine", .scope(.quarantineRead), "Refused events with the reasons, newest first.",
                [
                    RouteParameter("messageId", .text, "Only events with this messageId."), RouteParameter("code", .text, "Only events refused first for this reason, as event.no-identity."),
                    RouteParameter("source", .text, "Only events of the source with this name."), RouteParameter("limit", .integer(1...1000), "How many at most; 100 unless told."),
                    RouteParameter("after", .text, "The `next` of the page before."),
                ], answers: .json(.page(of: "rejected", .quarantineItem))
            ) { call in
                let place = try call.place
                let limit = try call.integer("limit", in: 1...1000, default: 100)
                let before = try call.query("after").map { text -> Int64 in
                    guard let id = Int64(text), id >= 0 else { throw Refusal(400, "request.parameter", "`after` is not a cursor.", remedy: "Send the `next` of the page before, unchanged.") }
                    return id
                }
                // There is nothing of a source that there is not.
                let source = call.query("source").map { place.sources.source(named: $0)?.number ?? .max }
                let rows = try place.ingest.quarantine.list(messageId: call.query("messageId"), source: source, code: call.query("code"), before: before, limit: limit)
                return Reply { w in
                    w.object { w in
                        w.key("rejected")
                        w.array { w in for row in rows { AdminRoutes.write(row, place, &w) } }
                        w.member("next", rows.count == limit ? rows.last.map { String($0.id) } : nil)
                    }
                }
            },
            Route(
                .post, "/api/v1/quarantine/{id}/replay", .scope(.quarantineWrite), "Send a refused event again, as it is or as the body has it mended.",
                takes: .json(.described("The event, mended.", .anyObject), isRequired: false), answers: .json(.success)
            ) { call in
                let buffer = try await call.body(maximum: IngestionRoutes.bodyMaximum)
                let place = try call.place
                guard let id = Int64(call.parameter("id")), let row = try place.ingest.quarantine.get(id) else { throw AdminRoutes.unknown }
                let body = buffer.readableBytes > 0 ? Array(buffer.readableBytesView) : row.payload.revealed
                try await Replay.run(row, body: body, in: place)
                return Reply { $0.object { $0.member("success", true) } }
            },
            Route(.delete, "/api/v1/quarantine/{id}", .scope(.quarantineWrite), "Delete a refused event.", answers: .json(.success)) { call in
                guard let id = Int64(call.parameter("id")), try call.place.ingest.quarantine.remove(id) else { throw AdminRoutes.unknown }
                return Reply { $0.object { $0.member("success", true) } }
            },
        ]
    }

    static func write(_ row: QuarantinedEvent, _ place: Workspace, _ w: inout JSONWriter) {
        w.object { w in
            w.member("id", String(row.id))
            w.member("messageId", row.messageId)
            w.member("code", row.codes.first)
            w.member("reason", row.reasons.first?.problem)
            w.member("remedy", row.reasons.first?.remedy)
            w.key("reasons")
            w.array { w in for reason in row.reasons { w.object { $0.member("code", reason.code); $0.member("problem", reason.problem); $0.member("remedy", reason.remedy) } } }
            w.member("receivedAt", row.receivedAt)
            w.member("source", place.sources.source(number: row.source)?.name)
            w.member("payload", String(decoding: row.payload.revealed, as: UTF8.self))
            w.key("around")
            w.raw(row.around?.revealed ?? Array("null".utf8))
        }
    }

    // MARK: - Tokens

    private var access: [Route] {
        [
            Route(.get, "/api/v1/tokens", .scope(.accessRead), "API tokens, without their secrets.", answers: .json(.object(["tokens": .list(.token)]))) { call in
                let place = try call.place
                return Reply { w in
                    w.object { w in
                        w.key("tokens")
                        w.array { w in for token in server.folder.tokens.list(workspace: place.name) { AdminRoutes.write(token, secret: nil, &w) } }
                    }
                }
            },
            Route(
                .post, "/api/v1/tokens", .scope(.accessWrite), "Make a token: {\"name\", \"scopes\": [\"profiles:read\", …]}; its secret is shown this once.",
                takes: .json(.object(["name": .text, "scopes": .list(.choice(["all"] + Scope.allCases.map(\.rawValue)))]), example: "{\"name\": \"Reports\", \"scopes\": [\"profiles:read\"]}"),
                answers: .json(.token, status: 201, "Made; the secret is not shown again.")
            ) { call in
                let json = try await call.json()
                let list = json["scopes"]
                let names = list?.elements.compactMap(\.string) ?? []
                guard list == nil || list?.isArray == true && names.count == list?.elements.count else {
                    throw Refusal(400, "access.scope-missing", "`scopes` must be a list of texts.", remedy: "Send \"scopes\": [\"all\"] or a list.")
                }
                let scopes = try AdminRoutes.scopes(names)
                // Nobody hands out what they lack.
                if case .token(let token) = call.caller, !scopes.isSubset(of: token.scopes) {
                    throw Refusal(403, "access.scope", "A token cannot make one with more scopes than its own.", remedy: "Ask for fewer scopes.")
                }
                let made = try server.folder.tokens.create(name: AdminRoutes.name(json), workspace: try call.place.name, scopes: scopes, at: Clock.now())
                return Reply(status: .created) { AdminRoutes.write(made.token, secret: made.secret, &$0) }
            },
            Route(.delete, "/api/v1/tokens/{id}", .scope(.accessWrite), "Revoke a token; it stops at once.", answers: .json(.success)) { call in
                guard try server.folder.tokens.revoke(call.parameter("id"), workspace: try call.place.name) else { throw AdminRoutes.unknown }
                return Reply { $0.object { $0.member("success", true) } }
            },
        ]
    }

    static func scopes(_ names: [String]) throws -> Set<Scope> {
        var scopes: Set<Scope> = []
        for name in names {
            if name == "all" { scopes.formUnion(Scope.allCases); continue }
            guard let scope = Scope(rawValue: name) else {
                throw Refusal(400, "access.scope-unknown", "There is no scope `\(name.prefix(60))`.", remedy: "Use all, or some of: \(Scope.allCases.map(\.rawValue).joined(separator: ", ")).")
            }
            scopes.insert(scope)
        }
        guard !scopes.isEmpty else { throw Refusal(400, "access.scope-missing", "A token needs at least one scope.", remedy: "Send \"scopes\": [\"all\"] or a list.") }
        return scopes
    }

    static func write(_ token: Token, secret: String?, _ w: inout JSONWriter) {
        w.object { w in
            w.member("id", token.id)
            w.member("name", token.name)
            w.member("workspace", token.workspace)
            w.key("scopes")
            w.array { w in for scope in token.scopes.map(\.rawValue).sorted() { w.string(scope) } }
            w.member("createdAt", token.createdAt)
            if let secret { w.member("token", secret) }
        }
    }
}
