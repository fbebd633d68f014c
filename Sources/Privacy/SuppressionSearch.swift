import Vocabulary

/// Looks for people who are suppressed in the bodies of one call, which were refused and so need be neither events nor JSON: any value in them may be an identifier.
struct SuppressionSearch {
    private let list: SuppressionList
    private let types: [String]
    /// How many more values are looked up. A call that has more is not kept: nobody could say whom it names.
    private var left = 100_000

    init(_ list: SuppressionList, types: [String]) { (self.list, self.types) = (list, types) }

    mutating func finds(_ body: [UInt8]) -> Bool {
        if let json = JSONText(validating: body) { return finds(json) }
        return body.split(separator: UInt8(ascii: "\"")).contains { isKnown(Array($0)) }
            || body.split(whereSeparator: { Self.separators.contains($0) }).contains { isKnown(Array($0)) }
    }

    private mutating func finds(_ json: JSONText) -> Bool {
        if json.isObject { return json.members.contains { finds($0.value) } }
        if json.isArray { return json.elements.contains { finds($0) } }
        return (json.string ?? json.integer.map { String($0) }).map { isKnown(Array($0.utf8)) } ?? false
    }

    private mutating func isKnown(_ value: [UInt8]) -> Bool {
        guard !value.isEmpty, value.count <= 512 else { return false }
        guard left > 0 else { return true }
        left -= 1
        return [IdentifierNamespace.userId, .anonymousId, .email, .groupId].contains { list.contains(Identifier($0, value)) }
            || types.contains { list.contains(Identifier(.externalId, Array("\($0):".utf8) + value)) }
    }

    private static let separators = Set("\"',;:=&?{}[]()<> \t\r\n".utf8)
}
