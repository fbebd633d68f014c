/// Signing up and in, and what the shop's own programs report of an account.
extension Stage {
    /// The visitor says who they are; from here on the browser knows.
    mutating func comeIn(_ episode: Episode) {
        wait(10...60)
        let page = Page(path: "/shop/sign-in", title: "Sign in · Wren & Daughters")
        say("\"type\":\"page\"", on: page) { json in
            json.raw(",\"name\":\"Sign in\",\"properties\":{\"path\":\"/shop/sign-in\",\"title\":\"Sign in · Wren & Daughters\"}")
        }
        wait(15...90)
        isSignedIn = true
        // Whoever signed up in the ninety days has told it then, and says nothing different later.
        let createdAt = episode.standing == .signsUp ? clock : person.isNew ? nil : oldAccountCreatedAt
        let person = person
        say("\"type\":\"identify\"", on: page) { json in Self.write(person, createdAt: createdAt, to: &json) }
        clock += 40
        if episode.standing == .signsUp {
            say("\"type\":\"track\",\"event\":\"Signed Up\"", on: page) { json in
                json.raw(",\"properties\":{\"plan\":")
                json.text(Self.plan(of: person))
                json.raw("}")
            }
            clock += 20
            say("\"type\":\"track\",\"event\":\"Segment Consent Preference Updated\"", on: page) { json in
                json.raw(",\"properties\":{\"email.offers\":")
                json.raw(person.acceptsOffers ? "true}" : "false}")
            }
        } else {
            say("\"type\":\"track\",\"event\":\"Signed In\"", on: page) { json in json.raw(",\"properties\":{}") }
        }
        if let cafe = person.cafe { join(cafe, on: page) }
        wait(3...20)
    }

    /// Between 2020 and the end of 2023, whatever day it is now: an account's age may not depend on the visit that tells it.
    private var oldAccountCreatedAt: Int64 {
        1_577_836_800_000 + Int64(person.number * 7919 % 1400) * Calendar.dayMs + Int64(person.number * 104_729 % 86_400_000)
    }

    static func plan(of person: Person) -> String {
        person.cafe != nil ? "wholesale" : person.habit == .club ? "tea club" : "guest"
    }

    private mutating func join(_ cafe: Cafe, on page: Page) {
        clock += 60
        let person = person
        say("\"type\":\"group\"", on: page) { json in
            json.member(",\"groupId\":", text: cafe.id)
            json.member(",\"traits\":{\"name\":", text: cafe.name)
            json.member(",\"industry\":", text: cafe.industry)
            json.member(",\"employees\":", integer: cafe.employees)
            json.raw(",\"plan\":\"wholesale\"")
            if let parentID = cafe.parentID { json.member(",\"parentId\":", text: parentID) }
            json.member(",\"role\":", text: person.role)
            Self.writeAddress(of: person, to: &json)
            json.raw("}")
        }
    }

    private static func write(_ person: Person, createdAt: Int64?, to json: inout JSONBytes) {
        json.member(",\"traits\":{\"email\":", text: person.email)
        json.member(",\"firstName\":", text: person.firstName)
        json.member(",\"lastName\":", text: person.lastName)
        json.member(",\"phone\":", text: person.phone)
        if let birthday = person.birthday { json.member(",\"birthday\":", text: birthday) }
        json.member(",\"plan\":", text: plan(of: person))
        json.member(",\"favouriteTea\":", text: person.favouriteTea.name)
        if let createdAt {
            json.raw(",\"createdAt\":")
            json.instant(createdAt)
        }
        if let cafe = person.cafe {
            json.member(",\"company\":{\"id\":", text: cafe.id)
            json.member(",\"name\":", text: cafe.name)
            json.raw("}")
        }
        writeAddress(of: person, to: &json)
        json.raw("}")
    }

    private static func writeAddress(of person: Person, to json: inout JSONBytes) {
        json.member(",\"address\":{\"street\":", text: person.street)
        json.member(",\"city\":", text: person.city.name)
        json.member(",\"postalCode\":", text: person.city.postcode)
        json.member(",\"country\":", text: person.region.country)
        json.raw("}")
    }

    /// A parcel sent back, a question, a newsletter; `episode.device` says which order or issue it is about.
    mutating func playBackOffice(_ episode: Episode) {
        let issue = Int(episode.device)
        switch episode.kind {
        case .refund:
            let basket = Basket(of: person, ordinal: issue, run: run, seed: cast.seed)
            say("\"type\":\"track\",\"event\":\"Order Refunded\"") { json in
                json.raw(",\"properties\":{")
                Self.write(basket, to: &json)
                json.raw("}")
            }
        case .supportTicket:
            let subject = random.pick(["Parcel is late", "A dented tin", "Which water for gyokuro?", "Change my address", "Invoice for the café"])
            let priority = random.pick(["low", "normal", "normal", "high"])
            let ticket = "T-\(person.number + 1)-\(episode.ordinal)"
            say("\"type\":\"track\",\"event\":\"Support Ticket Opened\"") { json in
                json.member(",\"properties\":{\"ticket_id\":", text: ticket)
                json.member(",\"subject\":", text: subject)
                json.member(",\"priority\":", text: priority)
                json.raw("}")
            }
        case .openNewsletter:
            tellOfNewsletter("\"type\":\"track\",\"event\":\"Email Opened\"", issue)
        case .clickNewsletter:
            tellOfNewsletter("\"type\":\"track\",\"event\":\"Email Opened\"", issue)
            wait(3...60)
            tellOfNewsletter("\"type\":\"track\",\"event\":\"Email Link Clicked\"", issue)
        case .unsubscribe:
            tellOfNewsletter("\"type\":\"track\",\"event\":\"Email Opened\"", issue)
            wait(5...90)
            tellOfNewsletter("\"type\":\"track\",\"event\":\"Unsubscribed\"", issue)
        case .browse, .fillCart, .beginCheckout, .order:
            preconditionFailure("a visit is played by playVisit")
        }
    }

    private mutating func tellOfNewsletter(_ head: StaticString, _ issue: Int) {
        let recipient = person.email
        say(head) { json in
            json.member(",\"properties\":{\"campaign_id\":", text: "thursday-letter-\(issue + 1)")
            json.raw(",\"campaign_name\":\"Thursday letter\"")
            json.member(",\"email_id\":", text: recipient)
            json.raw("}")
        }
    }
}
