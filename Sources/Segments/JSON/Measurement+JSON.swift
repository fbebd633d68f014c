public import Vocabulary

extension Measurement {
    /// The JSON form: `{"event": "Order Completed", "last": "90d", "sum": "total"}`, or `{"ratio": […, …]}`.
    public var json: JSONText {
        var writer = JSONWriter()
        writer.object { json in
            if case .measure(let measure) = self { return measure.write(to: &json) }
            json.key("ratio")
            json.array { json in for part in parts { json.object { part.write(to: &$0) } } }
        }
        return writer.text
    }

    /// Reads the JSON form.
    ///
    /// - Throws: the first fault, with a JSON pointer to its place.
    public init(json: JSONText) throws(ConditionError) {
        guard json.bytes.count <= ConditionLimits.json else { throw ConditionError(.tooLong(ConditionLimits.json), at: .pointer("")) }
        var object = try JSONValue(json: json, pointer: "").object("a measure")
        if let ratio = try object.take("ratio") {
            try object.finish()
            let parts = try ratio.elements("a list of two measures")
            guard parts.count == 2 else { throw ratio.wrongType("a list of two measures") }
            var upper = try parts[0].object("a measure")
            var lower = try parts[1].object("a measure")
            self = .ratio(try EventMeasure(&upper), over: try EventMeasure(&lower))
        } else {
            self = .measure(try EventMeasure(&object))
        }
        if let fault = faults.first { throw fault }
    }
}

extension EventMeasure {
    func write(to json: inout JSONWriter) {
        pattern.write(to: &json)
        window.write(to: &json)
        measure.write(to: &json)
    }

    init(_ object: inout JSONObject) throws(ConditionError) {
        guard let event = try object.take("event") else { throw object.noKind(["event", "ratio"]) }
        let pattern = try EventPattern.read(event, &object)
        let window = try Window.read(&object)
        var found = try EventTest.Measure.beside(&object)
        for (member, measure) in EventTest.Measure.plain {
            guard let value = try object.take(member) else { continue }
            try value.truth()
            found.append((measure, value))
        }
        try object.finish()
        if found.count > 1 { throw found[1].1.fault("two-kinds", "Two things are measured at once.", "Keep one of the two.") }
        guard let measure = found.first?.0 else {
            throw object.place.fault("missing-member", "Nothing says what is measured.", "Add a measure, such as \"sum\": \"total\" or \"count\": true.")
        }
        self.init(pattern: pattern, window: window, measure: measure)
    }
}
