/// The pages of the counter: basket, checkout, account. Their script fills them in; without it they say what is missing.
extension Storefront {
    static let cart = Content(
        kind: .cart, title: "Your basket",
        html: """
            <h1>Your basket</h1>
            <p data-empty>There is nothing in it yet. <a href="/shop">Look at the shelves</a>.</p>
            <div data-full hidden><ul class="lines" data-lines></ul>
            <dl class="sums" data-sums></dl>
            <p><a class="button" href="/shop/checkout">To the checkout</a></p></div>
            """)

    static let checkout = Content(
        kind: .checkout, title: "Checkout",
        html: """
            <h1>Checkout</h1>
            <p data-empty>Your basket is empty. <a href="/shop">Look at the shelves</a>.</p>
            <div class="columns" data-full hidden>
            <form data-pay>
            \(field("name", "Name", autocomplete: "name"))
            \(field("email", "E-mail", type: "email", autocomplete: "email"))
            \(field("street", "Street and number", autocomplete: "street-address"))
            <div class="two">\(field("postalCode", "Postcode", autocomplete: "postal-code"))\(field("city", "City", autocomplete: "address-level2"))</div>
            \(field("coupon", "Coupon (try WREN10)", isRequired: false))
            <button type="submit">Place the order</button>
            <p class="small">No payment is asked for: the shop is a demonstration.</p>
            </form>
            <aside aria-label="Your basket"><ul class="lines" data-lines></ul><dl class="sums" data-sums></dl></aside>
            </div>
            """)

    static let thanks = Content(
        kind: .thanks, title: "Thank you",
        html: """
            <h1>Thank you.</h1>
            <p class="lead">The kettle is on. Your order <b data-order></b> is noted, as an event; it should be in the console by now.</p>
            <p><a class="button" href="/shop">Back to the shelves</a></p>
            """)

    static let signIn = Content(
        kind: .signIn, title: "Sign in",
        html: """
            <h1>Sign in</h1>
            <p class="lead">Any name and e-mail will do; there is no password. Sign in with the address of somebody from the console,
            such as <code>ada@example.com</code>, to be that person.</p>
            <form class="narrow" data-sign-in>
            \(field("name", "Name", autocomplete: "name"))
            \(field("email", "E-mail", type: "email", autocomplete: "email"))
            <label class="check"><input type="checkbox" name="offers"> Write to me about tea</label>
            <button type="submit">Sign in</button>
            </form>
            """)

    static let account = Content(
        kind: .account, title: "Your account",
        html: """
            <h1>Your account</h1>
            <p data-signed-out>You are not signed in. <a href="/shop/sign-in">Sign in</a>.</p>
            <div class="narrow" data-signed-in hidden>
            <dl class="sums" data-traits></dl>
            <form data-profile>
            <label for="favouriteTea">Favourite tea</label>
            <select id="favouriteTea" name="favouriteTea">\(Catalogue.teas.map { "<option>\(escaped($0.name))</option>" }.joined())</select>
            <label class="check"><input type="checkbox" name="offers"> Write to me about tea</label>
            <button type="submit">Save</button>
            <p class="said" role="status" data-said></p>
            </form>
            <p><button type="button" class="quiet" data-sign-out>Sign out</button></p>
            </div>
            """)

    static let missing = Content(
        kind: .missing, title: "Not on our shelves",
        html: """
            <h1>Not on our shelves.</h1>
            <p class="lead">There is no such page. Perhaps it was drunk. <a href="/shop">Look at what there is</a>.</p>
            """)

    private static func field(
        _ name: String, _ label: String, type: String = "text", autocomplete: String = "off", isRequired: Bool = true
    ) -> String {
        """
        <div class="field"><label for="\(name)">\(label)</label>
        <input id="\(name)" name="\(name)" type="\(type)" autocomplete="\(autocomplete)" maxlength="120"\(isRequired ? " required" : "")></div>
        """
    }
}
