import Vocabulary

extension Condition {
    /// What keeps this condition from being asked, all of it, with the places in its JSON form; empty when nothing does.
    ///
    /// Conditions that were read from text or JSON have none. Whether the segments that it names exist, and whether they contain each other, is
    /// known to who keeps them.
    public func faults() -> [ConditionError] {
        sizeFault.map { [ConditionError($0, at: .pointer(""))] } ?? faults(at: "")
    }

    /// Depth first, since the others look at all of it.
    var sizeFault: Explanation? {
        if depth > ConditionLimits.depth { return .tooDeep }
        if partCount > ConditionLimits.parts { return .tooManyParts }
        return text.utf8.count > ConditionLimits.text ? .tooLong(ConditionLimits.text) : nil
    }

    private func faults(at pointer: String) -> [ConditionError] {
        switch self {
        case .all(let parts): parts.enumerated().flatMap { $1.faults(at: "\(pointer)/and/\($0)") }
        case .any(let parts): parts.enumerated().flatMap { $1.faults(at: "\(pointer)/or/\($0)") }
        case .not(let part): part.faults(at: pointer + "/not")
        case .test(let test): test.forms.faults().map { ConditionError($0.1, at: .pointer(pointer + $0.pointer)) }
        }
    }

    /// How many groups, negations and filters lie within each other, tests themselves not counted. Looks no deeper than the limit.
    var depth: Int { depth(0) }

    private func depth(_ above: Int) -> Int {
        guard above <= ConditionLimits.depth else { return above }
        switch self {
        case .all(let parts), .any(let parts): return parts.map { $0.depth(above + 1) }.max() ?? above + 1
        case .not(let part): return part.depth(above + 1)
        case .test(let test): return test.forms.filters.map { $0.depth(above) }.max() ?? above
        }
    }

    var partCount: Int {
        switch self {
        case .all(let parts), .any(let parts): parts.reduce(1) { $0 + $1.partCount }
        case .not(let part): 1 + part.partCount
        case .test(let test): test.forms.filters.reduce(1 + test.forms.valueCount) { $0 + $1.partCount }
        }
    }
}

extension PropertyFilter {
    func depth(_ above: Int) -> Int {
        guard above <= ConditionLimits.depth else { return above }
        switch self {
        case .all(let parts), .any(let parts): return parts.map { $0.depth(above + 1) }.max() ?? above + 1
        case .not(let part): return part.depth(above + 1)
        case .property(_, let test): return test.elementFilters.map { $0.depth(above + 1) }.max() ?? above
        case .member(let pattern): return pattern.filter?.depth(above + 1) ?? above
        case .hours, .weekdays: return above
        }
    }

    var partCount: Int {
        switch self {
        case .all(let parts), .any(let parts): parts.reduce(1) { $0 + $1.partCount }
        case .not(let part): 1 + part.partCount
        case .property(_, let test): test.elementFilters.reduce(1 + test.valueCount) { $0 + $1.partCount }
        case .hours: 1
        case .weekdays(let days): 1 + days.count
        case .member(let pattern): 1 + pattern.valueCount + (pattern.filter?.partCount ?? 0)
        }
    }

    /// The fault of this filter itself, its parts aside.
    var fault: Explanation? {
        switch self {
        case .all(let parts), .any(let parts): parts.isEmpty ? .emptyList : nil
        case .not: nil
        case .property(let path, let test): PathName.fault(path) ?? test.fault
        case .hours(let from, let to):
            if !(0...23 ~= from) || !(0...23 ~= to) {
                Explanation(code: "segments.hour-range", problem: "Hours of the day go from 0 to 23.", remedy: "Write `hour from 9 to 17`.")
            } else if from == to {
                Explanation(code: "segments.hour-range", problem: "From an hour to the same hour is no time at all.", remedy: "Leave the hours out where the whole day is meant.")
            } else { nil }
        case .member(let pattern): pattern.type == nil ? pattern.faults().first?.1 : .entityContext
        case .weekdays(let days):
            days.isEmpty ? .emptyList : days.allSatisfy { 1...7 ~= $0 } ? nil
                : Explanation(code: "segments.weekday-range", problem: "There is no such day of the week.", remedy: "Write mon, tue, wed, thu, fri, sat or sun.")
        }
    }

    /// With their places below this filter's.
    func faults() -> [(pointer: String, Explanation)] {
        if let fault { return [("", fault)] }
        switch self {
        case .all(let parts): return parts.enumerated().flatMap { index, part in part.faults().map { ("/and/\(index)" + $0.pointer, $0.1) } }
        case .any(let parts): return parts.enumerated().flatMap { index, part in part.faults().map { ("/or/\(index)" + $0.pointer, $0.1) } }
        case .not(let part): return part.faults().map { ("/not" + $0.pointer, $0.1) }
        case .property, .hours, .weekdays, .member: return []
        }
    }
}

extension Explanation {
    static let emptyList = Explanation(code: "segments.empty-list", problem: "This list is empty, so nothing can satisfy it.", remedy: "Put in at least one element, or take the test away.")
}

/// Names of traits, properties and events.
enum PathName {
    private static let longest = 1024

    static func fault(_ name: String) -> Explanation? { fault(name, "name") }
    static func eventFault(_ name: String) -> Explanation? { fault(name, "name of an event") }

    private static func fault(_ name: String, _ sense: String) -> Explanation? {
        if name.isEmpty { return Explanation(code: "segments.empty-name", problem: "This \(sense) is empty.", remedy: "Write a name, as senders spell it.") }
        guard name.utf8.count > longest else { return nil }
        return Explanation(code: "segments.long-name", problem: "This \(sense) is longer than \(longest) bytes.", remedy: "Shorten it; no sender has such a name.")
    }
}
