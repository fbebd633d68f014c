import Segments
import Vocabulary

/// A condition as the editor's rows; nil where rows would show less than it says.
///
/// Each row keeps the text of its part, so that what is not touched is written back as it was.
struct SegmentRowReading: Sendable {
    static let rowsMaximum = 12

    struct Row: Sendable {
        let text: String
        /// Values of the row's fields by their names.
        let fields: [(name: String, value: String)]
    }

    let join: String
    let rows: [Row]

    init?(_ condition: Condition) {
        let parts: [Condition]
        switch condition {
        case .all(let all): (join, parts) = ("and", all)
        case .any(let any): (join, parts) = ("or", any)
        default: (join, parts) = ("and", [condition])
        }
        let rows = parts.compactMap(SegmentRowReading.row)
        guard rows.count == parts.count, !rows.isEmpty, rows.count <= SegmentRowReading.rowsMaximum else { return nil }
        self.rows = rows
    }

    func write(to w: inout JSONWriter) {
        w.array { w in
            for row in rows {
                w.object { w in
                    w.member("text", row.text)
                    for field in row.fields { w.member(field.name, field.value) }
                }
            }
        }
    }

    /// One member too many is a row too little said, so each kind lists all of its members.
    private static func row(_ condition: Condition) -> Row? {
        switch condition {
        case .test(let test as ListTest): return Row(text: condition.text, fields: [("kind", "list"), ("listed", test.list)])
        case .not(.test(let test as ListTest)): return Row(text: condition.text, fields: [("kind", "unlisted"), ("listed", test.list)])
        case .test: break
        default: return nil
        }
        let json = condition.json
        let names = json.members.map(\.key)
        let fields = trait(json, names) ?? event(json, names) ?? member(json, names) ?? contextual(json, names) ?? sessions(json, names) ?? changed(json, names) ?? top(json, names)
        return fields.map { Row(text: condition.text, fields: $0) }
    }

    private static let signs = ["eq": "=", "neq": "!=", "gt": ">", "gte": ">=", "lt": "<", "lte": "<="]

    private static func trait(_ json: JSONText, _ names: [String]) -> [(String, String)]? {
        if names.count == 3, let trait = json["trait"]?.string, let text = json["contains"]?.string, json["ignoreAccents"]?.boolean == true {
            return [("kind", "trait"), ("trait", trait), ("test", "like"), ("value", text)]
        }
        guard names.count == 2, let trait = json["trait"]?.string, let test = names.first(where: { $0 != "trait" }), let value = json[test] else { return nil }
        let base = [("kind", "trait"), ("trait", trait)]
        switch test {
        case "exists" where value.boolean == true: return base + [("test", "exists")]
        case "missing" where value.boolean == true: return base + [("test", "is missing")]
        case "gte", "lt":
            if let version = value["version"]?.string { return base + [("test", test == "lt" ? "< version" : ">= version"), ("value", version)] }
            return signs[test].flatMap { sign in shown(value).map { base + [("test", sign), ("value", $0)] } }
        case "contains": return value.string.map { base + [("test", "contains"), ("value", $0)] }
        default: return signs[test].flatMap { sign in shown(value).map { base + [("test", sign), ("value", $0)] } }
        }
    }

    /// As the script reads a value: bare where it is a number, true or false, between quotes where a text looks like one.
    private static func shown(_ value: JSONText) -> String? {
        guard let text = value.string else { return value.isObject || value.isArray || value.isNull ? nil : value.text }
        let isAmbiguous = text.isEmpty || text == "true" || text == "false" || text.hasPrefix("\"") || text.first.map { "-0123456789".contains($0) } ?? false
        return isAmbiguous ? "\"\(text)\"" : text
    }

    private static func event(_ json: JSONText, _ names: [String]) -> [(String, String)]? {
        guard let event = json["event"]?.string, event != "*", let days = days(json["last"]) else { return nil }
        let base = [("event", event), ("days", days)]
        let others = Set(names).subtracting(["event", "last"])
        if others == ["count"], let test = json["count"], let only = test.members.first, test.members.count == 1, let count = only.value.integer {
            if only.key == "gte", count > 0 { return base + [("kind", "did"), ("times", String(count))] }
            return only.key == "eq" && count == 0 ? base + [("kind", "not")] : nil
        }
        guard others.count == 2, let property = json["sum"]?.string, let test = others.first(where: { $0 != "sum" }), let sign = signs[test], let value = json[test], !value.isString,
            !value.isObject
        else { return nil }
        return base + [("kind", "sum"), ("property", property), ("test", sign), ("value", value.text)]
    }

    /// Of a window as rows write it; empty for ever, nil where rows cannot say it.
    private static func days(_ last: JSONText?) -> String? {
        guard let last else { return "" }
        guard let text = last.string, text.hasSuffix("d"), let count = Int(text.dropLast()) else { return nil }
        return String(count)
    }

    private static func sessions(_ json: JSONText, _ names: [String]) -> [(String, String)]? {
        guard json["event"]?["sessions"]?.string == "30min", Set(names).subtracting(["event", "last"]) == ["count"], let test = json["count"], test.members.count == 1,
            let count = test["gte"]?.integer, count > 0, let days = days(json["last"])
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

    private static func member(_ json: JSONText, _ names: [String]) -> [(String, String)]? {
        guard names == ["member"], let pattern = json["member"].flatMap(membership) else { return nil }
        return [("kind", "member"), ("account", pattern.account), ("role", pattern.role)]
    }

    private static func contextual(_ json: JSONText, _ names: [String]) -> [(String, String)]? {
        guard let event = json["event"]?.string, event != "*", Set(names).subtracting(["event", "last", "where"]) == ["count"], let filter = json["where"], filter.members.map(\.key) == ["member"],
            let pattern = filter["member"].flatMap(membership), pattern.role.isEmpty, let test = json["count"], test.members.count == 1, let count = test["gte"]?.integer, count > 0,
            let days = days(json["last"])
        else { return nil }
        return [("kind", "as"), ("event", event), ("account", pattern.account), ("times", String(count)), ("days", days)]
    }

    private static func changed(_ json: JSONText, _ names: [String]) -> [(String, String)]? {
        guard names.count == 3, let trait = json["statement"]?.string, json["fact"]?.string == "changed", let last = json["withinLast"], let days = days(last) else { return nil }
        return [("kind", "changed"), ("trait", trait), ("days", days)]
    }

    private static func top(_ json: JSONText, _ names: [String]) -> [(String, String)]? {
        guard json["rank"]?.string == "top", let percent = json["percent"]?.integer, let of = json["of"], let event = of["event"]?.string, event != "*", let property = of["sum"]?.string,
            Set(of.members.map(\.key)).isSubset(of: ["event", "last", "sum"]), let days = days(of["last"])
        else { return nil }
        return [("kind", "top"), ("event", event), ("property", property), ("days", days), ("percent", String(percent))]
    }
}
