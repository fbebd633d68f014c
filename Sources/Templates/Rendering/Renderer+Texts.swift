import Vocabulary

extension Renderer {
    /// Takes the making of a text from the budget; no text may grow longer than the output.
    mutating func charge(_ bytes: Int) throws(TemplateError) {
        try spend(1 + bytes >> 6)
        if bytes > limits.outputBytes { throw .limit("a text grows longer than \(limits.outputBytes) bytes") }
    }

    mutating func made(_ bytes: [UInt8]) throws(TemplateError) -> Cell {
        try charge(bytes.count)
        return .text(arena.keep(bytes))
    }

    mutating func made(_ text: String) throws(TemplateError) -> Cell {
        try charge(text.utf8.count)
        return .text(arena.keep(text))
    }

    /// A text whose length shows only when it is written.
    @inline(__always)
    mutating func made(_ write: (inout Output) throws(TemplateError) -> Void) throws(TemplateError) -> Cell {
        // Taken away while it is written to, since what writes may see the rest of the renderer.
        var output = Output()
        swap(&output, &scratch)
        output.removeAll()
        try write(&output)
        try charge(output.count)
        let text = output.keep(in: &arena)
        swap(&output, &scratch)
        return .text(text)
    }

    /// A text of at most so many bytes, written where it is kept.
    @inline(__always)
    mutating func made(upTo bytes: Int, _ write: (inout OutputSpan<UInt8>) -> Void) throws(TemplateError) -> Cell {
        let text = arena.make(upTo: bytes, write)
        try charge(text.count)
        return .text(text)
    }

    /// The value as a template prints it. What is no text yet is charged by its length.
    @inline(__always)
    mutating func printed(_ value: Cell) throws(TemplateError) -> Text {
        if case .text(let text) = value { return text }
        let text = kept(value)
        if !value.isMarkup { try spend(text.count >> 6) }
        return text
    }

    /// The same for what is printed at once and bounded as output is.
    mutating func kept(_ value: Cell) -> Text {
        if case .markup(let text) = value { return text }
        var bytes = Output()
        value.print(into: &bytes)
        return bytes.keep(in: &arena)
    }

    /// The same as a filter of texts sees it, which makes something new of it: what was escaped for HTML counts as it was before, since it is escaped again where it is printed.
    @inline(__always)
    mutating func written(_ value: Cell) throws(TemplateError) -> Text {
        if case .markup(let text) = value, kind == .html { return try unescaped(text) }
        return try source(value)
    }

    /// The same with what was escaped as it is.
    @inline(__always)
    mutating func source(_ value: Cell) throws(TemplateError) -> Text {
        guard case .list = value else { return try printed(value) }
        var bytes = Output()
        value.write(into: &bytes)
        try spend(bytes.count >> 6)
        return bytes.keep(in: &arena)
    }

    private mutating func unescaped(_ text: Text) throws(TemplateError) -> Text {
        guard text.contains(0x26) else { return text }
        try charge(text.count)
        return arena.make(upTo: text.count) { out in
            var index = 0
            while index < text.count {
                let (byte, length) = Escaping.unescaped(text, at: index)
                out.append(byte)
                index += length
            }
        }
    }
}
