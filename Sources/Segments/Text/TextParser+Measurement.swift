import Vocabulary

/// What a computed trait is.
extension TextParser {
    mutating func wholeMeasurement() throws(ConditionError) -> Measurement {
        let upper = try numberedMeasure()
        guard take(sign: "/") else {
            try end()
            let measurement = Measurement.measure(upper.measure)
            try check(measurement.faults.first?.explanation, from: upper.first)
            return measurement
        }
        let lower = try numberedMeasure()
        try end()
        let measurement = Measurement.ratio(upper.measure, over: lower.measure)
        for part in [upper, lower] where !part.measure.measure.isNumeric { throw failure(.notDivisible, from: part.first) }
        try check(measurement.faults.first?.explanation, from: upper.first)
        return measurement
    }

    private mutating func numberedMeasure() throws(ConditionError) -> (first: TextToken, measure: EventMeasure) {
        let first = token
        guard beginsMeasure() else { throw unexpected("a measure, such as `sum(total) of \"Order Completed\"`,", among: Keyword.beginnings) }
        return (first, try eventMeasure(isTested: false))
    }

    private mutating func end() throws(ConditionError) {
        if case .end = token.kind { return }
        if case .sign(let sign) = token.kind, sign == "/" || sign == "(" || sign == ")" {
            throw failure(token, "one-ratio", "Here the measure should end.", "A computed trait is one measure, or one divided by another; write no parentheses around them.")
        }
        if case .sign = token.kind {
            throw failure(token, "test-in-measure", "A computed trait is a value and compares it with nothing.", "End it here; a segment may ask `computed.name > 500`.")
        }
        throw unexpected("`/`, a window or the end", among: Keyword.clauses)
    }
}

extension Measurement {
    /// Reads the text form, as `sum(total) of "Order Completed" in last 90 days`.
    ///
    /// - Throws: the first fault, with the place in the text.
    public init(text: String) throws(ConditionError) { self = try Measurement.read(text: text, knowing: KnownNames()).measurement }

    /// Reads the text form and compares its names with those that the workspace knows.
    public static func read(text: String, knowing known: KnownNames) throws(ConditionError) -> (measurement: Measurement, warnings: [ConditionError]) {
        var parser = try TextParser(text, known: known)
        let measurement = try parser.wholeMeasurement()
        return (measurement, parser.warnings)
    }

    /// The text form, on one line. Reading it gives this measurement again, provided it has no ``faults``.
    public var text: String {
        var printer = TextPrinter()
        for (index, part) in parts.enumerated() {
            if index > 0 { printer.put(" / ") }
            printer.measured(part)
        }
        return printer.out
    }

    /// What keeps it from being asked, with the places in the JSON form.
    public var faults: [ConditionError] {
        // A test that every measure may have; it adds neither depth nor size worth counting.
        if let fault = Condition.all(parts.map { .test($0.test(.exists)) }).sizeFault { return [ConditionError(fault, at: .pointer(""))] }
        var faults: [ConditionError] = []
        for (index, part) in parts.enumerated() {
            let place = parts.count > 1 ? "/ratio/\(index)" : ""
            if parts.count > 1, !part.measure.isNumeric { faults.append(ConditionError(.notDivisible, at: .pointer(place))) }
            faults += part.test(.exists).faults().map { ConditionError($0.1, at: .pointer(place + $0.pointer)) }
        }
        return faults
    }
}

extension Explanation {
    static let notDivisible = Explanation(
        code: "segments.not-divisible", problem: "Only measures that are numbers can be divided.", remedy: "Divide counts, sums and their like, as in `count of \"Order Completed\" / count of \"Product Viewed\"`.")
}
