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
        let paging = [RouteParameter("limit", .integer(1...200), "How many at most; 10 unless told."), RouteParameter("next", .text, "The cursor's `next`.")]
        return [
            Route(
                .get, path + "/traits", .scope(.profilesRead), "Segment's Profile API: traits.", paging + [RouteParameter("include", .text, "Names of traits, separated by commas.")],
                answers: .json(.object(["traits": .anyObject, "cursor": ReadRoutes.cursorShape]))
            ) { call in
                let (_, profile) = try found(call)
                let wanted = call.query("include").map { Set($0.split(separator: ",").map(String.init)) }
                let computed = try await call.computed(profile, asOf: nil, named: wanted)
                // Under a name that a computed trait has, that one is told.
                let names = Set(computed.map(\.trait.name))
                let sent = profile.traits.filter { !$0.value.isNull && wanted?.contains($0.name) ?? true && !names.contains($0.name) }
                let all = (sent.map { ($0.name, $0.value) } + computed.map { ($0.trait.name, $0.json) }).sorted { $0.0 < $1.0 }
                return try page(call, all, maximum: 200) { w, slice in
                    w.key("traits")
                    w.object { w in
                        for (name, value) in slice {
                            w.key(name)
                            w.raw(value.bytes)
                        }
                    }
                }
            },
            Route(.get, path + "/external_ids", .scope(.profilesRead), "Segment's Profile API: external ids.", paging, answers: .json(.object(["data": .list(ReadRoutes.externalId), "cursor": ReadRoutes.cursorShape]))) { call in
                let (reader, profile) = try found(call)
                _ = reader
                return try page(call, profile.identifiers, maximum: 200) { w, slice in
                    w.key("data")
                    w.array { w in
                        for identifier in slice {
                            w.object { w in
                                w.member("id", identifier.text)
                                w.member("type", ReadRoutes.segmentName(identifier.namespace))
                                w.member("collection", "users")
                                w.member("encoding", "none")
                                w.member("created_at", profile.firstSeen)
                            }
                        }
                    }
                }
            },
            Route(.get, path + "/events", .scope(.eventsRead), "Segment's Profile API: events, newest first.", paging, answers: .json(.object(["data": .list(ReadRoutes.segmentEvent), "cursor": ReadRoutes.cursorShape]))) { call in
                let (reader, profile) = try found(call)
                let limit = try call.integer("limit", in: 1...200, default: 10)
                let before = call.query("next").flatMap { LogPosition($0) }
                var events = try reader.newest(of: profile, before: before, limit: limit + 1)
                let hasMore = events.count > limit
                if hasMore { events.removeLast() }
                return Reply { w in
                    w.object { w in
                        w.key("data")
                        w.array { w in
                            for item in events {
                                w.object { w in
                                    w.member("external_ids", "")
                                    w.member("type", item.event.type.name)
                                    w.member("event", item.event.title)
                                    w.member("timestamp", item.event.timestamp)
                                    w.member("message_id", item.event.text(.messageId))
                                    w.key("properties")
                                    w.raw((item.event.json(.properties)?.bytes ?? Array("{}".utf8)))
                                    w.key("context")
                                    w.raw((item.event.json(.context)?.bytes ?? Array("{}".utf8)))
                                }
                            }
                        }
                        ReadRoutes.cursor(&w, next: hasMore ? events.last.map { String($0.position) } : nil, limit: limit, url: call.request.uri.path)
                    }
                }
            },
            Route(
                .get, path + "/metadata", .scope(.profilesRead), "Segment's Profile API: metadata.",
                answers: .json(.object(["metadata": ReadRoutes.metadata]))
            ) { call in
                let (_, profile) = try found(call)
                return Reply { w in
                    w.object { w in
                        w.key("metadata")
                        w.object { w in
                            w.member("created_at", profile.firstSeen)
                            w.member("updated_at", profile.lastSeen)
                            w.member("first_message_id", nil as String?)
                            w.key("first_source_id")
                            w.null()
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

    private static let cursorShape = Shape.named("Cursor", .object(["url": .text, "has_more": .boolean, "next": .text, "limit": .integer]))
    private static let externalId = Shape.object(["id": .text, "type": .text, "collection": .text, "encoding": .text, "created_at": .orNull(.time)])
    private static let segmentEvent = Shape.object([
        "external_ids": .text, "type": .eventType, "event": .text, "timestamp": .time, "message_id": .orNull(.text), "properties": .anything, "context": .anything,
    ])
    private static let metadata = Shape.object([
        "created_at": .orNull(.time), "updated_at": .orNull(.time), "first_message_id": .orNull(.text), "first_source_id": .orNull(.text), "segment_id": .text,
    ])

    private static let linksMaximum = 1000

    private func links(_ call: Call) throws -> Reply {
        let (_, profile) = try found(call)
        let accounts = try call.place.accountReader
        var links: [(collection: String, identifier: Identifier, at: Timestamp)] = []
        if profile.kind == .person {
            for membership in accounts.memberships(of: profile) where membership.to == nil { links.append(("accounts", Identifier(.groupId, membership.account.id), membership.from)) }
        } else {
            for member in try accounts.members(of: profile, after: nil, limit: ReadRoutes.linksMaximum, activeOnly: true).members {
                guard let identifier = member.profile.identifiers.first(where: { $0.namespace == .userId }) ?? member.profile.identifiers.first, let from = member.memberships.last?.from else { continue }
                links.append(("users", identifier, from))
            }
        }
        return try page(call, links, maximum: 100) { w, page in
            w.key("data")
            w.array { w in
                for link in page {
                    w.object { w in
                        w.member("to_collection", link.collection)
                        w.key("external_ids")
                        w.array { w in
                            w.object { w in
                                w.key("id")
                                w.string(utf8: link.identifier.value)
                                w.member("type", ReadRoutes.segmentName(link.identifier.namespace))
                                w.member("collection", link.collection)
                                w.member("encoding", "none")
                                w.member("created_at", link.at)
                            }
                        }
                    }
                }
            }
        }
    }

    private func found(_ call: Call) throws -> (ProfileReader, Profile) {
        let parts = call.parameter("profile").split(separator: ":", maxSplits: 1)
        let reader = try call.place.profiles.reader(for: .service)
        guard parts.count == 2, let namespace = call.parameter("collection") == "accounts" ? .groupId : IdentifierNamespace(name: String(parts[0])),
            let profile = try reader.profile(Identifier(namespace, String(parts[1])))
        else { throw ReadRoutes.noProfile }
        return (reader, profile)
    }

    private func page<Item>(_ call: Call, _ all: [Item], maximum: Int, _ write: (inout JSONWriter, ArraySlice<Item>) -> Void) throws -> Reply {
        let limit = try call.integer("limit", in: 1...maximum, default: 10)
        let start = min(max(call.query("next").flatMap { Int($0) } ?? 0, 0), all.count)
        let end = start + min(limit, all.count - start)
        return Reply { w in
            w.object { w in
                write(&w, all[start..<end])
                ReadRoutes.cursor(&w, next: end < all.count ? String(end) : nil, limit: limit, url: call.request.uri.path)
            }
        }
    }

    private static func cursor(_ w: inout JSONWriter, next: String?, limit: Int, url: String) {
        w.key("cursor")
        w.object { w in
            w.member("url", url)
            w.member("has_more", next != nil)
            w.member("next", next ?? "")
            w.member("limit", limit)
        }
    }

    private static func segmentName(_ namespace: IdentifierNamespace) -> String {
        switch namespace {
        case .userId: "user_id"
        case .anonymousId: "anonymous_id"
        case .email: "email"
        case .groupId: "group_id"
        case .externalId: "external_id"
        }
    }
}
