public import Vocabulary

/// A statement about who is who as it stands in the log.
public struct Link: Sendable {
    public let position: LogPosition
    public let fact: LinkFact
    public let at: Timestamp
    /// The statement that took this one back.
    public let undo: Undo?
    /// Whether it does what it says: not when it was taken back, nor a merge of people whom another statement keeps apart.
    public let isInForce: Bool

    public struct Undo: Sendable {
        public let at: Timestamp
        public let author: String
        public let reasons: [String]
    }

    public var id: String { Link.id(position) }

    /// `lnk_` and where it stands in the log.
    public static func id(_ position: LogPosition) -> String { "lnk_\(position)" }

    public static func position(_ id: String) -> LogPosition? {
        guard id.hasPrefix("lnk_"), let position = LogPosition(id.dropFirst(4)), position < 1 << 40, Link.id(position) == id else { return nil }
        return position
    }
}

/// Why a statement cannot be made.
public enum LinkError: Error, Explained, Hashable {
    case unknownIdentifier(type: String)
    case sideMissing
    case tooMany
    case onePersonAlready
    case notOnePerson
    case nothingLeft
    case accountAndPerson
    case sidesOverlap
    case keptApart(by: String)
    case heldTogether(by: String)
    case unknownLink
    case undoneAlready

    public var explanation: Explanation {
        switch self {
        case .unknownIdentifier(let type): Explanation(code: "link.unknown-identifier", problem: "Nobody has been met by one of these identifiers (a \(type)).", remedy: "Name identifiers that a profile has.")
        case .sideMissing: Explanation(code: "link.side-missing", problem: "The statement needs two sides.", remedy: "Send `first` and `second`, each a list of identifiers or a profile's id.")
        case .tooMany: Explanation(code: "link.too-many", problem: "The statement names more than \(LinkFact.identifiersMaximum) identifiers.", remedy: "Name fewer.")
        case .onePersonAlready: Explanation(code: "link.one-already", problem: "They are one profile already.", remedy: "Nothing is to be done; to hold them together whatever comes, state `always`.")
        case .notOnePerson: Explanation(code: "link.not-one", problem: "These identifiers are not of one profile.", remedy: "Unmerge takes identifiers off one profile; to keep two apart, state `never`.")
        case .nothingLeft: Explanation(code: "link.nothing-left", problem: "Nothing of the profile would be left on the other side.", remedy: "Name fewer of its identifiers.")
        case .accountAndPerson: Explanation(code: "link.account", problem: "An account and a person are never one.", remedy: "Name two people or two accounts.")
        case .sidesOverlap: Explanation(code: "link.overlap", problem: "An identifier stands on both sides.", remedy: "Name each once.")
        case .keptApart(let id): Explanation(code: "link.kept-apart", problem: "\(id) keeps them apart.", remedy: "Undo \(id) first.")
        case .heldTogether(let id): Explanation(code: "link.held-together", problem: "\(id) holds them together.", remedy: "Undo \(id) first.")
        case .unknownLink: Explanation(code: "link.unknown", problem: "There is no such link.", remedy: "Look it up with GET /api/v1/links.")
        case .undoneAlready: Explanation(code: "link.undone", problem: "It has been undone already.", remedy: "State it again if it is to hold.")
        }
    }
}
