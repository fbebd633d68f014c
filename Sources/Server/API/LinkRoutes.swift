import Access
import HTTPTypes
import Identity
import Profiles
import Vocabulary

/// Statements about who is who: merge, unmerge, keep apart, hold together, and take any of them back.
struct LinkRoutes: Sendable {
    private static let side = Shape.either([
        .described("A profile's id.", .text), .identifier, .list(.identifier),
    ])
    private static let statement = Shape.object([
        "kind": .choice(["merge", "always", "never", "unmerge"]), "first": side,
        "second": .optional(.described("Of an unmerge, all other identifiers of the profile unless told.", side)),
        "reason": .optional(.described("Why, in words.", .text)), "reasons": .optional(.list(.text)), "rule": .optional(.described("The rule or model that found it.", .text)),
        "probability": .optional(.described("That it is so, from 0 to 1.", .number)),
    ])
    private static let example = """
        {"kind": "merge", "first": {"type": "userId", "value": "ada"}, "second": {"type": "anonymousId", "value": "a7"}, "reason": "She told us at the counter."}
        """
    private static let person = Shape.object([
        "id": .text, "name": .text, "identifiers": .list(.identifier), "events": .integer, "traits": .anyObject,
    ])

    var routes: [Route] {
        [
            Route(
                .get, "/api/v1/links", .scope(.profilesRead), "Statements about who is who, newest first; of one profile, oldest first.",
                [
                    RouteParameter("profile", .text, "Only those that name an identifier of this profile."), RouteParameter("kind", .text, "Only merge, always, never or unmerge."),
                    RouteParameter("limit", .integer(1...1000), "How many at most; 100 unless told."), RouteParameter("after", .text, "The `next` of the page before."),
                ], answers: .json(.page(of: "links", IdentityWriting.link))
            ) { call in
                let (links, next) = try LinkRoutes.list(call)
                return Reply { w in
                    w.object { w in
                        w.key("links")
                        w.array { w in for link in links { IdentityWriting.write(link, &w) } }
                        w.member("next", next)
                    }
                }
            },
            Route(.get, "/api/v1/links/{id}", .scope(.profilesRead), "One statement.", answers: .json(IdentityWriting.link)) { call in
                guard let link = try call.place.links.find(call.parameter("id")) else { throw LinkRoutes.refusal(.unknownLink) }
                return Reply { IdentityWriting.write(link, &$0) }
            },
            Route(
                .post, "/api/v1/links", .scope(.identityWrite), "State who is who: merge two profiles, unmerge identifiers, keep two apart or hold them together.",
                takes: .json(LinkRoutes.statement, example: LinkRoutes.example), answers: .json(IdentityWriting.link, status: 201, "Stated, and in force.")
            ) { call in
                let fact = try LinkRoutes.fact(try await call.json(), author: AdminRoutes.author(call), in: try call.place)
                let link = try await LinkRoutes.refusing { try await call.place.link(fact) }
                return Reply(status: .created) { IdentityWriting.write(link, &$0) }
            },
            Route(
                .post, "/api/v1/links/preview", .scope(.profilesRead), "Who there would be if this were stated; nothing is.",
                takes: .json(LinkRoutes.statement, example: LinkRoutes.example), answers: .json(.object(["profiles": .list(LinkRoutes.person)]))
            ) { call in
                let fact = try LinkRoutes.fact(try await call.json(), author: AdminRoutes.author(call), in: try call.place)
                return LinkRoutes.write(try await LinkRoutes.outcome(of: fact, in: call.place), try call.place)
            },
            Route(
                .post, "/api/v1/links/{id}/undo", .scope(.identityWrite), "Take a statement back: as if it had never been made.",
                takes: .json(.object(["reason": .optional(.described("Why, in words.", .text))]), isRequired: false), answers: .json(IdentityWriting.link)
            ) { call in
                let reason = try (try await call.jsonIfAny())["reason"].map { try LinkRoutes.text("reason", $0) }
                let link = try await LinkRoutes.refusing { try await call.place.undo(call.parameter("id"), author: AdminRoutes.author(call), reasons: reason.map { [$0] } ?? []) }
                return Reply { IdentityWriting.write(link, &$0) }
            },
        ]
    }

    private static func list(_ call: Call) throws -> (links: [Link], next: String?) {
        let place = try call.place
        let kind = try call.query("kind").map { name -> LinkFact.Kind in
            guard let kind = LinkFact.Kind(rawValue: name), kind != .undo else {
                throw Refusal(400, "request.parameter", "`kind` is not a kind of link.", remedy: "Use merge, always, never or unmerge.")
            }
            return kind
        }
        if let id = call.query("profile") {
            guard let profile = try place.profiles.reader(for: .service).profile(id: id) else { throw ReadRoutes.noProfile }
            return (try place.links.naming(profile.members).filter { kind == nil || $0.fact.kind == kind }, nil)
        }
        let limit = try call.integer("limit", in: 1...1000, default: 100)
        let found = try place.links.newest(before: try ReadRoutes.cursor(call), limit: limit + 1) { kind == nil || $0 == kind }
        return (Array(found.prefix(limit)), found.count > limit ? String(found[limit - 1].position) : nil)
    }

    // MARK: - Reading a statement

    static func fact(_ json: JSONText, author: String, in place: Workspace) throws -> LinkFact {
        guard let kind = json["kind"]?.string.flatMap(LinkFact.Kind.init), kind != .undo else {
            throw Refusal(400, "request.parameter", "`kind` is not a kind of link.", remedy: "Use merge, always, never or unmerge.")
        }
        let isPair = kind == .merge || kind == .always
        let first = try side("first", json["first"], isPair: isPair, place)
        var second = try side("second", json["second"], isPair: isPair, place)
        if kind == .unmerge, json["second"] == nil, let one = first.first { second = try others(of: one, than: first, place) }
        var reasons = try (json["reasons"]?.elements ?? []).map { try text("reasons", $0) }
        if let reason = json["reason"] { reasons.insert(try text("reason", reason), at: 0) }
        let probability = json["probability"].flatMap { Double($0.text) }
        guard json["probability"] == nil || probability.map({ $0 >= 0 && $0 <= 1 }) ?? false else {
            throw Refusal(400, "request.parameter", "`probability` must be a number from 0 to 1.", remedy: "Correct the body.")
        }
        guard reasons.count <= 50 else { throw Refusal(400, "request.parameter", "There are more than 50 reasons.", remedy: "Send the weightiest.") }
        return LinkFact(kind, first, second, reasons: reasons, author: author, rule: try json["rule"].map { try text("rule", $0) }, probability: probability)
    }

    private static func text(_ name: String, _ value: JSONText) throws -> String {
        guard let text = value.string, text.utf8.count <= 1000 else {
            throw Refusal(400, "request.parameter", "`\(name)` must be text of at most 1000 bytes.", remedy: "Correct the body.")
        }
        return text
    }

    /// - Parameter isPair: whether one identifier stands for a profile; otherwise all of them do.
    private static func side(_ name: String, _ json: JSONText?, isPair: Bool, _ place: Workspace) throws -> [Identifier] {
        guard let json, !json.isNull else { return [] }
        if let id = json.string {
            guard let profile = try place.profiles.reader(for: .service).profile(id: id) else { throw ReadRoutes.noProfile }
            let sorted = profile.identifiers.sorted { ($0.namespace.rawValue, $0.text) < ($1.namespace.rawValue, $1.text) }
            return isPair ? Array(sorted.prefix(1)) : sorted
        }
        let list = json.isArray ? json.elements : [json]
        return try list.map { member in
            guard let namespace = member["type"]?.string.flatMap(IdentifierNamespace.init(name:)), let value = member["value"]?.string, !value.isEmpty else {
                throw Refusal(400, "link.identifier", "`\(name)` is no profile and names no identifiers.", remedy: "Send a profile's id, or {\"type\": \"userId\", \"value\": \"ada\"}, or a list of these.")
            }
            return Identifier(namespace, value)
        }
    }

    private static func others(of one: Identifier, than named: [Identifier], _ place: Workspace) throws -> [Identifier] {
        let named = Set(named)
        return try (place.profiles.reader(for: .service).profile(one)?.identifiers ?? []).filter { !named.contains($0) }
            .sorted { ($0.namespace.rawValue, $0.text) < ($1.namespace.rawValue, $1.text) }
    }

    // MARK: - Answering

    /// The people around those whom a statement names, as they would be.
    static func outcome(of fact: LinkFact, in place: Workspace) async throws -> [Profile] {
        let groups = try await refusing { try await place.outcome(of: fact) }
        let reader = place.profiles.reader(for: .service)
        return try groups.compactMap { try reader.profile(of: $0) }
    }

    private static func write(_ profiles: [Profile], _ place: Workspace) -> Reply {
        let reader = place.profiles.reader(for: .service)
        return Reply { w in
            w.object { w in
                w.key("profiles")
                w.array { w in
                    for profile in profiles {
                        w.object { w in
                            w.member("id", profile.id)
                            w.member("name", profile.displayName)
                            IdentityWriting.write("identifiers", profile.identifiers, &w)
                            w.member("events", reader.eventCount(of: profile))
                            w.key("traits")
                            profile.write(traits: &w)
                        }
                    }
                }
            }
        }
    }

    static func refusing<Value>(_ body: () async throws -> Value) async throws -> Value {
        do { return try await body() } catch let error as LinkError { throw refusal(error) }
    }

    static func refusal(_ error: LinkError) -> Refusal {
        let explanation = error.explanation
        let status =
            switch error {
            case .unknownIdentifier, .unknownLink: 404
            case .sideMissing, .tooMany, .sidesOverlap: 400
            case .onePersonAlready, .notOnePerson, .nothingLeft, .accountAndPerson, .keptApart, .heldTogether, .undoneAlready: 409
            }
        return Refusal(status, explanation.code, explanation.problem, remedy: explanation.remedy)
    }
}
