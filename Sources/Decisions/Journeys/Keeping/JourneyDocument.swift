public import Vocabulary

/// A journey as it was written: JSON, and where it came as YAML, that text with its comments.
public struct JourneyDocument: Sendable, Hashable {
    public let json: JSONText
    private let written: String?

    public init(json: JSONText) { (self.json, written) = (json, nil) }
    public init(yaml: String) throws(JourneyFault) { (json, written) = (try JourneyYAML.json(yaml), yaml) }

    /// As it was written, else as the JSON form is told in YAML.
    public var yaml: String { written ?? JourneyYAML.text(json) }

    /// The fault with the line of what was written, where that was YAML.
    public func placed(_ fault: JourneyFault) -> JourneyFault {
        guard let written, fault.place.hasPrefix("/"), let line = JourneyYAML.line(of: fault.place, in: written) else { return fault }
        return JourneyFault(fault.explanation, at: "line \(line): \(fault.place)")
    }

    // MARK: - As a stored document

    init?(stored body: JSONText) {
        guard let json = body["journey"] else { return nil }
        (self.json, written) = (json, body["yaml"]?.string)
    }

    var stored: JSONText {
        var w = JSONWriter()
        w.object { w in
            w.key("journey")
            w.raw(json.bytes)
            if let written { w.member("yaml", written) }
        }
        return w.text
    }
}
