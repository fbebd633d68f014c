import Templates

/// Finds the links of an HTML mail and puts others in their place; everything else stays byte for byte.
public enum LinkRewriter {
    /// A link: the bytes of its address in the HTML, and the address.
    struct Found: Hashable {
        let range: Range<Int>
        let target: String
    }

    /// The HTML with every address of the web in a link exchanged, and something put before the end of the body.
    ///
    /// - Parameters:
    ///   - isExchanged: whether a link to this address is exchanged; the others are not counted.
    ///   - link: the new address for a link; told the address, which link it is, and how many there are.
    ///   - end: what is put there, told how many links there are.
    public static func rewrite(_ html: String, where isExchanged: (String) -> Bool, link: (_ target: String, _ index: Int, _ count: Int) -> String, end: (_ count: Int) -> String) -> String {
        let bytes = Array(html.utf8)
        let found = links(bytes).filter { isExchanged($0.target) }
        var out: [UInt8] = []
        out.reserveCapacity(bytes.count + found.count * 300 + 1000)
        let tail = bodyEnd(bytes.span)
        var position = 0
        for (index, one) in found.enumerated() {
            let address = link(one.target, index, found.count)
            if position <= tail, tail < one.range.lowerBound {
                out += bytes[position..<tail]
                out += end(found.count).utf8
                position = tail
            }
            out += bytes[position..<one.range.lowerBound]
            out.append(0x22)
            out += address.utf8
            out.append(0x22)
            position = one.range.upperBound
        }
        if position <= tail {
            out += bytes[position..<tail]
            out += end(found.count).utf8
            position = tail
        }
        out += bytes[position...]
        return String(decoding: out, as: UTF8.self)
    }

    /// Links that lead to the web, in their order. Comments, styles and scripts are passed over.
    static func links(_ bytes: [UInt8]) -> [Found] {
        let html = bytes.span
        var found: [Found] = []
        var index = 0
        while let open = next(0x3c, in: html, from: index) {
            index = open + 1
            if starts(html, index, "!--") {
                index = position(of: "-->", in: html, from: index) ?? html.count
                continue
            }
            let nameStart = index
            while index < html.count, isLetter(html[index]) { index += 1 }
            let name = nameStart..<index
            guard !name.isEmpty else { continue }
            let isLink = says(html, name, "a") || says(html, name, "area")
            while index < html.count, html[index] != 0x3e {
                let (attribute, value) = nextAttribute(html, &index)
                if isLink, let value, says(html, attribute, "href"), let target = target(bytes[value]) { found.append(Found(range: value, target: target)) }
            }
            guard name.count >= 5, let word = silent.first(where: { says(html, name, $0) }) else { continue }
            index = position(of: "</\(word)", in: html, from: min(index, html.count)) ?? html.count
        }
        return found
    }

    // MARK: - Reading

    /// Elements whose inside is no HTML.
    private static let silent = ["style", "script", "title", "textarea"]

    /// Whether the bytes of a range are a word, whatever the case of their letters.
    private static func says(_ html: Span<UInt8>, _ range: Range<Int>, _ word: String) -> Bool { range.count == word.utf8.count && starts(html, range.lowerBound, word) }

    /// Where the name of an attribute stands, and where its value with its quotes; moves on by at least one byte.
    private static func nextAttribute(_ html: Span<UInt8>, _ index: inout Int) -> (name: Range<Int>, value: Range<Int>?) {
        let start = index
        while index < html.count, !isBlank(html[index]), html[index] != 0x3d, html[index] != 0x3e { index += 1 }
        let name = start..<index
        while index < html.count, isBlank(html[index]) { index += 1 }
        guard index < html.count, html[index] == 0x3d else {
            if index == start { index += 1 }
            return (name, nil)
        }
        index += 1
        while index < html.count, isBlank(html[index]) { index += 1 }
        let valueStart = index
        guard index < html.count else { return (name, nil) }
        if html[index] == 0x22 || html[index] == 0x27 {
            let quote = html[index]
            index += 1
            while index < html.count, html[index] != quote { index += 1 }
            guard index < html.count else { return (name, nil) }
            index += 1
        } else {
            // Without quotes, a slash is part of the value.
            while index < html.count, html[index] == 0x2f || !isBlank(html[index]), html[index] != 0x3e { index += 1 }
        }
        return (name, valueStart..<index)
    }

    /// The address in a value; nil where it is not one of the web.
    private static func target(_ value: ArraySlice<UInt8>) -> String? {
        var text = value
        if let first = text.first, first == 0x22 || first == 0x27 { text = text.dropFirst().dropLast() }
        // By bytes: by characters, this took a tenth of all that a mail takes.
        while let first = text.first, first <= 0x20 { text = text.dropFirst() }
        while let last = text.last, last <= 0x20 { text = text.dropLast() }
        let address = decoded(text)
        guard isOfTheWeb(address), address.utf8.count <= 4000, !address.utf8.contains(where: { $0 < 0x20 }) else { return nil }
        return address
    }

    /// Its character references as characters. By bytes where the only one is that of `&`, as in nearly all.
    private static func decoded(_ text: ArraySlice<UInt8>) -> String {
        guard text.contains(0x26) else { return String(decoding: text, as: UTF8.self) }
        var out: [UInt8] = []
        out.reserveCapacity(text.count)
        var rest = text
        while let byte = rest.popFirst() {
            out.append(byte)
            guard byte == 0x26 else { continue }
            guard rest.starts(with: "amp;".utf8) else { return Entities.decoded(String(decoding: text, as: UTF8.self), inAttribute: true) }
            rest = rest.dropFirst(4)
        }
        return String(decoding: out, as: UTF8.self)
    }

    /// Whether an address is one of the web, in letters of either case.
    public static func isOfTheWeb(_ address: String) -> Bool {
        let start = Array(address.utf8.prefix(8))
        return starts(start.span, 0, "http://") || starts(start.span, 0, "https://")
    }

    private static func bodyEnd(_ html: Span<UInt8>) -> Int {
        var last: Int?
        var index = 0
        while let next = position(of: "</body", in: html, from: index) {
            last = next
            index = next + 1
        }
        return last ?? html.count
    }

    private static func position(of word: String, in html: Span<UInt8>, from start: Int) -> Int? {
        guard let first = word.utf8.first else { return nil }
        var index = start
        while let next = next(first, in: html, from: index) {
            if starts(html, next, word) { return next }
            index = next + 1
        }
        return nil
    }

    private static func next(_ byte: UInt8, in html: Span<UInt8>, from start: Int) -> Int? {
        var index = start
        while index < html.count {
            if html[index] == byte { return index }
            index += 1
        }
        return nil
    }

    private static func starts(_ html: Span<UInt8>, _ index: Int, _ word: String) -> Bool {
        guard index + word.utf8.count <= html.count else { return false }
        var position = index
        for letter in word.utf8 {
            let byte = html[position]
            guard (byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte) == letter else { return false }
            position += 1
        }
        return true
    }

    private static func isLetter(_ byte: UInt8) -> Bool { byte >= 0x61 && byte <= 0x7a || byte >= 0x41 && byte <= 0x5a || byte >= 0x30 && byte <= 0x39 }
    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0a || byte == 0x0d || byte == 0x0c || byte == 0x2f }
}
