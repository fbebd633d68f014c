extension Frame {
    /// The phrase in the reader's language, its `{names}` filled in; the result is text and is escaped where it is used.
    func say(_ key: PhraseKey, _ values: [String: String] = [:]) -> String {
        Catalogue.text(key, in: language, values)
    }

    /// The phrase in the form that fits `count`, with `{n}` written in the reader's way.
    func say(_ key: PhraseKey, count: Int, _ values: [String: String] = [:]) -> String {
        Catalogue.text(key, in: language, values.merging(["n": number(count)]) { own, _ in own }, count: count)
    }

    /// The phrase with markup in its `{names}`: a link or a code inside a sentence.
    func phrase(_ key: PhraseKey, _ values: [String: HTML]) -> HTML {
        Catalogue.markup(key, in: language, values)
    }

    /// A whole number with the separators of the reader's language.
    func number(_ value: Int) -> String {
        let digits = String(value.magnitude)
        // Spanish writes four digits without a separator (Ortografía de la lengua española, 2010).
        guard digits.count > (language == .spanish ? 4 : 3) else { return String(value) }
        let separator: Character = language == .english ? "," : "."
        var output = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { output.append(separator) }
            output.append(digit)
        }
        return value < 0 ? "−" + output : output
    }

    /// A number of any size with two decimals at most, of small ones three digits, in the reader's way.
    func amount(_ value: Double) -> String {
        guard value.isFinite, abs(value) < 1e15 else { return "\(value)" }
        if value != 0, abs(value) < 0.1 {
            let scale = (0...12).first { abs(value) * tenfold($0) >= 100 } ?? 12
            return decimal("\((value * tenfold(scale)).rounded() / tenfold(scale))")
        }
        let hundredths = Int((abs(value) * 100).rounded())
        let (whole, rest) = (hundredths / 100, hundredths % 100)
        let sign = value < 0 && hundredths > 0 ? "−" : ""
        guard rest > 0 else { return sign + number(whole) }
        let digits = rest % 10 == 0 ? "\(rest / 10)" : rest < 10 ? "0\(rest)" : "\(rest)"
        return sign + number(whole) + (language == .english ? "." : ",") + digits
    }

    /// A share in thousandths as percent, with a tenth where it is near none or all.
    func percent(permille: Int) -> String {
        let value = permille % 10 == 0 || (100...900).contains(permille) ? "\((permille + 5) / 10)" : decimal("\(Double(permille) / 10)")
        return language == .turkish ? "%\(value)" : language == .spanish ? "\(value)\u{a0}%" : "\(value)%"
    }

    /// A number with its sign and one decimal.
    /// - Parameter digits: behind the point.
    func signed(_ value: Double, digits: Int = 1) -> String {
        guard value.isFinite, abs(value) < 1e6 else { return "\(value)" }
        let shown = (abs(value) * tenfold(digits)).rounded() / tenfold(digits)
        return (value < 0 && shown > 0 ? "−" : "+") + decimal("\(shown)")
    }

    private func tenfold(_ times: Int) -> Double { (0..<times).reduce(1.0) { number, _ in number * 10 } }

    private func decimal(_ text: String) -> String {
        text.replacing("-", with: "−", maxReplacements: text.hasPrefix("-") ? 1 : 0).replacing(".", with: language == .english ? "." : ",")
    }

    /// How long ago (or how soon), with the exact instant and its zone on hover.
    func time(_ ms: Int64) -> HTML {
        "<time datetime=\"\(CivilTime(ms: ms).iso)\" title=\"\(exact(ms))\">\(relative(ms))</time>"
    }

    func time(_ ms: Int64?, otherwise key: PhraseKey) -> HTML {
        ms.map { time($0) } ?? "<span class=\"quiet\">\(say(key))</span>"
    }

    /// A day to come, with the exact instant and its zone on hover.
    func day(_ ms: Int64) -> HTML { "<time datetime=\"\(CivilTime(ms: ms).iso)\" title=\"\(exact(ms))\">\(date(ms))</time>" }

    /// Hours, minutes and seconds, for a list where the day is known.
    func clock(_ ms: Int64) -> HTML {
        let local = local(ms)
        return "<time class=\"num\" datetime=\"\(CivilTime(ms: ms).iso)\" data-clock=\"s\" title=\"\(exact(ms))\">\(local.clock)</time>"
    }

    /// `21 Nov 2026, 21:55:07 UTC`.
    func exact(_ ms: Int64) -> String {
        "\(date(ms)), \(local(ms).clock) \(zone.name)"
    }

    /// `21 Nov 2026` in the frame's zone.
    func date(_ ms: Int64) -> String {
        let local = local(ms)
        let month = say("time.months").split(separator: " ")[local.month - 1]
        return "\(local.day) \(month) \(local.year)"
    }

    func local(_ ms: Int64) -> CivilTime {
        CivilTime(ms: ms.addingReportingOverflow(Int64(zone.offsetMinutes) * 60_000).partialValue)
    }

    func relative(_ ms: Int64) -> String {
        let (difference, overflow) = nowMs.subtractingReportingOverflow(ms)
        guard !overflow else { return date(ms) }
        let seconds = Int(difference.magnitude / 1000)
        let past = difference >= 0
        switch seconds {
        case ..<10: return say("time.now")
        case ..<60: return say(past ? "time.seconds" : "time.in-seconds", count: seconds)
        case ..<3600: return say(past ? "time.minutes" : "time.in-minutes", count: seconds / 60)
        case ..<86_400: return say(past ? "time.hours" : "time.in-hours", count: seconds / 3600)
        case ..<(86_400 * 30): return say(past ? "time.days" : "time.in-days", count: seconds / 86_400)
        default: return date(ms)
        }
    }
}
