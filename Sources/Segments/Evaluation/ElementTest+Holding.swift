import Vocabulary

extension ElementTest {
    func holds(_ value: StoredValue, _ clock: Clockwork) -> Bool {
        guard case .array(let elements) = value else { return false }
        let passing = filter.map { filter in elements.filter { ElementTest.passes($0, filter, clock) } } ?? elements
        switch quantifier {
        case .any: return !passing.isEmpty
        case .all: return passing.count == elements.count
        case .none: return passing.isEmpty
        case .count(let test): return test.holds(.number(ExactNumber(Int64(passing.count))), clock)
        case .sum(let path, let test):
            let numbers = passing.compactMap { if case .number(let number) = ElementTest.member(path, of: $0) { number } else { nil } }
            return test.holds(.number(numbers.reduce(ExactNumber(0), +)), clock)
        }
    }

    private static func member(_ path: String, of element: StoredValue) -> StoredValue? {
        if case .object(let members) = element { return StoredValue.at(Array(path.utf8), in: members) }
        return path == item ? element : nil
    }

    static func passes(_ element: StoredValue, _ filter: PropertyFilter, _ clock: Clockwork) -> Bool {
        switch filter {
        case .all(let parts): parts.allSatisfy { passes(element, $0, clock) }
        case .any(let parts): parts.contains { passes(element, $0, clock) }
        case .not(let part): !passes(element, part, clock)
        case .property(let path, let test): test.holds(member(path, of: element), clock)
        // Refused where conditions are checked.
        case .hours, .weekdays, .member: false
        }
    }
}
