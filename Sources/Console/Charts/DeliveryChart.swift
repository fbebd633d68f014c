/// What messages came to in each hour: bars of sent on bars of refused, with the table behind them.
public struct DeliveryChart: Sendable {
    /// One hour.
    public struct Hour: Sendable {
        public var startMs: Int64
        public var sent: Int
        public var refused: Int
        public var failed: Int
        public init(startMs: Int64, sent: Int, refused: Int, failed: Int) { (self.startMs, self.sent, self.refused, self.failed) = (startMs, sent, refused, failed) }
        var total: Int { sent + refused + failed }
    }

    /// Oldest first.
    public var hours: [Hour]

    public init(hours: [Hour]) { self.hours = hours }

    private static let height = 180.0
    private static let top = 12.0
    private static let bottom = 28.0
    private static let left = 52.0
    private static let right = 8.0

    func html(_ frame: Frame) -> HTML {
        guard hours.contains(where: { $0.total > 0 }) else { return .none }
        let total = hours.reduce(0) { $0 + $1.sent }
        let table = Table(
            caption: frame.say("deliveries.chart"),
            columns: [
                .init(title: frame.say("column.time")), .init(title: frame.say("delivery-state.sent"), isNumber: true), .init(title: frame.say("delivery-state.refused"), isNumber: true),
                .init(title: frame.say("delivery-state.dead"), isNumber: true),
            ],
            rows: hours.reversed().filter { $0.total > 0 }.map { ["\(frame.time($0.startMs))", "\(frame.number($0.sent))", "\(frame.number($0.refused))", "\(frame.number($0.failed))"] })
        return """
            <section class="panel chart" aria-labelledby="chart-title"><div class="panel-head"><h2 id="chart-title">\(frame.say("deliveries.chart"))</h2>\
            <p class="quiet">\(frame.say("deliveries.chart-total", count: total)) · \(frame.zone.name)</p></div>\(drawing(frame, 880))\(drawing(frame, 360))\
            <div class="chart-foot"><details><summary>\(frame.say("chart.table"))</summary>\(table.html)</details></div></section>
            """
    }

    /// Scaled down to a phone, the wide drawing's words would be unreadable; so there are two, and the stylesheet shows one.
    private func drawing(_ frame: Frame, _ width: Double) -> HTML {
        let scale = Scale(maximum: hours.map(\.total).max() ?? 0)
        let floor = Self.height - Self.bottom
        let slot = (width - Self.left - Self.right) / Double(max(hours.count, 1))
        func y(_ count: Int) -> Double { rounded(Self.top + (floor - Self.top) * (1 - Double(count) / Double(scale.top))) }
        let lines = scale.lines.map { value -> HTML in
            "<path class=\"grid\" d=\"M\(Self.left) \(y(value))H\(width - Self.right)\"/><text class=\"end\" x=\"\(Self.left - 8)\" y=\"\(y(value) + 4)\">\(frame.number(value))</text>"
        }
        let bars = hours.enumerated().filter { $0.element.total > 0 }.map { index, hour -> HTML in
            let x = rounded(Self.left + slot * Double(index) + 1)
            let words = frame.say("deliveries.chart-point", ["time": frame.local(hour.startMs).shortClock, "sent": frame.number(hour.sent), "refused": frame.number(hour.refused), "failed": frame.number(hour.failed)])
            return """
                <g class="bar"><title>\(words)</title><rect class="hit" x="\(x)" y="\(Self.top)" width="\(rounded(slot - 2))" height="\(floor - Self.top)"/>\
                <rect class="faint" x="\(x)" y="\(y(hour.total))" width="\(rounded(slot - 2))" height="\(rounded(floor - y(hour.total)))"/>\
                <rect x="\(x)" y="\(y(hour.sent))" width="\(rounded(slot - 2))" height="\(rounded(floor - y(hour.sent)))"/></g>
                """
        }
        let every = width > 500 ? 4 : 8
        let ticks = hours.indices.filter { $0 % every == 0 }.map { index -> HTML in
            "<text class=\"mid\" x=\"\(rounded(Self.left + slot * (Double(index) + 0.5)))\" y=\"\(Self.height - 8)\">\(frame.local(hours[index].startMs).shortClock)</text>"
        }
        let label = frame.say("deliveries.chart-label", ["max": frame.number(hours.map(\.total).max() ?? 0)])
        return """
            <svg class="\(width > 500 ? "bars wide-only" : "bars narrow-only")" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(width) \(Self.height)" role="img" aria-label="\(label)">\
            \(lines)\(bars)\(ticks)</svg>
            """
    }

    private func rounded(_ value: Double) -> Double { (value * 10).rounded() / 10 }
}
