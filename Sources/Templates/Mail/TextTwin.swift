/// The plain text that says what an HTML mail says: for readers without HTML, and for filters that distrust a mail without it.
public enum TextTwin {
    /// Paragraphs and rows become lines, links carry their address behind them, pictures their description. Nothing is dropped but styles, scripts and comments.
    public static func text(of html: [UInt8]) -> String {
        var writer = TwinWriter()
        var reader = TagScanner(html)
        while let part = reader.next() { writer.add(part) }
        return writer.finished
    }
}

/// Cuts HTML into texts and tags, forgivingly: what is no tag is text.
private struct TagScanner {
    enum Part {
        case text(ArraySlice<UInt8>)
        case open(name: String, attributes: ArraySlice<UInt8>)
        case close(name: String)
    }

    private let bytes: [UInt8]
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
            index += 1
            while index < bytes.count, bytes[index] != 0x3c { index += 1 }
            return .text(bytes[start..<index])
        }
        return nil
    }

    private mutating func tag(isClose: Bool) -> Part {
        index += isClose ? 2 : 1
        let nameStart = index
        while index < bytes.count, bytes[index] | 0x20 >= 0x61 && bytes[index] | 0x20 <= 0x7a || bytes[index] >= 0x30 && bytes[index] <= 0x39 { index += 1 }
        let raw = String(decoding: bytes[nameStart..<index], as: UTF8.self)
        let name = raw.utf8.contains { $0 >= 0x41 && $0 <= 0x5a } ? raw.lowercased() : raw
        let start = index
        var quote: UInt8?
        while index < bytes.count, quote != nil || bytes[index] != 0x3e {
            if bytes[index] == quote { quote = nil } else if quote == nil, bytes[index] == 0x22 || bytes[index] == 0x27 { quote = bytes[index] }
            index += 1
        }
        let attributes = bytes[start..<index]
        if index < bytes.count { index += 1 }
        guard !isClose else { return .close(name: name) }
        // A preheader is for the list of mails, and stands in the HTML unseen.
        if Ascii.find(TagScanner.unseen, in: attributes, ignoringCase: true) != nil || name == "style" || name == "script" || name == "title" { hidden = name }
        return .open(name: name, attributes: attributes)
    }

    private static let unseen = Array("display:none".utf8)[...]
}

private struct TwinWriter {
    private enum Kind { case block, line }

    private var out: [UInt8] = []
    private var pendingLines = 0
    private var hasPendingBlank = false
    private var link: (address: String, start: Int)?
    private static func kind(_ name: String) -> Kind? {
        switch name {
        case "p", "div", "table", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "header", "footer", "section", "article", "center", "hr": .block
        case "br", "tr", "li": .line
        default: nil
        }
    }

    mutating func add(_ part: TagScanner.Part) {
        switch part {
        case .text(let bytes): addText(bytes.contains(0x26) ? Array(Entities.decoded(String(decoding: bytes, as: UTF8.self)).utf8)[...] : bytes)
        case .open(let name, let attributes):
            switch TwinWriter.kind(name) {
            case .block: breakLines(2)
            case .line: breakLines(name == "br" ? pendingLines + 1 : 1)
            case nil: break
            }
            switch name {
            case "li": addText("- ")
            case "hr": addText("---")
            case "td", "th": hasPendingBlank = true
            case "img": if let text = Attributes.value("alt", in: attributes), !text.isEmpty { addText(text) }
            case "a":
                endLink()
                link = (Attributes.value("href", in: attributes) ?? "", out.count)
            default: break
            }
        case .close(let name):
            if name == "a" { endLink() }
            if TwinWriter.kind(name) == .block { breakLines(2) }
            if name == "li" || name == "tr" { breakLines(1) }
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

enum Entities {
    private static let named: [String: String] = [
        "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "nbsp": " ", "copy": "©", "reg": "®", "trade": "™", "euro": "€", "pound": "£", "hellip": "…", "mdash": "—", "ndash": "–",
        "lsquo": "‘", "rsquo": "’", "ldquo": "“", "rdquo": "”", "bull": "•", "middot": "·", "zwnj": "", "shy": "",
    ]

    /// The text with its entities as characters; what is none stays as it is.
    static func decoded(_ text: String) -> String {
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
