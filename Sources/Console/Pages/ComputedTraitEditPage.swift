/// Makes a computed trait or changes one: a name, and the measure as text with how its values lie under it.
public struct ComputedTraitEditPage: ConsolePage {
    /// Why a name or a note was refused; lengths are in bytes.
    public enum Mistake: Sendable, Equatable { case name, nameTaken, noteTooLong(maximum: Int) }

    /// Nil for a new one, whose name is still to be chosen.
    public var id: String?
    public var name: String
    public var note: String
    public var text: String
    public var zone: String
    public var mistake: Mistake?
    public var edition = Edition()
    public var answer: MeasureAnswer
    /// Segments that change with it.
    public var users: [SegmentPage.Link]

    public init(
        id: String? = nil, name: String = "", note: String = "", text: String = "", zone: String = "UTC", mistake: Mistake? = nil, answer: MeasureAnswer = MeasureAnswer(.nothing),
        users: [SegmentPage.Link] = []
    ) {
        (self.id, self.name, self.note, self.text, self.zone) = (id, name, note, text, zone)
        (self.mistake, self.answer, self.users) = (mistake, answer, users)
    }

    public func render(_ frame: Frame) -> String {
        let list = Section.computed.address(in: frame.workspace)
        let own = id.map { "\(list)/\(Address.encoded($0))" }
        let title = id == nil ? frame.say("computed.new") : frame.say("segment.edit-title", ["name": name])
        let head = PageHead(title: title, sentence: "\(frame.say("computed.edit-sentence"))", parent: (frame.say(Section.computed.title), list))
        let measure = Field(name: "text", label: frame.say("computed.text"), kind: .area(rows: 4), value: text, help: frame.say("computed.text-help"), isRequired: true)
        let body: HTML = """
            \(head.html)\(usersNote(frame))
            <form class="panel pad editor" method="post" action="\(own.map { $0 + "/save" } ?? list)" id="measure-form" data-count="\(list)/count">\(Field.csrf(frame))\(edition.html)
            \(fields(frame))
            \(measure.html)
            <div class="answer" id="answer" aria-live="polite">\(answer.html(frame))</div>
            <div class="actions"><button type="submit" class="primary">\(frame.say("action.save"))</button>\
            <button type="submit" name="intent" value="count" formnovalidate id="count-button">\(frame.say("segment.count"))</button>\
            <a class="button ghost" href="\(own ?? list)">\(frame.say("action.cancel"))</a></div>
            </form>
            <div id="distribution">\(answer.chart(frame))</div>
            \(id == nil && text.isEmpty ? ComputedTraitsPage.examples(frame) : .none)
            """
        return Shell(title: title, section: .computed, scripts: [.measure]).document(frame, body)
    }

    private func fields(_ frame: Frame) -> HTML {
        let error: String? =
            switch mistake {
            case .name: frame.say("computed.name-wrong")
            case .nameTaken: frame.say("computed.name-taken")
            case .noteTooLong, nil: nil
            }
        var noteError: String?
        if case .noteTooLong(let maximum) = mistake { noteError = frame.say("segment.note-long", count: maximum) }
        let nameField: HTML =
            id == nil
            ? Field(
                name: "name", label: frame.say("column.name"), value: name, help: frame.say("computed.name-help"), error: error, isRequired: true, autocomplete: "off",
                placeholder: "lifetimeValue"
            ).html : .none
        let noteField = Field(name: "note", label: frame.say("segment.note"), value: note, help: frame.say("segment.note-help"), error: noteError, autocomplete: "off")
        let zoneField = Field(name: "zone", label: frame.say("segment.zone"), value: zone, help: frame.say("segment.zone-help"), autocomplete: "off")
        return "<div class=\"three\">\(nameField)\(noteField.html)\(zoneField.html)</div>"
    }

    private func usersNote(_ frame: Frame) -> HTML {
        guard !users.isEmpty else { return .none }
        let names = users.prefix(5).map(\.name).joined(separator: ", ")
        return "<p class=\"notice caution\">\(Icon.caution.html)<span>\(frame.say("computed.edit-users", ["names": names]))</span></p>"
    }
}
