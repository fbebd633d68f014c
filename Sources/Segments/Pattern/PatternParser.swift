/// Reads a regular expression.
struct PatternParser {
    private let scalars: [Unicode.Scalar]
    private var index = 0
    private var depth = 0
    private var isFolded = false
    private var dotIsAll = false

    init(_ text: String) { scalars = Array(text.unicodeScalars) }

    private var current: Unicode.Scalar? { index < scalars.count ? scalars[index] : nil }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard current == scalar else { return false }
        index += 1
        return true
    }

    private mutating func take(_ text: String) -> Bool {
        guard scalars[index...].starts(with: text.unicodeScalars) else { return false }
        index += text.unicodeScalars.count
        return true
    }

    private func bad(_ problem: String, _ remedy: String) -> PatternError { PatternError(problem: "\(problem) (at character \(index + 1) of the expression)", remedy: remedy) }

    mutating func whole() throws(PatternError) -> PatternNode {
        let node = try choice()
        if current == ")" { throw bad("A `)` closes nothing.", "Write `\\)` for the sign itself.") }
        return node
    }

    private mutating func choice() throws(PatternError) -> PatternNode {
        depth += 1
        guard depth <= 50 else { throw bad("Groups are nested more than 50 deep.", "Take away parentheses.") }
        defer { depth -= 1 }
        var choices = [try sequence()]
        while take("|") { choices.append(try sequence()) }
        return choices.count == 1 ? choices[0] : .choice(choices)
    }

    private mutating func sequence() throws(PatternError) -> PatternNode {
        var nodes: [PatternNode] = []
        while let scalar = current, scalar != "|", scalar != ")" { nodes.append(try repetition()) }
        return nodes.count == 1 ? nodes[0] : nodes.isEmpty ? .empty : .sequence(nodes)
    }

    private mutating func repetition() throws(PatternError) -> PatternNode {
        var node = try atom()
        var count = 0
        while let (minimum, maximum) = try quantifier() {
            if take("+") { throw PatternError(code: "pattern-refused", problem: "Possessive repetitions are not supported.", remedy: "Take away the second `+`; nothing is ever tried twice here.") }
            // Whether few or many are preferred makes no difference to whether the whole matches.
            _ = take("?")
            node = .repeated(node, minimum, maximum)
            count += 1
            guard count <= 3 else { throw bad("Repetitions of repetitions make no sense.", "Keep one of `*`, `+`, `?`.") }
        }
        return node
    }

    private mutating func quantifier() throws(PatternError) -> (Int, Int?)? {
        if take("*") { return (0, nil) }
        if take("+") { return (1, nil) }
        if take("?") { return (0, 1) }
        guard current == "{", index + 1 < scalars.count, scalars[index + 1].value >= 0x30, scalars[index + 1].value <= 0x39 else { return nil }
        index += 1
        let minimum = try number()
        var maximum: Int? = minimum
        if take(",") { maximum = current == "}" ? nil : try number() }
        guard take("}") else { throw bad("A repetition is not closed.", "Write `{2,5}`, or `\\{` for the sign itself.") }
        if let maximum, maximum < minimum { throw bad("A repetition ends before it begins.", "Write the smaller number first.") }
        return (minimum, maximum)
    }

    private mutating func number() throws(PatternError) -> Int {
        var value = 0
        let start = index
        while let scalar = current, scalar.value >= 0x30, scalar.value <= 0x39, index - start < 5 {
            value = value * 10 + Int(scalar.value - 0x30)
            index += 1
        }
        guard index > start, value <= 1000 else { throw bad("Here a number from 0 to 1000 is needed.", "Write `{2,5}`.") }
        return value
    }

    private mutating func atom() throws(PatternError) -> PatternNode {
        guard let scalar = current else { return .empty }
        index += 1
        switch scalar {
        case "(": return try group()
        case "[": return .scalar(try bracket())
        case ".": return .scalar(PatternClass(items: dotIsAll ? [] : [.range(0x0a, 0x0a)], isNegated: true))
        case "^": return .start
        case "$": return .end
        case "*", "+", "?":
            index -= 1
            throw bad("`\(scalar)` repeats nothing.", "Write `\\\(scalar)` for the sign itself.")
        case "\\": return try escape()
        default: return literal(scalar)
        }
    }

    private func literal(_ scalar: Unicode.Scalar) -> PatternNode { .scalar(PatternClass(items: [.range(scalar.value, scalar.value)], isFolded: isFolded)) }

    private mutating func group() throws(PatternError) -> PatternNode {
        let (folded, all) = (isFolded, dotIsAll)
        if take("?") {
            for sign in ["=", "!", "<=", "<!"] where take(sign) {
                throw PatternError(code: "pattern-refused", problem: "Look-arounds (`(?\(sign)…)`) are not supported, since they can take very long.", remedy: "Join two tests with `and`, one of them with `not` where needed.")
            }
            if take(">") { throw PatternError(code: "pattern-refused", problem: "Atomic groups are not supported.", remedy: "Write `(?:…)`; nothing is ever tried twice here.") }
            if take("P<") || take("<") {
                while let scalar = current, scalar != ">" { index += 1; _ = scalar }
                guard take(">") else { throw bad("A group's name is not closed.", "Write `(…)` without a name.") }
            } else {
                var isOn = true
                while let scalar = current, scalar != ")", scalar != ":" {
                    index += 1
                    switch scalar {
                    case "i": isFolded = isOn
                    case "s": dotIsAll = isOn
                    case "-": isOn = false
                    default: throw bad("The flag `\(scalar)` is not known.", "Known are `i` (ignore case) and `s` (the dot is any sign).")
                    }
                }
                // A flag alone holds up to the end of the group around it.
                if take(")") { return .empty }
                guard take(":") else { throw bad("A group is not closed.", "Write `)` where it should end.") }
            }
        }
        let node = try choice()
        guard take(")") else { throw bad("A group is not closed.", "Write `)` where it should end, or `\\(` for the sign itself.") }
        (isFolded, dotIsAll) = (folded, all)
        return node
    }

    private mutating func escape() throws(PatternError) -> PatternNode {
        guard let scalar = current else { throw bad("A backslash stands at the end.", "Write two for the sign itself.") }
        switch scalar {
        case "b", "B":
            index += 1
            return .boundary(scalar == "b")
        case "A":
            index += 1
            return .start
        case "z", "Z":
            index += 1
            return .end
        case "1"..."9", "k": throw PatternError(code: "pattern-refused", problem: "Back-references (`\\\(scalar)`) are not supported, since they can take very long.", remedy: "Write out what may be repeated.")
        default: return .scalar(PatternClass(items: [try item()], isFolded: isFolded))
        }
    }

    /// Behind a backslash.
    private mutating func item() throws(PatternError) -> PatternClass.Item {
        guard let scalar = current else { throw bad("A backslash stands at the end.", "Write two for the sign itself.") }
        index += 1
        func one(_ value: UInt32) -> PatternClass.Item { .range(value, value) }
        switch scalar {
        case "d", "D": return .digit(scalar == "d")
        case "w", "W": return .word(scalar == "w")
        case "s", "S": return .space(scalar == "s")
        case "n": return one(0x0a)
        case "r": return one(0x0d)
        case "t": return one(0x09)
        case "f": return one(0x0c)
        case "v": return one(0x0b)
        case "x", "u":
            let isBraced = take("{")
            let length = isBraced ? 8 : scalar == "x" ? 2 : 4
            var digits = ""
            while let digit = current, digit.properties.isASCIIHexDigit, digits.utf8.count < length {
                digits.unicodeScalars.append(digit)
                index += 1
            }
            guard !isBraced || take("}"), isBraced || digits.utf8.count == length, let value = UInt32(digits, radix: 16), Unicode.Scalar(value) != nil else { throw bad("This is no code point.", "Write `\\x{1f375}`.") }
            return one(value)
        case "p", "P":
            var name = ""
            if take("{") {
                while let letter = current, letter != "}", name.utf8.count < 4 {
                    name.unicodeScalars.append(letter)
                    index += 1
                }
                _ = take("}")
            } else if let letter = current {
                name.unicodeScalars.append(letter)
                index += 1
            }
            guard PatternClass.categories.contains(name) else { throw bad("The class `\\p{\(name)}` is not known.", "Known are general categories such as L, Lu, N, P, S and Z.") }
            return .category(name, scalar == "p")
        case _ where scalar.value < 0x80 && !PatternClass.isWord(scalar): return one(scalar.value)
        default: throw bad("The escape `\\\(scalar)` is not known.", "Escapes of letters are `\\d \\w \\s \\b \\n \\t` and `\\p{L}`.")
        }
    }

    /// Behind `[`.
    private mutating func bracket() throws(PatternError) -> PatternClass {
        var set = PatternClass(items: [], isNegated: take("^"), isFolded: isFolded)
        var isFirst = true
        while true {
            guard let scalar = current else { throw bad("A class is not closed.", "Write `]` where it should end, or `\\[` for the sign itself.") }
            index += 1
            if scalar == "]", !isFirst { return set }
            isFirst = false
            if scalar == "[", current == ":" { throw bad("Classes such as `[:alpha:]` are not known.", "Write `\\p{L}` or `a-zA-Z`.") }
            let lower: PatternClass.Item = scalar == "\\" ? try item() : .range(scalar.value, scalar.value)
            guard case .range(let from, _) = lower, current == "-", index + 1 < scalars.count, scalars[index + 1] != "]" else {
                set.items.append(lower)
                continue
            }
            index += 1
            guard let end = current else { continue }
            index += 1
            let upper: PatternClass.Item = end == "\\" ? try item() : .range(end.value, end.value)
            guard case .range(let to, _) = upper, from <= to else { throw bad("A range in a class ends before it begins.", "Write `a-z`.") }
            set.items.append(.range(from, to))
        }
    }
}
