extension Shop {
    /// The shopkeeper's mails, as complete bodies for `POST /api/v1/templates`.
    public static var templates: [[UInt8]] {
        [
            template(
                "basket-reminder", "To who left something in the basket.", subject: "Still thinking about {{ event.properties.name | default: \"your tea\" }}?", preheader: "Your basket is where you left it.",
                html: """
                    <h1>Your basket is where you left it</h1>
                    <p>Hello {{ profile.firstName | default: "there" }}, you put {{ event.properties.name | default: "something" }} into your basket. We keep it for you for a week.</p>
                    <p><a href="https://wren.example/shop/cart">See your basket</a></p>
                    """),
            template(
                "welcome", "To who signs up or comes back for the first time.", subject: "Welcome to Wren & Daughters{% if profile.firstName %}, {{ profile.firstName }}{% endif %}", preheader: "How we like to brew.",
                html: """
                    <h1>Welcome{% if profile.firstName %}, {{ profile.firstName }}{% endif %}</h1>
                    <p>Three grams to a cup, water just off the boil, three minutes. Everything else is taste{% if computed.favouriteCategory %}, and yours seems to be {{ computed.favouriteCategory }}{% endif %}.</p>
                    """),
        ]
    }

    /// The shopkeeper's journeys, as YAML for `POST /api/v1/journeys`. A real shop would wait an hour; whoever tries the demo sees the mail while they look.
    public static let journeys = [
        """
        # Who leaves a basket and wants to hear of offers gets one reminder; whoever buys first gets none.
        name: Abandoned basket
        trigger:
          event: '"Product Added"'
        reentry: restart
        holdout: 5%
        goal:
          event: '"Order Completed"'
          revenue: properties.total
          within: 7 days
        steps:
        - id: pause
          wait: 20 seconds
        - id: reminder
          message: basket-reminder
          purpose: email.offers
          topic: baskets
        tests:
        - name: who leaves a basket is reminded once
          story:
          - event: Product Added
            properties: {name: Sencha}
          - after: 19 seconds
            expect: {message: [], step: pause}
          - after: 20 seconds
            expect: {message: basket-reminder}
        - name: who buys in time is not
          story:
          - event: Product Added
            properties: {name: Sencha}
          - after: 10 seconds
            event: Order Completed
            properties: {total: 12.50}
          - expect: {message: [], exit: goal}
        """,
        """
        # What belongs to having an account needs no leave for offers.
        name: Welcome
        trigger:
          event: 'any of ("Signed Up", "Signed In")'
        reentry: once
        steps:
        - id: hello
          message: welcome
          purpose: service
        """,
    ]

    private static func template(_ name: String, _ note: String, subject: String, preheader: String, html: String) -> [UInt8] {
        var json = JSONBytes()
        json.member("{\"name\":", text: name)
        json.member(",\"note\":", text: note)
        json.member(",\"kind\":\"email\",\"parts\":{\"subject\":", text: subject)
        json.member(",\"preheader\":", text: preheader)
        json.member(",\"html\":", text: html)
        json.raw("}}")
        return json.bytes
    }
}
