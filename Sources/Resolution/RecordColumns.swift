import Matching
import Profiles
import Vocabulary

/// What of a profile is compared: the columns of its record, recognised by the names that a CSV file's are.
struct RecordColumns: Sendable, Hashable {
    private static let standing: [ColumnRole] = [.firstName, .middleName, .lastName, .fullName, .email, .phone, .birthDate, .street, .houseNumber, .city, .postcode, .country]
    /// Columns of one workspace's own: numbers that belong to one person, and values out of lists.
    struct Own: Sendable, Hashable {
        let name: String
        let role: ColumnRole
    }
    private static let ownMaximum = 6
    /// An address is compared by its parts; no more than this of any value.
    private static let valueMaximum = 1000

    let own: [Own]
    let header: [String]
    private let placeOfRole: [ColumnRole: Int]
    private let placeOfName: [String: Int]

    init(own: [Own] = []) {
        self.own = own
        header = RecordColumns.standing.map(\.rawValue) + own.map(\.name)
        placeOfRole = Dictionary(uniqueKeysWithValues: RecordColumns.standing.enumerated().map { ($1, $0) })
        placeOfName = Dictionary(own.enumerated().map { ($1.name, RecordColumns.standing.count + $0) }) { first, _ in first }
    }

    var schema: Schema { Schema(roles: RecordColumns.standing + own.map(\.role)) }

    /// The workspace's own columns that records have most often.
    static func own(in counts: [Own: Int]) -> [Own] {
        [ColumnRole.identifier, .category].flatMap { role in
            counts.filter { $0.key.role == role }.sorted { ($0.value, $1.key.name) > ($1.value, $0.key.name) }.prefix(ownMaximum).map(\.key)
        }
    }

    /// A profile's record; nil for an account, and where nothing says who it is.
    func row(of profile: Profile, _ names: inout TraitNames, own: (Own) -> Void = { _ in }) -> [[UInt8]]? {
        guard profile.kind == .person else { return nil }
        var row = [[UInt8]](repeating: [], count: header.count)
        for trait in profile.traits { put(trait.name, trait.value, &names, &row, own) }
        if let place = placeOfRole[.email], row[place].isEmpty, let email = profile.identifiers.first(where: { $0.namespace == .email }) { row[place] = Array(email.value.prefix(RecordColumns.valueMaximum)) }
        return row.contains { !$0.isEmpty } ? row : nil
    }

    /// A record that somebody asks about: traits by their names.
    func row(of traits: JSONText) -> [[UInt8]]? {
        var row = [[UInt8]](repeating: [], count: header.count)
        var names = TraitNames()
        for (name, value) in traits.members { put(name, value, &names, &row) { _ in } }
        return row.contains { !$0.isEmpty } ? row : nil
    }

    private func put(_ name: String, _ value: JSONText, _ names: inout TraitNames, _ row: inout [[UInt8]], _ own: (Own) -> Void) {
        // An address comes as an object: its members are called as columns are.
        if value.isObject {
            for (inner, text) in value.members where !text.isObject { put(inner, text, names.role(of: inner), &row, own) }
            return
        }
        put(name, value, names.role(of: name), &row, own)
    }

    private func put(_ name: String, _ value: JSONText, _ role: ColumnRole, _ row: inout [[UInt8]], _ own: (Own) -> Void) {
        guard role != .ignored, role != .recordID, let text = RecordColumns.text(value), !text.isEmpty else { return }
        if role == .identifier || role == .category {
            own(Own(name: name, role: role))
            if let place = placeOfName[name], row[place].isEmpty { row[place] = text }
        } else if let place = placeOfRole[role], row[place].isEmpty {
            row[place] = text
        }
    }

    /// Texts and numbers; what is true or false, or a list, names nobody.
    static func text(_ value: JSONText) -> [UInt8]? {
        if let string = value.string { return Array(string.utf8.prefix(valueMaximum)) }
        guard let first = value.bytes.first, first == 0x2d || (0x30...0x39).contains(first) else { return nil }
        return value.bytes
    }
}

/// What traits are taken for by their names, worked out once for each.
struct TraitNames {
    private var known: [String: ColumnRole] = [:]
    /// Names that senders make up have no end.
    static let countMaximum = 10_000
    /// Always another one for two profiles: were it the same, they would be one.
    private static let never: Set<String> = ["userId", "user_id", "userid", "anonymousId", "anonymous_id", "id"]

    mutating func role(of name: String) -> ColumnRole {
        if let role = known[name] { return role }
        var role = TraitNames.never.contains(name) ? .ignored : ColumnRole(named: name) ?? .ignored
        // Where somebody works is a value out of a list; a company's website is not theirs.
        if role == .company { role = .category } else if role == .domain { role = .ignored }
        if known.count < TraitNames.countMaximum { known[name] = role }
        return role
    }
}
