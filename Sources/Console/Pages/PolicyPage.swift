/// How often and when people are sent messages: caps and quiet hours, one in each line.
public struct PolicyPage: ConsolePage {
    public var caps: String, quietHours: String, zone: String, publicAddress: String
    /// Id of the chosen destination for webhook messages; empty for none.
    public var webhookDestination: String
    /// How long messages are kept, as it was written.
    public var keepDays: String
    public var destinations: [(value: String, title: String)]
    public var version: Int64
    public var edition: Edition
    public var problem: ConsoleProblem?

    public init(
        caps: String, quietHours: String, zone: String, publicAddress: String, webhookDestination: String, keepDays: String, destinations: [(value: String, title: String)], version: Int64, problem: ConsoleProblem? = nil
    ) {
        (self.caps, self.quietHours, self.zone, self.publicAddress) = (caps, quietHours, zone, publicAddress)
        (self.webhookDestination, self.keepDays, self.destinations, self.version, self.problem) = (webhookDestination, keepDays, destinations, version, problem)
        edition = Edition(version)
    }

    public func render(_ frame: Frame) -> String {
        let title = frame.say(Section.policy.title)
        let api = APICall(path: "/api/v1/sending-policy", host: frame.host).drawer(frame)
        let head = PageHead(title: title, sentence: "\(frame.say("policy.sentence"))", actions: api.opener(frame))
        let note: HTML = problem.map { "<p class=\"notice critical\" role=\"alert\">\(Icon.critical.html)<span>\($0.problem) \($0.remedy)</span></p>" } ?? .none
        let fields: [HTML] = [
            Field(name: "caps", label: frame.say("policy.caps"), kind: .area(rows: 5), value: caps, help: frame.say("policy.caps-help")).html,
            Field(name: "quietHours", label: frame.say("policy.quiet"), kind: .area(rows: 3), value: quietHours, help: frame.say("policy.quiet-help")).html,
            Field(name: "zone", label: frame.say("policy.zone"), value: zone, help: frame.say("policy.zone-help"), isRequired: true, autocomplete: "off").html,
            Field(name: "publicAddress", label: frame.say("policy.address"), value: publicAddress, help: frame.say("policy.address-help"), autocomplete: "off").html,
            Field(
                name: "webhookDestination", label: frame.say("policy.webhook"), kind: .choice([(value: "", title: frame.say("policy.webhook-none"))] + destinations), value: webhookDestination,
                help: frame.say("policy.webhook-help")
            ).html,
            Field(name: "keepDays", label: frame.say("policy.keep"), value: keepDays, help: frame.say("policy.keep-help"), isRequired: true, autocomplete: "off").html,
        ]
        let body: HTML = """
            \(head.html)\(note)
            <form class="panel pad editor" method="post" action="\(Section.policy.address(in: frame.workspace))">\(Field.csrf(frame))\(edition.html)\(fields)
            <div class="actions"><button type="submit" class="primary">\(frame.say("action.save"))</button><span class="quiet">\(frame.say("policy.version", ["number": frame.number(Int(clamping: version))]))</span></div></form>
            \(api.html(frame))
            """
        return Shell(title: title, section: .policy).document(frame, body)
    }
}
