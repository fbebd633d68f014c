/// Why one person is in a segment or is not: the condition's tree with what was seen, and when time alone changes it.
public struct ReasonPage: ConsolePage {
    /// What is said of the person and the segment.
    public enum Answer: Sendable {
        case reasoned(ReasonTree, flipsAtMs: Int64?, lookedUntilMs: Int64)
        /// They object to analytics.
        case objects
        /// An account, or nobody of whom an event is known.
        case noEvents
        /// The condition cannot be asked, as when a segment that it names is gone.
        case refused(ConsoleProblem)
    }

    public var personID: String
    public var personName: String
    public var segment: SegmentPage.Link
    /// The condition in the reader's language.
    public var sentence: String
    public var answer: Answer
    /// All of the workspace, to choose another one.
    public var segments: [SegmentPage.Link]

    public init(personID: String, personName: String, segment: SegmentPage.Link, sentence: String, answer: Answer, segments: [SegmentPage.Link]) {
        (self.personID, self.personName, self.segment) = (personID, personName, segment)
        (self.sentence, self.answer, self.segments) = (sentence, answer, segments)
    }

    public func render(_ frame: Frame) -> String {
        let title = frame.say(isIn ? "why.title-in" : "why.title-out", ["name": personName, "segment": segment.name])
        let api = APICall(path: Address.with("/api/v1/segments/\(Address.encoded(segment.id))/explain", [("profile", personID)]), host: frame.host).drawer(frame)
        let status = Status(meaning: isIn ? .good : .quiet, text: frame.say(isIn ? "why.in" : "why.out"), icon: isIn ? .good : .close)
        let head = PageHead(
            title: title, sentence: "<bdi>\(sentence)</bdi>", status: status.html,
            actions: "\(api.opener(frame))<a class=\"button\" href=\"/w/\(frame.workspace)/segments/\(segment.id)\">\(frame.say("why.segment"))</a>",
            parent: (personName, "/w/\(Address.encoded(frame.workspace))/profiles/\(Address.encoded(personID))"))
        let body: HTML = "\(head.html)\(choice(frame))\(content(frame))\(api.html(frame))"
        return Shell(title: title, section: .profiles).document(frame, body)
    }

    private var isIn: Bool { if case .reasoned(let tree, _, _) = answer { tree.isTrue } else { false } }

    private func choice(_ frame: Frame) -> HTML {
        let field = Field(name: "segment", label: frame.say("why.choose"), kind: .choice(segments.map { ($0.id, $0.name) }), value: segment.id)
        return """
            <form class="filters" method="get" action="/w/\(frame.workspace)/profiles/\(personID)/why">\(field.html)\
            <button type="submit">\(frame.say("profile.show"))</button></form>
            """
    }

    private func content(_ frame: Frame) -> HTML {
        switch answer {
        case .reasoned(let tree, let flips, let until):
            """
            <p class="flip">\(Icon.clock.html)<span>\(flip(flips, until, frame))</span></p>
            <section class="panel pad" aria-labelledby="why-title"><h2 id="why-title">\(frame.say("why.parts"))</h2>\
            <p class="help">\(frame.say("why.help"))</p><ul class="why">\(tree.html(frame))</ul></section>
            """
        case .objects: "<div class=\"notice caution\">\(Icon.caution.html)<p>\(frame.say("why.objects"))</p></div>"
        case .noEvents: "<div class=\"notice caution\">\(Icon.caution.html)<p>\(frame.say("why.no-events"))</p></div>"
        case .refused(let problem): "<div class=\"notice critical\">\(Icon.critical.html)<p><bdi>\(problem.problem)</bdi> <bdi>\(problem.remedy)</bdi></p></div>"
        }
    }

    private func flip(_ at: Int64?, _ until: Int64, _ frame: Frame) -> HTML {
        guard let at else { return "\(frame.say("why.stays", ["date": frame.date(until)]))" }
        return frame.phrase(isIn ? "why.leaves" : "why.comes", ["time": frame.time(at), "exact": "\(frame.exact(at))"])
    }
}
