extension Reason {
    /// The condition without what time alone cannot change: its answer stands in its place, or does away with all that it decides. Asking the rest again looks
    /// through no long dictionary for a test of a name.
    ///
    /// - Parameter isPast: whether some of what is known happened at or after the moment, so that traits may still change.
    func changing(isPast: Bool) -> Condition {
        switch condition {
        case .all: Condition.joined(parts.map { $0.changing(isPast: isPast) }, unless: false)
        case .any: Condition.joined(parts.map { $0.changing(isPast: isPast) }, unless: true)
        case .not:
            switch parts.first?.changing(isPast: isPast) {
            case let rest?: rest.constant.map { Condition.constant(!$0) } ?? .not(rest)
            case nil: condition
            }
        case .test(let test):
            if (test as? SegmentTest)?.on != nil, !parts.isEmpty { .constant(isTrue) } else if let named = parts.first { named.changing(isPast: isPast) } else if (test as? any ReasonedTest)?.isTimeless(isPast: isPast) ?? false { .constant(isTrue) } else { condition }
        }
    }
}

extension Condition {
    /// Nil where it depends on anything.
    var constant: Bool? {
        switch self {
        case .all(let parts) where parts.isEmpty: true
        case .any(let parts) where parts.isEmpty: false
        default: nil
        }
    }

    fileprivate static func constant(_ isTrue: Bool) -> Condition { isTrue ? .all([]) : .any([]) }

    /// - Parameter decisive: the answer of one part that is the answer of the whole: false of `and`, true of `or`.
    fileprivate static func joined(_ parts: [Condition], unless decisive: Bool) -> Condition {
        if parts.contains(where: { $0.constant == decisive }) { return .constant(decisive) }
        let rest = parts.filter { $0.constant == nil }
        return decisive ? .any(rest) : .all(rest)
    }
}
