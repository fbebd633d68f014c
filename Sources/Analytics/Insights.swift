public import Segments
import Vocabulary

/// Questions about many profiles at once, whose answers are tables of numbers; each is a file of its own here.
public struct Insights: Sendable {
    let question: Question

    /// - Parameter question: the state and moment that are asked about.
    public init(_ question: Question) { self.question = question }
}
