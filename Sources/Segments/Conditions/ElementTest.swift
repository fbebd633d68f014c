/// What the elements of a list must be: the items of an order, the tags of a person. False of all that is no list; elements that are JSON null are none.
public struct ElementTest: Sendable, Hashable {
    public enum Quantifier: Sendable, Hashable {
        /// One element at least passes the filter; every one does; none does. Of an empty list, `all` and `none` are true.
        case any, all, none
        /// How many pass.
        case count(ValueTest)
        /// What the numbers at a path of those that pass add up to; 0 where there are none.
        case sum(String, ValueTest)
    }
    /// Stands for the element itself where that is no object.
    public static let item = "item"
    public let quantifier: Quantifier
    /// Of members of the element, by their paths; nil only for counts and sums of all.
    public let filter: PropertyFilter?

    public init(_ quantifier: Quantifier, where filter: PropertyFilter?) {
        self.quantifier = quantifier
        self.filter = filter
    }

    /// The test of a count or sum.
    var test: ValueTest? {
        switch quantifier {
        case .any, .all, .none: nil
        case .count(let test), .sum(_, let test): test
        }
    }
}

extension ValueTest {
    /// The filter of elements in it, for measuring.
    var elementFilters: [PropertyFilter] { if case .elements(let test) = self, let filter = test.filter { [filter] } else { [] } }

    /// How many values it lists.
    var valueCount: Int { if case .elements(let test) = self { 1 + (test.test?.valueCount ?? 0) } else { literals.count + texts.count } }
}
