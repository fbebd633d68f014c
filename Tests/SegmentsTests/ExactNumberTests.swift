import Testing
import Vocabulary

@Suite("Exact numbers")
struct ExactNumberTests {
    private func number(_ text: String) -> ExactNumber? { ExactNumber(json: text.utf8) }

    @Test("spellings of one number are one number", arguments: [("1", "1.0"), ("100", "1e2"), ("0.1", "1E-1"), ("-0", "0"), ("10.50", "10.5")])
    func spellings(_ a: String, _ b: String) { #expect(number(a) == number(b)) }

    @Test("order follows value", arguments: [("1", "2"), ("-2", "-1"), ("-1", "0"), ("0", "1e-9"), ("9", "10"), ("0.09", "0.1"), ("9007199254740992", "9007199254740993"), ("-10", "9")])
    func order(_ small: String, _ large: String) throws {
        let (a, b) = (try #require(number(small)), try #require(number(large)))
        #expect(a < b)
        #expect(!(b < a))
    }

    @Test("what is not a number is none", arguments: ["", "-", "e5", "1e", "abc", "1x"])
    func noNumber(_ text: String) { #expect(number(text) == nil) }

    @Test("the floor in a scale says whether it is exact")
    func floors() throws {
        #expect(try #require(number("500")).floor(scale: 2) == (50_000, true))
        #expect(try #require(number("10.005")).floor(scale: 2) == (1000, false))
        #expect(try #require(number("-10.005")).floor(scale: 2) == (-1001, false))
        #expect(try #require(number("0.001")).floor(scale: 2) == (0, false))
        #expect(try #require(number("-0.001")).floor(scale: 2) == (-1, false))
        #expect(try #require(number("1e300")).floor(scale: 2).value == .max)
        #expect(try #require(number("-1e300")).floor(scale: 2).value == .min)
    }

    @Test("a number reads back from what it prints", arguments: ["0", "1", "-1.5", "1000000", "0.00012", "1e300", "-1e-300", "12345678901234567890.123"])
    func printed(_ text: String) throws {
        let value = try #require(number(text))
        #expect(ExactNumber(json: value.description.utf8) == value)
    }
}
