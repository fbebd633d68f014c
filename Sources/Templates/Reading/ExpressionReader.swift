/// Reads what stands inside the marks: values, filters, conditions.
struct ExpressionReader {
    enum Token: Equatable {
        case word(String)
        case text(String)
        case number(String)
        case sign(UInt8)
        case dots
        case comparison(Comparison)
        case end
    }

    private let bytes: ArraySlice<UInt8>
    private var index: Int
    let line: Int
    private(set) var token: Token = .end
    /// Where the current token begins, and where the one before it ended.
    private(set) var start: Int
    private(set) var previousEnd: Int
    private var depth = 0
    private static let depthMaximum = 50

    init(_ bytes: ArraySlice<UInt8>, line: Int) throws(TemplateError) {
        self.bytes = bytes
        self.line = line
        index = bytes.startIndex
        start = index
        previousEnd = index
        try advance()
    }

    func failure(_ problem: String, _ remedy: String = "Compare it with the examples in the manual.") -> TemplateError { .syntax(problem, remedy, line: line) }

    var unexpected: TemplateError {
        token == .end ? failure("Something is missing at the end of `\(String(decoding: bytes, as: UTF8.self).prefix(80))`.") : failure("`\(String(decoding: bytes[start..<index], as: UTF8.self).prefix(40))` cannot stand here.")
    }

    func written(from place: Int) -> String { String(decoding: bytes[place..<max(place, previousEnd)], as: UTF8.self) }

    // MARK: - Tokens

    mutating func advance() throws(TemplateError) {
        previousEnd = index
        while index < bytes.endIndex, Ascii.isBlank(bytes[index]) { index += 1 }
        start = index
        guard index < bytes.endIndex else {
            token = .end
            return
        }
        let byte = bytes[index]
        switch byte {
        case 0x22, 0x27:
            guard let end = bytes[(index + 1)...].firstIndex(of: byte) else { throw failure("A text is not closed by its quote.", "Close it with the quote that it begins with.") }
            token = .text(String(decoding: bytes[(index + 1)..<end], as: UTF8.self))
            index = end + 1
        case 0x2e where next == 0x2e:
            token = .dots
            index += 2
        case 0x3d where next == 0x3d: take(.equal)
        case 0x21 where next == 0x3d: take(.different)
        case 0x3c where next == 0x3e: take(.different)
        case 0x3c where next == 0x3d: take(.atMost)
        case 0x3e where next == 0x3d: take(.atLeast)
        case 0x3c, 0x3e:
            token = .comparison(byte == 0x3c ? .less : .greater)
            index += 1
        case 0x2c, 0x2e, 0x3a, 0x5b, 0x5d, 0x28, 0x29, 0x7c, 0x3d:
            token = .sign(byte)
            index += 1
        case _ where ExpressionReader.isDigit(byte) || byte == 0x2d && next.map(ExpressionReader.isDigit) == true: readNumber()
        case _ where ExpressionReader.isLetter(byte): readWord()
        default: throw failure("`\(String(decoding: bytes[index...].prefix(20), as: UTF8.self))` cannot stand here.")
        }
    }

    private var next: UInt8? { index + 1 < bytes.endIndex ? bytes[index + 1] : nil }

    private mutating func take(_ comparison: Comparison) {
        token = .comparison(comparison)
        index += 2
    }

    private mutating func readNumber() {
        index += 1
        while index < bytes.endIndex, ExpressionReader.isDigit(bytes[index]) { index += 1 }
        // `1..5` is a range and not a fraction.
        if index + 1 < bytes.endIndex, bytes[index] == 0x2e, ExpressionReader.isDigit(bytes[index + 1]) {
            index += 1
            while index < bytes.endIndex, ExpressionReader.isDigit(bytes[index]) { index += 1 }
        }
        token = .number(String(decoding: bytes[start..<index], as: UTF8.self))
    }

    private mutating func readWord() {
        while index < bytes.endIndex, ExpressionReader.isLetter(bytes[index]) || ExpressionReader.isDigit(bytes[index]) || bytes[index] == 0x2d { index += 1 }
        if index < bytes.endIndex, bytes[index] == 0x3f { index += 1 }
        let text = String(decoding: bytes[start..<index], as: UTF8.self)
        token = text == "contains" ? .comparison(.contains) : .word(text)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }
    /// Letters of other scripts too, since a trait may be called in any.
    private static func isLetter(_ byte: UInt8) -> Bool { byte == 0x5f || byte >= 0x80 || byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7a }

    mutating func take(_ sign: Character) throws(TemplateError) -> Bool {
        guard token == .sign(sign.asciiValue ?? 0) else { return false }
        try advance()
        return true
    }

    mutating func need(_ sign: Character) throws(TemplateError) {
        guard try take(sign) else { throw unexpected }
    }

    mutating func take(word wanted: String) throws(TemplateError) -> Bool {
        guard token == .word(wanted) else { return false }
        try advance()
        return true
    }

    mutating func word() throws(TemplateError) -> String {
        guard case .word(let name) = token else { throw unexpected }
        try advance()
        return name
    }

    func needEnd() throws(TemplateError) {
        guard token == .end else { throw unexpected }
    }

    // MARK: - Values

    mutating func expression(_ names: Names) throws(TemplateError) -> Expression {
        depth += 1
        defer { depth -= 1 }
        guard depth <= ExpressionReader.depthMaximum else { throw failure("Brackets stand more than \(ExpressionReader.depthMaximum) deep.", "Assign the inner part to a name first.") }
        switch token {
        case .text(let text):
            try advance()
            return .literal(.text(names.arena.keep(text)))
        case .number(let text):
            try advance()
            return .literal(Cell(number: text, &names.arena))
        case .sign(0x28):
            try advance()
            let first = try expression(names)
            guard token == .dots else { throw unexpected }
            try advance()
            let last = try expression(names)
            try need(")")
            if case .literal(let a) = first, case .literal(let b) = last { return .literal(Cell.range(from: a, to: b)) }
            return .range(names.arena.keep([first, last]))
        case .sign(0x5b):
            try advance()
            let name = try expression(names)
            try need("]")
            let steps = try self.steps(names)
            guard case .literal(.text(let text)) = name else { return .path(names.arena.keep(Path(root: .computed(name), steps: names.arena.keep(steps)))) }
            names.note(text.string, steps, line: line)
            return path(text.string, steps, names)
        case .word(let name):
            try advance()
            let steps = try self.steps(names)
            if steps.isEmpty {
                if let literal = ExpressionReader.literal(name) { return .literal(literal) }
                names.note(name, [], line: line)
                return .variable(names.slot(name))
            }
            names.note(name, steps, line: line)
            return path(name, steps, names)
        default: throw unexpected
        }
    }

    private func path(_ name: String, _ steps: [Path.Step], _ names: Names) -> Expression {
        .path(names.arena.keep(Path(root: .slot(names.slot(name)), steps: names.arena.keep(steps))))
    }

    private static func literal(_ word: String) -> Cell? {
        switch word {
        case "nil", "null": .null
        case "true": .boolean(true)
        case "false": .boolean(false)
        case "empty": .empty
        case "blank": .blank
        default: nil
        }
    }

    private mutating func steps(_ names: Names) throws(TemplateError) -> [Path.Step] {
        var steps: [Path.Step] = []
        while true {
            if try take(".") {
                // The word for a comparison is a fine name for a member.
                if token == .comparison(.contains) {
                    try advance()
                    steps.append(.key(Name(names.arena.keep("contains"))))
                } else { steps.append(.key(Name(names.arena.keep(try word())))) }
            } else if try take("[") {
                let index = try expression(names)
                try need("]")
                steps.append(.index(index))
            } else { return steps }
        }
    }

    // MARK: - Filters

    mutating func filtered(_ names: Names) throws(TemplateError) -> Filtered {
        if token == .end { return Filtered(base: .literal(.null), filters: View(), line: line) }
        let firstUse = names.uses.count
        let base = try expression(names)
        var calls: [FilterCall] = []
        while try take("|") { calls.append(try filter(names, isFirst: calls.isEmpty, usesFrom: firstUse)) }
        return Filtered(base: base, filters: names.arena.keep(calls), line: line)
    }

    private mutating func filter(_ names: Names, isFirst: Bool, usesFrom firstUse: Int) throws(TemplateError) -> FilterCall {
        let name = try word()
        guard let place = Filters.places[name] else { throw failure("There is no filter `\(name)`.", Suggestion.sentence(for: name, among: Filters.places.keys.sorted()) ?? "The manual lists the filters.") }
        // A value that is said what to be when it is missing cannot be missing.
        if isFirst, name == "default" { names.markDefaulted(from: firstUse) }
        var arguments: [Expression] = []
        var allowsFalse: Expression?
        if try take(":") {
            repeat {
                if token == .end || token == .sign(0x7c) { break }
                if case .word(let key) = token {
                    var ahead = self
                    try ahead.advance()
                    if ahead.token == .sign(0x3a) {
                        guard name == "default", key == "allow_false" else { throw failure("The filter `\(name)` takes nothing called `\(key)`.") }
                        self = ahead
                        try advance()
                        allowsFalse = try expression(names)
                        continue
                    }
                }
                arguments.append(try expression(names))
            } while try take(",")
        }
        let taken = Filters.all[place].arguments
        guard taken.contains(arguments.count) else {
            let (fewest, most) = (taken.lowerBound, taken.upperBound)
            throw failure("The filter `\(name)` takes \(fewest == most ? "\(fewest)" : "\(fewest) to \(most)") arguments, not \(arguments.count).")
        }
        if let allowsFalse { arguments = (arguments.isEmpty ? [.literal(.text(Text()))] : arguments) + [allowsFalse] }
        var constants: [Cell] = []
        for argument in arguments { if case .literal(let value) = argument { constants.append(value) } }
        return FilterCall(filter: place, arguments: names.arena.keep(arguments), constants: constants.count == arguments.count ? names.arena.keep(constants) : nil, line: line)
    }

    // MARK: - Conditions

    /// `and` and `or` bind alike, from the right, as in Liquid.
    mutating func test(_ names: Names) throws(TemplateError) -> Test {
        depth += 1
        defer { depth -= 1 }
        guard depth <= 200 else { throw failure("A condition has more than 200 parts.", "Split it in two.") }
        let left = try expressionOfTest(names)
        var test = Test.truth(left)
        if case .comparison(let comparison) = token {
            try advance()
            test = .comparison(names.arena.keep(Compared(left: left, comparison: comparison, right: try expressionOfTest(names))))
        }
        if try take(word: "and") { return .both(names.arena.keep((test, try self.test(names)))) }
        if try take(word: "or") { return .either(names.arena.keep((test, try self.test(names)))) }
        return test
    }

    /// The depth of a condition is not that of brackets.
    private mutating func expressionOfTest(_ names: Names) throws(TemplateError) -> Expression {
        let outer = depth
        depth = 0
        defer { depth = outer }
        return try expression(names)
    }
}
