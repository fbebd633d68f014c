/// Why something was refused, in words that tell the reader what to do.
public struct Explanation: Sendable, Hashable {
    /// Never varies, so it can label a metric and head a page of the manual.
    public let code: String
    public let problem: String
    public let remedy: String

    public init(code: String, problem: String, remedy: String) {
        self.code = code
        self.problem = problem
        self.remedy = remedy
    }
}

/// An error that explains itself.
public protocol Explained: Error {
    var explanation: Explanation { get }
}

/// A refusal with the HTTP status that its asker should see.
public struct Refusal: Explained, Hashable {
    public let status: Int
    public let explanation: Explanation
    /// Seconds to wait before trying again, where that helps.
    public let retryAfter: Int?
    /// Where in what was sent the fault stands: a JSON pointer, or line and column; empty where that is plain.
    public var place = ""

    public init(_ status: Int, _ code: String, _ problem: String, remedy: String = "", retryAfter: Int? = nil) {
        self.status = status
        explanation = Explanation(code: code, problem: problem, remedy: remedy)
        self.retryAfter = retryAfter
    }

    /// To what comes when the threads that would do it have ended, as while a server stops or a workspace goes.
    public static let stopping = Refusal(503, "server.stopping", "This workspace is being closed.", remedy: "Try again in a moment.", retryAfter: 5)
}

/// A value that says something about a person: it prints as `•••`, so that it cannot reach a log by accident.
public struct Personal<Value: Sendable>: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The value itself; whoever takes it out answers for where it goes.
    public let revealed: Value
    public init(_ value: Value) { revealed = value }
    public var description: String { "•••" }
    public var debugDescription: String { "•••" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
