/// The pages that show what there is to buy.
extension Storefront {
    static func shelf(_ category: Product.Category?) -> Content {
        let products = category.map { chosen in Catalogue.products.filter { $0.category == chosen } } ?? Catalogue.products
        let hero =
            if let category {
                "<h1>\(escaped(category.rawValue))</h1><p class=\"lead\">\(escaped(sentence(for: category)))</p>"
            } else {
                """
                <section class="hero"><div><h1>Loose leaf, kept properly.</h1>
                <p class="lead">Sixty teas and the things to make them with, packed by a family that drinks them.</p>
                <p><a class="button" href="/shop/p/assam-morning">Start with Assam Morning</a></p></div>
                <div class="trio" aria-hidden="true">\(["gyokuro-hikari", "earl-grey-wren", "hibiscus-aswan"].compactMap { Catalogue.product(id: $0) }.map(Drawing.picture).joined())</div></section>
                """
            }
        let cards = products.map(card).joined(separator: "\n")
        return Content(
            kind: .shelf, title: category?.rawValue ?? "The shop", html: "\(hero)\n<ul class=\"grid\">\(cards)</ul>", category: category
        )
    }

    static func product(_ product: Product) -> Content {
        let others = Catalogue.products.filter { $0.category == product.category && $0 != product }.prefix(4)
        let html = """
            <article class="product">
            <div class="stage" aria-hidden="true">\(Drawing.picture(product))</div>
            <div><p class="small"><a href="/shop/c/\(product.category.slug)">\(escaped(product.category.rawValue))</a> · \(escaped(product.origin))</p>
            <h1>\(escaped(product.name))</h1>
            <p class="lead">\(escaped(product.note))</p>
            <p class="price">\(pounds(product.priceGBP)) <span class="small">\(product.shape == .tin ? "tin of 100 g" : "each")</span></p>
            <form data-add><label for="quantity">How many</label>
            <div class="row"><input id="quantity" name="quantity" type="number" inputmode="numeric" min="1" max="40" value="1" required>
            <button type="submit">Add to basket</button></div></form>
            <p class="said" role="status" data-said></p></div>
            </article>
            <h2>On the same shelf</h2>
            <ul class="grid">\(others.map(card).joined(separator: "\n"))</ul>
            """
        return Content(kind: .product, title: product.name, html: html, product: product, category: product.category)
    }

    private static func card(_ product: Product) -> String {
        """
        <li><a class="card" href="/shop/p/\(product.id)"><span class="stage" aria-hidden="true">\(Drawing.picture(product))</span>
        <span class="name">\(escaped(product.name))</span><span class="small">\(escaped(product.origin))</span><span class="price">\(pounds(product.priceGBP))</span></a></li>
        """
    }

    private static func sentence(for category: Product.Category) -> String {
        switch category {
        case .black: "Fully oxidised, and none the worse for milk."
        case .green: "Cooler water than you think, and less time."
        case .oolong: "Between green and black lies most of the map."
        case .white: "Withered, dried, left alone."
        case .puerh: "Older than the website, in some cases than the web."
        case .herbal: "No tea in it, strictly speaking. We are not strict."
        case .matcha: "Ground between stones at the speed of patience."
        case .teaware: "Things that pour, hold and steep."
        case .gifts: "For people whose shelves you do not know."
        }
    }
}
