// How each kind of test prints itself, and what of it counts for its size.

extension TraitTest: ConditionForms {
    func print(to printer: inout TextPrinter) {
        printer.name(path)
        printer.put(" ")
        printer.test(test)
    }

    var filters: [PropertyFilter] { test.elementFilters }
    var valueCount: Int { test.valueCount }
}

extension RelationTest: ConditionForms {
    func print(to printer: inout TextPrinter) {
        printer.put("trait ")
        printer.name(left)
        printer.put(" \(comparison.rawValue) trait ")
        printer.name(right)
    }

    var filters: [PropertyFilter] { [] }
    var valueCount: Int { 0 }
}

extension SegmentTest: ConditionForms {
    func print(to printer: inout TextPrinter) {
        printer.put(on == nil ? "in segment " : "was in segment ")
        printer.text(segment)
        if let on { printer.put(" on \(on.dateOrTime)") }
    }

    var filters: [PropertyFilter] { [] }
    var valueCount: Int { 0 }
}

extension ListTest: ConditionForms {
    func print(to printer: inout TextPrinter) {
        printer.put("in list ")
        printer.text(list)
    }

    var filters: [PropertyFilter] { [] }
    var valueCount: Int { 0 }
}

extension BucketTest: ConditionForms {
    func print(to printer: inout TextPrinter) {
        printer.put("bucket(")
        printer.text(salt)
        printer.put(") from \(lower) to \(upper - 1)")
    }

    var filters: [PropertyFilter] { [] }
    var valueCount: Int { 0 }
}

extension ComputedTest: ConditionForms {
    func print(to printer: inout TextPrinter) {
        printer.put(ComputedTest.prefix + trait + " ")
        printer.test(test)
    }

    var filters: [PropertyFilter] { test.elementFilters }
    var valueCount: Int { test.valueCount }
}

extension EventTest: ConditionForms {
    func print(to printer: inout TextPrinter) { printer.event(self) }

    var filters: [PropertyFilter] {
        var filters = (pattern.filter.map { [$0] } ?? []) + test.elementFilters
        if case .share(let filter) = measure { filters.append(filter) }
        return filters
    }

    var valueCount: Int { pattern.names.count + test.valueCount }
}

extension SequenceTest: ConditionForms {
    func print(to printer: inout TextPrinter) { printer.sequence(self) }

    var filters: [PropertyFilter] { ([first] + rest.map(\.pattern)).compactMap(\.filter) }
    var valueCount: Int { rest.reduce(first.names.count + same.count) { $0 + $1.pattern.names.count } }
}
