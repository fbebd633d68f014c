extension Moment {
    static let months = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"]
    static let weekdays = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]

    /// The moment by a format of Ruby's `strftime`: `%` with flags `-0_^#:`, a width, and a letter. What is no directive stays as it is.
    func formatted(_ format: String) -> String {
        var out: [UInt8] = []
        write(Array(format.utf8), civil, into: &out)
        return String(decoding: out, as: UTF8.self)
    }

    private struct Directive {
        var padding: UInt8?
        var isUnpadded = false
        var isUpper = false
        var swapsCase = false
        var colons = 0
        var width: Int?
    }

    private func write(_ format: [UInt8], _ civil: Civil, into out: inout [UInt8]) {
        var index = 0
        while index < format.count {
            guard format[index] == 0x25 else {
                out.append(format[index])
                index += 1
                continue
            }
            let start = index
            index += 1
            var directive = Directive()
            flags: while index < format.count {
                switch format[index] {
                case 0x2d: directive.isUnpadded = true
                case 0x30: directive.padding = 0x30
                case 0x5f: directive.padding = 0x20
                case 0x5e: directive.isUpper = true
                case 0x23: directive.swapsCase = true
                case 0x3a: directive.colons += 1
                default: break flags
                }
                index += 1
            }
            var width = 0
            while index < format.count, format[index] >= 0x30, format[index] <= 0x39 {
                // No date needs more, and a width is no way to fill memory.
                width = min(width * 10 + Int(format[index] - 0x30), 1024)
                directive.width = width
                index += 1
            }
            guard index < format.count, let text = text(format[index], directive, civil) else {
                out.append(contentsOf: format[start..<min(index + 1, format.count)])
                index += 1
                continue
            }
            index += 1
            out.append(contentsOf: text.utf8)
        }
    }

    private func text(_ letter: UInt8, _ directive: Directive, _ c: Civil) -> String? {
        func number(_ value: Int64, _ digits: Int, _ fill: UInt8 = 0x30) -> String {
            let text = String(value.magnitude)
            let sign = value < 0 ? "-" : ""
            if directive.isUnpadded { return sign + text }
            let count = max(0, (directive.width ?? digits) - text.utf8.count - sign.utf8.count)
            let padding = String(repeating: (directive.padding ?? fill) == 0x30 ? "0" : " ", count: count)
            return (directive.padding ?? fill) == 0x30 ? sign + padding + text : padding + sign + text
        }
        func word(_ text: String, swapped: String? = nil) -> String {
            let made = directive.isUpper ? text.uppercased() : directive.swapsCase ? swapped ?? text.uppercased() : text
            let count = max(0, (directive.width ?? 0) - made.utf8.count)
            return String(repeating: directive.padding == 0x30 ? "0" : " ", count: count) + made
        }
        func whole(_ format: String) -> String {
            var out: [UInt8] = []
            self.write(Array(format.utf8), c, into: &out)
            return word(String(decoding: out, as: UTF8.self))
        }
        let hour12 = c.hour % 12 == 0 ? 12 : c.hour % 12
        switch letter {
        case UInt8(ascii: "Y"): return number(c.year, c.year < 0 ? 5 : 4)
        case UInt8(ascii: "C"): return number(Moment.floor(c.year, 100), 2)
        case UInt8(ascii: "y"): return number((c.year % 100 + 100) % 100, 2)
        case UInt8(ascii: "m"): return number(c.month, 2)
        case UInt8(ascii: "B"): return word(Moment.months[Int(c.month) - 1])
        case UInt8(ascii: "b"), UInt8(ascii: "h"): return word(String(Moment.months[Int(c.month) - 1].prefix(3)))
        case UInt8(ascii: "d"): return number(c.day, 2)
        case UInt8(ascii: "e"): return number(c.day, 2, 0x20)
        case UInt8(ascii: "j"): return number(c.yearday, 3)
        case UInt8(ascii: "H"): return number(c.hour, 2)
        case UInt8(ascii: "k"): return number(c.hour, 2, 0x20)
        case UInt8(ascii: "I"): return number(hour12, 2)
        case UInt8(ascii: "l"): return number(hour12, 2, 0x20)
        case UInt8(ascii: "M"): return number(c.minute, 2)
        case UInt8(ascii: "S"): return number(c.second, 2)
        case UInt8(ascii: "L"): return fraction(directive.width ?? 3)
        case UInt8(ascii: "N"): return fraction(directive.width ?? 9)
        case UInt8(ascii: "P"): return word(c.hour < 12 ? "am" : "pm")
        case UInt8(ascii: "p"): return word(c.hour < 12 ? "AM" : "PM", swapped: c.hour < 12 ? "am" : "pm")
        case UInt8(ascii: "z"): return zone(colons: directive.colons)
        case UInt8(ascii: "Z"): return word(offsetSeconds == 0 ? "UTC" : "", swapped: offsetSeconds == 0 ? "utc" : "")
        case UInt8(ascii: "A"): return word(Moment.weekdays[Int(c.weekday)])
        case UInt8(ascii: "a"): return word(String(Moment.weekdays[Int(c.weekday)].prefix(3)))
        case UInt8(ascii: "u"): return number(c.weekday == 0 ? 7 : c.weekday, 1)
        case UInt8(ascii: "w"): return number(c.weekday, 1)
        case UInt8(ascii: "U"): return number((c.yearday + 6 - c.weekday) / 7, 2)
        case UInt8(ascii: "W"): return number((c.yearday + 6 - (c.weekday + 6) % 7) / 7, 2)
        case UInt8(ascii: "G"): return number(isoWeek(c).year, 4)
        case UInt8(ascii: "g"): return number(isoWeek(c).year % 100, 2)
        case UInt8(ascii: "V"): return number(isoWeek(c).week, 2)
        case UInt8(ascii: "s"): return number(seconds, 1)
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "%"): return "%"
        case UInt8(ascii: "c"): return whole("%a %b %e %H:%M:%S %Y")
        case UInt8(ascii: "D"), UInt8(ascii: "x"): return whole("%m/%d/%y")
        case UInt8(ascii: "F"): return whole("%Y-%m-%d")
        case UInt8(ascii: "v"): return whole("%e-%^b-%Y")
        case UInt8(ascii: "T"), UInt8(ascii: "X"): return whole("%H:%M:%S")
        case UInt8(ascii: "r"): return whole("%I:%M:%S %p")
        case UInt8(ascii: "R"): return whole("%H:%M")
        case UInt8(ascii: "+"): return whole("%a %b %e %H:%M:%S %Z %Y")
        default: return nil
        }
    }

    private func fraction(_ digits: Int) -> String {
        let text = String(nanoseconds + 1_000_000_000).dropFirst()
        return digits <= 9 ? String(text.prefix(digits)) : text + String(repeating: "0", count: digits - 9)
    }

    private func zone(colons: Int) -> String {
        func two(_ value: Int64) -> String { value < 10 ? "0\(value)" : "\(value)" }
        let all = abs(offsetSeconds)
        let separator = colons > 0 ? ":" : ""
        return (offsetSeconds < 0 ? "-" : "+") + two(all / 3600) + separator + two(all / 60 % 60) + (colons > 1 ? ":" + two(all % 60) : "")
    }

    /// - Note: ISO 8601: the week that holds the year's first Thursday is its first.
    private func isoWeek(_ c: Civil) -> (year: Int64, week: Int64) {
        let weekday = c.weekday == 0 ? 7 : c.weekday
        let week = (c.yearday - weekday + 10) / 7
        func weeks(_ year: Int64) -> Int64 {
            func last(_ year: Int64) -> Int64 { (year + year / 4 - year / 100 + year / 400) % 7 }
            return last(year) == 4 || last(year - 1) == 3 ? 53 : 52
        }
        if week < 1 { return (c.year - 1, weeks(c.year - 1)) }
        return week > weeks(c.year) ? (c.year + 1, 1) : (c.year, week)
    }
}
