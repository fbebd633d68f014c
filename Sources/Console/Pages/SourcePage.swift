/// One source: its key, how to send with it, and what arrived.
public struct SourcePage: ConsolePage {
    public var source: SourceKey
    public var isEnabled: Bool
    public var createdMs: Int64
    public var lastEventMs: Int64?
    public var events24h: Int
    /// Of its refused events, those that wait in quarantine now.
    public var waiting: Int
    public var snippet: SnippetKind
    /// Whether the write key is shown in full (`?reveal=1`).
    public var isRevealed: Bool
    /// Why a new name was refused, and what was typed.
    public var mistake: SourcesPage.Mistake?
    public var typedName: String?
    /// Until when the key before the last rotation is taken too.
    public var oldKeyUntilMs: Int64?
    /// When counting began, if that is less than a day ago.
    public var countedSinceMs: Int64?

    public init(
        source: SourceKey, isEnabled: Bool = true, createdMs: Int64, lastEventMs: Int64? = nil, events24h: Int = 0,
        waiting: Int = 0, snippet: SnippetKind = .curl, isRevealed: Bool = false, mistake: SourcesPage.Mistake? = nil,
        typedName: String? = nil, countedSinceMs: Int64? = nil, oldKeyUntilMs: Int64? = nil
    ) {
        (self.countedSinceMs, self.oldKeyUntilMs) = (countedSinceMs, oldKeyUntilMs)
        (self.source, self.isEnabled, self.createdMs, self.lastEventMs) = (source, isEnabled, createdMs, lastEventMs)
        (self.events24h, self.waiting) = (events24h, waiting)
        (self.snippet, self.isRevealed, self.mistake, self.typedName) = (snippet, isRevealed, mistake, typedName)
    }

    public func render(_ frame: Frame) -> String {
        let address = base(frame)
        let (rotation, disabling) = (rotation(frame), disabling(frame))
        let head = PageHead(
            title: source.name, sentence: "\(frame.say("source.sentence"))", status: SourcesPage.status(isEnabled, lastEventMs, frame),
            actions: "\(isEnabled ? disabling.opener : enabling(frame))\(rotation.opener)",
            parent: (frame.say("section.sources"), Section.sources.address(in: frame.workspace)))
        let body: HTML = """
            \(head.html)\(disabledNote(frame))
            <div class="tiles">\(tiles(frame))</div>\(SourcesPage.countedSince(countedSinceMs, frame))
            <section class="panel pad" aria-labelledby="key-title"><h2 id="key-title">\(frame.say("source.key"))</h2>\(key(frame))\(oldKeyNote(frame))</section>
            <section class="panel pad" aria-labelledby="snippet-title"><h2 id="snippet-title">\(frame.say("source.send"))</h2>\
            \(SnippetTabs(source: source, chosen: snippet, isRevealed: isRevealed, base: address).html(frame))</section>
            <section class="panel pad" aria-labelledby="rename-title"><h2 id="rename-title">\(frame.say("source.rename"))</h2>\(renaming(frame))</section>
            \(rotation.html(frame))\(isEnabled ? disabling.html(frame) : .none)
            """
        return Shell(title: source.name, section: .sources).document(frame, body)
    }

    private func base(_ frame: Frame) -> String {
        Section.sources.address(in: frame.workspace) + "/" + Address.encoded(source.id)
    }

    private func tiles(_ frame: Frame) -> HTML {
        let live = Address.with(Section.live.address(in: frame.workspace), [("source", source.name)])
        let refused = Address.with(Section.quarantine.address(in: frame.workspace), [("source", source.name)])
        return """
            <a class="tile" href="\(live)"><span>\(frame.say("column.events-24h"))</span><strong>\(frame.number(events24h))</strong></a>\
            <a class="tile\(waiting > 0 ? " caution" : "")" href="\(refused)"><span>\(frame.say("column.waiting"))</span>\
            <strong>\(frame.number(waiting))</strong></a>\
            <div class="tile"><span>\(frame.say("column.last-event"))</span><strong class="small">\(frame.time(lastEventMs, otherwise: "source.no-events"))</strong></div>\
            <div class="tile"><span>\(frame.say("column.created"))</span><strong class="small">\(frame.time(createdMs))</strong></div>
            """
    }

    private func key(_ frame: Frame) -> HTML {
        let toggle = isRevealed ? frame.say("source.hide") : frame.say("source.reveal")
        let address = Address.with(base(frame), [("sdk", snippet.rawValue), ("reveal", isRevealed ? nil : "1")])
        return """
            <p class="key"><code>\(isRevealed ? source.writeKey : source.masked)</code>\(CopyButton(copied: source.writeKey).html(frame))\
            <a class="button ghost" href="\(address)">\(toggle)</a></p>
            <p class="help">\(frame.say("source.key-help"))</p>
            """
    }

    private func enabling(_ frame: Frame) -> HTML {
        "<form method=\"post\" action=\"\(base(frame))/enable\">\(Field.csrf(frame))<button type=\"submit\">\(frame.say("source.enable"))</button></form>"
    }

    /// What is refused meanwhile is lost, which enabling again does not mend.
    private func disabling(_ frame: Frame) -> Confirmation {
        Confirmation(
            id: "disable", title: frame.say("disable.title", ["name": source.name]), button: frame.say("source.disable"),
            consequences: [frame.say("disable.refused"), frame.say("disable.lost"), frame.say("disable.kept")],
            typed: source.name, action: base(frame) + "/disable", submit: frame.say("disable.submit"))
    }

    private func disabledNote(_ frame: Frame) -> HTML {
        guard !isEnabled else { return .none }
        return "<p class=\"notice caution\">\(Icon.caution.html)<span>\(frame.say("source.disabled-note"))</span></p>"
    }

    private func oldKeyNote(_ frame: Frame) -> HTML {
        oldKeyUntilMs.map { until -> HTML in "<p class=\"help\">\(frame.say("source.old-key", ["time": frame.exact(until)]))</p>" } ?? .none
    }

    private func rotation(_ frame: Frame) -> Confirmation {
        Confirmation(
            id: "rotate", title: frame.say("rotate.title", ["name": source.name]), button: frame.say("rotate.button"),
            consequences: [frame.say("rotate.stops"), frame.say("rotate.new"), frame.say("rotate.kept")],
            typed: source.name, action: base(frame) + "/rotate", submit: frame.say("rotate.submit"),
            choice: Field(
                name: "keepOldHours", label: frame.say("rotate.old-key"),
                kind: .choice([("0", frame.say("rotate.old-stops")), ("24", frame.say("rotate.old-day")), ("168", frame.say("rotate.old-week"))]), value: "0"))
    }

    private func renaming(_ frame: Frame) -> HTML {
        let field = Field(
            name: "name", label: frame.say("field.source-name"), value: typedName ?? source.name, error: mistake?.text(frame), isRequired: true, autocomplete: "off",
            isFirst: mistake != nil)
        return """
            <form class="inline" method="post" action="\(base(frame))/rename">\(Field.csrf(frame))\(field.html)\
            <button type="submit">\(frame.say("action.save"))</button></form>
            """
    }
}
