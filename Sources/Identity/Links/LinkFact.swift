public import Vocabulary

/// What a person or a rule states about who is who: written to the log, so that reading it again gives the same people, and can be taken back.
public struct LinkFact: Sendable {
    public enum Kind: String, Sendable, CaseIterable {
        /// They are one person.
        case merge
        /// They are one person whatever else is said.
        case always
        /// They are two people, whatever evidence comes.
        case never
        /// The first are parted from the second, to whom they were joined, and stay apart.
        case unmerge
        /// An earlier statement is taken back.
        case undo
    }

    public let kind: Kind
    /// The two sides; neither is empty, but for `undo`, where both are.
    public let first: [Identifier]
    public let second: [Identifier]
    /// Where the statement stands that is taken back.
    public let undoes: LogPosition?
    /// Why, in words, the weightiest first.
    public let reasons: [String]
    /// Who says so: a person, or a token's name.
    public let author: String
    /// The rule or model that found it; nil where a person did.
    public let rule: String?
    /// That it is so, from 0 to 1.
    public let probability: Double?

    /// The most identifiers of both sides together: the record stays below the size of an event.
    public static let identifiersMaximum = 10_000
    /// As the log's records call it.
    static let recordKind = "identity.link"

    public init(
        _ kind: Kind, _ first: [Identifier] = [], _ second: [Identifier] = [], undoes: LogPosition? = nil, reasons: [String] = [], author: String, rule: String? = nil,
        probability: Double? = nil
    ) {
        (self.kind, self.first, self.second, self.undoes) = (kind, first, second, undoes)
        (self.reasons, self.author, self.rule, self.probability) = (reasons, author, rule, probability)
    }

    // MARK: - In the log

    public func record(messageId: String, at: Timestamp) -> [UInt8] {
        var w = JSONWriter()
        w.object { w in
            w.member("kind", kind.rawValue)
            LinkFact.write("first", first, &w)
            LinkFact.write("second", second, &w)
            if let undoes { w.member("undoes", undoes) }
            w.key("reasons")
            w.array { w in for reason in reasons { w.string(reason) } }
            w.member("author", author)
            if let rule { w.member("rule", rule) }
            if let probability {
                w.key("probability")
                w.number(probability)
            }
        }
        return EventRecord.fact(LinkFact.recordKind, body: w.text, messageId: messageId, at: at)
    }

    private static func write(_ key: String, _ identifiers: [Identifier], _ w: inout JSONWriter) {
        guard !identifiers.isEmpty else { return }
        w.key(key)
        w.array { w in
            for identifier in identifiers {
                w.array {
                    $0.string(identifier.namespace.name)
                    $0.string(utf8: identifier.value)
                }
            }
        }
    }

    /// Nil for any other event, and for an erased one.
    public init?(_ event: EventView) {
        guard event.isFact, !event.isErased, event.field(.event).map({ $0.elementsEqual(LinkFact.recordKind.utf8) }) ?? false, let body = event.json(.properties),
            let kind = body["kind"]?.string.flatMap(Kind.init)
        else { return nil }
        self.init(
            kind, LinkFact.read(body["first"]), LinkFact.read(body["second"]), undoes: body["undoes"]?.integer.flatMap { LogPosition(exactly: $0) },
            reasons: body["reasons"]?.elements.compactMap(\.string) ?? [], author: body["author"]?.string ?? "", rule: body["rule"]?.string,
            probability: body["probability"].flatMap { Double($0.text) })
    }

    private static func read(_ list: JSONText?) -> [Identifier] {
        (list?.elements ?? []).compactMap { pair in
            let parts = pair.elements.compactMap(\.string)
            guard parts.count == 2, let namespace = IdentifierNamespace(name: parts[0]) else { return nil }
            return Identifier(namespace, parts[1])
        }
    }
}
