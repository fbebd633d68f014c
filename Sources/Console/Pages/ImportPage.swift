/// One import: how its columns are read, how far it is, what it refused.
public struct ImportPage: ConsolePage {
    /// What a column of a CSV becomes.
    public enum Target: String, Sendable, CaseIterable {
        case userId, anonymousId, messageId, event, timestamp, groupId
        /// `traits.<name>` where rows are people, `properties.<name>` where they are what people did.
        case value
        case ignore
    }

    /// One column of the file and what it becomes.
    public struct Column: Sendable {
        public var header: String
        /// A few values, as they stand in the file.
        public var samples: [String]
        public var target: Target
        /// The value's name, at first the header.
        public var name: String
        /// Whether another column is the same field of the call.
        public var isTaken: Bool
        /// Of a column that is a time, a value that cannot be read as one.
        public var unreadableTime: String?
        public init(header: String, samples: [String], target: Target, name: String, isTaken: Bool = false, unreadableTime: String? = nil) {
            (self.header, self.samples, self.target, self.name) = (header, samples, target, name)
            (self.isTaken, self.unreadableTime) = (isTaken, unreadableTime)
        }
    }

    /// One line that was not understood.
    public struct Rejected: Sendable {
        /// Of the file, counting from 1.
        public var line: Int
        public var reason: ConsoleProblem
        public init(line: Int, reason: ConsoleProblem) { (self.line, self.reason) = (line, reason) }
    }

    public var row: ImportsPage.Row
    /// For a CSV that waits for its mapping.
    public var columns: [Column]
    /// Columns behind those that the form shows; they keep what their headers say.
    public var columnsHidden: Int
    /// The first lines of a file that needs no mapping.
    public var lines: [String]
    /// `identify` or `track`: the call that each line becomes.
    public var call: String
    /// What of the columns that were chosen cannot work: none names anybody, none names what they did.
    public var isNobody: Bool
    public var isNameless: Bool
    public var bytesRead: Int64
    /// Nil where nobody knows how much there is to read, as for what comes through the API.
    public var bytesTotal: Int64?
    public var finishedMs: Int64?
    /// The first of them; the API has all.
    public var rejected: [Rejected]
    public var problem: ConsoleProblem?

    public init(
        row: ImportsPage.Row, columns: [Column] = [], columnsHidden: Int = 0, lines: [String] = [], call: String = "identify", isNobody: Bool = false,
        isNameless: Bool = false, bytesRead: Int64 = 0, bytesTotal: Int64? = nil, finishedMs: Int64? = nil, rejected: [Rejected] = [], problem: ConsoleProblem? = nil
    ) {
        (self.row, self.columns, self.columnsHidden, self.lines, self.call) = (row, columns, columnsHidden, lines, call)
        (self.isNobody, self.isNameless) = (isNobody, isNameless)
        (self.bytesRead, self.bytesTotal, self.finishedMs) = (bytesRead, bytesTotal, finishedMs)
        (self.rejected, self.problem) = (rejected, problem)
    }

    public func render(_ frame: Frame) -> String {
        let isRunning = row.state == .running
        // What waits for its mapping is only here; the API knows an import from its start.
        let api = row.state == .mapping ? nil : APICall(path: "/api/v1/imports/\(Address.encoded(row.id))", host: frame.host).drawer(frame)
        let head = PageHead(
            title: row.fileName, sentence: frame.phrase("import.sentence", ["source": "<bdi>\(row.source)</bdi>", "time": frame.time(row.startedMs)]),
            status: row.state.mark(frame), actions: "\(api.map { $0.opener(frame) })\(cancel(frame))",
            parent: (frame.say("section.imports"), Section.imports.address(in: frame.workspace)))
        let content = row.state == .mapping ? mapping(frame) : progress(frame)
        // While it runs, everything that changes is inside the part that the script fetches again.
        let body: HTML = """
            <div\(attribute: "data-refresh", isRunning ? "2" : nil)>\(head.html)\(problem.map { $0.html(frame) })\(content)</div>\(api.map { $0.html(frame) })
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
        guard !columns.isEmpty else { return lineSample(frame) }
        let call = Field(
            name: "call", label: frame.say("import.call"),
            kind: .choice([("identify", frame.say("import.call-identify")), ("track", frame.say("import.call-track"))]), value: call,
            help: frame.say("import.call-help"), error: isNameless ? frame.say("import.no-event") : nil)
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
                        value: column.target.rawValue, error: error(index, column, frame)
                    ).html,
                    Field(name: "name-\(index)", label: frame.say("import.called", ["column": column.header]), value: column.name, autocomplete: "off").html,
                ]
            })
        let hiddenColumns: HTML = columnsHidden > 0 ? "<p class=\"help\">\(frame.say("import.more-columns", count: columnsHidden))</p>" : .none
        return """
            <form method="post" action="\(base(frame))/start" class="mapping">\(Field.csrf(frame))
            <section class="panel pad"><h2>\(frame.say("import.mapping"))</h2><p>\(frame.say("import.mapping-text"))</p>\(call.html)</section>
            \(table.html)\(hiddenColumns)
            <div class="actions"><button type="submit" class="primary">\(frame.say("import.start"))</button></div></form>
            """
    }

    /// What is wrong with a column's choice. That nobody is named is wrong with all of them, and stands at the first, where the choosing begins.
    private func error(_ index: Int, _ column: Column, _ frame: Frame) -> String? {
        if column.isTaken { return frame.say("import.taken") }
        if let time = column.unreadableTime { return frame.say("import.time-unreadable", ["value": time]) }
        return isNobody && index == 0 ? frame.say("import.nobody") : nil
    }

    /// A file that names its own calls: a look at its first lines, and the button.
    private func lineSample(_ frame: Frame) -> HTML {
        """
        <form method="post" action="\(base(frame))/start">\(Field.csrf(frame))
        <section class="panel pad"><h2>\(frame.say("import.lines"))</h2><p class="sentence">\(frame.say("import.lines-text"))</p>\
        <div class="code"><pre tabindex="0"><code>\(lines.joined(separator: "\n"))</code></pre></div></section>
        <div class="actions"><button type="submit" class="primary">\(frame.say("import.start"))</button></div></form>
        """
    }

    private func progress(_ frame: Frame) -> HTML {
        """
        \(bar(frame))<div class="tiles">\(tile(frame, "verdict.accepted", row.accepted))\(tile(frame, "verdict.duplicate", row.duplicates))\
        \(row.suppressed > 0 ? tile(frame, "imports.suppressed", row.suppressed) : .none)\
        \(tile(frame, "imports.rejected", row.rejected, className: row.rejected > 0 ? "tile caution" : "tile"))\
        \(finishedMs.map { ms -> HTML in "<div class=\"tile\"><span>\(frame.say("import.finished"))</span><strong class=\"small\">\(frame.time(ms))</strong></div>" })</div>
        \(rejectedList(frame))
        """
    }

    /// How far it is, how fast, and how long it takes yet, as far as anyone can know.
    private func bar(_ frame: Frame) -> HTML {
        guard row.state == .running else { return .none }
        let elapsedMs = max(frame.nowMs - row.startedMs, 1)
        var sentence = frame.say("import.read", ["size": Self.size(bytesRead, frame)])
        var value: Int64?
        if let total = bytesTotal, total > 0 {
            let percent = min(bytesRead, total) * 100 / total
            value = percent
            sentence = frame.say("import.progress", ["percent": String(percent)])
        }
        var pace: [String] = []
        // The first second says nothing about the rest.
        if elapsedMs >= 1000, row.accepted + row.duplicates + row.suppressed > 0 {
            pace.append(frame.say("import.rate", count: (row.accepted + row.duplicates + row.suppressed + row.rejected) * 1000 / Int(elapsedMs)))
            if let total = bytesTotal, bytesRead > 0 { pace.append(left(seconds: Int(Double(max(total - bytesRead, 0)) / Double(bytesRead) * Double(elapsedMs) / 1000), frame)) }
        }
        return """
            <div class="panel pad progress"><label for="progress">\(sentence)</label>\
            <progress id="progress" max="100"\(attribute: "value", value.map { String($0) })></progress>\
            <p class="help">\(pace.joined(separator: " · "))</p></div>
            """
    }

    private func left(seconds: Int, _ frame: Frame) -> String {
        switch seconds {
        case ..<60: frame.say("import.left-seconds", count: max(seconds, 1))
        case ..<5400: frame.say("import.left-minutes", count: (seconds + 30) / 60)
        default: frame.say("import.left-hours", count: (seconds + 1800) / 3600)
        }
    }

    /// Bytes in the unit that people read.
    static func size(_ bytes: Int64, _ frame: Frame) -> String {
        bytes < 1 << 20 ? "\(frame.number(Int((bytes + 1023) / 1024))) KB" : "\(frame.number(Int(bytes >> 20))) MB"
    }

    private func tile(_ frame: Frame, _ key: PhraseKey, _ value: Int, className: String = "tile") -> HTML {
        "<div class=\"\(className)\"><span>\(frame.say(key))</span><strong>\(row.count(value, frame))</strong></div>"
    }

    private func rejectedList(_ frame: Frame) -> HTML {
        guard !rejected.isEmpty else {
            if row.state == .finished, row.accepted + row.duplicates + row.suppressed + row.rejected == 0 { return "<p class=\"notice\">\(frame.say("import.no-rows"))</p>" }
            return row.state == .finished ? "<p class=\"notice good\">\(Icon.good.html)<span>\(frame.say("import.none-rejected"))</span></p>" : .none
        }
        let table = Table(
            caption: frame.say("import.rejected-title"),
            columns: [.init(title: frame.say("column.line"), isNumber: true), .init(title: frame.say("column.reason"), isWide: true)],
            rows: rejected.map { item in
                [
                    "\(frame.number(item.line))",
                    "<strong><bdi>\(item.reason.title(frame))</bdi></strong> <bdi>\(item.reason.remedy(frame))</bdi> <code class=\"quiet\">\(item.reason.code)</code>",
                ]
            }, id: "rejected")
        let hidden = row.rejected - rejected.count
        let more: HTML = hidden > 0 ? "<p class=\"help\">\(frame.say("import.more-rejected", count: hidden))</p>" : .none
        let quarantine = frame.phrase(
            "import.rejected-text", ["link": "<a href=\"\(Address.with(Section.quarantine.address(in: frame.workspace), [("source", row.source)]))\">\(frame.say("section.quarantine"))</a>"])
        return """
            <section class="panel"><div class="panel-head"><h2>\(frame.say("import.rejected-title"))</h2>\
            <a href="\(base(frame))/rejected.csv" download>\(frame.say("import.rejected-download"))</a></div><p class="help pad-sides">\(quarantine)</p>\(table.html)\(more)</section>
            """
    }
}

extension ImportPage.Target {
    func title(_ frame: Frame) -> String {
        switch self {
        // The names of the call's own fields are the same in every language.
        case .userId, .anonymousId, .messageId, .event, .timestamp, .groupId: rawValue
        case .value: frame.say("target.value")
        case .ignore: frame.say("target.ignore")
        }
    }
}
