extension Shop {
    /// The shopkeeper's journeys: their names, and complete bodies for `POST /api/v1/journeys`. They send the templates of ``messageTemplates``.
    ///
    /// Whoever leaves a basket is reminded after half a minute, so that a visitor who looks around sees it happen.
    public static var journeys: [(name: String, body: [UInt8])] { [("Abandoned basket", abandonedCart), ("Welcome", welcome)].map { ($0, journey($0, $1)) } }

    /// The purpose of the shop's mails, as its page asks for it.
    public static let offers = "email.offers"

    /// As a complete body for `PUT /api/v1/consent-settings`.
    public static var consentSettings: [UInt8] {
        Array(
            """
            {"purposes": [{"name": "\(offers)", "titles": {"en": "Offers by e-mail", "es": "Ofertas por correo", "tr": "E-postayla fırsatlar"}, "wording": "1"}], "channels": ["email"], "topics": [
              {"name": "baskets", "purpose": "\(offers)", "titles": {"en": "What waits in my basket", "es": "Lo que espera en mi cesta", "tr": "Sepetimde bekleyenler"}},
              {"name": "welcome", "purpose": "\(offers)", "titles": {"en": "Getting to know the shop", "es": "Conocer la tienda", "tr": "Dükkânı tanımak"}}]}
            """.utf8)
    }

    /// As complete bodies for `POST /api/v1/templates`.
    public static var messageTemplates: [[UInt8]] {
        [
            template(
                "cart-reminder", "{{ profile.firstName | default: 'Your basket' }}, your tea is still here",
                """
                <h1>Your basket is where you left it</h1><p>{{ event.properties.name | default: 'Your tea' }} waits for you. The kettle can go on as soon as it arrives.</p>\
                {% if event.context.page.url contains '/shop' %}{% assign shop = event.context.page.url | split: '/shop' | first %}<p><a href="{{ shop }}/shop/cart">Back to your basket</a></p>{% endif %}
                """),
            template(
                "welcome", "Welcome to Wren & Daughters",
                "<h1>Hello {{ profile.firstName | default: 'and welcome' }}</h1><p>Thank you for joining us. Every parcel ships the same day, and the first flush comes in April.</p>"),
            template(
                "second-cup", "A second cup?",
                "<h1>How was the first cup?</h1><p>{{ profile.firstName | default: 'Friend' }}, tell us what you like, and we find the next one with you.</p>"),
        ]
    }

    private static let abandonedCart = """
        # Who puts something into a basket and does not pay is reminded once.
        note: Somebody put tea into a basket and left it.
        trigger:
          inaction: '"Product Added"'
          without: '"Order Completed"'
          within: 30 seconds
        reentry: idle
        zone: Europe/London
        holdout: 5%
        goal:
          event: '"Order Completed"'
          revenue: properties.total
          within: 7 days
        steps:
        - id: reminder
          message: cart-reminder
          purpose: email.offers
          topic: baskets
          expires: 1 day
        - id: bought
          wait:
            until:
            - event: '"Order Completed"'
              then:
              - exit: bought
            timeout: 3 days
          otherwise:
          - trait: {leftBasket: true}
        tests:
        - name: who forgets the basket is reminded once
          story:
          - event: Product Added
            properties: {name: Oolong}
          - after: 29 seconds
            expect: {message: []}
          - after: 2 minutes
            expect: {message: cart-reminder, step: bought}
        - name: who pays at once is left alone
          story:
          - event: Product Added
          - after: 10 seconds
            event: Order Completed
          - after: 1 hour
            expect: {message: []}

        """

    private static let welcome = """
        # New people are welcomed, and asked how they like it when they have not ordered.
        note: The first fortnight of somebody who has signed up.
        trigger:
          event: 'any of ("Signed Up", "Signed In")'
        reentry: once
        zone: Europe/London
        holdout: 5%
        goal:
          event: '"Order Completed"'
          revenue: properties.total
          within: 14 days
          ends: false
        steps:
        # Whoever signs in says in the next moment whether they want to hear of offers.
        - id: moment
          wait: 5 seconds
        - id: hello
          message: welcome
          purpose: email.offers
          topic: welcome
        - id: week
          wait: 7 days
        - id: morning
          wait: {at: "09:30", on: [tue, wed, thu]}
        - id: ordered
          branch:
          - if: did "Order Completed" in last 14 days
            then:
            - exit: ordered
        - id: second
          message: second-cup
          purpose: email.offers
          topic: welcome
        tests:
        - name: who has not ordered is asked a week later, on a weekday at half past nine
          traits: {timezone: Europe/London}
          start: 2026-05-04T10:00:00Z
          story:
          - event: Signed Up
          - after: 5 seconds
            expect: {message: welcome, step: week}
          - after: 8 days
            expect: {message: second-cup, exit: finished}

        """

    private static func journey(_ name: String, _ yaml: String) -> [UInt8] {
        var json = JSONBytes()
        json.member("{\"yaml\":", text: "name: \(name)\n" + yaml)
        json.raw("}")
        return json.bytes
    }

    private static func template(_ name: String, _ subject: String, _ html: String) -> [UInt8] {
        var json = JSONBytes()
        json.member("{\"name\":", text: name)
        json.raw(",\"kind\":\"email\",\"parts\":{")
        json.member("\"subject\":", text: subject)
        json.member(",\"html\":", text: html)
        json.raw("}}")
        return json.bytes
    }
}
