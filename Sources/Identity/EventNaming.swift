public import Vocabulary

/// Whom events name, by the rules of a workspace: wherever an identifier can stand, whatever becomes of it.
public struct EventNaming: Sendable {
    private let rules: CompiledRules

    public init(_ rules: IdentityRules) { self.rules = CompiledRules(rules) }

    /// Types of identifiers that the rules add.
    public var types: [String] { rules.custom.map(\.name) }

    public func identifiers(in event: EventView) -> [Identifier] {
        var all: [Identifier] = []
        // An alias does not say what kind of id it replaces.
        for (field, namespace) in [(EventField.userId, IdentifierNamespace.userId), (.anonymousId, .anonymousId), (.previousId, .userId), (.previousId, .anonymousId)] {
            if let value = event.field(field) { all.append(Identifier(namespace, Array(value))) }
        }
        if event.type == .group, let value = event.field(.groupId) { all.append(Identifier(.groupId, Array(value))) }
        if let statement = event.membership { all.append(Identifier(.groupId, Array(statement.account))) }
        event.eachContact { all.append(Identifier($0, $1)) }
        guard !rules.custom.isEmpty else { return all }
        var fields: [EventField: JSONText] = [:]
        for field in rules.fields { fields[field] = event.json(field) }
        for type in rules.custom {
            for text in type.paths.flatMap({ $0.values(in: fields, of: type.name) }) { all.append(Identifier(.externalId, Array("\(type.name):\(text)".utf8))) }
        }
        return all
    }
}
