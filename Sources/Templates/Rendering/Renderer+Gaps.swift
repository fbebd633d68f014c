import Vocabulary

/// Values that are missing where they are printed, as far as reading the template could not tell.
extension Renderer {
    private static let defaultFilter = Filters.places["default"]

    /// The value that is printed.
    mutating func valueWithoutGap(_ filtered: Filtered) throws(TemplateError) -> Cell {
        let printed = try value(filtered)
        for index in 0..<filtered.filters.count where filtered.filters[index].filter == Renderer.defaultFilter { return printed }
        if case .literal = filtered.base { return printed }
        let isMissing = value(filtered.base).isNull
        // Of a plain name and its members, ``Template/uses`` tells, and whether they are asked about elsewhere.
        if isMissing, isPlain(filtered.base) { return printed }
        if isMissing || filtered.filters.count > 0 && Renderer.isGap(printed) { throw TemplateError(missing: name(of: filtered.base)).at(filtered.line) }
        return printed
    }

    private static func isGap(_ value: Cell) -> Bool {
        if case .list(let values) = value { return values.contains { $0.isNull } }
        return value.isNull
    }

    private func isPlain(_ expression: Expression) -> Bool {
        switch expression {
        case .literal, .range: return true
        case .variable(let slot): return !isOwn(slot)
        case .path(let path):
            guard case .slot(let slot) = path.value.root, !isOwn(slot) else { return false }
            for index in 0..<path.value.steps.count {
                switch path.value.steps[index] {
                case .key, .index(.literal(.text)): continue
                case .index: return false
                }
            }
            return true
        }
    }

    /// Whether the template itself gave it a value: of a loop, of `assign`, or handed to a partial.
    private func isOwn(_ slot: Int) -> Bool { frame.scoped[slot] != nil || frame.assigned[slot] != nil }

    /// As the template writes it, as far as it can be told in a few words.
    private func name(of expression: Expression) -> String {
        switch expression {
        case .literal, .range: return "…"
        case .variable(let slot): return program.names[slot].text.string
        case .path(let path):
            var name = "…"
            if case .slot(let slot) = path.value.root { name = program.names[slot].text.string }
            for index in 0..<path.value.steps.count {
                switch path.value.steps[index] {
                case .key(let key): name += "." + key.key.text.string
                case .index(.literal(.integer(let place))): name += "[\(place)]"
                case .index: name += "[…]"
                }
            }
            return name
        }
    }
}
