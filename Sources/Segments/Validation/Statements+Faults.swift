import Vocabulary

extension StatementTest {
    func faults() -> [(pointer: String, Explanation)] {
        if let fault = PathName.fault(path) { return [("/statement", fault)] }
        let unfit = fact == .source ? StatementTest.sourceFault(test) : EventTest.Measure.firstTime.fault(of: test)
        return (unfit ?? test.fault).map { [("/" + test.member, $0)] } ?? []
    }

    private static func sourceFault(_ test: ValueTest) -> Explanation? {
        let isFit = switch test {
        case .equals, .differs, .isOneOf, .isNoneOf: test.literals.allSatisfy { if case .text = $0 { true } else { false } }
        case .contains, .omits, .equalsFolded, .exists, .isMissing: true
        default: false
        }
        return isFit ? nil : Explanation(code: "segments.source-needed", problem: "A source is told by its id and its name.", remedy: "Compare it with a text, as in `plan source = \"Web shop\"`.")
    }
}

extension SeenTest {
    func faults() -> [(pointer: String, Explanation)] {
        (EventTest.Measure.firstTime.fault(of: test) ?? test.fault).map { [("/" + test.member, $0)] } ?? []
    }
}
