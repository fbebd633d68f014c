import Vocabulary

/// One run of a program over one person's data: the output, the variables, and what is left of the budget.
struct Renderer {
    enum Signal { case none, leave, skip }

    let program: Program
    let data: Record
    let kind: OutputKind
    let limits: TemplateLimits
    let now: Timestamp
    let zone: TemplateZone?
    var out: [UInt8] = []
    var frame: Frame
    private var steps: Int
    var depth = 0
    /// Inside a `render`, where `include` is refused.
    var isIsolated = false
    /// What `ifchanged` printed last.
    private var lastChanged: [UInt8]?

    /// The variables that one template or isolated partial sees. Names are slots.
    struct Frame {
        /// Of loops and of arguments: they hide what was assigned.
        var scoped: [Value?]
        var assigned: [Value?]
        var counters: [Int: Int] = [:]
        /// By group, and by the slot of the items of those without one.
        var cycles: [String: Int] = [:]
        var plainCycles: [Int: Int] = [:]
        var offsets: [String: Int] = [:]
        var loop: Loop?

        init(slots: Int) {
            scoped = Array(repeating: nil, count: slots)
            assigned = scoped
        }
    }

    init(_ program: Program, data: Record, kind: OutputKind, limits: TemplateLimits, now: Timestamp, zone: TemplateZone?) {
        self.program = program
        self.data = data
        self.kind = kind
        self.limits = limits
        self.now = now
        self.zone = zone
        steps = limits.steps
        frame = Frame(slots: program.names.count)
        out.reserveCapacity(1024)
    }

    mutating func run() throws(TemplateError) -> [UInt8] {
        _ = try render(program.root)
        return kind == .header ? Escaping.header(out) : out
    }

    /// Takes work from the budget.
    @inline(__always)
    mutating func spend(_ count: Int) throws(TemplateError) {
        steps -= count
        if steps < 0 { throw .limit("it does more than \(limits.steps) steps") }
    }

    /// A text that a filter made, charged by its length; no text may grow longer than the output.
    mutating func made(_ text: String) throws(TemplateError) -> Value {
        try spend(1 + text.utf8.count >> 6)
        if text.utf8.count > limits.outputBytes { throw .limit("a text grows longer than \(limits.outputBytes) bytes") }
        return .text(text)
    }

    // MARK: - Variables

    func variable(_ slot: Int) -> Value {
        if let value = frame.scoped[slot] { return value }
        if let value = frame.assigned[slot] { return value }
        if !frame.counters.isEmpty, let value = frame.counters[slot] { return .integer(value) }
        return data[program.names[slot]] ?? .null
    }

    private func variable(named name: String) -> Value { program.slots[name].map(variable) ?? data[name] ?? .null }

    func value(_ expression: Expression) -> Value {
        switch expression {
        case .literal(let value): value
        case .variable(let slot): variable(slot)
        case .path(let path): self.value(path)
        case .range(let first, let last): Value.range(from: value(first), to: value(last)) ?? .null
        }
    }

    private func value(_ path: Path) -> Value {
        var current: Value
        switch path.root {
        case .slot(let slot): current = variable(slot)
        case .computed(let name): current = variable(named: value(name).text)
        }
        for step in path.steps {
            switch step {
            case .key(let key): current = current.member(key)
            case .index(let index): current = current.element(value(index))
            }
        }
        return current
    }

    mutating func value(_ filtered: Filtered) throws(TemplateError) -> Value {
        var current = value(filtered.base)
        for call in filtered.filters {
            try spend(1)
            do throws(TemplateError) {
                if let constants = call.constants { current = try call.filter.apply(&self, current, constants) } else {
                    var arguments: [Value] = []
                    arguments.reserveCapacity(call.arguments.count)
                    for argument in call.arguments { arguments.append(value(argument)) }
                    current = try call.filter.apply(&self, current, arguments)
                }
            } catch { throw error.at(call.line) }
        }
        return current
    }

    // MARK: - Walking

    mutating func render(_ block: Block) throws(TemplateError) -> Signal {
        depth += 1
        defer { depth -= 1 }
        if depth > 2 * limits.depth { throw .limit("blocks and partials stand more than \(2 * limits.depth) deep") }
        for node in block.nodes {
            let signal = try render(node)
            if signal != .none { return signal }
        }
        return .none
    }

    private mutating func render(_ node: Node) throws(TemplateError) -> Signal {
        try spend(1)
        if out.count > limits.outputBytes { throw .limit("it prints more than \(limits.outputBytes) bytes") }
        switch node {
        case .text(let bytes): out.append(contentsOf: bytes)
        case .output(let filtered):
            if filtered.filters.isEmpty { emit(value(filtered.base)) } else { emit(try value(filtered)) }
        case .assign(let slot, let filtered): frame.assigned[slot] = try value(filtered)
        case .capture(let slot, let block):
            let (signal, bytes) = try captured(block)
            let text = String(decoding: bytes, as: UTF8.self)
            // What was printed inside is escaped already.
            frame.assigned[slot] = kind == .html || kind == .json ? .markup(text) : .text(text)
            return signal
        case .branch(let branch):
            for arm in branch.arms {
                guard let test = arm.test else { return try render(arm.block) }
                do throws(TemplateError) {
                    guard try passes(test) != arm.isNegated else { continue }
                } catch { throw error.at(branch.line) }
                return try render(arm.block)
            }
        case .choice(let choice): return try render(choice)
        case .loop(let loop): return try render(loop)
        case .table(let loop): return try table(loop)
        case .cycle(let cycle):
            let group = cycle.group.map { value($0).text }
            let place = (group.map { frame.cycles[$0] } ?? frame.plainCycles[cycle.slot]) ?? 0
            if place < cycle.items.count { emit(value(cycle.items[place])) }
            let next = place + 1 >= cycle.items.count ? 0 : place + 1
            if let group { frame.cycles[group] = next } else { frame.plainCycles[cycle.slot] = next }
        case .counter(let counter): count(counter)
        case .leave: return .leave
        case .skip: return .skip
        case .changed(let block):
            let (signal, bytes) = try captured(block)
            if bytes != lastChanged ?? [] {
                lastChanged = bytes
                out.append(contentsOf: bytes)
            }
            return signal
        case .partial(let call): return try render(call)
        }
        return .none
    }

    private mutating func captured(_ block: Block) throws(TemplateError) -> (Signal, [UInt8]) {
        var outer: [UInt8] = []
        swap(&outer, &out)
        let signal: Signal
        do throws(TemplateError) { signal = try render(block) } catch {
            swap(&outer, &out)
            throw error
        }
        swap(&outer, &out)
        return (signal, outer)
    }

    private mutating func count(_ counter: Counter) {
        let name = program.names[counter.slot]
        let start = frame.counters[counter.slot] ?? data[name]?.wholeNumber ?? 0
        let next = counter.isDecrement ? start &- 1 : start &+ 1
        emit(.integer(counter.isDecrement ? next : start))
        frame.counters[counter.slot] = next
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
            for candidate in values where Value.areEqual(subject, value(candidate)) {
                isDecided = true
                let signal = try render(arm.block)
                if signal != .none { return signal }
            }
        }
        return .none
    }

    // MARK: - Conditions

    private func passes(_ test: Test) throws(TemplateError) -> Bool {
        switch test {
        case .truth(let expression): return value(expression).isTruthy
        case .both(let a, let b): return try passes(a) ? try passes(b) : false
        case .either(let a, let b): return try passes(a) ? true : try passes(b)
        case .comparison(let left, let comparison, let right):
            let (a, b) = (value(left), value(right))
            switch comparison {
            case .equal: return Value.areEqual(a, b)
            case .different: return !Value.areEqual(a, b)
            case .contains: return a.contains(b)
            case .less: return try ordered(a, b) { $0 }
            case .greater: return try ordered(b, a) { $0 }
            case .atMost: return try ordered(b, a) { !$0 }
            case .atLeast: return try ordered(a, b) { !$0 }
            }
        }
    }

    /// Values that know no order are in none; a number and a text are an error, as in Liquid.
    private func ordered(_ a: Value, _ b: Value, _ answer: (Bool) -> Bool) throws(TemplateError) -> Bool {
        guard a.isOrdered, b.isOrdered else { return false }
        guard let isLess = Value.precedes(a, b) else {
            throw TemplateError("comparison", "\(a.kindName.capitalizedFirst) and \(b.kindName) cannot be compared.", remedy: "Make a number of the text with `plus: 0`.")
        }
        return answer(isLess)
    }
}
