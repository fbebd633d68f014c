public import Storage
import Vocabulary

/// Forgets a person everywhere: runs every eraser, in the order of the list, and says what each removed.
public struct Erasure: Sendable {
    private let erasers: [any Eraser]

    public init(_ erasers: [any Eraser]) { self.erasers = erasers }

    public struct Receipt: Sendable {
        public let removed: [(store: String, count: Int)]
    }

    /// When it returns, nothing of the subject can be read from the data folder.
    public func run(_ subject: ErasureSubject) throws -> Receipt {
        Receipt(removed: try erasers.map { ($0.name, try $0.erase(subject)) })
    }
}
