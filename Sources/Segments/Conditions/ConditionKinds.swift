import Vocabulary

/// All kinds of test, by which the JSON form finds the one whose member it holds.
enum ConditionKinds {
    static let all: [any ConditionForms.Type] = [
        TraitTest.self, EventTest.self, SequenceTest.self, RelationTest.self, SegmentTest.self, ListTest.self, BucketTest.self, ComputedTest.self,
        StatementTest.self, SeenTest.self, RankTest.self, MembershipTest.self, ContextTraitTest.self,
    ]
}

/// How a kind of test is written, checked and told. Whoever adds a kind gives it these and names it in ``ConditionKinds/all``.
protocol ConditionForms: ConditionTest {
    /// As one unit of the text form: it needs no parentheses beside `and`, `or` and `not`.
    func print(to printer: inout TextPrinter)
    /// Writes the members of the JSON form; the braces are the caller's.
    func write(to json: inout JSONWriter)
    /// Reads the JSON form. Several tests of one subject, as `"gte": 1, "lt": 5`, become several conditions that must all hold.
    static func read(_ object: inout JSONObject) throws(ConditionError) -> Condition
    /// The test in words, in the middle of a sentence.
    func sentence(_ phrases: Phrases) -> String
    /// What keeps the test from being asked, with the place in its JSON form.
    func faults() -> [(pointer: String, Explanation)]
    /// The filters in it, for measuring.
    var filters: [PropertyFilter] { get }
    /// How many values it lists.
    var valueCount: Int { get }
}

extension ConditionTest {
    var forms: any ConditionForms {
        guard let forms = self as? any ConditionForms else { preconditionFailure("\(Self.key) is a kind of test without forms; see ConditionKinds") }
        return forms
    }
}
