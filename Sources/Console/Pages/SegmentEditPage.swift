/// Makes a segment or changes one: a name, and the condition as text with what it means under it.
///
/// The text is what is saved. The rows above it, drawn by the script, only write it; where they cannot show it, they hide.
public struct SegmentEditPage: ConsolePage {
    /// Names that the workspace has seen, to choose from.
    public struct Names: Sendable {
        public var traits: [String], events: [String], properties: [String]
        /// Handles.
        public var lists: [String]
        public init(traits: [String] = [], events: [String] = [], properties: [String] = [], lists: [String] = []) {
            (self.traits, self.events, self.properties, self.lists) = (traits, events, properties, lists)
        }
    }

    /// Why a name or a note was refused; lengths are in bytes.
    public enum Mistake: Sendable, Equatable { case nameMissing, nameTooLong(maximum: Int), noteTooLong(maximum: Int) }

    /// Nil for a new one.
    public var id: String?
    /// What it is called as saved; empty for a new one.
    public var savedName: String
    public var name: String
    public var note: String
    public var text: String
    public var zone: String
    public var mistake: Mistake?
    public var answer: SegmentAnswer
    public var names: Names
    /// Others that change with it.
    public var users: [SegmentPage.Link]

    public init(
        id: String? = nil, savedName: String = "", name: String = "", note: String = "", text: String = "", zone: String = "UTC", mistake: Mistake? = nil,
        answer: SegmentAnswer = SegmentAnswer(.nothing), names: Names = Names(), users: [SegmentPage.Link] = []
    ) {
        (self.id, self.savedName, self.name, self.note, self.text, self.zone) = (id, savedName, name, note, text, zone)
        (self.mistake, self.answer, self.names, self.users) = (mistake, answer, names, users)
    }

    public func render(_ frame: Frame) -> String {
        let list = Section.segments.address(in: frame.workspace)
        let own = id.map { "\(list)/\(Address.encoded($0))" }
        let title = id == nil ? frame.say("segment.new-title") : frame.say("segment.edit-title", ["name": savedName])
        let head = PageHead(title: title, sentence: "\(frame.say("segment.edit-sentence"))", parent: (frame.say("section.segments"), list))
        let body: HTML = """
            \(head.html)\(usersNote(frame))
            <form class="panel pad editor" method="post" action="\(own.map { $0 + "/save" } ?? list)" id="segment-form" data-count="\(list)/count">\(Field.csrf(frame))
            \(fields(frame))
            \(SegmentRows().html(frame))
            \(Field(name: "text", label: frame.say("segment.text"), kind: .area(rows: 5), value: text, help: frame.say("segment.text-help"), isRequired: true).html)
            <div class="answer" id="answer" aria-live="polite">\(answer.html(frame))</div>
            <div class="actions"><button type="submit" class="primary">\(frame.say("action.save"))</button>\
            <button type="submit" name="intent" value="count" formnovalidate id="count-button">\(frame.say("segment.count"))</button>\
            <a class="button ghost" href="\(own ?? list)">\(frame.say("action.cancel"))</a></div>
            \(choices("known-traits", names.traits))\(choices("known-events", names.events))\(choices("known-properties", names.properties))\(choices("known-lists", names.lists))
            </form>
            """
        return Shell(title: title, section: .segments, scripts: [.segment]).document(frame, body)
    }

    private func fields(_ frame: Frame) -> HTML {
        let error: String? =
            switch mistake {
            case .nameMissing: frame.say("segment.name-missing")
            case .nameTooLong(let maximum): frame.say("sources.name-long", count: maximum)
            case .noteTooLong, nil: nil
            }
        var noteError: String?
        if case .noteTooLong(let maximum) = mistake { noteError = frame.say("segment.note-long", count: maximum) }
        let nameField = Field(
            name: "name", label: frame.say("column.name"), value: name, error: error, isRequired: true, autocomplete: "off",
            placeholder: frame.say("segment.name-hint"))
        let noteField = Field(name: "note", label: frame.say("segment.note"), value: note, help: frame.say("segment.note-help"), error: noteError, autocomplete: "off")
        let zoneField = Field(name: "zone", label: frame.say("segment.zone"), value: zone, help: frame.say("segment.zone-help"), autocomplete: "off")
        return "<div class=\"three\">\(nameField.html)\(noteField.html)\(zoneField.html)</div>"
    }

    private func usersNote(_ frame: Frame) -> HTML {
        guard !users.isEmpty else { return .none }
        let names = users.prefix(5).map(\.name).joined(separator: ", ")
        return "<p class=\"notice caution\">\(Icon.caution.html)<span>\(frame.say("segment.edit-users", ["names": names]))</span></p>"
    }

    private func choices(_ id: String, _ names: [String]) -> HTML {
        let options = names.map { name -> HTML in "<option value=\"\(name)\"></option>" }
        return "<datalist id=\"\(id)\">\(options)</datalist>"
    }
}

/// The rows of the editor: hidden until the script can show the text as rows, and one row to copy.
struct SegmentRows {
    func html(_ frame: Frame) -> HTML {
        """
        <fieldset id="rows" class="rows" hidden><legend>\(frame.say("rows.title"))</legend>
        <div id="row-list"></div>
        <div class="actions"><button type="button" id="row-add">\(frame.say("rows.add"))</button>\
        <label for="row-join">\(frame.say("rows.join"))</label><select id="row-join"><option value="and">\(frame.say("rows.all"))</option><option value="or">\(frame.say("rows.any"))</option></select></div>
        <template id="row-template"><div class="row">
        \(part("kind", "trait changed did not sum top sessions list unlisted member as", frame.say("rows.kind"), choice("kind", [("trait", frame.say("rows.trait")), ("did", frame.say("rows.did")), ("not", frame.say("rows.not")), ("sum", frame.say("rows.sum")), ("top", frame.say("rows.top")), ("sessions", frame.say("rows.sessions")), ("changed", frame.say("rows.changed")), ("list", frame.say("rows.list")), ("unlisted", frame.say("rows.unlisted")), ("member", frame.say("rows.member")), ("as", frame.say("rows.as"))])))
        \(part("listed", "list unlisted", frame.say("rows.list-name"), "<input id=\"row-listed\" type=\"text\" list=\"known-lists\" autocomplete=\"off\" spellcheck=\"false\">"))
        \(part("trait", "trait changed", frame.say("rows.trait"), "<input id=\"row-trait\" type=\"text\" list=\"known-traits\" autocomplete=\"off\" spellcheck=\"false\">"))
        \(part("property", "sum top", frame.say("rows.property"), "<input id=\"row-property\" type=\"text\" list=\"known-properties\" autocomplete=\"off\" spellcheck=\"false\">"))
        \(part("event", "did not sum top as", frame.say("rows.event"), "<input id=\"row-event\" type=\"text\" list=\"known-events\" autocomplete=\"off\" spellcheck=\"false\">"))
        \(part("account", "member as", frame.say("rows.account"), "<input id=\"row-account\" type=\"text\" autocomplete=\"off\" spellcheck=\"false\">"))
        \(part("role", "member", frame.say("rows.role"), "<input id=\"row-role\" type=\"text\" autocomplete=\"off\" spellcheck=\"false\">"))
        \(part("times", "did sessions as", frame.say("rows.times"), "<input id=\"row-times\" type=\"text\" inputmode=\"numeric\" value=\"1\" class=\"short\">"))
        \(part("days", "did not sum top sessions changed as", frame.say("rows.days"), "<input id=\"row-days\" type=\"text\" inputmode=\"numeric\" value=\"30\" class=\"short\">"))
        \(part("test", "trait sum", frame.say("rows.test"), choice("test", [("=", "="), ("!=", "≠"), (">", ">"), (">=", "≥"), ("<", "<"), ("<=", "≤"), ("contains", frame.say("rows.contains")), ("like", frame.say("rows.like")), (">= version", frame.say("rows.version-from")), ("< version", frame.say("rows.version-below")), ("exists", frame.say("rows.exists")), ("is missing", frame.say("rows.missing"))])))
        \(part("value", "trait sum", frame.say("rows.value"), "<input id=\"row-value\" type=\"text\" autocomplete=\"off\" spellcheck=\"false\">"))
        \(part("percent", "top", frame.say("rows.percent"), "<input id=\"row-percent\" type=\"text\" inputmode=\"numeric\" value=\"10\" class=\"short\">"))
        <output class="row-count quiet" title="\(frame.say("rows.count"))"></output>
        <button type="button" class="ghost icon-only row-drop" aria-label="\(frame.say("rows.remove"))" title="\(frame.say("rows.remove"))">\(Icon.close.html)</button>
        </div></template>
        </fieldset>
        <p class="quiet help" id="rows-away" hidden>\(frame.say("rows.away"))</p>
        """
    }

    /// One field of a row, shown in rows of the kinds named.
    private func part(_ name: String, _ kinds: String, _ label: String, _ input: HTML) -> HTML {
        "<div class=\"row-part\" data-part=\"\(name)\" data-kinds=\"\(kinds)\"><label for=\"row-\(name)\">\(label)</label>\(input)</div>"
    }

    private func choice(_ name: String, _ options: [(value: String, title: String)]) -> HTML {
        let items = options.map { option -> HTML in "<option value=\"\(option.value)\">\(option.title)</option>" }
        return "<select id=\"row-\(name)\">\(items)</select>"
    }
}
