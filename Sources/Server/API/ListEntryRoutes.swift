import Access
import HTTPTypes
import Segments
import Vocabulary

/// What static lists hold, and who that is.
struct ListEntryRoutes: Sendable {
    let server: MartletServer
    /// A million long e-mail addresses fit.
    static let bodyMaximum = 64 << 20

    private static let entry: Members = [
        "userId": .optional(.text), "anonymousId": .optional(.text), "externalId": .optional(.text), "email": .optional(.text), "expiresAt": .optional(.orNull(.time)),
    ]
    private static let entries = Shape.object([
        "entries": .described("Each with one identifier.", .list(.object(entry))), "expiresAt": .optional(.described("Of entries that name none.", .orNull(.time))),
    ])
    private static let bodies = RouteBody(
        types: ["application/json", "text/csv"], shape: entries, isRequired: true,
        example: "{\"entries\": [{\"userId\": \"u1\"}, {\"email\": \"ada@wren.example\", \"expiresAt\": \"2026-12-31T00:00:00Z\"}]}")
    private static let filing = [
        RouteParameter("column", .text, "Of a CSV file: the name of the column that holds the identifiers, where it does not tell by itself."),
        RouteParameter("type", .text, "Of a CSV file: what the identifiers are, as userId or email."), RouteParameter("expiresAt", .time, "Of entries of a CSV file that name none."),
    ]
    private static let refusals: Members = [
        "refused": .integer,
        "refusedLines": .described("The first 100; the header of a file is line 1.", .list(.object(["line": .integer, "code": .text, "message": .text, "remedy": .text]))),
    ]

    var routes: [Route] {
        [
            Route(
                .post, "/api/v1/lists/{id}/entries", .scope(.segmentsWrite), "Put identifiers on a list: JSON, or a CSV file with a header. One that is on it gets the new expiry.", ListEntryRoutes.filing,
                takes: ListEntryRoutes.bodies,
                answers: .json(.object(Members(list: [("added", .integer), ("present", .described("They were on it already.", .integer))] + ListEntryRoutes.refusals.list)))
            ) { call in
                let (place, list, author) = (try call.place, try ListRoutes.find(call), AdminRoutes.author(call))
                let file = try await read(call)
                let count = try await server.heavy.run { try SegmentRoutes.refusing { try place.lists.add(file.entries, to: list, author: author, at: Clock.now()) } }
                return Reply { w in
                    w.object { w in
                        w.member("added", count.added)
                        w.member("present", count.present)
                        ListEntryRoutes.write(file, &w)
                    }
                }
            },
            Route(
                .delete, "/api/v1/lists/{id}/entries", .scope(.segmentsWrite), "Take identifiers off a list: JSON, or a CSV file with a header.", ListEntryRoutes.filing, takes: ListEntryRoutes.bodies,
                answers: .json(.object(Members(list: [("removed", .integer)] + ListEntryRoutes.refusals.list)))
            ) { call in
                let (place, list, author) = (try call.place, try ListRoutes.find(call), AdminRoutes.author(call))
                let file = try await read(call)
                let count = try await server.heavy.run { try place.lists.remove(file.entries.map(\.identifier), from: list, author: author, at: Clock.now()) }
                return Reply { w in
                    w.object { w in
                        w.member("removed", count)
                        ListEntryRoutes.write(file, &w)
                    }
                }
            },
            Route(
                .get, "/api/v1/lists/{id}/entries", .scope(.profilesRead), "What is on a list, by kind and value; it names people, so it needs profiles:read.",
                [RouteParameter("limit", .integer(1...1000), "How many at most; 100 unless told."), RouteParameter("after", .text, "The `next` of the page before.")],
                answers: .json(Shape.page(of: "entries", .object([
                    "type": .choice(ListEntry.namespaces.map(\.name)), "value": .text, "expiresAt": .orNull(.time), "addedAt": .time,
                    "known": .described("Whether this person has been met.", .boolean),
                ])))
            ) { try await entries($0) },
            Route(
                .get, "/api/v1/lists/{id}/members", .scope(.segmentsRead), "Profile ids of the people who are on a list now.",
                [RouteParameter("limit", .integer(1...1000), "How many at most; 100 unless told."), RouteParameter("after", .text, "The `next` of the page before.")],
                answers: .json(.object(["count": .integer, "members": .list(.text), "next": Shape.next]))
            ) { call in
                let limit = try call.integer("limit", in: 1...1000, default: 100)
                let after = try call.integer("after", in: 0...Int(Int32.max), default: 0)
                let found = try await ListEntryRoutes.members(of: try ListRoutes.find(call), in: try call.place, after: after, limit: limit)
                return Reply { w in
                    w.object { w in
                        w.member("count", found.count)
                        w.key("members")
                        w.array { w in for id in found.ids { w.string(id) } }
                        w.member("next", after + found.ids.count < found.count ? String(after + found.ids.count) : nil)
                    }
                }
            },
        ]
    }

    /// How many are on a list now, and some of their ids.
    static func members(of list: StaticList, in place: Workspace, after: Int, limit: Int) async throws -> (count: Int, ids: [String]) {
        await place.folds.waitUntilApplied(place.log.end)
        let engine = place.engine
        return try await engine.pool.ask {
            let rows = try engine.rows(.test(ListTest(list: list.id)), at: Moment(asOf: Timestamp(clamping: Clock.now().milliseconds + 1)), in: try engine.view())
            return (rows.reduce(0) { $0 + $1.count }, engine.profileIDs(rows, after: after, limit: limit))
        }
    }

    private func read(_ call: Call) async throws -> ListFile {
        let suppression = try call.place.suppression
        let buffer = try await call.body(maximum: ListEntryRoutes.bodyMaximum)
        let bytes = Array(buffer.readableBytesView)
        guard call.request.headers[.contentType]?.lowercased().hasPrefix("text/csv") ?? false else {
            return try await server.heavy.run {
                guard let json = JSONText(validating: bytes), json.isObject else {
                    throw Refusal(400, "request.not-json", "The body is not a JSON object.", remedy: "Send JSON with Content-Type application/json, or a file with text/csv.")
                }
                return try ListFile(json: json, suppression: suppression)
            }
        }
        let (column, type, expiresAt) = (call.query("column"), call.query("type"), try call.time("expiresAt"))
        let namespace = type.flatMap { IdentifierNamespace(name: $0) }
        guard type == nil || namespace.map(ListEntry.namespaces.contains) ?? false else {
            throw Refusal(400, "request.parameter", "`type` must be one of \(ListEntry.namespaces.map(\.name).joined(separator: ", ")).", remedy: "Correct the query.")
        }
        return try await server.heavy.run { try ListFile(csv: ListFile.text(bytes), column: column, namespace: namespace, expiresAt: expiresAt, suppression: suppression) }
    }

    private static func write(_ file: ListFile, _ w: inout JSONWriter) {
        w.member("refused", file.refusedCount)
        w.key("refusedLines")
        w.array { w in
            for line in file.refused {
                w.object {
                    $0.member("line", line.line)
                    $0.member("code", line.reason.code)
                    $0.member("message", line.reason.problem)
                    $0.member("remedy", line.reason.remedy)
                }
            }
        }
    }

    private func entries(_ call: Call) async throws -> Reply {
        let (place, list) = (try call.place, try ListRoutes.find(call))
        let limit = try call.integer("limit", in: 1...1000, default: 100)
        let after = try call.query("after").map { text -> Identifier in
            let parts = text.split(separator: ":", maxSplits: 1)
            guard parts.count == 2, let namespace = IdentifierNamespace(name: String(parts[0])) else {
                throw Refusal(400, "request.parameter", "`after` is not the `next` of a page.", remedy: "Send what the page before gave.")
            }
            return Identifier(namespace, String(parts[1]))
        }
        let page = try await server.heavy.run { try place.lists.entries(of: list, after: after, limit: limit) }
        return Reply { w in
            w.object { w in
                w.key("entries")
                w.array { w in
                    for (stored, isKnown) in page {
                        w.object {
                            $0.member("type", stored.entry.identifier.namespace.name)
                            $0.member("value", stored.entry.identifier.text)
                            $0.member("expiresAt", stored.entry.expiresAt)
                            $0.member("addedAt", stored.addedAt)
                            $0.member("known", isKnown)
                        }
                    }
                }
                let last = page.count == limit ? page.last?.stored.entry.identifier : nil
                w.member("next", last.map { "\($0.namespace.name):\($0.text)" })
            }
        }
    }
}
