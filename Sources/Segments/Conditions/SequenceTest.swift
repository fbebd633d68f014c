/// Events one after the other, with gaps and absences: A, then B within an hour, and no C in between.
///
/// There must be events e1 < e2 < … (strictly, by timestamp), one for each present step, such that e1 lies in the window, each further one lies
/// within its step's period after the one before (far end included), all lie within `within` after e1, none of an absent step's events lies strictly
/// between its neighbours, and for every property in `same` all present steps' events have one and the same value.
/// An absent step at the end needs a period: no such event after the last one up to its end (included), and that end must have passed.
public struct SequenceTest: ConditionTest, Hashable {
    public static let key = "sequence"

    public struct Step: Sendable, Hashable {
        public let pattern: EventPattern
        public let isAbsent: Bool
        /// After the present step before it.
        public let within: Period?

        public init(_ pattern: EventPattern, isAbsent: Bool = false, within: Period? = nil) {
            self.pattern = pattern
            self.isAbsent = isAbsent
            self.within = within
        }
    }

    public let first: EventPattern
    public let window: Window
    /// At least one.
    public let rest: [Step]
    /// From the first event to the last.
    public let within: Period?
    public let same: [String]

    public init(first: EventPattern, window: Window, rest: [Step], within: Period? = nil, same: [String] = []) {
        self.first = first
        self.window = window
        self.rest = rest
        self.within = within
        self.same = same
    }
}
