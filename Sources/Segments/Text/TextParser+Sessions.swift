import Vocabulary

/// What is particular to sessions.
extension TextParser {
    /// Behind `sessions`: the longest pause within one, where it is said.
    mutating func sessionGap() throws(ConditionError) -> Period {
        guard keyword() == "with", keyword(1) == "gaps" else { return EventPattern.sessionGap }
        advance(2)
        try expect("up", "`up to` and a period")
        try expect("to", "`to` and a period, as in `sessions with gaps up to 30 minutes`,")
        return try period()
    }

    /// Where a duration is tested, `5 minutes` is the number of its seconds; nil where no unit follows.
    mutating func seconds(_ number: ExactNumber) throws(ConditionError) -> ExactNumber? {
        guard isDuration, let unit = Period.Unit(word: keyword()) else { return nil }
        guard let milliseconds = Period(1, unit).milliseconds else {
            throw failure(token, "unknown-unit", "Durations are told in seconds, minutes, hours, days or weeks.", "Write `> 5 minutes`.")
        }
        advance()
        return number * ExactNumber(milliseconds / 1000)
    }
}

extension EventMeasure {
    /// Whether it is always a length of time.
    var isDuration: Bool {
        guard pattern.sessionGap != nil, measure.path == "duration" else { return false }
        if case .distinct = measure { return false }
        return true
    }
}
