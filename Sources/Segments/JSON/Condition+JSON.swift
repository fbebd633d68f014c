public import Vocabulary

extension Condition {
    /// The JSON form: one member tells what kind each part is. Equal conditions have the same bytes.
    public var json: JSONText {
        var writer = JSONWriter()
        write(to: &writer)
        return writer.text
    }

    /// Reads the JSON form.
    ///
    /// - Throws: the first fault, with a JSON pointer to its place.
    public init(json: JSONText) throws(ConditionError) {
        guard json.bytes.count <= ConditionLimits.json else { throw ConditionError(.tooLong(ConditionLimits.json), at: .pointer("")) }
        var reader = JSONConditionReader()
        self = try reader.condition(JSONValue(json: json, pointer: ""))
        if let fault = faults().first { throw fault }
    }

    /// Reads the JSON form from bytes that may not even be JSON.
    public init(json bytes: [UInt8]) throws(ConditionError) {
        // Checked before scanning, so that the cost of a refusal is bounded too.
        guard bytes.count <= ConditionLimits.json else { throw ConditionError(.tooLong(ConditionLimits.json), at: .pointer("")) }
        guard let json = JSONText(validating: bytes) else {
            throw ConditionError(
                Explanation(code: "segments.not-json", problem: "This is no JSON, or it is nested too deeply.", remedy: "Send one JSON object in UTF-8."), at: .pointer(""))
        }
        try self.init(json: json)
    }

    func write(to json: inout JSONWriter) {
        json.object { json in
            switch self {
            case .all(let parts): Condition.write("and", parts, to: &json)
            case .any(let parts): Condition.write("or", parts, to: &json)
            case .not(let part):
                json.key("not")
                part.write(to: &json)
            case .test(let test): test.forms.write(to: &json)
            }
        }
    }

    private static func write(_ key: String, _ parts: [Condition], to json: inout JSONWriter) {
        json.key(key)
        json.array { json in for part in parts { part.write(to: &json) } }
    }
}

/// Counts what has been read, so that a refusal comes before the memory is gone.
struct JSONConditionReader {
    private var depth = 0

    mutating func condition(_ value: JSONValue) throws(ConditionError) -> Condition {
        depth += 1
        guard depth <= ConditionLimits.depth + 2 else { throw value.fault(.tooDeep) }
        defer { depth -= 1 }
        var object = try value.object("a condition")
        if let and = try object.take("and") { return .all(try list(and, of: object)) }
        if let or = try object.take("or") { return .any(try list(or, of: object)) }
        if let not = try object.take("not") {
            try object.finish()
            return .not(try condition(not))
        }
        for kind in ConditionKinds.all where object.has(kind.key) { return try kind.read(&object) }
        throw object.noKind(["and", "or", "not"] + ConditionKinds.all.map { $0.key })
    }

    private mutating func list(_ value: JSONValue, of object: JSONObject) throws(ConditionError) -> [Condition] {
        try object.finish()
        var conditions: [Condition] = []
        for element in try value.elements("a list of conditions") { conditions.append(try condition(element)) }
        return conditions
    }
}
