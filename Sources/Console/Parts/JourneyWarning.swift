/// What an author may have overlooked, in the reader's language, with the button that does the next step.
public struct JourneyWarning: Sendable {
    public var problem: ConsoleProblem
    public init(_ problem: ConsoleProblem) { self.problem = problem }

    /// Codes that the catalogue has words for; any other is told in the words of the stage that found it.
    static let translated = ["journey.no-template", "journey.no-channel", "journey.no-destination", "journey.mail-not-set-up", "journey.mail-not-authenticated", "journey.mail-unknown", "journey.key-never", "journey.same-key-never", "journey.purpose-not-offered", "journey.circle", "journey.may-circle"]

    /// All of them in one place, so that the page stays calm; nothing where there are none.
    ///
    /// - Parameter own: the journey's address.
    static func panel(_ warnings: [JourneyWarning], _ frame: Frame, own: String) -> HTML {
        guard !warnings.isEmpty else { return .none }
        return "<section class=\"notice caution\" aria-labelledby=\"warnings-title\">\(Icon.caution.html)<div><h2 id=\"warnings-title\">\(frame.say("journeys.look-at"))</h2><ul class=\"journey-warnings\">\(warnings.map { $0.html(frame, own: own) })</ul></div></section>"
    }

    private func html(_ frame: Frame, own: String) -> HTML {
        let (title, remedy) = words(frame)
        let (label, address): (PhraseKey, String) = switch problem.code {
        case "journey.no-template": ("templates.new", Address.with(Section.templates.address(in: frame.workspace) + "/new", [("name", named)]))
        case "journey.no-destination": ("journeys.make-destination", Section.destinations.address(in: frame.workspace))
        case "journey.mail-not-set-up", "journey.mail-not-authenticated", "journey.mail-unknown": ("section.email", Section.email.address(in: frame.workspace))
        default: ("journeys.edit", own + "/edit")
        }
        return "<li><p>\(HTML.prose(title)) \(HTML.prose(remedy))</p><a class=\"button small\" href=\"\(address)\">\(frame.say(label))</a></li>"
    }

    /// What its words name: between the first backquotes.
    private var named: String { problem.problem.split(separator: "`", omittingEmptySubsequences: false).dropFirst().first.map(String.init) ?? "" }

    private func words(_ frame: Frame) -> (String, String) {
        guard Self.translated.contains(problem.code) else { return (problem.problem, problem.remedy) }
        let key = "journeys.warn-\(problem.code.dropFirst(8))"
        // Who begins whom stands behind the colon.
        let around = problem.problem.split(separator: ": ", maxSplits: 1).dropFirst().first.map(String.init) ?? ""
        return (frame.say(PhraseKey(key), ["name": "`\(named)`", "around": around]), frame.say(PhraseKey(key + "-remedy"), ["name": "`\(named)`", "list": problem.remedy.split(separator: ": ", maxSplits: 1).dropFirst().first.map(String.init) ?? ""]))
    }
}
