public import Vocabulary

/// Which of several statements of a trait counts. What does not count is kept, and shown beside what does.
public struct SurvivorshipRule: Sendable, Hashable {
    public enum Kind: String, Sendable, CaseIterable {
        /// The newest statement; what every trait without a rule goes by.
        case latest
        /// The newest statement of the first of the sources that has said anything; sources that are not named come last.
        case sources
        /// The value that was said most often.
        case frequent
        /// The value that says most: the longest text, the object or list with the most members.
        case complete
        /// The newest statement of a source that is named as verified; without one, the newest of all.
        case verified
    }
    public let kind: Kind
    /// Ids of sources, as `src_1`, in their order; of the kinds that name sources.
    public let sources: [String]

    public init(_ kind: Kind, sources: [String] = []) { (self.kind, self.sources) = (kind, sources) }
}

/// One value that a trait was stated to have, by one source.
public struct TraitStatement: Sendable {
    public let value: JSONText
    public let source: SourceNumber
    /// Of its newest statement.
    public let timestamp: Timestamp
    public let position: LogPosition
    /// How often this source said so.
    public let count: Int

    /// Beside another statement of the same source that says the same.
    func with(_ other: TraitStatement) -> TraitStatement {
        let newest = (timestamp, position) > (other.timestamp, other.position) ? self : other
        return TraitStatement(value: value, source: source, timestamp: newest.timestamp, position: newest.position, count: count + other.count)
    }
}

extension SurvivorshipRule {
    /// Which of the statements counts; nil where there is none. A statement that takes the trait back (JSON null) counts as one like any other.
    ///
    /// Ties go to the newest, so that every rule ends in the same order.
    public func survivor(_ statements: [TraitStatement]) -> Int? {
        let counts = kind == .frequent ? Dictionary(statements.map { ($0.value, $0.count) }, uniquingKeysWith: +) : [:]
        return statements.indices.max { a, b in
            let (x, y) = (standing(statements[a], counts), standing(statements[b], counts))
            if x != y { return x < y }
            return (statements[a].timestamp, statements[a].position) < (statements[b].timestamp, statements[b].position)
        }
    }

    /// The greater, the sooner it counts.
    private func standing(_ statement: TraitStatement, _ counts: [JSONText: Int]) -> Int {
        let place = sources.firstIndex(of: "src_\(statement.source)")
        return switch kind {
        case .latest: 0
        case .sources: place.map { sources.count - $0 } ?? 0
        case .verified: place == nil ? 0 : 1
        case .frequent: counts[statement.value] ?? 0
        case .complete: statement.value.extent
        }
    }
}

extension JSONText {
    /// How much a value says: members of an object or list, code points of a text, 1 of anything else and 0 of null.
    fileprivate var extent: Int {
        if isNull { return 0 }
        if isObject { return members.count { !$0.value.isNull } + 1 }
        if isArray { return elements.count + 1 }
        return string.map(\.unicodeScalars.count) ?? 1
    }
}

/// Rules by trait, under a name. ``standard`` is what profiles, segments and everything else go by; others are asked for when reading.
public struct SurvivorshipPolicy: Sendable {
    public static let standard = "default"
    public static let rulesMaximum = 200
    public let name: String
    /// Traits without a rule go by the latest statement.
    public let rules: [String: SurvivorshipRule]
    public let version: Int64

    public init(name: String, rules: [String: SurvivorshipRule], version: Int64) { (self.name, self.rules, self.version) = (name, rules.filter { $0.value.kind != .latest }, version) }

    public func rule(for trait: String) -> SurvivorshipRule { rules[trait] ?? SurvivorshipRule(.latest) }
}
