/// What records are compared at all: those that agree in every part of some rule's key.
struct BlockingRule: Sendable {
    enum Part: Sendable, Hashable {
        case company, companyWord, companyStart
        case first, last, initial, firstSound, lastSound, firstStart, lastStart, eitherName, birth, birthYear, birthMonthDay, email, emailLocal, phone, street, houseNumber, postcode, city
        case identifier(Int), category(Int)
    }
    let parts: [Part]

    /// The comparisons that the key decides or nearly decides: a model must not learn them from pairs that this rule finds.
    func decides(_ kind: Comparison.Kind) -> Bool {
        parts.contains { part in
            switch (part, kind) {
            case (.first, .name), (.last, .name), (.initial, .name), (.firstSound, .name), (.lastSound, .name), (.firstStart, .name), (.lastStart, .name), (.eitherName, .name): true
            case (.company, .company), (.companyWord, .company), (.companyStart, .company): true
            case (.birth, .birth), (.birthYear, .birth), (.birthMonthDay, .birth), (.email, .email), (.emailLocal, .email), (.phone, .phone): true
            case (.street, .address), (.houseNumber, .address), (.postcode, .address), (.city, .address): true
            case (.identifier(let a), .identifier(let b)): a == b
            case (.category(let a), .category(let b)): a == b
            default: false
            }
        }
    }

    /// Whether it brings together who lives in one house.
    var isAddress: Bool { parts.contains(.street) && parts.contains(.houseNumber) }

    /// The rules for the columns that `people` has, finest first.
    static func rules(for people: People) -> [BlockingRule] {
        var out: [[Part]] = people.identifiers.indices.map { [.identifier($0)] }
        out += [
            [.company], [.companyWord, .postcode], [.companyWord, .city], [.companyStart, .postcode], [.companyStart, .city], [.companyWord], [.companyStart],
            [.email], [.phone], [.street, .houseNumber, .postcode], [.emailLocal], [.eitherName, .birth], [.last, .birth], [.first, .birth], [.birth, .postcode], [.birth, .city], [.street, .houseNumber],
            [.eitherName, .postcode], [.last, .initial, .postcode], [.first, .postcode], [.eitherName, .city], [.eitherName], [.firstSound, .lastSound, .birthYear], [.firstSound, .lastSound, .city],
            [.lastSound, .initial, .birthYear], [.first, .birthMonthDay], [.last, .birthMonthDay], [.last, .birthYear], [.first, .birthYear], [.last, .postcode], [.birth], [.lastSound, .initial, .city],
            [.firstStart, .lastStart], [.firstSound, .lastSound], [.last, .city], [.first, .city], [.last, .initial],
        ]
        for index in people.categories.indices where people.categories[index].table.count > 50 {
            out += [[.birth, .category(index)], [.last, .category(index)], [.first, .category(index)], [.postcode, .category(index)], [.firstSound, .lastSound, .category(index)]]
            for other in people.categories.indices where other > index && people.categories[other].table.count > 50 {
                out.append([.category(index), .category(other), .firstStart])
                out.append([.category(index), .category(other), .birthYear])
            }
        }
        return out.filter { $0.allSatisfy { isThere($0, people) } }.map { BlockingRule(parts: $0) }
    }

    private static func isThere(_ part: Part, _ people: People) -> Bool {
        switch part {
        case .first, .last, .initial, .firstSound, .lastSound, .firstStart, .lastStart, .eitherName: people.hasNames
        case .company, .companyWord, .companyStart: people.companies != nil
        case .birth, .birthYear, .birthMonthDay: !people.births.isEmpty
        case .email, .emailLocal: people.emails != nil
        case .phone: people.phones != nil
        case .street, .houseNumber: people.streets != nil
        case .postcode: people.postcodes != nil
        case .city: people.cities != nil
        case .identifier, .category: true
        }
    }
}
