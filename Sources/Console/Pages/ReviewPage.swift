/// Two profiles that may be one person, side by side, and the question whether they are.
public struct ReviewPage: ConsolePage {
    /// One of the two.
    public struct Side: Sendable {
        public var id: String
        public var name: String
        public var identifiers: [IdentifierLabel]
        public var lastSeenMs: Int64?
        public init(id: String, name: String, identifiers: [IdentifierLabel], lastSeenMs: Int64?) { (self.id, self.name, self.identifiers, self.lastSeenMs) = (id, name, identifiers, lastSeenMs) }
    }
    /// A trait of the two as JSON; nil where one lacks it.
    public struct Line: Sendable {
        public var name: String
        public var first: String?
        public var second: String?
        public init(name: String, first: String?, second: String?) { (self.name, self.first, self.second) = (name, first, second) }
    }
    public struct Reason: Sendable {
        public var words: String
        public var bits: Double
        public init(words: String, bits: Double) { (self.words, self.bits) = (words, bits) }
    }
    public struct Pair: Sendable {
        public var number: Int64
        /// In tenths of a percent.
        public var permille: Int
        public var first: Side
        public var second: Side
        public var lines: [Line]
        public var reasons: [Reason]
        public init(number: Int64, permille: Int, first: Side, second: Side, lines: [Line], reasons: [Reason]) {
            (self.number, self.permille, self.first, self.second, self.lines, self.reasons) = (number, permille, first, second, lines, reasons)
        }
    }

    /// The next one to answer.
    public var pair: Pair?
    public var open: Int
    /// Whether nothing can be said yet, since everyone is compared for the first time.
    public var isLearning: Bool

    public init(pair: Pair?, open: Int, isLearning: Bool) { (self.pair, self.open, self.isLearning) = (pair, open, isLearning) }

    public func render(_ frame: Frame) -> String {
        let title = frame.say("section.review")
        let api = APICall(path: "/api/v1/match/review", host: frame.host).drawer(frame)
        let head = PageHead(
            title: title, sentence: "\(frame.say("review.sentence"))", status: pair == nil ? .none : Status(meaning: .quiet, text: frame.say("review.waiting", count: open)).html,
            actions: "\(api.opener(frame))<a class=\"button\" href=\"/w/\(frame.workspace)/review/quality\">\(frame.say("review.quality"))</a>")
        let empty = EmptyState(icon: .review, title: frame.say("review.empty-title"), text: frame.say(isLearning ? "review.learning" : "review.empty-text"))
        let body: HTML = "\(head.html)\(pair.map { question($0, frame) } ?? empty.html)\(api.html(frame))"
        return Shell(title: title, section: .review).document(frame, body)
    }

    private func question(_ pair: Pair, _ frame: Frame) -> HTML {
        func button(_ answer: String, _ title: PhraseKey, _ key: String, _ isFirst: Bool = false) -> HTML {
            """
            <button type="submit" name="answer" value="\(answer)" data-press="\(key)"\(attribute: "class", isFirst ? "primary" : nil)>\
            <kbd aria-hidden="true">\(key)</kbd> \(frame.say(title))</button>
            """
        }
        return """
            <section class="panel" aria-labelledby="question-title"><div class="panel-head"><h2 id="question-title">\(frame.say("review.question"))</h2>\
            <strong>\(frame.say("review.probability", ["percent": frame.percent(permille: pair.permille)]))</strong></div>
            <form class="pad" method="post" action="/w/\(frame.workspace)/review/\(String(pair.number))">\(Field.csrf(frame))\
            <div class="actions answers">\(button("same", "review.same", "1", true))\(button("different", "review.different", "2"))\(button("unsure", "review.unsure", "3"))</div>\
            <p class="help">\(frame.say("review.keys"))</p></form></section>
            \(comparison(pair, frame))\(evidence(pair, frame))
            """
    }

    private func comparison(_ pair: Pair, _ frame: Frame) -> HTML {
        func name(_ side: Side) -> HTML { "<a href=\"/w/\(frame.workspace)/profiles/\(side.id)\"><bdi>\(side.name)</bdi></a>" }
        let identifiers: [HTML] = [
            "\(frame.say("review.identifiers"))", "\(pair.first.identifiers.prefix(6).map(\.chip))", "\(pair.second.identifiers.prefix(6).map(\.chip))", .none,
        ]
        let seen: [HTML] = ["\(frame.say("review.seen"))", frame.time(pair.first.lastSeenMs, otherwise: "list.never"), frame.time(pair.second.lastSeenMs, otherwise: "list.never"), .none]
        let names: [HTML] = ["\(frame.say("column.name"))", name(pair.first), name(pair.second), .none]
        let rows = pair.lines.map { line -> [HTML] in ["<bdi>\(line.name)</bdi>", shown(line.first), shown(line.second), relation(line, frame)] }
        return Table(
            caption: frame.say("review.compare"),
            columns: [.init(title: frame.say("review.field")), .init(title: pair.first.name, isWide: true), .init(title: pair.second.name, isWide: true), .init(title: frame.say("review.compare"))],
            rows: [names] + rows + [identifiers, seen]
        ).html
    }

    private func shown(_ json: String?) -> HTML { json.map { JSONValueText(json: $0).html } ?? "<span class=\"quiet\">–</span>" }

    private func relation(_ line: Line, _ frame: Frame) -> HTML {
        guard let first = line.first, let second = line.second else { return "<span class=\"quiet\">\(frame.say("review.one-sided"))</span>" }
        let isSame = first.lowercased() == second.lowercased()
        return Status(meaning: isSame ? .good : .caution, text: frame.say(isSame ? "review.equal" : "review.unequal")).html
    }

    static func evidence(_ reasons: [Reason], _ frame: Frame) -> HTML {
        let items = reasons.map { reason -> HTML in
            let isFor = reason.bits >= 0
            return "<li><span class=\"status \(isFor ? "good" : "critical")\">\(isFor ? Icon.good.html : Icon.close.html)<span class=\"grow\">\(reason.words)</span></span> <span class=\"quiet\">\(frame.signed(reason.bits))</span></li>"
        }
        return items.isEmpty ? "<p class=\"quiet\">\(frame.say("review.no-evidence"))</p>" : "<ul class=\"evidence\">\(items)</ul>"
    }

    private func evidence(_ pair: Pair, _ frame: Frame) -> HTML {
        """
            <section class="panel pad" aria-labelledby="evidence-title"><h2 id="evidence-title">\(frame.say("review.evidence"))</h2>\
            <p class="help">\(frame.say("review.evidence-help"))</p>\(ReviewPage.evidence(pair.reasons, frame))</section>
            """
    }
}
