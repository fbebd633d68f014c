public import Vocabulary
import Yams

/// What stands beside the steps, changed by name: trigger, key, goal, exits. The lines of the member that is meant change, and every other line stays as it was written.
extension JourneyText {
    /// The text with a member set to a value, made where there is none, or taken away with nil. Its parents are made, too; what is new at the top stands before the steps.
    ///
    /// - Parameter place: of a member, as RFC 6901 writes it, such as `/goal/within`.
    public func setting(_ value: JSONText?, at place: String) throws(JourneyFault) -> String {
        let path = JourneyText.parts(place)
        let wanted = JourneyText.set(value, path[...], in: json, before: "steps")
        if JourneyText.same(json, wanted) { return lines.joined(separator: "\n") }
        if let text = written(value, at: path), JourneyText.says(text, wanted) { return text }
        var around = path
        while around.count > 1 {
            around.removeLast()
            guard let value = JourneyEditing.value(at: "/" + around.joined(separator: "/"), in: wanted) else { continue }
            let text = around.last.flatMap { Int($0) } == nil ? written(value, at: around) : spliced(.replace(JourneyYAML.text(value)), at: "/" + around.joined(separator: "/"))
            if let text, JourneyText.says(text, wanted) { return text }
        }
        return JourneyYAML.text(wanted)
    }

    // MARK: - Among the lines

    /// A member of an object that stands line by line.
    private struct Member {
        /// The first line of the comments right above it, its name, and the first line behind it.
        let lead: Int, line: Int, end: Int
        let column: Int
        let value: Node
    }

    private func written(_ value: JSONText?, at path: [String]) -> String? {
        guard let name = path.last, case .mapping(let mapping)? = node(Array(path.dropLast())), mapping.style != .flow, let members = members(of: mapping) else { return nil }
        var lines = lines
        if let member = members[name] {
            guard let value else {
                lines.removeSubrange(member.lead..<member.end)
                return lines.joined(separator: "\n")
            }
            if let line = inline(value, in: member) {
                lines[member.line] = line
                return lines.joined(separator: "\n")
            }
            // What was said at the end of its line stands above it now.
            let said = member.end == member.line + 1 ? comment(of: member.line) : nil
            let above = said.map { [String(repeating: " ", count: member.column) + $0] } ?? []
            lines.replaceSubrange(member.line..<member.end, with: above + JourneyText.member(name, value, at: member.column))
            return lines.joined(separator: "\n")
        }
        guard let value, let column = members.values.first?.column else { return nil }
        let steps = path.count == 1 ? members["steps"]?.lead : nil
        guard let line = steps ?? members.values.map(\.end).max() else { return nil }
        lines.insert(contentsOf: JourneyText.member(name, value, at: column), at: line)
        return lines.joined(separator: "\n")
    }

    /// The line of a member whose old and new value stand behind its name, with the comment at its end.
    private func inline(_ value: JSONText, in member: Member) -> String? {
        guard let mark = member.value.mark, mark.line - 1 == member.line, lines[(member.line + 1)..<member.end].allSatisfy(JourneyText.isQuiet) else { return nil }
        let fresh = JourneyText.member("x", value, at: 0)
        guard fresh.count == 1, fresh[0].hasPrefix("x: ") else { return nil }
        let line = Array(lines[member.line].unicodeScalars)
        guard let end = JourneyText.end(ofValueIn: line, from: mark.column - 1) else { return nil }
        func text(_ scalars: ArraySlice<Unicode.Scalar>) -> String { scalars.reduce(into: "") { $0.unicodeScalars.append($1) } }
        return text(line[..<(mark.column - 1)]) + fresh[0].dropFirst(3) + text(line[end...])
    }

    /// The comment at the end of a line: what the document says the same without.
    private func comment(of line: Int) -> String? {
        let text = lines[line]
        return text.indices.lazy.filter { text[$0] == "#" }.first { start in
            var without = lines
            without[line] = String(text[..<start])
            return JourneyText.says(without.joined(separator: "\n"), json)
        }.map { String(text[$0...]) }
    }

    /// Nil where one of them shares its line with what is before it.
    private func members(of mapping: Node.Mapping) -> [String: Member]? {
        var found: [String: Member] = [:]
        let keys = mapping.map { (name: $0.key.string ?? "", line: ($0.key.mark?.line ?? 0) - 1, column: ($0.key.mark?.column ?? 0) - 1, value: $0.value) }
        for (number, key) in keys.enumerated() {
            guard lines.indices.contains(key.line), key.column >= 0, lines[key.line].prefix(key.column).allSatisfy({ $0 == " " }) else { return nil }
            let next = number + 1 < keys.count ? keys[number + 1].line : lines.count
            guard next > key.line else { return nil }
            var end = key.line + 1
            for line in (key.line + 1)..<max(key.line + 1, next) {
                let indentation = JourneyText.indentation(lines[line])
                let isWithin = (indentation > key.column || (indentation == key.column && JourneyText.isDash(lines[line]))) && !lines[line].allSatisfy { $0 == " " }
                if isWithin { end = line + 1 } else if !JourneyText.isQuiet(lines[line]) { break }
            }
            let floor = number > 0 ? found[keys[number - 1].name]?.end ?? 0 : 0
            var lead = key.line
            while lead > floor, lines[lead - 1].drop(while: { $0 == " " }).hasPrefix("#"), JourneyText.indentation(lines[lead - 1]) == key.column { lead -= 1 }
            // What a document begins with speaks of all of it.
            if number == 0 { lead = key.line }
            found[key.name] = Member(lead: lead, line: key.line, end: end, column: key.column, value: key.value)
        }
        return found
    }

    /// A member's own lines, its name in a column.
    private static func member(_ name: String, _ value: JSONText, at column: Int) -> [String] {
        let pad = String(repeating: " ", count: column)
        return lines(of: JourneyYAML.text(JSONText.object([(name, value)]))).dropLast().map { $0.isEmpty ? "" : pad + $0 }
    }

    /// Where a value ends that stands in one line; nil where it goes on in the next.
    private static func end(ofValueIn line: [Unicode.Scalar], from start: Int) -> Int? {
        guard line.indices.contains(start) else { return nil }
        var (depth, quote) = (0, Unicode.Scalar?.none)
        var index = start
        while index < line.count {
            let sign = line[index]
            if let open = quote {
                if open == "\"", sign == "\\" { index += 1 } else if sign == open {
                    if open == "'", index + 1 < line.count, line[index + 1] == "'" { index += 1 } else { quote = nil }
                }
            } else if (sign == "'" || sign == "\""), index == start || depth > 0 {
                quote = sign
            } else if sign == "[" || sign == "{", index == start || depth > 0 {
                depth += 1
            } else if sign == "]" || sign == "}", depth > 0 {
                depth -= 1
            } else if sign == "#", index > start, line[index - 1] == " ", depth == 0 {
                break
            }
            index += 1
        }
        guard quote == nil, depth == 0 else { return nil }
        while index > start, line[index - 1] == " " { index -= 1 }
        return index
    }

    // MARK: - What it is to say

    private static func set(_ value: JSONText?, _ path: ArraySlice<String>, in json: JSONText?, before: String?) -> JSONText {
        guard let name = path.first else { return value ?? JSONWriter.nothing }
        let rest = path.dropFirst()
        if let json, json.isArray, let index = Int(name), json.elements.indices.contains(index) {
            var elements = json.elements
            if rest.isEmpty, value == nil { elements.remove(at: index) } else { elements[index] = set(value, rest, in: elements[index], before: nil) }
            return JSONText.list(elements)
        }
        var members = json.map { $0.isObject ? $0.members : [] } ?? []
        if let index = members.lastIndex(where: { $0.key == name }) {
            if rest.isEmpty, value == nil { members.remove(at: index) } else { members[index].value = set(value, rest, in: members[index].value, before: nil) }
        } else if value != nil {
            members.insert((name, set(value, rest, in: nil, before: nil)), at: before.flatMap { before in members.firstIndex { $0.key == before } } ?? members.count)
        }
        return JSONText.object(members)
    }
}

extension JSONWriter {
    fileprivate static var nothing: JSONText {
        var w = JSONWriter()
        w.null()
        return w.text
    }
}
