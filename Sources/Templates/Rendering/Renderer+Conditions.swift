extension Renderer {
    mutating func passes(_ test: Test) throws(TemplateError) -> Bool {
        switch test {
        case .truth(let expression): return value(expression).isTruthy
        case .both(let parts): return try passes(parts.value.0) ? try passes(parts.value.1) : false
        case .either(let parts): return try passes(parts.value.0) ? true : try passes(parts.value.1)
        case .comparison(let compared):
            let (a, b) = (value(compared.value.left), value(compared.value.right))
            try spend(a.length + b.length)
            switch compared.value.comparison {
            case .equal: return Cell.areEqual(a, b)
            case .different: return !Cell.areEqual(a, b)
            case .contains: return a.contains(b)
            case .less: return try isLess(a, b) ?? false
            case .greater: return try isLess(b, a) ?? false
            case .atMost: return try isLess(b, a).map { !$0 } ?? false
            case .atLeast: return try isLess(a, b).map { !$0 } ?? false
            }
        }
    }

    /// Nil for values that know no order: they are in none. A number and a text are an error, as in Liquid.
    private func isLess(_ a: Cell, _ b: Cell) throws(TemplateError) -> Bool? {
        if case .integer(let x) = a, case .integer(let y) = b { return x < y }
        guard a.isOrdered, b.isOrdered else { return nil }
        guard let isLess = Cell.precedes(a, b) else {
            throw TemplateError("comparison", "\(a.kindName.capitalizedFirst) and \(b.kindName) cannot be compared.", remedy: "Make a number of the text with `plus: 0`.")
        }
        return isLess
    }
}

extension Cell {
    /// How much there is to read of it, in units of the budget.
    fileprivate var length: Int {
        switch self {
        case .text(let text), .markup(let text), .huge(let text): text.count >> 6
        case .list(let values): values.count
        case .record(let members): members.value.count
        default: 0
        }
    }
}
