/// JSON that is written straight into bytes; the writer is trusted with the punctuation, the escaping is done here.
///
/// An encoder would build every value of a history first, only to throw it away.
struct JSONBytes: Sendable {
    private(set) var bytes: [UInt8] = []

    init(capacity: Int = 0) { bytes.reserveCapacity(capacity) }

    var count: Int { bytes.count }

    /// JSON as it stands in the source.
    mutating func raw(_ json: StaticString) {
        // SAFETY: a static string's buffer outlives the program's use of it, and is only read here.
        json.withUTF8Buffer { bytes.append(contentsOf: $0) }
    }

    mutating func raw(_ json: some Sequence<UInt8>) { bytes.append(contentsOf: json) }

    /// A string literal, with what must be escaped escaped.
    mutating func text(_ value: String) {
        bytes.append(UInt8(ascii: "\""))
        for byte in value.utf8 {
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
                bytes.append(UInt8(ascii: "\\"))
                bytes.append(byte)
            } else if byte == UInt8(ascii: "\n") {
                bytes.append(contentsOf: [UInt8(ascii: "\\"), UInt8(ascii: "n")])
            } else if byte >= 0x20 {
                bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    mutating func integer(_ value: Int) { bytes.append(contentsOf: String(value).utf8) }

    /// An amount in minor units as a decimal number: 850 becomes 8.50.
    mutating func money(_ minorUnits: Int) {
        integer(minorUnits / 100)
        bytes.append(UInt8(ascii: "."))
        digits(minorUnits % 100, width: 2)
    }

    /// A quoted instant, such as `"2026-03-01T08:15:30.250Z"`.
    mutating func instant(_ milliseconds: Int64) {
        let day = CivilDay(daysSince1970: Int(milliseconds.dividedFloor(by: Calendar.dayMs)))
        var rest = Int(milliseconds.moduloFloor(by: Calendar.dayMs))
        bytes.append(UInt8(ascii: "\""))
        digits(day.year, width: 4)
        bytes.append(UInt8(ascii: "-"))
        digits(day.month, width: 2)
        bytes.append(UInt8(ascii: "-"))
        digits(day.day, width: 2)
        for (mark, unit) in [("T", 3_600_000), (":", 60_000), (":", 1000)] as [(Unicode.Scalar, Int)] {
            bytes.append(UInt8(ascii: mark))
            digits(rest / unit, width: 2)
            rest %= unit
        }
        bytes.append(UInt8(ascii: "."))
        digits(rest, width: 3)
        raw("Z\"")
    }

    // Members after the first of their object.

    mutating func member(_ start: StaticString, text value: String) {
        raw(start)
        text(value)
    }

    mutating func member(_ start: StaticString, integer value: Int) {
        raw(start)
        integer(value)
    }

    mutating func member(_ start: StaticString, money value: Int) {
        raw(start)
        money(value)
    }

    private mutating func digits(_ value: Int, width: Int) {
        var unit = 1
        for _ in 1..<width { unit *= 10 }
        while unit > 0 {
            bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value / unit % 10))
            unit /= 10
        }
    }
}
