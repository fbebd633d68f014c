/// The words of the text form.
enum Keyword {
    /// Never names, unless they stand between backquotes.
    static let reserved: Set<String> = [
        "and", "or", "not", "did", "in", "is", "where", "then", "within", "without", "everyone", "nobody", "trait", "true", "false",
    ]
    /// What may follow a name.
    static let tests = [
        "is", "in", "not", "between", "contains", "omits", "starts", "ends", "matches", "exists", "within", "more", "anniversary", "divided", "before",
        "after", "since", "has", "changed", "set", "source", "as",
    ]
    /// What may begin a condition, besides names.
    static let beginnings = [
        "did", "not", "everyone", "nobody", "in", "trait", "bucket", "count", "sum", "average", "minimum", "maximum", "median", "percentile", "distinct",
        "most", "first", "last", "days", "share", "longest", "current", "all", "any", "profile", "daily", "weekly",
        "monthly", "decayed", "latest", "slope", "affinity", "is", "was", "had",
    ]
    /// What may follow an event.
    static let clauses = [
        "where", "in", "from", "between", "since", "before", "this", "last", "today", "yesterday", "ever", "at", "exactly", "once", "twice", "for", "again", "then", "without",
        "all", "with", "within", "and", "or",
    ]
    /// A name that is one of these is printed between backquotes, so that nobody has to think about it.
    static let all: Set<String> = reserved.union(tests).union(beginnings).union(clauses).union(["hour", "weekday", "page", "screen", "anything", "unknown", "missing", "none", "do", "segment", "list", "version", "ignoring", "top", "bottom", "was", "on", "as", "member", "account", "under", "role", "whose", "avg", "min", "max"])

    /// The word among `words` that `word` was probably meant to be; nil when none is near.
    static func nearest(to word: String, among words: some Sequence<String>) -> String? {
        let wanted = Array(word.lowercased().unicodeScalars.prefix(65))
        guard wanted.count <= 64, !wanted.isEmpty else { return nil }
        var best: (word: String, distance: Int)?
        for candidate in words {
            let scalars = Array(candidate.lowercased().unicodeScalars.prefix(65))
            let limit = max(1, min(wanted.count, scalars.count) / 3)
            guard abs(scalars.count - wanted.count) <= limit else { continue }
            let distance = distance(wanted, scalars)
            guard distance <= limit, distance < (best?.distance ?? .max) else { continue }
            best = (candidate, distance)
        }
        return best?.word
    }

    /// How many letters must be put in, left out, replaced or swapped with their neighbour.
    private static func distance(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Int {
        var before: [Int] = []
        var row = Array(0...b.count)
        for i in 0..<a.count {
            var next = [i + 1]
            for j in 0..<b.count {
                var cost = min(row[j + 1] + 1, next[j] + 1, row[j] + (a[i] == b[j] ? 0 : 1))
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { cost = min(cost, before[j - 1] + 1) }
                next.append(cost)
            }
            before = row
            row = next
        }
        return row[b.count]
    }
}

extension Period.Unit {
    /// A unit by its name, singular, plural or short: `day`, `days`, `d`.
    init?(word: some StringProtocol) {
        switch word {
        case "s", "sec", "second", "seconds": self = .second
        case "min", "minute", "minutes": self = .minute
        case "h", "hour", "hours": self = .hour
        case "d", "day", "days": self = .day
        case "w", "week", "weeks": self = .week
        case "mo", "month", "months": self = .month
        case "q", "quarter", "quarters": self = .quarter
        case "y", "year", "years": self = .year
        default: return nil
        }
    }

    /// As the JSON form writes it behind the number.
    var short: String {
        switch self {
        case .second: "s"
        case .minute: "min"
        case .hour: "h"
        case .day: "d"
        case .week: "w"
        case .month: "mo"
        case .quarter: "q"
        case .year: "y"
        }
    }

    static let words = allCases.flatMap { [$0.rawValue, $0.rawValue + "s"] }
}
