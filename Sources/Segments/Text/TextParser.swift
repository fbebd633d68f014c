import Vocabulary

/// Reads the text form by recursive descent with one or two tokens of foresight; no input makes it go back.
struct TextParser {
    private let bytes: [UInt8]
    let tokens: [TextToken]
    var index = 0
    private var depth = 0
    private var parts = 0
    let known: KnownNames
    var warnings: [ConditionError] = []
    /// Whether the filter that is read is one of sessions, and whether what is tested is a length of time.
    var isOfSessions = false
    var isDuration = false

    init(_ text: String, known: KnownNames) throws(ConditionError) {
        bytes = Array(text.utf8)
        self.known = known
        guard bytes.count <= ConditionLimits.text else {
            throw ConditionError(.tooLong(ConditionLimits.text), at: .text(TextPlace(ConditionLimits.text..<bytes.count, of: bytes)))
        }
        tokens = try TextLexer.tokens(of: bytes)
    }

    // MARK: - Tokens

    var token: TextToken { tokens[index] }
    func token(_ ahead: Int) -> TextToken { tokens[min(index + ahead, tokens.count - 1)] }
    func keyword(_ ahead: Int = 0) -> String { token(ahead).keyword }
    func isSign(_ sign: String, _ ahead: Int = 0) -> Bool { token(ahead).kind == .sign(sign) }

    /// Moves on; the end is never passed.
    mutating func advance(_ count: Int = 1) { index = min(index + count, tokens.count - 1) }

    mutating func take(_ word: String) -> Bool {
        guard keyword() == word else { return false }
        advance()
        return true
    }

    mutating func take(sign: String) -> Bool {
        guard isSign(sign) else { return false }
        advance()
        return true
    }

    mutating func expect(_ word: String, _ sense: String) throws(ConditionError) {
        guard take(word) else { throw unexpected(sense, among: [word]) }
    }

    mutating func expectOpening(_ sense: String) throws(ConditionError) {
        guard take(sign: "(") else { throw unexpected(sense, among: []) }
    }

    /// - Parameter opening: the token that must be closed.
    mutating func expectClosing(_ opening: TextToken) throws(ConditionError) {
        if take(sign: ")") { return }
        if case .end = token.kind {
            throw failure(opening, "unclosed-parenthesis", "This parenthesis is never closed.", "Write `)` where it should end.")
        }
        throw unexpected("`)` or one more part", among: ["and", "or"])
    }

    /// Reads elements and commas up to the closing parenthesis; the opening one has been taken.
    mutating func list<Element>(_ opening: TextToken, _ element: (inout TextParser) throws(ConditionError) -> Element) throws(ConditionError) -> [Element] {
        var elements: [Element] = []
        if take(sign: ")") { return elements }
        repeat { elements.append(try element(&self)) } while take(sign: ",")
        try expectClosing(opening)
        return elements
    }

    // MARK: - Faults

    func failure(_ token: TextToken, _ code: String, _ problem: String, _ remedy: String) -> ConditionError {
        ConditionError(Explanation(code: "segments." + code, problem: problem, remedy: remedy), at: .text(TextPlace(token.range, of: bytes)))
    }

    /// From `first` to the last token taken.
    func failure(_ explanation: Explanation, from first: TextToken) -> ConditionError {
        let end = index > 0 ? tokens[index - 1].range.upperBound : first.range.upperBound
        return ConditionError(explanation, at: .text(TextPlace(first.range.lowerBound..<max(end, first.range.upperBound), of: bytes)))
    }

    mutating func check(_ fault: Explanation?, from first: TextToken) throws(ConditionError) {
        if let fault { throw failure(fault, from: first) }
    }

    /// The token that stands here is not what should.
    func unexpected(_ sense: String, among words: [String]) -> ConditionError {
        // The comma that closes an example is needed in the middle of a sentence only.
        let bare = sense.hasSuffix(",") ? String(sense.dropLast()) : sense
        switch token.kind {
        case .end:
            return failure(token, "unfinished", "The condition ends where \(sense) should follow.", "Go on with \(bare).")
        case .sign(")"):
            return failure(token, "unexpected", "`)` stands where \(sense) should follow.", "Put in \(bare), or take away the parenthesis.")
        case .word(let word):
            if let nearest = Keyword.nearest(to: word, among: words), nearest != word.lowercased() {
                return failure(token, "unknown-word", "`\(word.prefix(64))` is not known here.", "Did you mean `\(nearest)`?")
            }
            return failure(token, "unexpected", "`\(word.prefix(64))` stands where \(sense) should follow.", "Write \(bare) here.")
        case .name, .text, .number, .date, .clock, .sign:
            let found = String(decoding: bytes[token.range].prefix(64), as: UTF8.self)
            return failure(token, "unexpected", "`\(found)` stands where \(sense) should follow.", "Write \(bare) here.")
        }
    }

    /// Counts one part more.
    mutating func part() throws(ConditionError) {
        parts += 1
        guard parts <= ConditionLimits.parts else { throw failure(.tooManyParts, from: token) }
    }

    mutating func nested<Value>(_ body: (inout TextParser) throws(ConditionError) -> Value) throws(ConditionError) -> Value {
        depth += 1
        // Two more than the limit, for parentheses around a single test; the finished condition is measured once more.
        guard depth <= ConditionLimits.depth + 2 else { throw failure(.tooDeep, from: token) }
        let value = try body(&self)
        depth -= 1
        return value
    }

    mutating func warn(_ token: TextToken, _ code: String, _ problem: String, _ remedy: String) {
        guard warnings.count < 20 else { return }
        warnings.append(failure(token, code, problem, remedy))
    }

    private mutating func compare(_ name: String, with known: Set<String>, at token: TextToken, kind: String) {
        guard warnings.count < 20, !known.isEmpty, !known.contains(name) else { return }
        // Looking through very many names would take longer than reading the condition.
        let nearest = known.count > 5000 ? nil : Keyword.nearest(to: name, among: known.sorted())
        warn(
            token, "unseen-name", "No \(kind) called `\(name.prefix(64))` has been seen so far.",
            nearest.map { "Did you mean `\($0)`?" } ?? "Look whether it is spelt as senders spell it.")
    }

    mutating func noteEvent(_ name: String, at token: TextToken) { compare(name, with: known.events, at: token, kind: "event") }
    mutating func noteSegment(_ name: String, at token: TextToken) { compare(name, with: known.segments, at: token, kind: "segment") }

    private mutating func noteComputed(_ name: String, at token: TextToken) { compare(name, with: known.computed, at: token, kind: "computed trait") }

    private mutating func noteTrait(_ path: String, at token: TextToken) {
        // A member of a nested trait is known by its beginning.
        if let dot = path.firstIndex(of: "."), known.traits.contains(String(path[..<dot])) { return }
        compare(path, with: known.traits, at: token, kind: "trait")
    }

    // MARK: - Conditions

    mutating func whole() throws(ConditionError) -> Condition {
        if case .end = token.kind {
            throw failure(token, "nothing-asked", "The condition is empty.", "Write `everyone`, or a condition such as `plan = \"premium\"`.")
        }
        let condition = try condition()
        guard case .end = token.kind else {
            if isSign(")") { throw failure(token, "unopened-parenthesis", "This parenthesis closes nothing.", "Take it away, or write `(` where it should begin.") }
            throw unexpected("`and`, `or` or the end", among: Keyword.clauses + Keyword.tests)
        }
        try check(condition.sizeFault, from: tokens[0])
        return condition
    }

    mutating func condition() throws(ConditionError) -> Condition {
        try nested { parser throws(ConditionError) in
            var parts = [try parser.conjunction()]
            while parser.take("or") { parts.append(try parser.conjunction()) }
            return parts.count == 1 ? parts[0] : .any(parts)
        }
    }

    private mutating func conjunction() throws(ConditionError) -> Condition {
        var parts = [try unary()]
        while take("and") { parts.append(try unary()) }
        return parts.count == 1 ? parts[0] : .all(parts)
    }

    private mutating func unary() throws(ConditionError) -> Condition {
        guard take("not") else { return try primary() }
        return .not(try nested { parser throws(ConditionError) in try parser.unary() })
    }

    private mutating func primary() throws(ConditionError) -> Condition {
        try part()
        let first = token
        if take(sign: "(") {
            let condition = try condition()
            try expectClosing(first)
            return condition
        }
        switch (keyword(), keyword(1)) {
        case ("everyone", _): advance(); return .all([])
        case ("nobody", _): advance(); return .any([])
        case ("all", "of"), ("any", "of"):
            guard isSign("(", 2) else { break }
            let opening = token(2)
            advance(3)
            let parts = try list(opening) { parser throws(ConditionError) in try parser.condition() }
            return first.keyword == "all" ? .all(parts) : .any(parts)
        case ("did", _): return try did()
        case ("in", "segment"):
            advance(2)
            let token = token
            guard case .text(let name) = token.kind else { throw unexpected("the segment's handle between quotes", among: []) }
            advance()
            let test = SegmentTest(segment: name)
            try check(test.fault, from: token)
            noteSegment(name, at: token)
            return .test(test)
        case ("was", "in"):
            advance(2)
            guard take("segment") else { throw unexpected("`segment` and its handle, as in `was in segment \"fans\" on 2026-05-01`,", among: ["segment"]) }
            let token = token
            guard case .text(let name) = token.kind else { throw unexpected("the segment's handle between quotes", among: []) }
            advance()
            try expect("on", "`on` and a date")
            guard case .date(let time) = self.token.kind else { throw unexpected("a date, such as 2026-05-01,", among: []) }
            advance()
            let test = SegmentTest(segment: name, on: time)
            try check(test.fault, from: token)
            noteSegment(name, at: token)
            return .test(test)
        case ("in", "list"):
            advance(2)
            let token = token
            guard case .text(let name) = token.kind else { throw unexpected("the list's handle between quotes", among: []) }
            advance()
            let test = ListTest(list: name)
            try check(test.fault, from: token)
            compare(name, with: known.lists, at: token, kind: "list")
            return .test(test)
        default: break
        }
        if beginsMembership() { return try membership() }
        if keyword() == "bucket", isSign("(", 1) { return try bucket() }
        if beginsMeasure() { return try measured() }
        if let seen = try seen() { return seen }
        if case .word(let word) = first.kind, let name = ComputedTest.name(in: word) { return try computed(name) }
        return try trait()
    }

    /// At a word such as `computed.lifetimeValue`.
    private mutating func computed(_ name: String) throws(ConditionError) -> Condition {
        let first = token
        try check(ComputedTrait.nameFault(name), from: first)
        advance()
        let condition = beginsRank ? try rank(.computed(name), from: first) : try chained(after: first) { .test(ComputedTest(trait: name, test: $0)) }
        noteComputed(name, at: first)
        return condition
    }

    private mutating func trait() throws(ConditionError) -> Condition {
        _ = take("trait")
        let token = token
        let path = try path("a condition, such as `plan = \"premium\"` or `did \"Order Completed\"`", among: Keyword.beginnings)
        if case .sign(let sign) = self.token.kind, let comparison = RelationTest.Comparison(rawValue: sign), keyword(1) == "trait" {
            advance(2)
            let other = self.token
            let right = try self.path("the name of a trait", among: [])
            noteTrait(path, at: token)
            noteTrait(right, at: other)
            return .test(RelationTest(left: path, comparison: comparison, right: right))
        }
        if beginsContext {
            guard case .member(let pattern) = try context() else { return .all([]) }
            noteTrait(path, at: token)
            return try chained(after: token) { .test(ContextTraitTest(path: path, as: pattern, test: $0)) }
        }
        let statement = beginsRank ? try rank(.trait(path), from: token) : try statement(of: path, at: token)
        let condition = if let statement { statement } else { try chained(after: token) { .test(TraitTest(path: path, test: $0)) } }
        noteTrait(path, at: token)
        return condition
    }

    /// A test, and more of the same subject: `> 1 and <= 5`.
    mutating func chained(after subject: TextToken, _ make: (ValueTest) -> Condition) throws(ConditionError) -> Condition {
        let first = make(try valueTest(after: subject))
        var tests = [first]
        while keyword() == "and", case .sign(let sign) = token(1).kind, ["<", "<=", ">", ">=", "!="].contains(sign) {
            advance()
            try part()
            tests.append(make(try valueTest(after: subject)))
        }
        return tests.count == 1 ? first : .all(tests)
    }

    /// The name of a trait or property.
    mutating func path(_ sense: String, among words: [String]) throws(ConditionError) -> String {
        switch token.kind {
        case .name(let name):
            try check(PathName.fault(name), from: token)
            advance()
            return name
        case .word(let word):
            if Keyword.reserved.contains(keyword()) {
                throw failure(token, "reserved-word", "`\(word)` is a word of the language and stands where \(sense) should follow.", "If it is a name, write it between backquotes: `\(word)`.")
            }
            advance()
            return word
        case .text:
            throw failure(token, "name-in-quotes", "A text between quotes stands where a name or \(sense) should follow.", "Names stand without quotes, or between backquotes.")
        default: throw unexpected(sense, among: words)
        }
    }

    private mutating func bucket() throws(ConditionError) -> Condition {
        let first = token
        advance()
        let opening = token
        advance()
        guard case .text(let salt) = token.kind else { throw unexpected("the salt between quotes", among: []) }
        advance()
        try expectClosing(opening)
        try expect("from", "`from` and the first bucket")
        let (lower, isShare) = try bucketNumber()
        try expect("to", "`to` and the last bucket")
        let (last, _) = try bucketNumber()
        // Buckets are named by their first and last; shares of 100 touch each other.
        let test = BucketTest(salt: salt, lower: lower, upper: isShare ? last : last + 1)
        try check(test.fault, from: first)
        return .test(test)
    }

    private mutating func bucketNumber() throws(ConditionError) -> (Int, isShare: Bool) {
        let first = token
        guard case .number(let number) = token.kind else { throw unexpected("a whole number or a percentage", among: []) }
        advance()
        let isShare = take(sign: "%")
        let (value, isExact) = number.floor(scale: isShare ? 2 : 0)
        guard isExact, value >= 0, value <= BucketTest.count else {
            throw failure(first, "bucket-range", "Buckets are numbered from 0 to \(BucketTest.count - 1).", "Write whole numbers, or percentages with at most two decimals.")
        }
        return (Int(value), isShare)
    }
}
