public import Vocabulary

/// Whether a person is among those with the most, or the least, of something.
///
/// Ranked are those who may be asked about and have such a number; a count, sum, rate or streak of 0 is none, so that most people of a shop do not tie for the last place.
/// In the top `k` are those than whom fewer than `k` people have more: who ties with the last one is in, so that it may be more than `k`. A share of `p` percent means the `k` that is the
/// smallest whole number not below `p` / 100 of those who are ranked.
public struct RankTest: ConditionTest, Hashable {
    public static let key = "rank"

    public enum Subject: Sendable, Hashable {
        /// A measure that is always a number.
        case measure(EventMeasure)
        /// The numbers of a trait.
        case trait(String)
        /// A computed trait that is always a number.
        case computed(String)
    }
    public enum Size: Sendable, Hashable {
        /// 1 to 100,000,000.
        case count(Int)
        /// More than 0, up to 100.
        case percent(ExactNumber)
    }
    public let subject: Subject
    public let isTop: Bool
    public let size: Size

    public init(_ subject: Subject, isTop: Bool, _ size: Size) {
        self.subject = subject
        self.isTop = isTop
        self.size = size
    }
}
