extension Renderer {
    private typealias Argument = (slot: Int, value: Cell)

    mutating func render(_ call: PartialCall) throws(TemplateError) -> Signal {
        if isIsolated, !call.isIsolated {
            throw .syntax("`include` cannot stand in a partial that is rendered with `render`.", "Use `render` there too, and hand over what it needs.", line: call.line)
        }
        let (block, slot) = try called(call)
        var arguments: [Argument] = []
        arguments.reserveCapacity(call.arguments.count)
        for argument in call.arguments { arguments.append((argument.slot, value(argument.value))) }
        return call.isIsolated
            ? try isolated(call, block, slot, arguments)
            : try included(call, block, slot, arguments)
    }

    /// The block that is put in, and the slot of the name that it has for its value.
    private mutating func called(_ call: PartialCall) throws(TemplateError) -> (Block, Int?) {
        if let snippet = call.snippet {
            guard let block = frame.snippets[snippet] else {
                throw TemplateError("partial", "There is no snippet `\(program.names[snippet].text.string)` here.", remedy: "Write `{% snippet %}` before it: what stands inside a `render` is not seen outside.", line: call.line)
            }
            return (block, call.alias)
        }
        let called = value(call.name)
        guard case .text(let text) = called else {
            throw TemplateError("partial", "The name of a partial is \(called.kindName).", remedy: "Name a partial in quotes.", line: call.line)
        }
        let name = text.string
        guard let partial = program.partials[name] else {
            throw TemplateError("partial", "There is no partial `\(name)`.", remedy: "Save a template with this name first.", line: call.line)
        }
        return (try partial.get(), call.alias ?? program.slots[PartialCall.alias(of: name)])
    }

    /// An `include` sees and changes everything around it; its arguments are gone behind it.
    private mutating func included(_ call: PartialCall, _ block: Block, _ slot: Int?, _ arguments: [Argument]) throws(TemplateError) -> Signal {
        let bound: Cell
        switch call.binding {
        case .one(let expression), .each(let expression): bound = value(expression)
        case .none: if let slot { bound = variable(slot) } else { bound = .null }
        }
        let changed = arguments.map(\.slot) + (slot.map { [$0] } ?? [])
        let scoped = frame.scoped
        let outer = changed.map { scoped[$0] }
        defer { for index in changed.indices.reversed() { frame.scoped[changed[index]] = outer[index] } }
        for (slot, value) in arguments { frame.scoped[slot] = value }
        guard case .list(let values) = bound else {
            if let slot, !arguments.contains(where: { $0.slot == slot }) { frame.scoped[slot] = bound }
            return try render(block)
        }
        // A `break` ends the partial of its element alone, and the loop that the `include` stands in behind all of them.
        var last = Signal.none
        for value in values {
            if let slot { frame.scoped[slot] = value }
            let signal = try render(block)
            if signal != .none { last = signal }
        }
        return last
    }

    /// A `render` sees its arguments and the template's data, and leaves nothing behind but what it prints.
    private mutating func isolated(_ call: PartialCall, _ block: Block, _ slot: Int?, _ arguments: [Argument]) throws(TemplateError) -> Signal {
        let bound: Cell?
        var items: Items?
        switch call.binding {
        case .none: bound = nil
        case .one(let expression): bound = value(expression)
        case .each(let expression):
            let all = value(expression)
            bound = all
            switch all {
            case .list, .record, .range: items = Items(all, from: 0, limit: nil, &arena)
            default: break
            }
        }
        let (outer, wasIsolated, mark) = (frame, isIsolated, arena.mark)
        isIsolated = true
        defer {
            frame = outer
            isIsolated = wasIsolated
            // Nothing that was made inside is seen outside.
            arena.release(to: mark)
        }
        guard let items else {
            begin(arguments)
            if let slot, let bound { frame.assigned[slot] = bound }
            _ = try render(block)
            return .none
        }
        let name = slot.map { program.names[$0].text } ?? Text()
        for index in 0..<items.count {
            try spend(1)
            arena.release(to: mark)
            begin(arguments)
            if let slot { frame.assigned[slot] = items.element(index, &arena) }
            if let loopSlot = program.loopSlot { frame.scoped[loopSlot] = .loop(arena.keep(Loop(name: name, length: items.count, index: index))) }
            _ = try render(block)
        }
        return .none
    }

    /// Variables of a partial alone. Arguments are its own: it may assign to them.
    private mutating func begin(_ arguments: [Argument]) {
        frame = Frame(slots: program.names.count, &arena)
        for (slot, value) in arguments { frame.assigned[slot] = value }
    }
}
