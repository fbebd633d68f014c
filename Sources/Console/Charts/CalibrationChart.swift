/// Whether what is called likely is so: a point for each band of probability, told against answered, with the table behind it.
public struct CalibrationChart: Sendable {
    /// Probabilities in thousandths.
    public struct Band: Sendable {
        public var from: Int
        public var to: Int
        public var pairs: Int
        public var same: Int
        public var different: Int
        public var told: Int
        public var share: Int
        public var low: Int
        public var high: Int
        public init(from: Int, to: Int, pairs: Int, same: Int, different: Int, told: Int, share: Int, low: Int, high: Int) {
            (self.from, self.to, self.pairs, self.same, self.different) = (from, to, pairs, same, different)
            (self.told, self.share, self.low, self.high) = (told, share, low, high)
        }
    }

    public var bands: [Band]
    public init(bands: [Band]) { self.bands = bands }

    private static let size = (width: 420.0, height: 320.0, left: 48.0, top: 12.0, right: 12.0, bottom: 32.0)

    func html(_ frame: Frame) -> HTML {
        let answered = bands.filter { $0.same + $0.different > 0 }
        let content: HTML = answered.isEmpty ? "<p class=\"quiet pad\">\(frame.say("quality.chart-empty"))</p>" : drawing(answered, frame)
        return """
            <section class="panel chart" aria-labelledby="chart-title"><div class="panel-head"><h2 id="chart-title">\(frame.say("quality.chart"))</h2>\
            </div><p class="quiet pad">\(frame.say("quality.chart-help"))</p>\(content)\(foot(frame))</section>
            """
    }

    private func x(_ permille: Int) -> Double { Self.size.left + (Self.size.width - Self.size.left - Self.size.right) * Double(permille) / 1000 }
    private func y(_ permille: Int) -> Double { Self.size.top + (Self.size.height - Self.size.top - Self.size.bottom) * (1 - Double(permille) / 1000) }

    private func drawing(_ answered: [Band], _ frame: Frame) -> HTML {
        let lines = stride(from: 0, through: 1000, by: 250).map { value -> HTML in
            """
            <path class="grid" d="M\(x(0)) \(y(value))H\(x(1000))"/><text class="end" x="\(x(0) - 8)" y="\(y(value) + 4)">\(frame.percent(permille: value))</text>\
            <text class="\(value == 1000 ? "end" : "mid")" x="\(x(value))" y="\(Self.size.height - 10)">\(frame.percent(permille: value))</text>
            """
        }
        let points = answered.map { band -> HTML in
            """
            <g><title>\(frame.say("quality.told")) \(frame.percent(permille: band.told)): \(frame.percent(permille: band.share))</title>\
            <path class="line" d="M\(x(band.told)) \(y(band.low))V\(y(band.high))"/><circle class="dot" cx="\(x(band.told))" cy="\(y(band.share))" r="4.5"/></g>
            """
        }
        return """
            <svg class="calibration" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(Self.size.width) \(Self.size.height)" role="img" aria-label="\(frame.say("quality.chart"))">\
            \(lines)<path class="grid" d="M\(x(0)) \(y(0))L\(x(1000)) \(y(1000))"/>\(points)</svg>
            """
    }

    private func foot(_ frame: Frame) -> HTML {
        let table = Table(
            caption: frame.say("quality.chart"),
            columns: [
                .init(title: frame.say("quality.band")), .init(title: frame.say("quality.pairs"), isNumber: true), .init(title: frame.say("quality.same"), isNumber: true),
                .init(title: frame.say("quality.different"), isNumber: true), .init(title: frame.say("quality.told"), isNumber: true), .init(title: frame.say("quality.share"), isNumber: true),
            ],
            rows: bands.map { band in
                [
                    "\(frame.percent(permille: band.from)) – \(frame.percent(permille: band.to))", "\(frame.number(band.pairs))", "\(frame.number(band.same))", "\(frame.number(band.different))",
                    "\(frame.percent(permille: band.told))", "\(frame.percent(permille: band.share))",
                ]
            })
        return "<div class=\"chart-foot\"><details><summary>\(frame.say("chart.table"))</summary>\(table.html)</details></div>"
    }
}
