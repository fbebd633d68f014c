/// One statement about who is who, as lists show it.
public struct LinkRow: Sendable {
    public var id: String
    public var kind: String
    public var first: [IdentifierLabel]
    public var second: [IdentifierLabel]
    public var reasons: [String]
    public var author: String
    public var rule: String?
    /// From 0 to 1.
    public var probability: Double?
    public var atMs: Int64
    public var isUndone: Bool
    public var isInForce: Bool

    public init(
        id: String, kind: String, first: [IdentifierLabel], second: [IdentifierLabel], reasons: [String], author: String, rule: String?, probability: Double?, atMs: Int64, isUndone: Bool, isInForce: Bool
    ) {
        (self.id, self.kind, self.first, self.second, self.reasons) = (id, kind, first, second, reasons)
        (self.author, self.rule, self.probability, self.atMs, self.isUndone, self.isInForce) = (author, rule, probability, atMs, isUndone, isInForce)
    }

    private static let shown = 3

    /// - Parameter back: the page to come back to after an undo, below the workspace.
    static func panel(_ rows: [LinkRow], back: String, _ frame: Frame) -> HTML {
        let body: HTML = rows.isEmpty ? "<p class=\"quiet pad\">\(frame.say("who.no-links"))</p>" : table(rows, back: back, frame)
        return """
            <section class="panel" aria-labelledby="links-title"><div class="panel-head"><h2 id="links-title">\(frame.say("who.links"))</h2></div>\(body)</section>
            """
    }

    private static func table(_ rows: [LinkRow], back: String, _ frame: Frame) -> HTML {
        Table(
            caption: frame.say("who.links"),
            columns: [
                .init(title: frame.say("who.kind")), .init(title: frame.say("who.sides"), isWide: true), .init(title: frame.say("who.reason"), isWide: true), .init(title: frame.say("who.by")),
                .init(title: frame.say("who.at")), .init(title: frame.say("who.undo")),
            ],
            rows: rows.map { $0.cells(back, frame) }
        ).html
    }

    private func cells(_ back: String, _ frame: Frame) -> [HTML] {
        let sure = probability.map { frame.say("who.probability", ["percent": "\(($0 * 1000).rounded() / 10)"]) }
        let why = (reasons.prefix(Self.shown).map { $0 } + [sure].compactMap { $0 }).joined(separator: " · ")
        let undo: HTML =
            isUndone
            ? "<span class=\"quiet\">\(frame.say("who.undone"))</span>"
            : """
            <form method="post" action="/w/\(frame.workspace)/links/\(id)/undo">\(Field.csrf(frame))\
            <input type="hidden" name="back" value="\(back)"><button type="submit" aria-label="\(frame.say("who.undo-label", ["id": id]))">\(frame.say("who.undo"))</button></form>
            """
        return [
            "\(frame.say(PhraseKey("who.kind-\(kind)")))\(isInForce || isUndone ? .none : " <span class=\"quiet\">\(frame.say("who.not-in-force"))</span>")",
            "<span class=\"chips\">\(chips(first))</span> <span class=\"quiet\">\(kind == "never" || kind == "unmerge" ? "≠" : "=")</span> <span class=\"chips\">\(chips(second))</span>",
            "<bdi>\(why)</bdi>", "<bdi>\(rule ?? author)</bdi>", frame.time(atMs), undo,
        ]
    }

    private func chips(_ side: [IdentifierLabel]) -> HTML {
        let more: HTML = side.count > Self.shown ? "<span class=\"quiet\">+\(side.count - Self.shown)</span>" : .none
        return "\(side.prefix(Self.shown).map(\.chip))\(more)"
    }
}
