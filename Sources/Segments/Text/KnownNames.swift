/// What a workspace has seen so far, so that a misspelt name is noticed.
public struct KnownNames: Sendable {
    /// Paths, or the first parts of paths.
    public let traits: Set<String>
    /// Names of track calls.
    public let events: Set<String>
    /// Ids and handles.
    public let segments: Set<String>
    /// Names of computed traits.
    public let computed: Set<String>
    /// Ids and handles.
    public let lists: Set<String>

    /// An empty set says nothing about its kind of name, so nothing of that kind is warned of.
    public init(traits: Set<String> = [], events: Set<String> = [], segments: Set<String> = [], computed: Set<String> = [], lists: Set<String> = []) {
        self.traits = traits
        self.events = events
        self.segments = segments
        self.computed = computed
        self.lists = lists
    }
}

/// A condition as it was read, with what its author may have overlooked.
public struct ReadCondition: Sendable {
    /// Without faults.
    public let condition: Condition
    /// At most 20. A name that nobody has sent yet is no error: it may be sent tomorrow.
    public let warnings: [ConditionError]
}

extension Condition {
    /// Reads the text form, as `country = "ES" and did "Order Completed" at least 3 times in last 30 days`.
    ///
    /// - Throws: the first fault, with the place in the text.
    /// - Complexity: linear in the length of the text.
    public init(text: String) throws(ConditionError) { self = try Condition.read(text: text, knowing: KnownNames()).condition }

    /// Reads the text form and compares its names with those that the workspace knows.
    public static func read(text: String, knowing known: KnownNames) throws(ConditionError) -> ReadCondition {
        var parser = try TextParser(text, known: known)
        let condition = try parser.whole()
        return ReadCondition(condition: condition, warnings: parser.warnings)
    }

    /// The text form, on one line. Reading it gives this condition again, provided it has no ``faults()``.
    public var text: String {
        var printer = TextPrinter()
        printer.print(self)
        return printer.out
    }
}
