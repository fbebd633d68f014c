/// How many events arrived in each minute: bars over an hour, labelled, each leading to the events behind it.
///
/// Drawn with attributes and classes only, since the content security policy refuses inline styles. The same drawing is the
/// download, which carries its own colours because no stylesheet travels with it.
public struct MinuteChart: Sendable {
    /// Start of the first minute, milliseconds since 1970 UTC.
    public var startMs: Int64
    /// Events per minute, oldest first; the last minute is still running.
    public var counts: [Int]

    public init(startMs: Int64, counts: [Int]) { (self.startMs, self.counts) = (startMs, counts) }

    /// Scaled down to a phone, the wide drawing's words would be unreadable; so there are two, and the stylesheet shows one.
    private struct Size {
        let className: String
        let width: Double
        let height: Double
        let gap: Double
        let minutesPerTick: Int
        static let wide = Size(className: "bars wide-only", width: 880, height: 200, gap: 3, minutesPerTick: 10)
        static let narrow = Size(className: "bars narrow-only", width: 360, height: 180, gap: 1, minutesPerTick: 15)
    }

    /// Room for the widest number on the axis.
    private var left: Double {
        let top = (counts.max() ?? 0) * 3 / 2
        return max(44, 16 + 7.4 * Double(String(top).count + (String(top).count - 1) / 3))
    }
    private static let right = 8.0
    private static let top = 12.0
    private static let bottom = 28.0

    /// The chart with its title, its table and its downloads.
    func html(_ frame: Frame) -> HTML {
        let base = "/w/\(Address.encoded(frame.workspace))/charts/events-per-minute"
        let total = counts.reduce(0, +)
        return """
            <section class="panel chart" aria-labelledby="chart-title">
            <div class="panel-head"><h2 id="chart-title">\(frame.say("chart.minutes-title"))</h2>\
            <p class="quiet">\(frame.say("chart.minutes-total", count: total)) · \(frame.zone.name)</p></div>
            \(drawing(frame, .wide))\(drawing(frame, .narrow))
            <div class="chart-foot"><details><summary>\(frame.say("chart.table"))</summary>\(table(frame))</details>
            <a href="\(base).csv" download>\(Icon.download.html)CSV</a> <a href="\(base).svg" download>\(Icon.download.html)SVG</a></div>
            </section>
            """
    }

    /// The drawing as a file, `image/svg+xml`.
    public func svg(_ frame: Frame) -> String {
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + drawing(frame, .wide, isStandalone: true).source
    }

    /// The numbers as a file, `text/csv`: RFC 4180 lines of `minute,events`, minutes in UTC.
    public var csv: String {
        counts.enumerated().reduce(into: "minute,events\r\n") { text, point in
            text += "\(CivilTime(ms: minute(point.offset)).iso),\(point.element)\r\n"
        }
    }

    private func minute(_ index: Int) -> Int64 { startMs + Int64(index) * 60_000 }

    private func drawing(_ frame: Frame, _ size: Size, isStandalone: Bool = false) -> HTML {
        let scale = Scale(maximum: counts.max() ?? 0)
        let label = frame.say("chart.minutes-label", ["max": frame.number(counts.max() ?? 0)])
        let look: HTML = isStandalone ? Self.ownLook : .none
        return """
            <svg class="\(size.className)" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(size.width) \(size.height)" role="img" aria-label="\(label)">\
            \(look)\(scale.lines.map { gridLine($0, scale, size, frame) })\(counts.indices.map { bar($0, scale, size, frame, isStandalone) })\
            \(counts.indices.compactMap { tick($0, size, frame) })</svg>
            """
    }

    private static let ownLook = HTML(TrustedMarkup("""
        <style>text{font:11px system-ui,sans-serif;fill:#5d5a54}.grid{stroke:#e4e1da}.bar rect{fill:#2b7f90}.bar .hit{fill:none}.end{text-anchor:end}.mid{text-anchor:middle}</style>
        """))

    private func y(_ value: Int, _ scale: Scale, _ size: Size) -> Double {
        Self.top + (size.height - Self.top - Self.bottom) * (1 - Double(value) / Double(scale.top))
    }

    private func gridLine(_ value: Int, _ scale: Scale, _ size: Size, _ frame: Frame) -> HTML {
        let y = y(value, scale, size)
        let unit: HTML = value == scale.top ? "<title>\(frame.say("chart.minutes-unit"))</title>" : .none
        return """
            <path class="grid" d="M\(left) \(y)H\(size.width - Self.right)"/>\
            <text class="end" x="\(left - 8)" y="\(y + 4)">\(frame.number(value))\(unit)</text>
            """
    }

    private func bar(_ index: Int, _ scale: Scale, _ size: Size, _ frame: Frame, _ isStandalone: Bool) -> HTML {
        let slot = (size.width - left - Self.right) / Double(max(counts.count, 1))
        let x = left + slot * Double(index)
        let value = counts[index]
        let y = y(value, scale, size)
        let floor = size.height - Self.bottom
        let time = frame.local(minute(index)).shortClock
        let title = frame.say("chart.minute-point", count: value, ["time": time])
        let isRunning = index == counts.count - 1
        let shape: HTML = """
            <rect class="hit" x="\(x)" y="\(Self.top)" width="\(slot)" height="\(floor - Self.top)"/>\
            <rect x="\(x + size.gap / 2)" y="\(y)" width="\(slot - size.gap)" height="\(floor - y)" rx="1.5"/>
            """
        let name = isRunning ? "\(title) · \(frame.say("chart.still-running"))" : title
        let titled: HTML = "<title>\(name)</title>\(shape)"
        // Sixty stops for the Tab key would bar the way to the rest of the page; the table behind has the same links.
        return isStandalone || value == 0
            ? "<g class=\"bar\">\(titled)</g>"
            : "<a class=\"bar\(isRunning ? " running" : "")\" tabindex=\"-1\" href=\"\(events(at: index, frame))\">\(titled)</a>"
    }

    private func tick(_ index: Int, _ size: Size, _ frame: Frame) -> HTML? {
        let local = frame.local(minute(index))
        guard local.minute % size.minutesPerTick == 0 else { return nil }
        let slot = (size.width - left - Self.right) / Double(max(counts.count, 1))
        let x = left + slot * (Double(index) + 0.5)
        return "<text class=\"mid\" x=\"\(x)\" y=\"\(size.height - 8)\">\(local.shortClock)</text>"
    }

    private func events(at index: Int, _ frame: Frame) -> String {
        Address.with(
            Section.live.address(in: frame.workspace),
            [("from", String(minute(index))), ("to", String(minute(index + 1)))])
    }

    private func table(_ frame: Frame) -> HTML {
        let rows = counts.indices.reversed().filter { counts[$0] > 0 }.map { index -> [HTML] in
            ["<a href=\"\(events(at: index, frame))\">\(frame.local(minute(index)).shortClock)</a>", "\(frame.number(counts[index]))"]
        }
        return Table(
            caption: frame.say("chart.minutes-title"),
            columns: [.init(title: frame.say("column.minute")), .init(title: frame.say("column.events"), isNumber: true)],
            rows: rows
        ).html
    }
}
