import Vocabulary

extension EventPattern {
    /// Writes `event` (or another key) and `where`.
    func write(to json: inout JSONWriter, key: String = "event") {
        json.key(key)
        if names.count == 1 { names[0].write(to: &json) } else { json.array { json in for name in names { name.write(to: &json) } } }
        guard let filter else { return }
        json.key("where")
        filter.write(to: &json)
    }

    /// - Parameter value: of the member that names the events.
    static func read(_ value: JSONValue, _ object: inout JSONObject) throws(ConditionError) -> EventPattern {
        var names: [Name] = []
        if value.json.isArray {
            for element in try value.elements("events") { names.append(try Name(element)) }
            if names.isEmpty { throw value.fault(.emptyList) }
        } else {
            names.append(try Name(value))
        }
        let filter = try object.take("where")
        let pattern = EventPattern(names, where: try filter.map { filter throws(ConditionError) in try PropertyFilter(filter, depth: 0) })
        try (filter ?? value).check(pattern.sessionFault)
        return pattern
    }
}

extension EventPattern.Name {
    /// `"*"` is anything, `{"page": "Pricing"}` a page, `{"page": null}` any page; a track call called `*` is `{"track": "*"}`;
    /// `{"sessions": "30min"}` are sessions by their longest pause.
    func write(to json: inout JSONWriter) {
        switch self {
        case .track("*"): json.object { $0.member("track", "*") }
        case .track(let name): json.string(name)
        case .page(let name): json.object { $0.member("page", name) }
        case .screen(let name): json.object { $0.member("screen", name) }
        case .any: json.string("*")
        case .sessions(let gap): json.object { $0.member("sessions", gap.short) }
        }
    }

    init(_ value: JSONValue) throws(ConditionError) {
        if let name = value.json.string {
            try value.check(PathName.eventFault(name))
            self = name == "*" ? .any : .track(name)
            return
        }
        var object = try value.object("an event")
        if let track = try object.take("track") {
            self = .track(try track.name("the name of an event"))
        } else if let page = try object.take("page") {
            self = .page(page.json.isNull ? nil : try page.name("the name of a page"))
        } else if let screen = try object.take("screen") {
            self = .screen(screen.json.isNull ? nil : try screen.name("the name of a screen"))
        } else if let sessions = try object.take("sessions") {
            self = .sessions(gap: sessions.json.boolean == true ? EventPattern.sessionGap : try sessions.period())
        } else {
            throw object.noKind(["track", "page", "screen", "sessions"])
        }
        try object.finish()
    }
}

extension PropertyFilter {
    func write(to json: inout JSONWriter) {
        json.object { json in
            switch self {
            case .all(let parts): PropertyFilter.write("and", parts, to: &json)
            case .any(let parts): PropertyFilter.write("or", parts, to: &json)
            case .not(let part):
                json.key("not")
                part.write(to: &json)
            case .property(let path, let test):
                json.member("property", path)
                test.write(to: &json)
            case .hours(let from, let to):
                json.key("hour")
                json.object { json in
                    json.member("from", from)
                    json.member("to", to)
                }
            case .member(let pattern):
                json.key("member")
                pattern.write(to: &json)
            case .weekdays(let days):
                json.key("weekday")
                json.array { json in for day in days { json.string(1...7 ~= day ? Weekday.names[day - 1] : "\(day)") } }
            }
        }
    }

    private static func write(_ key: String, _ parts: [PropertyFilter], to json: inout JSONWriter) {
        json.key(key)
        json.array { json in for part in parts { part.write(to: &json) } }
    }

    init(_ value: JSONValue, depth: Int) throws(ConditionError) {
        guard depth <= ConditionLimits.depth else { throw value.fault(.tooDeep) }
        var object = try value.object("a filter")
        if let and = try object.take("and") {
            self = .all(try PropertyFilter.list(and, depth))
        } else if let or = try object.take("or") {
            self = .any(try PropertyFilter.list(or, depth))
        } else if let not = try object.take("not") {
            self = .not(try PropertyFilter(not, depth: depth + 1))
        } else if let hour = try object.take("hour"), hour.json.isObject {
            var range = try hour.object("hours")
            let from = try range.require("from").integer(0...23, "an hour")
            self = .hours(from, try range.require("to").integer(0...24, "an hour") % 24)
            try range.finish()
        } else if let weekday = try object.take("weekday"), weekday.json.isArray {
            var days: [Int] = []
            for element in try weekday.elements("days") {
                guard let day = Weekday.number(try element.string("a day of the week")) else { throw element.wrongType("mon, tue, wed, thu, fri, sat or sun") }
                days.append(day)
            }
            self = .weekdays(days)
        } else if let member = try object.take("member"), member.json.isObject {
            self = .member(try MembershipPattern(member, depth: depth))
        } else if let property = try object.take("property") {
            let path = try property.name("the name of a property")
            let tests = try ValueTest.read(&object)
            try object.finish()
            guard let first = tests.first else { throw value.fault("missing-member", "Nothing is asked of this property.", "Add a test, such as \"eq\": \"tea\".") }
            self = tests.count == 1 ? .property(path, first) : .all(tests.map { .property(path, $0) })
        } else {
            try self.init(short: value)
            return
        }
        try object.finish()
        try value.check(fault)
    }

    /// As `{"category": "tea"}`: every member's value is what the property must be.
    private init(short value: JSONValue) throws(ConditionError) {
        let object = try value.object("a filter")
        var parts: [PropertyFilter] = []
        for (key, member) in object.left {
            // An operator without `property` is a forgotten `property`, not a property of that name.
            guard !ValueTest.members.contains(key), !member.json.isObject, !member.json.isArray, !member.json.isNull else {
                throw member.fault("unknown-member", "The member `\(key.prefix(64))` is not known here.", "Write {\"property\": \"category\", \"eq\": \"tea\"}, or {\"category\": \"tea\"} for short.")
            }
            try member.check(PathName.fault(key))
            parts.append(.property(key, .equals(try Literal(member))))
        }
        guard let first = parts.first else { throw value.fault(.emptyList) }
        self = parts.count == 1 ? first : .all(parts)
    }

    private static func list(_ value: JSONValue, _ depth: Int) throws(ConditionError) -> [PropertyFilter] {
        var filters: [PropertyFilter] = []
        for element in try value.elements("a list of filters") { filters.append(try PropertyFilter(element, depth: depth + 1)) }
        if filters.isEmpty { throw value.fault(.emptyList) }
        return filters
    }
}
