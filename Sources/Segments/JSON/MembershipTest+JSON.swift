import Vocabulary

extension MembershipPattern {
    /// `{"account": ["acme"], "where": {"industry": "Retail"}, "role": ["admin"]}`; `under` instead of `account` for all below too, neither for any account.
    func write(to json: inout JSONWriter) {
        json.object { json in
            if let type { json.member("type", type) }
            if !accounts.isEmpty { MembershipPattern.write(type != nil ? "id" : isTree ? "under" : "account", accounts, to: &json) }
            if let filter {
                json.key("where")
                filter.write(to: &json)
            }
            if !roles.isEmpty { MembershipPattern.write("role", roles, to: &json) }
        }
    }

    private static func write(_ key: String, _ names: [String], to json: inout JSONWriter) {
        json.key(key)
        json.array { json in for name in names { json.string(name) } }
    }

    init(_ value: JSONValue, depth: Int = 0) throws(ConditionError) {
        var object = try value.object("{\"account\": \"acme\"} or {}")
        let under = try object.take("under")
        let type = try object.take("type")
        let account = try object.take(type == nil ? "account" : "id")
        let accounts = try MembershipPattern.names(under ?? account, "the id of an account")
        let filter = try object.take("where")
        let roles = try MembershipPattern.names(object.take("role"), "a role")
        try object.finish()
        self.init(type: try type?.name("a type of things"), accounts: accounts, isTree: under != nil, where: try filter.map { filter throws(ConditionError) in try PropertyFilter(filter, depth: depth + 1) }, roles: roles)
        try value.check(faults().first?.1)
    }

    private static func names(_ value: JSONValue?, _ sense: String) throws(ConditionError) -> [String] {
        guard let value else { return [] }
        guard value.json.isArray else { return [try value.name(sense)] }
        var names: [String] = []
        for element in try value.elements(sense) { names.append(try element.name(sense)) }
        if names.isEmpty { throw value.fault(.emptyList) }
        return names
    }
}

extension MembershipTest {
    func write(to json: inout JSONWriter) {
        json.key(MembershipTest.key)
        pattern.write(to: &json)
        if isEver { json.member("ever", true) }
    }

    static func read(_ object: inout JSONObject) throws(ConditionError) -> Condition {
        let pattern = try MembershipPattern(try object.kind(self))
        let ever = try object.take("ever")
        try ever?.truth()
        try object.finish()
        return .test(MembershipTest(pattern, isEver: ever != nil))
    }
}

extension ContextTraitTest {
    func write(to json: inout JSONWriter) {
        json.member(ContextTraitTest.key, path)
        json.key("as")
        pattern.write(to: &json)
        test.write(to: &json)
    }

    static func read(_ object: inout JSONObject) throws(ConditionError) -> Condition {
        let path = try object.kind(self).name("the name of a trait")
        let pattern = try MembershipPattern(try object.require("as"))
        return try object.tests("Nothing is asked of this trait.") { ContextTraitTest(path: path, as: pattern, test: $0) }
    }
}
