public import Vocabulary

/// Whom to forget: every identifier of one person, where their events stand in the log, and every profile id that they ever had.
public struct ErasureSubject: Sendable {
    public let identifiers: [Identifier]
    public let positions: [LogPosition]
    public let ids: [String]

    public init(identifiers: [Identifier], positions: [LogPosition], ids: [String] = []) {
        self.identifiers = identifiers
        self.positions = positions
        self.ids = ids
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
