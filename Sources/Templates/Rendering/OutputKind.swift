/// Where the output goes: how the values that a template prints are made harmless there. What the template itself says stays as it is.
public enum OutputKind: Sendable, Hashable, CaseIterable {
    /// Values as they are: the text part of a mail, a short message.
    case plain
    /// Values are escaped for HTML, in text and in quoted attributes; `| raw` says otherwise.
    case html
    /// Values stand between the quotes of JSON strings; numbers, lists and objects stand for themselves. `| json` writes a whole value.
    case json
    /// Values stand in the properties of iCalendar and vCard; `| raw` says otherwise.
    case calendar
    /// One line of a mail or HTTP header: whatever ends a line becomes a blank, in values and in the template alike.
    case header
}

extension Renderer {
    /// Appends a value as the output wants it.
    @inline(__always)
    mutating func emit(_ value: Cell) {
        switch value {
        case .text(let text):
            switch kind {
            case .plain, .header: out.append(text)
            case .html: Escaping.html(text, into: &out)
            case .json: Escaping.json(text, into: &out)
            case .calendar: Escaping.calendar(text, into: &out)
            }
        case .markup(let text): if kind == .json { emitJSON(markup: text) } else { out.append(text) }
        case .integer(let value): Escaping.digits(value, into: &out)
        case .decimal(let value): Escaping.decimal(value, into: &out)
        case .null, .empty, .blank: break
        default: emitOther(value)
        }
    }

    private mutating func emitOther(_ value: Cell) {
        switch (kind, value) {
        case (.json, .list), (.json, .record): emitJSON(value)
        case (.html, .list(let values)): for value in values { emitElement(value) }
        default: emitElement(.text(kept(value)))
        }
    }

    /// A list or an object as itself, and between quotes as what a text may hold.
    private mutating func emitJSON(_ value: Cell) {
        guard isInJSONText() else { return Escaping.json(value, into: &out) }
        var whole = Output()
        Escaping.json(value, into: &whole)
        Escaping.json(whole.keep(in: &arena), into: &out)
    }

    /// What is JSON already; a whole text, list or object between quotes is escaped once more, so that it ends nothing that it did not begin.
    private mutating func emitJSON(markup text: Text) {
        var state = JSONTextState(isInside: true)
        state.read(text)
        if !state.isPlain, isInJSONText() { Escaping.json(text, into: &out) } else { out.append(text) }
    }

    /// Whether what is printed now stands between the quotes of a JSON text. Looks only at what was printed since it was asked before.
    mutating func isInJSONText() -> Bool {
        jsonText.read(out, upTo: out.count)
        return jsonText.isInside
    }

    /// What is written into its callers cannot call itself.
    private mutating func emitElement(_ value: Cell) { emit(value) }
}

/// Follows the quotes of JSON through what is printed.
struct JSONTextState: BitwiseCopyable {
    var isInside = false
    /// Whether neither a quote was met nor half an escape stands at the end.
    var isPlain: Bool { !hasQuotes && !isEscape }
    private var isEscape = false
    private var hasQuotes = false
    private var position = 0

    init(isInside: Bool = false, from position: Int = 0) { (self.isInside, self.position) = (isInside, position) }

    mutating func read(_ text: Text) { for byte in text { read(byte) } }

    mutating func read(_ output: borrowing Output, upTo end: Int) {
        while position < end {
            read(output[position])
            position += 1
        }
    }

    private mutating func read(_ byte: UInt8) {
        if isEscape {
            isEscape = false
        } else if byte == 0x22 {
            isInside.toggle()
            hasQuotes = true
        } else if byte == 0x5c {
            isEscape = isInside
        }
    }
}
