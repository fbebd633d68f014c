import Vocabulary

/// One run of a program over one person's data: the output, the variables, and what is left of the budget.
struct Renderer: ~Copyable {
    enum Signal { case none, leave, skip }

    let program: Program
    let data: Record
    let kind: OutputKind
    let limits: TemplateLimits
    let now: Timestamp
    let zone: TemplateZone?
    /// Whether it ends where a value is missing that only rendering can tell of.
    let refusesGaps: Bool
    var out = Output(capacity: 1000)
    /// Where the output of the innermost `capture` begins.
    private var captureStart = 0
    var jsonText = JSONTextState()
    /// What filters make.
    var arena: Arena
    /// Where a filter writes what it does not know the length of.
    var scratch = Output()
    var frame: Frame
    private var steps: Int
    private var depth = 0
    /// Inside a `render`, where `include` is refused.
    var isIsolated = false
    /// What `ifchanged` printed last.
    private var lastChanged: [UInt8] = []

    /// The variables that one template or isolated partial sees. Names are slots.
    struct Frame {
        /// Of loops and of arguments: they hide what was assigned.
        let scoped: Row<Cell?>
        let assigned: Row<Cell?>
        var counters: [Int: Int] = [:]
        /// By group.
        var cycles: [String: Int] = [:]
        /// Of those without one, by slot; empty until one of them is met.
        var plainCycles: [Int] = []
        var offsets: [String: Int] = [:]
        /// By slot.
        var snippets: [Int: Block] = [:]
        var loop: Ref<Loop>?

        init(slots: Int, _ arena: inout Arena) {
            scoped = arena.keep(nil, count: slots)
            assigned = arena.keep(nil, count: slots)
        }
    }

    init(_ program: Program, data: Record, kind: OutputKind, limits: TemplateLimits, now: Timestamp, zone: TemplateZone?, refusesGaps: Bool) {
        self.program = program
        self.data = data
        self.kind = kind
        self.limits = limits
        self.now = now
        self.zone = zone
        self.refusesGaps = refusesGaps
        steps = limits.steps
        var arena = Arena()
        frame = Frame(slots: program.names.count, &arena)
        self.arena = arena
    }

    mutating func run() throws(TemplateError) -> [UInt8] {
        _ = try render(program.root)
        return kind == .header ? Escaping.header(out.bytes) : out.bytes
    }

    /// Takes work from the budget.
    @inline(__always)
    mutating func spend(_ count: Int) throws(TemplateError) {
        steps -= count
        if steps < 0 { throw .limit("it does more than \(limits.steps) steps") }
    }

    // MARK: - Variables

    @inline(__always)
    func variable(_ slot: Int) -> Cell {
        if let value = frame.scoped[slot] { return value }
        if let value = frame.assigned[slot] { return value }
        return unassigned(slot)
    }

    private func unassigned(_ slot: Int) -> Cell {
        if !frame.counters.isEmpty, let value = frame.counters[slot] { return .integer(value) }
        return data.members.value.find(program.names[slot]) ?? .null
    }

    private mutating func variable(named name: String) -> Cell {
        if let slot = program.slots[name] { return variable(slot) }
        let mark = arena.mark
        defer { arena.release(to: mark) }
        return data.members.value.find(Key(arena.keep(name))) ?? .null
    }

    private func text(of value: Cell) -> String {
        var text = Output()
        value.print(into: &text)
        return String(decoding: text.bytes, as: UTF8.self)
    }

    @inline(__always)
    mutating func value(_ expression: Expression) -> Cell {
        switch expression {
        case .literal(let value): value
        case .variable(let slot): variable(slot)
        case .path(let path): self.value(path.value)
        case .range(let ends): Cell.range(from: end(ends[0]), to: end(ends[1]))
        }
    }

    /// What is written into its callers cannot call itself.
    private mutating func end(_ expression: Expression) -> Cell { value(expression) }

    private mutating func value(_ path: Path) -> Cell {
        var current: Cell
        switch path.root {
        case .slot(let slot): current = variable(slot)
        case .computed(let name): current = variable(named: text(of: end(name)))
        }
        for index in 0..<path.steps.count {
            switch path.steps[index] {
            case .key(let name): current = current.member(name, &arena)
            case .index(let index): current = current.element(end(index))
            }
        }
        return current
    }

    mutating func value(_ filtered: Filtered) throws(TemplateError) -> Cell {
        var current = value(filtered.base)
        for index in 0..<filtered.filters.count {
            let call = filtered.filters[index]
            try spend(1)
            do throws(TemplateError) {
                current = try program.filters[call.filter].apply(&self, current, call.constants ?? arguments(call))
            } catch { throw error.at(call.line) }
        }
        return current
    }

    private mutating func arguments(_ call: FilterCall) -> View<Cell> {
        if call.arguments.count == 1 {
            let only = value(call.arguments[0])
            return View(arena.keep(only))
        }
        var values: [Cell] = []
        values.reserveCapacity(call.arguments.count)
        for index in 0..<call.arguments.count { values.append(value(call.arguments[index])) }
        return arena.keep(values)
    }

    // MARK: - Walking

    mutating func render(_ block: Block) throws(TemplateError) -> Signal {
        depth += 1
        defer { depth -= 1 }
        if depth > 2 * limits.depth { throw .limit("blocks and partials stand more than \(2 * limits.depth) deep") }
        for index in 0..<block.nodes.count {
            let signal = try render(block.nodes[index])
            if signal != .none { return signal }
        }
        return .none
    }

    private mutating func render(_ node: Node) throws(TemplateError) -> Signal {
        try spend(1)
        if out.count - captureStart > limits.outputBytes { throw .limit("it prints more than \(limits.outputBytes) bytes") }
        switch node {
        case .text(let bytes): out.append(bytes)
        case .output(let filtered):
            let mark = arena.mark
            if refusesGaps { emit(try valueWithoutGap(filtered.value)) } else if filtered.value.filters.isEmpty { emit(value(filtered.value.base)) } else { emit(try value(filtered.value)) }
            // What was made to be printed is not needed any more.
            arena.release(to: mark)
        case .assign(let slot, let filtered): frame.assigned[slot] = try value(filtered.value)
        case .capture(let slot, let block):
            let (signal, text) = try captured(block.value, isInJSONText: false)
            // What was printed inside is escaped already.
            frame.assigned[slot] = kind == .html || kind == .json ? .markup(text) : .text(text)
            return signal
        case .branch(let branch): return try render(branch.value)
        case .choice(let choice): return try render(choice.value)
        case .loop(let loop): return try render(loop.value)
        case .table(let loop): return try table(loop.value)
        case .cycle(let cycle): render(cycle.value)
        case .counter(let slot, let isDecrement): count(slot, isDecrement: isDecrement)
        case .leave: return .leave
        case .skip: return .skip
        case .changed(let block):
            let (signal, bytes) = try captured(block.value, isInJSONText: kind == .json && isInJSONText())
            if !bytes.elementsEqual(lastChanged) {
                lastChanged = Array(bytes)
                out.append(bytes)
            }
            return signal
        case .partial(let call): return try render(call.value)
        case .snippet(let slot, let block): frame.snippets[slot] = block.value
        }
        return .none
    }

    /// What a block prints, taken from the end of the output again.
    private mutating func captured(_ block: Block, isInJSONText: Bool) throws(TemplateError) -> (Signal, Text) {
        let (outerStart, outerText, start) = (captureStart, jsonText, out.count)
        (captureStart, jsonText) = (start, JSONTextState(isInside: isInJSONText, from: start))
        let signal = try render(block)
        (captureStart, jsonText) = (outerStart, outerText)
        try spend((out.count - start) >> 6)
        let text = out.keep(from: start, in: &arena)
        out.removeAll(from: start)
        return (signal, text)
    }

    private mutating func count(_ slot: Int, isDecrement: Bool) {
        let start = frame.counters[slot] ?? data.members.value.find(program.names[slot])?.wholeNumber ?? 0
        let next = isDecrement ? start &- 1 : start &+ 1
        emit(.integer(isDecrement ? next : start))
        frame.counters[slot] = next
    }

    private mutating func render(_ cycle: Cycle) {
        let group = cycle.group.map { text(of: value($0)) }
        if group == nil, frame.plainCycles.isEmpty { frame.plainCycles = Array(repeating: 0, count: program.names.count) }
        let place = group.map { frame.cycles[$0] ?? 0 } ?? frame.plainCycles[cycle.slot]
        if place < cycle.items.count { emit(value(cycle.items[place])) }
        let next = place + 1 >= cycle.items.count ? 0 : place + 1
        if let group { frame.cycles[group] = next } else { frame.plainCycles[cycle.slot] = next }
    }

    private mutating func render(_ branch: Branch) throws(TemplateError) -> Signal {
        for index in 0..<branch.arms.count {
            let arm = branch.arms[index]
            guard let test = arm.test else { return try render(arm.block) }
            do throws(TemplateError) {
                guard try passes(test) != arm.isNegated else { continue }
            } catch { throw error.at(branch.line) }
            return try render(arm.block)
        }
        return .none
    }

    private mutating func render(_ choice: Choice) throws(TemplateError) -> Signal {
        let subject = value(choice.subject)
        var isDecided = false
        for arm in choice.arms {
            guard let values = arm.values else {
                if !isDecided {
                    let signal = try render(arm.block)
                    if signal != .none { return signal }
                }
                continue
            }
            // A block is printed once for each of its values that fit.
            for candidate in values where Cell.areEqual(subject, value(candidate)) {
                isDecided = true
                let signal = try render(arm.block)
                if signal != .none { return signal }
            }
        }
        return .none
    }
}
