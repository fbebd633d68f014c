/// The plain text that says what an HTML mail says: for readers without HTML, and for filters that distrust a mail without it.
public enum TextTwin {
    /// Paragraphs and rows become lines, links carry their address behind them, pictures their description. Nothing is dropped but styles, scripts and comments.
    public static func text(of html: [UInt8]) -> String {
        var writer = TwinWriter(html)
        var reader = TagScanner(html)
        while let part = reader.next() { writer.add(part) }
        return writer.finished
    }
}

/// What an element means for plain text.
private enum Element {
    case block, line, newline, item, rule, cell, picture, link, other
    /// Its inside is no text.
    case hidden

    init(_ name: String) {
        self = switch name {
        case "a": .link
        case "p", "div", "table", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "header", "footer", "section", "article", "center": .block
        case "tr": .line
        case "td", "th": .cell
        case "br": .newline
        case "li": .item
        case "hr": .rule
        case "img": .picture
        case "style", "script", "title": .hidden
        default: .other
        }
    }
}

/// Cuts HTML into texts and tags, forgivingly: what is no tag is text.
private struct TagScanner {
    enum Part {
        case text(Range<Int>)
        case open(Element, attributes: Range<Int>)
        case close(Element)
    }

    let bytes: [UInt8]
    private var index = 0
    /// The element whose inside is no text, while in it.
    private var hidden: String?

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func next() -> Part? {
        while index < bytes.count {
            if let name = hidden {
                hidden = nil
                // Where nothing closes it, the rest is hidden, as in a browser.
                index = Ascii.find(Array("</\(name)".utf8)[...], in: bytes[index...], ignoringCase: true) ?? bytes.count
                continue
            }
            if bytes[index] == 0x3c, index + 1 < bytes.count {
                let next = bytes[index + 1]
                if next == 0x21 {
                    let isComment = bytes[index...].starts(with: Array("<!--".utf8))
                    let close = isComment ? Ascii.find(Array("-->".utf8)[...], in: bytes[min(index + 4, bytes.count)...]).map { $0 + 3 } : bytes[index...].firstIndex(of: 0x3e).map { $0 + 1 }
                    index = close ?? bytes.count
                    continue
                }
                if next == 0x2f || next | 0x20 >= 0x61 && next | 0x20 <= 0x7a { return tag(isClose: next == 0x2f) }
            }
            let start = index
            index = TagScanner.end(ofTextAt: start, in: bytes.span)
            return .text(start..<index)
        }
        return nil
    }

    private mutating func tag(isClose: Bool) -> Part {
        let nameStart = index + (isClose ? 2 : 1)
        let (nameEnd, end) = TagScanner.ends(ofTagNamedAt: nameStart, in: bytes.span)
        index = min(end + 1, bytes.count)
        let raw = String(decoding: bytes[nameStart..<nameEnd], as: UTF8.self)
        let name = raw.utf8.contains { $0 >= 0x41 && $0 <= 0x5a } ? raw.lowercased() : raw
        let element = Element(name)
        guard !isClose else { return .close(element) }
        // A preheader is for the list of mails, and stands in the HTML unseen.
        if element == .hidden || end - nameEnd > TagScanner.unseen.count && Ascii.find(TagScanner.unseen, in: bytes[nameEnd..<end], ignoringCase: true) != nil { hidden = name }
        return .open(element, attributes: nameEnd..<end)
    }

    private static func end(ofTextAt start: Int, in bytes: Span<UInt8>) -> Int {
        var index = start + 1
        while index < bytes.count, bytes[index] != 0x3c { index += 1 }
        return index
    }

    /// Where the name ends, and where the tag's closing bracket stands.
    private static func ends(ofTagNamedAt start: Int, in bytes: Span<UInt8>) -> (name: Int, tag: Int) {
        var index = start
        while index < bytes.count, bytes[index] | 0x20 >= 0x61 && bytes[index] | 0x20 <= 0x7a || bytes[index] >= 0x30 && bytes[index] <= 0x39 { index += 1 }
        let name = index
        // None is open at 0.
        var quote: UInt8 = 0
        while index < bytes.count {
            let byte = bytes[index]
            if quote != 0 { if byte == quote { quote = 0 } } else if byte == 0x3e { break } else if byte == 0x22 || byte == 0x27 { quote = byte }
            index += 1
        }
        return (name, index)
    }

    private static let unseen = Array("display:none".utf8)[...]
}

private struct TwinWriter {
    private let html: [UInt8]
    private var out: [UInt8] = []
    private var pendingLines = 0
    private var hasPendingBlank = false
    private var link: (address: String, start: Int)?

    init(_ html: [UInt8]) {
        self.html = html
        out.reserveCapacity(html.count / 2)
    }

    mutating func add(_ part: TagScanner.Part) {
        switch part {
        case .text(let range): addText(of: html[range])
        case .open(let element, let attributes): open(element, html[attributes])
        case .close(let element):
            switch element {
            case .link: endLink()
            case .block, .rule: breakLines(2)
            case .item, .line: breakLines(1)
            default: break
            }
        }
    }

    private mutating func addText(of bytes: ArraySlice<UInt8>) {
        bytes.contains(0x26) ? addText(Entities.decoded(String(decoding: bytes, as: UTF8.self))) : addText(bytes)
    }

    private mutating func open(_ element: Element, _ attributes: ArraySlice<UInt8>) {
        switch element {
        case .block: breakLines(2)
        case .line: breakLines(1)
        case .newline: breakLines(pendingLines + 1)
        case .item:
            breakLines(1)
            addText("- ")
        case .rule:
            breakLines(2)
            addText("---")
        case .cell: hasPendingBlank = true
        case .picture: if let text = Attributes.value("alt", in: attributes), !text.isEmpty { addText(text) }
        case .link:
            endLink()
            link = (Attributes.value("href", in: attributes) ?? "", out.count)
        case .hidden, .other: break
        }
    }

    /// The address behind what the link says; as in a browser, no link stands in another.
    private mutating func endLink() {
        guard let (address, start) = link else { return }
        link = nil
        guard !address.isEmpty, !address.hasPrefix("#") else { return }
        let said = Ascii.trimmed(String(decoding: out[start...], as: UTF8.self))
        let bare = address.hasPrefix("mailto:") ? String(address.dropFirst(7)) : address
        if said == bare || said == address { return }
        addText(said.isEmpty ? bare : " (\(bare))")
    }

    private mutating func breakLines(_ count: Int) {
        pendingLines = out.isEmpty ? 0 : max(pendingLines, min(count, 2))
        hasPendingBlank = false
    }

    private mutating func addText(_ text: String) { addText(Array(text.utf8)[...]) }

    /// Runs of blanks are one blank, and none at the beginning of a line.
    private mutating func addText(_ bytes: ArraySlice<UInt8>) {
        for byte in bytes {
            if Ascii.isBlank(byte) {
                hasPendingBlank = true
                continue
            }
            if pendingLines > 0 {
                for _ in 0..<pendingLines { out.append(0x0a) }
                (pendingLines, hasPendingBlank) = (0, false)
            }
            if hasPendingBlank {
                if let last = out.last, last != 0x0a { out.append(0x20) }
                hasPendingBlank = false
            }
            out.append(byte)
        }
    }

    var finished: String { out.isEmpty ? "" : String(decoding: out, as: UTF8.self) + "\n" }
}

private enum Attributes {
    static func value(_ name: String, in bytes: ArraySlice<UInt8>) -> String? {
        let wanted = Array(name.utf8)[...]
        var start = bytes.startIndex
        while let place = Ascii.find(wanted, in: bytes[start...], ignoringCase: true) {
            start = place + wanted.count
            guard place > bytes.startIndex, Ascii.isBlank(bytes[place - 1]), start < bytes.endIndex, bytes[start] == 0x3d else { continue }
            let rest = bytes[(start + 1)...]
            guard let quote = rest.first, quote == 0x22 || quote == 0x27 else {
                return Entities.decoded(String(decoding: rest.prefix { !Ascii.isBlank($0) }, as: UTF8.self))
            }
            return Entities.decoded(String(decoding: rest.dropFirst().prefix { $0 != quote }, as: UTF8.self))
        }
        return nil
    }
}

/// Character references of HTML.
public enum Entities {
    private static let named: [String: String] = [
        "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "nbsp": " ", "copy": "©", "reg": "®", "trade": "™", "euro": "€", "pound": "£", "hellip": "…", "mdash": "—", "ndash": "–",
        "lsquo": "‘", "rsquo": "’", "ldquo": "“", "rdquo": "”", "bull": "•", "middot": "·", "zwnj": "", "shy": "",
        "AMP": "&", "LT": "<", "GT": ">", "QUOT": "\"", "equals": "=", "sol": "/", "quest": "?", "num": "#", "colon": ":", "semi": ";", "percnt": "%", "plus": "+", "commat": "@", "lowbar": "_", "period": ".",
        "comma": ",", "excl": "!", "lpar": "(", "rpar": ")", "ast": "*", "dollar": "$", "lsqb": "[", "rsqb": "]",
    ]

    /// The text with its entities as characters; what is none stays as it is.
    public static func decoded(_ text: String) -> String {
        guard text.utf8.contains(0x26) else { return text }
        var out = ""
        var rest = Substring(text)
        while let mark = rest.firstIndex(of: "&") {
            out += rest[..<mark]
            let name = rest[rest.index(after: mark)...].prefix(12).prefix { $0 != ";" && $0 != "&" }
            let end = name.endIndex
            if end < rest.endIndex, rest[end] == ";", let character = character(String(name)) {
                out += character
                rest = rest[rest.index(after: end)...]
            } else {
                out += "&"
                rest = rest[rest.index(after: mark)...]
            }
        }
        return out + rest
    }

    private static func character(_ name: String) -> String? {
        if let text = named[name] { return text }
        guard name.hasPrefix("#") else { return nil }
        let digits = name.dropFirst()
        let value = digits.lowercased().hasPrefix("x") ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
        guard let value, value >= 0x20, let scalar = Unicode.Scalar(value) else { return nil }
        return value == 0xa0 ? " " : String(scalar)
    }
}
