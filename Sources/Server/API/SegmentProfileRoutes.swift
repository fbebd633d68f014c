import HTTPTypes
import Identity
import Profiles
import Vocabulary

extension IdentityEdge.Kind {
    /// As the API and the console name it.
    var word: String {
        switch self {
        case .sameCall: "same-call"
        case .alias: "alias"
        case .trait: "trait"
        case .merge: "merge"
        case .always: "always"
        case .left: "unmerge"
        }
    }
    static let words = ["same-call", "alias", "trait", "merge", "always", "unmerge"]
}

extension ReadRoutes {
    /// Segment's own Profile API, so that code written against it runs here: `/v1/spaces/<space>/collections/users/profiles/<type>:<id>/…`.
    var segment: [Route] {
        let path = "/v1/spaces/{space}/collections/{collection}/profiles/{profile}"
        let limit = RouteParameter("limit", .integer(1...200), "How many at most; 10 unless told.")
        let paging = [limit, RouteParameter("next", .text, "The cursor's `next`.")]
        let verbose = RouteParameter("verbose", .boolean, "With where each trait came from.")
        return [
            Route(
                .get, path + "/traits", .scope(.profilesRead), "Segment's Profile API: traits.",
                paging + [
                    RouteParameter("include", .text, "Names of traits, separated by commas."), verbose,
                    RouteParameter("class", .text, "`audience`: the segments that they are in; `computed_trait`: computed traits alone."),
                ], answers: .json(.object(["traits": .anyObject, "cursor": ReadRoutes.cursorShape]))
            ) { try await segmentTraits($0) },
            Route(
                .get, path + "/external_ids", .scope(.profilesRead), "Segment's Profile API: external ids.",
                paging + [RouteParameter("include", .text, "Types of ids, separated by commas.")], answers: .json(.object(["data": .list(ReadRoutes.externalId), "cursor": ReadRoutes.cursorShape]))
            ) { call in
                let (_, profile) = try found(call)
                let wanted = ReadRoutes.names(call, "include")
                let ids = zip(profile.identifiers, profile.seen).filter { wanted?.contains(ReadRoutes.segmentName($0.0.namespace)) ?? true }
                return try page(call, ids, maximum: 200) { w, slice in
                    w.key("data")
                    w.array { w in for (identifier, seen) in slice { ReadRoutes.write(identifier, at: seen.first, in: "users", &w) } }
                }
            },
            Route(
                .get, path + "/events", .scope(.eventsRead), "Segment's Profile API: events, newest first.",
                paging + [
                    RouteParameter("include", .text, "Names of events, separated by commas."), RouteParameter("exclude", .text, "Names of events that are left out."),
                    RouteParameter("sort", .text, "`desc`, or `asc` for oldest first."), RouteParameter("start", .time, "Happened at or after."), RouteParameter("end", .time, "Happened before."),
                ], answers: .json(.object(["data": .list(ReadRoutes.segmentEvent), "cursor": ReadRoutes.cursorShape]))
            ) { call in try await server.heavy.run { try segmentEvents(call) } },
            Route(
                .get, path + "/metadata", .scope(.profilesRead), "Segment's Profile API: metadata.", [RouteParameter("verbose", .boolean, "As Segment's clients send it; the answer is the same.")],
                answers: .json(.object(["metadata": ReadRoutes.metadata]))
            ) { call in
                _ = try call.boolean("verbose")
                let (reader, profile) = try found(call)
                let place = try call.place
                let ends = [try reader.events(of: profile, after: nil, limit: 1, types: nil).first, try reader.newest(of: profile, before: nil, limit: 1).first]
                return Reply { w in
                    w.object { w in
                        w.key("metadata")
                        w.object { w in
                            w.member("created_at", profile.firstSeen)
                            w.member("updated_at", profile.lastSeen)
                            w.member("expires_at", nil as Timestamp?)
                            for (name, item) in zip(["first", "last"], ends) {
                                w.member(name + "_message_id", item?.event.text(.messageId))
                                w.member(name + "_source_id", item.flatMap { place.sources.source(number: $0.event.source)?.id })
                            }
                            w.member("segment_id", profile.id)
                        }
                    }
                }
            },
            Route(
                .get, path + "/links", .scope(.profilesRead), "Segment's Profile API: the accounts that a person belongs to, or the people of an account.",
                [RouteParameter("limit", .integer(1...100), "How many at most; 10 unless told."), RouteParameter("next", .text, "The `next` of the page before.")],
                answers: .json(.object(["data": .list(.object(["to_collection": .choice(["accounts", "users"]), "external_ids": .list(ReadRoutes.externalId)])), "cursor": ReadRoutes.cursorShape]))
            ) { call in try await server.heavy.run { try links(call) } },
        ]
    }

    static let cursorShape = Shape.named("Cursor", .object(["url": .text, "has_more": .boolean, "next": .text, "limit": .integer]))
    static let externalId = Shape.object(["id": .text, "type": .text, "collection": .text, "encoding": .text, "created_at": .orNull(.time)])
    private static let metadata = Shape.object([
        "created_at": .orNull(.time), "updated_at": .orNull(.time), "expires_at": .orNull(.time), "first_message_id": .orNull(.text), "first_source_id": .orNull(.text),
        "last_message_id": .orNull(.text), "last_source_id": .orNull(.text), "segment_id": .text,
    ])

    private typealias Link = (collection: String, identifier: Identifier, at: Timestamp)

    private func links(_ call: Call) throws -> Reply {
        let (_, profile) = try found(call)
        let accounts = try call.place.accountReader
        if profile.kind == .person {
            let links = accounts.memberships(of: profile).filter { $0.to == nil }.map { ("accounts", Identifier(.groupId, $0.account.id), $0.from) as Link }
            return try page(call, links, maximum: 100) { ReadRoutes.write($1, &$0) }
        }
        // An account may have any number of people, so that its pages are found by whom they end with.
        let limit = try call.integer("limit", in: 1...100, default: 10)
        let after = try ReadRoutes.nextText(call).map { text in
            guard let cursor = ProfileCursor(text: text) else { throw ReadRoutes.noNext }
            return cursor
        }
        let (members, next) = try accounts.members(of: profile, after: after, limit: limit, activeOnly: true)
        let links = members.compactMap { member -> Link? in
            guard let identifier = member.profile.identifiers.first(where: { $0.namespace == .userId }) ?? member.profile.identifiers.first, let from = member.memberships.last?.from else { return nil }
            return ("users", identifier, from)
        }
        return Reply { w in
            w.object { w in
                ReadRoutes.write(links[...], &w)
                ReadRoutes.cursor(&w, next: next?.text, limit: limit, url: call.request.uri.path)
            }
        }
    }

    private static func write(_ links: ArraySlice<Link>, _ w: inout JSONWriter) {
        w.key("data")
        w.array { w in
            for link in links {
                w.object { w in
                    w.member("to_collection", link.collection)
                    w.key("external_ids")
                    w.array { ReadRoutes.write(link.identifier, at: link.at, in: link.collection, &$0) }
                }
            }
        }
    }

    static func write(_ identifier: Identifier, at time: Timestamp?, in collection: String, _ w: inout JSONWriter) {
        w.object { w in
            w.key("id")
            w.string(utf8: identifier.value)
            w.member("type", ReadRoutes.segmentName(identifier.namespace))
            w.member("collection", collection)
            w.member("encoding", "none")
            w.member("created_at", time)
        }
    }

    func found(_ call: Call) throws -> (ProfileReader, Profile) {
        let collection = call.parameter("collection")
        guard ["users", "accounts"].contains(collection) else { throw Refusal(404, "request.unknown-path", "There is no such collection.", remedy: "Use users or accounts.") }
        let parts = call.parameter("profile").split(separator: ":", maxSplits: 1)
        let reader = try call.place.profiles.reader(for: .service)
        guard parts.count == 2, let namespace = collection == "accounts" ? .groupId : IdentifierNamespace(name: String(parts[0])),
            let profile = try reader.profile(Identifier(namespace, String(parts[1])))
        else { throw ReadRoutes.noProfile }
        return (reader, profile)
    }

    /// The members of a list in a query; nil where there is none.
    static func names(_ call: Call, _ parameter: String) -> Set<String>? {
        call.query(parameter).map { Set($0.split(separator: ",").map { String($0).trimmed }) }
    }

    static let noNext = Refusal(400, "request.parameter", "`next` is not a cursor.", remedy: "Send the `next` of the page before, unchanged.")

    /// Code that pages sends the first cursor's `next` too, which is empty behind the last page.
    static func nextText(_ call: Call) -> String? { call.query("next").flatMap { $0.isEmpty ? nil : $0 } }

    func page<Item>(_ call: Call, _ all: [Item], maximum: Int, _ write: (inout JSONWriter, ArraySlice<Item>) throws -> Void) throws -> Reply {
        let limit = try call.integer("limit", in: 1...maximum, default: 10)
        let next = ReadRoutes.nextText(call)
        if let next, UInt32(next) == nil { throw ReadRoutes.noNext }
        let start = min(next.flatMap { Int($0) } ?? 0, all.count)
        let end = start + min(limit, all.count - start)
        return try Reply { w in
            try w.object { w in
                try write(&w, all[start..<end])
                ReadRoutes.cursor(&w, next: end < all.count ? String(end) : nil, limit: limit, url: call.request.uri.path)
            }
        }
    }

    static func cursor(_ w: inout JSONWriter, next: String?, limit: Int, url: String) {
        w.key("cursor")
        w.object { w in
            w.member("url", url)
            w.member("has_more", next != nil)
            w.member("next", next ?? "")
            w.member("limit", limit)
        }
    }

    static func segmentName(_ namespace: IdentifierNamespace) -> String {
        switch namespace {
        case .userId: "user_id"
        case .anonymousId: "anonymous_id"
        case .email: "email"
        case .groupId: "group_id"
        case .externalId: "external_id"
        }
    }
}
