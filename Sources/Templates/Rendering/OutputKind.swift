/// Where the output goes: how the values that a template prints are made harmless there. What the template itself says stays as it is.
public enum OutputKind: Sendable, Hashable, CaseIterable {
    /// Values as they are: the text part of a mail, a short message.
    case plain
    /// Values are escaped for HTML, in text and in quoted attributes; `| raw` says otherwise.
    case html
    /// Values stand between the quotes of JSON strings; numbers, lists and objects stand for themselves. `| json` writes a whole value.
    case json
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
            }
        case .markup(let text): out.append(text)
        case .integer(let value): Escaping.digits(value, into: &out)
        case .decimal(let value): Escaping.decimal(value, into: &out)
        case .null, .empty, .blank: break
        default: emitOther(value)
        }
    }

    private mutating func emitOther(_ value: Cell) {
        switch (kind, value) {
        case (.json, .list), (.json, .record): Escaping.json(value, into: &out)
        case (.html, .list(let values)): for value in values { emitElement(value) }
        default: emitElement(.text(kept(value)))
        }
    }

    /// What is written into its callers cannot call itself.
    private mutating func emitElement(_ value: Cell) { emit(value) }
}
