/// What a workspace asks people's leave for.
public struct ConsentSettingsPage: ConsolePage {
    /// One in each line, as the form takes them.
    public var purposes: String, topics: String
    /// With commas between.
    public var channels: String
    public var edition: Edition
    public var problem: ConsoleProblem?

    public init(purposes: String, channels: String, topics: String, edition: Edition = Edition(), problem: ConsoleProblem? = nil) {
        (self.purposes, self.channels, self.topics, self.edition, self.problem) = (purposes, channels, topics, edition, problem)
    }

    public func render(_ frame: Frame) -> String {
        let title = frame.say(Section.consent.title)
        let address = Section.consent.address(in: frame.workspace)
        let api = APICall(path: "/api/v1/consent-settings", host: frame.host).drawer(frame)
        let head = PageHead(title: title, sentence: "\(frame.say("consent.settings-sentence"))", actions: "<a class=\"button\" href=\"\(address)/suppressions\">\(frame.say("suppressions.title"))</a>\(api.opener(frame))")
        let note: HTML = problem.map { "<p class=\"notice critical\" role=\"alert\">\(Icon.critical.html)<span>\($0.problem) \($0.remedy)</span></p>" } ?? .none
        let purposesField = Field(name: "purposes", label: frame.say("consent.purposes"), kind: .area(rows: 4), value: purposes, help: frame.say("consent.purposes-help"), isRequired: true)
        let channelsField = Field(name: "channels", label: frame.say("consent.channels"), value: channels, help: frame.say("consent.channels-help"), isRequired: true, autocomplete: "off")
        let topicsField = Field(name: "topics", label: frame.say("consent.topics"), kind: .area(rows: 6), value: topics, help: frame.say("consent.topics-help"))
        let body: HTML = """
            \(head.html)\(note)
            <form class="panel pad editor" method="post" action="\(address)">\(Field.csrf(frame))\(edition.html)\(purposesField.html)\(channelsField.html)\(topicsField.html)
            <div class="actions"><button type="submit" class="primary">\(frame.say("action.save"))</button></div></form>
            \(api.html(frame))
            """
        return Shell(title: title, section: .consent).document(frame, body)
    }
}

/// What a person's answers about consent come to now, and all that they said, on their page.
public struct ConsentPanel: Sendable {
    /// One statement, or one answer and the statement that decided it.
    public struct Row: Sendable {
        /// Purpose, channel, topic and account, with what stands for every one left out.
        public var what: [String]
        /// `granted`, `withdrawn` or `paused`; of an answer also `unknown`, `policy` and `not-a-member`.
        public var state: String
        public var untilMs: Int64?
        /// Nil where no statement decided.
        public var atMs: Int64?
        public var source: String
        public var proof: String
        /// How often at most they want to hear: `daily`, `weekly`, `monthly`; empty for as it comes.
        public var frequency: String
        public init(what: [String], state: String, untilMs: Int64? = nil, atMs: Int64? = nil, source: String = "", proof: String = "", frequency: String = "") {
            (self.what, self.state, self.untilMs, self.atMs, self.source, self.proof, self.frequency) = (what, state, untilMs, atMs, source, proof, frequency)
        }
    }

    /// The answer now for each purpose, by channel, topic and account as far as they said so.
    public var answers: [Row]
    /// What they said, newest first; the newest of it, if it is much.
    public var history: [Row]
    /// How many statements there are.
    public var statements: Int
    /// The page where they choose for themselves.
    public var link: String?
    /// Their mailbox, where nothing goes there whatever they say, with why (as ``SuppressionsPage`` names it) and since when.
    public var suppression: (address: String, because: String, atMs: Int64)?

    public init(answers: [Row], history: [Row], statements: Int, link: String?, suppression: (address: String, because: String, atMs: Int64)? = nil) {
        (self.answers, self.history, self.statements, self.link, self.suppression) = (answers, history, statements, link, suppression)
    }

    func html(_ frame: Frame) -> HTML {
        let opener: HTML = link.map { "<a class=\"button ghost\" href=\"\($0)\">\(frame.say("consent.link"))</a>" } ?? .none
        let inside: HTML = statements == 0 ? "<p class=\"quiet pad\">\(frame.say("consent.panel-empty"))</p>" : .none
        let said: HTML =
            history.isEmpty
            ? .none
            : """
            <details class="pad"><summary>\(frame.say("consent.history", count: statements))</summary>\
            \(history.count < statements ? "<p class=\"help\">\(frame.say("consent.history-newest", count: history.count))</p>" : .none)\(table(history, "consent.history-title", "consent.column-state", "consent.column-when", frame))</details>
            """
        return """
            <section class="panel" aria-labelledby="consent-title"><div class="panel-head"><h2 id="consent-title">\(frame.say("consent.panel"))</h2>\(opener)</div>\(suppressed(frame))\(inside)\
            \(answers.isEmpty ? .none : table(answers, "consent.panel", "consent.column-answer", "consent.column-since", frame))\(said)</section>
            """
    }

    private func suppressed(_ frame: Frame) -> HTML {
        guard let suppression else { return .none }
        return """
            <form class="pad" method="post" action="\(Section.consent.address(in: frame.workspace))/suppressions">\(Field.csrf(frame))<input type="hidden" name="kind" value="email"><input type="hidden" name="value" value="\(suppression.address)">\
            <p class="notice critical">\(Icon.critical.html)<span>\(frame.say("suppressions.messages")) (<bdi>\(suppression.address)</bdi>): \(frame.say(PhraseKey("suppressions.because-\(suppression.because)"))), \
            \(frame.say("suppressions.since")) \(frame.time(suppression.atMs))</span> <button type="submit">\(frame.say("suppressions.title"))</button></p></form>
            """
    }

    private func table(_ rows: [Row], _ caption: PhraseKey, _ state: PhraseKey, _ when: PhraseKey, _ frame: Frame) -> HTML {
        Table(
            caption: frame.say(caption),
            columns: [
                .init(title: frame.say("consent.column-what"), isWide: true), .init(title: frame.say(state)), .init(title: frame.say(when)), .init(title: frame.say("consent.column-source")),
            ],
            rows: rows.map { row in
                let what = row.what.isEmpty ? frame.say("consent.everything") : row.what.joined(separator: " · ")
                let until: HTML = row.untilMs.map { " → \(frame.time($0))" } ?? .none
                let often: HTML = row.frequency.isEmpty ? .none : " <span class=\"quiet\">\(frame.say("consent.at-most")) \(frame.say(PhraseKey("preferences.frequency-\(row.frequency)")).lowercased())</span>"
                let key = PhraseKey("consent.source-\(row.source)")
                let source = Catalogue.knows(key) ? frame.say(key) : row.source
                return [
                    "<bdi>\(what)</bdi>", "\(row.mark(frame))\(until)\(often)", row.atMs.map { frame.time($0) } ?? "<span class=\"quiet\">–</span>",
                    "\(source)\(row.proof.isEmpty || row.proof.lowercased() == source.lowercased() ? .none : " <bdi class=\"quiet\">\(row.proof)</bdi>")",
                ]
            }
        ).html
    }
}

extension ConsentPanel.Row {
    fileprivate func mark(_ frame: Frame) -> HTML {
        let text = frame.say(PhraseKey("consent.state-\(state)"))
        return switch state {
        case "granted", "policy": Status(meaning: .good, text: text).html
        case "withdrawn": Status(meaning: .critical, text: text, icon: .close).html
        case "paused": Status(meaning: .caution, text: text, icon: .pause).html
        default: Status(meaning: .quiet, text: text).html
        }
    }
}
