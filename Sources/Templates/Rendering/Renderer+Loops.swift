/// What a loop goes through, without making a list of a range.
enum Items {
    case values(ArraySlice<Value>)
    case pairs(Record, Range<Int>)
    case numbers(first: Int, count: Int)

    /// The elements between two places; `limit` nil is all the rest.
    init(_ value: Value, from start: Int, limit: Int?) {
        func cut(_ count: Int) -> Range<Int> {
            let (end, isOver) = start.addingReportingOverflow(limit ?? count)
            let upper = limit == nil || isOver ? count : min(end, count)
            let lower = max(0, min(start, count))
            return lower..<max(lower, upper)
        }
        switch value {
        case .list(let values): self = .values(values[cut(values.count)])
        case .record(let record): self = .pairs(record, cut(record.count))
        case .range(let first, let last):
            let places = cut(Value.count(first, last))
            self = .numbers(first: first &+ places.lowerBound, count: places.count)
        // A text is one element, whatever limit there is.
        case .text(let text) where !text.isEmpty, .markup(let text) where !text.isEmpty: self = .values([value])
        default: self = .values([])
        }
    }

    var count: Int {
        switch self {
        case .values(let values): values.count
        case .pairs(_, let places): places.count
        case .numbers(_, let count): count
        }
    }

    subscript(index: Int) -> Value {
        switch self {
        case .values(let values): values[values.startIndex + index]
        case .pairs(let record, let places): record.pair(places.lowerBound + index)
        case .numbers(let first, _): .integer(first &+ index)
        }
    }
}

extension Renderer {
    private func places(of loop: ForLoop) throws(TemplateError) -> (start: Int, limit: Int?) {
        var start = 0
        if loop.continues { start = frame.offsets[loop.name] ?? 0 } else if let offset = loop.offset { start = try whole(value(offset), "offset", loop) ?? 0 }
        return (start, try loop.limit.flatMap { limit throws(TemplateError) in try whole(value(limit), "limit", loop) })
    }

    private func whole(_ value: Value, _ name: String, _ loop: ForLoop) throws(TemplateError) -> Int? {
        if value.isNull { return nil }
        if let number = value.wholeNumber { return number }
        // A table takes what a number begins with; a loop wants a whole one.
        if loop.columns != nil, !Number(value).isZero { return value.leadingInteger }
        throw TemplateError("argument", "`\(name)` is \(value.kindName) and not a whole number.", remedy: "Give it a whole number.", line: loop.line)
    }

    mutating func render(_ loop: ForLoop) throws(TemplateError) -> Signal {
        let (start, limit) = try places(of: loop)
        let items = Items(value(loop.collection), from: start, limit: limit)
        frame.offsets[loop.name] = start &+ items.count
        let count = items.count
        guard count > 0 else { return try loop.otherwise.map { block throws(TemplateError) in try render(block) } ?? .none }
        let outer = frame.scoped[loop.variable]
        let outerLoop = frame.loop
        let loopSlot = program.loopSlot
        let outerShown = loopSlot.map { frame.scoped[$0] }
        defer {
            frame.scoped[loop.variable] = outer
            frame.loop = outerLoop
            if let loopSlot, let outerShown { frame.scoped[loopSlot] = outerShown }
        }
        for index in 0..<count {
            try spend(1)
            frame.scoped[loop.variable] = items[loop.isReversed ? count - 1 - index : index]
            if let loopSlot {
                let shown = Loop(name: loop.name, length: count, index: index, parent: outerLoop)
                frame.loop = shown
                frame.scoped[loopSlot] = .loop(shown)
            }
            if try render(loop.body) == .leave { break }
        }
        return .none
    }

    mutating func table(_ loop: ForLoop) throws(TemplateError) -> Signal {
        let collection = value(loop.collection)
        if collection.isNull { return .none }
        let (start, limit) = try places(of: loop)
        let items = Items(collection, from: start, limit: limit)
        let count = items.count
        let columns = loop.columns.map { value($0) }.map { $0.isNull ? count : $0.leadingInteger } ?? count
        guard columns > 0 || count == 0 else { throw TemplateError("argument", "`cols` is not above 0.", remedy: "Give it the number of columns.", line: loop.line) }
        let outer = frame.scoped[loop.variable]
        let outerShown = program.tableSlot.map { frame.scoped[$0] }
        defer {
            frame.scoped[loop.variable] = outer
            if let slot = program.tableSlot, let outerShown { frame.scoped[slot] = outerShown }
        }
        append("<tr class=\"row1\">\n")
        for index in 0..<count {
            try spend(1)
            frame.scoped[loop.variable] = items[index]
            if let slot = program.tableSlot { frame.scoped[slot] = .loop(Loop(name: loop.name, length: count, index: index, columns: columns)) }
            append("<td class=\"col\(index % columns + 1)\">")
            let signal = try render(loop.body)
            append("</td>")
            if signal == .leave { break }
            if index % columns == columns - 1, index < count - 1 { append("</tr>\n<tr class=\"row\(index / columns + 2)\">") }
        }
        append("</tr>\n")
        return .none
    }
}
