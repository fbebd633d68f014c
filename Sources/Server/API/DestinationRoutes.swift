import Delivery
import HTTPTypes
import Vocabulary
import Webhooks

/// Destinations: who is told of events and of changes of segments, by signed calls.
struct DestinationRoutes: Sendable {
    let server: MartletServer

    static let destination = Shape.named(
        "Destination",
        .object([
            "id": .text, "name": .text, "url": .text, "enabled": .boolean, "offReason": .described("Why it was switched off by itself; empty otherwise.", .text),
            "secrets": .optional(.described("`whsec_…`, only where one was just made; two while one is rotated, the newest first.", .list(.text))), "sources": .described("Whose events; empty for every source's.", .list(.text)),
            "events": .described("Names of events, or types such as identify; `*` for all, empty for none.", .list(.text)), "segments": .described("Ids of segments whose changes it is told; `*` for all.", .list(.text)),
            "sharing": .described("Whether it uses what it is told for its own ends: then it is told only of people who said yes to `sharing`.", .boolean),
            "condition": .described("In the language of segments: it is told only about people who satisfy it when it is told; empty for everyone.", .text),
            "position": .described("The first event in the log that it was not told of yet.", .orNull(.integer)),
        ]))
    private static let body: Members = [
        "name": .optional(.text), "url": .optional(.text), "enabled": .optional(.boolean), "sources": .optional(.list(.text)), "events": .optional(.list(.text)), "segments": .optional(.list(.text)), "sharing": .optional(.boolean),
        "condition": .optional(.described("Text or JSON of a condition; empty for everyone.", .either([.text, .anyObject]))),
    ]

    static let unknown = Refusal(404, "destination.unknown", "There is no such destination.", remedy: "`GET /api/v1/destinations` lists them.")

    var routes: [Route] {
        [
            Route(.get, "/api/v1/destinations", .scope(.destinationsRead), "Every destination.", answers: .json(.object(["destinations": .list(Self.destination)]))) { call in
                let place = try call.place
                return Reply { w in
                    w.object { w in
                        w.key("destinations")
                        w.array { w in for destination in place.destinations.all { Self.write(destination, place, &w) } }
                    }
                }
            },
            Route(
                .post, "/api/v1/destinations", .scope(.destinationsWrite), "Make a destination. It is told of what comes from now on, or of everything from a position in the log.",
                takes: .json(
                    .object(Members(list: Self.body.list + [("from", .optional(.described("A position in the log.", .integer)))])),
                    example: "{\"name\": \"warehouse\", \"url\": \"https://hooks.example/martlet\", \"events\": [\"Order Completed\"], \"segments\": [\"*\"]}"),
                answers: .json(Self.destination, status: 201, "Made.")
            ) { call in
                let (place, json) = (try call.place, try await call.json())
                let from = try Self.position(json["from"])
                let saved = try Self.create(json, place, server, author: AdminRoutes.author(call), from: from)
                return Reply(status: .created) { Self.write(saved, place, showsSecrets: true, &$0) }
            },
            Route(.get, "/api/v1/destinations/{id}", .scope(.destinationsRead), "One destination, by id or name.", answers: .json(Self.destination)) { call in
                let place = try call.place
                guard let destination = place.destinations.find(call.parameter("id")) else { throw Self.unknown }
                return Reply { Self.write(destination, place, &$0) }
            },
            Route(.patch, "/api/v1/destinations/{id}", .scope(.destinationsWrite), "Change a destination. While a journey that runs calls it by its name, the name stays.", takes: .json(.object(Self.body)), answers: .json(Self.destination)) { call in
                let (place, json) = (try call.place, try await call.json())
                let saved = try place.destinations.update(call.parameter("id"), author: AdminRoutes.author(call), at: Clock.now()) { destination in
                    try Self.change(&destination, json, place, server)
                }
                guard let saved else { throw Self.unknown }
                place.feed.wake()
                return Reply { Self.write(saved, place, &$0) }
            },
            Route(
                .post, "/api/v1/destinations/{id}/rotate", .scope(.destinationsWrite), "Give a destination a new secret. The old one signs as well until `finish` is sent.",
                takes: .json(.object(["finish": .optional(.described("Drop the old secret.", .boolean))]), isRequired: false), answers: .json(Self.destination)
            ) { call in
                let place = try call.place
                let isLast = try await call.jsonIfAny()["finish"]?.boolean ?? false
                let saved = try place.destinations.update(call.parameter("id"), author: AdminRoutes.author(call), at: Clock.now()) { Self.rotate(&$0, isLast: isLast) }
                guard let saved else { throw Self.unknown }
                return Reply { Self.write(saved, place, showsSecrets: true, &$0) }
            },
            Route(.delete, "/api/v1/destinations/{id}", .scope(.destinationsWrite), "Delete a destination that no journey that runs calls; what still waits for it is refused.", answers: .json(.success)) { call in
                let place = try call.place
                try place.refuseWhileUsed(place.destinations.find(call.parameter("id")))
                guard let gone = try place.destinations.delete(call.parameter("id"), author: AdminRoutes.author(call), at: Clock.now()) else { throw Self.unknown }
                try place.feed.end(gone)
                return Reply { w in w.object { $0.member("success", true) } }
            },
        ]
    }

    // MARK: - Changing

    static func create(_ json: JSONText, _ place: Workspace, _ server: MartletServer, author: String, from: UInt64?) throws -> Destination {
        var destination = Destination(id: "dst_" + String(IngestionRoutes.newMessageId(0).filter { $0 != "-" }.suffix(12)), name: "", url: "", secrets: [WebhookSignature.newSecret()])
        try change(&destination, json, place, server)
        let saved = try place.destinations.create(destination, author: author, at: Clock.now())
        try place.feed.begin(saved, from: from)
        return saved
    }

    static func change(_ destination: inout Destination, _ json: JSONText, _ place: Workspace, _ server: MartletServer) throws {
        func list(_ name: String) throws -> [String]? {
            guard let value = json[name] else { return nil }
            let texts = value.elements.compactMap(\.string)
            guard value.isArray, texts.count == value.elements.count else { throw Refusal(400, "request.parameter", "`\(name)` must be a list of texts.", remedy: "Send [\"Order Completed\"].") }
            return texts
        }
        if let name = json["name"]?.string?.trimmed {
            try place.refuseWhileFound(destination, changingTo: name)
            destination.name = name
        }
        if let url = json["url"]?.string {
            // Judged again on the address that its name leads to, at every call.
            _ = try WebhookAddress(url, allowsPrivate: server.configuration.allowsPrivateDestinations)
            destination.url = url
        }
        if let isEnabled = json["enabled"]?.boolean {
            destination.isEnabled = isEnabled
            if isEnabled { destination.offReason = "" }
        }
        destination.isSharing = json["sharing"]?.boolean ?? destination.isSharing
        destination.condition = try condition(json["condition"], place) ?? destination.condition
        destination.sources = try list("sources") ?? destination.sources
        destination.events = try list("events") ?? destination.events
        destination.segments = try list("segments") ?? destination.segments
    }

    /// As it is kept; nil where the body has none.
    private static func condition(_ json: JSONText?, _ place: Workspace) throws -> String? {
        guard let json else { return nil }
        if json.isNull || json.string?.trimmed.isEmpty ?? false { return "" }
        guard json.isString || json.isObject else { throw Refusal(400, "request.parameter", "`condition` must be a condition: a text, or its JSON form.", remedy: "Send {\"condition\": \"plan = \\\"gold\\\"\"}.") }
        switch Call.read(json, knowing: place.knownNames) {
        case .success(let read): return read.condition.text
        case .failure(let error): throw Refusal(error)
        }
    }

    static func rotate(_ destination: inout Destination, isLast: Bool) {
        if isLast { destination.secrets = Array(destination.secrets.prefix(1)) } else { destination.secrets = [WebhookSignature.newSecret()] + destination.secrets.prefix(1) }
    }

    private static func position(_ json: JSONText?) throws -> UInt64? {
        guard let json, !json.isNull else { return nil }
        guard let position = json.integer.flatMap({ UInt64(exactly: $0) }) else { throw Refusal(400, "request.parameter", "`from` is no position.", remedy: "Send a whole number from 0.") }
        return position
    }

    private static func write(_ destination: Destination, _ place: Workspace, showsSecrets: Bool = false, _ w: inout JSONWriter) {
        let position = (try? place.feed.position(of: destination)) ?? nil
        w.object { w in
            w.member("id", destination.id)
            w.member("name", destination.name)
            w.member("url", destination.url)
            w.member("enabled", destination.isEnabled)
            w.member("offReason", destination.offReason)
            w.member("sharing", destination.isSharing)
            w.member("condition", destination.condition)
            let secrets = showsSecrets ? [("secrets", destination.secrets)] : []
            for (key, list) in secrets + [("sources", destination.sources), ("events", destination.events), ("segments", destination.segments)] {
                w.key(key)
                w.array { w in for item in list { w.string(item) } }
            }
            w.key("position")
            if let position { w.number(position) } else { w.null() }
        }
    }
}
