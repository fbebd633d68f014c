extension Moment {
    static let months = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"]
    static let weekdays = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]

    /// The moment by a format of Ruby's `strftime`: `%` with flags `-0_^#:`, a width, and a letter. What is no directive stays as it is.
    func write(_ format: Text, into out: inout Output) { write(format, civil, into: &out) }

    private struct Directive {
        var padding: UInt8?
        var isUnpadded = false
        var isUpper = false
        var swapsCase = false
        var colons = 0
        var width: Int?
    }

    private func write(_ format: Text, _ civil: Civil, into out: inout Output) {
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
            guard index < format.count, write(format[index], directive, civil, into: &out) else {
                out.append(format.cut(start..<min(index + 1, format.count)))
                index += 1
                continue
            }
            index += 1
        }
    }

    /// One directive; false for a letter that is none.
    private func write(_ letter: UInt8, _ directive: Directive, _ c: Civil, into out: inout Output) -> Bool {
        func number(_ value: Int64, _ digits: Int, _ fill: UInt8 = 0x30) {
            let width = directive.isUnpadded ? 1 : (directive.width ?? digits) - (value < 0 ? 1 : 0)
            let isZeros = (directive.padding ?? fill) == 0x30
            // Blanks stand before the sign and zeros behind it.
            if !isZeros {
                var (length, rest) = (1, value.magnitude / 10)
                while rest > 0 { (length, rest) = (length + 1, rest / 10) }
                out.append(0x20, times: width - length)
            }
            if value < 0 { out.append(0x2d) }
            out.append(digits: value.magnitude, width: isZeros ? width : 1)
        }
        func word(_ text: some Collection<UInt8>, swapped: StaticString? = nil) {
            out.append(directive.padding == 0x30 ? 0x30 : 0x20, times: (directive.width ?? 0) - text.count)
            if !directive.isUpper, directive.swapsCase, let swapped { out.append(Text(swapped)) } else {
                for byte in text { out.append(directive.isUpper || directive.swapsCase ? Ascii.raised(byte) : byte) }
            }
        }
        func whole(_ format: StaticString) {
            var made = Output()
            self.write(Text(format), c, into: &made)
            word(made.bytes)
        }
        let hour12 = c.hour % 12 == 0 ? 12 : c.hour % 12
        switch letter {
        case UInt8(ascii: "Y"): number(c.year, c.year < 0 ? 5 : 4)
        case UInt8(ascii: "C"): number(Moment.floor(c.year, 100), 2)
        case UInt8(ascii: "y"): number((c.year % 100 + 100) % 100, 2)
        case UInt8(ascii: "m"): number(c.month, 2)
        case UInt8(ascii: "B"): word(Moment.months[Int(c.month) - 1].utf8)
        case UInt8(ascii: "b"), UInt8(ascii: "h"): word(Moment.months[Int(c.month) - 1].utf8.prefix(3))
        case UInt8(ascii: "d"): number(c.day, 2)
        case UInt8(ascii: "e"): number(c.day, 2, 0x20)
        case UInt8(ascii: "j"): number(c.yearday, 3)
        case UInt8(ascii: "H"): number(c.hour, 2)
        case UInt8(ascii: "k"): number(c.hour, 2, 0x20)
        case UInt8(ascii: "I"): number(hour12, 2)
        case UInt8(ascii: "l"): number(hour12, 2, 0x20)
        case UInt8(ascii: "M"): number(c.minute, 2)
        case UInt8(ascii: "S"): number(c.second, 2)
        case UInt8(ascii: "L"): fraction(directive.width ?? 3, into: &out)
        case UInt8(ascii: "N"): fraction(directive.width ?? 9, into: &out)
        case UInt8(ascii: "P"): word(c.hour < 12 ? "am".utf8 : "pm".utf8)
        case UInt8(ascii: "p"): word(c.hour < 12 ? "AM".utf8 : "PM".utf8, swapped: c.hour < 12 ? "am" : "pm")
        case UInt8(ascii: "z"): zone(colons: directive.colons, into: &out)
        case UInt8(ascii: "Z"): if offsetSeconds == 0 { word("UTC".utf8, swapped: "utc") } else { word("".utf8) }
        case UInt8(ascii: "A"): word(Moment.weekdays[Int(c.weekday)].utf8)
        case UInt8(ascii: "a"): word(Moment.weekdays[Int(c.weekday)].utf8.prefix(3))
        case UInt8(ascii: "u"): number(c.weekday == 0 ? 7 : c.weekday, 1)
        case UInt8(ascii: "w"): number(c.weekday, 1)
        case UInt8(ascii: "U"): number((c.yearday + 6 - c.weekday) / 7, 2)
        case UInt8(ascii: "W"): number((c.yearday + 6 - (c.weekday + 6) % 7) / 7, 2)
        case UInt8(ascii: "G"): number(isoWeek(c).year, 4)
        case UInt8(ascii: "g"): number(isoWeek(c).year % 100, 2)
        case UInt8(ascii: "V"): number(isoWeek(c).week, 2)
        case UInt8(ascii: "s"): number(seconds, 1)
        case UInt8(ascii: "n"): out.append(0x0a)
        case UInt8(ascii: "t"): out.append(0x09)
        case UInt8(ascii: "%"): out.append(0x25)
        case UInt8(ascii: "c"): whole("%a %b %e %H:%M:%S %Y")
        case UInt8(ascii: "D"), UInt8(ascii: "x"): whole("%m/%d/%y")
        case UInt8(ascii: "F"): whole("%Y-%m-%d")
        case UInt8(ascii: "v"): whole("%e-%^b-%Y")
        case UInt8(ascii: "T"), UInt8(ascii: "X"): whole("%H:%M:%S")
        case UInt8(ascii: "r"): whole("%I:%M:%S %p")
        case UInt8(ascii: "R"): whole("%H:%M")
        case UInt8(ascii: "+"): whole("%a %b %e %H:%M:%S %Z %Y")
        default: return false
        }
        return true
    }

    private func fraction(_ digits: Int, into out: inout Output) {
        var divisor = 100_000_000
        for _ in 0..<digits {
            out.append(UInt8(truncatingIfNeeded: 0x30 + (divisor > 0 ? nanoseconds / divisor % 10 : 0)))
            divisor /= 10
        }
    }

    private func zone(colons: Int, into out: inout Output) {
        let all = offsetSeconds.magnitude
        out.append(offsetSeconds < 0 ? 0x2d : 0x2b)
        out.append(digits: all / 3600, width: 2)
        if colons > 0 { out.append(0x3a) }
        out.append(digits: all / 60 % 60, width: 2)
        if colons > 1 {
            out.append(0x3a)
            out.append(digits: all % 60, width: 2)
        }
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
