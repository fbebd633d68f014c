/// How two records compare: for each comparison its cell and the chance of such an agreement between strangers.
struct PairEvidence {
    /// By comparison; cell 0 where one of the two says nothing.
    var cells: [UInt8]
    /// log2 of the chance that two strangers agree so; 0 for cell 0.
    var strangers: [Float]
    /// The given name's part of the first comparison's chance, since relatives share the family name alone.
    var givenName: Float = 0

    init(comparisons: Int) {
        cells = [UInt8](repeating: 0, count: comparisons)
        strangers = [Float](repeating: 0, count: comparisons)
    }
}

/// How likely the parts of names and other values are nearly the same by chance; log2, by level.
struct ChanceLevels: Sendable {
    var first = [Float](repeating: 0, count: 8)
    var last = [Float](repeating: 0, count: 6)
    var middle = [Float](repeating: 0, count: 6)
    var company = [Float](repeating: 0, count: 6)
    var email = [Float](repeating: 0, count: 6)
    var phone = [Float](repeating: 0, count: 4)
    var birth = [Float](repeating: 0, count: 8)
    var street = [Float](repeating: 0, count: 5)
    var postcode = [Float](repeating: 0, count: 5)
    var city = [Float](repeating: 0, count: 4)
    var identifiers: [[Float]] = []
    var categories: [[Float]] = []

    /// Empty levels for the columns that `people` has.
    init(for people: People) {
        identifiers = people.identifiers.map { _ in [Float](repeating: 0, count: 5) }
        categories = people.categories.map { _ in [Float](repeating: 0, count: 5) }
    }
}
