import Profiles
import Segments
import Vocabulary

/// A trait as Segment's Profile API tells one.
private struct ToldTrait {
    let name: String
    let value: [UInt8]
    /// Of the event that said so; nil for what is computed.
    let position: LogPosition?
    let updatedAt: Timestamp?
}

extension ReadRoutes {
    private static let audiences = "audience"
    private static let computedTraits = "computed_trait"

    func segmentTraits(_ call: Call) async throws -> Reply {
        let place = try call.place
        let (_, profile) = try found(call)
        let wanted = ReadRoutes.names(call, "include")
        let verbose = try call.boolean("verbose")
        let kind = call.query("class")
        let all: [ToldTrait]
        switch kind {
        case nil, "", ReadRoutes.computedTraits?:
            let computed = try await call.computed(profile, asOf: nil, named: wanted)
            let now = Clock.now()
            var told = computed.map { ToldTrait(name: $0.trait.name, value: $0.json.bytes, position: nil, updatedAt: now) }
            // Under a name that a computed trait has, that one is told.
            let names = Set(told.map(\.name))
            if kind != ReadRoutes.computedTraits {
                told += profile.traits.filter { !$0.value.isNull && wanted?.contains($0.name) ?? true && !names.contains($0.name) }
                    .map { ToldTrait(name: $0.name, value: $0.value.bytes, position: $0.position, updatedAt: $0.timestamp) }
            }
            all = told
        case ReadRoutes.audiences?:
            all = place.memberships.segments(of: profile).compactMap(place.segments.find).filter { wanted?.contains($0.name) ?? true }
                .map { ToldTrait(name: $0.name, value: Array("true".utf8), position: nil, updatedAt: nil) }
        default:
            throw Refusal(400, "request.parameter", "`class` is no class of traits.", remedy: "Use audience or computed_trait, or leave it out.")
        }
        return try page(call, all.sorted { $0.name < $1.name }, maximum: 200) { w, slice in
            w.key("traits")
            try w.object { w in
                for trait in slice {
                    w.key(trait.name)
                    if verbose { try ReadRoutes.write(trait, place, &w) } else { w.raw(trait.value) }
                }
            }
        }
    }

    private static func write(_ trait: ToldTrait, _ place: Workspace, _ w: inout JSONWriter) throws {
        let event = try trait.position.flatMap { try place.log.read($0) }
        w.object { w in
            w.key("value")
            w.raw(trait.value)
            w.member("source_id", event.flatMap { place.sources.source(number: $0.source)?.id })
            w.member("updated_at", trait.updatedAt)
        }
    }

    // MARK: - Events

    static let segmentEvent = Shape.object([
        "external_ids": .list(.object(["id": .text, "type": .text, "collection": .text, "encoding": .text])), "type": .eventType, "event": .text, "timestamp": .time,
        "message_id": .orNull(.text), "source_id": .orNull(.text), "properties": .anything, "context": .anything,
    ])

    /// Which events somebody asks for.
    private struct EventFilter {
        let include, exclude: Set<String>?
        let start, end: Timestamp?

        var takesAll: Bool { include == nil && exclude == nil && start == nil && end == nil }

        func takes(_ event: EventView) -> Bool {
            if let include, !include.contains(event.title) { return false }
            if let exclude, exclude.contains(event.title) { return false }
            if let start, event.timestamp < start { return false }
            if let end, event.timestamp >= end { return false }
            return true
        }
    }

    func segmentEvents(_ call: Call) throws -> Reply {
        let place = try call.place
        let (reader, profile) = try found(call)
        let limit = try call.integer("limit", in: 1...200, default: 10)
        let filter = EventFilter(include: ReadRoutes.names(call, "include"), exclude: ReadRoutes.names(call, "exclude"), start: try call.time("start"), end: try call.time("end"))
        let isAscending = try ReadRoutes.isAscending(call)
        var position = try ReadRoutes.next(call)
        var events: [TimelineEvent] = []
        // In larger pieces where most of a long history may be left out.
        let piece = filter.takesAll ? limit + 1 : max(limit + 1, 256)
        while events.count <= limit {
            let read = isAscending ? try reader.events(of: profile, after: position, limit: piece, types: nil) : try reader.newest(of: profile, before: position, limit: piece)
            events += read.filter { filter.takes($0.event) }
            guard let last = read.last else { break }
            position = last.position
        }
        let hasMore = events.count > limit
        events = Array(events.prefix(limit))
        return Reply { w in
            w.object { w in
                w.key("data")
                w.array { w in for item in events { ReadRoutes.write(item.event, source: place.sources.source(number: item.event.source)?.id, &w) } }
                ReadRoutes.cursor(&w, next: hasMore ? events.last.map { String($0.position) } : nil, limit: limit, url: call.request.uri.path)
            }
        }
    }

    private static func isAscending(_ call: Call) throws -> Bool {
        switch call.query("sort") {
        case nil, "", "desc": false
        case "asc": true
        default: throw Refusal(400, "request.parameter", "`sort` is no order.", remedy: "Use asc or desc.")
        }
    }

    private static func next(_ call: Call) throws -> LogPosition? {
        guard let text = call.query("next"), !text.isEmpty else { return nil }
        guard let position = LogPosition(text), position < 1 << 40 else { throw noNext }
        return position
    }

    private static func write(_ event: EventView, source: String?, _ w: inout JSONWriter) {
        w.object { w in
            w.key("external_ids")
            w.array { w in
                for (type, field) in [("user_id", EventField.userId), ("anonymous_id", .anonymousId)] {
                    guard let id = event.field(field) else { continue }
                    w.object { w in
                        w.key("id")
                        w.string(utf8: id)
                        w.member("type", type)
                        w.member("collection", "users")
                        w.member("encoding", "none")
                    }
                }
            }
            w.member("type", event.type.name)
            w.member("event", event.title)
            w.member("timestamp", event.timestamp)
            w.member("message_id", event.text(.messageId))
            w.member("source_id", source)
            w.key("properties")
            w.raw(event.json(.properties)?.bytes ?? Array("{}".utf8))
            w.key("context")
            w.raw(event.json(.context)?.bytes ?? Array("{}".utf8))
        }
    }
}
