public import Vocabulary

/// Why a template cannot be read, or stopped while it was rendered.
public struct TemplateError: Explained, Hashable {
    /// Counted from 1; 0 where no line is at fault.
    public let line: Int
    /// The partial in which the line stands; nil for the template itself.
    public var partial: String?
    public let explanation: Explanation

    init(_ code: String, _ problem: String, remedy: String, line: Int = 0) {
        self.line = line
        explanation = Explanation(code: "template.\(code)", problem: problem, remedy: remedy)
    }

    /// A value that a message must not be sent without.
    public init(missing name: String) {
        self.init("missing-value", "There is no value of `\(name)`.", remedy: "Say what stands there instead: `{{ \(name) | default: \"…\" }}`.")
    }

    /// Whether it is one of ``init(missing:)``.
    public var isMissingValue: Bool { explanation.code == "template.missing-value" }

    /// What a part prints that has to be JSON.
    public static let notJSON = TemplateError("not-json", "What it prints for this person is no JSON.", remedy: "Use the filter `json` where a whole value stands, and `default` where one may be missing.")

    /// Of a mail's attachment that the data should have.
    public static let noFile = TemplateError("attachment-missing", "Where the file should stand there is no base64.", remedy: "Hand it in with the message, or take the attachment out of the template.")
    public static let filesTooLarge = TemplateError("attachment-too-large", "The attachments of one mail have more than 10 MB.", remedy: "Make them smaller, or link to them.")

    static func syntax(_ problem: String, _ remedy: String, line: Int) -> TemplateError { TemplateError("syntax", problem, remedy: remedy, line: line) }

    static func argument(_ filter: String, _ problem: String) -> TemplateError {
        TemplateError("argument", "The filter `\(filter)` \(problem).", remedy: "Give it a value of the kind that it takes, for example through `default`.")
    }

    static func limit(_ what: String) -> TemplateError {
        TemplateError("limit", "The template was stopped: \(what).", remedy: "Loop over less, or print less.")
    }

    func at(_ line: Int) -> TemplateError {
        guard self.line == 0 else { return self }
        var copy = TemplateError(placing: self, line: line)
        copy.partial = partial
        return copy
    }

    private init(placing error: TemplateError, line: Int) {
        self.line = line
        explanation = error.explanation
    }
}

/// How much a template may do, whatever it says.
public struct TemplateLimits: Sendable {
    /// Of the source, each partial on its own.
    public var sourceBytes = 1 << 20
    /// Blocks and partials inside one another.
    public var depth = 100
    /// Nodes rendered, rounds of loops, and elements and blocks of 64 bytes that filters go through.
    public var steps = 2_000_000
    public var outputBytes = 4 << 20

    public init() {}
}
