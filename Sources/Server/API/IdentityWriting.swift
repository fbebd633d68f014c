import Identity
import Profiles
import Vocabulary

/// Evidence and statements as the API answers them.
enum IdentityWriting {
    static func write(_ identifier: Identifier, _ w: inout JSONWriter) {
        w.object {
            $0.member("type", identifier.namespace.name)
            $0.key("value")
            $0.string(utf8: identifier.value)
        }
    }

    static func write(_ key: String, _ identifiers: [Identifier], _ w: inout JSONWriter) {
        w.key(key)
        w.array { w in for identifier in identifiers { write(identifier, &w) } }
    }

    /// The members of one piece of evidence.
    static func write(_ edge: IdentityEdge, _ event: EventView?, _ reader: ProfileReader, _ w: inout JSONWriter) {
        for (key, node) in [("a", edge.a), ("b", edge.b)] {
            w.key(key)
            write(reader.identifier(node), &w)
        }
        w.member("kind", edge.kind.word)
        w.member("messageId", event?.text(.messageId))
        w.member("receivedAt", event?.receivedAt)
        w.member("position", edge.position)
    }

    static func write(_ link: Link, words: String? = nil, _ w: inout JSONWriter) {
        w.object { w in
            w.member("id", link.id)
            w.member("kind", link.fact.kind.rawValue)
            write("first", link.fact.first, &w)
            write("second", link.fact.second, &w)
            w.key("reasons")
            w.array { w in for reason in link.fact.reasons { w.string(reason) } }
            w.member("author", link.fact.author)
            w.member("rule", link.fact.rule)
            w.key("probability")
            if let probability = link.fact.probability { w.number(probability) } else { w.null() }
            w.member("at", link.at)
            w.member("inForce", link.isInForce)
            w.member("undoneAt", link.undo?.at)
            w.member("undoneBy", link.undo?.author)
            w.member("undoneBecause", link.undo?.reasons.first)
            if let words { w.member("words", words) }
        }
    }

    static let link = Shape.named(
        "Link",
        .object([
            "id": .text, "kind": .choice(["merge", "always", "never", "unmerge"]), "first": .list(.identifier), "second": .list(.identifier),
            "reasons": .described("Why, in words.", .list(.text)), "author": .text, "rule": .described("The rule or model that found it; null where a person did.", .orNull(.text)),
            "probability": .described("That it is so, from 0 to 1.", .orNull(.number)), "at": .time,
            "inForce": .described("Whether it does what it says: not when undone, nor a merge of people whom another link keeps apart.", .boolean),
            "undoneAt": .orNull(.time), "undoneBy": .orNull(.text), "undoneBecause": .orNull(.text),
        ]))

    /// Why evidence did not make two identifiers one person.
    static func word(_ outcome: IdentityEdge.Outcome) -> String {
        switch outcome {
        case .joined: "joined"
        case .known: "known"
        case .twoUsers: "two-users"
        case .keptApart: "kept-apart"
        case .taken: "taken"
        case .limit: "limit"
        case .setApart: "set-apart"
        case .undone: "undone"
        }
    }
    static let refusals: [IdentityEdge.Outcome] = [.twoUsers, .keptApart, .taken, .limit, .setApart]
}
