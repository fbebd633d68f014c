/// Accounts that may be one company, each pair with its evidence and the question whether they are.
public struct CompanyPairsPage: ConsolePage {
    public struct Side: Sendable {
        public var id: String
        public var name: String
        public init(id: String, name: String) { (self.id, self.name) = (id, name) }
    }
    public struct Pair: Sendable {
        public var first: Side
        public var second: Side
        /// In tenths of a percent.
        public var permille: Int
        public var reasons: [ReviewPage.Reason]
        public init(first: Side, second: Side, permille: Int, reasons: [ReviewPage.Reason]) { (self.first, self.second, self.permille, self.reasons) = (first, second, permille, reasons) }
    }

    public var pairs: [Pair]
    public init(pairs: [Pair]) { self.pairs = pairs }

    public func render(_ frame: Frame) -> String {
        let title = frame.say("companies.title")
        let api = APICall(path: "/api/v1/match/accounts", host: frame.host).drawer(frame)
        let head = PageHead(
            title: title, sentence: "\(frame.say("companies.sentence"))", status: pairs.isEmpty ? .none : Status(meaning: .quiet, text: frame.say("review.waiting", count: pairs.count)).html,
            actions: api.opener(frame), parent: (frame.say("section.accounts"), Section.accounts.address(in: frame.workspace)))
        let empty = EmptyState(icon: .review, title: frame.say("companies.empty-title"), text: frame.say("companies.empty-text"))
        let body: HTML = "\(head.html)\(pairs.isEmpty ? empty.html : "\(pairs.enumerated().map { question($1, $0, frame) })")\(api.html(frame))"
        return Shell(title: title, section: .accounts).document(frame, body)
    }

    private func question(_ pair: Pair, _ number: Int, _ frame: Frame) -> HTML {
        func name(_ side: Side) -> HTML {
            let id: HTML = side.name == side.id ? .none : " <span class=\"quiet\"><bdi>\(side.id)</bdi></span>"
            return "<a href=\"\(Section.accounts.address(in: frame.workspace))/\(side.id)\"><bdi>\(side.name)</bdi></a>\(id)"
        }
        let id = "pair-\(number)"
        return """
            <section class="panel" aria-labelledby="\(id)"><div class="panel-head"><h2 id="\(id)">\(name(pair.first)) · \(name(pair.second))</h2>\
            <strong>\(frame.say("review.probability", ["percent": frame.percent(permille: pair.permille)]))</strong></div>
            <form class="pad" method="post" action="\(Section.accounts.address(in: frame.workspace))/duplicates">\(Field.csrf(frame))\
            <input type="hidden" name="first" value="\(pair.first.id)"><input type="hidden" name="second" value="\(pair.second.id)"><div class="under">\(ReviewPage.evidence(pair.reasons, frame))</div>\
            <div class="actions"><button type="submit" name="answer" value="same" class="primary">\(frame.say("companies.same"))</button>\
            <button type="submit" name="answer" value="different">\(frame.say("companies.different"))</button></div></form></section>
            """
    }
}
