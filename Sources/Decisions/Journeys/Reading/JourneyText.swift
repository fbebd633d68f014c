public import Vocabulary
import Yams

/// A journey's text while buttons change it: the lines of the step that is meant change, and every other line stays as it was written, with its comments.
public struct JourneyText {
    public enum Change: Sendable {
        case remove
        /// By so many places; not beyond the ends of its list.
        case move(Int)
        /// A step behind the last of the list at the place, which is made where there is none.
        case append(JSONText)
        /// The step at the place, by YAML.
        case replace(String)
    }

    let lines: [String]
    let root: Node?
    let json: JSONText

    /// - Throws: ``JourneyFault`` for what is no YAML.
    public init(_ yaml: String) throws(JourneyFault) {
        let text = yaml.replacing("\r\n", with: "\n")
        json = try JourneyYAML.json(text)
        root = (try? compose(yaml: text)) ?? nil
        lines = JourneyText.lines(of: text)
    }

    /// The step at a place as it is written, without its indentation; as JSON says it where it stands within braces.
    public func source(at place: String) -> String? {
        guard let value = JourneyEditing.value(at: place, in: json) else { return nil }
        let plain = JourneyYAML.text(value)
        guard let (list, index) = JourneyText.element(place), let items = items(of: list), items.indices.contains(index) else { return plain }
        let item = items[index]
        let first = lines[item.dash].dropFirst(item.column + 1)
        let column = item.column + 1 + first.prefix { $0 == " " }.count
        let rest = lines[(item.dash + 1)..<item.end].map { line in String(line.dropFirst(min(column, JourneyText.indentation(line)))) }
        let text = ([String(first.drop { $0 == " " })] + rest).joined(separator: "\n") + "\n"
        return JourneyText.says(text, value) ? text : plain
    }

    /// The text with one change; what cannot be changed among the lines, such as a list within braces, is written anew, no more of it than must be.
    ///
    /// - Throws: ``JourneyFault`` for a replacement that is no YAML.
    public func changed(_ change: Change, at place: String) throws(JourneyFault) -> String {
        let wanted = switch change {
        case .remove: JourneyEditing.removing(place, from: json)
        case .move(let count): JourneyEditing.moving(place, by: count, in: json)
        case .append(let step): JourneyEditing.appending(step, to: place, in: json)
        case .replace(let yaml): JourneyEditing.replacing(place, with: try JourneyYAML.json(yaml), in: json)
        }
        if let text = spliced(change, at: place), JourneyText.says(text, wanted) { return text }
        // Nothing stands at the place.
        if JourneyText.same(json, wanted) { return lines.joined(separator: "\n") }
        var around = JourneyText.parts(place)
        while !around.isEmpty {
            around.removeLast()
            let place = around.map { "/" + $0 }.joined()
            guard around.last.flatMap({ Int($0) }) != nil, let value = JourneyEditing.value(at: place, in: wanted) else { continue }
            if let text = spliced(.replace(JourneyYAML.text(value)), at: place), JourneyText.says(text, wanted) { return text }
        }
        return JourneyYAML.text(wanted)
    }

    // MARK: - Among the lines

    /// An element of a list with a dash of its own.
    struct Item {
        /// The first line of the comments right above it, its dash, and the first line behind it.
        let lead: Int, dash: Int, end: Int
        let column: Int
    }

    func spliced(_ change: Change, at place: String) -> String? {
        if case .append(let step) = change { return appended(step, to: JourneyText.parts(place)) }
        guard let (list, index) = JourneyText.element(place), let items = items(of: list), items.indices.contains(index) else { return nil }
        var lines = lines
        let item = items[index]
        switch change {
        case .append: return nil
        case .remove:
            lines.removeSubrange(item.lead..<item.end)
            // An empty list says so.
            if items.count == 1 {
                guard let above = lines[..<item.lead].lastIndex(where: { !JourneyText.isQuiet($0) }), lines[above].hasSuffix(":") else { return nil }
                lines[above] += " []"
            }
        case .move(let count):
            let target = min(max(0, index + count), items.count - 1)
            var blocks = items.map { Array(lines[$0.lead..<$0.end]) }
            blocks.insert(blocks.remove(at: index), at: target)
            var fresh = Array(lines[..<items[0].lead])
            // What stands between two of them stays between two.
            for (number, block) in blocks.enumerated() { fresh += block + lines[items[number].end..<(number + 1 < items.count ? items[number + 1].lead : lines.count)] }
            lines = fresh
        case .replace(let yaml): lines.replaceSubrange(item.dash..<item.end, with: JourneyText.element(yaml, at: item.column))
        }
        return lines.joined(separator: "\n")
    }

    private func appended(_ step: JSONText, to list: [String]) -> String? {
        var lines = lines
        let yaml = JourneyYAML.text(step)
        if let last = items(of: list)?.last {
            lines.insert(contentsOf: JourneyText.element(yaml, at: last.column), at: last.end)
            return lines.joined(separator: "\n")
        }
        if let line = node(list)?.mark.map({ $0.line - 1 }), lines.indices.contains(line), lines[line].hasSuffix(" []") {
            lines[line].removeLast(3)
            lines.insert(contentsOf: JourneyText.element(yaml, at: JourneyText.contentColumn(lines[line]) + 2), at: line + 1)
            return lines.joined(separator: "\n")
        }
        // A way that the step does not have yet stands behind the rest of it.
        guard node(list) == nil, let name = list.last, let number = list.dropLast().last.flatMap({ Int($0) }), let items = items(of: Array(list.dropLast(2))), items.indices.contains(number) else { return nil }
        let column = JourneyText.contentColumn(lines[items[number].dash])
        lines.insert(contentsOf: [String(repeating: " ", count: column) + name + ":"] + JourneyText.element(yaml, at: column), at: items[number].end)
        return lines.joined(separator: "\n")
    }

    /// The elements of a list at a place; nil where it has none, or does not stand line by line.
    func items(of place: [String]) -> [Item]? {
        guard case .sequence(let list)? = node(place), list.style != .flow, !list.isEmpty else { return nil }
        var dashes: [Int] = []
        for element in list {
            guard let line = element.mark?.line, lines.indices.contains(line - 1), let dash = lines[...(line - 1)].lastIndex(where: JourneyText.isDash), dash > dashes.last ?? -1 else { return nil }
            dashes.append(dash)
        }
        let column = JourneyText.indentation(lines[dashes[0]])
        guard dashes.allSatisfy({ JourneyText.indentation(lines[$0]) == column }) else { return nil }
        var items: [Item] = []
        for (number, dash) in dashes.enumerated() {
            var end = dash + 1
            for line in (dash + 1)..<max(dash + 1, number + 1 < dashes.count ? dashes[number + 1] : lines.count) {
                let isWithin = JourneyText.indentation(lines[line]) > column && !lines[line].allSatisfy { $0 == " " }
                if isWithin { end = line + 1 } else if !JourneyText.isQuiet(lines[line]) { break }
            }
            var lead = dash
            while lead > items.last?.end ?? 0, lines[lead - 1].drop(while: { $0 == " " }).hasPrefix("#"), JourneyText.indentation(lines[lead - 1]) == column { lead -= 1 }
            items.append(Item(lead: lead, dash: dash, end: end, column: column))
        }
        return items
    }

    func node(_ place: [String]) -> Node? {
        place.reduce(root) { node, part in
            switch node {
            case .mapping(let mapping): mapping.first { $0.key.string == part }?.value
            case .sequence(let list): Int(part).flatMap { list.indices.contains($0) ? list[$0] : nil }
            default: nil
            }
        }
    }

    // MARK: - Lines

    static func lines(of text: String) -> [String] { text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) }
    static func indentation(_ line: String) -> Int { line.prefix { $0 == " " }.count }
    static func isDash(_ line: String) -> Bool { line.drop { $0 == " " }.prefix(2).trimmed == "-" }
    /// Without a word of the document: blank, or a comment.
    static func isQuiet(_ line: String) -> Bool { line.drop { $0 == " " }.first.map { $0 == "#" } ?? true }

    /// Where the names of a line's object stand.
    static func contentColumn(_ line: String) -> Int {
        var column = indentation(line)
        while line.dropFirst(column).hasPrefix("- ") { column += 2 + line.dropFirst(column + 2).prefix { $0 == " " }.count }
        return column
    }

    /// A text as an element of a list whose dashes stand in a column.
    static func element(_ yaml: String, at column: Int) -> [String] {
        var lines = JourneyText.lines(of: yaml.replacing("\r\n", with: "\n"))
        while lines.last.map({ $0.allSatisfy { $0 == " " } }) ?? false { lines.removeLast() }
        let pad = String(repeating: " ", count: column)
        return lines.enumerated().map { $0.element.isEmpty ? "" : pad + ($0.offset == 0 ? "- " : "  ") + $0.element }
    }

    static func parts(_ place: String) -> [String] { place.split(separator: "/").map(String.init) }

    /// Of the place of an element, its list and its number.
    static func element(_ place: String) -> (list: [String], index: Int)? {
        let parts = JourneyText.parts(place)
        return parts.last.flatMap { Int($0) }.map { (Array(parts.dropLast()), $0) }
    }

    // MARK: - What a text says

    static func says(_ yaml: String, _ wanted: JSONText) -> Bool {
        guard let json = try? JourneyYAML.json(yaml) else { return false }
        return same(json, wanted)
    }

    static func same(_ a: JSONText, _ b: JSONText) -> Bool {
        if a.isObject || b.isObject {
            let (left, right) = (a.members, b.members)
            return a.isObject && b.isObject && left.count == right.count && zip(left, right).allSatisfy { $0.key == $1.key && same($0.value, $1.value) }
        }
        if a.isArray || b.isArray {
            let (left, right) = (a.elements, b.elements)
            return a.isArray && b.isArray && left.count == right.count && zip(left, right).allSatisfy { same($0, $1) }
        }
        return a.string == b.string && (a.isString || a.text.filter { !$0.isWhitespace } == b.text.filter { !$0.isWhitespace })
    }
}

extension Substring {
    /// Without blanks at its end.
    fileprivate var trimmed: Substring { self[..<(lastIndex { $0 != " " }.map { index(after: $0) } ?? startIndex)] }
}
