/// One segment: what it asks, who is in, how that changed, and who builds on it.
public struct SegmentPage: ConsolePage {
    /// That somebody came in or left.
    public struct Change: Sendable {
        public var profileID: String
        /// Nil for someone who is not there any more or has no name.
        public var name: String?
        public var hasEntered: Bool
        public var atMs: Int64
        public init(profileID: String, name: String?, hasEntered: Bool, atMs: Int64) {
            (self.profileID, self.name, self.hasEntered, self.atMs) = (profileID, name, hasEntered, atMs)
        }
    }

    /// A segment or a journey by name, to link to.
    public struct Link: Sendable {
        public var id: String
        public var name: String
        public var isJourney: Bool
        public init(id: String, name: String, isJourney: Bool = false) { (self.id, self.name, self.isJourney) = (id, name, isJourney) }
    }

    public var id: String
    public var name: String
    public var note: String
    /// How conditions name it.
    public var handle: String
    /// The condition in the reader's language, and as it is written.
    public var sentence: String, text: String
    public var zone: String
    /// How many are in now; nil until everyone has been asked once.
    public var size: Int?
    public var savedAtMs: Int64
    public var chart: SizeChart
    public var members: [ProfilesPage.Row]
    /// What the address of the next page of members says in `after`.
    public var next: String?
    /// Newest first.
    public var changes: [Change]
    /// The segments whose conditions name this one, and the journeys under way that do.
    public var users: [Link]
    /// Newest first.
    public var versions: [SegmentVersion]

    public init(
        id: String, name: String, note: String, handle: String, sentence: String, text: String, zone: String, size: Int?, savedAtMs: Int64,
        chart: SizeChart, members: [ProfilesPage.Row], next: String? = nil, changes: [Change], users: [Link],
        versions: [SegmentVersion] = []
    ) {
        (self.id, self.name, self.note, self.handle, self.sentence, self.text) = (id, name, note, handle, sentence, text)
        (self.zone, self.size, self.savedAtMs, self.chart) = (zone, size, savedAtMs, chart)
        (self.members, self.next, self.changes, self.users) = (members, next, changes, users)
        self.versions = versions
    }

    public func render(_ frame: Frame) -> String {
        let address = base(frame)
        let api = APICall(path: "/api/v1/segments/\(Address.encoded(id))/members", host: frame.host).drawer(frame)
        let deletion = deletion(frame)
        let head = PageHead(
            title: name, sentence: "<bdi>\(sentence)</bdi>",
            actions: "\(api.opener(frame))<a class=\"button\" href=\"\(address)/edit\">\(frame.say("segment.edit"))</a>\(deletion.opener)",
            parent: (frame.say("section.segments"), Section.segments.address(in: frame.workspace)))
        let body: HTML = """
            \(head.html)\(note.isEmpty ? .none : "<p class=\"lines\"><bdi>\(note)</bdi></p>")
            \(CodeBlock(code: text).html(frame))
            <div class="tiles"><div class="tile"><span>\(frame.say("segment.size-now"))</span><strong>\(size.map { frame.number($0) } ?? "…")</strong></div>\
            <div class="tile"><span>\(frame.say("column.saved"))</span><strong class="small">\(frame.time(savedAtMs))</strong></div>\
            <div class="tile"><span>\(frame.say("segment.handle"))</span><strong class="small"><code>\(handle)</code></strong></div></div>
            \(chart.html(frame, file: address + "/sizes.csv"))
            <div class="columns">\(membersPanel(frame))<div>\(changesPanel(frame))\(UsersPanel(users: users, empty: "segment.no-users").html(frame))</div></div>
            \(SegmentVersions(versions: versions).html(frame))
            \(api.html(frame))\(deletion.html(frame))
            """
        return Shell(title: name, section: .segments, scripts: chart.isWhole ? [] : [.refresh]).document(frame, body)
    }

    private func base(_ frame: Frame) -> String { Section.segments.address(in: frame.workspace) + "/" + Address.encoded(id) }

    private func membersPanel(_ frame: Frame) -> HTML {
        let items = members.map { row -> HTML in
            """
            <li><a href="/w/\(frame.workspace)/profiles/\(row.id)">\(Avatar(name: row.name, id: row.id).html)<bdi class="grow">\(row.shownName(frame))</bdi></a>\
            <span class="quiet">\(frame.time(row.lastSeenMs))</span></li>
            """
        }
        let list: HTML =
            items.isEmpty
            ? "<p class=\"quiet pad\">\(frame.say(size == nil ? "segment.asking" : "segment.nobody"))</p>" : "<ul class=\"list\">\(items)</ul>"
        return """
            <section class="panel" aria-labelledby="members-title"><div class="panel-head"><h2 id="members-title">\(frame.say("segment.members"))</h2>\
            <span class="quiet">\(frame.say("column.last-seen"))</span></div>\(list)\(NextLink(address: next.map { Address.with(base(frame), [("after", $0)]) }).html(frame))</section>
            """
    }

    private func changesPanel(_ frame: Frame) -> HTML {
        let items = changes.map { change -> HTML in
            let status = Status(
                meaning: change.hasEntered ? .good : .quiet, text: frame.say(change.hasEntered ? "segment.entered" : "segment.exited"),
                icon: change.hasEntered ? .arrow : .close)
            return """
                <li><a href="/w/\(frame.workspace)/profiles/\(change.profileID)"><bdi class="grow">\(change.name ?? frame.say("profile.nameless"))</bdi></a>\
                <span class="quiet">\(status.html) \(frame.time(change.atMs))</span></li>
                """
        }
        let list: HTML = items.isEmpty ? "<p class=\"quiet pad\">\(frame.say("segment.no-changes"))</p>" : "<ul class=\"list\">\(items)</ul>"
        return """
            <section class="panel" aria-labelledby="changes-title"><div class="panel-head"><h2 id="changes-title">\(frame.say("segment.changes"))</h2></div>\(list)</section>
            """
    }

    private func deletion(_ frame: Frame) -> Confirmation {
        return Confirmation(
            id: "delete", title: frame.say("segment.delete-title", ["name": name]), button: frame.say("action.delete"),
            consequences: users.hindrance(frame) + [frame.say("segment.delete-list"), frame.say("segment.delete-people")],
            typed: name, action: base(frame) + "/delete", submit: frame.say("segment.delete-submit"))
    }
}
