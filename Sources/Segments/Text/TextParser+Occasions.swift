import Vocabulary

/// Whether something was done for the first time ever, or once more: short for two conditions, of the window and of what lies before it.
extension TextParser {
    /// At `for the first time` or `again`; nil where neither stands.
    mutating func occasion() throws(ConditionError) -> EventClauses.Occasion? {
        if take("again") { return .again }
        guard keyword() == "for" else { return nil }
        advance()
        try expect("the", "`the first time`")
        try expect("first", "`first time`")
        try expect("time", "`time`")
        return .first
    }

    func occasional(_ occasion: EventClauses.Occasion, _ pattern: EventPattern, _ clauses: EventClauses, from first: TextToken) throws(ConditionError) -> Condition {
        guard let window = clauses.window, let from = window.from, clauses.count == nil else {
            throw failure(
                Explanation(
                    code: "segments.occasion-window", problem: "A first time, or another one, needs a window with a beginning and no number of times.",
                    remedy: "Write `did \"Order Completed\" for the first time in last 30 days`."), from: first)
        }
        func test(_ window: Window, _ test: ValueTest) -> Condition { .test(EventTest(pattern: pattern, window: window, measure: .count, test: test)) }
        let once = ValueTest.atLeast(.number(ExactNumber(1)))
        let before = Window(from: nil, to: from)
        return .all([test(window, once), test(before, occasion == .first ? .equals(.number(ExactNumber(0))) : once)])
    }
}
