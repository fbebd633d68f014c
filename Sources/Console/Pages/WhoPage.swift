/// Who is who around one profile: why its identifiers are one, what was refused, what was stated, and the forms that state more.
public struct WhoPage: ConsolePage {
    /// Something that spoke for somebody else being the same person, and did not do.
    public struct Refused: Sendable {
        public var from: IdentifierLabel
        public var to: IdentifierLabel
        /// The code of why.
        public var because: String
        /// The profile that it would have been joined with.
        public var other: String
        public var timestampMs: Int64
        public init(from: IdentifierLabel, to: IdentifierLabel, because: String, other: String, timestampMs: Int64) {
            (self.from, self.to, self.because, self.other, self.timestampMs) = (from, to, because, other, timestampMs)
        }
    }

    /// A person as they would be.
    public struct Person: Sendable {
        public var name: String
        public var identifiers: [IdentifierLabel]
        public var events: Int
        public init(name: String, identifiers: [IdentifierLabel], events: Int) { (self.name, self.identifiers, self.events) = (name, identifiers, events) }
    }

    /// What was chosen and typed in the forms.
    public struct Typed: Sendable {
        public var kind: String
        /// Numbers of identifiers to be parted.
        public var chosen: Set<Int>
        public var other: String
        public var reason: String
        public init(kind: String = "merge", chosen: Set<Int> = [], other: String = "", reason: String = "") { (self.kind, self.chosen, self.other, self.reason) = (kind, chosen, other, reason) }
    }

    public var id: String
    public var name: String
    public var identifiers: [IdentifierLabel]
    public var evidence: [ProfilePage.Evidence]
    public var refused: [Refused]
    public var links: [LinkRow]
    /// Those whom too many people name.
    public var shared: [IdentifierLabel]
    public var typed: Typed
    /// Who there would be, where somebody looked first.
    public var preview: [Person]?
    public var problem: ConsoleProblem?

    public init(
        id: String, name: String, identifiers: [IdentifierLabel], evidence: [ProfilePage.Evidence], refused: [Refused], links: [LinkRow], shared: [IdentifierLabel], typed: Typed = Typed(),
        preview: [Person]? = nil, problem: ConsoleProblem? = nil
    ) {
        (self.id, self.name, self.identifiers, self.evidence, self.refused, self.links, self.shared) = (id, name, identifiers, evidence, refused, links, shared)
        (self.typed, self.preview, self.problem) = (typed, preview, problem)
    }

    private func base(_ frame: Frame) -> String { "/w/\(Address.encoded(frame.workspace))/profiles/\(Address.encoded(id))" }

    public func render(_ frame: Frame) -> String {
        let title = frame.say("who.title", ["name": name])
        let api = APICall(path: "/api/v1/profiles/\(Address.encoded(id))/identity", host: frame.host).drawer(frame)
        let head = PageHead(title: title, sentence: "\(frame.say("who.sentence"))", actions: api.opener(frame), parent: (name, base(frame)))
        let body: HTML = """
            \(head.html)\(problem.map { $0.html(frame) })\(preview.map { told($0, frame) })\(why(frame))
            <div class="columns">\(parting(frame))\(merging(frame))</div>\(statements(frame))\(refusals(frame))\(api.html(frame))
            """
        return Shell(title: title, section: .profiles).document(frame, body)
    }

    private func told(_ people: [Person], _ frame: Frame) -> HTML {
        let table = Table(
            caption: frame.say("who.would", count: people.count),
            columns: [.init(title: frame.say("column.name")), .init(title: frame.say("profile.identifiers"), isWide: true), .init(title: frame.say("column.events"), isNumber: true)],
            rows: people.map { person in
                ["<bdi>\(person.name)</bdi>", "<span class=\"chips\">\(person.identifiers.prefix(Self.chipsMaximum).map(\.chip))</span>", "\(frame.number(person.events))"]
            })
        return "<div role=\"status\">\(panel("preview", frame.say("who.would", count: people.count), table.html))</div>"
    }

    private static let chipsMaximum = 12

    private func panel(_ id: String, _ title: String, _ body: HTML) -> HTML {
        "<section class=\"panel\" aria-labelledby=\"\(id)-title\"><div class=\"panel-head\"><h2 id=\"\(id)-title\">\(title)</h2></div>\(body)</section>"
    }

    private func why(_ frame: Frame) -> HTML {
        let reasons = evidence.map { item -> HTML in "<li>\(item.sentence(frame))</li>" }
        let drawing: HTML = evidence.isEmpty ? "<p class=\"quiet\">\(frame.say("profile.one-identifier"))</p>" : "\(IdentityGraph(identifiers: identifiers, evidence: evidence).html(frame))<ol class=\"evidence\">\(reasons)</ol>"
        let note: HTML = shared.isEmpty ? .none : "<p class=\"notice caution\">\(Icon.caution.html)<span>\(frame.say("who.shared")) <span class=\"chips\">\(shared.map(\.chip))</span></span></p>"
        return "<section class=\"panel pad\" aria-labelledby=\"why-title\"><h2 id=\"why-title\">\(frame.say("profile.why-one"))</h2>\(note)\(drawing)</section>"
    }

    private func parting(_ frame: Frame) -> HTML {
        let boxes = identifiers.enumerated().map { number, label -> HTML in
            """
            <div class="field check"><input type="checkbox" id="f-part-\(number)" name="part" value="\(number)"\(flag: "checked", when: typed.chosen.contains(number))>\
            <label for="f-part-\(number)">\(label.chip)</label></div>
            """
        }
        let reason = Field(name: "reason", label: frame.say("who.reason"), value: typed.kind == "unmerge" ? typed.reason : "", autocomplete: "off", scope: "part")
        let form: HTML =
            identifiers.count < 2
            ? "<p class=\"quiet\">\(frame.say("profile.one-identifier"))</p>"
            : """
            <form method="post" action="\(base(frame))/identity">\(Field.csrf(frame))<input type="hidden" name="kind" value="unmerge">
            <fieldset><legend>\(frame.say("who.part-which"))</legend>\(boxes)</fieldset>\(reason.html)\(buttons("who.part", frame))</form>
            """
        return "<section class=\"panel pad\" aria-labelledby=\"part-title\"><h2 id=\"part-title\">\(frame.say("who.part-title"))</h2><p>\(frame.say("who.part-text"))</p>\(form)</section>"
    }

    private func merging(_ frame: Frame) -> HTML {
        let kind = Field(
            name: "kind", label: frame.say("who.kind"), kind: .choice(["merge", "always", "never"].map { ($0, frame.say(PhraseKey("who.kind-\($0)"))) }), value: typed.kind)
        let other = Field(
            name: "other", label: frame.say("who.other"), value: typed.other, help: frame.say("who.other-help"), isRequired: true, autocomplete: "off", placeholder: "userId:ada")
        let reason = Field(name: "reason", label: frame.say("who.reason"), value: typed.kind == "unmerge" ? "" : typed.reason, autocomplete: "off", scope: "merge")
        return """
            <section class="panel pad" aria-labelledby="merge-title"><h2 id="merge-title">\(frame.say("who.merge-title"))</h2><p>\(frame.say("who.merge-text"))</p>
            <form method="post" action="\(base(frame))/identity">\(Field.csrf(frame))\(kind.html)\(other.html)\(reason.html)\(buttons("who.state", frame))</form></section>
            """
    }

    private func buttons(_ submit: PhraseKey, _ frame: Frame) -> HTML {
        """
        <div class="actions"><button type="submit" name="look" value="1">\(frame.say("who.look"))</button> \
        <button type="submit" class="primary">\(frame.say(submit))</button></div>
        """
    }

    private func statements(_ frame: Frame) -> HTML {
        LinkRow.panel(links, back: "/profiles/\(Address.encoded(id))/identity", frame)
    }

    private func refusals(_ frame: Frame) -> HTML {
        guard !refused.isEmpty else { return .none }
        let rows = refused.map { item -> [HTML] in
            [
                "<span class=\"chips\">\(item.from.chip)\(item.to.chip)</span>", "\(frame.say(PhraseKey("who.because-\(item.because)")))",
                "<a href=\"/w/\(frame.workspace)/profiles/\(item.other)\">\(frame.say("who.other-profile"))</a>", frame.time(item.timestampMs),
            ]
        }
        let columns: [Table.Column] = [
            .init(title: frame.say("column.identifier"), isWide: true), .init(title: frame.say("who.because"), isWide: true), .init(title: frame.say("who.other-profile")),
            .init(title: frame.say("column.first-seen")),
        ]
        return panel("refused", frame.say("who.refused"), Table(caption: frame.say("who.refused"), columns: columns, rows: rows).html)
    }
}
