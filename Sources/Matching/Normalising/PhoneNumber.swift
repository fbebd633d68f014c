/// A telephone number in the digits of E.164, as far as that can be told without a table of every exchange.
public enum PhoneNumber {
    /// Country code and national number without the plus; nil where it is no number or a known stand-in for none.
    ///
    /// - Parameter country: ISO 3166 code of the country whose habits a number without a country code follows; without one, such a number stays national.
    public static func canonical(_ text: String, country: String? = nil) -> String? {
        var out: [UInt8] = []
        return append(Array(text.utf8), country: country.flatMap { plans[$0.uppercased()] }, to: &out) ? String(decoding: out, as: UTF8.self) : nil
    }

    static func plan(of country: String) -> Plan? { plans[country] }

    /// Appends the digits; false, with nothing appended, where there are none.
    static func append(_ text: [UInt8], country: Plan?, to out: inout [UInt8]) -> Bool {
        let begin = out.count
        var isInternational = false
        for (index, byte) in text.enumerated() {
            switch byte {
            case 0x30...0x39: out.append(byte)
            case 0x2b where out.count == begin: isInternational = true
            // What follows is an extension: "x12", "ext. 12", "#12".
            case 0x78, 0x58, 0x65, 0x45, 0x23: if out.count - begin >= 7 { return finish(begin, isInternational, country, &out) }
            case 0x28:
                // "+44 (0)20" writes the trunk zero for those at home.
                if isInternational, index + 2 < text.count, text[index + 1] == 0x30, text[index + 2] == 0x29 { return append(without(index, text), country: country, to: &out, begin) }
            default: break
            }
        }
        return finish(begin, isInternational, country, &out)
    }

    private static func append(_ text: [UInt8], country: Plan?, to out: inout [UInt8], _ begin: Int) -> Bool {
        out.removeLast(out.count - begin)
        return append(text, country: country, to: &out)
    }

    private static func without(_ index: Int, _ text: [UInt8]) -> [UInt8] { Array(text[..<index] + text[(index + 3)...]) }

    private static func finish(_ begin: Int, _ isInternational: Bool, _ country: Plan?, _ out: inout [UInt8]) -> Bool {
        var digits = Array(out[begin...])
        out.removeLast(out.count - begin)
        var isInternational = isInternational
        if !isInternational, let country, !country.international.isEmpty, digits.starts(with: country.international), digits.count > country.international.count + 8 {
            isInternational = true
            digits.removeFirst(country.international.count)
        } else if !isInternational, digits.starts(with: [0x30, 0x30]), digits.count > 9 {
            isInternational = true
            digits.removeFirst(2)
        }
        guard (7...15).contains(digits.count), !isPlaceholder(digits) else { return false }
        guard let country else { out.append(contentsOf: digits); return true }
        if isInternational {
            // The trunk digit has no place behind the country's code.
            if digits.starts(with: country.code), !country.trunk.isEmpty, digits[country.code.count...].starts(with: country.trunk), !country.lengths.contains(digits.count - country.code.count) {
                digits.removeSubrange(country.code.count..<(country.code.count + country.trunk.count))
            }
            out.append(contentsOf: digits)
            return true
        }
        if !country.trunk.isEmpty, digits.starts(with: country.trunk), country.lengths.contains(digits.count - country.trunk.count) {
            digits.removeFirst(country.trunk.count)
        } else if digits.starts(with: country.code), country.lengths.contains(digits.count - country.code.count), !country.lengths.contains(digits.count) {
            digits.removeFirst(country.code.count)
        }
        if country.lengths.contains(digits.count) { out.append(contentsOf: country.code) }
        guard !isPlaceholder(digits) else { out.removeLast(out.count - begin); return false }
        out.append(contentsOf: digits)
        return true
    }

    /// One digit again and again, or digits that count up or down: what people type to get past a form.
    private static func isPlaceholder(_ digits: [UInt8]) -> Bool {
        let tail = digits.suffix(7)
        if Set(tail).count == 1 { return true }
        func steps(by step: Int) -> Bool {
            zip(digits, digits.dropFirst()).allSatisfy { (Int($1) - Int($0) - step) % 10 == 0 }
        }
        return steps(by: 1) || steps(by: -1)
    }

    /// How numbers are written in one country.
    struct Plan: Sendable {
        let code: [UInt8]
        /// What stands before a national number at home and nowhere else.
        let trunk: [UInt8]
        /// What stands before a country's code, besides 00.
        let international: [UInt8]
        /// How many digits a national number has without its trunk prefix.
        let lengths: ClosedRange<Int>
    }

    private static let plans: [String: Plan] = {
        let rows: [(String, String, String, String, ClosedRange<Int>)] = [
            ("US", "1", "1", "011", 10...10), ("CA", "1", "1", "011", 10...10), ("GB", "44", "0", "", 9...10), ("IE", "353", "0", "", 7...9), ("DE", "49", "0", "", 6...11),
            ("AT", "43", "0", "", 6...12), ("CH", "41", "0", "", 9...9), ("FR", "33", "0", "", 9...9), ("BE", "32", "0", "", 8...9), ("NL", "31", "0", "", 9...9),
            ("ES", "34", "", "", 9...9), ("PT", "351", "", "", 9...9), ("IT", "39", "", "", 8...11), ("TR", "90", "0", "", 10...10), ("GR", "30", "", "", 10...10),
            ("PL", "48", "", "", 9...9), ("CZ", "420", "", "", 9...9), ("SE", "46", "0", "", 7...9), ("NO", "47", "", "", 8...8), ("DK", "45", "", "", 8...8), ("FI", "358", "0", "", 6...11),
            ("RU", "7", "8", "810", 10...10), ("UA", "380", "0", "", 9...9), ("RO", "40", "0", "", 9...9), ("HU", "36", "06", "", 8...9), ("MX", "52", "", "", 10...10),
            ("AR", "54", "0", "", 10...11), ("BR", "55", "0", "", 10...11), ("CL", "56", "", "", 9...9), ("CO", "57", "", "", 10...10), ("PE", "51", "0", "", 8...9),
            ("AU", "61", "0", "0011", 9...9), ("NZ", "64", "0", "", 8...10), ("IN", "91", "0", "", 10...10), ("CN", "86", "0", "", 10...11), ("JP", "81", "0", "010", 9...10),
            ("KR", "82", "0", "", 8...10), ("ZA", "27", "0", "", 9...9), ("IL", "972", "0", "", 8...9), ("AE", "971", "0", "", 8...9), ("SA", "966", "0", "", 8...9), ("EG", "20", "0", "", 8...10),
            ("NG", "234", "0", "", 8...10), ("SG", "65", "", "", 8...8),
        ]
        return Dictionary(uniqueKeysWithValues: rows.map { ($0.0, Plan(code: Array($0.1.utf8), trunk: Array($0.2.utf8), international: Array($0.3.utf8), lengths: $0.4)) })
    }()

    /// The country whose numbers `samples` look like, by what stands behind a plus; nil where none does.
    static func country(ofMost samples: [[UInt8]]) -> Plan? {
        var votes: [String: Int] = [:]
        for text in samples where text.first == 0x2b {
            let digits = text.filter { (0x30...0x39).contains($0) }
            // Longer codes first, since 1 begins no other code and 35 is none.
            let fitting = plans.filter { digits.starts(with: $0.value.code) && $0.value.lengths.contains(digits.count - $0.value.code.count) }
            if let best = fitting.max(by: { ($0.value.code.count, $1.key) < ($1.value.code.count, $0.key) }) { votes[best.key, default: 0] += 1 }
        }
        guard let best = votes.max(by: { ($0.value, $1.key) < ($1.value, $0.key) }) else { return nil }
        return plans[best.key]
    }
}
