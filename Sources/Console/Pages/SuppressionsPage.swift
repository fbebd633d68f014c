/// Who is kept out, and which addresses get no messages: two lists of hashes, on which one is looked up by name.
public struct SuppressionsPage: ConsolePage {
    /// What both lists say of one name.
    public struct Found: Sendable {
        /// Since when nothing that names them is taken.
        public var keptOutMs: Int64?
        /// Whether it is an address that messages could go to.
        public var isAddress: Bool
        public var stop: Stop?
        public init(keptOutMs: Int64?, isAddress: Bool, stop: Stop? = nil) { (self.keptOutMs, self.isAddress, self.stop) = (keptOutMs, isAddress, stop) }

        /// Why and since when nothing is sent there.
        public struct Stop: Sendable {
            /// `unsubscribed`, `complained`, `bounced` or `manual`.
            public var reason: String
            public var atMs: Int64
            public init(reason: String, atMs: Int64) { (self.reason, self.atMs) = (reason, atMs) }
        }
    }

    public static let kinds = ["email", "userId", "externalId", "anonymousId", "groupId"]

    /// One of ``kinds``.
    public var kind: String
    public var value: String
    /// Nil before anybody was looked up.
    public var found: Found?
    public var problem: ConsoleProblem?

    public init(kind: String = kinds[0], value: String = "", found: Found? = nil, problem: ConsoleProblem? = nil) { (self.kind, self.value, self.found, self.problem) = (kind, value, found, problem) }

    private func address(_ frame: Frame) -> String { Section.consent.address(in: frame.workspace) + "/suppressions" }

    public func render(_ frame: Frame) -> String {
        let title = frame.say("suppressions.title")
        let api = APICall(path: "/api/v1/privacy/suppressions/lookup", host: frame.host, json: "{\"userId\": \"ada\"}").drawer(frame)
        let head = PageHead(
            title: title, sentence: "\(frame.say("suppressions.sentence"))", actions: api.opener(frame), parent: (frame.say(Section.consent.title), Section.consent.address(in: frame.workspace)))
        let kindField = Field(name: "kind", label: frame.say("suppressions.kind"), kind: .choice(Self.kinds.map { ($0, frame.say(PhraseKey("suppressions.kind-\($0)"))) }), value: kind)
        let valueField = Field(
            name: "value", label: frame.say("suppressions.value"), value: value, help: frame.say("suppressions.value-help"),
            error: problem.map { $0.code == "privacy.identifier" ? frame.say("suppressions.nobody") : "\($0.problem) \($0.remedy)" }, isRequired: true, autocomplete: "off", isFirst: found == nil)
        let body: HTML = """
            \(head.html)\(found.map { result($0, frame) })
            <form class="panel pad editor" method="post" action="\(address(frame))">\(Field.csrf(frame))\(kindField.html)\(valueField.html)
            <div class="actions"><button type="submit" class="primary">\(frame.say("suppressions.look"))</button></div></form>
            \(api.html(frame))
            """
        return Shell(title: title, section: .consent).document(frame, body)
    }

    private func result(_ found: Found, _ frame: Frame) -> HTML {
        let data: HTML = found.keptOutMs.map { since in
            "<p>\(Status(meaning: .critical, text: frame.say("suppressions.kept-out"), icon: .close).html) \(frame.say("suppressions.since")) \(frame.time(since))</p>\(button("admit", "suppressions.admit", frame))"
        } ?? "<p>\(Status(meaning: .good, text: frame.say("suppressions.taken")).html)</p>"
        return """
            <section class="panel pad" role="status" aria-labelledby="found-title"><h2 id="found-title"><bdi>\(value)</bdi></h2>
            <h3>\(frame.say("suppressions.data"))</h3>\(data)\(found.isAddress ? messages(found.stop, frame) : .none)</section>
            """
    }

    private func messages(_ stop: Found.Stop?, _ frame: Frame) -> HTML {
        let state: HTML = stop.map {
            """
            <p>\(Status(meaning: .critical, text: frame.say(PhraseKey("suppressions.because-\($0.reason)")), icon: .close).html) \(frame.say("suppressions.since")) \(frame.time($0.atMs))</p>\
            \(button("send", "suppressions.send", frame))
            """
        } ?? "<p>\(Status(meaning: .good, text: frame.say("suppressions.sent")).html)</p>\(button("stop", "suppressions.stop", frame))"
        return "<h3>\(frame.say("suppressions.messages"))</h3>\(state)"
    }

    private func button(_ change: String, _ title: PhraseKey, _ frame: Frame) -> HTML {
        """
        <form class="actions" method="post" action="\(address(frame))">\(Field.csrf(frame))<input type="hidden" name="kind" value="\(kind)"><input type="hidden" name="value" value="\(value)">\
        <button type="submit" name="change" value="\(change)">\(frame.say(title))</button></form>
        """
    }
}
