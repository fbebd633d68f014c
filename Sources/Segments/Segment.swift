public import Vocabulary

/// The profiles that satisfy a condition, under a name.
public struct Segment: Sendable {
    /// `seg_` and twelve letters and digits; for ever.
    public let id: String
    /// For people and for other segments' conditions: lower-case words joined by hyphens; unique in the workspace.
    public let handle: String
    public var name: String
    public var note: String
    public var condition: Condition
    /// In which days and months are counted.
    public var zone: TimeZoneName
    /// When this version was saved.
    public let savedAt: Timestamp
    public let author: String
    public let version: Int64

    /// A handle made of a name: letters and digits stay, everything else becomes one hyphen.
    static func handle(for name: String, or other: String = "segment") -> String {
        var out = ""
        for character in name.lowercased() {
            if character.isLetter || character.isNumber { out.append(character) } else if !out.isEmpty, out.last != "-" { out.append("-") }
        }
        while out.last == "-" { out.removeLast() }
        return out.isEmpty ? other : String(out.prefix(60))
    }

    var body: JSONText {
        var w = JSONWriter()
        w.object { w in
            w.member("handle", handle)
            w.member("name", name)
            w.member("note", note)
            w.member("zone", zone.name)
            w.key("condition")
            w.raw(condition.json.bytes)
        }
        return w.text
    }
}
