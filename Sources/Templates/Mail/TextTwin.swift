/// The plain text that says what an HTML mail says: for readers without HTML, and for filters that distrust a mail without it.
public enum TextTwin {
    /// Paragraphs and rows become lines, links carry their address behind them, pictures their description. Nothing is dropped but styles, scripts and comments.
    public static func text(of html: [UInt8]) -> String {
        var writer = TwinWriter(html)
        var reader = TagScanner(html)
        while let part = reader.next() { writer.add(part) }
        return writer.finish()
    }
}

/// What an element means for plain text.
private enum Element {
    case block, line, newline, item, numbered, bulleted, preformatted, rule, cell, picture, link, other
    /// Its inside is no text.
    case hidden

    init(_ name: String) {
        self = switch name {
        case "a": .link
        case "p", "div", "table", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "header", "footer", "section", "article", "center", "dl", "address", "main", "nav", "aside", "figure", "form", "fieldset", "details", "summary": .block
        case "tr", "dt", "dd", "figcaption", "caption", "legend", "option": .line
        case "ol": .numbered
        case "ul", "menu": .bulleted
        case "pre": .preformatted
        case "td", "th": .cell
        case "br": .newline
        case "li": .item
        case "hr": .rule
        case "img": .picture
        case "style", "script", "title", "template": .hidden
        default: .other
        }
    }
}

/// Cuts HTML into texts and tags as browsers do: what is no tag is text.
private struct TagScanner {
    enum Part {
        case text(Range<Int>)
        /// An element, and where its attributes begin.
        case open(Element, attributes: Int)
        case close(Element)
    }

    private enum Token {
        case text(Range<Int>)
        case open(name: String, attributes: Int, style: Range<Int>?, isHidden: Bool)
        case close(name: String)
    }

    let bytes: [UInt8]
    private var index = 0
    /// What stands alone, and has no inside.
    private static let void: Set<String> = ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"]
    /// What is no markup inside, and ends with the first tag that closes it.
    private static let raw: Set<String> = ["script", "style", "title"]
    /// Where one of these begins or ends, a paragraph has ended, whether it says so or not.
    private static let paragraphEnds: Set<String> = [
        "address", "article", "aside", "blockquote", "body", "center", "dd", "details", "dialog", "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr",
        "html", "li", "main", "menu", "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
    ]

    /// What ends an element whose own end may be left out, and in what a further one of its kind would stand.
    private static let endings: [String: (ends: Set<String>, holders: Set<String>)] = {
        let rows: Set<String> = ["tr", "tbody", "tfoot", "thead"], cells = rows.union(["td", "th"]), terms: Set<String> = ["dt", "dd"]
        return [
            "p": (paragraphEnds, []), "li": (["li"], ["ul", "ol", "menu"]), "dt": (terms, ["dl"]), "dd": (terms, ["dl"]), "option": (["option", "optgroup"], ["select"]),
            "td": (cells, ["table"]), "th": (cells, ["table"]), "tr": (rows, ["table"]), "tbody": (rows.subtracting(["tr"]), ["table"]),
        ]
    }()

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func next() -> Part? {
        while let token = token() {
            switch token {
            case .text(let range): return .text(range)
            case .close(let name): return .close(Element(name))
            case .open(let name, let attributes, let style, let isHidden):
                let element = Element(name)
                // A preheader is for the list of mails, and stands in the HTML unseen.
                let isUnseen = isHidden || style.map { TagScanner.isDisplayNone(bytes[$0]) } ?? false
                guard isUnseen || element == .hidden else { return .open(element, attributes: attributes) }
                if !TagScanner.void.contains(name) { passInside(of: name) }
            }
        }
        return nil
    }

    /// The next text or tag, behind all comments. A tag that the end cuts off is none, as in a browser.
    private mutating func token() -> Token? {
        while index < bytes.count {
            let start = index
            let (first, second) = (start + 1 < bytes.count ? bytes[start + 1] : 0, start + 2 < bytes.count ? bytes[start + 2] : 0)
            guard bytes[start] == 0x3c else { return text(from: start) }
            if TagScanner.isLetter(first) { return tag(isClose: false) }
            if first == 0x2f, TagScanner.isLetter(second) { return tag(isClose: true) }
            guard first == 0x21 || first == 0x2f || first == 0x3f else { return text(from: start) }
            index = first == 0x21 ? TagScanner.end(ofCommentAt: start, in: bytes.span) : TagScanner.end(ofBracketAt: start, in: bytes.span)
        }
        return nil
    }

    private mutating func text(from start: Int) -> Token {
        index = TagScanner.end(ofTextAt: start, in: bytes.span)
        return .text(start..<index)
    }

    private mutating func tag(isClose: Bool) -> Token? {
        let nameStart = index + (isClose ? 2 : 1)
        let nameEnd = TagScanner.end(ofNameAt: nameStart, in: bytes.span)
        var place = nameEnd
        var style: Range<Int>?
        var isHidden = false
        while let attribute = TagAttributes.next(in: bytes.span, at: &place) {
            if style == nil, TagAttributes.says(bytes.span, attribute.name, "style") { style = attribute.value }
            if TagAttributes.says(bytes.span, attribute.name, "hidden") { isHidden = true }
        }
        index = min(place + 1, bytes.count)
        guard place < bytes.count else { return nil }
        let raw = String(decoding: bytes[nameStart..<nameEnd], as: UTF8.self)
        let name = raw.utf8.contains { $0 >= 0x41 && $0 <= 0x5a } ? raw.lowercased() : raw
        return isClose ? .close(name: name) : .open(name: name, attributes: nameEnd, style: style, isHidden: isHidden)
    }

    private static let display = Array("display".utf8)[...]

    private static func isDisplayNone(_ style: ArraySlice<UInt8>) -> Bool {
        guard style.contains(0x26) || Ascii.find(display, in: style, ignoringCase: true) != nil else { return false }
        return Entities.decoded(style, inAttribute: true).filter { !Ascii.isBlank($0) }.map(Ascii.lowered).split(separator: UInt8(ascii: ";")).contains { $0.starts(with: "display:none".utf8) }
    }

    /// Behind an element of which nothing is shown; where nothing ends it, the rest is hidden, as in a browser.
    private mutating func passInside(of name: String) {
        guard !TagScanner.raw.contains(name) else { return passRaw(name) }
        let (ends, holders) = TagScanner.endings[name] ?? ([], [name])
        var depth = 0
        while case let start = index, let token = token() {
            switch token {
            case .text: break
            case .close(name) where depth == 0: return
            case .open(let inner, _, _, _) where TagScanner.raw.contains(inner): passRaw(inner)
            case .open(let inner, _, _, _):
                if depth == 0, ends.contains(inner) { return index = start }
                if holders.contains(inner) { depth += 1 }
            case .close(let inner):
                let isHolder = holders.contains(inner)
                if depth == 0, isHolder || ends.contains(inner) { return index = start }
                if isHolder { depth -= 1 }
            }
        }
    }

    private mutating func passRaw(_ name: String) {
        let close = Array("</\(name)".utf8)[...]
        while let place = Ascii.find(close, in: bytes[index...], ignoringCase: true) {
            index = place + close.count
            guard TagScanner.end(ofNameAt: index, in: bytes.span) == index else { continue }
            index = min(TagAttributes.end(in: bytes.span, from: index) + 1, bytes.count)
            return
        }
        index = bytes.count
    }

    private static func isLetter(_ byte: UInt8) -> Bool { byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7a }

    private static func end(ofTextAt start: Int, in bytes: Span<UInt8>) -> Int {
        var index = start + 1
        while index < bytes.count, bytes[index] != 0x3c { index += 1 }
        return index
    }

    private static func end(ofNameAt start: Int, in bytes: Span<UInt8>) -> Int {
        var index = start
        while index < bytes.count, !Ascii.isBlank(bytes[index]), bytes[index] != 0x2f, bytes[index] != 0x3e { index += 1 }
        return index
    }

    /// Behind what looks like a tag and is none, such as `<?xml ?>` and `<!DOCTYPE>`: its first closing bracket ends it, whatever quotes stand before that.
    private static func end(ofBracketAt start: Int, in bytes: Span<UInt8>) -> Int {
        var index = start
        while index < bytes.count { if bytes[index] == 0x3e { return index + 1 } else { index += 1 } }
        return index
    }

    /// Behind `-->` and `--!>`; the two hyphens that begin a comment may be those that end it, but not before a `!`.
    private static func end(ofCommentAt start: Int, in bytes: Span<UInt8>) -> Int {
        guard start + 3 < bytes.count, bytes[start + 2] == 0x2d, bytes[start + 3] == 0x2d else { return end(ofBracketAt: start, in: bytes) }
        var index = start + 4
        while index < bytes.count {
            if bytes[index] == 0x3e {
                if bytes[index - 1] == 0x2d, bytes[index - 2] == 0x2d { return index + 1 }
                if bytes[index - 1] == 0x21, index >= start + 7, bytes[index - 2] == 0x2d, bytes[index - 3] == 0x2d { return index + 1 }
            }
            index += 1
        }
        return index
    }
}

private struct TwinWriter {
    private let html: [UInt8]
    private var out: [UInt8] = []
    private var pendingLines = 0
    private var hasPendingBlank = false
    private var link: (address: String, start: Int)?
    /// The lists that are open, each with the number of its last item; nil for bullets.
    private var lists: [Int?] = []
    /// In how many elements the lines are as they are written.
    private var preformatted = 0
    /// Whether such an element has just begun: a line that ends at once is not counted.
    private var isPreformattedFresh = false
    /// Blanks before the next word, where they stand as they are written.
    private var pendingBlanks: [UInt8] = []
    /// How long the text was behind the mark of the last item: until something is said, what begins there stands beside the mark.
    private var itemStart: Int?

    init(_ html: [UInt8]) {
        self.html = html
        out.reserveCapacity(html.count / 2)
    }

    mutating func add(_ part: TagScanner.Part) {
        switch part {
        case .text(let range): addText(of: html[range])
        case .open(let element, let attributes): open(element, attributes)
        case .close(let element):
            switch element {
            case .link: endLink()
            case .block: if out.count != itemStart { breakLines(2) }
            case .numbered, .bulleted:
                _ = lists.popLast()
                breakLines(lists.isEmpty ? 2 : 1)
            case .preformatted:
                preformatted = max(0, preformatted - 1)
                pendingLines = min(pendingLines, 2)
                breakLines(2)
            case .item:
                // Paragraphs within items set the items no further apart.
                (itemStart, pendingLines) = (nil, 0)
                breakLines(1)
            case .line: if out.count != itemStart { breakLines(1) }
            default: break
            }
        }
    }

    private mutating func addText(of bytes: ArraySlice<UInt8>) {
        bytes.contains(0x26) ? addText(Entities.decoded(bytes)[...]) : addText(bytes)
    }

    private mutating func open(_ element: Element, _ attributes: Int) {
        switch element {
        case .block: if out.count != itemStart { breakLines(2) }
        case .line: if out.count != itemStart { breakLines(1) }
        case .newline: breakLines(pendingLines + 1)
        case .numbered, .bulleted:
            breakLines(lists.isEmpty ? 2 : 1)
            lists.append(element == .numbered ? (TagAttributes.value("start", in: html, from: attributes).flatMap { Int($0) } ?? 1) &- 1 : nil)
        case .preformatted:
            if out.count != itemStart { breakLines(2) }
            preformatted += 1
            isPreformattedFresh = true
        case .item:
            breakLines(1)
            if let last = lists.last, let number = last {
                let value = TagAttributes.value("value", in: html, from: attributes).flatMap { Int(Ascii.trimmed($0)) } ?? (number &+ 1)
                lists[lists.count - 1] = value
                addText("\(value). ")
            } else { addText("- ") }
            itemStart = out.count
        case .rule:
            breakLines(2)
            addText("---")
            breakLines(2)
        case .cell: hasPendingBlank = true
        case .picture: if let text = TagAttributes.value("alt", in: html, from: attributes), !text.isEmpty { addText(text) }
        case .link:
            endLink()
            link = (Ascii.trimmed(TagAttributes.value("href", in: html, from: attributes) ?? ""), out.count)
        case .hidden, .other: break
        }
    }

    /// The address behind what the link says; as in a browser, no link stands in another.
    private mutating func endLink() {
        guard let (address, start) = link else { return }
        link = nil
        guard !address.isEmpty, !address.hasPrefix("#") else { return }
        let said = Ascii.trimmed(String(decoding: out[start...], as: UTF8.self))
        // What else it asks a mail program to write is no part of the address.
        let bare = address.lowercased().hasPrefix("mailto:") ? String(address.dropFirst(7).prefix { $0 != "?" }) : address
        if said == bare || said == address { return }
        addText(said.isEmpty ? bare : " (\(bare))")
    }

    private mutating func breakLines(_ count: Int) {
        pendingLines = out.isEmpty ? 0 : max(pendingLines, min(count, 2))
        hasPendingBlank = false
        pendingBlanks.removeAll()
    }

    private mutating func addText(_ text: String) { addText(Array(text.utf8)[...]) }

    /// Runs of blanks are one blank, and none at the beginning of a line; as they are written, none is left at the end of one.
    private mutating func addText(_ bytes: ArraySlice<UInt8>) {
        for (index, byte) in zip(bytes.indices, bytes) {
            if Ascii.isBlank(byte) {
                guard preformatted > 0 else {
                    hasPendingBlank = true
                    continue
                }
                if byte == 0x0d, index + 1 < bytes.endIndex, bytes[index + 1] == 0x0a { continue }
                if byte != 0x0a, byte != 0x0d { pendingBlanks.append(byte) } else { endPreformattedLine() }
                isPreformattedFresh = false
                continue
            }
            isPreformattedFresh = false
            if pendingLines > 0 {
                for _ in 0..<pendingLines { out.append(0x0a) }
                (pendingLines, hasPendingBlank) = (0, false)
            }
            if hasPendingBlank {
                if let last = out.last, last != 0x0a { out.append(0x20) }
                hasPendingBlank = false
            }
            if !pendingBlanks.isEmpty {
                out += pendingBlanks
                pendingBlanks.removeAll()
            }
            out.append(byte)
        }
    }

    private mutating func endPreformattedLine() {
        if !isPreformattedFresh, !out.isEmpty { pendingLines += 1 }
        hasPendingBlank = false
        pendingBlanks.removeAll()
    }

    mutating func finish() -> String {
        endLink()
        return out.isEmpty ? "" : String(decoding: out, as: UTF8.self) + "\n"
    }
}
