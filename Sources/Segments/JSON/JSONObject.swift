import Vocabulary

/// A JSON value and where it stands.
struct JSONValue {
    let json: JSONText
    /// RFC 6901.
    let pointer: String

    func fault(_ explanation: Explanation) -> ConditionError { ConditionError(explanation, at: .pointer(pointer)) }

    func fault(_ code: String, _ problem: String, _ remedy: String) -> ConditionError { fault(Explanation(code: "segments." + code, problem: problem, remedy: remedy)) }

    func check(_ explanation: Explanation?) throws(ConditionError) { if let explanation { throw fault(explanation) } }

    func wrongType(_ sense: String) -> ConditionError { fault("wrong-type", "Here \(sense) should stand.", "Put in \(sense).") }

    func object(_ sense: String) throws(ConditionError) -> JSONObject {
        guard json.isObject else { throw wrongType("an object, \(sense),") }
        return try JSONObject(self)
    }

    func elements(_ sense: String) throws(ConditionError) -> [JSONValue] {
        guard json.isArray else { throw wrongType(sense) }
        return json.elements.enumerated().map { JSONValue(json: $1, pointer: "\(pointer)/\($0)") }
    }

    func string(_ sense: String) throws(ConditionError) -> String {
        guard let string = json.string else { throw wrongType(sense) }
        return string
    }

    /// A name of a trait, property, event or segment.
    func name(_ sense: String) throws(ConditionError) -> String {
        let name = try string(sense)
        try check(PathName.fault(name))
        return name
    }

    func integer(_ range: ClosedRange<Int64>, _ sense: String) throws(ConditionError) -> Int {
        guard let integer = json.integer, range.contains(integer) else { throw wrongType("\(sense) from \(range.lowerBound) to \(range.upperBound)") }
        return Int(integer)
    }

    /// A member that only says `true`.
    func truth() throws(ConditionError) { if json.boolean != true { throw wrongType("true") } }

    /// As `30d`.
    func period() throws(ConditionError) -> Period {
        let text = try string("a period such as \"30d\"")
        guard let period = Period(short: text[...]) else {
            throw fault("unknown-unit", "This is no period.", "Write a number and a unit, as \"30d\"; units are s, min, h, d, w, mo, q and y.")
        }
        try check(period.fault)
        return period
    }
}

/// The members of a JSON object; whoever reads it takes them out one by one, and what is left at the end is refused.
struct JSONObject {
    let place: JSONValue
    private var members: [(key: String, value: JSONText)]
    /// All names that were asked for, for the nearest one to a name that nobody asked for.
    private var asked: [String] = []

    init(_ value: JSONValue) throws(ConditionError) {
        place = value
        members = value.json.members
        guard members.count <= 64 else { throw value.fault("unknown-member", "This object has more than 64 members.", "Split it with `and`.") }
        for (index, member) in members.enumerated() where members[..<index].contains(where: { $0.key.utf8.elementsEqual(member.key.utf8) }) {
            throw self.value(member.key, member.value).fault("member-twice", "This member is written twice.", "Keep one of the two; for several tests of one subject use `and`.")
        }
    }

    private func value(_ key: String, _ json: JSONText) -> JSONValue {
        let escaped = key.replacing("~", with: "~0").replacing("/", with: "~1")
        return JSONValue(json: json, pointer: "\(place.pointer)/\(escaped)")
    }

    func has(_ key: String) -> Bool { members.contains { $0.key == key } }

    var isEmpty: Bool { members.isEmpty }
    var left: [(key: String, value: JSONValue)] { members.map { ($0.key, value($0.key, $0.value)) } }

    mutating func take(_ key: String) throws(ConditionError) -> JSONValue? {
        asked.append(key)
        guard let index = members.firstIndex(where: { $0.key == key }) else { return nil }
        return value(key, members.remove(at: index).value)
    }

    mutating func require(_ key: String) throws(ConditionError) -> JSONValue {
        guard let value = try take(key) else { throw place.fault("missing-member", "The member `\(key)` is missing.", "Add `\(key)`.") }
        return value
    }

    /// Refuses what was not taken.
    func finish() throws(ConditionError) {
        guard let member = members.first else { return }
        throw value(member.key, member.value).fault("unknown-member", "The member `\(member.key.prefix(64))` is not known here.", suggestion(member.key, asked))
    }

    /// No member says what this is.
    func noKind(_ kinds: [String]) -> ConditionError {
        let list = kinds.joined(separator: ", ")
        guard let member = members.first(where: { Keyword.nearest(to: $0.key, among: kinds) != nil }) else {
            return place.fault("missing-member", "Nothing here says what kind of condition this is.", "One of these members does: \(list).")
        }
        return value(member.key, member.value).fault("unknown-member", "The member `\(member.key.prefix(64))` is not known here.", suggestion(member.key, kinds))
    }

    private func suggestion(_ key: String, _ names: [String]) -> String {
        if let nearest = Keyword.nearest(to: key, among: names), nearest != key { return "Did you mean `\(nearest)`?" }
        let others = Set(names).sorted().joined(separator: ", ")
        return "Known here are \(others)."
    }
}

extension Period {
    /// As `30d`; nil for what is no period.
    init?(short text: Substring) {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard !digits.isEmpty, let count = Int(digits), let unit = Unit(word: text[digits.endIndex...]) else { return nil }
        self.init(count, unit)
    }

    var short: String { "\(count)\(unit.short)" }
}
