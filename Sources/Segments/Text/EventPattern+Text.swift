import Vocabulary

/// Events and lengths of time by themselves, for whoever waits for them.
extension EventPattern {
    /// Reads events as conditions name them, without `did`: `"Order Completed" where total > 10`, `any of ("Product Viewed", page "Cart")`.
    ///
    /// - Throws: the first fault, with the place in the text. A number of times and a window are faults, since one event has neither.
    public static func read(text: String, knowing known: KnownNames = KnownNames()) throws(ConditionError) -> (pattern: EventPattern, warnings: [ConditionError]) {
        var parser = try TextParser(text, known: known)
        let first = parser.token
        let names = try parser.eventNames()
        var filter: PropertyFilter?
        if parser.take("where") { filter = try parser.eventFilter() }
        guard case .end = parser.token.kind else { throw parser.unexpected("`where` or the end", among: ["where", "and", "or"]) }
        let pattern = EventPattern(names, where: filter)
        if pattern.sessionGap != nil || pattern.filter?.asksContext ?? false {
            throw parser.failure(
                Explanation(
                    code: "segments.one-event", problem: "A session, and what somebody did as a member of an account, cannot be told of one event alone.",
                    remedy: "Name an event here, and ask for the rest with a condition in a later step."), from: first)
        }
        if let fault = filter?.faults().first { throw parser.failure(fault.1, from: first) }
        return (pattern, parser.warnings)
    }

    /// The text form, which reads back as this pattern.
    public var text: String {
        var printer = TextPrinter()
        printer.pattern(self, isFollowed: false)
        return printer.out
    }
}

extension PropertyFilter {
    /// Whether a part of it looks at memberships.
    fileprivate var asksContext: Bool {
        switch self {
        case .all(let parts), .any(let parts): parts.contains(where: \.asksContext)
        case .not(let part): part.asksContext
        case .member: true
        case .property, .hours, .weekdays: false
        }
    }
}

extension Period {
    /// Reads `30 minutes`, `1 day`, `an hour`, `2w`; nil for anything else and for more than 1,000,000.
    public init?(text: String) {
        let words = text.lowercased().split(separator: " ", omittingEmptySubsequences: true)
        if words.count == 2, let unit = Unit(word: words[1]) {
            guard let count = words[0] == "a" || words[0] == "an" ? 1 : Int(words[0]), (0...1_000_000).contains(count) else { return nil }
            self.init(count, unit)
            return
        }
        guard words.count == 1, let word = words.first, case let digits = word.prefix(while: \.isASCIIDigit), let count = Int(digits), (0...1_000_000).contains(count),
            let unit = Unit(word: word.dropFirst(digits.count))
        else { return nil }
        self.init(count, unit)
    }

    /// As people write it: `30 minutes`.
    public var text: String { "\(count) \(unit.rawValue)\(count == 1 ? "" : "s")" }
}

extension Character {
    fileprivate var isASCIIDigit: Bool { self >= "0" && self <= "9" }
}
