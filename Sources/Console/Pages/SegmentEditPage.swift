/// Makes a segment or changes one: a name, and the condition as text with what it means under it.
///
/// The text is what is saved. The rows above it, drawn by the script, only write it; what fields cannot show is a row of text.
public struct SegmentEditPage: ConsolePage {
    /// Names that the workspace has seen, to choose from.
    public struct Names: Sendable {
        public var traits: [String], events: [String], properties: [String]
        /// Handles.
        public var lists: [String], segments: [String]
        public init(traits: [String] = [], events: [String] = [], properties: [String] = [], lists: [String] = [], segments: [String] = []) {
            (self.traits, self.events, self.properties, self.lists, self.segments) = (traits, events, properties, lists, segments)
        }
    }

    /// Why a name or a note was refused; lengths are in bytes.
    public enum Mistake: Sendable, Equatable { case nameMissing, nameTooLong(maximum: Int), noteTooLong(maximum: Int) }

    /// Nil for a new one.
    public var id: String?
    public var edition = Edition()
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
            <form class="panel pad editor" method="post" action="\(own.map { $0 + "/save" } ?? list)" id="segment-form" data-count="\(list)/count">\(Field.csrf(frame))\(edition.html)
            \(fields(frame))
            \(SegmentRows().html(frame))
            \(Field(name: "text", label: frame.say("segment.text"), kind: .area(rows: 5), value: text, help: frame.say("segment.text-help"), isRequired: true).html)
            <div class="answer" id="answer" aria-live="polite">\(answer.html(frame))</div>
            <div class="actions"><button type="submit" class="primary">\(frame.say("action.save"))</button>\
            <button type="submit" name="intent" value="count" formnovalidate id="count-button">\(frame.say("segment.count"))</button>\
            <a class="button ghost" href="\(own ?? list)">\(frame.say("action.cancel"))</a></div>
            \(choices("known-traits", names.traits))\(choices("known-events", names.events))\(choices("known-properties", names.properties))\(choices("known-lists", names.lists))\
            \(choices("known-segments", names.segments))
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
