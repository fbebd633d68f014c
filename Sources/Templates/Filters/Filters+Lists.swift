extension Filters {
    static let lists: [String: Filter] = [
        "join": Filter(0...1) { (renderer, value, arguments) throws(TemplateError) in
            let elements = try elements(&renderer, value)
            let glue = arguments.isEmpty ? nil : try renderer.printed(arguments[0])
            try renderer.spend(elements.count &* ((glue?.count ?? 1) + 16) >> 6)
            let limit = renderer.limits.outputBytes
            return try renderer.made { out throws(TemplateError) in
                for index in 0..<elements.count {
                    if index > 0 { if let glue { out.append(glue) } else { out.append(0x20) } }
                    elements[index].print(into: &out)
                    if out.count > limit { throw .limit("a text grows longer than \(limit) bytes") }
                }
            }
        },
        "first": Filter(0) { renderer, value, _ in
            if case .record(let record) = value { return record.value.count > 0 ? record.value.pair(0, &renderer.arena) : .null }
            return value.part(.first)
        },
        "last": Filter(0) { _, value, _ in value.part(.last) },
        "size": Filter(0) { _, value, _ in
            switch value {
            case .record(let record): .integer(record.value.count)
            case .list, .text, .markup, .range: value.part(.size)
            default: .integer(0)
            }
        },
        "reverse": Filter(0) { (renderer, value, _) throws(TemplateError) in 
            .list(renderer.arena.keep(try elements(&renderer, value).reversed()))
        },
        "compact": Filter(0...1) { (renderer, value, arguments) throws(TemplateError) in
            let key = arguments.first ?? .null
            let (elements, property) = (try elements(&renderer, value), Property(key, "compact"))
            return .list(try renderer.arena.make(upTo: elements.count) { out throws(TemplateError) in
                for element in elements where !(key.isNull ? element : try property.value(of: element)).isNull { out.append(element) }
            })
        },
        "concat": Filter(1) { (renderer, value, arguments) throws(TemplateError) in
            guard case .list(let more) = arguments[0] else { throw .argument("concat", "needs a list and got \(arguments[0].kindName)") }
            let all = Array(try elements(&renderer, value)) + more
            try renderer.spend(all.count)
            return .list(renderer.arena.keep(all))
        },
        "map": Filter(1) { (renderer, value, arguments) throws(TemplateError) in
            let (elements, property) = (try elements(&renderer, value), Property(arguments[0], "map"))
            return .list(try renderer.arena.make(upTo: elements.count) { out throws(TemplateError) in
                for index in 0..<elements.count { out.append(try property.value(of: elements[index])) }
            })
        },
        "sort": Filter(0...1) { (renderer, value, arguments) throws(TemplateError) in
            let elements = try elements(&renderer, value)
            let key = arguments.first ?? .null
            let keys = try keys(key, of: elements, "sort")
            try renderer.spend(elements.count &* 16)
            let places = try ordered(keys)
            return .list(renderer.arena.keep(places.map { elements[$0] }))
        },
        "sort_natural": Filter(0...1) { (renderer, value, arguments) throws(TemplateError) in
            let elements = try elements(&renderer, value)
            let key = arguments.first ?? .null
            let keys = try keys(key, of: elements, "sort_natural")
            try renderer.spend(elements.count &* 16)
            var texts: [Text?] = []
            for key in keys { texts.append(key.isNull ? nil : try renderer.printed(key)) }
            // `sorted` keeps the order of what is equal only when it is told.
            let places = elements.indices.sorted { a, b in
                guard let x = texts[a], let y = texts[b] else { return texts[a] != nil && texts[b] == nil || (texts[a] == nil) == (texts[b] == nil) && a < b }
                return Ascii.precedesIgnoringCase(x, y) || !Ascii.precedesIgnoringCase(y, x) && a < b
            }
            return .list(renderer.arena.keep(places.map { elements[$0] }))
        },
        "uniq": Filter(0...1) { (renderer, value, arguments) throws(TemplateError) in
            let key = arguments.first ?? .null
            let property = Property(key, "uniq")
            var (seen, kept): (Set<[UInt8]>, [Cell]) = ([], [])
            for element in try elements(&renderer, value) {
                let part = key.isNull ? element : try property.value(of: element)
                if seen.insert(part.fingerprint).inserted { kept.append(element) }
            }
            return .list(renderer.arena.keep(kept))
        },
        "sum": Filter(0...1) { (renderer, value, arguments) throws(TemplateError) in
            let key = arguments.first ?? .null
            return sum(&renderer, try keys(key, of: try elements(&renderer, value), "sum"))
        },
        "where": Filter(1...2) { (renderer, value, arguments) throws(TemplateError) in
            guard let (elements, fits) = try chosen(&renderer, value, arguments, "where") else { return .null }
            return .list(renderer.arena.make(upTo: elements.count) { for index in 0..<elements.count where fits[index] { $0.append(elements[index]) } })
        },
        "reject": Filter(1...2) { (renderer, value, arguments) throws(TemplateError) in
            guard let (elements, fits) = try chosen(&renderer, value, arguments, "reject") else { return .null }
            return .list(renderer.arena.make(upTo: elements.count) { for index in 0..<elements.count where !fits[index] { $0.append(elements[index]) } })
        },
        "has": Filter(1...2) { (renderer, value, arguments) throws(TemplateError) in
            guard let (_, fits) = try chosen(&renderer, value, arguments, "has") else { return .null }
            return .boolean(fits.contains(true))
        },
        "find": Filter(1...2) { (renderer, value, arguments) throws(TemplateError) in
            guard let (elements, fits) = try chosen(&renderer, value, arguments, "find"), let place = fits.firstIndex(of: true) else { return .null }
            return elements[place]
        },
        "find_index": Filter(1...2) { (renderer, value, arguments) throws(TemplateError) in
            try chosen(&renderer, value, arguments, "find_index").flatMap { $0.fits.firstIndex(of: true) }.map { .integer($0) } ?? .null
        },
    ]

    /// What a filter of lists goes through: a list without its inner lists, a range's numbers, any other value alone.
    private static func elements(_ renderer: inout Renderer, _ value: Cell) throws(TemplateError) -> View<Cell> {
        switch value {
        case .list(let values):
            try renderer.spend(values.count)
            guard values.contains(where: { if case .list = $0 { true } else { false } }) else { return values }
            var flat: [Cell] = []
            for value in values { if case .list = value { flat += try elements(&renderer, value) } else { flat.append(value) } }
            return renderer.arena.keep(flat)
        case .range(let first, let last):
            let count = Cell.count(first, last)
            try renderer.spend(count)
            return renderer.arena.make(upTo: count) { for offset in 0..<count { $0.append(.integer(first + offset)) } }
        case .null, .empty, .blank: return View()
        default: return renderer.arena.keep([value])
        }
    }

    /// What the elements are ordered or added by: themselves where no key is given.
    private static func keys(_ key: Cell, of elements: View<Cell>, _ filter: String) throws(TemplateError) -> [Cell] {
        if key.isNull { return Array(elements) }
        var keys: [Cell] = []
        keys.reserveCapacity(elements.count)
        let property = Property(key, filter)
        for element in elements { keys.append(try property.value(of: element)) }
        return keys
    }

    /// The elements, and which of them have the property, or the value where one is given; nil where one of them cannot have properties at all.
    private static func chosen(_ renderer: inout Renderer, _ value: Cell, _ arguments: View<Cell>, _ filter: String) throws(TemplateError) -> (elements: View<Cell>, fits: [Bool])? {
        let elements = try self.elements(&renderer, value)
        let property = Property(arguments[0], filter)
        let wanted = arguments.count > 1 ? arguments[1] : .null
        var fits: [Bool] = []
        fits.reserveCapacity(elements.count)
        for element in elements {
            switch element {
            case .null, .boolean, .decimal: return nil
            default: break
            }
            if case .null = arguments[0], case .text = element { return filter == "reject" || filter == "where" ? (View(), []) : nil }
            let found = try property.value(of: element)
            fits.append(wanted.isNull ? found.isTruthy : Cell.areEqual(found, wanted))
        }
        return (elements, fits)
    }

    /// The places of values in their order, those without a value last.
    private static func ordered(_ keys: [Cell]) throws(TemplateError) -> [Int] {
        let present = keys.indices.filter { !keys[$0].isNull }
        for (a, b) in zip(present, present.dropFirst()) where Cell.precedes(keys[a], keys[b]) == nil {
            throw .argument("sort", "cannot order \(keys[a].kindName) and \(keys[b].kindName)")
        }
        // Neighbours that can be compared are of one kind, so that all can.
        let sorted = present.sorted { a, b in
            if Cell.precedes(keys[a], keys[b]) == true { return true }
            return Cell.precedes(keys[b], keys[a]) == false && a < b
        }
        return sorted + keys.indices.filter { keys[$0].isNull }
    }
}

/// What a filter asks of each element.
private struct Property {
    private let name: Cell
    /// Of a name that is a text: made once and not for each element.
    private let key: Key?
    private let filter: String

    init(_ name: Cell, _ filter: String) {
        (self.name, self.filter) = (name, filter)
        switch name {
        case .text(let text), .markup(let text): key = Key(text)
        default: key = nil
        }
    }

    /// `element[name]` as Ruby has it: of a text, whether it contains the name; nothing of nothing; an error for numbers.
    func value(of element: Cell) throws(TemplateError) -> Cell {
        switch (element, name) {
        case (.record(let record), _): return key.flatMap { record.value.find($0) } ?? .null
        case (.text(let text), .text(let part)), (.markup(let text), .text(let part)): return Cell.text(text).contains(.text(part)) ? .text(part) : .null
        case (.text(let text), .integer(let place)): return .text(text.dropped(scalars: place).prefix(scalars: 1))
        // A whole number answers for its bits, each of which counts as there.
        case (.integer(let number), .integer(let place)): return .integer(number >> min(63, max(0, place)) & 1)
        case (.integer, _), (.text, _), (.markup, _), (.list, _), (.huge, _): throw .argument(filter, "cannot read a property of \(element.kindName)")
        default: return .null
        }
    }
}

extension Cell {
    /// Different for values that differ; 1, 1.0 and "1" differ.
    var fingerprint: [UInt8] {
        var out = Output()
        addFingerprint(to: &out)
        return out.bytes
    }

    private func addFingerprint(to out: inout Output) {
        switch self {
        case .text(let text), .markup(let text):
            out.append(0x74)
            out.append(text)
        case .list(let values):
            out.append(0x6c)
            for value in values { Cell.add(value.fingerprint, to: &out) }
        case .record(let record):
            out.append(0x72)
            for member in record.value.list {
                Cell.add(Array(member.key.text), to: &out)
                Cell.add(member.value.fingerprint, to: &out)
            }
        default:
            out.append(kindName)
            print(into: &out)
        }
    }

    private static func add(_ part: [UInt8], to out: inout Output) {
        Escaping.digits(part.count, into: &out)
        out.append(0x3a)
        for byte in part { out.append(byte) }
    }
}
