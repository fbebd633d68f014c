/// How good matching is by people's answers, and what becomes of pairs.
public struct MatchQualityPage: ConsolePage {
    public struct Estimate: Sendable {
        /// In thousandths, as the interval.
        public var value: Int
        public var low: Int
        public var high: Int
        public init(value: Int, low: Int, high: Int) { (self.value, self.low, self.high) = (value, low, high) }
    }
    public struct Typed: Sendable {
        public var isAutomatic: Bool
        public var merge: String
        public var review: String
        public init(isAutomatic: Bool, merge: String, review: String) { (self.isAutomatic, self.merge, self.review) = (isAutomatic, merge, review) }
    }

    public var precision: Estimate?
    public var recall: Estimate?
    public var answers: Int
    public var open: Int
    public var chart: CalibrationChart
    public var typed: Typed
    /// What would become of the pairs that wait.
    public var preview: (merged: Int, reviewed: Int)?
    public var problem: ConsoleProblem?

    public init(
        precision: Estimate?, recall: Estimate?, answers: Int, open: Int, chart: CalibrationChart, typed: Typed, preview: (merged: Int, reviewed: Int)? = nil, problem: ConsoleProblem? = nil
    ) {
        (self.precision, self.recall, self.answers, self.open) = (precision, recall, answers, open)
        (self.chart, self.typed, self.preview, self.problem) = (chart, typed, preview, problem)
    }

    public func render(_ frame: Frame) -> String {
        let title = frame.say("quality.title")
        let api = APICall(path: "/api/v1/match/quality", host: frame.host).drawer(frame)
        let head = PageHead(
            title: title, sentence: "\(frame.say("quality.sentence"))", actions: api.opener(frame), parent: (frame.say("section.review"), Section.review.address(in: frame.workspace)))
        let body: HTML = """
            \(head.html)\(problem.map { $0.html(frame) })
            <div class="tiles">\(tile("quality.precision", precision, frame))\(tile("quality.recall", recall, frame))\
            <div class="tile"><span>\(frame.say("quality.answers"))</span><strong>\(frame.number(answers))</strong></div>\
            <div class="tile"><span>\(frame.say("quality.open"))</span><strong>\(frame.number(open))</strong></div></div>
            \(chart.html(frame))\(settings(frame))\(api.html(frame))
            """
        return Shell(title: title, section: .review).document(frame, body)
    }

    private func tile(_ title: PhraseKey, _ estimate: Estimate?, _ frame: Frame) -> HTML {
        guard let estimate else { return "<div class=\"tile\"><span>\(frame.say(title))</span><strong class=\"small\">\(frame.say("quality.none"))</strong></div>" }
        let interval = frame.say("quality.interval", ["low": frame.percent(permille: estimate.low), "high": frame.percent(permille: estimate.high)])
        return "<div class=\"tile\"><span>\(frame.say(title))</span><strong>\(frame.percent(permille: estimate.value))</strong><span class=\"quiet\">\(interval)</span></div>"
    }

    private func settings(_ frame: Frame) -> HTML {
        let merge = Field(name: "merge", label: frame.say("quality.merge"), value: typed.merge, help: frame.say("quality.threshold-help"), isRequired: true, autocomplete: "off")
        let review = Field(name: "review", label: frame.say("quality.review"), value: typed.review, help: frame.say("quality.threshold-help"), isRequired: true, autocomplete: "off")
        let told: HTML = preview.map { preview in
            "<p role=\"status\">\(frame.say("quality.would-merge", count: preview.merged)); \(frame.say("quality.would-review", count: preview.reviewed)).</p>"
        } ?? .none
        return """
            <section class="panel pad" aria-labelledby="settings-title"><h2 id="settings-title">\(frame.say("quality.settings"))</h2>
            <form method="post" action="/w/\(frame.workspace)/review/settings">\(Field.csrf(frame))\
            <div class="field check"><input type="checkbox" id="f-automatic" name="automatic" value="1" aria-describedby="f-automatic-help"\(flag: "checked", when: typed.isAutomatic)>\
            <label for="f-automatic">\(frame.say("quality.automatic"))</label></div><p class="help" id="f-automatic-help">\(frame.say("quality.automatic-help"))</p>\
            <div class="three">\(merge.html)\(review.html)</div>\(told)\
            <div class="actions"><button type="submit" name="intent" value="look">\(frame.say("quality.look"))</button>\
            <button type="submit" class="primary">\(frame.say("action.save"))</button></div></form></section>
            """
    }
}
