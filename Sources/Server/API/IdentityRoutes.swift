import Access
import HTTPTypes
import Identity
import Profiles
import Vocabulary

/// Why a profile is one person, what else spoke for it being one with others, and what was stated about it.
struct IdentityRoutes: Sendable {
    private static let refused = Shape.object([
        "a": .identifier, "b": .identifier, "kind": .choice(IdentityEdge.Kind.words), "because": .choice(IdentityWriting.refusals.map(IdentityWriting.word)), "words": .text,
        "other": .described("The profile that it would have been joined with.", .text), "messageId": .orNull(.text), "receivedAt": .orNull(.time), "position": .integer,
    ])
    private static let answer = Shape.object([
        "profile": .text, "name": .text, "identifiers": .list(.seenIdentifier),
        "evidence": .described("What made them one person, in the order received.", .list(.evidence.with(["words": .text]))),
        "refused": .described("What spoke for somebody else being the same person, and did not do.", .list(refused)),
        "links": .described("What was stated about them, oldest first.", .list(IdentityWriting.link.with(["words": .text]))),
        "shared": .described("Identifiers that so many people name that they are nobody's.", .list(.identifier)),
    ])

    var routes: [Route] {
        [
            Route(
                .get, "/api/v1/profiles/{id}/identity", .scope(.profilesRead), "Why a profile's identifiers are one person, what was refused and why, and what was stated.",
                answers: .json(IdentityRoutes.answer)
            ) { call in
                guard let profile = try call.place.profiles.reader(for: .service).profile(id: call.parameter("id")) else { throw ReadRoutes.noProfile }
                return try IdentityRoutes.explain(profile, in: call.place)
            },
            Route(
                .get, "/api/v1/identity/explain", .scope(.profilesRead), "The same by an identifier.", ReadRoutes.identifiers + [RouteParameter("profile", .text, "Or by a profile's id.")],
                answers: .json(IdentityRoutes.answer)
            ) { call in
                let profile = try ReasonRoutes.profile(call, id: call.query("profile"), try ReadRoutes.identifier(call))
                return try IdentityRoutes.explain(profile, in: call.place)
            },
        ]
    }

    private static let refusalsMaximum = 200

    private static func explain(_ profile: Profile, in place: Workspace) throws -> Reply {
        let reader = place.profiles.reader(for: .service)
        return try Reply { w in
            try w.object { w in
                w.member("profile", profile.id)
                w.member("name", profile.displayName)
                ReadRoutes.write(profile, &w)
                w.key("evidence")
                try w.array { w in
                    for edge in reader.evidence(of: profile) {
                        let event = try place.log.read(edge.position)
                        w.object {
                            IdentityWriting.write(edge, event, reader, &$0)
                            $0.member("words", IdentityWords.sentence(edge, event, reader))
                        }
                    }
                }
                w.key("refused")
                try w.array { w in
                    for (edge, other) in reader.refusals(of: profile).prefix(refusalsMaximum) {
                        let event = try place.log.read(edge.position)
                        w.object {
                            IdentityWriting.write(edge, event, reader, &$0)
                            $0.member("because", IdentityWriting.word(edge.outcome))
                            $0.member("words", IdentityWords.sentence(edge, event, reader))
                            $0.member("other", other)
                        }
                    }
                }
                w.key("links")
                let links = try place.links.naming(profile.members)
                w.array { w in for link in links { IdentityWriting.write(link, words: IdentityWords.sentence(link), &w) } }
                IdentityWriting.write("shared", reader.shared(of: profile), &w)
            }
        }
    }
}

/// Evidence told in English, for the API and the command line; the console has its own words in each language.
enum IdentityWords {
    static func sentence(_ edge: IdentityEdge, _ event: EventView?, _ reader: ProfileReader) -> String {
        let (a, b) = (name(reader.identifier(edge.a)), name(reader.identifier(edge.b)))
        let said =
            switch edge.kind {
            case .sameCall: "One \(event?.type.name ?? "erased") call carried \(a) and \(b)"
            case .alias: "An alias call said that \(b) is \(a)"
            case .trait: "A trait of \(a) names \(b)"
            case .merge: "\(a) and \(b) were merged"
            case .always: "\(a) and \(b) are held together"
            case .left: "\(a) and \(b) were left together when others were parted from them"
            }
        switch edge.outcome {
        case .joined, .known, .undone: return said + "."
        case .twoUsers: return said + "; both were known users, and a shared device does not make two users one."
        case .keptApart: return said + "; they are to be kept apart."
        case .taken: return said + "; it was somebody else's already, and belongs to the first who names it."
        case .limit: return said + "; together they would have more identifiers than the rules allow."
        case .setApart: return said + "; so many people name it that it is nobody's."
        }
    }

    static func sentence(_ link: Link) -> String {
        let (first, second) = (list(link.fact.first), list(link.fact.second))
        let said =
            switch link.fact.kind {
            case .merge: "\(first) and \(second) are one person"
            case .always: "\(first) and \(second) are held together whatever else is said"
            case .never: "\(first) and \(second) are kept apart whatever else is said"
            case .unmerge: "\(first) \(link.fact.first.count == 1 ? "was" : "were") parted from \(second)"
            case .undo: "A statement was taken back"
            }
        let chance = link.fact.probability.map { " (probability \($0))" } ?? ""
        let why = link.fact.reasons.isEmpty ? "" : ": " + link.fact.reasons.joined(separator: " ")
        return "\(said)\(chance), says \(link.fact.rule ?? link.fact.author)\(why)" + (why.hasSuffix(".") ? "" : ".") + (link.undo == nil ? "" : " This was taken back.")
    }

    private static func name(_ identifier: Identifier) -> String { "\(identifier.namespace.name) \(identifier.text)" }

    private static func list(_ identifiers: [Identifier]) -> String {
        identifiers.count > 3 ? "\(identifiers.prefix(2).map(name).joined(separator: ", ")) and \(identifiers.count - 2) more" : identifiers.map(name).joined(separator: ", ")
    }
}
