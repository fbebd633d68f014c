/// Makes a template or changes one, with what the chosen person would get beside it.
public struct TemplateEditPage: ConsolePage {
    /// Nil for a new one.
    public var id: String?
    public var edition = Edition()
    /// The journeys under way that send it.
    public var users: [SegmentPage.Link] = []
    public var name: String
    public var note: String
    public var kind: String
    /// Sources by part.
    public var parts: [String: String]
    /// Of a mail that is kept: the files that it carries, and how large they are; nil where each mail's is another.
    public var attachments: [(name: String, bytes: Int?)] = []
    public var attachmentProblem: ConsoleProblem?
    /// Of a mail: whether it tells whether it is opened and where it is clicked.
    public var isTracked: Bool
    /// Whether dates are shown by the clock where the person lives.
    public var usesLocalDates: Bool
    /// Whom it is shown for, and when.
    public var person: String
    public var asOf: String
    public var isNameWrong: Bool
    public var answer: TemplateAnswer

    public init(
        id: String? = nil, name: String = "", note: String = "", kind: String = "email", parts: [String: String] = [:], isTracked: Bool = true, usesLocalDates: Bool = false, person: String = "", asOf: String = "", isNameWrong: Bool = false,
        answer: TemplateAnswer = TemplateAnswer(.nothing)
    ) {
        (self.id, self.name, self.note, self.kind, self.parts, self.isTracked, self.usesLocalDates) = (id, name, note, kind, parts, isTracked, usesLocalDates)
        (self.person, self.asOf, self.isNameWrong, self.answer) = (person, asOf, isNameWrong, answer)
    }

    public static let kinds = ["email", "text", "json", "partial"]

    /// What a kind is written as, in the order of the form.
    public static func parts(of kind: String) -> [String] {
        switch kind {
        case "text": ["text"]
        case "json": ["json"]
        case "partial": ["html"]
        default: ["subject", "preheader", "html", "text"]
        }
    }

    public func render(_ frame: Frame) -> String {
        let list = Section.templates.address(in: frame.workspace)
        let own = id.map { "\(list)/\(Address.encoded($0))" }
        let title = id == nil ? frame.say("templates.new") : frame.say("segment.edit-title", ["name": name])
        let deletion = own.map { own in
            Confirmation(
                id: "delete", title: frame.say("segment.delete-title", ["name": name]), button: frame.say("action.delete"), consequences: users.hindrance(frame) + [frame.say("templates.delete-readers")], typed: name,
                action: own + "/delete", submit: frame.say("templates.delete-submit"))
        }
        let head = PageHead(title: title, sentence: "\(frame.say("templates.edit-sentence"))", actions: deletion?.opener ?? .none, parent: (frame.say(Section.templates.title), list))
        let body: HTML = """
            \(head.html)
            <form class="template-editor" method="post" action="\(own.map { $0 + "/save" } ?? list)" id="template-form" data-preview="\(list)/preview">\(Field.csrf(frame))\(edition.html)
            <div class="panel pad editor">\(fields(frame))\(Self.parts(of: kind).map { field($0, frame) })\(tracking(frame))
            <div class="actions"><button type="submit" class="primary">\(frame.say("action.save"))</button><a class="button ghost" href="\(list)">\(frame.say("action.cancel"))</a></div></div>
            <div class="panel pad preview">\(asking(frame))<div id="answer" aria-live="polite">\(answer.html(frame))</div></div>
            </form>\(own.map { files($0, frame) } ?? .none)\(id == nil ? .none : UsersPanel(users: users, empty: "templates.no-users").html(frame))\(deletion?.html(frame) ?? .none)
            """
        return Shell(title: title, section: .templates, scripts: [.template]).document(frame, body)
    }

    private func fields(_ frame: Frame) -> HTML {
        let nameField = Field(
            name: "name", label: frame.say("column.name"), value: name, help: frame.say("templates.name-help"), error: isNameWrong ? frame.say("templates.name-wrong") : nil, isRequired: true,
            autocomplete: "off", placeholder: "order-thanks")
        let noteField = Field(name: "note", label: frame.say("segment.note"), value: note, help: frame.say("segment.note-help"), autocomplete: "off")
        let kindField: HTML =
            id == nil
            ? Field(name: "kind", label: frame.say("templates.kind"), kind: .choice(Self.kinds.map { ($0, frame.say(PhraseKey("templates.kind-\($0)"))) }), value: kind).html
            : "<input type=\"hidden\" name=\"kind\" value=\"\(kind)\">"
        let change: HTML = id == nil ? "<button type=\"submit\" name=\"intent\" value=\"kind\" formnovalidate>\(frame.say("templates.kind-change"))</button>" : .none
        return "<div class=\"three\">\(nameField.html)\(noteField.html)\(kindField)</div>\(change)"
    }

    private func field(_ part: String, _ frame: Frame) -> HTML {
        let label = frame.say(PhraseKey("templates.\(part)"))
        let value = parts[part] ?? ""
        switch part {
        case "subject", "preheader": return Field(name: part, label: label, value: value, isRequired: part == "subject", autocomplete: "off").html
        case "html": return Field(name: part, label: label, kind: .area(rows: 16), value: value, help: frame.say("templates.html-help"), isRequired: true).html
        case "text":
            return Field(name: part, label: label, kind: .area(rows: kind == "email" ? 4 : 8), value: value, help: kind == "email" ? frame.say("templates.text-help") : nil, isRequired: kind == "text").html
        default: return Field(name: part, label: label, kind: .area(rows: 12), value: value, isRequired: true).html
        }
    }

    private func tracking(_ frame: Frame) -> HTML {
        let dates: HTML = """
            <div class="field check"><input type="checkbox" id="f-localDates" name="localDates" value="1"\(flag: "checked", when: usesLocalDates)>\
            <label for="f-localDates">\(frame.say("templates.local-dates")) <span class="quiet">\(frame.say("templates.local-dates-help"))</span></label></div>
            """
        guard kind == "email" else { return kind == "partial" ? .none : dates }
        return """
            \(dates)<div class="field check"><input type="checkbox" id="f-tracked" name="tracked" value="1"\(flag: "checked", when: isTracked)>\
            <label for="f-tracked">\(frame.say("templates.tracked")) <span class="quiet">\(frame.say("templates.tracked-help"))</span></label></div>
            """
    }

    private func files(_ own: String, _ frame: Frame) -> HTML {
        guard kind == "email" else { return .none }
        let rows = attachments.map { file -> HTML in
            """
            <li class="row"><bdi>\(file.name)</bdi> <span class="quiet">\(file.bytes.map { ImportPage.size(Int64($0), frame) } ?? frame.say("templates.attachment-each"))</span>\
            <form method="post" action="\(own)/detach" data-edition>\(Field.csrf(frame))<input type="hidden" name="name" value="\(file.name)">\
            <button type="submit" class="ghost small" aria-label="\(frame.say("templates.attachment-remove")): \(file.name)">\(frame.say("templates.attachment-remove"))</button></form></li>
            """
        }
        let list: HTML = attachments.isEmpty ? "<p class=\"quiet\">\(frame.say("templates.attachments-none"))</p>" : "<ul class=\"list\">\(rows)</ul>"
        let problem = attachmentProblem.map { problem -> HTML in "<p class=\"notice critical\" role=\"alert\">\(Icon.critical.html)<span>\(problem.problem) \(problem.remedy)</span></p>" }
        let file = Field(name: "file", label: frame.say("templates.attachment-file"), kind: .file, help: frame.say("templates.attachment-help"), isRequired: true)
        return """
            <section class="panel pad" aria-labelledby="attachments-title" id="attachments"><h2 id="attachments-title">\(frame.say("templates.attachments"))</h2>\(problem)\(list)
            <form method="post" enctype="multipart/form-data" action="\(own)/attach" data-edition>\(Field.csrf(frame))\(file.html)
            <button type="submit">\(frame.say("templates.attachment-add"))</button></form></section>
            """
    }

    private func asking(_ frame: Frame) -> HTML {
        let personField = Field(name: "person", label: frame.say("templates.person"), value: person, help: frame.say("templates.person-help"), autocomplete: "off")
        let timeField = Field(name: "asOf", label: frame.say("templates.as-of"), value: asOf, help: frame.say("templates.as-of-help"), autocomplete: "off")
        return """
            <div class="two">\(personField.html)\(timeField.html)</div>\
            <div class="actions"><button type="submit" name="intent" value="preview" formnovalidate>\(frame.say("templates.preview"))</button></div>
            """
    }
}
