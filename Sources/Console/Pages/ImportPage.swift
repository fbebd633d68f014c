/// One import: how its columns are read, how far it is, what it refused.
public struct ImportPage: ConsolePage {
    /// What a column of a CSV becomes.
    public enum Target: String, Sendable, CaseIterable {
        case userId, anonymousId, messageId, event, timestamp
        /// `traits.<name>`.
        case trait
        /// `properties.<name>`.
        case property
        case ignore
    }

    /// One column of the file and what it becomes.
    public struct Column: Sendable {
        public var header: String
        /// A few values, as they stand in the file.
        public var samples: [String]
        public var target: Target
        /// The trait's or property's name, at first the header.
        public var name: String
        public init(header: String, samples: [String], target: Target, name: String) {
            (self.header, self.samples, self.target, self.name) = (header, samples, target, name)
        }
    }

    /// One line that was not understood.
    public struct Rejected: Sendable {
        /// Of the file, counting from 1.
        public var line: Int
        public var reason: ConsoleProblem
        public var text: String
        public init(line: Int, reason: ConsoleProblem, text: String) { (self.line, self.reason, self.text) = (line, reason, text) }
    }

    public var row: ImportsPage.Row
    /// For a CSV that waits for its mapping.
    public var columns: [Column]
    /// `identify` or `track`: the call that each line becomes.
    public var call: String
    public var bytesRead: Int64
    public var bytesTotal: Int64
    public var finishedMs: Int64?
    /// The first of them; the API has all.
    public var rejected: [Rejected]
    public var problem: ConsoleProblem?

    public init(
        row: ImportsPage.Row, columns: [Column] = [], call: String = "identify", bytesRead: Int64 = 0, bytesTotal: Int64 = 0,
        finishedMs: Int64? = nil, rejected: [Rejected] = [], problem: ConsoleProblem? = nil
    ) {
        (self.row, self.columns, self.call) = (row, columns, call)
        (self.bytesRead, self.bytesTotal, self.finishedMs) = (bytesRead, bytesTotal, finishedMs)
        (self.rejected, self.problem) = (rejected, problem)
    }

    public func render(_ frame: Frame) -> String {
        let isRunning = row.state == .running
        let api = APICall(path: "/api/v1/imports/\(Address.encoded(row.id))", host: frame.host).drawer(frame)
        let head = PageHead(
            title: row.fileName, sentence: frame.phrase("import.sentence", ["source": "<bdi>\(row.source)</bdi>", "time": frame.time(row.startedMs)]),
            status: row.state.mark(frame), actions: "\(api.opener(frame))\(cancel(frame))",
            parent: (frame.say("section.imports"), Section.imports.address(in: frame.workspace)))
        let content = row.state == .mapping ? mapping(frame) : progress(frame)
        // While it runs, everything that changes is inside the part that the script fetches again.
        let body: HTML = """
            <div\(attribute: "data-refresh", isRunning ? "2" : nil)>\(head.html)\(problem.map { $0.html })\(content)</div>\(api.html(frame))
            """
        return Shell(
            title: row.fileName, section: .imports, scripts: isRunning ? [.refresh] : [], reloadSeconds: isRunning ? 5 : nil
        ).document(frame, body)
    }

    private func base(_ frame: Frame) -> String {
        Section.imports.address(in: frame.workspace) + "/" + Address.encoded(row.id)
    }

    private func cancel(_ frame: Frame) -> HTML {
        guard row.state == .running || row.state == .mapping else { return .none }
        return "<form method=\"post\" action=\"\(base(frame))/cancel\">\(Field.csrf(frame))<button type=\"submit\">\(frame.say("import.cancel"))</button></form>"
    }

    private func mapping(_ frame: Frame) -> HTML {
        let call = Field(
            name: "call", label: frame.say("import.call"),
            kind: .choice([("identify", frame.say("import.call-identify")), ("track", frame.say("import.call-track"))]), value: call,
            help: frame.say("import.call-help"))
        let targets = Target.allCases.map { ($0.rawValue, $0.title(frame)) }
        let table = Table(
            caption: frame.say("import.mapping"),
            columns: [
                .init(title: frame.say("column.column")), .init(title: frame.say("column.samples"), isWide: true),
                .init(title: frame.say("column.becomes")), .init(title: frame.say("column.called")),
            ],
            rows: columns.enumerated().map { index, column in
                let samples = column.samples.prefix(3).map { sample -> HTML in "<li><bdi>\(sample)</bdi></li>" }
                return [
                    "<strong><bdi>\(column.header)</bdi></strong>", "<ul class=\"samples\">\(samples)</ul>",
                    Field(
                        name: "target-\(index)", label: frame.say("import.becomes", ["column": column.header]), kind: .choice(targets),
                        value: column.target.rawValue
                    ).html,
                    Field(name: "name-\(index)", label: frame.say("import.called", ["column": column.header]), value: column.name, autocomplete: "off").html,
                ]
            })
        return """
            <form method="post" action="\(base(frame))/start" class="mapping">\(Field.csrf(frame))
            <section class="panel pad"><h2>\(frame.say("import.mapping"))</h2><p>\(frame.say("import.mapping-text"))</p>\(call.html)</section>
            \(table.html)
            <div class="actions"><button type="submit" class="primary">\(frame.say("import.start"))</button></div></form>
            """
    }

    private func progress(_ frame: Frame) -> HTML {
        let total = max(bytesTotal, 1)
        let percent = row.state == .finished ? 100 : Int(min(bytesRead, total) * 100 / total)
        let bar: HTML =
            row.state == .running
            ? """
            <div class="panel pad"><label for="progress">\(frame.say("import.progress", ["percent": String(percent)]))</label>\
            <progress id="progress" max="100" value="\(percent)">\(percent)</progress></div>
            """ : .none
        return """
            \(bar)<div class="tiles">\(tile(frame, "verdict.accepted", row.accepted))\(tile(frame, "verdict.duplicate", row.duplicates))\
            \(tile(frame, "imports.rejected", row.rejected, className: row.rejected > 0 ? "tile caution" : "tile"))\
            \(finishedMs.map { ms -> HTML in "<div class=\"tile\"><span>\(frame.say("import.finished"))</span><strong class=\"small\">\(frame.time(ms))</strong></div>" })</div>
            \(rejectedList(frame))
            """
    }

    private func tile(_ frame: Frame, _ key: PhraseKey, _ value: Int, className: String = "tile") -> HTML {
        "<div class=\"\(className)\"><span>\(frame.say(key))</span><strong>\(frame.number(value))</strong></div>"
    }

    private func rejectedList(_ frame: Frame) -> HTML {
        guard !rejected.isEmpty else {
            return row.state == .finished ? "<p class=\"notice good\">\(Icon.good.html)<span>\(frame.say("import.none-rejected"))</span></p>" : .none
        }
        let table = Table(
            caption: frame.say("import.rejected-title"),
            columns: [
                .init(title: frame.say("column.line"), isNumber: true), .init(title: frame.say("column.reason"), isWide: true),
                .init(title: frame.say("column.text")),
            ],
            rows: rejected.map { item in
                [
                    "\(frame.number(item.line))",
                    "<strong><bdi>\(item.reason.problem)</bdi></strong> <bdi>\(item.reason.remedy)</bdi> <code class=\"quiet\">\(item.reason.code)</code>",
                    "<code class=\"clip\">\(item.text)</code>",
                ]
            })
        let hidden = row.rejected - rejected.count
        let more: HTML = hidden > 0 ? "<p class=\"help\">\(frame.say("import.more-rejected", count: hidden))</p>" : .none
        return "<h2>\(frame.say("import.rejected-title"))</h2>\(table.html)\(more)"
    }
}

extension ImportPage.Target {
    func title(_ frame: Frame) -> String {
        switch self {
        // The names of the call's own fields are the same in every language.
        case .userId, .anonymousId, .messageId, .event, .timestamp: rawValue
        case .trait: frame.say("target.trait")
        case .property: frame.say("target.property")
        case .ignore: frame.say("target.ignore")
        }
    }
}
