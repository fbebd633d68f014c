/// Keys for programs that read and manage through the API.
public struct TokensPage: ConsolePage {
    /// One token, without its secret.
    public struct Row: Sendable {
        public var id: String
        public var name: String
        public var scopes: [String]
        public var createdMs: Int64
        public var lastUsedMs: Int64?
        public init(id: String, name: String, scopes: [String], createdMs: Int64, lastUsedMs: Int64? = nil) {
            (self.id, self.name, self.scopes) = (id, name, scopes)
            (self.createdMs, self.lastUsedMs) = (createdMs, lastUsedMs)
        }
    }

    /// A token just made; only its hash is kept, so this is the one time to show it.
    public struct Created: Sendable {
        public var name: String
        public var token: String
        public init(name: String, token: String) { (self.name, self.token) = (name, token) }
    }

    /// Why a token was not made.
    public enum Mistake: Sendable, Equatable {
        case nameMissing, scopesMissing, nameTaken
        /// The form came a second time, as reloading its answer sends it; the token is there, its secret was shown.
        case sentAgain
    }

    public var rows: [Row]
    /// What a token may be given, such as `all` or `profiles:read`.
    public var scopes: [String]
    public var created: Created?
    public var mistake: Mistake?
    public var typedName: String
    /// Scopes that were ticked, kept when the form is refused.
    public var ticked: Set<String>
    /// A value of its own in each form, so that the same form makes one token only.
    public var once: String

    public init(
        rows: [Row], scopes: [String], created: Created? = nil, mistake: Mistake? = nil, typedName: String = "", ticked: Set<String> = [], once: String = ""
    ) {
        (self.rows, self.scopes, self.created) = (rows, scopes, created)
        (self.mistake, self.typedName, self.ticked, self.once) = (mistake, typedName, ticked, once)
    }

    public func render(_ frame: Frame) -> String {
        let title = frame.say("section.tokens")
        let head = PageHead(title: title, sentence: "\(frame.say("tokens.sentence"))")
        let list: HTML =
            rows.isEmpty
            ? EmptyState(icon: .tokens, title: frame.say("tokens.empty-title"), text: frame.say("tokens.empty-text")).html : table(frame)
        let dialogs = rows.map { revocation($0, frame).html(frame) }
        let body: HTML = "\(head.html)\(summary(frame))\(shownOnce(frame))\(list)\(form(frame))\(dialogs)"
        return Shell(title: title, section: .tokens).document(frame, body)
    }

    /// What is wrong, first on the page and with the focus, and the way to where it is put right: the form stands below the list.
    private func summary(_ frame: Frame) -> HTML {
        guard let mistake else { return .none }
        let text = mistake.text(typedName, frame)
        let link: HTML =
            switch mistake {
            case .nameMissing, .nameTaken: "<a href=\"#f-name\">\(text)</a>"
            case .scopesMissing: "<a href=\"#scope-0\">\(text)</a>"
            case .sentAgain: "\(text)"
            }
        return "<div class=\"notice critical\" role=\"alert\" tabindex=\"-1\" autofocus>\(Icon.critical.html)<span>\(link)</span></div>"
    }

    private func shownOnce(_ frame: Frame) -> HTML {
        guard let created else { return .none }
        let call = "curl \(frame.host)/api/v1/overview -H 'Authorization: Bearer \(created.token)'"
        return """
            <section class="panel pad once" role="status" aria-labelledby="once-title"><h2 id="once-title">\(Icon.good.html)\(frame.say("tokens.created", ["name": created.name]))</h2>
            <p>\(frame.say("tokens.once"))</p>\(CodeBlock(code: created.token).html(frame))\(CodeBlock(code: call, label: frame.say("tokens.try")).html(frame))</section>
            """
    }

    private func table(_ frame: Frame) -> HTML {
        Table(
            caption: frame.say("section.tokens"),
            columns: [
                .init(title: frame.say("column.name"), isWide: true), .init(title: frame.say("column.scopes")),
                .init(title: frame.say("column.created")), .init(title: frame.say("column.last-used")),
                .init(title: frame.say("column.actions")),
            ],
            rows: rows.map { row in
                let scopes = row.scopes.map { scope -> HTML in "<code class=\"chip\">\(scope)</code>" }
                return [
                    "<bdi>\(row.name)</bdi>", "<span class=\"chips\">\(scopes)</span>", frame.time(row.createdMs),
                    frame.time(row.lastUsedMs, otherwise: "tokens.never-used"), revocation(row, frame).opener,
                ]
            }
        ).html
    }

    private func revocation(_ row: Row, _ frame: Frame) -> Confirmation {
        Confirmation(
            id: "revoke-\(row.id)", title: frame.say("tokens.revoke-title", ["name": row.name]), button: frame.say("tokens.revoke"),
            consequences: [frame.say("tokens.revoke-text"), frame.say("tokens.revoke-forever")], typed: row.name,
            action: "\(Section.tokens.address(in: frame.workspace))/\(Address.encoded(row.id))/revoke", submit: frame.say("tokens.revoke"))
    }

    private func form(_ frame: Frame) -> HTML {
        let name = Field(
            name: "name", label: frame.say("field.token-name"), value: typedName, help: frame.say("tokens.name-help"),
            error: mistake == .nameMissing || mistake == .nameTaken ? mistake?.text(typedName, frame) : nil, isRequired: true, autocomplete: "off")
        let boxes = scopes.enumerated().map { index, scope -> HTML in
            let key = PhraseKey("scope.\(scope)")
            let text = Catalogue.knows(key) ? frame.say(key) : ""
            return """
                <div class="field check"><input type="checkbox" id="scope-\(index)" name="scope" value="\(scope)"\(flag: "checked", when: ticked.contains(scope))>\
                <label for="scope-\(index)"><code>\(scope)</code> <span class="quiet">\(text)</span></label></div>
                """
        }
        let error: HTML =
            mistake == .scopesMissing ? "<p class=\"error\">\(Icon.critical.html)\(frame.say("tokens.scopes-missing"))</p>" : .none
        return """
            <section class="panel pad" aria-labelledby="new-title"><h2 id="new-title">\(frame.say("tokens.new"))</h2>
            <form method="post" action="/w/\(frame.workspace)/tokens">\(Field.csrf(frame))\
            <input type="hidden" name="once" value="\(once)">\(name.html)
            <fieldset><legend>\(frame.say("tokens.scopes"))</legend>\(boxes)\(error)</fieldset>
            <button type="submit" class="primary">\(frame.say("tokens.create"))</button></form></section>
            """
    }
}

extension TokensPage.Mistake {
    fileprivate func text(_ name: String, _ frame: Frame) -> String {
        switch self {
        case .nameMissing: frame.say("tokens.name-missing")
        case .scopesMissing: frame.say("tokens.scopes-missing")
        case .nameTaken: frame.say("tokens.name-taken", ["name": name])
        case .sentAgain: frame.say("tokens.sent-again", ["name": name])
        }
    }
}
