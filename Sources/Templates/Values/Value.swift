public import Vocabulary

/// What a template is given.
public enum Value: Sendable {
    case null
    case boolean(Bool)
    case integer(Int)
    case decimal(Double)
    case text(String)
    case list([Value])
    case record(Record)
    /// A number in it with a decimal point or an exponent becomes the nearest double, as in any Liquid.
    case json(JSONText)

    /// The value that JSON text stands for.
    public init(_ json: JSONText) { self = .json(json) }
}

/// Named values in the order in which they were put in, laid out once for all the templates that read them.
///
/// - Note: `@unchecked` since its members stand in memory of its own, to which nothing is written behind `init`.
public final class Record: @unchecked Sendable {
    let members: Ref<Members>
    private let arena: Arena
    /// Others whose memory its members stand in.
    private let parts: [Record]

    /// Of a key that is given twice, the last value counts.
    public convenience init(_ members: [(key: String, value: Value)]) { self.init([], behind: nil, members) }

    private init(_ own: [Member], behind other: Record?, _ more: [(key: String, value: Value)]) {
        var writer = RecordWriter()
        if let other { writer.parts.append(other) }
        var all = own
        all.reserveCapacity(own.count + more.count)
        for (key, value) in more { all.append(Member(key: Key(writer.arena.keep(key)), value: writer.cell(value))) }
        members = writer.members(all)
        parts = writer.parts
        arena = writer.arena
    }

    public var count: Int { members.value.count }

    /// Whether nothing, or null, or an empty text stands at a path.
    public func isMissing(_ path: [String]) -> Bool {
        var arena = Arena()
        // The names that are looked for stand in it.
        defer { withExtendedLifetime(arena) {} }
        guard let first = path.first, var value = members.value.find(Key(arena.keep(first))) else { return true }
        for name in path.dropFirst() { value = value.member(Name(arena.keep(name)), &arena) }
        switch value {
        case .null: return true
        case .text(let text): return text.isEmpty
        default: return false
        }
    }

    /// With more members; those that are there already are replaced.
    public func adding(_ more: [(key: String, value: Value)]) -> Record { Record(Array(members.value.list), behind: self, more) }
}
