public import Vocabulary

/// A question that is true or false of one profile at one instant: tests joined by and, or, not, to any depth.
///
/// The same value is asked of everyone, of one profile, live and in the past. An absent trait or property satisfies no test of its value, neither
/// `=` nor `≠` nor a range; whoever means "or unknown" says so.
public indirect enum Condition: Sendable {
    /// True when every part is; of no parts, true.
    case all([Condition])
    /// True when one part is; of no parts, false.
    case any([Condition])
    case not(Condition)
    case test(any ConditionTest)
}

/// A kind of test. Adding one means its file in `Conditions/`, its name in ``ConditionKinds/all``, and its row in the conformance suite; nothing
/// else switches over kinds.
public protocol ConditionTest: Sendable {
    /// The member of the JSON form that tells this kind from the others, such as `trait`.
    static var key: String { get }
}

/// An instant and a zone in which a condition is asked.
public struct Moment: Sendable, Hashable {
    /// What happened at or after this instant has not happened.
    public let asOf: Timestamp
    /// In which days, months and hours of the day are counted.
    public let zone: TimeZoneName

    public init(asOf: Timestamp, zone: TimeZoneName = .utc) {
        self.asOf = asOf
        self.zone = zone
    }
}

/// A name of the IANA time zone database, such as `Europe/Madrid`.
public struct TimeZoneName: Sendable, Hashable {
    public let name: String
    public static let utc = TimeZoneName(name: "UTC")

    /// - Parameter name: not checked here; a condition with a zone that the machine does not know is refused when it is saved.
    public init(name: String) { self.name = name }
}
