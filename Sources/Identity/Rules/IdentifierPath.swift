import Vocabulary

/// Where in an event a custom identifier stands.
struct IdentifierPath: Sendable {
    let field: EventField
    let members: [String]
    /// Only where `context.device.type` says so: `ios:` or `android:` before the path.
    let system: String?
    /// Whether it is an element of `context.externalIds` that has the type's name.
    let isExternal: Bool

    /// From its text; nil for what is no path.
    init?(_ text: String) {
        var rest = text[...]
        isExternal = text == "externalIds"
        if isExternal {
            (field, members, system) = (.context, ["externalIds"], nil)
            return
        }
        var system: String?
        for name in ["ios", "android"] where rest.hasPrefix(name + ":") {
            system = name
            rest = rest.dropFirst(name.count + 1)
        }
        self.system = system
        let parts = rest.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        let fields: [String: EventField] = ["traits": .traits, "context": .context, "properties": .properties, "integrations": .integrations]
        guard text.utf8.count <= 200, parts.count >= 2, parts.count <= 6, !parts.contains(""), let field = fields[parts[0]] else { return nil }
        self.field = field
        members = Array(parts.dropFirst())
    }

    /// The values of the type `name` that stand there.
    func values(in fields: [EventField: JSONText], of name: String) -> [String] {
        guard let root = fields[field] else { return [] }
        if isExternal {
            return (root["externalIds"]?.elements ?? []).prefix(IdentifierPath.externalMaximum).compactMap { $0["type"]?.string == name ? $0["id"].flatMap(IdentifierPath.text) : nil }
        }
        if let system, fields[.context]?["device"]?["type"]?.string?.lowercased() != system { return [] }
        var value: JSONText? = root
        for member in members { value = value?[member] }
        return value.flatMap(IdentifierPath.text).map { [$0] } ?? []
    }

    /// More in one event are a mistake.
    private static let externalMaximum = 20

    /// A text, or a whole number as its digits; nil for what is too long to be an identifier.
    private static func text(_ json: JSONText) -> String? {
        let text = json.string ?? json.integer.map { String($0) }
        return text.flatMap { $0.utf8.count <= EventDecoder.identifierBytesMaximum ? $0 : nil }
    }
}
