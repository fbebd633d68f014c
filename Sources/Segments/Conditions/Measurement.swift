public import Vocabulary

/// What a computed trait is: one measure of events, or one divided by another.
public enum Measurement: Sendable, Hashable {
    case measure(EventMeasure)
    /// Both are numbers; no value where the second is 0 or one of them has none.
    case ratio(EventMeasure, over: EventMeasure)

    public var parts: [EventMeasure] {
        switch self {
        case .measure(let measure): [measure]
        case .ratio(let upper, let lower): [upper, lower]
        }
    }

    /// Whether it is always a number.
    public var isNumeric: Bool { parts.count > 1 || parts.allSatisfy(\.measure.isNumeric) }

    /// Why no value of this measurement could pass a test; nil where one could.
    public func fault(of test: ValueTest) -> Explanation? {
        switch self {
        case .measure(let measure): measure.test(test).faults().first?.1
        case .ratio: EventTest.Measure.sum("").fault(of: test)
        }
    }
}
