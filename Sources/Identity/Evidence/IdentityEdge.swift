public import Vocabulary

/// A number for one identifier; events and traits are kept by node, so that a merge moves nothing and can be undone.
public typealias Node = UInt32

/// What first spoke for two identifiers being one person, by what kind of statement, and what came of it.
public struct IdentityEdge: Sendable, BitwiseCopyable {
    public enum Kind: UInt8, Sendable {
        /// One call carried both.
        case sameCall = 0
        /// An alias call said so.
        case alias = 1
        /// A trait of the person names it.
        case trait = 2
        /// Somebody merged them, or matching did.
        case merge = 3
        /// The same, and no other statement may part them.
        case always = 4
        /// Somebody parted others from both, and left these together.
        case left = 5

        /// Whether a fact says so and not an event.
        public var isStated: Bool { rawValue >= Kind.merge.rawValue }
    }

    public enum Outcome: UInt8, Sendable {
        /// It made them one.
        case joined = 0
        /// They were one already.
        case known = 1
        /// Both sides are known users, whom a shared device does not join.
        case twoUsers = 2
        /// They are to be kept apart.
        case keptApart = 3
        /// What a trait names is somebody else's already.
        case taken = 4
        /// One person would have more identifiers of a type than the rules allow.
        case limit = 5
        /// Too many people share one of them; it is set apart.
        case setApart = 6
        /// The statement was taken back.
        case undone = 7

        public var isRefusal: Bool { rawValue >= Outcome.twoUsers.rawValue && self != .undone }
    }

    public let a: Node
    public let b: Node
    /// 40 bits of position, 4 of kind, 4 of outcome, 16 of day.
    var word: UInt64

    init(_ a: Node, _ b: Node, at position: LogPosition, _ kind: Kind, _ outcome: Outcome, day: Int) {
        (self.a, self.b) = (a, b)
        word = position & 0xff_ffff_ffff | UInt64(kind.rawValue) << 40 | UInt64(outcome.rawValue) << 44 | UInt64(truncatingIfNeeded: day & 0xffff) << 48
    }

    init(a: Node, b: Node, word: UInt64) { (self.a, self.b, self.word) = (a, b, word) }

    public var position: LogPosition { word & 0xff_ffff_ffff }
    public var kind: Kind { Kind(rawValue: UInt8(truncatingIfNeeded: word >> 40) & 15) ?? .sameCall }
    public internal(set) var outcome: Outcome {
        get { Outcome(rawValue: UInt8(truncatingIfNeeded: word >> 44) & 15) ?? .known }
        set { word = word & ~(15 << 44) | UInt64(newValue.rawValue) << 44 }
    }
    /// When it was received, in days since 1970.
    var day: Int { Int(word >> 48) }
}
