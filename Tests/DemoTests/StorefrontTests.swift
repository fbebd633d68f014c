import Testing

@testable import Demo

@Suite("The storefront")
struct StorefrontTests {
    static let paths =
        ["/shop", "/shop/", "/shop/cart", "/shop/checkout", "/shop/thanks", "/shop/sign-in", "/shop/account"]
        + Product.Category.allCases.map { "/shop/c/\($0.slug)" } + Catalogue.products.map { "/shop/p/\($0.id)" }

    @Test("every page answers, with a title, one heading and a landmark", arguments: paths)
    func pages(path: String) {
        let answer = Storefront.answer(path: path, writeKey: "wk_demo", host: "")
        #expect(answer.status == 200)
        #expect(answer.body.ranges(of: "<h1>").count == 1)
        #expect(answer.body.contains("<main id=\"main\">"))
        #expect(answer.body.contains("data-write-key=\"wk_demo\""))
    }

    @Test("no page needs an inline script, style or handler", arguments: paths)
    func policy(path: String) {
        let html = Storefront.page(path: path, writeKey: "wk_demo", host: "https://data.wren.example")
        #expect(!html.contains(" style="))
        #expect(!html.contains("<style"))
        #expect(html.ranges(of: "<script").count == html.ranges(of: "<script src=").count)
        #expect(!html.contains(" onclick=") && !html.contains(" onsubmit=") && !html.contains("javascript:"))
    }

    @Test("each link of a page leads to a page", arguments: paths.prefix(16))
    func links(path: String) {
        let html = Storefront.page(path: path, writeKey: "wk_demo", host: "")
        for part in html.split(separator: "href=\"/shop").dropFirst() {
            let target = "/shop" + part.prefix { $0 != "\"" }
            #expect(Storefront.answer(path: target, writeKey: "", host: "").status == 200, "\(target)")
        }
    }

    @Test("what is not there says so", arguments: ["/shop/p/coffee", "/shop/c/coffee", "/shop/p/", "/shop/cart/x", "/shop/p/<script>"])
    func missing(path: String) {
        let answer = Storefront.answer(path: path, writeKey: "wk_demo", host: "")
        #expect(answer.status == 404)
        #expect(!answer.body.contains("<script>"))
    }

    @Test("a hostile key or host stays within its attribute")
    func escaping() {
        let html = Storefront.page(path: "/shop", writeKey: "\"><b>", host: "\"><i>")
        #expect(!html.contains("\"><b>") && !html.contains("\"><i>"))
    }

    @Test("the shelves hold sixty things with names of their own")
    func catalogue() {
        #expect(Catalogue.products.count == 60)
        #expect(Set(Catalogue.products.map(\.id)).count == 60)
        #expect(Catalogue.products.allSatisfy { $0.priceGBP > 0 && $0.priceEUR > $0.priceGBP && $0.color.count == 6 })
    }
}
