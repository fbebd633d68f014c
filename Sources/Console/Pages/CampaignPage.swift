/// Makes a campaign without a word of YAML: who gets what, when, and how carefully. The document that comes of it stands below.
public struct CampaignPage: ConsolePage {
    /// A template, and the kind of channel that sends it.
    public struct Template: Sendable {
        public var name: String, kind: String
        public init(name: String, kind: String) { (self.name, self.kind) = (name, kind) }
    }

    /// Names of the form's fields.
    public static let fields = ["name", "segment", "template", "channel", "purpose", "topic", "when", "at", "zone", "perMinute", "canaries", "share", "wait", "stopAbove", "holdout", "event", "revenue", "within"]
    public static let standard = ["when": "now", "perMinute": "1000", "canaries": "yes", "share": "5%", "wait": "1 hour", "stopAbove": "2%", "holdout": "10%", "channel": "email", "within": "7 days"]

    public var values: [String: String]
    /// Beside the fields, by name; what belongs to none is under the empty name.
    public var problems: [String: ConsoleProblem]
    public var segments: [(handle: String, name: String)]
    public var templates: [Template]
    public var channels: [String], purposes: [String], topics: [String], events: [String]
    public var audience: CampaignAudience?
    /// What is saved; empty before anything was asked.
    public var yaml: String

    public init(
        values: [String: String], problems: [String: ConsoleProblem] = [:], segments: [(handle: String, name: String)], templates: [Template], channels: [String], purposes: [String], topics: [String], events: [String],
        audience: CampaignAudience? = nil, yaml: String = ""
    ) {
        (self.values, self.problems, self.segments, self.templates, self.channels) = (values, problems, segments, templates, channels)
        (self.purposes, self.topics, self.events, self.audience, self.yaml) = (purposes, topics, events, audience, yaml)
    }

    /// What the form itself finds wrong, in the reader's language.
    public enum Mistake: String, Sendable, CaseIterable { case nameMissing = "name", kindDiffers = "kind", momentMissing = "at", templateGone = "template" }

    public static func problem(_ mistake: Mistake, _ frame: Frame, _ values: [String: String] = [:]) -> ConsoleProblem {
        ConsoleProblem(code: "console.campaign-\(mistake.rawValue)", problem: frame.say(PhraseKey("campaign.wrong-\(mistake.rawValue)"), values), remedy: frame.say(PhraseKey("campaign.wrong-\(mistake.rawValue)-remedy"), values))
    }

    public func render(_ frame: Frame) -> String {
        let list = Section.journeys.address(in: frame.workspace)
        let title = frame.say("campaign.new")
        let head = PageHead(title: title, sentence: "\(frame.say("campaign.sentence"))", parent: (frame.say(Section.journeys.title), list))
        return Shell(title: title, section: .journeys).document(frame, "\(head.html)\(missing(frame) ?? form(frame, list))")
    }

    /// What there must be before; nil where it is there.
    private func missing(_ frame: Frame) -> HTML? {
        if segments.isEmpty {
            return EmptyState(icon: .segments, title: frame.say("campaign.no-segments"), text: frame.say("campaign.no-segments-text"), action: (frame.say("segments.new"), Section.segments.address(in: frame.workspace) + "/new")).html
        }
        if templates.isEmpty {
            return EmptyState(icon: .templates, title: frame.say("campaign.no-templates"), text: frame.say("campaign.no-templates-text"), action: (frame.say("templates.new"), Section.templates.address(in: frame.workspace) + "/new")).html
        }
        return nil
    }

    private func form(_ frame: Frame, _ list: String) -> HTML {
        let whole: HTML = problems[""].map { problem -> HTML in "<div class=\"notice critical\" role=\"alert\" tabindex=\"-1\"\(flag: "autofocus", when: firstWrong == nil)>\(Icon.critical.html)<div><p>\(problem.problem)</p><p>\(problem.remedy)</p></div></div>" } ?? .none
        let message: HTML = """
            \(field("template", frame, .choice(templates.map { ($0.name, "\($0.name) (\(frame.say(PhraseKey("templates.kind-\($0.kind)"))))") })))<div class="two">\(field("channel", frame, .choice(channels.map { ($0, $0) })))\
            \(field("purpose", frame, .choice(purposes.map { ($0, $0) })))\(field("topic", frame, .choice([("", "–")] + topics.map { ($0, $0) })))</div>
            """
        let moment: HTML = """
            \(field("when", frame, .choice(["now", "at", "local"].map { ($0, frame.say(PhraseKey("campaign.when-\($0)"))) })))<div class="two">\(field("at", frame, .moment))\(field("zone", frame))</div>\(field("perMinute", frame))
            """
        let care: HTML = """
            \(field("canaries", frame, .choice([("yes", frame.say("campaign.canaries-yes")), ("no", frame.say("campaign.canaries-no"))])))<div class="two">\(field("share", frame))\(field("wait", frame))\(field("stopAbove", frame))</div>
            """
        let worth: HTML = "\(field("holdout", frame))\(field("event", frame, list: "known-events"))<div class=\"two\">\(field("revenue", frame))\(field("within", frame))</div>"
        let parts: [(PhraseKey, HTML)] = [("campaign.part-who", "\(field("name", frame))\(field("segment", frame, .choice(segments.map { ($0.handle, $0.name) })))"), ("campaign.part-what", message), ("campaign.part-when", moment), ("campaign.part-care", care), ("campaign.part-worth", worth)]
        let sets = parts.map { title, content -> HTML in "<fieldset><legend>\(frame.say(title))</legend>\(content)</fieldset>" }
        let shown: HTML = yaml.isEmpty ? .none : "<details class=\"pad-above\"><summary>\(frame.say("campaign.as-text"))</summary><p class=\"help\">\(frame.say("campaign.as-text-help"))</p>\(CodeBlock(code: yaml).html(frame))</details>"
        return """
            <form class="panel pad editor campaign" method="post" action="\(list)/campaign">\(Field.csrf(frame))\(whole)\(sets)
            <div id="answer" aria-live="polite"\(attribute: "tabindex", audience == nil ? nil : "-1")\(flag: "autofocus", when: audience != nil && problems.isEmpty)>\(audience.map { $0.html(frame) } ?? .none)\(shown)</div>
            <div class="actions"><button type="submit" name="intent" value="count">\(frame.say("campaign.count"))</button>\
            <button type="submit" name="intent" value="save" class="primary">\(frame.say("campaign.save"))</button><a class="button ghost" href="\(list)">\(frame.say("action.cancel"))</a></div>
            <p class="help">\(frame.say("campaign.save-help"))</p>
            <datalist id="known-events">\(events.map { name -> HTML in "<option value=\"\(name)\"></option>" })</datalist></form>
            """
    }

    private var firstWrong: String? { Self.fields.first { problems[$0] != nil } }

    private func field(_ name: String, _ frame: Frame, _ kind: Field.Kind = .text, list: String? = nil) -> HTML {
        let key = PhraseKey("campaign.help-\(name)")
        let help = Catalogue.knows(key) ? frame.say(key) : nil
        return Field(
            name: name, label: frame.say(PhraseKey("campaign.field-\(name)")), kind: kind, value: values[name] ?? "", help: help,
            error: problems[name].map { $0.besideField(frame, help: help) }, autocomplete: "off", list: list, isFirst: firstWrong == name
        ).html
    }
}
