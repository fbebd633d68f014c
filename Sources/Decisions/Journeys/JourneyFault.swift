public import Vocabulary

/// Why a journey cannot be read, and where the fault stands.
public struct JourneyFault: Explained, Hashable {
    /// A code that begins with `journey.`, or with `segments.` where a condition or an event cannot be read.
    public let explanation: Explanation
    /// As RFC 6901 writes it, such as `/steps/2/wait`, with the line before it where it was looked up in YAML; of YAML that cannot be read, line and column.
    public let place: String

    public init(_ explanation: Explanation, at place: String) { (self.explanation, self.place) = (explanation, place) }

    public init(_ code: String, _ problem: String, _ remedy: String, at place: String) {
        self.init(Explanation(code: "journey." + code, problem: problem, remedy: remedy), at: place)
    }
}
