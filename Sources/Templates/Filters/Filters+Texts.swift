extension Filters {
    static let texts: [String: Filter] = [
        "append": Filter(1) { (renderer, value, arguments) throws(TemplateError) in try joined(&renderer, value, arguments[0]) },
        "prepend": Filter(1) { (renderer, value, arguments) throws(TemplateError) in try joined(&renderer, arguments[0], value) },
        "capitalize": text { text in
            guard let first = text.unicodeScalars.first else { return text }
            if text.utf8.allSatisfy({ $0 < 0x80 }) {
                // What most texts are, at a tenth of the time.
                var bytes = text.utf8.map(Ascii.lowered)
                if bytes[0] >= 0x61, bytes[0] <= 0x7a { bytes[0] &= 0xdf }
                return String(decoding: bytes, as: UTF8.self)
            }
            return String(first).uppercased() + String(text.unicodeScalars.dropFirst()).lowercased()
        },
        "downcase": text { $0.lowercased() },
        "upcase": text { $0.uppercased() },
        "strip": text { Ascii.trimmed($0) },
        "lstrip": text { Ascii.trimmed($0, right: false) },
        "rstrip": text { Ascii.trimmed($0, left: false) },
        "strip_newlines": text { replacedLines($0, by: "") },
        "newline_to_br": Filter(0) { (renderer, value, _) throws(TemplateError) in
            guard renderer.kind == .html else { return try renderer.made(replacedLines(value.written, by: "<br />\n")) }
            // The breaks are markup and the lines between them are not.
            var text = value.written
            if case .markup = value {} else { text = Escaping.html(text) }
            guard case .text(let made) = try renderer.made(replacedLines(text, by: "<br />\n")) else { return .null }
            return .markup(made)
        },
        "replace": Filter(1...2) { (renderer, value, arguments) throws(TemplateError) in
            try replaced(&renderer, value, arguments[0].written, arguments.count > 1 ? arguments[1].written : "", .all)
        },
        "replace_first": Filter(1...2) { (renderer, value, arguments) throws(TemplateError) in
            try replaced(&renderer, value, arguments[0].written, arguments.count > 1 ? arguments[1].written : "", .first)
        },
        "replace_last": Filter(2) { (renderer, value, arguments) throws(TemplateError) in try replaced(&renderer, value, arguments[0].written, arguments[1].written, .last) },
        "remove": Filter(1) { (renderer, value, arguments) throws(TemplateError) in try replaced(&renderer, value, arguments[0].written, "", .all) },
        "remove_first": Filter(1) { (renderer, value, arguments) throws(TemplateError) in try replaced(&renderer, value, arguments[0].written, "", .first) },
        "remove_last": Filter(1) { (renderer, value, arguments) throws(TemplateError) in try replaced(&renderer, value, arguments[0].written, "", .last) },
        "truncate": Filter(0...2) { (renderer, value, arguments) throws(TemplateError) in
            let length = try whole("truncate", arguments.first ?? .integer(50))
            let ending = arguments.count > 1 ? arguments[1].written : "..."
            if value.isNull { return .null }
            let scalars = value.written.unicodeScalars
            guard scalars.count > length else { return .text(value.written) }
            return try renderer.made(String(scalars.prefix(max(0, length - ending.unicodeScalars.count))) + ending)
        },
        "truncatewords": Filter(0...2) { (renderer, value, arguments) throws(TemplateError) in
            let count = max(1, try whole("truncatewords", arguments.first ?? .integer(15)))
            let ending = arguments.count > 1 ? arguments[1].written : "..."
            if value.isNull { return .null }
            let text = value.written
            try renderer.spend(text.utf8.count >> 6)
            guard var words = firstWords(count, of: text) else { return .text(text) }
            words.append(contentsOf: ending.utf8)
            return try renderer.made(String(decoding: words, as: UTF8.self))
        },
        "slice": Filter(1...2) { (renderer, value, arguments) throws(TemplateError) in
            let offset = try whole("slice", arguments[0])
            let length = arguments.count > 1 && !arguments[1].isNull ? try whole("slice", arguments[1]) : 1
            func places(_ count: Int) -> Range<Int>? {
                let start = offset < 0 ? count &+ offset : offset
                guard start >= 0, start <= count, length >= 0 else { return nil }
                return start..<(start + min(length, count - start))
            }
            if case .list(let values) = value { return .list(places(values.count).map { Array(values[$0]) } ?? []) }
            let scalars = Array(value.written.unicodeScalars)
            guard let range = places(scalars.count) else { return .text("") }
            var cut = String.UnicodeScalarView()
            cut.append(contentsOf: scalars[range])
            return .text(String(cut))
        },
        "split": Filter(1) { (renderer, value, arguments) throws(TemplateError) in
            let parts = split(value.written, by: arguments[0].written)
            try renderer.spend(parts.count)
            return .list(parts)
        },
        "strip_html": text { HTMLText.stripped($0) },
    ]

    /// A filter that makes a text of a text; nothing stays nothing.
    static func text(_ change: @escaping @Sendable (String) -> String) -> Filter {
        Filter(0) { (renderer, value, _) throws(TemplateError) in
            if value.isNull { return .text("") }
            return try renderer.made(change(value.written))
        }
    }

    /// A number that a filter needs: whole, or a text that is one.
    static func whole(_ filter: String, _ value: Value) throws(TemplateError) -> Int {
        guard let number = value.wholeNumber else { throw .argument(filter, "needs a whole number and got \(value.kindName)") }
        return number
    }

    private static func joined(_ renderer: inout Renderer, _ first: Value, _ second: Value) throws(TemplateError) -> Value {
        // Markup stays markup only beside markup: whatever else there is, is escaped first.
        if case .markup(let a) = first, renderer.kind == .html {
            let made = try renderer.made(a + (second.escaped))
            return .markup(made.text)
        }
        if case .markup(let b) = second, renderer.kind == .html {
            let made = try renderer.made(first.escaped + b)
            return .markup(made.text)
        }
        return try renderer.made(first.written + second.written)
    }

    /// The first words with one blank between them; nil where there are no more of them.
    private static func firstWords(_ count: Int, of text: String) -> [UInt8]? {
        var out: [UInt8] = []
        var words = 0
        var isInWord = false
        for byte in text.utf8 {
            if Ascii.isBlank(byte) {
                isInWord = false
                continue
            }
            if !isInWord {
                if words == count { return out }
                if words > 0 { out.append(0x20) }
                words += 1
                isInWord = true
            }
            out.append(byte)
        }
        return nil
    }

    private static func replacedLines(_ text: String, by replacement: String) -> String {
        var out: [UInt8] = []
        let bytes = Array(text.utf8)
        for (index, byte) in bytes.enumerated() {
            if byte == 0x0d, index + 1 < bytes.count, bytes[index + 1] == 0x0a { continue }
            if byte == 0x0a { out.append(contentsOf: replacement.utf8) } else { out.append(byte) }
        }
        return String(decoding: out, as: UTF8.self)
    }

    enum Which { case all, first, last }

    private static func replaced(_ renderer: inout Renderer, _ value: Value, _ old: String, _ new: String, _ which: Which) throws(TemplateError) -> Value {
        let text = value.written
        let (bytes, wanted, replacement) = (Array(text.utf8), Array(old.utf8), Array(new.utf8))
        try renderer.spend(bytes.count >> 4)
        if wanted.isEmpty {
            switch which {
            case .first: return try renderer.made(new + text)
            case .last: return try renderer.made(text + new)
            case .all:
                try renderer.spend(bytes.count &* replacement.count >> 6)
                return try renderer.made(text.unicodeScalars.reduce(into: new) { $0.unicodeScalars.append($1); $0 += new })
            }
        }
        var places: [Int] = []
        var index = 0
        while let place = Ascii.find(wanted[...], in: bytes, from: index) {
            places.append(place)
            // The last one may overlap the one before it.
            index = which == .last ? place + 1 : place + wanted.count
            if which == .first { break }
        }
        if which == .last { places = places.suffix(1) }
        guard !places.isEmpty else { return .text(text) }
        let length = bytes.count + places.count &* (replacement.count - wanted.count)
        guard length <= renderer.limits.outputBytes else { throw .limit("a text grows longer than \(renderer.limits.outputBytes) bytes") }
        var out: [UInt8] = []
        out.reserveCapacity(length)
        var done = 0
        for place in places {
            out.append(contentsOf: bytes[done..<place])
            out.append(contentsOf: replacement)
            done = place + wanted.count
        }
        out.append(contentsOf: bytes[done...])
        return try renderer.made(String(decoding: out, as: UTF8.self))
    }

    /// As Ruby's `split`: a blank stands for any run of blanks, nothing cuts between all characters, and empty parts at the end are left out.
    private static func split(_ text: String, by separator: String) -> [Value] {
        if separator == " " { return text.utf8.split(whereSeparator: Ascii.isBlank).map { .text(String($0) ?? "") } }
        if separator.isEmpty { return text.unicodeScalars.map { .text(String($0)) } }
        let (bytes, wanted) = (Array(text.utf8), Array(separator.utf8))
        var parts: [Value] = []
        var start = 0
        while let place = Ascii.find(wanted[...], in: bytes, from: start) {
            parts.append(.text(String(decoding: bytes[start..<place], as: UTF8.self)))
            start = place + wanted.count
        }
        parts.append(.text(String(decoding: bytes[start...], as: UTF8.self)))
        while case .text("") = parts.last { parts.removeLast() }
        return parts
    }
}

extension Value {
    /// As it may stand in HTML.
    var escaped: String { if case .markup(let text) = self { text } else { Escaping.html(written) } }
}
