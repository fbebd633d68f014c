import Testing

@testable import Console

@Suite("Amounts")
struct AmountTests {
    @Test("are written in the reader's way, with two decimals at most and three digits of small ones", arguments: [
        (0, "0", "0"), (30.75, "30.75", "30,75"), (1234.5, "1,234.5", "1234,5"), (-12345.678, "−12,345.68", "−12.345,68"), (0.999, "1", "1"), (0.1, "0.1", "0,1"), (2.05, "2.05", "2,05"),
        (0.0123456, "0.0123", "0,0123"), (-0.05, "−0.05", "−0,05"), (1e300, "1e+300", "1e+300"), (-0.0, "0", "0"),
    ])
    func amount(_ value: Double, _ english: String, _ spanish: String) {
        var frame = Showroom(text: "Ada").frame
        frame.language = .english
        #expect(frame.amount(value) == english)
        frame.language = .spanish
        #expect(frame.amount(value) == spanish)
    }
}
