/// Who is told of events and changes of segments by signed calls, and the form for another.
public struct DestinationsPage: ConsolePage {
    /// One destination.
    public struct Row: Sendable {
        public var id: String, name: String, url: String
        public var isEnabled: Bool
        public var offReason: String
        /// Events and segments, as they are written.
        public var told: [String]
        /// Whom it is told about; empty for everyone.
        public var condition: String
        /// Whether it is told only of people who said yes to sharing.
        public var isSharing: Bool
        public var waiting: Int, dead: Int
        public init(id: String, name: String, url: String, isEnabled: Bool, offReason: String, told: [String], condition: String = "", isSharing: Bool = false, waiting: Int, dead: Int) {
            (self.id, self.name, self.url, self.isEnabled) = (id, name, url, isEnabled)
            (self.offReason, self.told, self.condition, self.isSharing, self.waiting, self.dead) = (offReason, told, condition, isSharing, waiting, dead)
        }
    }

    /// What was typed into the form.
    public struct Typed: Sendable {
        public var name = "", url = "", events = "", segments = "", condition = ""
        public var isSharing = false
        public init(name: String = "", url: String = "", events: String = "", segments: String = "", condition: String = "", isSharing: Bool = false) {
            (self.name, self.url, self.events, self.segments, self.condition, self.isSharing) = (name, url, events, segments, condition, isSharing)
        }
    }

    public var rows: [Row]
    public var typed: Typed
    public var problem: ConsoleProblem?
    /// The secret of one that was just made or rotated; shown this once.
    public var secret: (name: String, text: String, isFirst: Bool)?

    public init(rows: [Row], typed: Typed = Typed(), problem: ConsoleProblem? = nil, secret: (name: String, text: String, isFirst: Bool)? = nil) {
        (self.rows, self.typed, self.problem, self.secret) = (rows, typed, problem, secret)
    }

    public func render(_ frame: Frame) -> String {
        let title = frame.say(Section.destinations.title)
        let api = APICall(path: "/api/v1/destinations", host: frame.host).drawer(frame)
        let head = PageHead(title: title, sentence: "\(frame.say("destinations.sentence"))", actions: api.opener(frame))
        let shown: HTML = secret.map { secret in
            """
            <section class="panel pad" role="status"><h2><bdi>\(frame.say("destinations.secret", ["name": secret.name]))</bdi></h2><p>\(frame.say("destinations.secret-once"))\(secret.isFirst ? "" : " " + frame.say("destinations.secret-before"))</p>\(CodeBlock(code: secret.text).html(frame))</section>
            """
        } ?? .none
        let list: HTML = rows.isEmpty ? EmptyState(icon: .destinations, title: frame.say("destinations.empty-title"), text: frame.say("destinations.empty-text")).html : table(frame)
        let body: HTML = "\(head.html)\(shown)\(list)\(form(frame))\(api.html(frame))"
        return Shell(title: title, section: .destinations).document(frame, body)
    }

    private func base(_ frame: Frame) -> String { Section.destinations.address(in: frame.workspace) }

    private func table(_ frame: Frame) -> HTML {
        Table(
            caption: frame.say(Section.destinations.title),
            columns: [
                .init(title: frame.say("column.name")), .init(title: frame.say("column.status")), .init(title: frame.say("destinations.told"), isWide: true), .init(title: frame.say("deliveries.waiting"), isNumber: true),
                .init(title: frame.say("deliveries.dead"), isNumber: true), .init(title: frame.say("column.actions")),
            ],
            rows: rows.map { row in
                let status = row.isEnabled ? Status(meaning: .good, text: frame.say("destinations.on")) : Status(meaning: .caution, text: frame.say("destinations.off"))
                let deliveries = Address.with(Section.deliveries.address(in: frame.workspace), [("state", "dead"), ("channel", row.id)])
                let deletion = Confirmation(
                    id: "delete-\(row.id)", title: frame.say("destinations.delete-title", ["name": row.name]), button: frame.say("action.delete"), consequences: [frame.say("destinations.delete-text")],
                    typed: row.name, action: "\(base(frame))/\(Address.encoded(row.id))/delete", submit: frame.say("action.delete"))
                func button(_ action: String, _ title: String) -> HTML {
                    "<form method=\"post\" action=\"\(base(frame))/\(row.id)/\(action)\">\(Field.csrf(frame))<button type=\"submit\">\(title)</button></form>"
                }
                let waits: HTML = row.isEnabled || row.waiting == 0 ? .none : "<br><span class=\"quiet\">\(frame.say("destinations.off-waits"))</span>"
                return [
                    "<bdi>\(row.name)</bdi><br><bdi class=\"quiet\">\(row.url)</bdi>", "\(status.html)\(row.offReason.isEmpty ? .none : "<br><bdi class=\"quiet\">\(row.offReason)</bdi>")\(waits)",
                    told(row, frame), "\(frame.number(row.waiting))", "<a href=\"\(deliveries)\">\(frame.number(row.dead))</a>",
                    """
                    <div class="actions">\(button(row.isEnabled ? "disable" : "enable", frame.say(row.isEnabled ? "destinations.switch-off" : "destinations.switch-on")))\
                    \(button(row.isSharing ? "unshare" : "share", frame.say(row.isSharing ? "destinations.unshare" : "destinations.share")))\(button("rotate", frame.say("destinations.rotate")))\(deletion.opener)</div>\(deletion.html(frame))
                    """,
                ]
            }
        ).html
    }

    /// What it is told of, and about whom.
    private func told(_ row: Row, _ frame: Frame) -> HTML {
        let sharing: HTML = row.isSharing ? "<br><span class=\"quiet\">\(frame.say("destinations.sharing-on"))</span>" : .none
        let about: HTML = """
            <details><summary>\(frame.say("destinations.about"))\(row.condition.isEmpty ? "" : ": ")<bdi>\(row.condition)</bdi></summary><form class="editor" data-passing method="post" action="\(base(frame))/\(row.id)/condition">\(Field.csrf(frame))\
            \(Field(name: "condition", label: frame.say("destinations.condition"), value: row.condition, help: frame.say("destinations.condition-help"), autocomplete: "off", scope: row.id).html)\
            <div class="actions"><button type="submit">\(frame.say("action.save"))</button></div></form></details>
            """
        return "<bdi>\(row.told.isEmpty ? frame.say("destinations.told-nothing") : row.told.joined(separator: ", "))</bdi>\(sharing)\(about)"
    }

    private func form(_ frame: Frame) -> HTML {
        let fields: [HTML] = [
            Field(name: "name", label: frame.say("column.name"), value: typed.name, isRequired: true, autocomplete: "off").html,
            Field(name: "url", label: frame.say("destinations.url"), value: typed.url, help: frame.say("destinations.url-help"), error: problem.map { "\($0.problem) \($0.remedy)" }, isRequired: true, autocomplete: "off").html,
            Field(name: "events", label: frame.say("destinations.events"), value: typed.events, help: frame.say("destinations.events-help"), autocomplete: "off").html,
            Field(name: "segments", label: frame.say("destinations.segments"), value: typed.segments, help: frame.say("destinations.segments-help"), autocomplete: "off").html,
            Field(name: "condition", label: frame.say("destinations.condition"), value: typed.condition, help: frame.say("destinations.condition-help"), autocomplete: "off").html,
            """
            <div class="field check"><input type="checkbox" id="f-sharing" name="sharing" value="1" aria-describedby="f-sharing-help"\(flag: "checked", when: typed.isSharing)>\
            <label for="f-sharing">\(frame.say("destinations.sharing"))</label></div>\
            <p class="help" id="f-sharing-help">\(frame.say("destinations.sharing-help"))</p>
            """,
        ]
        return """
            <section class="panel pad" aria-labelledby="new-title"><h2 id="new-title">\(frame.say("destinations.new"))</h2>\
            <form class="editor" method="post" action="\(base(frame))">\(Field.csrf(frame))\(fields)<div class="actions"><button type="submit" class="primary">\(frame.say("destinations.create"))</button></div></form></section>
            """
    }
}
