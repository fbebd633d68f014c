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
    case block, line, newline, item, numbered, bulleted, preformatted, rule, cell, picture, link, other
    /// Its inside is no text.
    case hidden

    init(_ name: String) {
        self = switch name {
        case "a": .link
        case "p", "div", "table", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "header", "footer", "section", "article", "center", "dl", "address", "main", "nav", "aside", "figure", "form", "fieldset": .block
        case "tr", "dt", "dd", "figcaption", "caption", "legend", "option": .line
        case "ol": .numbered
        case "ul", "menu": .bulleted
        case "pre": .preformatted
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
    /// What stands alone, and has no inside.
    private static let void: Set<String> = ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func next() -> Part? {
        while index < bytes.count {
            if let name = hidden {
                hidden = nil
                index = end(ofHidden: name)
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
        let isUnseen = end - nameEnd > TagScanner.display.count && isUnseen(nameEnd..<end)
        if TagScanner.void.contains(name) { return .open(isUnseen ? .other : element, attributes: nameEnd..<end) }
        guard element == .hidden || isUnseen else { return .open(element, attributes: nameEnd..<end) }
        hidden = name
        return .open(.hidden, attributes: nameEnd..<end)
    }

    private static let display = Array("display".utf8)[...]

    private func isUnseen(_ attributes: Range<Int>) -> Bool {
        guard Ascii.find(TagScanner.display, in: bytes[attributes], ignoringCase: true) != nil, let style = Attributes.value("style", in: bytes[attributes]) else { return false }
        return style.utf8.filter { !Ascii.isBlank($0) }.map(Ascii.lowered).split(separator: UInt8(ascii: ";")).contains { $0.starts(with: "display:none".utf8) }
    }

    /// Behind an element of which nothing is shown, with those of its kind within it; where nothing closes it, the rest is hidden, as in a browser.
    private func end(ofHidden name: String) -> Int {
        let name = Array(name.utf8)
        // What is no markup inside ends with the first; a paragraph ends where another begins.
        let (isText, isParagraph) = (["script", "style", "title"].contains { $0.utf8.elementsEqual(name) }, "p".utf8.elementsEqual(name))
        var (place, depth) = (index, 0)
        while let mark = bytes[place...].firstIndex(of: 0x3c) {
            let isClose = mark + 1 < bytes.count && bytes[mark + 1] == 0x2f
            let start = mark + (isClose ? 2 : 1)
            place = mark + 1
            let end = start + name.count
            guard end <= bytes.count, bytes[start..<end].lazy.map(Ascii.lowered).elementsEqual(name), end == bytes.count || !(bytes[end] | 0x20 >= 0x61 && bytes[end] | 0x20 <= 0x7a || bytes[end] >= 0x30 && bytes[end] <= 0x39) else { continue }
            if isClose, depth == 0 { return bytes[end...].firstIndex(of: 0x3e).map { $0 + 1 } ?? bytes.count }
            if isClose { depth -= 1 } else if isParagraph { return mark } else if !isText { depth += 1 }
        }
        return bytes.count
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
            case .numbered, .bulleted:
                _ = lists.popLast()
                breakLines(lists.isEmpty ? 2 : 1)
            case .preformatted:
                preformatted = max(0, preformatted - 1)
                breakLines(2)
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
        case .numbered, .bulleted:
            breakLines(lists.isEmpty ? 2 : 1)
            lists.append(element == .numbered ? (Attributes.value("start", in: attributes).flatMap { Int($0) } ?? 1) &- 1 : nil)
        case .preformatted:
            breakLines(2)
            preformatted += 1
        case .item:
            breakLines(1)
            if let last = lists.last, let number = last {
                lists[lists.count - 1] = number &+ 1
                addText("\(number &+ 1). ")
            } else { addText("- ") }
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
                if preformatted > 0, byte == 0x0a { breakLines(pendingLines + 1) } else { hasPendingBlank = true }
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
    /// Those of HTML 4 from 0xA1 on, in the order of their code points, and by their code points.
    private static let latin = """
        iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest
        Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig
        agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml
        """
    private static let others = """
        OElig 152 oelig 153 Scaron 160 scaron 161 Yuml 178 fnof 192 circ 2C6 tilde 2DC Alpha 391 Beta 392 Gamma 393 Delta 394 Epsilon 395 Zeta 396 Eta 397 Theta 398 Iota 399 Kappa 39A Lambda 39B Mu 39C Nu 39D Xi 39E
        Omicron 39F Pi 3A0 Rho 3A1 Sigma 3A3 Tau 3A4 Upsilon 3A5 Phi 3A6 Chi 3A7 Psi 3A8 Omega 3A9 alpha 3B1 beta 3B2 gamma 3B3 delta 3B4 epsilon 3B5 zeta 3B6 eta 3B7 theta 3B8 iota 3B9 kappa 3BA lambda 3BB mu 3BC nu 3BD
        xi 3BE omicron 3BF pi 3C0 rho 3C1 sigmaf 3C2 sigma 3C3 tau 3C4 upsilon 3C5 phi 3C6 chi 3C7 psi 3C8 omega 3C9 thetasym 3D1 upsih 3D2 piv 3D6 ensp 2002 emsp 2003 thinsp 2009 zwj 200D lrm 200E rlm 200F sbquo 201A
        bdquo 201E dagger 2020 Dagger 2021 permil 2030 prime 2032 Prime 2033 lsaquo 2039 rsaquo 203A oline 203E frasl 2044 image 2111 weierp 2118 real 211C alefsym 2135 larr 2190 uarr 2191 rarr 2192 darr 2193 harr 2194
        crarr 21B5 lArr 21D0 uArr 21D1 rArr 21D2 dArr 21D3 hArr 21D4 forall 2200 part 2202 exist 2203 empty 2205 nabla 2207 isin 2208 notin 2209 ni 220B prod 220F sum 2211 minus 2212 lowast 2217 radic 221A prop 221D
        infin 221E ang 2220 and 2227 or 2228 cap 2229 cup 222A int 222B there4 2234 sim 223C cong 2245 asymp 2248 ne 2260 equiv 2261 le 2264 ge 2265 sub 2282 sup 2283 nsub 2284 sube 2286 supe 2287 oplus 2295 otimes 2297
        perp 22A5 sdot 22C5 lceil 2308 rceil 2309 lfloor 230A rfloor 230B lang 27E8 rang 27E9 loz 25CA spades 2660 clubs 2663 hearts 2665 diams 2666 check 2713 star 2606 starf 2605 phone 260E
        """

    private static let named: [String: String] = {
        var all = ascii
        func add(_ name: some StringProtocol, _ value: UInt32) { if let scalar = Unicode.Scalar(value), all[String(name)] == nil { all[String(name)] = String(scalar) } }
        for (index, name) in latin.split(whereSeparator: \.isWhitespace).enumerated() { add(name, 0xa1 + UInt32(index)) }
        let words = others.split(whereSeparator: \.isWhitespace)
        for index in stride(from: 0, to: words.count - 1, by: 2) { if let value = UInt32(words[index + 1], radix: 16) { add(words[index], value) } }
        return all
    }()

    private static let ascii: [String: String] = [
        "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "nbsp": " ", "trade": "™", "euro": "€", "hellip": "…", "mdash": "—", "ndash": "–",
        "lsquo": "‘", "rsquo": "’", "ldquo": "“", "rdquo": "”", "bull": "•", "zwnj": "", "shy": "",
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
