/// How e-mail is sent: the server, the sender, what DNS must say, and a mail to try it.
public struct EmailPage: ConsolePage {
    /// What stands in DNS.
    public struct Record: Sendable {
        /// `spf`, `dkim`, `dmarc` or `bounce`.
        public var purpose: String
        public var name: String, type: String, value: String
        /// One of ``EmailPage/states``, where it was looked up; and what stands there.
        public var state: String?, there: [String]
        public init(purpose: String, name: String, type: String, value: String, state: String? = nil, there: [String] = []) {
            (self.purpose, self.name, self.type, self.value) = (purpose, name, type, value)
            (self.state, self.there) = (state, there)
        }
    }

    /// What became of a test mail.
    public enum Tried: Sendable, Equatable { case accepted(String), failed(String) }

    /// The form's fields by name, as they were typed.
    public var values: [String: String]
    /// Whether there is a password already.
    public var hasPassword: Bool
    public var isSetUp: Bool
    public var edition = Edition()
    public var records: [Record]
    /// Where reports of bounces are posted to; nil before it is set up.
    public var bounceAddress: String?
    /// When DNS was looked up, whether that was of other settings or keys, and whether the sender is of the organisation that signs; nil before.
    public var checked: (atMs: Int64, isStale: Bool, isAligned: Bool)?
    public var problem: ConsoleProblem?
    public var tried: Tried?
    /// Since when mail is held back after complaints, and after how many of how many mails.
    public var held: (sinceMs: Int64, complaints: Int, sent: Int)?
    /// Of this day: how much went, and how much may go; nil where the sender is not new.
    public var warming: (begun: Int, allowed: Int)?

    public init(
        values: [String: String], hasPassword: Bool = false, isSetUp: Bool = false, records: [Record] = [], bounceAddress: String? = nil, problem: ConsoleProblem? = nil, tried: Tried? = nil
    ) {
        (self.values, self.hasPassword, self.isSetUp, self.records) = (values, hasPassword, isSetUp, records)
        (self.bounceAddress, self.problem, self.tried) = (bounceAddress, problem, tried)
    }

    public static let states = ["found", "missing", "differs", "unknown"]
    public static let securities = ["starttls", "tls", "opportunistic", "none"]

    public func render(_ frame: Frame) -> String {
        let title = frame.say(Section.email.title)
        let address = Section.email.address(in: frame.workspace)
        let api = APICall(path: "/api/v1/channels/email", host: frame.host).drawer(frame)
        let status = isSetUp ? Status(meaning: .good, text: frame.say("email.set-up")) : Status(meaning: .quiet, text: frame.say("email.not-set-up"))
        let head = PageHead(title: title, sentence: "\(frame.say("email.sentence"))", status: status.html, actions: api.opener(frame))
        let note: HTML = problem.map { "<p class=\"notice critical\" role=\"alert\">\(Icon.critical.html)<span>\($0.problem) \($0.remedy)</span></p>" } ?? .none
        let body: HTML = "\(head.html)\(note)\(standing(frame, address))\(form(frame, address))\(isSetUp ? "\(trial(frame, address))\(dns(frame, address))\(bounces(frame))" : .none)\(api.html(frame))"
        return Shell(title: title, section: .email).document(frame, body)
    }

    /// What holds mail back.
    private func standing(_ frame: Frame, _ address: String) -> HTML {
        let warmth: HTML = warming.map { begun, allowed in "<p class=\"notice caution\" role=\"status\">\(Icon.caution.html)<span>\(frame.say("email.warming", ["begun": frame.number(begun), "allowed": frame.number(allowed)]))</span></p>" } ?? .none
        guard let held else { return warmth }
        let said = frame.say("email.held", ["complaints": frame.number(held.complaints), "sent": frame.number(held.sent)])
        return """
            <section class="notice critical" role="alert">\(Icon.critical.html)<div><p>\(said) \(frame.time(held.sinceMs))</p><p>\(frame.say("email.held-help"))</p>
            <form method="post" action="\(address)/release">\(Field.csrf(frame))<button type="submit">\(frame.say("email.release"))</button></form></div></section>\(warmth)
            """
    }

    private func field(_ name: String, _ frame: Frame, isRequired: Bool = false, hasHelp: Bool = true, placeholder: String? = nil) -> HTML {
        Field(
            name: name, label: frame.say(PhraseKey("email.\(name)")), value: values[name] ?? "", help: hasHelp ? frame.say(PhraseKey("email.\(name)-help")) : nil, isRequired: isRequired, autocomplete: "off",
            placeholder: placeholder
        ).html
    }

    private func form(_ frame: Frame, _ address: String) -> HTML {
        let security = Field(
            name: "security", label: frame.say("email.security"), kind: .choice(Self.securities.map { ($0, frame.say(PhraseKey("email.security-\($0)"))) }), value: values["security"] ?? "starttls").html
        let password = Field(
            name: "password", label: frame.say("email.password"), kind: .password, help: frame.say(hasPassword ? "email.password-kept" : "email.password-help"), autocomplete: "new-password").html
        let postal = Field(name: "postalAddress", label: frame.say("email.postalAddress"), kind: .area(rows: 3), value: values["postalAddress"] ?? "", help: frame.say("email.postalAddress-help")).html
        let authority = Field(name: "authority", label: frame.say("email.authority"), kind: .area(rows: 3), value: values["authority"] ?? "", help: frame.say("email.authority-help")).html
        func box(_ name: String) -> HTML {
            """
            <div class="field check"><input type="checkbox" id="f-\(name)" name="\(name)" value="1"\(flag: "checked", when: values[name] == "1")>\
            <label for="f-\(name)">\(frame.say(PhraseKey("email.\(name)")))</label></div>
            """
        }
        let boxes = ["tracksOpens", "tracksClicks"].map(box)
        return """
            <form class="panel pad editor" method="post" action="\(address)">\(Field.csrf(frame))\(edition.html)
            <h2>\(frame.say("email.sender"))</h2>
            <div class="two">\(field("fromName", frame, hasHelp: false))\(field("fromAddress", frame, isRequired: true, placeholder: "shop@example.com"))</div>
            <div class="two">\(field("replyTo", frame))\(field("bounceAddress", frame, placeholder: "b@bounces.example.com"))</div>
            \(postal)
            <h2>\(frame.say("email.server"))</h2>
            <div class="three">\(field("host", frame, isRequired: true, placeholder: "smtp.example.com"))\(field("port", frame, isRequired: true))\(security)</div>
            <div class="two">\(field("user", frame, hasHelp: false))\(password)</div>
            <details><summary>\(frame.say("email.more"))</summary>
            <div class="two">\(field("dkimDomain", frame))\(field("connections", frame))</div>
            \(box("signs"))
            <div class="two">\(field("softBounceMaximum", frame))\(field("restHours", frame))</div>
            <div class="three">\(field("complaintsPerMille", frame))\(field("warmUpFrom", frame, placeholder: "2026-05-04"))\(field("warmUpFirst", frame))</div>\(box("withoutRecords"))\(authority)</details>
            <fieldset><legend>\(frame.say("email.tracking"))</legend>\(boxes)<p class="help">\(frame.say("email.tracking-help"))</p></fieldset>
            <div class="actions"><button type="submit" class="primary">\(frame.say("action.save"))</button></div></form>
            """
    }

    private func trial(_ frame: Frame, _ address: String) -> HTML {
        let outcome: HTML
        switch tried {
        case .accepted(let detail): outcome = "<p class=\"notice good\" role=\"status\">\(Icon.good.html)<span>\(frame.say("email.test-accepted")) <bdi class=\"quiet\">\(detail)</bdi></span></p>"
        case .failed(let detail): outcome = "<p class=\"notice critical\" role=\"alert\">\(Icon.critical.html)<span>\(frame.say("email.test-failed")) <bdi>\(detail)</bdi></span></p>"
        case nil: outcome = .none
        }
        let to = Field(name: "to", label: frame.say("email.test-to"), help: frame.say("email.test-help"), isRequired: true, autocomplete: "email", placeholder: "you@example.com").html
        return """
            <section class="panel pad" aria-labelledby="test-title"><h2 id="test-title">\(frame.say("email.test"))</h2>\(outcome)
            <form method="post" action="\(address)/test">\(Field.csrf(frame))\(to)<div class="actions"><button type="submit">\(frame.say("email.test-send"))</button></div></form></section>
            """
    }

    private func dns(_ frame: Frame, _ address: String) -> HTML {
        let blocks = records.map { record -> HTML in
            """
            <h3>\(frame.say(PhraseKey("email.dns-\(record.purpose)")))\(record.state.map { state -> HTML in " \(status(of: state, frame))" })</h3><p class="quiet">\(frame.say(PhraseKey("email.dns-\(record.purpose)-help")))</p>
            \(CodeBlock(code: record.name, label: "\(record.type) · \(frame.say("email.dns-name"))").html(frame))\(CodeBlock(code: record.value, label: frame.say("email.dns-value")).html(frame))\(there(record, frame))
            """
        }
        let renewal = Confirmation(
            id: "keys", title: frame.say("email.keys-title"), button: frame.say("email.keys"), consequences: [frame.say("email.keys-new"), frame.say("email.keys-old")], action: "\(address)/keys",
            submit: frame.say("email.keys"))
        return """
            <section class="panel pad" aria-labelledby="dns-title"><h2 id="dns-title">\(frame.say("email.dns"))</h2><p>\(frame.say("email.dns-sentence"))</p>\(looking(frame, address))\(blocks)
            <div class="actions">\(renewal.opener)</div></section>\(renewal.html(frame))
            """
    }

    /// When it was looked up, and the button that does it again.
    private func looking(_ frame: Frame, _ address: String) -> HTML {
        let said: HTML = checked.map { checked -> HTML in
            if checked.isStale { return "\(Status(meaning: .caution, text: frame.say("email.check-stale")).html)" }
            return "\(frame.say("email.checked")) \(frame.time(checked.atMs))"
        } ?? "\(frame.say("email.not-checked"))"
        let alignment: HTML = checked.map { $0.isAligned || $0.isStale } ?? true ? .none : "<p class=\"notice critical\">\(Icon.critical.html)<span>\(frame.say("email.not-aligned"))</span></p>"
        return "\(alignment)<form class=\"actions\" method=\"post\" action=\"\(address)/check\">\(Field.csrf(frame))<button type=\"submit\">\(frame.say("email.check"))</button> <span class=\"help\">\(said)</span></form>"
    }

    private func status(of state: String, _ frame: Frame) -> HTML {
        let meaning: Status.Meaning = ["found": .good, "missing": .critical, "differs": .critical][state] ?? .caution
        return Status(meaning: meaning, text: frame.say(PhraseKey("email.state-\(state)"))).html
    }

    /// What stands in its place.
    private func there(_ record: Record, _ frame: Frame) -> HTML {
        guard record.state == "differs" else { return .none }
        return "\(record.there.map { CodeBlock(code: $0, label: frame.say("email.dns-there")).html(frame) })"
    }

    private func bounces(_ frame: Frame) -> HTML {
        guard let bounceAddress else { return .none }
        return """
            <section class="panel pad" aria-labelledby="bounces-title"><h2 id="bounces-title">\(frame.say("email.bounces"))</h2><p>\(frame.say("email.bounces-sentence"))</p>
            \(CodeBlock(code: frame.host + bounceAddress, label: frame.say("email.bounces-post")).html(frame))\(CodeBlock(code: "martlet mail bounce --workspace \(frame.workspace)", label: frame.say("email.bounces-pipe")).html(frame))</section>
            """
    }
}
