public import Vocabulary
import Yams

/// YAML as people write journeys, to JSON and back: the order of names and the digits of numbers stay.
public enum JourneyYAML {
    /// Levels within each other, and bytes.
    private static let depthMaximum = 48

    /// Reads one YAML document. Anchors and aliases are refused: what a journey does should stand where it is done.
    public static func json(_ text: String) throws(JourneyFault) -> JSONText {
        guard text.utf8.count <= Journey.bytesMaximum else {
            throw JourneyFault("too-long", "The journey is longer than \(Journey.bytesMaximum) bytes.", "Make two journeys of it.", at: "")
        }
        try checkNesting(text)
        // What some editors write before the first letter is none of the text.
        let result = Result { () -> (parser: Parser, root: Node?) in
            let parser = try Parser(yaml: text.first == "\u{feff}" ? String(text.dropFirst()) : text)
            return (parser, try parser.singleRoot())
        }
        guard case .success(let found) = result else { throw fault(result.map(\.root)) }
        // Nodes know their anchors while there is a parser.
        defer { withExtendedLifetime(found.parser) {} }
        guard let root = found.root else { throw JourneyFault("empty", "The document is empty.", "Begin with `name:`, `trigger:` and `steps:`.", at: "") }
        var w = JSONWriter(capacity: text.utf8.count + 256)
        try write(root, &w, depth: 0)
        return w.text
    }

    /// On which line of a document that was read stands what a place names; of what is not there, that in which it would stand.
    ///
    /// - Parameter place: as RFC 6901 writes it; what a condition's own line and column say behind it is not looked at.
    static func line(of place: String, in text: String) -> Int? {
        let pointer = place.firstRange(of: " line ").map { place[..<$0.lowerBound] } ?? place[...]
        guard var node = ((try? compose(yaml: text.first == "\u{feff}" ? String(text.dropFirst()) : text)) ?? nil) else { return nil }
        var line = node.mark?.line
        for escaped in pointer.split(separator: "/", omittingEmptySubsequences: false).dropFirst() {
            let part = String(escaped).replacing("~1", with: "/").replacing("~0", with: "~")
            switch node {
            case .mapping(let mapping):
                guard let member = mapping.first(where: { $0.key.string == part }) else { return line }
                (line, node) = (member.key.mark?.line ?? line, member.value)
            case .sequence(let sequence):
                guard let index = Int(part), sequence.indices.contains(index) else { return line }
                node = sequence[index]
                line = node.mark?.line ?? line
            case .scalar, .alias: return line
            }
        }
        return line
    }

    private static func fault(_ result: Result<Node?, any Error>) -> JourneyFault {
        guard case .failure(let error) = result, let error = error as? YamlError else { return JourneyFault("yaml", "This is no YAML.", "Correct it.", at: "") }
        let (problem, mark): (String, Mark?) = switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _), .composer(_, let problem, let mark, _): (problem, mark)
        case .duplicatedKeysInMapping(let names, let context): ("`\(names.first?.prefix(64) ?? "")` is written twice", context.mark)
        default: ("it cannot be read", nil)
        }
        return JourneyFault(
            "yaml", "This is no YAML: \(problem).", "Put texts with `: `, ` #` or quotes at their beginning between single quotes, and indent with blanks.",
            at: mark.map { "line \($0.line), column \($0.column)" } ?? "")
    }

    /// The reader goes down with the text, at most a thousand levels; what has more brackets open than a journey may have is refused before.
    private static func checkNesting(_ text: String) throws(JourneyFault) {
        var open = 0
        // Lines that stand further in than this are a text: behind `|` or `>`.
        var block: Int?
        // A form of a browser ends its lines by `\r\n`, which is one character.
        for (number, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            let bytes = Array(line.utf8)
            let indent = bytes.prefix { $0 == 0x20 }.count
            if let outer = block {
                if indent > outer || indent == bytes.count { continue }
                block = nil
            }
            // Where a value may begin, and what was last read of the line.
            var (index, isStart, end) = (indent, true, indent)
            while index < bytes.count, !(bytes[index] == 0x23 && (index == 0 || bytes[index - 1] == 0x20 || bytes[index - 1] == 0x09)) {
                if isStart, let behind = JourneyYAML.end(ofQuoteAt: index, in: bytes) {
                    (index, isStart, end) = (behind, false, behind)
                    continue
                }
                let byte = bytes[index]
                if byte == 0x5b || byte == 0x7b { open += 1 } else if byte == 0x5d || byte == 0x7d { open = max(0, open - 1) }
                // Behind these a value begins.
                let isBeforeBlank = index + 1 >= bytes.count || bytes[index + 1] == 0x20
                if byte != 0x20 { (isStart, end) = (byte == 0x5b || byte == 0x7b || byte == 0x2c || ((byte == 0x3a || byte == 0x2d || byte == 0x3f) && isBeforeBlank), index + 1) }
                index += 1
            }
            guard open <= depthMaximum else { throw JourneyFault("too-deep", "The document is nested too deep.", "Make a journey of the inner part.", at: "line \(number + 1)") }
            if open == 0 { block = JourneyYAML.block(in: bytes[indent..<end], from: indent) }
        }
    }

    /// How far in a line stands whose value is a text of several lines; nil where it is none.
    private static func block(in line: ArraySlice<UInt8>, from indent: Int) -> Int? {
        guard let last = line.lastIndex(where: { $0 == 0x20 }), let mark = line[last...].dropFirst().first, mark == 0x7c || mark == 0x3e,
            line[last...].dropFirst(2).allSatisfy({ $0 == 0x2b || $0 == 0x2d || $0 >= 0x31 && $0 <= 0x39 })
        else { return nil }
        let before = line[..<last].reversed().drop { $0 == 0x20 }.first
        guard before == 0x3a || before == 0x2d || before == 0x3f else { return nil }
        // Behind the dashes of lists; of an element that is the text itself, at its dash.
        var start = indent
        while start + 1 < line.endIndex, line[start] == 0x2d || line[start] == 0x3f, line[start + 1] == 0x20 {
            let next = line[(start + 1)...].firstIndex { $0 != 0x20 } ?? line.endIndex
            if next > last { break }
            start = next
        }
        return start
    }

    /// Behind a text between quotes that begins there and ends in its line; nil where none does.
    private static func end(ofQuoteAt start: Int, in line: [UInt8]) -> Int? {
        let quote = line[start]
        guard quote == 0x22 || quote == 0x27 else { return nil }
        var index = start + 1
        while index < line.count {
            let isDoubled = quote == 0x27 && line[index] == 0x27 && index + 1 < line.count && line[index + 1] == 0x27
            if isDoubled || quote == 0x22 && line[index] == 0x5c { index += 1 } else if line[index] == quote { return index + 1 }
            index += 1
        }
        return nil
    }

    private static func refuseAnchor(_ anchor: Anchor?, of node: Node) throws(JourneyFault) {
        guard anchor != nil else { return }
        throw JourneyFault(
            "anchor", "Anchors and aliases (`&` and `*` before a name) are not read here.", "Write the part out, or put the text between quotes.", at: node.mark.map { "line \($0.line), column \($0.column)" } ?? "")
    }

    private static func write(_ node: Node, _ w: inout JSONWriter, depth: Int) throws(JourneyFault) {
        guard depth <= depthMaximum, w.bytes.count <= Journey.bytesMaximum else { throw JourneyFault("too-deep", "The document is nested too deep or too long.", "Make a journey of the inner part.", at: "") }
        switch node {
        case .scalar(let scalar):
            try refuseAnchor(scalar.anchor, of: node)
            write(scalar, tag: node.tag, &w)
        case .sequence(let sequence):
            try refuseAnchor(sequence.anchor, of: node)
            var parts: [JSONText] = []
            for element in sequence { parts.append(try text(element, depth: depth + 1)) }
            w.array { w in for part in parts { w.raw(part.bytes) } }
        case .mapping(let mapping):
            try refuseAnchor(mapping.anchor, of: node)
            var members: [(String, JSONText)] = []
            for (key, value) in mapping {
                try refuseAnchor(key.scalar?.anchor, of: key)
                members.append((key.string ?? "", try text(value, depth: depth + 1)))
            }
            w.object { w in
                for (key, value) in members {
                    w.key(key)
                    w.raw(value.bytes)
                }
            }
        case .alias(let alias): try refuseAnchor(alias.anchor, of: node)
        }
    }

    private static func text(_ node: Node, depth: Int) throws(JourneyFault) -> JSONText {
        var w = JSONWriter()
        try write(node, &w, depth: depth)
        return w.text
    }

    /// What JSON writes as a number, true, false or null is one; all else is a text, so that no digit is lost and `no` stays a word.
    private static func write(_ scalar: Node.Scalar, tag: Tag, _ w: inout JSONWriter) {
        let text = scalar.string
        if scalar.style == .plain || scalar.style == .any, isPlain(text) { w.raw(text.isEmpty || text == "~" ? Array("null".utf8) : Array(text.utf8)) } else { w.string(text) }
    }

    /// Whether a text without quotes is read as something else than a text.
    private static func isPlain(_ text: String) -> Bool {
        if ["true", "false", "null", "~", ""].contains(text) { return true }
        guard let json = JSONText(validating: Array(text.utf8)) else { return false }
        return !json.isString && !json.isObject && !json.isArray
    }

    // MARK: - Writing

    /// The same document as YAML, which reads back as it.
    public static func text(_ json: JSONText) -> String {
        guard !json.members.isEmpty || !json.elements.isEmpty else { return scalar(json) + "\n" }
        var out = ""
        write(json, indent: 0, &out)
        return out
    }

    private static func write(_ json: JSONText, indent: Int, _ out: inout String) {
        let pad = String(repeating: " ", count: indent)
        if json.isObject {
            for (key, value) in json.members {
                out += pad + scalar(key) + ":"
                JourneyYAML.value(of: value, indent: indent, isInList: false, &out)
            }
        } else if json.isArray {
            for element in json.elements {
                out += pad + "-"
                value(of: element, indent: indent, isInList: true, &out)
            }
        } else {
            out += pad + scalar(json) + "\n"
        }
    }

    private static func value(of json: JSONText, indent: Int, isInList: Bool, _ out: inout String) {
        if json.isObject, !json.members.isEmpty {
            var inner = ""
            write(json, indent: indent + 2, &inner)
            // The first name of an object in a list stands behind its dash.
            out += isInList ? " " + inner.drop { $0 == " " } : "\n" + inner
        } else if json.isArray, !json.elements.isEmpty {
            if json.elements.allSatisfy({ !$0.isObject && !$0.isArray }) {
                out += " [" + json.elements.map { scalar($0) }.joined(separator: ", ") + "]\n"
            } else {
                out += "\n"
                write(json, indent: indent + 2, &out)
            }
        } else {
            out += " " + scalar(json) + "\n"
        }
    }

    private static func scalar(_ json: JSONText) -> String {
        if let text = json.string { return scalar(text) }
        return json.isObject ? "{}" : json.isArray ? "[]" : json.text.filter { $0 != " " && !$0.isNewline }
    }

    /// Without quotes where that reads back as the same text.
    private static func scalar(_ text: String) -> String {
        let isSafe = !text.isEmpty && text.utf8.allSatisfy { ($0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7a) || ($0 >= 0x30 && $0 <= 0x39) || [0x20, 0x2d, 0x2e, 0x5f, 0x2f, 0x25, 0x28, 0x29].contains($0) }
            && text.first != "-" && text.first != "." && text.first != "%" && text.first != " " && text.last != " " && !isPlain(text) && !JourneyYAML.words.contains(text.lowercased())
            && !(text.first?.isNumber ?? false && !text.contains(" ") && text.last != "%")
        if isSafe { return text }
        if text.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7f && !(0x80...0x9f).contains($0.value) && $0.value != 0xfeff && $0.value != 0x2028 && $0.value != 0x2029 }) { return "'" + text.replacing("'", with: "''") + "'" }
        return "\"" + text.unicodeScalars.map(escaped).joined() + "\""
    }

    /// Between double quotes; what is no sign that prints is written by its number, since some of them are line ends in YAML.
    private static func escaped(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "\"", "\\": return "\\\(scalar)"
        case "\n": return "\\n"
        case "\t": return "\\t"
        default: break
        }
        guard scalar.value < 0x20 || (0x7f...0x9f).contains(scalar.value) || [0x2028, 0x2029, 0xfeff].contains(scalar.value) else { return String(scalar) }
        let digits = String(scalar.value, radix: 16)
        return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    }

    /// What other readers of YAML take for something else than a text.
    private static let words: Set<String> = ["yes", "no", "on", "off", "y", "n", "true", "false", "null", "none"]
}
