/// Bring history in from a file, and see what became of earlier ones.
public struct ImportsPage: ConsolePage {
    /// Where an import stands.
    public enum State: String, Sendable, CaseIterable {
        /// A file that was uploaded and looked at, and whose import has not been started.
        case mapping
        case running, finished, failed, cancelled
    }

    /// What is known of an import's counts: all, at least so much, or nothing.
    public enum Counted: Sendable { case whole, partly, never }

    /// One import and its counts so far.
    public struct Row: Sendable {
        public var id: String
        public var fileName: String
        public var source: String
        public var state: State
        /// Of a file that waits for its mapping, when it was uploaded.
        public var startedMs: Int64
        public var accepted: Int
        public var duplicates: Int
        public var suppressed: Int
        public var rejected: Int
        public var counted: Counted
        public init(
            id: String, fileName: String, source: String, state: State, startedMs: Int64, accepted: Int = 0, duplicates: Int = 0, suppressed: Int = 0,
            rejected: Int = 0, counted: Counted = .whole
        ) {
            self.counted = counted
            (self.id, self.fileName, self.source, self.state) = (id, fileName, source, state)
            (self.startedMs, self.accepted, self.duplicates, self.suppressed, self.rejected) = (startedMs, accepted, duplicates, suppressed, rejected)
        }

        func count(_ value: Int, _ frame: Frame) -> HTML {
            switch counted {
            case .whole: "\(frame.number(value))"
            case .partly: "\(frame.say("imports.at-least", ["n": frame.number(value)]))"
            case .never: "<span class=\"quiet\">\(frame.say("imports.not-counted"))</span>"
            }
        }
    }

    public var rows: [Row]
    /// Sources that an import may name.
    public var sources: [SourcesPage.Row]
    public var problem: ConsoleProblem?

    public init(rows: [Row], sources: [SourcesPage.Row], problem: ConsoleProblem? = nil) {
        (self.rows, self.sources, self.problem) = (rows, sources, problem)
    }

    public func render(_ frame: Frame) -> String {
        let title = frame.say("section.imports")
        let head = PageHead(title: title, sentence: "\(frame.say("imports.sentence"))")
        let body: HTML = "\(head.html)\(problem.map { $0.html(frame) })\(upload(frame))\(list(frame))"
        return Shell(title: title, section: .imports, scripts: [.imports]).document(frame, body)
    }

    private func upload(_ frame: Frame) -> HTML {
        let usable = sources.filter(\.isEnabled)
        guard !usable.isEmpty else {
            return EmptyState(
                icon: .upload, title: frame.say("imports.no-source-title"), text: frame.say("imports.no-source-text"),
                action: (frame.say("sources.open"), Section.sources.address(in: frame.workspace))
            ).html
        }
        let file = Field(
            name: "file", label: frame.say("imports.file"), kind: .file, help: frame.say("imports.file-help"), isRequired: true)
        let source = Field(
            name: "source", label: frame.say("filter.source"), kind: .choice(usable.map { ($0.id, $0.name) }), value: usable[0].id)
        return """
            <form class="panel pad upload" id="upload" method="post" enctype="multipart/form-data" action="/w/\(frame.workspace)/imports">
            \(Field.csrf(frame))<div class="into">\(source.html)</div>
            <div class="drop" data-dropped="\(frame.say("imports.chosen"))">\(Icon.upload.html)\
            <p data-drop-hint hidden>\(frame.say("imports.drop"))</p>\(file.html)</div>
            <button type="submit" class="primary">\(frame.say("imports.upload"))</button>
            </form>
            """
    }

    private func list(_ frame: Frame) -> HTML {
        guard !rows.isEmpty else {
            return sources.isEmpty ? .none : "<p class=\"quiet pad\">\(frame.say("imports.empty"))</p>"
        }
        return Table(
            caption: frame.say("section.imports"),
            columns: [
                .init(title: frame.say("column.file"), isWide: true), .init(title: frame.say("column.source")),
                .init(title: frame.say("column.status")), .init(title: frame.say("verdict.accepted"), isNumber: true),
                .init(title: frame.say("verdict.duplicate"), isNumber: true), .init(title: frame.say("imports.rejected"), isNumber: true),
                .init(title: frame.say("column.started")),
            ],
            rows: rows.map { row in
                [
                    "<a href=\"/w/\(frame.workspace)/imports/\(row.id)\"><bdi>\(row.fileName)</bdi></a>", "<bdi>\(row.source)</bdi>",
                    row.state.mark(frame), row.count(row.accepted, frame), row.count(row.duplicates, frame), row.count(row.rejected, frame),
                    row.state == .mapping ? frame.phrase("imports.uploaded-at", ["time": frame.time(row.startedMs)]) : frame.time(row.startedMs),
                ]
            }
        ).html
    }
}

extension ImportsPage.State {
    func mark(_ frame: Frame) -> HTML {
        let text = frame.say(PhraseKey("import-state.\(rawValue)"))
        return switch self {
        case .mapping: Status(meaning: .caution, text: text, icon: .settings).html
        case .running: Status(meaning: .quiet, text: text).html
        case .finished: Status(meaning: .good, text: text).html
        case .failed: Status(meaning: .critical, text: text).html
        case .cancelled: Status(meaning: .quiet, text: text, icon: .close).html
        }
    }
}

extension ConsoleProblem {
    /// The refusal in a page: what happened, what to do, and the code for the manual.
    func html(_ frame: Frame) -> HTML {
        """
        <div class="notice critical" role="alert">\(Icon.critical.html)<div><strong><bdi>\(title(frame))</bdi></strong> <bdi>\(remedy(frame))</bdi> <code>\(code)</code></div></div>
        """
    }
}
