/// What a loop goes through, without making a list of a range.
enum Items: BitwiseCopyable {
    case values(View<Cell>)
    case pairs(Ref<Members>, first: Int, count: Int)
    case numbers(first: Int, count: Int)

    /// The elements between two places; `limit` nil is all the rest.
    init(_ value: Cell, from start: Int, limit: Int?, _ arena: inout Arena) {
        func cut(_ count: Int) -> Range<Int> {
            let (end, isOver) = start.addingReportingOverflow(limit ?? count)
            let upper = limit == nil || isOver ? count : min(end, count)
            let lower = max(0, min(start, count))
            return lower..<max(lower, upper)
        }
        switch value {
        case .list(let values): self = .values(values.cut(cut(values.count)))
        case .record(let record):
            let places = cut(record.value.count)
            self = .pairs(record, first: places.lowerBound, count: places.count)
        case .range(let first, let last):
            let places = cut(Cell.count(first, last))
            self = .numbers(first: first &+ places.lowerBound, count: places.count)
        // A text is one element, whatever limit there is.
        case .text(let text) where !text.isEmpty, .markup(let text) where !text.isEmpty: self = .values(arena.keep([value]))
        default: self = .values(View())
        }
    }

    var count: Int {
        switch self {
        case .values(let values): values.count
        case .pairs(_, _, let count): count
        case .numbers(_, let count): count
        }
    }

    @inline(__always)
    func element(_ index: Int, _ arena: inout Arena) -> Cell {
        switch self {
        case .values(let values): values[index]
        case .pairs(let record, let first, _): record.value.pair(first + index, &arena)
        case .numbers(let first, _): .integer(first &+ index)
        }
    }
}

extension Renderer {
    private mutating func places(of loop: ForLoop) throws(TemplateError) -> (start: Int, limit: Int?) {
        var start = 0
        if loop.head.continues { start = frame.offsets[loop.head.name.string] ?? 0 } else if let offset = loop.head.offset { start = try whole(value(offset), "offset", loop) ?? 0 }
        guard let limit = loop.head.limit else { return (start, nil) }
        return (start, try whole(value(limit), "limit", loop))
    }

    private func whole(_ value: Cell, _ name: String, _ loop: ForLoop) throws(TemplateError) -> Int? {
        if value.isNull { return nil }
        if let number = value.wholeNumber { return number }
        // A table takes what a number begins with; a loop wants a whole one.
        if loop.head.columns != nil, !Number(value).isZero { return value.leadingInteger }
        throw TemplateError("argument", "`\(name)` is \(value.kindName) and not a whole number.", remedy: "Give it a whole number.", line: loop.line)
    }

    mutating func render(_ loop: ForLoop) throws(TemplateError) -> Signal {
        let head = loop.head
        let (start, limit) = try places(of: loop)
        let items = Items(value(head.collection), from: start, limit: limit, &arena)
        if program.hasContinuedLoops { frame.offsets[head.name.string] = start &+ items.count }
        let count = items.count
        guard count > 0 else { return try loop.otherwise.map { block throws(TemplateError) in try render(block) } ?? .none }
        let outer = frame.scoped[head.variable]
        let outerLoop = frame.loop
        let loopSlot = program.loopSlot
        let outerShown = loopSlot.map { frame.scoped[$0] }
        defer {
            frame.scoped[head.variable] = outer
            frame.loop = outerLoop
            if let loopSlot, let outerShown { frame.scoped[loopSlot] = outerShown }
        }
        let shown = loopSlot.map { _ in arena.keep(Loop(name: head.name, length: count, parent: outerLoop)) }
        for index in 0..<count {
            try spend(1)
            frame.scoped[head.variable] = items.element(head.isReversed ? count - 1 - index : index, &arena)
            if let shown, let loopSlot {
                frame.loop = shown
                frame.scoped[loopSlot] = .loop(shown)
            }
            let signal = try render(loop.body)
            shown?.value.index = index + 1
            if signal == .leave { break }
        }
        return .none
    }

    mutating func table(_ loop: ForLoop) throws(TemplateError) -> Signal {
        let head = loop.head
        let collection = value(head.collection)
        if collection.isNull { return .none }
        let (start, limit) = try places(of: loop)
        let items = Items(collection, from: start, limit: limit, &arena)
        let count = items.count
        let columns = head.columns.map { value($0) }.map { $0.isNull ? count : $0.leadingInteger } ?? count
        guard columns > 0 || count == 0 else { throw TemplateError("argument", "`cols` is not above 0.", remedy: "Give it the number of columns.", line: loop.line) }
        let outer = frame.scoped[head.variable]
        let outerShown = program.tableSlot.map { frame.scoped[$0] }
        defer {
            frame.scoped[head.variable] = outer
            if let slot = program.tableSlot, let outerShown { frame.scoped[slot] = outerShown }
        }
        let shown = program.tableSlot.map { _ in arena.keep(Loop(name: head.name, length: count, columns: columns)) }
        out.append(Text("<tr class=\"row1\">\n"))
        for index in 0..<count {
            try spend(1)
            frame.scoped[head.variable] = items.element(index, &arena)
            if let shown, let slot = program.tableSlot { frame.scoped[slot] = .loop(shown) }
            out.append(Text("<td class=\"col"))
            Escaping.digits(index % columns + 1, into: &out)
            out.append(Text("\">"))
            let signal = try render(loop.body)
            out.append(Text("</td>"))
            shown?.value.index = index + 1
            if signal == .leave { break }
            if index % columns == columns - 1, index < count - 1 {
                out.append(Text("</tr>\n<tr class=\"row"))
                Escaping.digits(index / columns + 2, into: &out)
                out.append(Text("\">"))
            }
        }
        out.append(Text("</tr>\n"))
        return .none
    }
}
