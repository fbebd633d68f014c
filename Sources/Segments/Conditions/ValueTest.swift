public import Vocabulary

/// A value written in a condition.
public enum Literal: Sendable, Hashable {
    case text(String)
    case number(ExactNumber)
    case boolean(Bool)
    /// A day without a time of day, as `1991-07-01`: its midnight in UTC, since values are compared as they were sent.
    case instant(Timestamp)
    /// Compared with texts that are versions, number by number: 2.10 comes after 2.9.
    case version(String)
}

/// What a value must be. Types are never guessed: a text is not a number even where it looks like one; a text that is a date in a known spelling
/// is compared as an instant when the literal is one.
public indirect enum ValueTest: Sendable, Hashable {
    case equals(Literal)
    case differs(Literal)
    case isOneOf([Literal])
    case isNoneOf([Literal])
    /// Numbers, instants and versions only; the bounds of `between` are included.
    case less(Literal), atMost(Literal), more(Literal), atLeast(Literal)
    case between(Literal, Literal)
    /// Texts, by code points or folded.
    case contains([String], fold: Folding)
    case omits([String], fold: Folding)
    case starts(String, fold: Folding)
    case ends(String, fold: Folding)
    case equalsFolded(String, fold: Folding)
    /// The whole text matches an RE2-like expression, which is refused where it could take more than linear time.
    case matches(String)
    /// There is a value other than JSON null; `isMissing`: there is none.
    case exists
    case isMissing
    /// True or unknown; false or unknown.
    case isTrueOrUnknown, isFalseOrUnknown
    /// Dates: in the last or next period before or after the moment; more than so long ago; further away than so long.
    case withinLast(Period), withinNext(Period), beforeLast(Period), afterNext(Period)
    /// A date whose day of the year falls into the next so many days from the moment's day, that day included: birthdays.
    case anniversaryWithinNext(days: Int)
    /// A number that leaves this rest when divided.
    case remainder(of: Int, is: Int)
    /// A list, by its elements.
    case elements(ElementTest)
}

/// In what texts may differ and still be the same.
public enum Folding: Sendable, Hashable {
    /// In nothing.
    case none
    /// In the case of letters; see ``CaseFolding``.
    case letters
    /// In case and in accents; see ``AccentFolding``.
    case accents
}
