public import Vocabulary

/// The document, and what is wrong with one.
extension IdentityRules {
    public static let typesMaximum = 40
    public static let pathsMaximum = 8
    public static let blockedMaximum = 1000

    /// Into an object that may hold more.
    public func write(members w: inout JSONWriter) {
        w.key("types")
        w.array { w in
            for type in types {
                w.object { w in
                    w.member("name", type.name)
                    w.member("use", type.use.rawValue)
                    w.key("limit")
                    if let limit = type.limit { w.number(limit) } else { w.null() }
                    w.member("window", type.window.rawValue)
                    w.key("sharedBy")
                    if let sharedBy = type.sharedBy { w.number(sharedBy) } else { w.null() }
                    w.key("paths")
                    w.array { w in for path in type.paths { w.string(path) } }
                }
            }
        }
        w.key("blocked")
        w.array { w in
            for blocked in blocked {
                w.object {
                    if let type = blocked.type { $0.member("type", type) }
                    $0.member("value", blocked.value)
                }
            }
        }
    }

    public var json: JSONText {
        var w = JSONWriter()
        w.object { write(members: &$0) }
        return w.text
    }

    /// - Throws: ``Refusal`` 400 with the place of the first fault.
    public init(_ json: JSONText) throws(Refusal) {
        guard let types = json["types"], types.isArray else { throw IdentityRules.fault("types", "`types` must be a list.") }
        guard json["blocked"]?.isArray ?? true else { throw IdentityRules.fault("blocked", "`blocked` must be a list.") }
        self.init(types: [], blocked: [])
        for (index, element) in types.elements.enumerated() {
            let rule = try IdentityRules.type(element, at: "types/\(index)")
            guard type(rule.name) == nil else { throw IdentityRules.fault("types/\(index)/name", "The type \(rule.name) stands there twice.") }
            self.types.append(rule)
        }
        guard self.types.count <= IdentityRules.typesMaximum else { throw IdentityRules.fault("types", "There are more than \(IdentityRules.typesMaximum) types.") }
        for name in IdentityRules.fields where type(name) == nil { throw IdentityRules.fault("types", "The type \(name) is missing; set its `use` instead.") }
        guard type("userId")?.use == .join, type("anonymousId")?.use == .join else { throw IdentityRules.fault("types", "A userId and an anonymousId always join.") }
        guard type("groupId")?.use != .join else { throw IdentityRules.fault("types", "A groupId is an account's and never joins people.") }
        let blocked = json["blocked"]?.elements ?? []
        guard blocked.count <= IdentityRules.blockedMaximum else { throw IdentityRules.fault("blocked", "There are more than \(IdentityRules.blockedMaximum) blocked values.") }
        for (index, element) in blocked.enumerated() {
            guard let value = element["value"]?.string, !value.isEmpty, value.utf8.count <= 256, value.contains(where: { $0 != "*" }) else {
                throw IdentityRules.fault("blocked/\(index)/value", "A blocked value is a text of 1 to 256 bytes, and more than `*`.")
            }
            let named = element["type"].flatMap { $0.isNull ? nil : $0 }
            let name = named?.string
            guard named == nil || name != nil else { throw IdentityRules.fault("blocked/\(index)/type", "A type is named by a text.") }
            if let name, type(name) == nil { throw IdentityRules.fault("blocked/\(index)/type", "There is no type \(name).") }
            self.blocked.append(Blocked(value, type: name))
        }
    }

    private static func type(_ json: JSONText, at place: String) throws(Refusal) -> TypeRule {
        guard let name = json["name"]?.string, isName(name) else { throw fault(place + "/name", "A type's name is 1 to 40 letters, digits, `_`, `-` and dots.") }
        guard let use = json["use"]?.string.flatMap(Use.init) else { throw fault(place + "/use", "`use` must be join, attach or ignore.") }
        guard let window = json["window"].map({ $0.string.flatMap(Window.init) }) ?? .ever else { throw fault(place + "/window", "`window` must be ever, year, month, week or day.") }
        let limit = try number(json["limit"], 1...10_000, place + "/limit")
        let sharedBy = try number(json["sharedBy"], 1...60, place + "/sharedBy")
        guard name == "userId" || name == "groupId" || sharedBy != nil else { throw fault(place + "/sharedBy", "Only a userId may be shared by any number; set 1 to 60.") }
        let paths = json["paths"]?.elements ?? []
        guard paths.count <= pathsMaximum else { throw fault(place + "/paths", "There are more than \(pathsMaximum) paths.") }
        var texts: [String] = []
        for (index, path) in paths.enumerated() {
            guard let text = path.string, IdentifierPath(text) != nil else {
                throw fault("\(place)/paths/\(index)", "A path is `externalIds`, or begins with traits., context., properties. or integrations.")
            }
            texts.append(text)
        }
        let isField = fields.contains(name)
        guard isField == texts.isEmpty else { throw fault(place + "/paths", isField ? "\(name) stands where it stands; it takes no paths." : "Say where \(name) stands in an event.") }
        return TypeRule(name, use, limit: limit, window: window, sharedBy: sharedBy, paths: texts)
    }

    private static func number(_ json: JSONText?, _ range: ClosedRange<Int>, _ place: String) throws(Refusal) -> Int? {
        guard let json, !json.isNull else { return nil }
        guard let number = json.integer.flatMap({ Int(exactly: $0) }), range.contains(number) else { throw fault(place, "It must be a whole number from \(range.lowerBound) to \(range.upperBound), or null.") }
        return number
    }

    /// No colon, which stands between a custom identifier's type and its value; not the name of another namespace.
    private static func isName(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.count <= 40 && name != "externalId"
            && name.utf8.allSatisfy { $0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7a || $0 >= 0x30 && $0 <= 0x39 || $0 == 0x5f || $0 == 0x2d || $0 == 0x2e }
    }

    private static func fault(_ place: String, _ problem: String) -> Refusal {
        var refusal = Refusal(400, "identity.rules", problem, remedy: "Correct the document; GET /api/v1/identity/rules shows the one that is in force.")
        refusal.place = "/" + place
        return refusal
    }
}
