/// One static list: who is on it, and the form that puts a file on it.
public struct ListPage: ConsolePage {
    /// What became of a file, or would become of it.
    public struct Outcome: Sendable {
        public struct Refused: Sendable {
            public var line: Int
            public var problem: String
            public init(line: Int, problem: String) { (self.line, self.problem) = (line, problem) }
        }
        /// Which column was taken, and for what.
        public var column: String
        public var type: String
        public var header: [String]
        public var rows: [[String]]
        /// Nil where nobody was put on the list.
        public var present: Int?
        public var added: Int
        public var refusedCount: Int
        public var refused: [Refused]
        public init(column: String, type: String, header: [String], rows: [[String]], present: Int?, added: Int, refusedCount: Int, refused: [Refused]) {
            (self.column, self.type, self.header, self.rows) = (column, type, header, rows)
            (self.present, self.added, self.refusedCount, self.refused) = (present, added, refusedCount, refused)
        }
    }

    public var row: ListsPage.Row
    public var handle: String
    public var edition: Edition
    public var note: String
    public var people: Int
    public var unknown: Int
    public var expired: Int
    public var members: [ProfilesPage.Row]
    public var next: String?
    /// The segments whose conditions name it.
    public var users: [SegmentPage.Link]
    /// The kinds of identifier that a file may hold.
    public var types: [String]
    public var outcome: Outcome?
    public var problem: ConsoleProblem?
    /// Settings as they were typed, where they were refused.
    public var typed: (name: String, source: String, note: String, expiry: String)?

    public init(
        row: ListsPage.Row, handle: String, edition: Edition = Edition(), note: String, people: Int, unknown: Int, expired: Int, members: [ProfilesPage.Row], next: String? = nil, users: [SegmentPage.Link], types: [String],
        outcome: Outcome? = nil, problem: ConsoleProblem? = nil
    ) {
        (self.row, self.handle, self.edition, self.note, self.people, self.unknown, self.expired) = (row, handle, edition, note, people, unknown, expired)
        (self.members, self.next, self.users, self.types, self.outcome, self.problem) = (members, next, users, types, outcome, problem)
    }

    private func base(_ frame: Frame) -> String { "/w/\(Address.encoded(frame.workspace))/lists/\(Address.encoded(row.id))" }

    public func render(_ frame: Frame) -> String {
        let api = APICall(path: "/api/v1/lists/\(Address.encoded(row.id))/members", host: frame.host).drawer(frame)
        let deletion = deletion(frame)
        let segment = Address.with(Section.segments.address(in: frame.workspace) + "/new", [("text", "in list \"\(handle)\"")])
        let head = PageHead(
            title: row.name, sentence: "<bdi>\(row.source)</bdi>", actions: "\(api.opener(frame))<a class=\"button\" href=\"\(segment)\">\(frame.say("list.segment"))</a>\(deletion.opener)",
            parent: (frame.say("lists.title"), "/w/\(Address.encoded(frame.workspace))/lists"))
        let body: HTML = """
            \(head.html)\(problem.map { $0.html(frame) })\(outcome.map { told($0, frame) })\(note.isEmpty ? .none : "<p class=\"lines\"><bdi>\(note)</bdi></p>")
            <div class="tiles">\(tile("list.people", "\(frame.number(people))", frame))\(tile("lists.entries", "\(frame.number(row.entries))", frame))\
            \(tile("list.unknown", "\(frame.number(unknown))", frame))\(tile("list.expired", "\(frame.number(expired))", frame))</div>
            <div class="tiles"><div class="tile"><span>\(frame.say("list.expires"))</span><strong class="small">\(frame.time(row.expiresMs, otherwise: "list.never"))</strong></div>\
            <div class="tile"><span>\(frame.say("lists.changed"))</span><strong class="small">\(frame.time(row.changedMs))</strong></div>\
            <div class="tile"><span>\(frame.say("segment.handle"))</span><strong class="small"><code>\(handle)</code></strong></div></div>
            <div class="columns">\(membersPanel(frame))<div>\(UsersPanel(users: users, empty: "list.no-users").html(frame))\(settings(frame))</div></div>
            \(upload(frame))\(api.html(frame))\(deletion.html(frame))
            """
        return Shell(title: row.name, section: .segments, scripts: [.imports]).document(frame, body)
    }

    private func tile(_ title: PhraseKey, _ value: HTML, _ frame: Frame) -> HTML { "<div class=\"tile\"><span>\(frame.say(title))</span><strong>\(value)</strong></div>" }

    private func told(_ outcome: Outcome, _ frame: Frame) -> HTML {
        let counts = [
            frame.say(outcome.present == nil ? "list.would" : "list.added", count: outcome.added), outcome.present.map { frame.say("list.present", count: $0) },
            frame.say("list.refused", count: outcome.refusedCount),
        ].compactMap { $0 }.joined(separator: " · ")
        let lines = outcome.refused.map { line -> HTML in "<li>\(frame.say("list.line", count: line.line)): <bdi>\(line.problem)</bdi></li>" }
        let table: HTML =
            outcome.present != nil || outcome.rows.isEmpty
            ? .none
            : Table(caption: frame.say("list.beginning"), columns: outcome.header.map { .init(title: $0) }, rows: outcome.rows.map { cells in cells.map { "<bdi class=\"clamped\">\($0)</bdi>" } }).html
        return """
            <section class="panel pad" role="status" aria-labelledby="outcome-title"><h2 id="outcome-title">\(counts)</h2>
            <p>\(frame.say("list.looked", ["column": outcome.column, "type": outcome.type]))</p>\(lines.isEmpty ? .none : "<ul>\(lines)</ul>")</section>\(table)
            """
    }

    private func membersPanel(_ frame: Frame) -> HTML {
        let items = members.map { row -> HTML in
            """
            <li><a href="/w/\(frame.workspace)/profiles/\(row.id)">\(Avatar(name: row.name, id: row.id).html)<bdi class="grow">\(row.shownName(frame))</bdi></a>\
            <span class="quiet">\(frame.time(row.lastSeenMs))</span></li>
            """
        }
        let list: HTML = items.isEmpty ? "<p class=\"quiet pad\">\(frame.say("segment.nobody"))</p>" : "<ul class=\"list\">\(items)</ul>"
        return """
            <section class="panel" aria-labelledby="members-title"><div class="panel-head"><h2 id="members-title">\(frame.say("segment.members"))</h2>\
            <span class="quiet">\(frame.say("column.last-seen"))</span></div>\(list)\(NextLink(address: next.map { Address.with(base(frame), [("after", $0)]) }).html(frame))</section>
            """
    }

    private func upload(_ frame: Frame) -> HTML {
        let column = Field(name: "column", label: frame.say("list.column"), help: frame.say("list.column-help"), autocomplete: "off")
        let type = Field(name: "type", label: frame.say("list.type"), kind: .choice([("", frame.say("list.type-auto"))] + types.map { ($0, $0) }))
        let expiry = Field(name: "expiry", label: frame.say("lists.expiry"), help: frame.say("list.expiry-help"), autocomplete: "off")
        let file = Field(name: "file", label: frame.say("imports.file"), kind: .file, help: frame.say("list.file-help"), isRequired: true)
        return """
            <section aria-labelledby="add-title"><form class="panel pad upload" id="upload" method="post" enctype="multipart/form-data" action="\(base(frame))/add">
            <h2 id="add-title">\(frame.say("list.add"))</h2>\(Field.csrf(frame))
            <div class="field check"><input type="checkbox" id="f-look" name="look" value="1"><label for="f-look">\(frame.say("list.look"))</label></div>
            <div class="into">\(column.html)\(type.html)\(expiry.html)</div>
            <div class="drop" data-dropped="\(frame.say("imports.chosen"))">\(Icon.upload.html)\
            <p data-drop-hint hidden>\(frame.say("imports.drop"))</p>\(file.html)</div>
            <button type="submit" class="primary">\(frame.say("list.send"))</button>
            </form></section>
            """
    }

    private func settings(_ frame: Frame) -> HTML {
        func field(_ name: String, _ label: PhraseKey, _ value: String, help: PhraseKey? = nil, isRequired: Bool = false) -> HTML {
            Field(name: name, label: frame.say(label), value: value, help: help.map { frame.say($0) }, isRequired: isRequired, autocomplete: "off", scope: "settings").html
        }
        // A midnight is written as its day, as it was probably typed.
        let end = row.expiresMs.map { CivilTime(ms: $0).iso } ?? ""
        let expiry = typed?.expiry ?? (end.hasSuffix("T00:00:00.000Z") ? String(end.prefix(10)) : end)
        return """
            <section aria-labelledby="settings-title"><form class="panel pad" method="post" action="\(base(frame))/save"><h2 id="settings-title">\(frame.say("list.settings"))</h2>\(Field.csrf(frame))\(edition.html)
            \(field("name", "column.name", typed?.name ?? row.name, isRequired: true))\(field("source", "lists.source", typed?.source ?? row.source, help: "lists.source-help"))\
            \(field("note", "segment.note", typed?.note ?? note))\(field("expiry", "lists.expiry", expiry, help: "lists.expiry-help"))
            <button type="submit">\(frame.say("action.save"))</button></form></section>
            """
    }

    private func deletion(_ frame: Frame) -> Confirmation {
        return Confirmation(
            id: "delete", title: frame.say("list.delete-title", ["name": row.name]), button: frame.say("action.delete"), consequences: users.hindrance(frame) + [frame.say("list.delete-entries")], typed: row.name,
            action: base(frame) + "/delete", submit: frame.say("list.delete-submit"))
    }
}
