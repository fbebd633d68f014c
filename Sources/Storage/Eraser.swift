public import Vocabulary

/// Whom to forget: every identifier of one person, and where their events stand in the log.
public struct ErasureSubject: Sendable {
    public let identifiers: [Identifier]
    public let positions: [LogPosition]

    public init(identifiers: [Identifier], positions: [LogPosition]) {
        self.identifiers = identifiers
        self.positions = positions
    }
}

/// Forgets one person in what its owner keeps. Every table and every file that can hold personal data has one.
public protocol Eraser: Sendable {
    /// As the receipt names it, such as `event log`.
    var name: String { get }
    /// Removes all that is held of the subject; when it returns, the bytes are gone from the files.
    /// - Returns: how many things were removed.
    func erase(_ subject: ErasureSubject) throws -> Int
}
