/// What somebody looks at and takes along in one episode; worked out again when the parcel comes back.
struct Basket: Sendable {
    struct Line: Sendable {
        let product: Product
        let quantity: Int
    }

    let orderID: String
    let viewed: [Product]
    let lines: [Line]
    let currency: Currency
    let coupon: String?

    init(of person: Person, ordinal: Int, run: String, seed: UInt64) {
        var random = Random(seed: seed, person.number, 1000 + ordinal)
        currency = person.region.currency
        orderID = "WD-\(run)\(person.number + 1)-\(ordinal + 1)"
        let isWholesale = person.cafe != nil
        var products: [Product] = []
        for _ in 0..<random.between(1, 4) {
            // People come back to what they like.
            let product = random.chance(25) ? person.favouriteTea : random.pick(Catalogue.products)
            if !products.contains(product) { products.append(product) }
        }
        viewed = products
        // What is looked at first is bought; the others half of the time.
        lines = products.enumerated().compactMap { place, product in
            guard place == 0 || random.chance(50) else { return nil }
            let single = random.chance(82) ? 1 : random.between(2, 3)
            return Line(product: product, quantity: isWholesale && product.shape == .tin ? random.between(6, 40) : single)
        }
        coupon = random.chance(9) ? random.pick(["WREN10", "TEACLUB10", "HELLO10"]) : nil
    }

    /// All amounts in minor units.
    var subtotal: Int { lines.reduce(0) { $0 + $1.product.price(in: currency) * $1.quantity } }
    var discount: Int { coupon == nil ? 0 : subtotal / 10 }
    var revenue: Int { subtotal - discount }
    var shipping: Int { revenue >= 4000 ? 0 : 395 }
    /// Seven in a hundred for tea in the euro countries we send from; none in Britain.
    var tax: Int { currency == .eur ? revenue * 7 / 100 : 0 }
    var total: Int { revenue + shipping + tax }
}
