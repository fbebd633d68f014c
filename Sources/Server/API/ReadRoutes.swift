import Access
import HTTPTypes
import Ingest
import Privacy
import Profiles
import Segments
import Vocabulary

/// Reading events and profiles.
struct ReadRoutes: Sendable {
    let server: MartletServer

    private static let paging = [
        RouteParameter("limit", .integer(1...1000), "How many at most; 100 unless told."),
        RouteParameter("after", .text, "The `next` of the page before."),
    ]
    static let identifiers = [
        RouteParameter("userId", .text, "The person's userId."), RouteParameter("anonymousId", .text, "A device's anonymousId."),
        RouteParameter("email", .text, "An e-mail address."), RouteParameter("groupId", .text, "An account's groupId."),
        RouteParameter("externalId", .text, "An identifier of a type that the rules of identity add, as loyaltyId:77."),
    ]
    private static let times = [
        RouteParameter("as_of", .time, "As it was at this instant."), RouteParameter("known_at", .time, "From what had been received by this instant."),
    ]

    private static let newest = [RouteParameter("events", .integer(0...200), "Adds so many of the newest events, newest first; needs the scope events:read, too.")]

    var routes: [Route] {
        [
            Route(
                .get, "/api/v1/events", .scope(.eventsRead), "Events, oldest first, in the order accepted.",
                [
                    RouteParameter("messageId", .text, "Only the event with this messageId."), RouteParameter("type", .text, "Only this call."),
                    RouteParameter("event", .text, "Only track calls of this name."), RouteParameter("from", .time, "Received at or after."),
                    RouteParameter("to", .time, "Received before."),
                ] + ReadRoutes.identifiers + ReadRoutes.paging, answers: .json(.page(of: "events", .event))
            ) { call in
                // One message is a look-up; everything else may read much.
                if call.query("messageId") != nil { return try events(call) }
                return try await server.heavy.run { try events(call) }
            },
            Route(
                .get, "/api/v1/profiles", .scope(.profilesRead), "Profiles, all or those that match a text.",
                [RouteParameter("q", .text, "Part of a name or identifier."), RouteParameter("merged", .boolean, "Only who was merged from several.")] + ReadRoutes.paging,
                answers: .json(.page(of: "profiles", .profileSummary))
            ) { call in
                try await server.heavy.run { try search(call) }
            },
            Route(
                .get, "/api/v1/profiles/lookup", .scope(.profilesRead), "The profile with an identifier.", ReadRoutes.identifiers + ReadRoutes.times + ReadRoutes.newest,
                answers: .json(.profile, example: ReadRoutes.ada)
            ) { call in
                let reader = try reader(call)
                guard let identifier = try ReadRoutes.identifier(call) else {
                    throw Refusal(400, "request.parameter", "Name one identifier.", remedy: "Send one of userId, anonymousId, email, groupId.")
                }
                guard let profile = try reader.profile(identifier) else { throw ReadRoutes.noProfile }
                return try await one(call, reader, profile, from: identifier)
            },
            Route(.get, "/api/v1/profiles/{id}", .scope(.profilesRead), "One profile.", ReadRoutes.times + ReadRoutes.newest, answers: .json(.profile, example: ReadRoutes.ada)) { call in
                let reader = try reader(call)
                return try await one(call, reader, try profile(call, reader))
            },
            Route(
                .get, "/api/v1/profiles/{id}/traits", .scope(.profilesRead), "A profile's traits with where each came from and what it was before.", ReadRoutes.times,
                answers: .json(.object(["traits": .list(.trait), "computed": .optional(.list(ComputedValue.shape))]))
            ) { call in
                let reader = try reader(call)
                let profile = try profile(call, reader)
                let (asOf, knownAt) = (try call.time("as_of"), try call.time("known_at"))
                let computed = knownAt == nil ? try await call.computed(profile, asOf: asOf) : nil
                return try await server.heavy.run { try traits(call, reader, profile, computed, asOf: asOf, knownAt: knownAt) }
            },
            Route(
                .get, "/api/v1/profiles/{id}/events", .scope(.eventsRead), "A profile's events, oldest first, in the order accepted.", ReadRoutes.paging,
                answers: .json(.page(of: "events", .event))
            ) { call in
                let reader = try reader(call)
                return try timeline(call, reader, try profile(call, reader))
            },
            Route(
                .get, "/api/v1/profiles/{id}/links", .scope(.profilesRead), "Why a profile's identifiers are one person.",
                answers: .json(.object(["links": .list(.evidence)]))
            ) { call in
                let reader = try reader(call)
                return try links(call, reader, try profile(call, reader))
            },
            Route(.get, "/api/v1/groups/{id}", .scope(.profilesRead), "One account.", answers: .json(.object(["id": .text, "profileId": .text, "traits": .anyObject]))) { call in
                let reader = try reader(call)
                guard let profile = try reader.profile(Identifier(.groupId, call.parameter("id"))) else { throw ReadRoutes.noProfile }
                return Reply { w in
                    w.object { w in
                        w.member("id", call.parameter("id"))
                        w.member("profileId", profile.id)
                        w.key("traits")
                        profile.write(traits: &w)
                    }
                }
            },
        ] + segment
    }

    private static let ada = """
        {"id": "prf_0", "kind": "person", "name": "Ada Byron", "traits": {"name": "Ada Byron", "plan": "free"}, "identifiers": [{"type": "userId", "value": "ada",\
         "firstSeen": "2026-07-01T09:05:00.000Z", "lastSeen": "2026-07-01T09:06:00.000Z"}], "firstSeen": "2026-07-01T09:05:00.000Z",\
         "lastSeen": "2026-07-01T09:06:00.000Z", "events": 2, "optedOutOfSharing": true, "consents": [{"purpose": "sharing", "granted": false, "because": "gpc",\
         "timestamp": "2026-07-01T09:06:00.000Z", "messageId": "m-2", "position": 1}]}
        """

    static let noProfile = Refusal(404, "profile.unknown", "There is no such profile.", remedy: "Check the identifier.")

    static let notYet = Refusal(404, "profile.unknown-then", "Nobody was known by this then.", remedy: "Ask for a later time; without as_of and known_at, the answer says when they were first seen.")

    private func reader(_ call: Call) throws -> ProfileReader { try call.place.profiles.reader(for: .service) }

    private func profile(_ call: Call, _ reader: ProfileReader) throws -> Profile {
        guard let profile = try reader.profile(id: call.parameter("id")) else { throw ReadRoutes.noProfile }
        return profile
    }

    static func identifier(_ call: Call) throws -> Identifier? {
        let given = IdentifierNamespace.allCases.compactMap { namespace in call.query(namespace.name).map { Identifier(namespace, $0) } }
        guard given.count <= 1 else { throw Refusal(400, "request.parameter", "Name one identifier.", remedy: "Send one of userId, anonymousId, email, groupId.") }
        return given.first
    }

    // MARK: - Events

    private func events(_ call: Call) throws -> Reply {
        let place = try call.place
        let limit = try call.integer("limit", in: 1...1000, default: 100)
        let after = try ReadRoutes.cursor(call)
        let from = try call.time("from")
        let to = try call.time("to")
        let type = try call.query("type").map { name -> EventType in
            guard let type = EventType(name: Array(name.utf8)) else { throw Refusal(400, "request.parameter", "`type` is not a call.", remedy: "Use identify, track, page, screen, group or alias.") }
            return type
        }
        let name = call.query("event").map { Array($0.utf8) }
        func isWanted(_ event: EventView) -> Bool {
            if event.isErased || event.isFact { return false }
            if let from, event.receivedAt < from { return false }
            if let to, event.receivedAt >= to { return false }
            if let type, event.type != type { return false }
            if let name, event.field(.event).map({ $0.elementsEqual(name) }) != true { return false }
            return true
        }
        var found: [TimelineEvent] = []
        var next: LogPosition?
        if let messageId = call.query("messageId") {
            let wanted = Array(messageId.utf8)
            for source in place.sources.all {
                guard let position = place.ingest.messages.position(source: source.number, messageId: wanted), let event = try place.log.read(position),
                    isWanted(event), event.field(.messageId).map({ $0.elementsEqual(wanted) }) == true
                else { continue }
                found.append(TimelineEvent(position: position, event: event))
            }
            if let after { found.removeAll { $0.position <= after } }
            if let identifier = try ReadRoutes.identifier(call), !found.isEmpty {
                let reader = try reader(call)
                let profile = try reader.profile(identifier)
                found = try found.filter { item in
                    try ReadRoutes.carries(item.event, identifier) && profile.map { try reader.events(of: $0, after: item.position == 0 ? nil : item.position - 1, limit: 1, types: nil).first?.position == item.position } ?? false
                }
            }
            found.sort { $0.position < $1.position }
        } else if let identifier = try ReadRoutes.identifier(call) {
            let reader = try reader(call)
            guard let profile = try reader.profile(identifier) else { return ReadRoutes.write([], next: nil) }
            var position = after
            scan: while found.count <= limit {
                let page = try reader.events(of: profile, after: position, limit: 1000, types: type.map { [$0] })
                for item in page {
                    position = item.position
                    if ReadRoutes.carries(item.event, identifier), isWanted(item.event) { found.append(item) }
                    if found.count > limit { break scan }
                }
                if page.count < 1000 { break }
            }
        } else {
            // A rare filter must not read the whole log in one request: a page ends after so many events looked at.
            var seen = 0
            place.log.scan(from: after.map { $0 + 1 } ?? 0) { batch in
                for entry in batch.entries {
                    seen += 1
                    guard let event = batch.event(entry), isWanted(event) else { continue }
                    found.append(TimelineEvent(position: entry.position, event: event))
                    if found.count > limit { return false }
                }
                if seen >= 200_000 {
                    next = batch.entries.last?.position
                    return false
                }
                return true
            }
        }
        if found.count > limit {
            found.removeLast(found.count - limit)
            next = found.last?.position
        }
        return ReadRoutes.write(found, next: next)
    }

    /// Events that carry exactly this identifier; the profile's own events include those of its other identifiers.
    private static func carries(_ event: EventView, _ identifier: Identifier) -> Bool {
        let fields: [IdentifierNamespace: EventField] = [.userId: .userId, .anonymousId: .anonymousId, .groupId: .groupId]
        guard let field = fields[identifier.namespace] else { return true }
        return event.field(field).map { $0.elementsEqual(identifier.value) } == true
    }

    static func cursor(_ call: Call) throws -> LogPosition? {
        guard let text = call.query("after") else { return nil }
        guard let position = LogPosition(text), position < 1 << 40 else { throw noCursor }
        return position
    }

    static let noCursor = Refusal(400, "request.parameter", "`after` is not a cursor.", remedy: "Send the `next` of the page before, unchanged.")

    private static func write(_ events: [TimelineEvent], next: LogPosition?) -> Reply {
        Reply { w in
            w.object { w in
                w.key("events")
                w.array { w in for item in events { item.event.write(to: &w, position: item.position) } }
                w.member("next", next.map(String.init))
            }
        }
    }

    private func timeline(_ call: Call, _ reader: ProfileReader, _ profile: Profile) throws -> Reply {
        let limit = try call.integer("limit", in: 1...1000, default: 100)
        var events = try reader.events(of: profile, after: try ReadRoutes.cursor(call), limit: limit + 1, types: nil)
        let hasMore = events.count > limit
        if hasMore { events.removeLast() }
        return ReadRoutes.write(events, next: hasMore ? events.last?.position : nil)
    }

    // MARK: - Profiles

    private func search(_ call: Call) throws -> Reply {
        let limit = try call.integer("limit", in: 1...1000, default: 100)
        let after = try call.query("after").map { text -> ProfileCursor in
            guard let cursor = ProfileCursor(text: text) else { throw ReadRoutes.noCursor }
            return cursor
        }
        let (profiles, next) = try reader(call).search(call.query("q") ?? "", after: after, limit: limit, isMerged: call.boolean("merged"))
        return Reply { w in
            w.object { w in
                w.key("profiles")
                w.array { w in
                    for profile in profiles {
                        w.object { w in
                            w.member("id", profile.id)
                            w.member("kind", profile.kind.rawValue)
                            w.member("name", profile.displayName)
                            ReadRoutes.write(profile, &w)
                            w.member("firstSeen", profile.firstSeen)
                            w.member("lastSeen", profile.lastSeen)
                        }
                    }
                }
                w.member("next", next?.text)
            }
        }
    }

    static func write(_ profile: Profile, _ w: inout JSONWriter) {
        w.key("identifiers")
        w.array { w in
            for (identifier, seen) in zip(profile.identifiers, profile.seen) {
                w.object {
                    $0.member("type", identifier.namespace.name)
                    $0.key("value")
                    $0.string(utf8: identifier.value)
                    $0.member("firstSeen", seen.first)
                    $0.member("lastSeen", seen.last)
                }
            }
        }
    }

    private func one(_ call: Call, _ reader: ProfileReader, _ current: Profile, from asked: Identifier? = nil) async throws -> Reply {
        let asOf = try call.time("as_of")
        let knownAt = try call.time("known_at")
        let wanted = try call.integer("events", in: 0...200, default: 0)
        if wanted > 0 { try call.need(.eventsRead, for: "`events`") }
        let isPast = asOf != nil || knownAt != nil
        let profile = isPast ? try await server.heavy.run { try reader.profile(current, from: asked, asOf: asOf, knownAt: knownAt) } : current
        if profile.eventsThen == 0 { throw ReadRoutes.notYet }
        let place = try call.place
        // What stands now; of the past, the ledger keeps no account.
        let consents = isPast ? nil : try place.ledger.statements(of: current.identifiers)
        // Columns do not hold when an event was received, so that what was known at an instant is not worked out.
        let computed = knownAt == nil ? try await call.computed(current, asOf: asOf) : nil
        let newest = wanted == 0 ? [] : !isPast ? try reader.newest(of: current, before: nil, limit: wanted) : try await server.heavy.run { try newestThen(reader, profile, asOf, knownAt, wanted) }
        return Reply { w in
            w.object { w in
                w.member("id", profile.id)
                w.member("kind", profile.kind.rawValue)
                w.member("name", profile.displayName)
                w.key("traits")
                profile.write(traits: &w)
                if let computed { ComputedValue.write(computed, asOf: asOf, &w) }
                ReadRoutes.write(profile, &w)
                w.member("firstSeen", profile.firstSeen)
                w.member("lastSeen", profile.lastSeen)
                w.member("events", profile.eventsThen ?? reader.eventCount(of: current))
                if let consents { ReadRoutes.write(consents, place, &w) }
                if wanted > 0 {
                    w.key("newest")
                    w.array { w in for item in newest { item.event.write(to: &w, position: item.position) } }
                }
                if let asOf { w.member("asOf", asOf) }
                if let knownAt { w.member("knownAt", knownAt) }
            }
        }
    }

    /// The newest of the events that count at an instant.
    private func newestThen(_ reader: ProfileReader, _ profile: Profile, _ asOf: Timestamp?, _ knownAt: Timestamp?, _ wanted: Int) throws -> [TimelineEvent] {
        var found: [TimelineEvent] = []
        var before: LogPosition?
        while found.count < wanted {
            let page = try reader.newest(of: profile, before: before, limit: 1000)
            found += page.filter { $0.event.statedAt <= asOf ?? .latest && $0.event.receivedAt <= knownAt ?? .latest }
            guard page.count == 1000, let last = page.last else { break }
            before = last.position
        }
        return Array(found.prefix(wanted))
    }

    private static func write(_ consents: [ConsentLedger.Statement], _ place: Workspace, _ w: inout JSONWriter) {
        w.member("optedOutOfSharing", consents.contains { $0.purpose == .sharing && !$0.isGranted })
        w.key("consents")
        w.array { w in
            for statement in consents {
                let event = statement.position.flatMap { try? place.log.read($0) }
                w.object { w in
                    w.member("purpose", statement.purpose.name)
                    w.member("granted", statement.isGranted)
                    w.member("because", isSignal(statement, event) ? "gpc" : "stated")
                    w.member("timestamp", statement.at)
                    w.member("messageId", event?.text(.messageId))
                    w.key("position")
                    if let position = statement.position { w.number(position) } else { w.null() }
                }
            }
        }
    }

    /// Whether the browser's signal said so, and not a choice.
    static func isSignal(_ statement: ConsentLedger.Statement, _ event: EventView?) -> Bool {
        statement.purpose == .sharing && !statement.isGranted && event.map(ConsentReader.isSignalOnly) ?? false
    }

    private func links(_ call: Call, _ reader: ProfileReader, _ profile: Profile) throws -> Reply {
        let place = try call.place
        return try Reply { w in
            try w.object { w in
                w.key("links")
                try w.array { w in
                    for edge in reader.evidence(of: profile) {
                        let event = try place.log.read(edge.position)
                        w.object { IdentityWriting.write(edge, event, reader, &$0) }
                    }
                }
            }
        }
    }
}
