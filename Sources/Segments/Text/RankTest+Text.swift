import Vocabulary

/// Ranks, as `sum(total) of "Order Completed" in top 10%`.
extension TextParser {
    var beginsRank: Bool { keyword() == "in" && (keyword(1) == "top" || keyword(1) == "bottom") }

    /// Behind what is ranked; `in top` or `in bottom` stands here.
    mutating func rank(_ subject: RankTest.Subject, from first: TextToken) throws(ConditionError) -> Condition {
        let isTop = keyword(1) == "top"
        advance(2)
        guard case .number(let number) = token.kind else { throw unexpected("how many, as in `in top 10%` or `in top 100`,", among: []) }
        let size: RankTest.Size
        if isSign("%", 1) {
            advance(2)
            size = .percent(number)
        } else {
            size = .count(try wholeNumber())
        }
        let test = RankTest(subject, isTop: isTop, size)
        try check(test.faults().first?.1, from: first)
        return .test(test)
    }
}

extension RankTest: ConditionForms {
    func print(to printer: inout TextPrinter) {
        switch subject {
        case .measure(let measure): printer.measured(measure)
        case .trait(let path): printer.name(path)
        case .computed(let name): printer.put(ComputedTest.prefix + name)
        }
        printer.put(isTop ? " in top " : " in bottom ")
        switch size {
        case .count(let count): printer.put("\(count)")
        case .percent(let percent): printer.put("\(percent)%")
        }
    }

    var filters: [PropertyFilter] { if case .measure(let measure) = subject { measure.test(.exists).filters } else { [] } }
    var valueCount: Int { if case .measure(let measure) = subject { measure.pattern.names.count + 1 } else { 1 } }
}
