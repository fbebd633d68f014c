/// Somebody who visits the shop, worked out from the seed and their number alone, so that nobody needs to be stored.
struct Person: Sendable {
    let number: Int
    /// Nil for a visitor who never says who they are.
    let userID: String?
    var region: Region
    var firstName: String
    var lastName: String
    var email: String
    var phone: String
    var street: String
    var city: (name: String, postcode: String)
    /// `yyyy-MM-dd`; about a third of the people never told us.
    var birthday: String?
    let favouriteTea: Product
    let habit: Habit
    let devices: [Device]
    /// The café this person works for; set for four in a hundred.
    let cafe: Cafe?
    let acceptsOffers: Bool
    /// Whether the account is opened within the ninety days; a third are, Ada's is not.
    var isNew: Bool

    /// How somebody buys, over ninety days.
    enum Habit: Sendable, Equatable {
        case club, regular, occasional, lapsed, passing
    }

    /// One browser. Two people of a household may share the first one.
    struct Device: Sendable {
        let anonymousID: String
        let model: Model

        enum Model: Int, Sendable, CaseIterable {
            case iPhone, android, windows, mac, tablet
        }
    }

    init(number: Int, in cast: Cast) {
        var random = Random(seed: cast.seed, number, 1)
        self.number = number
        let isKnown = number < cast.people
        // Of every hundred, the last lives with the one before: one name, one address, one device.
        let housemate = isKnown && number % 100 == 99 ? number - 1 : number
        var household = Random(seed: cast.seed, housemate, 2)

        let isAda = number == 0
        region = isAda ? Region.all[0] : Region.all[household.index(cumulative: Region.cumulativeShares)]
        let last = household.pick(region.lastNames), first = random.pick(region.firstNames)
        firstName = isAda ? "Ada" : first.written
        lastName = isAda ? "Wren" : last.written
        userID = isKnown ? "u\(number + 1)" : nil
        // Reserved domains (RFC 2606): whatever is sent to these people, nobody receives it.
        let domain = ["example.com", "example.org", "example.net"][random.below(3)]
        email = isAda ? "ada@example.com" : "\(first.plain).\(last.plain).\(number + 1)@\(domain)"
        // No country gives out numbers that begin with 000 after its code, so nobody's telephone rings.
        phone = "+\(region.phoneCode)000\(padded(number, to: 7))"
        street = "\(household.pick(region.streets)) \(household.between(1, 180))"
        city = household.pick(region.cities)
        birthday = random.chance(65)
            ? "\(random.between(1948, 2006))-\(padded(random.between(1, 12), to: 2))-\(padded(random.between(1, 28), to: 2))" : nil
        favouriteTea = random.pick(Catalogue.teas)
        cafe = switch number % 100 {
        case 50 where isKnown: Cafe(number: number / 100, owner: last.written, region: region, random: &random)
        // Three more work there.
        case 51...53 where isKnown: Person(number: number / 100 * 100 + 50, in: cast).cafe
        default: nil
        }
        habit = isAda || cafe != nil ? .club : isKnown ? [.club, .regular, .occasional, .lapsed][random.index(cumulative: [15, 45, 85, 100])] : .passing
        acceptsOffers = isAda || random.chance(68)
        isNew = isKnown && !isAda && habit != .lapsed && random.chance(35)

        let count = isAda ? 3 : isKnown ? [1, 2, 3][random.index(cumulative: [55, 90, 100])] : 1
        let seed = cast.seed
        devices = (0..<count).map { place in
            let owner = place == 0 ? housemate : number
            var random = Random(seed: seed, owner, 10 + place)
            return Device(anonymousID: uuid(&random), model: Device.Model(rawValue: random.index(cumulative: [34, 62, 82, 95, 100])) ?? .iPhone)
        }
        // Whoever signs up twice has told their birthday, which is much of what shows it.
        if isKnown, Person.isAgain(number + 1), birthday == nil { birthday = "19\(padded(60 + number % 37, to: 2))-0\(1 + number % 9)-\(10 + number % 18)" }
        if isKnown, Person.isAgain(number) { become(Person(number: number - 1, in: cast)) }
    }

    var name: String { "\(firstName) \(lastName)" }

    /// What they are in their café.
    var role: String {
        switch number % 100 {
        case 50: "owner"
        case 51: "buyer"
        default: "barista"
        }
    }
}

/// A café or hotel that buys by the kilogram.
struct Cafe: Sendable {
    let id: String
    let name: String
    let employees: Int
    let industry: String
    /// The café that it is a branch of; three of four are.
    let parentID: String?

    init(number: Int, owner: String, region: Region, random: inout Random) {
        id = "cafe-\(number + 1)"
        parentID = number % 4 == 0 ? nil : "cafe-\(number / 4 * 4 + 1)"
        let patterns = ["Café \(owner)", "\(owner) & Co", "The Copper Spoon", "Teehaus \(owner)", "Çay Evi \(owner)", "Salon \(owner)", "Hotel \(owner)"]
        name = random.pick(patterns)
        employees = random.between(2, 60)
        industry = name.hasPrefix("Hotel") ? "Hospitality" : "Food & Beverage"
    }
}

/// A version 4 UUID from `random`.
func uuid(_ random: inout Random) -> String {
    let digits = Array("0123456789abcdef".utf8)
    let words = [random.next() & ~0xF000 | 0x4000, random.next() & ~(0b11 << 62) | (0b10 << 62)]
    var text: [UInt8] = []
    text.reserveCapacity(36)
    for word in words {
        for shift in stride(from: 60, through: 0, by: -4) {
            if [8, 13, 18, 23].contains(text.count) { text.append(UInt8(ascii: "-")) }
            text.append(digits[Int(truncatingIfNeeded: word >> UInt64(shift)) & 15])
        }
    }
    return String(decoding: text, as: UTF8.self)
}

/// `number` in decimal, with zeros before it up to `width` digits.
func padded(_ number: Int, to width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
}
