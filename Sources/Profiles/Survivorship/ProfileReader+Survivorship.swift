import Identity
public import Vocabulary

/// One trait with everything that was said of it, and what counts by a rule.
public struct TraitChoice: Sendable {
    public let name: String
    public let rule: SurvivorshipRule
    /// What counts first, then the others, newest first.
    public let statements: [TraitStatement]
}

extension ProfileReader {
    /// What was said of each trait, by source and value, and which of it counts by a policy: read from the events that said so.
    ///
    /// - Parameters:
    ///   - asOf: only what had been said to be so by then.
    ///   - passes: only what these events said; for the traits of one context.
    public func choices(of profile: Profile, by policy: SurvivorshipPolicy, asOf: Timestamp? = nil, where passes: (EventView) -> Bool = { _ in true }) throws -> [TraitChoice] {
        struct Key: Hashable { let name: String, value: JSONText, source: SourceNumber }
        var statements: [Key: TraitStatement] = [:]
        for item in try events(of: profile, after: nil, limit: .max, types: [.identify, .group]) {
            guard item.event.type == .identify || profile.kind != .person, asOf.map({ item.event.statedAt <= $0 }) ?? true, passes(item.event) else { continue }
            // Where one call names a trait twice, the later counts.
            for (name, value) in Dictionary(ProfileReader.assertions(item.event), uniquingKeysWith: { $1 }) {
                let key = Key(name: name, value: value, source: item.event.source)
                let said = TraitStatement(value: value, source: item.event.source, timestamp: item.event.statedAt, position: item.position, count: 1)
                statements[key] = statements[key].map { $0.with(said) } ?? said
            }
        }
        return Dictionary(grouping: statements, by: \.key.name).map { name, all in
            let rule = policy.rule(for: name)
            var sorted = all.map(\.value).sorted { ($0.timestamp, $0.position) > ($1.timestamp, $1.position) }
            if let winner = rule.survivor(sorted) { sorted.insert(sorted.remove(at: winner), at: 0) }
            return TraitChoice(name: name, rule: rule, statements: sorted)
        }.sorted { $0.name < $1.name }
    }
}
