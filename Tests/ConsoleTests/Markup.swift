/// A strict reading of the documents that the tests check: tags, attributes, nesting. What it cannot read, a test fails on.
struct Markup {
    struct Tag {
        var name: String
        var attributes: [String: String]
        var text = ""
        /// Names of the open elements around it, outermost first.
        var ancestors: [String]
    }

    var tags: [Tag] = []
    /// Everything wrong with the form of the document.
    var faults: [String] = []

    private static let void: Set<String> = ["meta", "link", "input", "img", "br"]

    init(_ html: String) {
        var open: [(name: String, index: Int)] = []
        var rest = Substring(html)
        while let start = rest.firstIndex(of: "<") {
            for item in open { tags[item.index].text += rest[..<start] }
            rest = rest[start...]
            guard let end = Self.end(of: rest) else {
                faults.append("a tag without an end: \(rest.prefix(60))")
                return
            }
            let inner = rest[rest.index(after: start)..<end]
            rest = rest[rest.index(after: end)...]
            if inner.hasPrefix("!") || inner.hasPrefix("?") { continue }
            if inner.hasPrefix("/") {
                let name = String(inner.dropFirst())
                if open.last?.name != name { faults.append("</\(name)> closes <\(open.last?.name ?? "nothing")>") }
                if !open.isEmpty { open.removeLast() }
                continue
            }
            let name = String(inner.prefix { $0 != " " && $0 != "/" && $0 != "\n" })
            let attributes = attributes(inner.dropFirst(name.count))
            tags.append(Tag(name: name, attributes: attributes, ancestors: open.map(\.name)))
            if !Self.void.contains(name), !inner.hasSuffix("/") { open.append((name, tags.count - 1)) }
        }
        if !open.isEmpty { faults.append("left open: \(open.map(\.name))") }
    }

    func all(_ names: String...) -> [Tag] { tags.filter { names.contains($0.name) } }

    private static func end(of text: Substring) -> Substring.Index? {
        var isQuoted = false
        for index in text.indices {
            if text[index] == "\"" { isQuoted.toggle() }
            if text[index] == ">", !isQuoted { return index }
        }
        return nil
    }

    private mutating func attributes(_ text: Substring) -> [String: String] {
        var found: [String: String] = [:]
        var rest = text
        while true {
            rest = rest.drop { $0 == " " || $0 == "\n" || $0 == "/" }
            guard !rest.isEmpty else { return found }
            let name = String(rest.prefix { $0 != "=" && $0 != " " && $0 != "\n" && $0 != "/" })
            rest = rest.dropFirst(name.count)
            if found[name] != nil { faults.append("\(name) twice in one tag") }
            guard rest.first == "=" else {
                found[name] = ""
                continue
            }
            rest = rest.dropFirst()
            guard rest.first == "\"", let close = rest.dropFirst().firstIndex(of: "\"") else {
                faults.append("an unquoted value of \(name)")
                return found
            }
            found[name] = String(rest[rest.index(after: rest.startIndex)..<close])
            rest = rest[rest.index(after: close)...]
        }
    }
}
