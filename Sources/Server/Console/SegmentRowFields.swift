import Segments
import Vocabulary

/// One test as the fields of an editor's row; the script writes the same text of them.
///
/// One member too many is a row too little said, so each kind lists all of its members.
enum SegmentRowFields {
    typealias Fields = [(name: String, value: String)]

    /// Nil where fields would show less than the test says.
    static func read(_ condition: Condition) -> Fields? {
        switch condition {
        case .test(let test as ListTest): return [("kind", "list"), ("listed", test.list)]
        case .not(.test(let test as ListTest)): return [("kind", "unlisted"), ("listed", test.list)]
        case .test(let test as SegmentTest): return test.on == nil ? [("kind", "within"), ("segment", test.segment)] : nil
        case .not(.test(let test as SegmentTest)): return test.on == nil ? [("kind", "outside"), ("segment", test.segment)] : nil
        case .test: break
        default: return nil
        }
        let json = condition.json
        return trait(json) ?? event(json) ?? member(json) ?? contextual(json) ?? sessions(json) ?? changed(json) ?? top(json)
    }

    private static let signs = ["eq": "=", "neq": "!=", "gt": ">", "gte": ">=", "lt": "<", "lte": "<="]
    private static let measures: Set = ["sum", "average", "minimum", "maximum", "distinct", "mostFrequent"]

    private static func trait(_ json: JSONText) -> Fields? {
        compared(json, by: "trait").map { [("kind", "trait"), ("trait", $0.name), ("test", $0.test), ("value", $0.value)] }
    }

    /// A comparison of a named value with what it is compared with, and nothing else.
    private static func compared(_ json: JSONText, by key: String) -> (name: String, test: String, value: String)? {
        let names = json.members.map(\.key)
        guard let name = json[key]?.string else { return nil }
        if names.count == 3, let text = json["contains"]?.string, json["ignoreAccents"]?.boolean == true { return (name, "like", text) }
        guard names.count == 2, let test = names.first(where: { $0 != key }), let value = json[test] else { return nil }
        switch test {
        case "exists" where value.boolean == true: return (name, "exists", "")
        case "missing" where value.boolean == true: return (name, "is missing", "")
        case "gte", "lt":
            if let version = value["version"]?.string { return (name, test == "lt" ? "< version" : ">= version", version) }
            return shown(value, isOrder: true).map { (name, signs[test] ?? test, $0) }
        case "contains": return value.string.map { (name, "contains", $0) }
        case "in", "notIn": return listed(value).map { (name, test == "in" ? "in" : "not in", $0) }
        default: return signs[test].flatMap { sign in shown(value, isOrder: sign != "=" && sign != "!=").map { (name, sign, $0) } }
        }
    }

    /// As the script reads a value: bare where it is a number, true, false, or a day that something is before or after; between quotes where a text looks like one.
    private static func shown(_ value: JSONText, isOrder: Bool = false) -> String? {
        guard let text = value.string else { return value.isObject || value.isArray || value.isNull ? nil : value.text }
        if isOrder, isDay(text) { return text }
        let isAmbiguous = text.isEmpty || text == "true" || text == "false" || text.hasPrefix("\"") || text.first.map { "-0123456789".contains($0) } ?? false
        return isAmbiguous ? "\"\(text)\"" : text
    }

    private static func isDay(_ text: String) -> Bool {
        text.utf8.count == 10 && text.utf8.enumerated().allSatisfy { $0.offset == 4 || $0.offset == 7 ? $0.element == UInt8(ascii: "-") : (0x30...0x39).contains($0.element) }
    }

    /// Values with commas between them; nil where one has a comma itself, or blanks around it.
    private static func listed(_ value: JSONText) -> String? {
        let texts = value.elements.compactMap { shown($0) }
        guard !texts.isEmpty, texts.count == value.elements.count, texts.allSatisfy({ !$0.contains(",") && $0 == $0.trimmed }) else { return nil }
        return texts.joined(separator: ", ")
    }

    private static func event(_ json: JSONText) -> Fields? {
        let names = json.members.map(\.key)
        guard var base = pattern(json) else { return nil }
        let others = Set(names).subtracting(["event", "where", "last"])
        if others == ["count"], let test = json["count"], let only = test.members.first, test.members.count == 1, let count = only.value.integer {
            if only.key == "gte", count > 0 { return [("kind", "did")] + base + [("times", String(count))] }
            return only.key == "eq" && count == 0 ? [("kind", "not")] + base : nil
        }
        guard others.count == 2, let measure = others.first(where: measures.contains), let property = json[measure]?.string,
            let test = others.first(where: { $0 != measure }), let sign = signs[test], let value = json[test], let text = shown(value)
        else { return nil }
        // Only the most frequent value is anything but a number.
        guard (measure == "mostFrequent") == (test == "eq" && value.string != nil) else { return nil }
        base.insert(("kind", "measure"), at: 0)
        return base + [("measure", measure == "mostFrequent" ? "most frequent" : measure), ("property", property), ("test", sign), ("value", text)]
    }

    /// Which events: their name, one comparison of theirs if any, and the days looked back.
    private static func pattern(_ json: JSONText) -> Fields? {
        guard let event = json["event"]?.string, event != "*", let days = days(json["last"]) else { return nil }
        let base = [("event", event), ("days", days)]
        guard let filter = json["where"] else { return base }
        return compared(filter, by: "property").map { base + [("filter", $0.name), ("filter-test", $0.test), ("filter-value", $0.value)] }
    }

    /// Of a window as rows write it; empty for ever, nil where rows cannot say it.
    private static func days(_ last: JSONText?) -> String? {
        guard let last else { return "" }
        guard let text = last.string, text.hasSuffix("d"), let count = Int(text.dropLast()) else { return nil }
        return String(count)
    }

    private static func sessions(_ json: JSONText) -> Fields? {
        guard json["event"]?["sessions"]?.string == "30min", json["event"]?.members.count == 1, Set(json.members.map(\.key)).subtracting(["event", "last"]) == ["count"],
            let test = json["count"], test.members.count == 1, let count = test["gte"]?.integer, count > 0, let days = days(json["last"])
        else { return nil }
        return [("kind", "sessions"), ("times", String(count)), ("days", days)]
    }

    /// One account or any, and one role or any, as rows say it; nil where they cannot.
    private static func membership(_ json: JSONText) -> (account: String, role: String)? {
        func one(_ name: String) -> String? {
            guard let values = json[name]?.elements else { return "" }
            return values.count == 1 ? values[0].string.flatMap { $0.isEmpty ? nil : $0 } : nil
        }
        guard Set(json.members.map(\.key)).isSubset(of: ["account", "role"]), let account = one("account"), let role = one("role") else { return nil }
        return (account, role)
    }

    private static func member(_ json: JSONText) -> Fields? {
        guard json.members.map(\.key) == ["member"], let pattern = json["member"].flatMap(membership) else { return nil }
        return [("kind", "member"), ("account", pattern.account), ("role", pattern.role)]
    }

    private static func contextual(_ json: JSONText) -> Fields? {
        guard let event = json["event"]?.string, event != "*", Set(json.members.map(\.key)).subtracting(["event", "last", "where"]) == ["count"], let filter = json["where"],
            filter.members.map(\.key) == ["member"], let pattern = filter["member"].flatMap(membership), pattern.role.isEmpty, let test = json["count"], test.members.count == 1,
            let count = test["gte"]?.integer, count > 0, let days = days(json["last"])
        else { return nil }
        return [("kind", "as"), ("event", event), ("account", pattern.account), ("times", String(count)), ("days", days)]
    }

    private static func changed(_ json: JSONText) -> Fields? {
        guard json.members.count == 3, let trait = json["statement"]?.string, json["fact"]?.string == "changed", let last = json["withinLast"], let days = days(last) else { return nil }
        return [("kind", "changed"), ("trait", trait), ("days", days)]
    }

    private static func top(_ json: JSONText) -> Fields? {
        guard json["rank"]?.string == "top", let percent = json["percent"]?.integer, let of = json["of"], let property = of["sum"]?.string,
            Set(of.members.map(\.key)).isSubset(of: ["event", "where", "last", "sum"]), let pattern = pattern(of)
        else { return nil }
        return [("kind", "top")] + pattern + [("property", property), ("percent", String(percent))]
    }
}
