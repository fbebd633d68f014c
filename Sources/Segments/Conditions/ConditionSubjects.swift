/// What a condition asks about by name, for telling whether something that is written may change its answer.
public struct ConditionSubjects: Sendable {
    /// Paths of traits, those that somebody has as a member of an account too.
    public private(set) var traits: Set<String> = []
    public private(set) var events: Set<EventPattern.Name> = []
    public private(set) var computed: Set<String> = []

    init(_ condition: Condition) { add(condition) }

    private mutating func add(_ condition: Condition) {
        switch condition {
        case .all(let parts), .any(let parts): for part in parts { add(part) }
        case .not(let part): add(part)
        case .test(let test): add(test)
        }
    }

    /// What other kinds ask (segments, lists, shares, accounts) is nothing that one event or one trait of a person says.
    private mutating func add(_ test: any ConditionTest) {
        if let test = test as? TraitTest { traits.insert(test.path) }
        if let test = test as? StatementTest { traits.insert(test.path) }
        if let test = test as? ContextTraitTest { traits.insert(test.path) }
        if let test = test as? RelationTest { traits.formUnion([test.left, test.right]) }
        if let test = test as? EventTest { events.formUnion(test.pattern.names) }
        if let test = test as? SequenceTest { events.formUnion(test.first.names + test.rest.flatMap(\.pattern.names)) }
        if let test = test as? ComputedTest { computed.insert(test.trait) }
        if test is SeenTest { events.insert(.any) }
        switch (test as? RankTest)?.subject {
        case .trait(let path)?: traits.insert(path)
        case .measure(let measure)?: events.formUnion(measure.pattern.names)
        case .computed(let name)?: computed.insert(name)
        case nil: break
        }
    }
}

extension Condition {
    /// What it asks about itself; segments that it names are asked by themselves.
    public var subjects: ConditionSubjects { ConditionSubjects(self) }
}
