/// How many were in a segment on each of the last days, by the condition as it is now: a line over its area, with the table behind it.
public struct SizeChart: Sendable {
    /// How many were in at an instant.
    public struct Point: Sendable {
        public var atMs: Int64
        public var count: Int
        public init(atMs: Int64, count: Int) { (self.atMs, self.count) = (atMs, count) }
    }

    /// Oldest first.
    public var points: [Point]
    /// False while earlier days are still being counted; the page asks again by itself.
    public var isWhole: Bool

    public init(points: [Point], isWhole: Bool) { (self.points, self.isWhole) = (points, isWhole) }

    private static let height = 180.0
    private static let top = 12.0
    private static let bottom = 28.0
    private static let right = 12.0

    /// The numbers as a file, `text/csv`: RFC 4180 lines of `at,people`, instants in UTC.
    public var csv: String { points.reduce(into: "at,people\r\n") { $0 += "\(CivilTime(ms: $1.atMs).iso),\($1.count)\r\n" } }

    /// - Parameter file: where the numbers are as a file.
    func html(_ frame: Frame, file: String) -> HTML {
        let content: HTML = points.count > 1 ? "\(drawing(frame, 880))\(drawing(frame, 360))\(foot(frame, file))" : "<p class=\"quiet pad\">\(frame.say("segment.counting"))</p>"
        return """
            <section class="panel chart" aria-labelledby="chart-title"\(attribute: "data-refresh", isWhole ? nil : "1")>\
            <div class="panel-head"><h2 id="chart-title">\(frame.say("segment.chart"))</h2>\
            <p class="quiet">\(isWhole ? frame.say("segment.chart-help") : frame.say("segment.counting"))</p></div>\(content)</section>
            """
    }

    /// The line alone, as small as a word, for a row of a table.
    func trace(_ frame: Frame) -> HTML {
        guard points.count > 1 else { return .none }
        let top = Double(max(1, maximum))
        let path = points.enumerated().map { "\(rounded(120 * Double($0.offset) / Double(points.count - 1))) \(rounded(26 - 24 * Double($0.element.count) / top))" }.joined(separator: "L")
        return """
            <svg class="trace" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 28" preserveAspectRatio="none" role="img" \
            aria-label="\(frame.say("segment.chart-label", ["first": frame.number(points[0].count), "last": frame.number(points[points.count - 1].count)]))">\
            <path class="area" d="M0 28L\(path)L120 28Z"/><path class="line" d="M\(path)"/></svg>
            """
    }

    private var maximum: Int { points.map(\.count).max() ?? 0 }

    /// Scaled down to a phone, the wide drawing's words would be unreadable; so there are two, and the stylesheet shows one.
    private func drawing(_ frame: Frame, _ width: Double) -> HTML {
        let scale = Scale(maximum: maximum)
        let left = max(44, 16 + 7.4 * Double(frame.number(scale.top).count))
        let floor = Self.height - Self.bottom
        func x(_ index: Int) -> Double { rounded(left + (width - left - Self.right) * Double(index) / Double(points.count - 1)) }
        func y(_ count: Int) -> Double { rounded(Self.top + (floor - Self.top) * (1 - Double(count) / Double(scale.top))) }
        let lines = scale.lines.map { value -> HTML in
            "<path class=\"grid\" d=\"M\(left) \(y(value))H\(width - Self.right)\"/><text class=\"end\" x=\"\(left - 8)\" y=\"\(y(value) + 4)\">\(frame.number(value))</text>"
        }
        let path = points.indices.map { "\(x($0)) \(y(points[$0].count))" }.joined(separator: "L")
        let every = width > 500 ? 7 : 15
        let ticks = points.indices.filter { (points.count - 1 - $0) % every == 0 }.map { index -> HTML in
            let isLast = index == points.count - 1
            return "<text class=\"\(isLast ? "end" : "mid")\" x=\"\(x(index))\" y=\"\(Self.height - 8)\">\(shortDate(points[index].atMs, frame))</text>"
        }
        let half = (width - left - Self.right) / Double(points.count - 1) / 2
        let hits = points.indices.map { index -> HTML in
            """
            <g class="bar"><title>\(frame.date(points[index].atMs)): \(frame.say("profiles.total", count: points[index].count))</title>\
            <rect class="hit" x="\(rounded(x(index) - half))" y="\(Self.top)" width="\(rounded(half * 2))" height="\(floor - Self.top)"/></g>
            """
        }
        return """
            <svg class="\(width > 500 ? "bars wide-only" : "bars narrow-only")" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(width) \(Self.height)" role="img" \
            aria-label="\(frame.say("segment.chart-label", ["first": frame.number(points[0].count), "last": frame.number(points[points.count - 1].count)]))">\
            \(hits)\(lines)<path class="area" d="M\(left) \(floor)L\(path)L\(x(points.count - 1)) \(floor)Z"/><path class="line" d="M\(path)"/>\(ticks)</svg>
            """
    }

    private func rounded(_ value: Double) -> Double { (value * 10).rounded() / 10 }

    private func shortDate(_ ms: Int64, _ frame: Frame) -> String {
        let local = frame.local(ms)
        return "\(local.day) \(frame.say("time.months").split(separator: " ")[local.month - 1])"
    }

    private func foot(_ frame: Frame, _ file: String) -> HTML {
        let table = Table(
            caption: frame.say("segment.chart"),
            columns: [.init(title: frame.say("column.day")), .init(title: frame.say("column.size"), isNumber: true)],
            rows: points.reversed().map { ["\(frame.date($0.atMs))", "\(frame.number($0.count))"] })
        return "<div class=\"chart-foot\"><details><summary>\(frame.say("chart.table"))</summary>\(table.html)</details><a href=\"\(file)\" download>\(Icon.download.html)CSV</a></div>"
    }
}
