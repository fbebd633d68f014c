import Access
import Decisions
import Delivery
import HTTPTypes
import Identity
import Privacy
import Profiles
import Vocabulary

/// Messages: sending one, what became of each, and why.
struct MessageRoutes: Sendable {
    let server: MartletServer

    private static let person: Members = [
        "profileId": .optional(.text), "userId": .optional(.text), "anonymousId": .optional(.text), "email": .optional(.text), "externalId": .optional(.text),
    ]
    private static let asked: Members = Members(list: person.list + [
        ("template", .described("By id or name.", .text)), ("channel", .text), ("purpose", .optional(.described("`service` unless told, which the consent policy grants.", .text))), ("topic", .optional(.text)),
        ("account", .optional(.described("The groupId as whose member they are written to.", .text))), ("data", .optional(.described("What the template sees beside the person.", .anyObject))),
        ("idempotencyKey", .optional(.described("A message of a key is sent once; 409 for a key that another message has.", .text))), ("priority", .optional(.described("0 to 100; more is more urgent.", .integer))),
        ("notBefore", .optional(.time)), ("expiresAt", .optional(.time)), ("dryRun", .optional(.described("Only answer what every check says.", .boolean))),
    ])
    private static let filters = [
        RouteParameter("state", .text, "One or more of \(DeliveryRecord.State.allCases.map(\.name).joined(separator: ", ")), with commas."), RouteParameter("channel", .text, "A channel, or a destination's id."),
        RouteParameter("kind", .text, "message, call or record; messages unless told, `*` for all."), RouteParameter("origin", .text, "Who decided it: \(Intent.Origin.Kind.allCases.map(\.rawValue).joined(separator: ", "))."),
        RouteParameter("originId", .text, "Which journey, campaign or token."),
        RouteParameter("step", .text, "Of a journey, the id of the step that decided it."),
    ]
    private static let paging = [RouteParameter("limit", .integer(1...500), "How many at most; 100 unless told."), RouteParameter("after", .text, "The `next` of the page before.")]

    var routes: [Route] {
        [
            Route(
                .post, "/api/v1/messages", .scope(.messagesWrite), "Send one message to one person. What it is held to is asked when it is sent; with `dryRun` it is asked now, of every check, and nothing is sent.",
                takes: .json(.object(Self.asked), example: "{\"userId\": \"ada\", \"template\": \"order-thanks\", \"channel\": \"webhook\", \"data\": {\"order\": {\"id\": \"o-17\"}}, \"idempotencyKey\": \"o-17\"}"),
                answers: .json(.object(["key": .text, "new": .described("False where this key was known; nothing happens then.", .boolean)]), status: 202, "Taken.")
                    .or(.json(.object(["checks": .list(Self.verdict), "subject": .described("What it says only with the scope `profiles:read`; its links lead nowhere.", .orNull(.text)), "html": .orNull(.text), "text": .orNull(.text), "json": .orNull(.text)]), "What every check says."))
            ) { try await send($0) },
            Route(.get, "/api/v1/messages", .scope(.messagesRead), "Messages and what became of them, newest first.", Self.filters + Self.paging, answers: .json(.page(of: "messages", Self.message))) { call in
                try Self.list(call, try Self.filter(call))
            },
            Route(
                .get, "/api/v1/messages/{key}", .scope(.messagesRead), "One message: what became of it, everything that happened on the way, and of one that still waits what every check says now.",
                answers: .json(Self.message.with(["steps": .list(Self.step), "checks": .list(Self.verdict)]))
            ) { call in
                let place = try call.place
                guard let record = try place.outbox.find(key: call.parameter("key")) else { throw Self.unknown }
                let steps = try place.outbox.steps(of: record)
                let verdicts = record.state.isFinal ? [] : try place.outbox.examine(record.intent, of: record, now: Clock.now()).verdicts
                return Reply { w in
                    w.object { w in
                        Self.members(record, &w)
                        Self.write(steps, &w)
                        Self.write(verdicts, &w)
                    }
                }
            },
            Route(
                .get, "/api/v1/profiles/{id}/messages", .scope(.messagesRead), "A person's messages and why each was sent or not, newest first, whatever they were known by.", Self.filters + Self.paging,
                answers: .json(.page(of: "messages", Self.message))
            ) { call in
                let place = try call.place
                guard let profile = try place.profiles.reader(for: .service).profile(id: call.parameter("id")) else { throw ReadRoutes.noProfile }
                var filter = try Self.filter(call)
                filter.profiles = place.outbox.ids(of: profile)
                return try Self.list(call, filter)
            },
            Route(
                .post, "/api/v1/messages/replay", .scope(.messagesWrite), "Send dead letters again, each under its key: those named, or all of a channel or destination.",
                takes: .json(.object(["keys": .optional(.list(.text)), "channel": .optional(.text)]), example: "{\"channel\": \"webhook\"}"), answers: .json(.object(["replayed": .integer]))
            ) { call in
                let (place, json) = (try call.place, try await call.json())
                let keys = (json["keys"]?.elements ?? []).compactMap(\.string)
                guard keys.count <= 500, keys.isEmpty != (json["channel"]?.string == nil) else { throw Refusal(400, "message.replay", "Name up to 500 keys, or one channel.", remedy: "Send {\"keys\": [\"…\"]} or {\"channel\": \"webhook\"}.") }
                let count = try json["channel"]?.string.map { try place.outbox.replay(lane: $0) } ?? place.outbox.replay(keys: keys)
                return Reply { w in w.object { $0.member("replayed", count) } }
            },
            Self.held("release", "Send messages and calls that are held since a backup was restored, each under its key. With `*` for the channel, all of them; journeys and campaigns are then held no longer.") {
                try $0.release($1)
            },
            Self.held("drop", "Take back messages and calls that are held since a backup was restored: they are not sent. With `*` for the channel, all of them; journeys and campaigns are then held no longer.") {
                try $0.drop($1)
            },
            Route(
                .get, "/api/v1/deliveries", .scope(.messagesRead), "How channels and destinations are doing, and what messages came to over time.",
                [RouteParameter("hours", .integer(1...720), "How far back; 24 unless told.")],
                answers: .json(.object([
                    "lanes": .list(.object(["name": .text, "waiting": .integer, "underway": .integer, "dead": .integer, "pausedUntil": .described("The other side fails again and again, and is left alone until then.", .orNull(.time)), "off": .described("It is a destination that is switched off: what waits for it goes once it is on again.", .boolean)])),
                    "held": .described("What is held since a backup was restored; null where nothing is.", .orNull(.object(["since": .time, "lanes": .list(.object(["name": .text, "count": .integer]))]))),
                    "counts": .list(.object(["from": .time, "sent": .integer, "refused": .integer, "dead": .integer])),
                ]))
            ) { try deliveries($0) },
        ]
    }

    private static func held(_ verb: String, _ summary: String, _ body: @escaping @Sendable (Outbox, HeldMessages) throws -> Int) -> Route {
        Route(
            .post, "/api/v1/messages/\(verb)", .scope(.messagesWrite), summary, takes: .json(.object(["keys": .optional(.list(.text)), "channel": .optional(.text)]), example: "{\"channel\": \"*\"}"),
            answers: .json(.object(["count": .integer]))
        ) { call in
            let (place, json) = (try call.place, try await call.json())
            let keys = (json["keys"]?.elements ?? []).compactMap(\.string)
            guard keys.count <= 500, keys.isEmpty != (json["channel"]?.string == nil) else {
                throw Refusal(400, "message.held", "Name up to 500 keys, or one channel.", remedy: "Send {\"keys\": [\"…\"]} or {\"channel\": \"email\"}; `*` means all channels and destinations.")
            }
            let count = try body(place.outbox, json["channel"]?.string.map { $0 == "*" ? .all : .lane($0) } ?? .keys(keys))
            return Reply { w in w.object { $0.member("count", count) } }
        }
    }

    static let unknown = Refusal(404, "message.unknown", "There is no message of this key.", remedy: "`GET /api/v1/messages` lists them.")

    // MARK: - Sending

    private func send(_ call: Call) async throws -> Reply {
        let (place, json) = (try call.place, try await call.json())
        // What is no answer to this question must not be taken for a no: it would send.
        guard let isDry = json["dryRun"].map({ $0.isNull ? false : $0.boolean }) ?? false else {
            throw Refusal(400, "request.parameter", "`dryRun` must be true or false.", remedy: "Leave it out to send.")
        }
        if isDry {
            let intent = try Self.intent(json, call)
            let (verdicts, found) = try await server.heavy.run { try place.outbox.examine(intent, now: Clock.now()) }
            // What a message says is the person's data: for whoever may read people, as in a preview.
            let content = call.may(.profilesRead) ? found : nil
            return Reply { w in
                w.object { w in
                    Self.write(verdicts, &w)
                    for (key, text) in [("subject", content?.subject), ("html", content?.html), ("text", content?.text), ("json", content?.json)] { w.member(key, text) }
                }
            }
        }
        // Nothing is decided for somebody who is just being forgotten: it would outlive them.
        let (intent, isNew) = try await place.own.speaking {
            let intent = try Self.intent(json, call)
            return (intent, try place.outbox.submit([intent]) > 0)
        }
        if !isNew, try !place.outbox.isSame(intent) {
            throw Refusal(409, "message.key-taken", "Another message has this `idempotencyKey`: to another person, of another template, or for another purpose, topic or account.", remedy: "Send a key that is made of the person and of what the message is about.")
        }
        return Reply(status: .accepted) { w in
            w.object { w in
                w.member("key", intent.key)
                w.member("new", isNew)
            }
        }
    }

    private static func intent(_ json: JSONText, _ call: Call) throws -> Intent {
        let place = try call.place
        func name(_ member: String, _ standard: String? = nil) throws -> String {
            let text = json[member]?.string ?? (json[member] == nil ? standard : nil)
            guard let text, text.isEmpty && standard != nil || ConsentLimits.isName(text) else { throw Refusal(400, "request.parameter", "`\(member)` must be a name.", remedy: "Correct the body; docs/delivery.md has an example.") }
            return text
        }
        func time(_ member: String) throws -> Timestamp? {
            guard let value = json[member], !value.isNull else { return nil }
            guard let time = value.string.flatMap({ Timestamp($0) }) else { throw Refusal(400, "request.time", "`\(member)` is not a time.", remedy: "Write it as 2026-07-01T00:00:00Z.") }
            return time
        }
        let channel = try name("channel")
        guard place.outbox.channels.contains(channel) else {
            throw Refusal(400, "message.channel", "There is no channel `\(channel)`.", remedy: "Channels are: \(place.outbox.channels.joined(separator: ", ")).")
        }
        guard let template = json["template"]?.string.flatMap({ place.templates.find($0) }) else { throw MessageTemplateRoutes.unknown }
        func text(_ member: String, _ remedy: String) throws -> String? {
            guard let value = json[member], !value.isNull else { return nil }
            guard let text = value.string else { throw Refusal(400, "request.parameter", "`\(member)` must be a text.", remedy: remedy) }
            return text
        }
        let account = try text("account", "Send its groupId.") ?? ""
        guard account.utf8.count <= ConsentLimits.text else { throw Refusal(400, "request.parameter", "`account` is longer than \(ConsentLimits.text) bytes.", remedy: "Send its groupId.") }
        let purpose = ConsentPurpose(try name("purpose", "service"))
        guard purpose.isForMessages else {
            throw Refusal(400, "message.purpose", "No message is sent for the purpose `\(purpose.name)`.", remedy: "Name what it is for, such as marketing; `service` is for what the person asked for.")
        }
        let scope = ConsentScope(purpose, channel: channel, topic: try name("topic", ""), context: account.isEmpty ? .personal : .account(account))
        let data = json["data"] ?? JSONText(trusted: Array("{}".utf8))
        guard data.isObject else { throw Refusal(400, "request.parameter", "`data` must be an object.", remedy: "Send {\"data\": {\"order\": {\"id\": \"o-17\"}}}.") }
        let priority = try call.integer(json, "priority", in: 0...100, default: 50)
        let own = try text("idempotencyKey", "Send the id of what the message is about.") ?? IngestionRoutes.newMessageId(0)
        guard !own.isEmpty, own.utf8.count <= 200 else { throw Refusal(400, "request.parameter", "`idempotencyKey` must be a text of 1 to 200 bytes.", remedy: "Send the id of what the message is about.") }
        let (profile, identifier) = try Self.person(json, place)
        // For whoever has the identifier when it goes, also where people part meanwhile.
        guard let id = identifier.flatMap({ place.profiles.bearer(of: $0) }) ?? ProfileID(profile.id).flatMap({ place.profiles.bearer(of: $0) }) else { throw ReadRoutes.noProfile }
        return Intent(
            key: "api:\(own)", profile: id, .message(template: template.id, scope), origin: Intent.Origin(.api, id: AdminRoutes.author(call)), data: data, priority: priority, decidedAt: Clock.now(),
            notBefore: try time("notBefore"), expiresAt: try time("expiresAt"))
    }

    private static func person(_ json: JSONText, _ place: Workspace) throws -> (Profile, Identifier?) {
        let reader = place.profiles.reader(for: .service)
        let unknown = Refusal(404, "profile.unknown", "There is no such person.", remedy: "Send `profileId`, or one of userId, anonymousId, email.")
        if let id = json["profileId"]?.string {
            guard let profile = try reader.profile(id: id) else { throw unknown }
            return (profile, nil)
        }
        for namespace in IdentifierNamespace.allCases where namespace != .groupId {
            guard let value = json[namespace.name]?.string, !value.isEmpty else { continue }
            let identifier = Identifier(namespace, value)
            guard let profile = try reader.profile(identifier) else { throw unknown }
            return (profile, identifier)
        }
        throw unknown
    }

    // MARK: - Reading

    static func filter(_ call: Call) throws -> DeliveryFilter {
        var filter = DeliveryFilter()
        filter.states = try (call.query("state") ?? "").split(separator: ",").map { name in
            guard let state = DeliveryRecord.State(name: String(name)) else {
                throw Refusal(400, "request.parameter", "`state` must be of \(DeliveryRecord.State.allCases.map(\.name).joined(separator: ", ")).", remedy: "Correct the query.")
            }
            return state
        }
        filter.lane = call.query("channel").flatMap { $0.isEmpty ? nil : $0 }
        let kind = call.query("kind") ?? "message"
        filter.kind = kind == "*" ? nil : kind
        if let origin = call.query("origin"), !origin.isEmpty {
            guard let kind = Intent.Origin.Kind(rawValue: origin) else {
                throw Refusal(400, "request.parameter", "`origin` must be one of \(Intent.Origin.Kind.allCases.map(\.rawValue).joined(separator: ", ")).", remedy: "Correct the query.")
            }
            filter.origin = kind
        }
        filter.originID = call.query("originId").flatMap { $0.isEmpty ? nil : $0 }
        filter.step = call.query("step").flatMap { $0.isEmpty ? nil : $0 }
        if let after = call.query("after") {
            guard let number = Int64(after) else { throw Refusal(400, "request.parameter", "`after` is not a cursor.", remedy: "Send the `next` of the page before, unchanged.") }
            filter.before = number
        }
        return filter
    }

    private static func list(_ call: Call, _ filter: DeliveryFilter) throws -> Reply {
        let limit = try call.integer("limit", in: 1...500, default: 100)
        var all = try call.place.outbox.list(filter, limit: limit + 1)
        let isMore = all.count > limit
        if isMore { all.removeLast() }
        return Reply { w in
            w.object { w in
                w.key("messages")
                w.array { w in for record in all { w.object { members(record, &$0) } } }
                w.member("next", isMore ? all.last.map { String($0.stored.number) } : nil)
            }
        }
    }

    private func deliveries(_ call: Call) throws -> Reply {
        let place = try call.place
        let hours = try call.integer("hours", in: 1...720, default: 24)
        let now = Clock.now()
        let lanes = try place.outbox.laneStatus()
        let hold = try place.outbox.hold()
        let counts = try place.outbox.counts(from: Timestamp(clamping: now.milliseconds - Int64(hours) * 3_600_000), to: Timestamp(clamping: now.milliseconds + 1), stepMs: 3_600_000)
        return Reply { w in
            w.object { w in
                w.key("lanes")
                w.array { w in
                    for lane in lanes {
                        w.object { w in
                            w.member("name", lane.name)
                            w.member("waiting", lane.waiting)
                            w.member("underway", lane.underway)
                            w.member("dead", lane.dead)
                            w.member("pausedUntil", lane.pausedUntil)
                            w.member("off", lane.isOff)
                        }
                    }
                }
                w.key("held")
                if let hold {
                    w.object { w in
                        w.member("since", hold.since)
                        w.key("lanes")
                        w.array { w in for lane in hold.counts { w.object { $0.member("name", lane.lane); $0.member("count", lane.count) } } }
                    }
                } else { w.null() }
                w.key("counts")
                w.array { w in
                    for count in counts {
                        w.object { w in
                            w.member("from", count.from)
                            w.member("sent", count.sent)
                            w.member("refused", count.refused)
                            w.member("dead", count.dead)
                        }
                    }
                }
            }
        }
    }
}
