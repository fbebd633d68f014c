import Vocabulary

extension ElementTest {
    var fault: Explanation? {
        if let fault = filter?.faults().first?.1 { return fault }
        if let filter, !filter.isTimeless {
            return Explanation(
                code: "segments.element-time", problem: "An element has no hour and no weekday, and its dates are not held against the moment.",
                remedy: "Compare its members with fixed values, as in `has any (price > 10)`; ask for the time of the event beside it.")
        }
        guard let test else { return nil }
        if case .sum(let path, _) = quantifier, let fault = PathName.fault(path) { return fault }
        return EventTest.Measure.sum("").fault(of: test) ?? test.fault
    }
}

extension PropertyFilter {
    /// Whether it asks nothing of a time, nor of who did something.
    var isTimeless: Bool {
        switch self {
        case .all(let parts), .any(let parts): parts.allSatisfy(\.isTimeless)
        case .not(let part): part.isTimeless
        case .property(_, let test): !test.isRelative
        case .hours, .weekdays, .member: false
        }
    }
}
