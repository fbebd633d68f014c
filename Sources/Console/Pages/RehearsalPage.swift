/// What a journey would have done with the last days.
public struct RehearsalPage: ConsolePage {
    public struct Day: Sendable {
        public var atMs: Int64
        public var messages: Int
        public init(atMs: Int64, messages: Int) { (self.atMs, self.messages) = (atMs, messages) }
    }
    public struct Decision: Sendable {
        public var atMs: Int64
        /// The profile's id, and what it is called.
        public var profile: String, person: String
        public var step: String, what: String
        public init(atMs: Int64, profile: String, person: String, step: String, what: String) { (self.atMs, self.profile, self.person, self.step, self.what) = (atMs, profile, person, step, what) }
    }

    public var id: String, name: String
    public var days: Int
    public var people: Int, entered: Int, heldOut: Int, messages: Int, overCap: Int, peopleOverCap: Int, held: Int, collisions: Int
    public var milliseconds: Int
    public var byDay: [Day]
    public var decisions: [Decision]
    /// What is not played, or not exactly; of ``everyGap``.
    public var gaps: [String]
    static let everyGap = ["canaries", "local", "writes", "api", "journey"]

    public init(
        id: String, name: String, days: Int, people: Int, entered: Int, heldOut: Int, messages: Int, overCap: Int, peopleOverCap: Int, held: Int, collisions: Int, milliseconds: Int, byDay: [Day], decisions: [Decision],
        gaps: [String] = []
    ) {
        self.gaps = gaps
        (self.id, self.name, self.days, self.people, self.entered, self.heldOut, self.messages) = (id, name, days, people, entered, heldOut, messages)
        (self.overCap, self.peopleOverCap, self.held, self.collisions, self.milliseconds, self.byDay, self.decisions) = (overCap, peopleOverCap, held, collisions, milliseconds, byDay, decisions)
    }

    public static let choices = [7, 30, 90]

    public func render(_ frame: Frame) -> String {
        let list = Section.journeys.address(in: frame.workspace)
        let own = "\(list)/\(Address.encoded(id))"
        let title = frame.say("journeys.rehearsal-title", ["name": name])
        let links = Self.choices.map { days -> HTML in
            "<a class=\"button\(days == self.days ? " primary" : "")\" href=\"\(own)/rehearsal?days=\(days)\"\(attribute: "aria-current", days == self.days ? "page" : nil)>\(frame.say("journeys.days", ["count": frame.number(days)]))</a>"
        }
        let head = PageHead(title: title, sentence: "\(frame.say("journeys.rehearsal-sentence"))", actions: "\(links)", parent: (name, own))
        let body: HTML = """
            \(head.html)
            <p class="journey-told">\(frame.say("journeys.rehearsal-sum", ["people": frame.number(people), "entered": frame.number(entered), "apart": frame.number(heldOut), "messages": frame.number(messages), "ms": frame.number(milliseconds)]))</p>
            <p class="journey-told">\(frame.say("journeys.rehearsal-caps", ["over": frame.number(overCap), "people": frame.number(peopleOverCap), "held": frame.number(held), "collisions": frame.number(collisions)]))</p>
            \(gaps.map { gap -> HTML in "<p class=\"journey-told\">\(frame.say(PhraseKey("journeys.not-played-\(gap)")))</p>" })\(chart(frame))\(table(frame))
            """
        return Shell(title: title, section: .journeys).document(frame, body)
    }

    private func chart(_ frame: Frame) -> HTML {
        guard !byDay.isEmpty else { return "<p class=\"quiet\">\(frame.say("journeys.nothing-decided"))</p>" }
        let days = Table(
            caption: frame.say("journeys.by-day"), columns: [.init(title: frame.say("column.day")), .init(title: frame.say("journeys.messages"), isNumber: true)],
            rows: byDay.reversed().map { ["\(frame.date($0.atMs))", "\(frame.number($0.messages))"] })
        return """
            <section class="panel pad chart" aria-labelledby="chart-title"><h2 id="chart-title">\(frame.say("journeys.by-day"))</h2>\(drawing(frame, 720))\(drawing(frame, 340))\
            <details><summary>\(frame.say("chart.table"))</summary>\(days.html)</details></section>
            """
    }

    /// Scaled down to a phone, the wide drawing's words would be unreadable; so there are two, and the stylesheet shows one.
    private func drawing(_ frame: Frame, _ width: Double) -> HTML {
        let height = 160.0
        let top = Double(max(1, byDay.map(\.messages).max() ?? 1))
        let step = width / Double(byDay.count)
        let bars = byDay.enumerated().map { index, day -> HTML in
            let tall = (height - 40) * Double(day.messages) / top
            return """
                <g class="bar"><title>\(frame.date(day.atMs)): \(frame.number(day.messages))</title>\
                <rect class="value" x="\(rounded(step * Double(index) + step * 0.1))" y="\(rounded(height - 20 - tall))" width="\(rounded(step * 0.8))" height="\(rounded(max(1, tall)))"/></g>
                """
        }
        let ticks: HTML = """
            <text x="0" y="12">\(frame.number(Int(top)))</text><text x="0" y="\(height - 4)">\(frame.date(byDay[0].atMs))</text>\
            <text class="end" x="\(width)" y="\(height - 4)">\(frame.date(byDay[byDay.count - 1].atMs))</text>
            """
        let label = frame.say("journeys.by-day-label", ["count": frame.number(Int(top))])
        return """
            <svg class="\(width > 500 ? "bars wide-only" : "bars narrow-only")" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(width) \(height)" role="img" aria-label="\(label)">\(bars)\(ticks)</svg>
            """
    }

    private func rounded(_ value: Double) -> Double { (value * 10).rounded() / 10 }

    private func table(_ frame: Frame) -> HTML {
        guard !decisions.isEmpty else { return .none }
        let rows = decisions.map { decision -> [HTML] in
            [
                frame.time(decision.atMs), "<a href=\"\(Section.profiles.address(in: frame.workspace))/\(decision.profile)\"><bdi>\(decision.person)</bdi></a>", "<bdi class=\"mono\">\(decision.step)</bdi>", "<bdi>\(decision.what)</bdi>",
            ]
        }
        let table = Table(
            caption: frame.say("journeys.first-decisions"),
            columns: [.init(title: frame.say("journeys.when")), .init(title: frame.say("journeys.who")), .init(title: frame.say("journeys.step")), .init(title: frame.say("journeys.what"), isWide: true)], rows: rows)
        return "<section class=\"panel\" aria-labelledby=\"decisions-title\"><div class=\"panel-head\"><h2 id=\"decisions-title\">\(frame.say("journeys.first-decisions"))</h2></div>\(table.html)</section>"
    }
}
