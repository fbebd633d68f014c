/// Where people of one culture live, and what they are called there.
struct Region: Sendable {
    let locale: String
    /// ISO 3166, two letters.
    let country: String
    let currency: Currency
    let timeZone: String
    /// Winter time all year: what a demonstration needs is a believable hour, not the right one in July.
    let utcOffsetMinutes: Int
    let phoneCode: Int
    /// How many of a hundred people come from here.
    let share: Int
    let firstNames: [Name]
    let lastNames: [Name]
    /// City and a postcode of it.
    let cities: [(name: String, postcode: String)]
    let streets: [String]

    /// A name as it is written, and in the plain letters of an e-mail address.
    struct Name: Sendable {
        let written: String
        let plain: String

        /// Reads `Ayşe/ayse`, or `Ada` where the plain form is the name in lower case.
        init(_ text: Substring) {
            let parts = text.split(separator: "/")
            written = String(parts[0])
            plain = parts.count > 1 ? String(parts[1]) : String(parts[0].lowercased().filter { $0.isASCII && $0.isLetter })
        }
    }

    init(
        _ locale: String, _ country: String, _ currency: Currency, timeZone: String, utcOffsetMinutes: Int,
        phoneCode: Int, share: Int, first: String, last: String, cities: String, streets: String
    ) {
        (self.locale, self.country, self.currency, self.timeZone) = (locale, country, currency, timeZone)
        (self.utcOffsetMinutes, self.phoneCode, self.share) = (utcOffsetMinutes, phoneCode, share)
        firstNames = first.split(separator: " ").map(Name.init)
        lastNames = last.split(separator: " ").map(Name.init)
        self.cities = cities.split(separator: ";").map { city in
            let parts = city.split(separator: ",")
            return (name: trimmed(parts[0]), postcode: trimmed(parts[1]))
        }
        self.streets = streets.split(separator: ";").map(trimmed)
    }

    /// Shares added up, for drawing a region.
    static let cumulativeShares: [Int] = all.reduce(into: []) { sums, region in sums.append((sums.last ?? 0) + region.share) }
    static let all: [Region] = west + east
}
