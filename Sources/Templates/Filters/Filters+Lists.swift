extension Filters {
    static let lists: [String: Filter] = [
        "join": Filter(0...1) { (renderer, value, arguments) throws(TemplateError) in
            let elements = try elements(&renderer, value)
            let glue = arguments.first?.text ?? " "
            try renderer.spend(elements.count &* (glue.utf8.count + 16) >> 6)
            var out: [UInt8] = []
            for (index, element) in elements.enumerated() {
                if index > 0 { out.append(contentsOf: glue.utf8) }
                if case .integer(let number) = element { Escaping.digits(number, into: &out) } else { out.append(contentsOf: element.text.utf8) }
                if out.count > renderer.limits.outputBytes { throw .limit("a text grows longer than \(renderer.limits.outputBytes) bytes") }
            }
            return try renderer.made(String(decoding: out, as: UTF8.self))
        },
        "first": Filter(0) { _, value, _ in value.isText ? value.member("first") : value.end("first") },
        "last": Filter(0) { _, value, _ in value.isText ? value.member("last") : value.end("last") },
        "size": Filter(0) { _, value, _ in
            switch value {
            case .list(let values): .integer(values.count)
            case .record(let record): .integer(record.count)
            case .text, .markup, .range: value.member("size")
            default: .integer(0)
            }
        },
        "reverse": Filter(0) { (renderer, value, _) throws(TemplateError) in .list(try elements(&renderer, value).reversed()) },
        "compact": Filter(0...1) { (renderer, value, arguments) throws(TemplateError) in
            let key = arguments.first ?? .null
            var kept: [Value] = []
            for element in try elements(&renderer, value) where !(key.isNull ? element : try property(key, of: element, "compact")).isNull { kept.append(element) }
            return .list(kept)
        },
        "concat": Filter(1) { (renderer, value, arguments) throws(TemplateError) in
            guard case .list(let more) = arguments[0] else { throw .argument("concat", "needs a list and got \(arguments[0].kindName)") }
            let all = try elements(&renderer, value) + more
            try renderer.spend(all.count)
            return .list(all)
        },
        "map": Filter(1) { (renderer, value, arguments) throws(TemplateError) in
            .list(try elements(&renderer, value).map { element throws(TemplateError) in try property(arguments[0], of: element, "map") })
        },
        "sort": Filter(0...1) { (renderer, value, arguments) throws(TemplateError) in
            let elements = try elements(&renderer, value)
            let key = arguments.first ?? .null
            let keys = key.isNull ? elements : try elements.map { element throws(TemplateError) in try property(key, of: element, "sort") }
            try renderer.spend(elements.count &* 16)
            let places = try ordered(keys)
            return .list(places.map { elements[$0] })
        },
        "sort_natural": Filter(0...1) { (renderer, value, arguments) throws(TemplateError) in
            let elements = try elements(&renderer, value)
            let key = arguments.first ?? .null
            let keys = key.isNull ? elements : try elements.map { element throws(TemplateError) in try property(key, of: element, "sort_natural") }
            try renderer.spend(elements.count &* 16)
            let texts = keys.map { $0.isNull ? nil : $0.text }
            // `sorted` keeps the order of what is equal only when it is told.
            let places = elements.indices.sorted { a, b in
                guard let x = texts[a], let y = texts[b] else { return texts[a] != nil && texts[b] == nil || (texts[a] == nil) == (texts[b] == nil) && a < b }
                return Ascii.precedesIgnoringCase(x, y) || !Ascii.precedesIgnoringCase(y, x) && a < b
            }
            return .list(places.map { elements[$0] })
        },
        "uniq": Filter(0...1) { (renderer, value, arguments) throws(TemplateError) in
            let key = arguments.first ?? .null
            var (seen, kept): (Set<String>, [Value]) = ([], [])
            for element in try elements(&renderer, value) {
                let part = key.isNull ? element : try property(key, of: element, "uniq")
                if seen.insert(part.fingerprint).inserted { kept.append(element) }
            }
            return .list(kept)
        },
        "sum": Filter(0...1) { (renderer, value, arguments) throws(TemplateError) in
            let key = arguments.first ?? .null
            return sum(try elements(&renderer, value).map { element throws(TemplateError) in Number(key.isNull ? element : try property(key, of: element, "sum")) })
        },
        "where": Filter(1...2) { (renderer, value, arguments) throws(TemplateError) in
            guard let (elements, fits) = try chosen(&renderer, value, arguments, "where") else { return .null }
            return .list(elements.enumerated().filter { fits[$0.offset] }.map(\.element))
        },
        "reject": Filter(1...2) { (renderer, value, arguments) throws(TemplateError) in
            guard let (elements, fits) = try chosen(&renderer, value, arguments, "reject") else { return .null }
            return .list(elements.enumerated().filter { !fits[$0.offset] }.map(\.element))
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
    private static func elements(_ renderer: inout Renderer, _ value: Value) throws(TemplateError) -> [Value] {
        switch value {
        case .list(let values):
            try renderer.spend(values.count)
            guard values.contains(where: { if case .list = $0 { true } else { false } }) else { return values }
            var flat: [Value] = []
            for value in values { if case .list = value { flat += try elements(&renderer, value) } else { flat.append(value) } }
            return flat
        case .range(let first, let last):
            let count = Value.count(first, last)
            try renderer.spend(count)
            return (0..<count).map { .integer(first + $0) }
        case .null, .empty, .blank: return []
        default: return [value]
        }
    }

    /// `element[key]` as Ruby has it: of a text, whether it contains the key; nothing of nothing; an error for numbers.
    private static func property(_ key: Value, of element: Value, _ filter: String) throws(TemplateError) -> Value {
        switch (element, key) {
        case (.record(let record), .text(let key)), (.record(let record), .markup(let key)): return record[key] ?? .null
        case (.record, _): return .null
        case (.text(let text), .text(let part)), (.markup(let text), .text(let part)): return Value.text(text).contains(.text(part)) ? .text(part) : .null
        case (.text, .integer): return .text(String(element.text.unicodeScalars.dropFirst(max(0, key.leadingInteger)).prefix(1)))
        // A whole number answers for its bits, each of which counts as there.
        case (.integer, .integer): return .integer(element.leadingInteger >> min(63, max(0, key.leadingInteger)) & 1)
        case (.integer, _), (.text, _), (.markup, _), (.list, _), (.huge, _): throw .argument(filter, "cannot read a property of \(element.kindName)")
        default: return .null
        }
    }

    /// The elements, and which of them have the property, or the value where one is given; nil where one of them cannot have properties at all.
    private static func chosen(_ renderer: inout Renderer, _ value: Value, _ arguments: [Value], _ filter: String) throws(TemplateError) -> (elements: [Value], fits: [Bool])? {
        let elements = try self.elements(&renderer, value)
        let wanted = arguments.count > 1 ? arguments[1] : .null
        var fits: [Bool] = []
        for element in elements {
            switch element {
            case .null, .boolean, .decimal: return nil
            default: break
            }
            if case .null = arguments[0], case .text = element { return filter == "reject" || filter == "where" ? ([], []) : nil }
            let found = try property(arguments[0], of: element, filter)
            fits.append(wanted.isNull ? found.isTruthy : Value.areEqual(found, wanted))
        }
        return (elements, fits)
    }

    /// The places of values in their order, those without a value last.
    private static func ordered(_ keys: [Value]) throws(TemplateError) -> [Int] {
        let present = keys.indices.filter { !keys[$0].isNull }
        for (a, b) in zip(present, present.dropFirst()) where Value.precedes(keys[a], keys[b]) == nil {
            throw .argument("sort", "cannot order \(keys[a].kindName) and \(keys[b].kindName)")
        }
        // Neighbours that can be compared are of one kind, so that all can.
        let sorted = present.sorted { a, b in
            if Value.precedes(keys[a], keys[b]) == true { return true }
            return Value.precedes(keys[b], keys[a]) == false && a < b
        }
        return sorted + keys.indices.filter { keys[$0].isNull }
    }
}

extension Value {
    var isText: Bool {
        switch self {
        case .text, .markup: true
        default: false
        }
    }

    /// The first or last element of what has elements; an object has a first one only.
    func end(_ which: String) -> Value {
        switch self {
        case .list, .range: member(which)
        case .record(let record): which == "first" && record.count > 0 ? record.pair(0) : .null
        default: .null
        }
    }

    /// Different for values that differ; 1, 1.0 and "1" differ.
    var fingerprint: String {
        switch self {
        case .text(let text), .markup(let text): "t" + text
        case .list(let values): "l" + values.map { let part = $0.fingerprint; return "\(part.utf8.count):\(part)" }.joined()
        case .record(let record):
            "r" + zip(record.keys, record.values).map { let part = $1.fingerprint; return "\($0.utf8.count):\($0)\(part.utf8.count):\(part)" }.joined()
        default: "\(kindName)\(text)"
        }
    }
}
