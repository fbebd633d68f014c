/// A part of a source: text, `{{ output }}` or `{% tag %}`.
struct Piece {
    enum Kind { case text, verbatim, output, tag }
    let kind: Kind
    /// Of a tag: its name, `#` for an inline comment, empty where there is none.
    var name = ""
    /// Of a text its bytes, else what stands between the marks without the name.
    let bytes: ArraySlice<UInt8>
    let line: Int
}

/// Cuts a source into pieces. `-` beside a mark takes the blanks of the text next to it away.
struct PieceReader {
    private let source: [UInt8]
    private var index = 0
    private var line = 1
    private var pieces: [Piece] = []
    private var trimsNext = false

    private init(_ source: [UInt8]) { self.source = source }

    static func pieces(of source: [UInt8]) throws(TemplateError) -> [Piece] {
        var reader = PieceReader(source)
        try reader.run()
        return reader.pieces
    }

    private mutating func run() throws(TemplateError) {
        var textStart = 0
        while index + 1 < source.count {
            guard source[index] == 0x7b, source[index + 1] == 0x7b || source[index + 1] == 0x25 else {
                index += 1
                continue
            }
            let isTag = source[index + 1] == 0x25
            let trimsBefore = index + 2 < source.count && source[index + 2] == 0x2d
            addText(textStart..<index, trimmed: trimsBefore)
            let start = index + (trimsBefore ? 3 : 2)
            // `{{-}}` is an output of nothing, not one that was never closed.
            guard let end = close(isTag ? 0x25 : 0x7d, from: min(start, source.count)) else {
                throw .syntax(isTag ? "A tag is not closed by `%}`." : "An output is not closed by `}}`.", "Close it, or write `{% raw %}` before marks that are meant as text.", line: line)
            }
            let trimsAfter = end > start && source[end - 1] == 0x2d
            let inner = start..<(trimsAfter ? end - 1 : end)
            let startLine = line
            countLines(in: index..<end)
            index = end + 2
            trimsNext = trimsAfter
            if isTag { try addTag(inner, line: startLine) } else { pieces.append(Piece(kind: .output, bytes: source[inner], line: startLine)) }
            textStart = index
        }
        addText(textStart..<source.count, trimmed: false)
    }

    private func close(_ first: UInt8, from start: Int) -> Int? {
        var place = start
        while place + 1 < source.count {
            if source[place] == first, source[place + 1] == 0x7d { return place }
            place += 1
        }
        return nil
    }

    private mutating func countLines(in range: Range<Int>) {
        for place in range where source[place] == 0x0a { line += 1 }
    }

    private mutating func addText(_ range: Range<Int>, trimmed: Bool) {
        var bytes = source[range]
        let startLine = line
        countLines(in: range)
        if trimsNext { bytes = bytes.drop(while: Ascii.isBlank) }
        if trimmed { while let last = bytes.last, Ascii.isBlank(last) { bytes.removeLast() } }
        trimsNext = false
        if !bytes.isEmpty { pieces.append(Piece(kind: .text, bytes: bytes, line: startLine)) }
    }

    private mutating func addTag(_ inner: Range<Int>, line startLine: Int) throws(TemplateError) {
        let (name, markup) = Piece.split(source[inner])
        switch name {
        case "raw":
            let body = try verbatim(until: "endraw", line: startLine)
            pieces.append(Piece(kind: .verbatim, bytes: body, line: startLine))
        case "doc":
            guard markup.allSatisfy(Ascii.isBlank) else { throw .syntax("`doc` takes nothing behind its name.", "Write `{% doc %}`.", line: startLine) }
            let body = Array(try verbatim(until: "enddoc", line: startLine))
            guard PieceReader.tag("doc", in: body, from: 0) == nil else { throw .syntax("A `doc` stands inside a `doc`.", "Close the first one with `{% enddoc %}`.", line: startLine) }
            pieces.append(Piece(kind: .tag, name: "#", bytes: [], line: startLine))
        default: pieces.append(Piece(kind: .tag, name: name, bytes: markup, line: startLine))
        }
    }

    /// What stands before the tag that ends it; nothing in there is read.
    private mutating func verbatim(until name: String, line startLine: Int) throws(TemplateError) -> ArraySlice<UInt8> {
        guard let (start, end) = PieceReader.tag(name, in: source, from: index) else {
            throw .syntax("`\(name.dropFirst(3))` is not closed.", "Write `{% \(name) %}` behind it.", line: startLine)
        }
        let body = source[index..<start]
        countLines(in: index..<end)
        index = end
        trimsNext = source[end - 3] == 0x2d
        return body
    }

    /// Where a tag of this name without anything behind it stands.
    private static func tag(_ name: String, in bytes: [UInt8], from start: Int) -> (start: Int, end: Int)? {
        let wanted = Array(name.utf8)
        var place = start
        while let open = Ascii.find([0x7b, 0x25], in: bytes, from: place) {
            var index = open + 2
            if index < bytes.count, bytes[index] == 0x2d { index += 1 }
            while index < bytes.count, Ascii.isBlank(bytes[index]) { index += 1 }
            if bytes[index...].starts(with: wanted) {
                index += wanted.count
                while index < bytes.count, Ascii.isBlank(bytes[index]) { index += 1 }
                if index < bytes.count, bytes[index] == 0x2d { index += 1 }
                if bytes[index...].starts(with: [0x25, 0x7d]) { return (open, index + 2) }
            }
            place = open + 2
        }
        return nil
    }
}

extension Piece {
    /// The name that a tag begins with, and what stands behind it.
    static func split(_ bytes: ArraySlice<UInt8>) -> (name: String, markup: ArraySlice<UInt8>) {
        let rest = bytes.drop(while: Ascii.isBlank)
        if rest.first == 0x23 { return ("#", rest.dropFirst()) }
        let name = rest.prefix { $0 == 0x5f || $0 >= 0x30 && $0 <= 0x39 || $0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7a }
        return (String(decoding: name, as: UTF8.self), rest[name.endIndex...])
    }

    /// The lines of a `liquid` tag, each a tag of its own.
    func lines() -> [Piece] {
        var line = self.line
        var out: [Piece] = []
        for text in bytes.split(separator: 0x0a, omittingEmptySubsequences: false) {
            let (name, markup) = Piece.split(text)
            if !(name.isEmpty && markup.allSatisfy(Ascii.isBlank)) { out.append(Piece(kind: .tag, name: name, bytes: markup, line: line)) }
            line += 1
        }
        return out
    }
}
