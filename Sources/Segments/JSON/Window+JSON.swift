import Vocabulary

extension Window {
    /// Writes `last`, or `from` and `to`; nothing for ever.
    func write(to json: inout JSONWriter) {
        if case .ago(let period)? = from, to == nil { return json.member("last", period.short) }
        if let from {
            json.key("from")
            from.write(to: &json)
        }
        if let to {
            json.key("to")
            to.write(to: &json)
        }
    }

    /// Takes the members of a window out of an object.
    static func read(_ object: inout JSONObject) throws(ConditionError) -> Window {
        let last = try object.take("last")
        let from = try object.take("from")
        let to = try object.take("to")
        if let last {
            if let other = from ?? to { throw other.fault("two-windows", "`last` says already when.", "Keep `last`, or write both `from` and `to`.") }
            let window = Window.last(try last.period())
            try last.check(window.fault)
            return window
        }
        let window = Window(from: try WindowBound.read(from), to: try WindowBound.read(to))
        try (from ?? object.place).check(window.fault)
        return window
    }
}

extension WindowBound {
    /// `-30d` is so long ago, a date a fixed instant, `{"startOf": "month", "plus": -1}` the calendar's.
    func write(to json: inout JSONWriter) {
        switch self {
        case .ago(let period): json.string("-" + period.short)
        case .instant(let time): json.string(time.dateOrTime)
        case .start(let unit, let count):
            json.object { json in
                json.member("startOf", unit.rawValue)
                if count != 0 { json.member("plus", count) }
            }
        }
    }

    static func read(_ value: JSONValue?) throws(ConditionError) -> WindowBound? {
        guard let value else { return nil }
        return try WindowBound(value)
    }

    private init(_ value: JSONValue) throws(ConditionError) {
        if value.json.isObject {
            var object = try value.object("a bound")
            let name = try object.require("startOf")
            guard let unit = Period.Unit(rawValue: try name.string("a unit")) else {
                throw name.fault("unknown-unit", "This is no unit of time.", "Units are day, week, month, quarter and year.")
            }
            let count = try object.take("plus")?.integer(-1_000_000...1_000_000, "a whole number") ?? 0
            try object.finish()
            self = .start(unit, count)
        } else {
            let text = try value.string("a bound, such as \"-30d\", \"2026-05-31\" or {\"startOf\": \"month\"},")
            if text.first == "-" {
                guard let period = Period(short: text.dropFirst()) else {
                    throw value.fault("unknown-unit", "This is no period.", "Write a number and a unit, as \"-30d\"; units are s, min, h, d, w, mo, q and y.")
                }
                self = .ago(period)
            } else {
                self = .instant(try Literal.time(value, text))
            }
        }
        try value.check(fault)
    }
}
