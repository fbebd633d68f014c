public import Vocabulary

/// What an account must be: a tree of tests of its traits, its place in the tree of accounts, and its members.
public indirect enum AccountCondition: Sendable {
    /// True when every part is; of no parts, true.
    case all([AccountCondition])
    /// True when one part is; of no parts, false.
    case any([AccountCondition])
    case not(AccountCondition)
    /// A trait of the account, as it is now.
    case trait(String, ValueTest)
    /// It is one of these accounts, or lies below one.
    case under([String])
    case members(MemberTest)
}

/// How many of an account's members must satisfy something. Members are those who belong to it at the moment.
public struct MemberTest: Sendable {
    public enum Quantifier: Sendable, Hashable {
        case any
        /// Of no members, true.
        case all
        case none
        case atLeast(Int), atMost(Int), exactly(Int)

        func holds(_ passing: Int, of all: Int) -> Bool {
            switch self {
            case .any: passing > 0
            case .all: passing == all
            case .none: passing == 0
            case .atLeast(let count): passing >= count
            case .atMost(let count): passing <= count
            case .exactly(let count): passing == count
            }
        }
    }
    public let quantifier: Quantifier
    /// Only members in one of these roles are looked at; empty for all members.
    public let roles: [String]
    /// Asked of each member in the context of the account: of events, only what they did as its members counts. Nil for everyone.
    public let condition: Condition?

    public init(_ quantifier: Quantifier, roles: [String] = [], _ condition: Condition? = nil) { (self.quantifier, self.roles, self.condition) = (quantifier, roles, condition) }

    static let countMaximum = 100_000_000
}

extension AccountCondition {
    /// The segments that its members are asked about.
    public var segments: [String] {
        switch self {
        case .all(let parts), .any(let parts): parts.flatMap(\.segments)
        case .not(let part): part.segments
        case .members(let test): test.condition?.segments.map { $0 } ?? []
        case .trait, .under: []
        }
    }

    /// Reads the text form, as `industry = "Hotels" and at least 3 members with role "buyer" (did "Order Completed" in last 30 days)`.
    ///
    /// - Throws: the first fault, with the place in the text.
    public init(text: String, knowing known: KnownNames = KnownNames()) throws(ConditionError) {
        var parser = try TextParser(text, known: known)
        self = try parser.wholeAccounts()
    }

    /// The text form; reading it gives this condition again.
    public var text: String {
        var printer = TextPrinter()
        printer.print(self)
        return printer.out
    }
}
