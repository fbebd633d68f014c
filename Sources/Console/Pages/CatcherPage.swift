/// Mail that was caught instead of being sent.
public struct CatcherPage: ConsolePage {
    public struct Row: Sendable {
        public var number: Int
        public var atMs: Int64
        public var to: String, subject: String
        public init(number: Int, atMs: Int64, to: String, subject: String) { (self.number, self.atMs, self.to, self.subject) = (number, atMs, to, subject) }
    }

    public var rows: [Row]
    /// Where it listens; nil while it does not.
    public var port: Int?
    /// Live journeys that keep some people out, and how many of 10,000: who waits for their mail here may be one of them.
    public var holdouts: [(id: String, name: String, share: Int)]

    public init(rows: [Row], port: Int?, holdouts: [(id: String, name: String, share: Int)] = []) { (self.rows, self.port, self.holdouts) = (rows, port, holdouts) }

    public func render(_ frame: Frame) -> String {
        let title = frame.say(Section.catcher.title)
        let address = Section.catcher.address(in: frame.workspace)
        let api = APICall(path: "/api/v1/mail-catcher", host: frame.host).drawer(frame)
        let status = port.map { Status(meaning: .good, text: frame.say("catcher.listens", ["port": String($0)])) } ?? Status(meaning: .quiet, text: frame.say("catcher.off"))
        let clearing: HTML = rows.isEmpty ? .none : "<form method=\"post\" action=\"\(address)/clear\">\(Field.csrf(frame))<button type=\"submit\" class=\"ghost\">\(frame.say("catcher.clear"))</button></form>"
        let head = PageHead(title: title, sentence: "\(frame.say("catcher.sentence"))", status: status.html, actions: "\(api.opener(frame))\(clearing)")
        let empty = EmptyState(
            icon: .catcher, title: frame.say("catcher.empty-title"), text: frame.say(port == nil ? "catcher.off-text" : "catcher.empty-text"),
            action: (frame.say(Section.email.title), Section.email.address(in: frame.workspace)))
        let table = Table(
            caption: title,
            columns: [.init(title: frame.say("catcher.subject"), isWide: true), .init(title: frame.say("catcher.to")), .init(title: frame.say("catcher.at"))],
            rows: rows.map { row in
                ["<a href=\"\(address)/\(row.number)\"><bdi>\(row.subject.isEmpty ? frame.say("catcher.no-subject") : row.subject)</bdi></a>", "<bdi>\(row.to)</bdi>", frame.time(row.atMs)]
            })
        let body: HTML = "\(head.html)<div\(attribute: "data-refresh", port == nil ? nil : "3")>\(rows.isEmpty ? empty.html : table.html)</div>\(missing(frame))\(api.html(frame))"
        return Shell(title: title, section: .catcher, scripts: port == nil ? [] : [.refresh]).document(frame, body)
    }
}

extension CatcherPage {
    /// Why a mail that was to come may not: a share of people is held out, and their own page says so.
    private func missing(_ frame: Frame) -> HTML {
        guard !holdouts.isEmpty else { return .none }
        let items = holdouts.map { journey -> HTML in
            "<li><a href=\"\(Section.journeys.address(in: frame.workspace))/\(journey.id)\"><bdi>\(journey.name)</bdi></a>: \(frame.say("catcher.holds-out", ["share": frame.percent(permille: journey.share / 10)]))</li>"
        }
        return "<section class=\"panel pad\" aria-labelledby=\"missing-title\"><h2 id=\"missing-title\">\(frame.say("catcher.missing-title"))</h2><p>\(frame.say("catcher.missing-text"))</p><ul>\(items)</ul></section>"
    }
}

/// One mail that was caught.
public struct CaughtPage: ConsolePage {
    public var number: Int
    public var atMs: Int64
    public var subject: String, from: String, to: String
    public var text: String?
    /// Where the HTML is, as a page of its own; nil where there is none.
    public var frameAddress: String?
    /// Files that it carries.
    public var attachments: [(name: String, bytes: Int)] = []
    public var headers: [(name: String, value: String)]
    public var raw: String

    public init(number: Int, atMs: Int64, subject: String, from: String, to: String, text: String?, frameAddress: String?, headers: [(name: String, value: String)], raw: String) {
        (self.number, self.atMs, self.subject, self.from, self.to) = (number, atMs, subject, from, to)
        (self.text, self.frameAddress, self.headers, self.raw) = (text, frameAddress, headers, raw)
    }

    public func render(_ frame: Frame) -> String {
        let list = Section.catcher.address(in: frame.workspace)
        let title = subject.isEmpty ? frame.say("catcher.no-subject") : subject
        let api = APICall(path: "/api/v1/mail-catcher/\(number)", host: frame.host).drawer(frame)
        let head = PageHead(
            title: title, sentence: "<bdi>\(from)</bdi> → <bdi>\(to)</bdi> · \(frame.time(atMs))", actions: api.opener(frame), parent: (frame.say(Section.catcher.title), list))
        let mail = frameAddress.map { address -> HTML in "<iframe class=\"mail-frame\" src=\"\(address)\" title=\"\(frame.say("templates.preview-html"))\" sandbox=\"allow-popups allow-popups-to-escape-sandbox\"></iframe>" }
        let plain = text.map { text -> HTML in
            "<details\(flag: "open", when: frameAddress == nil)><summary>\(frame.say("templates.preview-text"))</summary><pre class=\"mail-text\" tabindex=\"0\">\(text)</pre></details>"
        }
        let names = attachments.map { file -> HTML in "<li><bdi>\(file.name)</bdi> <span class=\"quiet\">\(ImportPage.size(Int64(file.bytes), frame))</span></li>" }
        let files: HTML = attachments.isEmpty ? .none : "<h2>\(frame.say("templates.attachments"))</h2><ul>\(names)</ul>"
        let fields = headers.map { field -> HTML in "<dt>\(field.name)</dt><dd><bdi>\(field.value)</bdi></dd>" }
        let body: HTML = """
            \(head.html)<div class="panel mail">\(mail)\(plain)\(files)
            <details><summary>\(frame.say("catcher.headers"))</summary><dl class="mail-headers">\(fields)</dl></details>
            <details><summary>\(frame.say("catcher.raw"))</summary><pre class="mail-text" tabindex="0">\(raw)</pre></details></div>\(api.html(frame))
            """
        return Shell(title: title, section: .catcher).document(frame, body)
    }
}
