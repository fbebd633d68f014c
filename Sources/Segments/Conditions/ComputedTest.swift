/// Tests what a computed trait comes to, at the moment asked about and in the trait's own zone.
public struct ComputedTest: ConditionTest, Hashable {
    public static let key = "computed"
    /// Before the name in the text form, so that no trait that somebody sends is taken for it.
    static let prefix = "computed."
    /// The computed trait's name.
    public let trait: String
    public let test: ValueTest

    public init(trait: String, test: ValueTest) {
        self.trait = trait
        self.test = test
    }

    /// The name in a word of the text form, as `computed.lifetimeValue`; nil where the word is none.
    static func name(in word: String) -> String? {
        word.lowercased().hasPrefix(prefix) ? String(word.dropFirst(prefix.count)) : nil
    }
}
