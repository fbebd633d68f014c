/// Numbers for the parts of blocking keys, record by record; 0 where a record lacks the part.
struct BlockingKeys: Sendable {
    private let people: People
    private let population: Population
    private let local: [UInt32]
    private let names: NameKeys

    init(_ preparation: PairComparer.Preparation) {
        self.init(preparation.people, preparation.population, local: preparation.local, NameKeys(preparation.people.names))
    }

    init(_ people: People, _ population: Population, local: [UInt32], _ names: NameKeys) {
        (self.people, self.population, self.local, self.names) = (people, population, local, names)
    }

    /// The key of one record under a rule; 0 for none.
    func key(_ rule: BlockingRule, _ index: Int) -> UInt64 {
        var hash: UInt64 = 0
        for part in rule.parts {
            let value = number(part, index)
            guard value != 0 else { return 0 }
            hash = mixed(hash ^ value)
        }
        return hash
    }

    private func number(_ part: BlockingRule.Part, _ i: Int) -> UInt64 {
        switch part {
        case .first: UInt64(full(people.first[i]))
        case .last: UInt64(full(people.last[i]))
        case .initial: UInt64(names.initials[Int(people.first[i])])
        case .firstSound: UInt64(names.sounds[Int(people.first[i])])
        case .lastSound: UInt64(names.sounds[Int(people.last[i])])
        case .firstStart: UInt64(names.starts[Int(people.first[i])])
        case .lastStart: UInt64(names.starts[Int(people.last[i])])
        case .eitherName: either(full(people.first[i]), full(people.last[i]))
        case .company: UInt64(people.companies!.codes[i])
        case .companyWord: company(i) { $0.prefix { $0 != 0x20 } }
        case .companyStart: company(i) { $0.prefix(4) }
        case .birth: UInt64(people.births[i])
        case .birthYear: UInt64(people.births[i] / 10_000)
        case .birthMonthDay: people.births[i] % 10_000 <= 101 ? 0 : UInt64(people.births[i] % 10_000)
        case .email: usable(people.emails!.codes[i], population.email)
        case .emailLocal: people.emails!.codes[i] == 0 ? 0 : UInt64(local[Int(people.emails!.codes[i])])
        case .phone: usable(people.phones!.codes[i], population.phone)
        case .street: UInt64(people.streets!.codes[i])
        case .houseNumber: UInt64(people.houseNumbers!.codes[i])
        case .postcode: UInt64(people.postcodes!.codes[i])
        case .city: UInt64(people.cities!.codes[i])
        case .identifier(let column): usable(people.identifiers[column].codes[i], population.identifiers[column])
        case .category(let column): UInt64(people.categories[column].codes[i])
        }
    }

    /// Of a part of a company's name, which must be three letters or more.
    private func company(_ i: Int, _ part: (ArraySlice<UInt8>) -> ArraySlice<UInt8>) -> UInt64 {
        guard let companies = people.companies, companies.codes[i] != 0 else { return 0 }
        let text = part(companies.table.bytes[companies.table.range(companies.codes[i])])
        return text.count < 3 ? 0 : max(1, quickHash(companies.table.bytes, text.startIndex, text.endIndex))
    }

    private func full(_ code: UInt32) -> UInt32 { code == 0 || people.names.range(code).count < 2 ? 0 : code }
    private func either(_ a: UInt32, _ b: UInt32) -> UInt64 { a == 0 || b == 0 ? 0 : UInt64(min(a, b)) << 32 | UInt64(max(a, b)) }
    /// A value that says nothing brings nobody together.
    private func usable(_ code: UInt32, _ chances: [Float]) -> UInt64 { code == 0 || Population.chance(chances, code) > -1 ? 0 : UInt64(code) }

}

/// By name number: the first letter, the first three, and how it sounds.
struct NameKeys: Sendable {
    private(set) var initials: [UInt32] = [0]
    private(set) var starts: [UInt32] = [0]
    private(set) var sounds: [UInt32] = [0]

    init(_ names: TextTable) { keep(with: names) }

    /// Follows a table that has more names than before, or fewer.
    mutating func keep(with names: TextTable) {
        while initials.count > max(1, names.count) {
            initials.removeLast()
            starts.removeLast()
            sounds.removeLast()
        }
        for code in UInt32(initials.count)..<UInt32(max(initials.count, names.count)) {
            let range = names.range(code)
            initials.append(UInt32(names.bytes[range.lowerBound]))
            starts.append(range.count < 3 ? 0 : names.bytes[range.prefix(3)].reduce(0) { $0 << 8 | UInt32($1) })
            sounds.append(range.count < 2 ? 0 : NameKeys.sound(names.bytes[range]))
        }
    }

    /// Soundex over plain letters: the first letter and three digits for the consonants behind it.
    ///
    /// - Note: Russell's code in the form of the US National Archives; h and w do not part equal consonants, vowels do.
    static func sound(_ name: some Collection<UInt8>) -> UInt32 {
        guard let first = name.first else { return 0 }
        var out = UInt32(first)
        var count = 1
        var last = digit(first)
        for byte in name.dropFirst() {
            let digit = digit(byte)
            if digit != 0, digit != last {
                out = out << 4 | UInt32(digit)
                count += 1
                if count == 4 { break }
            }
            if byte != 0x68, byte != 0x77 { last = digit }
        }
        return out << UInt32(4 * (4 - count))
    }

    private static func digit(_ byte: UInt8) -> UInt8 {
        switch byte {
        case 0x62, 0x66, 0x70, 0x76: 1
        case 0x63, 0x67, 0x6a, 0x6b, 0x71, 0x73, 0x78, 0x7a: 2
        case 0x64, 0x74: 3
        case 0x6c: 4
        case 0x6d, 0x6e: 5
        case 0x72: 6
        default: 0
        }
    }
}
