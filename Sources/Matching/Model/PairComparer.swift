import Foundation

/// Compares two records; which of the two comes first changes nothing. One per thread: what names were compared is remembered.
final class PairComparer {
    private(set) var people: People
    let population: Population
    let comparisons: [Comparison]
    var chances: ChanceLevels
    private let relations: NameRelations
    /// The column of companies' domains.
    private let domains: Int?
    /// By e-mail number: the number of its local part.
    var local: [UInt32]

    init(_ preparation: Preparation, chances: ChanceLevels) {
        people = preparation.people
        population = preparation.population
        comparisons = preparation.comparisons
        local = preparation.local
        domains = people.companies == nil ? nil : people.identifiers.firstIndex { $0.name == PeopleBuilder.domains }
        self.chances = chances
        relations = NameRelations(preparation.people.names, groups: preparation.nicknameGroups)
    }

    /// Changes the records in place.
    ///
    /// - Parameter isLasting: whether names that come with the change stay: what is worked out about others is not kept, since their numbers are given again.
    func change<T>(isLasting: Bool, _ body: (inout People) -> T) -> T {
        // While a second one refers to the names, changing them would copy them all.
        relations.letGo()
        defer { relations.take(people.names, isLasting: isLasting) }
        return body(&people)
    }

    func compare(_ i: Int, _ j: Int, _ out: inout PairEvidence) {
        for index in comparisons.indices {
            let (cell, chance) = switch comparisons[index].kind {
            case .name: name(i, j, &out.givenName)
            case .company: company(people.companies!.codes[i], people.companies!.codes[j])
            case .middle: middle(people.middle[i], people.middle[j])
            case .email: email(i, j)
            case .phone: phone(people.phones!.codes[i], people.phones!.codes[j])
            case .birth: birth(people.births[i], people.births[j])
            case .address: address(i, j)
            case .identifier(let column): identifier(column, i, j)
            case .category(let column): category(column, i, j)
            }
            out.cells[index] = UInt8(truncatingIfNeeded: cell)
            out.strangers[index] = chance
        }
    }

    // MARK: Names

    func firstLevel(_ i: Int, _ j: Int) -> FirstNameLevel { relations.first(people.first[i], people.first[j]) }
    func lastLevel(_ i: Int, _ j: Int) -> LastNameLevel { relations.last(people.last[i], people.last[j]) }

    private func name(_ i: Int, _ j: Int, _ givenName: inout Float) -> (Int, Float) {
        let (fa, fb, la, lb) = (people.first[i], people.first[j], people.last[i], people.last[j])
        let first = relations.first(fa, fb)
        let last = relations.last(la, lb)
        if isSwapped(fa, la, fb, lb, first, last) {
            givenName = max(population.first[fa], population.first[fb])
            return (Comparison.nameSwapped, swappedChance(fa, la, fb, lb))
        }
        givenName = firstChance(first, fa, fb)
        // Relatives at one address share a rare name too: without the given name, only its mean counts.
        let lastChance: Float = last == .exact ? (first == .different || first == .otherInitial ? population.lastAgreement : population.last[la])
            : last == .near ? slip(chances.last[Int(last.rawValue)], population.last, la, lb) : chances.last[Int(last.rawValue)]
        return (Comparison.name(first, last), (first == .missing ? 0 : givenName) + (last == .missing ? 0 : lastChance))
    }

    private func firstChance(_ level: FirstNameLevel, _ a: UInt32, _ b: UInt32) -> Float {
        switch level {
        case .exact: population.first[a]
        case .initial: population.initial[Int(people.names.bytes[people.names.range(a).lowerBound])]
        case .near: slip(chances.first[Int(level.rawValue)], population.first, a, b)
        default: chances.first[Int(level.rawValue)]
        }
    }

    /// A slip of the pen makes a rare name: where both names are common, as Mary and Mark are, they are more likely two people's.
    private func slip(_ chance: Float, _ frequencies: Frequencies, _ a: UInt32, _ b: UInt32) -> Float {
        let rarer = min(frequencies[a], frequencies[b])
        return rarer > frequencies.least + 1 ? min(-1, max(chance, rarer + PairComparer.slips)) : chance
    }
    /// log2 of how many names one slip can make of one.
    private static let slips: Float = 5.5

    /// James Thomas and Thomas James may both be called so; or one is written the wrong way round.
    private func swappedChance(_ fa: UInt32, _ la: UInt32, _ fb: UInt32, _ lb: UInt32) -> Float {
        // Either of the two may be the one that is written right; what comes out must not hang on which is asked first.
        let (a, b) = (exp2(population.first[fa] + population.last[la]), exp2(population.first[fb] + population.last[lb]))
        return log2((a + b) * (1 + exp2(PairComparer.swaps)) / 2)
    }
    /// log2 of how often the names of a record are in each other's place.
    private static let swaps: Float = -6

    /// Given and family name in each other's place.
    private func isSwapped(_ fa: UInt32, _ la: UInt32, _ fb: UInt32, _ lb: UInt32, _ first: FirstNameLevel, _ last: LastNameLevel) -> Bool {
        guard fa != 0, la != 0, fb != 0, lb != 0, first != .exact, last != .exact else { return false }
        if fa == lb { return la == fb || relations.last(la, fb) == .near || relations.first(fb, la) == .nickname }
        return la == fb && (relations.last(fa, lb) == .near || relations.first(fa, lb) == .nickname)
    }

    private func company(_ a: UInt32, _ b: UInt32) -> (Int, Float) {
        guard a != 0, b != 0 else { return (0, 0) }
        if a == b { return (1, population.company![a]) }
        let level = CompanyLevel.of(people.companies!.table, a, b)
        return (level, chances.company[level])
    }

    private func middle(_ a: UInt32, _ b: UInt32) -> (Int, Float) {
        switch relations.first(a, b) {
        case .missing: return (0, 0)
        case .exact: return (1, population.middle[a])
        case .nickname, .near: return (2, chances.middle[2])
        case .initial: return (3, population.initial[Int(people.names.bytes[people.names.range(a).lowerBound])])
        case .similar, .different: return (4, chances.middle[4])
        case .otherInitial: return (5, chances.middle[5])
        }
    }

    // MARK: Ways to reach somebody

    /// The same value: evidence, unless so many different people carry it that it says nothing.
    private func shared(_ chance: Float) -> (Int, Float) { chance > -1 ? (0, 0) : (1, chance) }

    private func email(_ i: Int, _ j: Int) -> (Int, Float) {
        let (a, b) = (people.emails!.codes[i], people.emails!.codes[j])
        guard a != 0, b != 0 else { return (0, 0) }
        if a == b { return shared(Population.chance(population.email, a)) }
        let table = people.emails!.table
        let (x, y) = (table.range(a), table.range(b))
        let span = table.bytes.span
        if local[Int(a)] == local[Int(b)] {
            let length = table.bytes[x].firstIndex(of: 0x40)! - x.lowerBound
            let p = span.extracting((x.lowerBound + length)..<x.upperBound)
            let q = span.extracting((y.lowerBound + length)..<y.upperBound)
            if Similarity.distance(p, q, maximum: 2) != nil { return (2, chances.email[2]) }
            return (3, max(chances.email[3], localChance(x, i), localChance(x, j)))
        }
        let isNear = min(x.count, y.count) >= 12 && Similarity.distance(span.extracting(x), span.extracting(y), maximum: 1) != nil
        return isNear ? (4, max(chances.email[4], localChance(x, i), localChance(y, j))) : (5, chances.email[5])
    }

    /// How likely another person of the same name has the same local part; log2.
    ///
    /// "john.smith" at two providers says no more than the name does, unless digits stand behind it; "sunnycat6415" says all.
    private func localChance(_ email: Range<Int>, _ record: Int) -> Float {
        guard people.hasNames else { return -30 }
        let bytes = people.emails!.table.bytes
        let end = bytes[email].firstIndex(of: 0x40) ?? email.upperBound
        let local = email.lowerBound..<end
        guard PlaceLevel.holds(people.names, people.last[record], bytes, local) || PlaceLevel.holds(people.names, people.first[record], bytes, local) else { return -30 }
        return -3 - 3.3 * Float(min(4, bytes[local].count { (0x30...0x39).contains($0) }))
    }

    private func phone(_ a: UInt32, _ b: UInt32) -> (Int, Float) {
        guard a != 0, b != 0 else { return (0, 0) }
        if a == b { return shared(Population.chance(population.phone, a)) }
        let table = people.phones!.table
        let span = table.bytes.span
        let level = Similarity.distance(span.extracting(table.range(a)), span.extracting(table.range(b)), maximum: 1) != nil ? 2 : 3
        return (level, chances.phone[level])
    }

    private func identifier(_ column: Int, _ i: Int, _ j: Int) -> (Int, Float) {
        let (a, b) = (people.identifiers[column].codes[i], people.identifiers[column].codes[j])
        guard a != 0, b != 0 else { return (0, 0) }
        if a == b { return shared(Population.chance(population.identifiers[column], a)) }
        let table = people.identifiers[column].table
        let (x, y) = (table.range(a), table.range(b))
        // A domain is made of the name: one like another says what the names say already.
        guard min(x.count, y.count) >= 5, column != domains else { return (4, chances.identifiers[column][4]) }
        let span = table.bytes.span
        let level = switch Similarity.distance(span.extracting(x), span.extracting(y), maximum: 2) { case 1: 2; case 2: 3; default: 4 }
        return (level, chances.identifiers[column][level])
    }

    // MARK: Dates, places, categories

    private func birth(_ a: Int32, _ b: Int32) -> (Int, Float) {
        let level = BirthLevel.of(a, b)
        return (level, level == 1 ? population.births[a] ?? population.birthUsual : chances.birth[level])
    }

    private func address(_ i: Int, _ j: Int) -> (Int, Float) {
        var street = 0, postcode = 0, city = 0
        // The finest part that agrees says how rare the place is; what is coarser follows from it.
        var finest: Float = 0
        var rest: Float = 0
        if let cities = people.cities, case let (a, b) = (cities.codes[i], cities.codes[j]), a != 0, b != 0 {
            city = a == b ? 1 : PlaceLevel.isNear(cities.table, a, b) ? 2 : 3
            if city == 1 { finest = population.city![a] } else { rest += chances.city[city] }
        }
        if let postcodes = people.postcodes, case let (a, b) = (postcodes.codes[i], postcodes.codes[j]), a != 0, b != 0 {
            postcode = a == b ? 1 : PlaceLevel.postcode(postcodes.table, a, b)
            if postcode == 1 { finest = min(finest, population.postcode![a]) } else { rest += chances.postcode[postcode] }
        }
        if let streets = people.streets, case let (a, b) = (streets.codes[i], streets.codes[j]), a != 0, b != 0 {
            street = streetLevel(a, b, people.houseNumbers!.codes[i], people.houseNumbers!.codes[j])
            if street == 1 {
                finest = min(finest, 0) + population.street![a] + PlaceLevel.houseNumber
                // No address is rarer than one house among all.
                finest = max(finest, -26)
            } else {
                rest += chances.street[street]
            }
        }
        return (Comparison.address(street, postcode, city), finest + rest)
    }

    private func streetLevel(_ a: UInt32, _ b: UInt32, _ m: UInt32, _ n: UInt32) -> Int {
        let table = people.streets!.table
        if a == b {
            if m == n { return 1 }
            guard m != 0, n != 0 else { return 2 }
            let numbers = people.houseNumbers!.table
            let span = numbers.bytes.span
            let (x, y) = (numbers.range(m), numbers.range(n))
            return max(x.count, y.count) >= 3 && Similarity.distance(span.extracting(x), span.extracting(y), maximum: 1) != nil ? 2 : 3
        }
        guard m == n else { return 4 }
        let span = table.bytes.span
        let p = span.extracting(table.range(a))
        let q = span.extracting(table.range(b))
        if m == 0 { return min(p.count, q.count) >= 6 && Similarity.jaroWinkler(p, q) >= 0.92 ? 2 : 4 }
        return Similarity.distance(p, q, maximum: 2) != nil || Similarity.jaroWinkler(p, q) >= 0.88 ? 2 : 4
    }

    private func category(_ column: Int, _ i: Int, _ j: Int) -> (Int, Float) {
        let (a, b) = (people.categories[column].codes[i], people.categories[column].codes[j])
        guard a != 0, b != 0 else { return (0, 0) }
        if a == b { return (1, population.categories[column][a]) }
        let table = people.categories[column].table
        let level = PlaceLevel.isNear(table, a, b) ? 2 : PlaceLevel.contains(table, a, b) ? 3 : 4
        return (level, chances.categories[column][level])
    }
}
