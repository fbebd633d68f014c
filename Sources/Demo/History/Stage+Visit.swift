/// A visit to the storefront, from the first page to wherever it ends.
extension Stage {
    mutating func playVisit(_ episode: Episode) {
        let basket = Basket(of: person, ordinal: Int(episode.ordinal), run: run, seed: cast.seed)
        open(landing())
        if episode.standing == .known || episode.standing == .anonymous { wait(4...40) } else { comeIn(episode) }
        if random.chance(60), let category = basket.viewed.first?.category { open(category) }
        let takes = episode.kind != .browse
        for product in basket.viewed {
            look(at: product, in: basket.currency)
            if takes, let line = basket.lines.first(where: { $0.product == product }) { add(line, in: basket.currency) }
        }
        guard episode.kind == .beginCheckout || episode.kind == .order else { return }
        checkOut(basket)
        if episode.kind == .order { pay(basket, episode) }
    }

    private mutating func landing() -> Page {
        guard random.chance(38) else { return Page(path: "/shop", title: "Wren & Daughters") }
        let campaigns = [
            ("google", "cpc", "loose leaf", "https://www.google.com/"), ("instagram", "social", "autumn shelves", "https://l.instagram.com/"),
            ("newsletter", "email", "thursday letter", ""), ("teaforum", "referral", "gongfu thread", "https://teaforum.example/"),
        ]
        let (source, medium, name, referrer) = random.pick(campaigns)
        return Page(path: "/shop", title: "Wren & Daughters", referrer: referrer, campaign: Campaign(source: source, medium: medium, name: name))
    }

    private mutating func open(_ page: Page) {
        say("\"type\":\"page\"", on: page) { json in
            json.member(",\"name\":", text: page.title)
            json.member(",\"properties\":{\"path\":", text: page.path)
            json.member(",\"title\":", text: page.title)
            json.raw("}")
        }
    }

    private mutating func open(_ category: Product.Category) {
        let page = Page(path: "/shop/c/\(category.slug)", title: "\(category.rawValue) · Wren & Daughters")
        open(page)
        clock += 120
        say("\"type\":\"track\",\"event\":\"Product List Viewed\"", on: page) { json in
            json.member(",\"properties\":{\"list_id\":", text: category.slug)
            json.member(",\"category\":", text: category.rawValue)
            json.raw("}")
        }
        wait(5...50)
    }

    private mutating func look(at product: Product, in currency: Currency) {
        let page = Page(path: "/shop/p/\(product.id)", title: "\(product.name) · Wren & Daughters")
        open(page)
        clock += 150
        say("\"type\":\"track\",\"event\":\"Product Viewed\"", on: page) { json in
            json.raw(",\"properties\":{")
            Self.write(product, in: currency, to: &json)
            json.raw("}")
        }
        wait(8...110)
    }

    private mutating func add(_ line: Basket.Line, in currency: Currency) {
        let page = Page(path: "/shop/p/\(line.product.id)", title: "\(line.product.name) · Wren & Daughters")
        say("\"type\":\"track\",\"event\":\"Product Added\"", on: page) { json in
            json.raw(",\"properties\":{")
            Self.write(line.product, in: currency, to: &json)
            json.member(",\"quantity\":", integer: line.quantity)
            json.raw("}")
        }
        wait(2...25)
    }

    private mutating func checkOut(_ basket: Basket) {
        open(Page(path: "/shop/cart", title: "Your basket · Wren & Daughters"))
        wait(4...60)
        let page = Page(path: "/shop/checkout", title: "Checkout · Wren & Daughters")
        say("\"type\":\"track\",\"event\":\"Checkout Started\"", on: page) { json in
            json.member(",\"properties\":{\"order_id\":", text: basket.orderID)
            json.member(",\"value\":", money: basket.revenue)
            json.member(",\"currency\":", text: basket.currency.rawValue)
            Self.write(basket.lines, in: basket.currency, to: &json)
            json.raw("}")
        }
        wait(30...240)
    }

    private mutating func pay(_ basket: Basket, _ episode: Episode) {
        let page = Page(path: "/shop/thanks", title: "Thank you · Wren & Daughters")
        let cafe = person.cafe
        say("\"type\":\"track\",\"event\":\"Order Completed\"", on: page) { json in
            json.raw(",\"properties\":{")
            Self.write(basket, to: &json)
            if let cafe { json.member(",\"groupId\":", text: cafe.id) }
            json.raw("}")
        }
        guard isSignedIn else { return }
        clock += 300
        // Points are told to the shop by its checkout, as they stand after the order.
        let points = person.number % 400 + (Int(episode.orders) + 1) * 85
        say("\"type\":\"identify\"", on: page) { json in
            json.member(",\"traits\":{\"loyaltyPoints\":", integer: points)
            json.raw("}")
        }
    }

    static func write(_ product: Product, in currency: Currency, to json: inout JSONBytes) {
        json.member("\"product_id\":", text: product.id)
        json.member(",\"name\":", text: product.name)
        json.member(",\"category\":", text: product.category.rawValue)
        json.member(",\"price\":", money: product.price(in: currency))
        json.member(",\"currency\":", text: currency.rawValue)
    }

    static func write(_ basket: Basket, to json: inout JSONBytes) {
        json.member("\"order_id\":", text: basket.orderID)
        json.member(",\"subtotal\":", money: basket.subtotal)
        json.member(",\"discount\":", money: basket.discount)
        json.member(",\"revenue\":", money: basket.revenue)
        json.member(",\"shipping\":", money: basket.shipping)
        json.member(",\"tax\":", money: basket.tax)
        json.member(",\"total\":", money: basket.total)
        json.member(",\"currency\":", text: basket.currency.rawValue)
        if let coupon = basket.coupon { json.member(",\"coupon\":", text: coupon) }
        write(basket.lines, in: basket.currency, to: &json)
    }

    private static func write(_ lines: [Basket.Line], in currency: Currency, to json: inout JSONBytes) {
        json.raw(",\"products\":[")
        for (place, line) in lines.enumerated() {
            json.raw(place == 0 ? "{" : ",{")
            json.member("\"product_id\":", text: line.product.id)
            json.member(",\"name\":", text: line.product.name)
            json.member(",\"category\":", text: line.product.category.rawValue)
            json.member(",\"price\":", money: line.product.price(in: currency))
            json.member(",\"quantity\":", integer: line.quantity)
            json.raw("}")
        }
        json.raw("]")
    }
}
