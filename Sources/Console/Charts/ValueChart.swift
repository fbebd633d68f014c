/// How the values of a measure lie among everyone: bars from the smallest to the largest, or the most frequent values; with the table behind it.
public struct ValueChart: Sendable {
    /// So many values from one end to the other, in the values' own unit or in milliseconds since 1970.
    public struct Bar: Sendable {
        public var from: Double, to: Double
        public var count: Int
        public init(from: Double, to: Double, count: Int) { (self.from, self.to, self.count) = (from, to, count) }
    }

    /// A value as JSON, and how many people have it.
    public struct Entry: Sendable {
        public var value: String
        public var count: Int
        public init(value: String, count: Int) { (self.value, self.count) = (value, count) }
    }

    /// One of the three.
    public enum Values: Sendable {
        /// Nobody has a value.
        case none
        case range(minimum: Double, median: Double, maximum: Double, [Bar], areTimes: Bool)
        case top([Entry], different: Int)
    }

    /// Everyone who may be asked about, and how many of them have a value.
    public var people: Int, count: Int
    public var values: Values

    public init(people: Int, count: Int, values: Values) { (self.people, self.count, self.values) = (people, count, values) }

    private static let height = 180.0
    private static let top = 12.0
    private static let bottom = 28.0
    private static let right = 12.0

    /// The part of the page, for a script that puts it there.
    public func markup(_ frame: Frame) -> String { html(frame).source }

    func html(_ frame: Frame) -> HTML {
        let content: HTML =
            switch values {
            case .none: "<p class=\"quiet pad\">\(frame.say("computed.nobody"))</p>"
            case .range(_, _, _, let bars, let areTimes): "\(drawing(bars, areTimes, frame, 880))\(drawing(bars, areTimes, frame, 360))\(foot(bars, areTimes, frame))"
            case .top(let entries, let different): top(entries, different, frame)
            }
        return """
            <section class="panel chart" aria-labelledby="chart-title"><div class="panel-head"><h2 id="chart-title">\(frame.say("computed.chart"))</h2>\
            <p class="quiet">\(summary(frame))</p></div>\(content)</section>
            """
    }

    /// `1,204 of 2,000 people have a value`.
    func summary(_ frame: Frame) -> String { frame.say("computed.having", count: count, ["of": frame.number(people)]) }

    /// The smallest, the middle and the largest, where there is an order.
    func tiles(_ frame: Frame) -> HTML {
        guard case .range(let minimum, let median, let maximum, _, let areTimes) = values else { return .none }
        let items = [("computed.minimum", minimum), ("computed.median", median), ("computed.maximum", maximum)].map { key, value -> HTML in
            "<div class=\"tile\"><span>\(frame.say(PhraseKey(key)))</span><strong\(attribute: "class", areTimes ? "small" : nil)>\(shown(value, areTimes, frame))</strong></div>"
        }
        return "\(items)"
    }

    private func shown(_ value: Double, _ areTimes: Bool, _ frame: Frame) -> String {
        areTimes ? frame.date(Int64(clampedTime(value))) : frame.amount(value)
    }

    private func clampedTime(_ ms: Double) -> Double { min(max(ms, -62_135_596_800_000), 253_402_300_799_999) }

    /// A bar that stands for one whole number.
    private func isSingle(_ bar: Bar, _ bars: [Bar]) -> Bool { bar.from == bar.from.rounded() && (bars.count == 1 || bar.to - bar.from == 1) }

    private func label(_ bar: Bar, _ bars: [Bar], _ areTimes: Bool, _ frame: Frame) -> String {
        if bar.from == bar.to || (!areTimes && isSingle(bar, bars)) { return shown(bar.from, areTimes, frame) }
        return "\(shown(bar.from, areTimes, frame)) – \(shown(bar.to, areTimes, frame))"
    }

    /// Scaled down to a phone, the wide drawing's words would be unreadable; so there are two, and the stylesheet shows one.
    private func drawing(_ bars: [Bar], _ areTimes: Bool, _ frame: Frame, _ width: Double) -> HTML {
        let scale = Scale(maximum: bars.map(\.count).max() ?? 0)
        let left = max(44, 16 + 7.4 * Double(frame.number(scale.top).count))
        let floor = Self.height - Self.bottom
        let slot = (width - left - Self.right) / Double(max(1, bars.count))
        func y(_ count: Int) -> Double { rounded(Self.top + (floor - Self.top) * (1 - Double(count) / Double(scale.top))) }
        let lines = scale.lines.map { value -> HTML in
            "<path class=\"grid\" d=\"M\(left) \(y(value))H\(width - Self.right)\"/><text class=\"end\" x=\"\(left - 8)\" y=\"\(y(value) + 4)\">\(frame.number(value))</text>"
        }
        let marks = bars.enumerated().map { index, bar -> HTML in
            let x = rounded(left + slot * Double(index))
            let shape: HTML = "<rect x=\"\(x + 1)\" y=\"\(y(bar.count))\" width=\"\(rounded(max(1, slot - 2)))\" height=\"\(rounded(floor - y(bar.count)))\"/>"
            return """
                <g class="bar"><title>\(label(bar, bars, areTimes, frame)): \(frame.say("profiles.total", count: bar.count))</title>\
                <rect class="hit" x="\(x)" y="\(Self.top)" width="\(rounded(slot))" height="\(floor - Self.top)"/>\(bar.count > 0 ? shape : .none)</g>
                """
        }
        return """
            <svg class="\(width > 500 ? "bars wide-only" : "bars narrow-only")" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(width) \(Self.height)" role="img" \
            aria-label="\(frame.say("computed.chart")): \(summary(frame))">\(lines)\(marks)\(ticks(bars, areTimes, frame, left, slot, width))</svg>
            """
    }

    private func ticks(_ bars: [Bar], _ areTimes: Bool, _ frame: Frame, _ left: Double, _ slot: Double, _ width: Double) -> [HTML] {
        guard let first = bars.first, let last = bars.last else { return [] }
        let y = Self.height - 8
        if !areTimes, bars.allSatisfy({ isSingle($0, bars) }) {
            // Every number where there is room.
            let every = max(1, Int((34 / slot).rounded(.up)))
            return bars.indices.filter { $0 % every == 0 }.map { "<text class=\"mid\" x=\"\(rounded(left + slot * (Double($0) + 0.5)))\" y=\"\(y)\">\(shown(bars[$0].from, false, frame))</text>" }
        }
        let middle = bars[bars.count / 2]
        return [
            "<text x=\"\(left)\" y=\"\(y)\">\(shown(first.from, areTimes, frame))</text>",
            "<text class=\"mid\" x=\"\(rounded(left + slot * Double(bars.count / 2)))\" y=\"\(y)\">\(shown(middle.from, areTimes, frame))</text>",
            "<text class=\"end\" x=\"\(width - Self.right)\" y=\"\(y)\">\(shown(last.to, areTimes, frame))</text>",
        ]
    }

    private func rounded(_ value: Double) -> Double { (value * 10).rounded() / 10 }

    private func foot(_ bars: [Bar], _ areTimes: Bool, _ frame: Frame) -> HTML {
        let table = Table(
            caption: frame.say("computed.chart"),
            columns: [.init(title: frame.say("rows.value")), .init(title: frame.say("column.size"), isNumber: true)],
            rows: bars.map { ["\(label($0, bars, areTimes, frame))", "\(frame.number($0.count))"] })
        return "<div class=\"chart-foot\"><details><summary>\(frame.say("chart.table"))</summary>\(table.html)</details></div>"
    }

    private func top(_ entries: [Entry], _ different: Int, _ frame: Frame) -> HTML {
        let most = max(1, entries.map(\.count).max() ?? 1)
        let table = Table(
            caption: frame.say("computed.chart"),
            columns: [.init(title: frame.say("rows.value")), .init(title: frame.say("column.size"), isNumber: true), .init(title: frame.say("computed.share"), isWide: true)],
            rows: entries.map { entry in
                let share = rounded(100 * Double(entry.count) / Double(most))
                return [
                    JSONValueText(json: entry.value).html, "\(frame.number(entry.count))",
                    "<svg class=\"share\" viewBox=\"0 0 100 8\" preserveAspectRatio=\"none\" aria-hidden=\"true\"><rect width=\"\(share)\" height=\"8\"/></svg>",
                ]
            })
        let rest: HTML = different > entries.count ? "<p class=\"quiet pad\">\(frame.say("computed.more-values", count: different - entries.count))</p>" : .none
        return "\(table.html)\(rest)"
    }
}

/// A value of a trait as people read it: text without its quotes, everything else as JSON; a text that looks like a number keeps the quotes that tell it apart.
struct JSONValueText {
    var json: String

    var html: HTML {
        if json.hasPrefix("{") || json.hasPrefix("[") {
            return "<pre class=\"value\" tabindex=\"0\">\(JSONText.pretty(json))</pre>"
        }
        guard let text = JSONText.plain(json), !text.isEmpty else {
            return "<code class=\"value\">\(JSONText.pretty(json))</code>"
        }
        let looksLikeOther = Double(text) != nil || ["true", "false", "null"].contains(text)
        return looksLikeOther ? "<code class=\"value\">\(JSONText.pretty(json))</code>" : "<bdi class=\"value\">\(text)</bdi>"
    }
}
