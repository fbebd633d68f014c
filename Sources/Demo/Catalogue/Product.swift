/// One thing that Wren & Daughters sells.
public struct Product: Sendable, Equatable {
    public let id: String
    public let name: String
    public let category: Category
    /// What the drawing shows: a tin, or a vessel.
    public let shape: Shape
    /// Pence.
    public let priceGBP: Int
    /// Euro cents.
    public let priceEUR: Int
    /// The tin's colour as six hexadecimal digits.
    public let color: String
    public let origin: String
    public let note: String

    public enum Category: String, Sendable, CaseIterable {
        case black = "Black", green = "Green", oolong = "Oolong", white = "White", puerh = "Pu-erh"
        case herbal = "Herbal", matcha = "Matcha", teaware = "Teaware", gifts = "Gifts"

        /// The category in an address.
        public var slug: String { rawValue.lowercased() }
    }

    public enum Shape: String, Sendable {
        case tin, pot, cup, kettle, whisk, box, strainer
    }

    func price(in currency: Currency) -> Int { currency == .gbp ? priceGBP : priceEUR }
}

/// The currencies the shop takes.
enum Currency: String, Sendable {
    case gbp = "GBP", eur = "EUR"
}

/// Everything on the shelves, read once from the table in `Catalogue+Shelves.swift`.
public enum Catalogue {
    public static let products: [Product] = shelves.split(separator: "\n").map(product)

    public static func product(id: some StringProtocol) -> Product? {
        products.first { $0.id == id }
    }

    /// The products that have no vessel's shape: what is somebody's favourite tea.
    static let teas: [Product] = products.filter { $0.shape == .tin }

    /// A row of the table; the columns are explained there. Traps on a broken row, for the table is ours.
    private static func product(row: Substring) -> Product {
        let cells = row.split(separator: "|", omittingEmptySubsequences: false).map(trimmed)
        precondition(cells.count == 9, "a row of the shelves has nine cells")
        guard let category = Product.Category(rawValue: cells[2]), let shape = Product.Shape(rawValue: cells[3]),
            let pence = Int(cells[4]), let cents = Int(cells[5])
        else { preconditionFailure("a row of the shelves is misspelt: \(cells[0])") }
        return Product(
            id: cells[0], name: cells[1], category: category, shape: shape, priceGBP: pence, priceEUR: cents,
            color: cells[6], origin: cells[7], note: cells[8]
        )
    }
}

/// `text` without the blanks around it.
func trimmed(_ text: some StringProtocol) -> String {
    var rest = text[...]
    while rest.first == " " { rest = rest.dropFirst() }
    while rest.last == " " { rest = rest.dropLast() }
    return String(rest)
}
