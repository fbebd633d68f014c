/// A template as somebody would get it, or why it cannot be shown.
public struct TemplateAnswer: Sendable {
    public struct Message: Sendable {
        public var person: String
        public var subject: String?, text: String?, json: String?
        /// Where the mail itself is, as a page of its own; nil where there is none.
        public var frameAddress: String?
        /// What was printed empty.
        public var missing: [String]
        public init(person: String, subject: String?, text: String?, json: String?, frameAddress: String?, missing: [String]) {
            (self.person, self.subject, self.text, self.json, self.frameAddress, self.missing) = (person, subject, text, json, frameAddress, missing)
        }
    }

    public enum Outcome: Sendable {
        case nothing
        case refused(ConsoleProblem, place: String)
        case nobody(isAsked: Bool)
        case message(Message)
    }

    public var outcome: Outcome
    /// Each with the place where it stands.
    public var warnings: [(place: String, problem: ConsoleProblem)]

    public init(_ outcome: Outcome, warnings: [(place: String, problem: ConsoleProblem)] = []) { (self.outcome, self.warnings) = (outcome, warnings) }

    public func markup(_ frame: Frame) -> String { html(frame).source }

    func html(_ frame: Frame) -> HTML {
        switch outcome {
        case .nothing: return .none
        case .refused(let problem, let place):
            return "<p class=\"notice critical\">\(Icon.critical.html)<span>\(place.isEmpty ? .none : "<strong>\(place)</strong> ")\(problem.problem) \(problem.remedy)</span></p>"
        case .nobody(let isAsked): return "<p class=\"notice caution\">\(Icon.caution.html)<span>\(frame.say(isAsked ? "templates.nobody" : "templates.nobody-yet"))</span></p>\(notes)"
        case .message(let message): return "\(notes)\(shown(message, frame))"
        }
    }

    private var notes: HTML {
        warnings.prefix(10).map { warning -> HTML in
            "<p class=\"notice caution\">\(Icon.caution.html)<span><strong>\(warning.place)</strong> \(warning.problem.problem) \(warning.problem.remedy)</span></p>"
        }.joined()
    }

    private func shown(_ message: Message, _ frame: Frame) -> HTML {
        let missing = message.missing.prefix(10).map { path -> HTML in "<p class=\"notice caution\">\(Icon.caution.html)<span>\(frame.say("templates.missing", ["path": path]))</span></p>" }
        let subject = message.subject.map { subject -> HTML in "<p class=\"mail-subject\"><bdi>\(subject)</bdi></p>" }
        let mail = message.frameAddress.map { address -> HTML in
            "<iframe class=\"mail-frame\" src=\"\(address)\" title=\"\(frame.say("templates.preview-html"))\" sandbox></iframe>"
        }
        let text = message.text.map { text -> HTML in
            "<details class=\"quiet\"\(flag: "open", when: message.frameAddress == nil)><summary>\(frame.say("templates.preview-text"))</summary><pre class=\"mail-text\" tabindex=\"0\">\(text)</pre></details>"
        }
        let json = message.json.map { json -> HTML in "<pre class=\"mail-text\" tabindex=\"0\">\(json)</pre>" }
        return """
            <h2>\(frame.say("templates.preview-of", ["name": message.person]))</h2>
            \(missing)<div class="mail">\(subject)\(mail)\(json)\(text)</div>
            """
    }
}
