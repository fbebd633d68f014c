import Matching
import Profiles
import Vocabulary

/// What of an account is compared: the columns of its record, recognised by the names that a CSV file's are.
struct CompanyColumns: Sendable {
    private static let standing: [ColumnRole] = [.company, .domain, .email, .phone, .street, .houseNumber, .city, .postcode, .country, .identifier]
    private static let placeOfRole = Dictionary(uniqueKeysWithValues: standing.enumerated().map { ($1, $0) })

    static let header = standing.map(\.rawValue)
    static let schema = Schema(roles: standing)
    private var roles: [String: ColumnRole] = [:]

    /// Nil where nothing says which company it is.
    mutating func row(of traits: [(name: String, value: JSONText)]) -> [[UInt8]]? {
        var row = [[UInt8]](repeating: [], count: CompanyColumns.standing.count)
        for (name, value) in traits {
            if value.isObject {
                for (inner, text) in value.members where !text.isObject { put(inner, text, &row) }
            } else { put(name, value, &row) }
        }
        return row.contains { !$0.isEmpty } ? row : nil
    }

    private mutating func put(_ name: String, _ value: JSONText, _ row: inout [[UInt8]]) {
        let role = role(of: name)
        // What is only called a name gives way to a legal name.
        let isPlainName = role == .fullName
        guard let place = CompanyColumns.placeOfRole[isPlainName ? .company : role], let text = RecordColumns.text(value), !text.isEmpty, row[place].isEmpty || role == .company && !isPlainName else { return }
        row[place] = text
    }

    private mutating func role(of name: String) -> ColumnRole {
        if let role = roles[name] { return role }
        let role = ColumnRole(named: name) ?? .ignored
        if roles.count < TraitNames.countMaximum { roles[name] = role }
        return role
    }
}
