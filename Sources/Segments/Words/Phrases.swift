/// The phrases that sentences are made of, in one language.
///
/// A phrase is a line `key | English | Spanish | Turkish`, as in the console's catalogue. `{name}` is filled in; two forms joined by ` ~ ` are for one and
/// for other numbers. What stays empty leaves no blank behind.
struct Phrases {
    static let languages = ["en", "es", "tr"]
    private let column: Int

    /// - Parameter code: `en`, `es` or `tr`; another is taken for `en`.
    init(_ code: String) { column = Phrases.languages.firstIndex(of: code) ?? 0 }

    var isSpanish: Bool { column == 1 }
    var isTurkish: Bool { column == 2 }

    func callAsFunction(_ key: String, _ values: [String: String] = [:], count: Int? = nil) -> String {
        guard let forms = Phrases.table[key] else { preconditionFailure("no phrase \(key)") }
        let form = forms[column].count > 1 && count != 1 ? forms[column][1] : forms[column][0]
        var out = ""
        var rest = form[...]
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            out += rest[..<open]
            let name = String(rest[rest.index(after: open)..<close])
            out += values[name] ?? (name == "n" ? count.map(String.init) : nil) ?? ""
            rest = rest[rest.index(after: close)...]
        }
        out += rest
        return Phrases.tidy(out)
    }

    /// Takes away the blanks that an empty value left at the ends, doubled or before a comma. Names and values keep their own, since they are filled in
    /// between quotes.
    private static func tidy(_ text: String) -> String {
        var out = ""
        var isQuoted = false
        for letter in text {
            if letter == "“" { isQuoted = true }
            if letter == "”" { isQuoted = false }
            if !isQuoted {
                if letter == " ", out.isEmpty || out.last == " " { continue }
                if letter == ",", out.last == " " { out.removeLast() }
            }
            out.append(letter)
        }
        if !isQuoted, out.last == " " { out.removeLast() }
        return out
    }

    static let table: [String: [[String]]] = Dictionary(
        uniqueKeysWithValues: (values + events + reasons).split(separator: "\n").map { line in
            let cells = line.split(separator: "|", omittingEmptySubsequences: false).map { $0.trimmingBlanks() }
            return (cells[0], cells.dropFirst().map { $0.split(separator: "~").map { $0.trimmingBlanks() } })
        })
}

extension Substring {
    fileprivate func trimmingBlanks() -> String {
        String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}

extension Phrases {
    /// Joins with `and` or `or`; of long lists, the first three and how many more.
    func list(_ items: [String], _ word: String) -> String {
        guard items.count > 4 else { return joined(items, word) }
        return self("more", ["list": items.prefix(3).joined(separator: ", ")], count: items.count - 3)
    }

    private func joined(_ items: [String], _ word: String) -> String {
        guard items.count > 1 else { return items.first ?? "" }
        return items.dropLast().joined(separator: ", ") + " " + self(word) + " " + (items.last ?? "")
    }

    func period(_ period: Period) -> String { self("unit.\(period.unit.rawValue)", count: period.count) }

    func quoted(_ text: String) -> String { "“" + (text.count > 60 ? text.prefix(57) + "…" : text) + "”" }

    /// A text with a large letter at its beginning.
    func opening(_ text: String) -> String {
        guard let first = text.first else { return text }
        return (isTurkish && first == "i" ? "İ" : first.uppercased()) + text.dropFirst()
    }

    func value(_ literal: Literal, isShare: Bool = false) -> String {
        switch literal {
        case .text(let text): quoted(text)
        case .number(let number): isShare ? number.movingPoint(by: 2).map { "\($0) %" } ?? number.description : number.description
        case .boolean(let value): self(value ? "true" : "false")
        case .instant(let time): time.dateOrTime
        case .version(let version): self("version", ["version": version])
        }
    }

    // MARK: - Tests of values

    /// - Parameter name: of what is tested.
    func test(_ name: String, _ test: ValueTest, isShare: Bool = false) -> String {
        func one(_ key: String, _ literal: Literal) -> String { self("value." + key, ["name": name, "value": value(literal, isShare: isShare)]) }
        func many(_ key: String, _ items: [String], _ fold: Folding = .none) -> String {
            folded(self("value." + key, ["name": name, "value": list(items, "or")]), fold)
        }
        func timed(_ key: String, _ period: Period) -> String { self("value." + key, ["name": name, "value": self.period(period)]) }
        switch test {
        case .equals(let value): return one("equals", value)
        case .equalsFolded(let text, let fold): return folded(one("equals", .text(text)), fold)
        case .differs(let value): return one("differs", value)
        case .less(let value): return one("less", value)
        case .atMost(let value): return one("at-most", value)
        case .more(let value): return one("more", value)
        case .atLeast(let value): return one("at-least", value)
        case .between(let lower, let upper):
            return self("value.between", ["name": name, "from": value(lower, isShare: isShare), "to": value(upper, isShare: isShare)])
        case .isOneOf(let values): return many("one-of", values.map { value($0, isShare: isShare) })
        case .isNoneOf(let values): return many("none-of", values.map { value($0, isShare: isShare) })
        case .contains(let texts, let fold): return many("contains", texts.map(quoted), fold)
        case .omits(let texts, let fold): return many("omits", texts.map(quoted), fold)
        case .starts(let text, let fold): return many("starts", [quoted(text)], fold)
        case .ends(let text, let fold): return many("ends", [quoted(text)], fold)
        case .matches(let pattern): return many("matches", [quoted(pattern)])
        case .exists, .isMissing, .isTrueOrUnknown, .isFalseOrUnknown: return self("value." + test.member, ["name": name])
        case .withinLast(let period): return timed("within-last", period)
        case .withinNext(let period): return timed("within-next", period)
        case .beforeLast(let period): return timed("more-than-ago", period)
        case .afterNext(let period): return timed("more-than-ahead", period)
        case .anniversaryWithinNext(let days): return timed("anniversary", Period(days, .day))
        case .elements(let test):
            let values = ["name": name, "filter": test.filter.map { filter($0) } ?? ""]
            guard let inner = test.test else { return self("value." + test.member, values) }
            let of = test.filter == nil ? "" : "-where"
            if case .sum(let path, _) = test.quantifier { return self.test(self("item-sum" + of, values.merging(["path": path]) { $1 }), inner) }
            return self.test(self("item-count" + of, values), inner)
        case .remainder(let divisor, let rest): return self("value.remainder", ["name": name, "divisor": "\(divisor)", "rest": "\(rest)"])
        }
    }

    private func folded(_ text: String, _ fold: Folding) -> String {
        fold == .none ? text : self(fold == .accents ? "ignoring-accents" : "ignoring-case", ["text": text])
    }
}
