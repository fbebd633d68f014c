extension Filters {
    static let texts: [String: Filter] = [
        "append": Filter(1) { (renderer, value, arguments) throws(TemplateError) in try joined(&renderer, value, arguments[0]) },
        "prepend": Filter(1) { (renderer, value, arguments) throws(TemplateError) in try joined(&renderer, arguments[0], value) },
        "capitalize": likewise { (renderer, text) throws(TemplateError) in
            guard text.isASCII else {
                let scalars = text.string.unicodeScalars
                return try renderer.made((scalars.first?.properties.titlecaseMapping ?? "") + String(scalars.dropFirst()).lowercased())
            }
            return try renderer.made(upTo: text.count) { out in
                for index in 0..<text.count { out.append(index == 0 ? Ascii.raised(text[index]) : Ascii.lowered(text[index])) }
            }
        },
        "downcase": likewise { (renderer, text) throws(TemplateError) in
            // What most texts are, at a tenth of the time.
            text.isASCII ? try renderer.made(upTo: text.count) { for byte in text { $0.append(Ascii.lowered(byte)) } } : try renderer.made(text.string.lowercased())
        },
        "upcase": likewise { (renderer, text) throws(TemplateError) in
            text.isASCII ? try renderer.made(upTo: text.count) { for byte in text { $0.append(Ascii.raised(byte)) } } : try renderer.made(text.string.uppercased())
        },
        "strip": likewise(isCut: true) { (renderer, text) throws(TemplateError) in try renderer.cut(text.trimmed()) },
        "lstrip": likewise(isCut: true) { (renderer, text) throws(TemplateError) in try renderer.cut(text.trimmed(right: false)) },
        "rstrip": likewise(isCut: true) { (renderer, text) throws(TemplateError) in try renderer.cut(text.trimmed(left: false)) },
        "squish": likewise(isCut: true) { (renderer, text) throws(TemplateError) in try renderer.made(upTo: text.count) { squish(text.trimmed(), into: &$0) } },
        "strip_newlines": likewise(isCut: true) { (renderer, text) throws(TemplateError) in try renderer.made(replacedLines(text, by: "")) },
        "newline_to_br": Filter(0) { (renderer, value, _) throws(TemplateError) in
            let text = try renderer.source(value)
            guard renderer.kind == .html else { return try renderer.made(replacedLines(text, by: "<br />\n")) }
            // The breaks are markup and the lines between them are not.
            let made = replacedLines(renderer.escaped(value, text), by: "<br />\n")
            try renderer.charge(made.count)
            return .markup(renderer.arena.keep(made))
        },
        "replace": Filter(1...2) { (renderer, value, arguments) throws(TemplateError) in
            try replaced(&renderer, value, arguments[0], arguments.count > 1 ? arguments[1] : nil, .all)
        },
        "replace_first": Filter(1...2) { (renderer, value, arguments) throws(TemplateError) in
            try replaced(&renderer, value, arguments[0], arguments.count > 1 ? arguments[1] : nil, .first)
        },
        "replace_last": Filter(2) { (renderer, value, arguments) throws(TemplateError) in try replaced(&renderer, value, arguments[0], arguments[1], .last) },
        "remove": Filter(1) { (renderer, value, arguments) throws(TemplateError) in try replaced(&renderer, value, arguments[0], nil, .all) },
        "remove_first": Filter(1) { (renderer, value, arguments) throws(TemplateError) in try replaced(&renderer, value, arguments[0], nil, .first) },
        "remove_last": Filter(1) { (renderer, value, arguments) throws(TemplateError) in try replaced(&renderer, value, arguments[0], nil, .last) },
        "truncate": Filter(0...2) { (renderer, value, arguments) throws(TemplateError) in
            let length = try whole("truncate", arguments.first ?? .integer(50))
            let ending = arguments.count > 1 ? try renderer.written(arguments[1]) : Text("...")
            if value.isNull { return .null }
            let text = try renderer.written(value)
            // What has no more bytes has no more letters either.
            if text.count <= length || text.scalarCount <= length { return .text(text) }
            return try renderer.joined(text.prefix(scalars: max(0, length - ending.scalarCount)), ending)
        },
        "truncatewords": Filter(0...2) { (renderer, value, arguments) throws(TemplateError) in
            let count = max(1, try whole("truncatewords", arguments.first ?? .integer(15)))
            let ending = arguments.count > 1 ? try renderer.written(arguments[1]) : Text("...")
            if value.isNull { return .null }
            let text = try renderer.written(value)
            guard let end = end(ofWords: count, in: text) else {
                try renderer.spend(text.count >> 6)
                return .text(text)
            }
            try renderer.spend(end >> 6)
            return try renderer.made(upTo: end + ending.count) { out in
                squish(text.cut(0..<end), into: &out)
                for byte in ending { out.append(byte) }
            }
        },
        "slice": Filter(1...2) { (renderer, value, arguments) throws(TemplateError) in
            let offset = try whole("slice", arguments[0])
            let length = arguments.count > 1 && !arguments[1].isNull ? try whole("slice", arguments[1]) : 1
            func places(_ count: Int) -> Range<Int>? {
                let start = offset < 0 ? count &+ offset : offset
                guard start >= 0, start <= count, length >= 0 else { return nil }
                return start..<(start + min(length, count - start))
            }
            if case .list(let values) = value { return .list(places(values.count).map(values.cut) ?? View()) }
            let text = try renderer.written(value)
            try renderer.spend(text.count >> 6)
            guard let range = places(text.scalarCount) else { return .text(Text()) }
            return .text(text.dropped(scalars: range.lowerBound).prefix(scalars: range.count))
        },
        "split": Filter(1) { (renderer, value, arguments) throws(TemplateError) in
            let parts = split(try renderer.written(value), by: try renderer.written(arguments[0]))
            try renderer.spend(parts.count)
            return .list(renderer.arena.keep(parts))
        },
        "strip_html": likewise { (renderer, text) throws(TemplateError) in try renderer.made(HTMLText.stripped(text)) },
    ]

    /// A filter that makes a text of a text; nothing stays nothing.
    static func text(_ change: @escaping @Sendable (inout Renderer, Text) throws(TemplateError) -> Cell) -> Filter {
        Filter(0) { (renderer, value, _) throws(TemplateError) in
            if value.isNull { return .text(Text()) }
            return try change(&renderer, try renderer.written(value))
        }
    }

    /// The same for one that leaves tags and entities what they are: what was escaped already is not escaped again.
    ///
    /// - Parameter isCut: whether only a part is taken, so that the escapes of JSON stay what they are, too.
    private static func likewise(isCut: Bool = false, _ change: @escaping @Sendable (inout Renderer, Text) throws(TemplateError) -> Cell) -> Filter {
        Filter(0) { (renderer, value, _) throws(TemplateError) in
            if value.isNull { return .text(Text()) }
            let isKept = value.isMarkup && (isCut || renderer.kind != .json)
            let changed = try change(&renderer, try isKept ? renderer.source(value) : renderer.written(value))
            if isKept, case .text(let text) = changed { return .markup(text) }
            return changed
        }
    }

    /// A number that a filter needs: whole, or a text that is one.
    static func whole(_ filter: String, _ value: Cell) throws(TemplateError) -> Int {
        guard let number = value.wholeNumber else { throw .argument(filter, "needs a whole number and got \(value.kindName)") }
        return number
    }

    private static func joined(_ renderer: inout Renderer, _ first: Cell, _ second: Cell) throws(TemplateError) -> Cell {
        let (a, b) = (try renderer.source(first), try renderer.source(second))
        // Markup stays markup only beside markup: whatever else there is, is escaped first.
        guard renderer.kind == .html, first.isMarkup || second.isMarkup else { return try renderer.joined(a, b) }
        guard case .text(let made) = try renderer.joined(renderer.escaped(first, a), renderer.escaped(second, b)) else { return .null }
        return .markup(made)
    }

    /// Where the last of the first words ends; nil where nothing follows it, not even a blank.
    private static func end(ofWords count: Int, in text: Text) -> Int? {
        var (words, end) = (0, 0)
        var isInWord = false
        for index in 0..<text.count {
            if Ascii.isBlank(text[index]) {
                if isInWord { end = index }
                isInWord = false
                if words == count { return end }
            } else if !isInWord {
                words += 1
                isInWord = true
            }
        }
        return nil
    }

    /// Words with one blank between them, as many as stood there; none before the first.
    private static func squish(_ text: Text, into out: inout OutputSpan<UInt8>) {
        var isBetween = true
        for byte in text {
            if Ascii.isBlank(byte) {
                if !isBetween { out.append(0x20) }
                isBetween = true
            } else {
                out.append(byte)
                isBetween = false
            }
        }
    }

    private static func replacedLines(_ text: Text, by replacement: StaticString) -> [UInt8] {
        let replacement = Text(replacement)
        var out: [UInt8] = []
        for index in 0..<text.count {
            if text[index] == 0x0d, index + 1 < text.count, text[index + 1] == 0x0a { continue }
            if text[index] == 0x0a { out.append(replacement) } else { out.append(text[index]) }
        }
        return out
    }

    enum Which { case all, first, last }

    private static func replaced(_ renderer: inout Renderer, _ value: Cell, _ old: Cell, _ new: Cell?, _ which: Which) throws(TemplateError) -> Cell {
        let (text, wanted) = (try renderer.written(value), try renderer.written(old))
        let replacement = try new.map { new throws(TemplateError) in try renderer.written(new) } ?? Text()
        try renderer.spend(text.count >> 4)
        if wanted.isEmpty {
            switch which {
            case .first: return try renderer.joined(replacement, text)
            case .last: return try renderer.joined(text, replacement)
            case .all:
                try renderer.spend(text.count &* replacement.count >> 6)
                var out = Array(replacement)
                for (index, byte) in text.enumerated() {
                    out.append(byte)
                    if index + 1 == text.count || text[index + 1] & 0xc0 != 0x80 { out.append(replacement) }
                }
                return try renderer.made(out)
            }
        }
        var places: [Int] = []
        var index = 0
        while let place = Ascii.find(wanted, in: text, from: index) {
            places.append(place)
            // The last one may overlap the one before it.
            index = which == .last ? place + 1 : place + wanted.count
            if which == .first { break }
        }
        if which == .last { places = places.suffix(1) }
        guard !places.isEmpty else { return .text(text) }
        let length = text.count + places.count &* (replacement.count - wanted.count)
        guard length <= renderer.limits.outputBytes else { throw .limit("a text grows longer than \(renderer.limits.outputBytes) bytes") }
        return try renderer.made(upTo: length) { out in
            var done = 0
            for place in places {
                for index in done..<place { out.append(text[index]) }
                for byte in replacement { out.append(byte) }
                done = place + wanted.count
            }
            for index in done..<text.count { out.append(text[index]) }
        }
    }

    /// As Ruby's `split`: a blank stands for any run of blanks, nothing cuts between all characters, and empty parts at the end are left out.
    private static func split(_ text: Text, by separator: Text) -> [Cell] {
        if separator.count == 1, separator[0] == 0x20 { return text.split(whereSeparator: Ascii.isBlank).map { .text(text.cut($0.indices)) } }
        var parts: [Cell] = []
        var start = 0
        if separator.isEmpty {
            while start < text.count {
                let end = start + text.dropped(bytes: start).bytes(ofScalars: 1)
                parts.append(.text(text.cut(start..<end)))
                start = end
            }
            return parts
        }
        while let place = Ascii.find(separator, in: text, from: start) {
            parts.append(.text(text.cut(start..<place)))
            start = place + separator.count
        }
        parts.append(.text(text.cut(start..<text.count)))
        while case .text(let last) = parts.last, last.isEmpty { parts.removeLast() }
        return parts
    }
}

extension Cell {
    var isMarkup: Bool { if case .markup = self { true } else { false } }
}

extension Renderer {
    /// A part of a text that is there already, charged like one that is made.
    mutating func cut(_ text: Text) throws(TemplateError) -> Cell {
        try charge(text.count)
        return .text(text)
    }

    mutating func joined(_ first: Text, _ second: Text) throws(TemplateError) -> Cell {
        try made(upTo: first.count + second.count) { out in
            for byte in first { out.append(byte) }
            for byte in second { out.append(byte) }
        }
    }

    /// What a value is written as, as it may stand in HTML.
    mutating func escaped(_ value: Cell, _ text: Text) -> Text {
        guard !value.isMarkup, text.contains(where: Escaping.isMarkup) else { return text }
        var out = Output()
        Escaping.html(text, into: &out)
        return out.keep(in: &arena)
    }
}
