extension Renderer {
    mutating func render(_ call: PartialCall) throws(TemplateError) -> Signal {
        if isIsolated, !call.isIsolated {
            throw .syntax("`include` cannot stand in a partial that is rendered with `render`.", "Use `render` there too, and hand over what it needs.", line: call.line)
        }
        guard case .text(let name) = value(call.name) else {
            throw TemplateError("partial", "The name of a partial is \(value(call.name).kindName).", remedy: "Name a partial in quotes.", line: call.line)
        }
        guard let partial = program.partials[name] else {
            throw TemplateError("partial", "There is no partial `\(name)`.", remedy: "Save a template with this name first.", line: call.line)
        }
        let block = try partial.get()
        let alias = call.alias ?? name.split(separator: "/").last.map(String.init) ?? name
        let slot = program.slots[alias]
        let arguments = call.arguments.map { (slot: $0.slot, value: value($0.value)) }
        return call.isIsolated
            ? try isolated(call, block, slot, arguments)
            : try included(call, block, slot, arguments)
    }

    /// An `include` sees and changes everything around it; its arguments are gone behind it.
    private mutating func included(_ call: PartialCall, _ block: Block, _ slot: Int?, _ arguments: [(slot: Int, value: Value)]) throws(TemplateError) -> Signal {
        let bound: Value
        switch call.binding {
        case .one(let expression), .each(let expression): bound = value(expression)
        case .none: bound = slot.map { variable($0) } ?? .null
        }
        let changed = arguments.map(\.slot) + (slot.map { [$0] } ?? [])
        let outer = changed.map { frame.scoped[$0] }
        defer { for (slot, value) in zip(changed, outer).reversed() { frame.scoped[slot] = value } }
        for (slot, value) in arguments { frame.scoped[slot] = value }
        guard case .list(let values) = bound else {
            if let slot, !arguments.contains(where: { $0.slot == slot }) { frame.scoped[slot] = bound }
            return try render(block)
        }
        for value in values {
            if let slot { frame.scoped[slot] = value }
            let signal = try render(block)
            if signal != .none { return signal }
        }
        return .none
    }

    /// A `render` sees its arguments and the template's data, and leaves nothing behind but what it prints.
    private mutating func isolated(_ call: PartialCall, _ block: Block, _ slot: Int?, _ arguments: [(slot: Int, value: Value)]) throws(TemplateError) -> Signal {
        let bound: Value?
        var items: Items?
        switch call.binding {
        case .none: bound = nil
        case .one(let expression): bound = value(expression)
        case .each(let expression):
            let all = value(expression)
            bound = all
            switch all {
            case .list, .record, .range: items = Items(all, from: 0, limit: nil)
            default: break
            }
        }
        var inner = Frame(slots: program.names.count)
        // Arguments are the partial's own variables: it may assign to them.
        for (slot, value) in arguments { inner.assigned[slot] = value }
        let wasIsolated = isIsolated
        isIsolated = true
        swap(&inner, &frame)
        defer {
            swap(&inner, &frame)
            isIsolated = wasIsolated
        }
        guard let items else {
            if let slot, let bound { frame.assigned[slot] = bound }
            _ = try render(block)
            return .none
        }
        let fresh = frame
        for index in 0..<items.count {
            try spend(1)
            frame = fresh
            if let slot { frame.assigned[slot] = items[index] }
            if let loopSlot = program.loopSlot { frame.scoped[loopSlot] = .loop(Loop(name: call.alias ?? "", length: items.count, index: index)) }
            if try render(block) == .leave { break }
        }
        return .none
    }
}
