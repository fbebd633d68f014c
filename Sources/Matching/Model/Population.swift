import Foundation

/// What is common among the people of a file: how likely two records of different people agree in each respect.
///
/// All values are log2 of a probability.
struct Population: Sendable {
    let first: Frequencies
    let last: Frequencies
    let middle: Frequencies
    /// How frequent each first letter of a full given name is.
    let initial: [Float]
    let births: [Int32: Float]
    let birthUsual: Float
    let company: Frequencies?
    let street: Frequencies?
    let postcode: Frequencies?
    let city: Frequencies?
    let categories: [Frequencies]
    /// By identifier column and value: the chance that two different people share it. E-mail and phone first.
    var email: [Float] = []
    var phone: [Float] = []
    var identifiers: [[Float]] = []
    /// The mean chance that two last names agree.
    let lastAgreement: Float

    /// The chance of a value in one of the three above; one that came after counting is shared by chance as any new one is.
    @inline(__always) static func chance(_ chances: [Float], _ code: UInt32) -> Float { Int(code) < chances.count ? chances[Int(code)] : chances.first ?? 0 }

    /// How usual a value is where the file is too small to tell.
    enum Usual {
        static let first = 1.0 / 100, last = 1.0 / 1000, birth = 1.0 / 15_000, street = 1.0 / 20_000, postcode = 1.0 / 3000, city = 1.0 / 20, category = 1.0 / 20, company = 1.0 / 50_000
        static let identifier = 1e-7
    }

    init(_ people: People) {
        let names = people.names.count
        first = Frequencies(codes: people.first, tableCount: names, usual: Usual.first)
        last = Frequencies(codes: people.last, tableCount: names, usual: Usual.last)
        middle = Frequencies(codes: people.middle, tableCount: names, usual: Usual.first)
        lastAgreement = Population.agreement(people.last, names, usual: Usual.last)
        initial = Population.initials(people)
        var counts: [Int32: UInt32] = [:]
        for birth in people.births where birth != 0 { counts[birth, default: 0] += 1 }
        let keys = counts.keys.sorted()
        let births = Frequencies(uses: keys.map { counts[$0]! }, present: people.births.count { $0 != 0 }, usual: Usual.birth)
        self.births = Dictionary(uniqueKeysWithValues: zip(keys, births.log2))
        birthUsual = Float(log2(Usual.birth))
        company = people.companies.map { Frequencies($0, usual: Usual.company) }
        street = people.streets.map { Frequencies($0, usual: Usual.street) }
        postcode = people.postcodes.map { Frequencies($0, usual: Usual.postcode) }
        city = people.cities.map { Frequencies($0, usual: Usual.city) }
        categories = people.categories.map { Frequencies($0, usual: Usual.category) }
    }

    private static func agreement(_ codes: [UInt32], _ tableCount: Int, usual: Double) -> Float {
        var uses = [UInt32](repeating: 0, count: max(1, tableCount))
        for code in codes where code != 0 { uses[Int(code)] += 1 }
        return Frequencies.agreement(uses, present: codes.count { $0 != 0 }, usual: usual)
    }

    private static func initials(_ people: People) -> [Float] {
        var counts = [Double](repeating: 6, count: 256)
        var total = 100.0
        for code in people.first where code != 0 {
            let range = people.names.range(code)
            guard range.count > 1 else { continue }
            counts[Int(people.names.bytes[range.lowerBound])] += 1
            total += 1
        }
        return counts.map { Float(log2($0 / total)) }
    }
}
