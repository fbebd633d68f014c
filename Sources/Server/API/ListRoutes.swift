import Access
import HTTPTypes
import Segments
import Vocabulary

/// Static lists: people named by their identifiers. What is on them is in ``ListEntryRoutes``.
struct ListRoutes: Sendable {
    let server: MartletServer

    static let list = Shape.named(
        "List",
        .object([
            "id": .text, "handle": .described("How conditions name it: `in list \"handle\"`.", .text), "name": .text, "note": .text,
            "source": .described("Where its entries came from, in the operator's words.", .text), "expiresAt": .described("From then on nobody is on it; null for never.", .orNull(.time)),
            "entries": .integer, "unknown": .described("Entries of people who have not been met yet.", .integer), "expired": .described("Entries that do not count any more.", .integer),
            "version": .described("Grows with each change of these; entries do not count.", .integer), "createdAt": .time, "createdBy": .text, "changedAt": .described("When it or its entries last changed.", .time), "changedBy": .text,
        ]))
    private static let settings: Members = [
        "note": .optional(.text), "source": .optional(.text), "expiresAt": .optional(.described("Null for never.", .orNull(.time))),
    ]

    var routes: [Route] {
        [
            Route(.get, "/api/v1/lists", .scope(.segmentsRead), "Every static list with its counts.", answers: .json(.object(["lists": .list(ListRoutes.list)]))) { call in
                let place = try call.place
                return Reply { w in
                    w.object { w in
                        w.key("lists")
                        w.array { w in for list in place.lists.all { ListRoutes.write(list, place, &w) } }
                    }
                }
            },
            Route(
                .post, "/api/v1/lists", .scope(.segmentsWrite), "Make a static list.",
                takes: .json(.object(Members(list: [("name", .text)] + ListRoutes.settings.list)), example: "{\"name\": \"Trade fair\", \"source\": \"Tea fair 2026\", \"expiresAt\": \"2027-01-01T00:00:00Z\"}"),
                answers: .json(ListRoutes.list, status: 201, "Made.")
            ) { call in
                let place = try call.place
                let json = try await call.json()
                let name = try ListRoutes.name(json)
                let settings = try ListRoutes.settings(json)
                let list = try SegmentRoutes.refusing {
                    try place.lists.create(
                        id: ListRoutes.newID(), name: name, note: settings.note ?? "", source: settings.source ?? "", expiresAt: settings.expiresAt ?? nil,
                        author: AdminRoutes.author(call), at: Clock.now())
                }
                return Reply(status: .created) { ListRoutes.write(list, place, &$0) }
            },
            Route(.get, "/api/v1/lists/{id}", .scope(.segmentsRead), "One list, by id or handle.", answers: .json(ListRoutes.list)) { call in
                let (place, list) = (try call.place, try ListRoutes.find(call))
                return Reply { ListRoutes.write(list, place, &$0) }
            },
            Route(
                .patch, "/api/v1/lists/{id}", .scope(.segmentsWrite), "Change a list's name, note, source or expiry; its handle stays. With the header If-Match, only that version is changed.",
                takes: .json(.object(Members(list: [("name", .optional(.text))] + ListRoutes.settings.list))), answers: .json(ListRoutes.list)
            ) { call in
                let place = try call.place
                let json = try await call.json()
                let name = json["name"] == nil ? nil : try ListRoutes.name(json)
                let settings = try ListRoutes.settings(json)
                let list = try call.replacing { seen in
                    try place.lists.update(call.parameter("id"), replacing: seen, author: AdminRoutes.author(call), at: Clock.now()) { list in
                        if let name { list.name = name }
                        if let note = settings.note { list.note = note }
                        if let source = settings.source { list.source = source }
                        if let expiresAt = settings.expiresAt { list.expiresAt = expiresAt }
                    }
                }
                guard let list else { throw ListRoutes.unknown }
                return Reply { ListRoutes.write(list, place, &$0) }
            },
            Route(.delete, "/api/v1/lists/{id}", .scope(.segmentsWrite), "Delete a list that no segment names, nor a journey that runs, with its entries.", answers: .json(.success)) { call in
                let (place, id) = (try call.place, call.parameter("id"))
                try place.refuseWhileUsed(place.lists.find(id))
                let isGone = try await server.heavy.run { try SegmentRoutes.refusing { try place.segments.deleteList(id) } }
                guard isGone else { throw ListRoutes.unknown }
                return Reply { w in w.object { $0.member("success", true) } }
            },
        ]
    }

    static func newID() -> String { "lst_" + SegmentRoutes.newID().dropFirst(4) }

    static let unknown = Refusal(404, "list.unknown", "There is no such list.", remedy: "Check its id or handle.")

    static func find(_ call: Call) throws -> StaticList {
        guard let list = try call.place.lists.find(call.parameter("id")) else { throw unknown }
        return list
    }

    private static func name(_ json: JSONText) throws -> String {
        try AdminRoutes.name(json["name"]?.string, remedy: "Send {\"name\": \"…\"}.")
    }

    /// What a body says of a list; nil where it says nothing, and of the expiry `.some(nil)` for never.
    private static func settings(_ json: JSONText) throws -> (note: String?, source: String?, expiresAt: Timestamp??) {
        func text(_ name: String) throws -> String? {
            guard let member = json[name] else { return nil }
            guard let text = member.string, text.utf8.count <= 2000 else {
                throw Refusal(400, "request.parameter", "`\(name)` must be a text of at most 2000 bytes.", remedy: "Correct the body.")
            }
            return text
        }
        return (try text("note"), try text("source"), try time(json, "expiresAt"))
    }

    static func time(_ json: JSONText, _ name: String) throws -> Timestamp?? {
        guard let member = json[name] else { return nil }
        if member.isNull { return .some(nil) }
        guard let time = member.string.flatMap({ Timestamp($0) }) else {
            throw Refusal(400, "request.parameter", "`\(name)` is not a time.", remedy: "Write it as 2026-07-01T00:00:00Z, or null for never.")
        }
        return .some(time)
    }

    static func write(_ list: StaticList, _ place: Workspace, _ w: inout JSONWriter) {
        let counts = place.lists.counts(of: list, at: Clock.now())
        w.object { w in
            w.member("id", list.id)
            w.member("handle", list.handle)
            w.member("name", list.name)
            w.member("note", list.note)
            w.member("source", list.source)
            w.member("expiresAt", list.expiresAt)
            w.member("entries", counts.entries)
            w.member("unknown", counts.unknown)
            w.member("expired", counts.expired)
            w.member("version", list.version)
            w.member("createdAt", list.createdAt)
            w.member("createdBy", list.createdBy)
            w.member("changedAt", list.changedAt)
            w.member("changedBy", list.changedBy)
        }
    }
}
