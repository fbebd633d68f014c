extension Storefront {
    /// Head and foot of every page.
    struct Frame {
        let writeKey: String
        let host: String
        let consoleSearch: String

        func html(around content: Content) -> String {
            """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="theme-color" content="#f8f3e9">
            <title>\(escaped(content.title)) · Wren &amp; Daughters</title>
            <link rel="icon" href="data:,">
            <link rel="stylesheet" href="/shop/assets/shop.css">
            <script src="\(escaped(host))/martlet.js" data-write-key="\(escaped(writeKey))"\(host.isEmpty ? "" : " data-host=\"\(escaped(host))\"") defer></script>
            <script src="/shop/assets/shop.js" defer></script>
            </head>
            <body data-page="\(content.kind.rawValue)" data-title="\(escaped(content.title))" data-console="\(escaped(consoleSearch))"\(facts(of: content))>
            <a class="skip" href="#main">Skip to the shelves</a>
            <header class="top">
            <a class="brand" href="/shop">\(Drawing.wren)<span>Wren <i>&amp;</i> Daughters</span></a>
            <nav aria-label="Account and basket">
            <a href="/shop/sign-in" data-account>Sign in</a>
            <a href="/shop/cart">Basket <b class="count" data-count hidden></b></a>
            </nav>
            </header>
            \(shelves(content.category))
            <main id="main">
            \(content.html)
            </main>
            <footer>
            <p class="small">Wren &amp; Daughters sells tea to nobody: it is the demonstration shop of Martlet. Nothing is charged and nothing is posted.</p>
            <p class="small" data-who hidden>You are <code data-anonymous-id></code><span data-gpc hidden>, and your browser asks not to be followed (GPC)</span>.
            <a data-console-link href="/shop">See yourself in the console</a>.
            <button class="plain" type="button" data-consent-open>Your choices</button></p>
            <noscript><p class="small">The basket needs JavaScript.</p></noscript>
            </footer>
            <section class="consent" data-consent hidden aria-label="Your choices">
            <p>We count what you look at. May we go on, and may we write to you about tea?</p>
            <div><button type="button" data-answer="both">Both are fine</button><button type="button" class="quiet" data-answer="count">Only count</button><button type="button" class="quiet" data-answer="none">Neither</button></div>
            </section>
            </body>
            </html>
            """
        }

        private func shelves(_ current: Product.Category?) -> String {
            let links = Product.Category.allCases.map { category in
                let mark = category == current ? " aria-current=\"page\"" : ""
                return "<a href=\"/shop/c/\(category.slug)\"\(mark)>\(escaped(category.rawValue))</a>"
            }
            return "<nav class=\"shelves\" aria-label=\"Shelves\">\(links.joined())</nav>"
        }

        /// What the script sends along, as attributes, for the pages allow no inline script.
        private func facts(of content: Content) -> String {
            var facts = ""
            if let category = content.category { facts += " data-category=\"\(escaped(category.rawValue))\" data-list=\"\(category.slug)\"" }
            if let product = content.product {
                facts += " data-product-id=\"\(escaped(product.id))\" data-name=\"\(escaped(product.name))\""
                facts += " data-pence=\"\(product.priceGBP)\" data-color=\"\(product.color)\""
            }
            return facts
        }
    }
}
