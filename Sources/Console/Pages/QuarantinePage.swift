/// Where refused events wait, whole, with the reason and the way out.
public struct QuarantinePage: ConsolePage {
    /// One refused event.
    public struct Row: Sendable {
        public var id: String
        public var messageID: String?
        public var reason: ConsoleProblem
        public var receivedAtMs: Int64
        public var source: String
        public var type: String?
        public var event: String?
        /// As received; usually JSON, perhaps broken.
        public var payload: String
        /// What it counts on beside itself, as JSON: its batch's `sentAt` and `context`, the sender's address.
        public var around: String?
        /// Whether only the beginning is here, since all of it would make the page too long; nobody can correct it here then.
        public var isPayloadCut: Bool
        public var isAroundCut: Bool
        public init(
            id: String, messageID: String? = nil, reason: ConsoleProblem, receivedAtMs: Int64, source: String,
            type: String? = nil, event: String? = nil, payload: String, around: String? = nil, isPayloadCut: Bool = false, isAroundCut: Bool = false
        ) {
            (self.isPayloadCut, self.isAroundCut) = (isPayloadCut, isAroundCut)
            (self.id, self.messageID, self.reason, self.receivedAtMs) = (id, messageID, reason, receivedAtMs)
            (self.source, self.type, self.event, self.payload, self.around) = (source, type, event, payload, around)
        }
    }

    /// A correction that was refused again: what was typed is kept and the reason stands beside it.
    public struct Mistake: Sendable {
        public var id: String
        public var reason: ConsoleProblem
        public var typed: String
        public init(id: String, reason: ConsoleProblem, typed: String) { (self.id, self.reason, self.typed) = (id, reason, typed) }
    }

    /// How often a reason occurs.
    public struct CodeCount: Sendable {
        public var code: String
        public var count: Int
        public init(code: String, count: Int) { (self.code, self.count) = (code, count) }

        /// The code itself where we have no words for it.
        func title(in language: Language) -> String { ConsoleProblem(code: code, problem: code, remedy: "").title(in: language) }
    }

    /// Newest first.
    public var rows: [Row]
    /// Reasons and how often, most frequent first.
    public var codes: [CodeCount]
    /// What the address asks for: `?code=` and `?source=`.
    public var code: String?
    public var source: String?
    public var next: String?
    public var mistake: Mistake?

    public init(
        rows: [Row], codes: [CodeCount] = [], code: String? = nil, source: String? = nil, next: String? = nil, mistake: Mistake? = nil
    ) {
        (self.rows, self.codes, self.code, self.source) = (rows, codes, code, source)
        (self.next, self.mistake) = (next, mistake)
    }

    public func render(_ frame: Frame) -> String {
        let title = frame.say("section.quarantine")
        let api = APICall(path: Address.with("/api/v1/quarantine", [("code", code), ("source", source)]), host: frame.host).drawer(frame)
        let head = PageHead(title: title, sentence: "\(frame.say("quarantine.sentence"))", actions: api.opener(frame))
        let address = next.map { Address.with(base(frame), [("code", code), ("source", source), ("after", $0)]) }
        let list: HTML =
            rows.isEmpty
            ? emptyState(frame)
            : "<div class=\"refused\">\(rows.map { item($0, frame) })</div>\(NextLink(address: address).html(frame))"
        let body: HTML = "\(head.html)\(reasons(frame))\(list)\(api.html(frame))"
        return Shell(title: title, section: .quarantine).document(frame, body)
    }

    private func base(_ frame: Frame) -> String { Section.quarantine.address(in: frame.workspace) }

    private func reasons(_ frame: Frame) -> HTML {
        guard !codes.isEmpty else { return .none }
        func link(_ title: String, _ count: Int?, _ value: String?) -> HTML {
            let number: HTML = count.map { "<span class=\"count\">\(frame.number($0))</span>" } ?? .none
            let address = Address.with(base(frame), [("code", value), ("source", source)])
            return "<a href=\"\(address)\"\(attribute: "aria-current", value == code ? "true" : nil)>\(title)\(number)</a>"
        }
        let links = codes.map { link($0.title(in: frame.language), $0.count, $0.code) }
        return "<nav class=\"pills\" aria-label=\"\(frame.say("quarantine.reasons"))\">\(link(frame.say("quarantine.all"), nil, nil))\(links)</nav>"
    }

    private func item(_ row: Row, _ frame: Frame) -> HTML {
        let isOpen = mistake?.id == row.id
        let name = row.event ?? row.type
        return """
            <details class="panel refusal" id="q-\(row.id)"\(flag: "open", when: isOpen)>
            <summary>\(Icon.quarantine.html)<span class="grow"><bdi>\(row.reason.title(frame))</bdi> <code class="quiet">\(row.reason.code)</code></span>\
            \(name.map { name -> HTML in "<span class=\"quiet\"><bdi>\(name)</bdi></span>" })\
            <span class="quiet"><bdi>\(row.source)</bdi></span> <span class="quiet">\(frame.time(row.receivedAtMs))</span></summary>
            <div class="pad"><p class="remedy"><strong>\(frame.say("quarantine.remedy"))</strong> <bdi>\(row.reason.remedy(frame))</bdi></p>
            \(row.messageID.map { id -> HTML in "<p class=\"quiet\">messageId <code>\(id)</code></p>" })
            \(sent(row.payload, isCut: row.isPayloadCut, frame.say("quarantine.as-received"), frame))\
            \(row.around.map { sent($0, isCut: row.isAroundCut, frame.say("quarantine.around"), frame) })
            \(repair(row, frame))</div>
            </details>
            """
    }

    /// Without a button that copies where only the beginning is here.
    private func sent(_ text: String, isCut: Bool, _ label: String, _ frame: Frame) -> HTML {
        guard isCut else { return CodeBlock(code: JSONText.pretty(text), copied: text, label: label).html(frame) }
        let note = frame.say("quarantine.beginning", ["label": label])
        return "<div class=\"code\"><p class=\"code-label\">\(note)</p><pre tabindex=\"0\"><code>\(text)</code></pre></div>"
    }

    /// How to get what is too long for this page, and to send it corrected.
    private func correctionElsewhere(_ row: Row, _ own: Mistake?, _ frame: Frame) -> HTML {
        let api = "\(frame.host)/api/v1/quarantine"
        let bearer = "-H \"Authorization: Bearer $MARTLET_TOKEN\""
        let commands = """
            curl \(bearer) \\
              '\(api)?limit=1&after=\((Int64(row.id) ?? 0) + 1)' | jq -r '.rejected[0].payload' > event.json
            curl \(bearer) \\
              --data-binary @event.json '\(api)/\(row.id)/replay'
            """
        let error: HTML = own.map { "<p class=\"error\" role=\"alert\">\(Icon.critical.html)<span>\(HTML.prose($0.reason.line(frame)))</span></p>" } ?? .none
        let link: HTML = "<a href=\"\(Section.tokens.address(in: frame.workspace))\">\(frame.say("section.tokens"))</a>"
        return """
            \(error)<p>\(frame.say("quarantine.fix-elsewhere"))</p>\(CodeBlock(code: commands).html(frame))\
            <p class="help">\(frame.phrase("api.token-hint", ["link": link]))</p>
            """
    }

    private func correction(_ row: Row, _ own: Mistake?, _ address: String, _ frame: Frame) -> HTML {
        let typed = own?.typed ?? JSONText.pretty(row.payload)
        let field = Field(
            name: "payload", label: frame.say("quarantine.corrected"), kind: .area(rows: min(max(typed.split(separator: "\n").count + 1, 4), 18)),
            value: typed, help: frame.say("quarantine.corrected-help"), error: own.map { $0.reason.line(frame) },
            isRequired: true, isFirst: own != nil, scope: row.id)
        return """
            <form method="post" action="\(address)">\(Field.csrf(frame))\(field.html)\
            <button type="submit" class="primary">\(frame.say("quarantine.replay-fixed"))</button></form>
            """
    }

    private func repair(_ row: Row, _ frame: Frame) -> HTML {
        let own = mistake?.id == row.id ? mistake : nil
        // The filter comes along, so that the list after the form is the one before it.
        func address(_ verb: String) -> String {
            Address.with("\(base(frame))/\(Address.encoded(row.id))/\(verb)", [("code", code), ("source", source)])
        }
        let deletion = Confirmation(
            id: "delete-\(row.id)", title: frame.say("quarantine.delete-title"), button: frame.say("action.delete"),
            consequences: [frame.say("quarantine.delete-text")], typed: nil, action: address("delete"), submit: frame.say("action.delete"))
        return """
            <details class="repair"\(flag: "open", when: own != nil)><summary>\(frame.say("quarantine.fix"))</summary>
            \(row.isPayloadCut ? correctionElsewhere(row, own, frame) : correction(row, own, address("replay"), frame))</details>
            <div class="actions"><form method="post" action="\(address("replay"))">\(Field.csrf(frame))\
            <button type="submit">\(Icon.rotate.html)\(frame.say("quarantine.replay"))</button></form>\(deletion.opener)</div>\(deletion.html(frame))
            """
    }

    private func emptyState(_ frame: Frame) -> HTML {
        code == nil && source == nil
            ? EmptyState(
                icon: .good, title: frame.say("quarantine.empty-title"), text: frame.say("quarantine.empty-text"),
                action: (frame.say("steps.open-live"), Section.live.address(in: frame.workspace))
            ).html
            : EmptyState(
                icon: .search, title: frame.say("quarantine.none-title"), text: frame.say("quarantine.none-text"),
                action: (frame.say("filter.clear"), base(frame))
            ).html
    }
}
