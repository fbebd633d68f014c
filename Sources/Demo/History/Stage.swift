/// Where episodes become events: it keeps the clock and the identity of the one that plays, and writes.
struct Stage: Sendable {
    let cast: Cast
    /// Parts the messageIds of one telling from another's: empty for the history, the start for a trickle.
    let run: String
    var arena = EventArena()

    // Of the episode that plays.
    var random: Random
    var clock: Int64 = 0
    var person: Person
    var isSignedIn = false
    private var anonymousID: String?
    private var idBeginning = ""
    private var step = 0
    private var surroundings = JSONBytes()

    /// A page of the shop as an event's context shows it.
    struct Page {
        let path: String
        let title: String
        var referrer: String?
        var campaign: Campaign?
    }

    struct Campaign {
        let source: String
        let medium: String
        let name: String
    }

    init(cast: Cast, run: String = "") {
        self.cast = cast
        self.run = run
        random = Random(seed: cast.seed)
        person = cast.person(0)
    }

    /// Takes what was written so far and leaves the stage empty.
    mutating func takeEvents() -> EventArena {
        let written = arena
        arena = EventArena(capacity: written.json.count)
        return written
    }

    mutating func perform(_ episode: Episode) {
        if person.number != Int(episode.person) { person = cast.person(Int(episode.person)) }
        random = Random(seed: cast.seed, person.number, 100_000 + Int(episode.ordinal))
        clock = episode.start
        step = 0
        let kind = person.userID == nil ? "v" : "u"
        idBeginning = "wd\(run)-\(cast.seed)-\(kind)\(person.number + 1)-\(episode.ordinal)-"
        switch episode.kind {
        case .browse, .fillCart, .beginCheckout, .order:
            let device = person.devices[Int(episode.device) % person.devices.count]
            anonymousID = device.anonymousID
            isSignedIn = episode.standing == .known
            surroundings = browser(of: device)
            playVisit(episode)
        case .refund, .supportTicket, .openNewsletter, .clickNewsletter, .unsubscribe:
            // The shop's own programs report these; they know accounts, not browsers.
            anonymousID = nil
            isSignedIn = true
            surroundings = backOffice()
            playBackOffice(episode)
        }
    }

    /// Writes one event at the clock's time.
    ///
    /// - Parameters:
    ///   - head: its type, and its name where it has one, as members of the event's object.
    ///   - body: writes the properties or traits, beginning with a comma.
    mutating func say(_ head: StaticString, on page: Page? = nil, _ body: (inout JSONBytes) -> Void) {
        let start = arena.json.count
        arena.json.raw("{")
        arena.json.raw(head)
        arena.json.member(",\"messageId\":", text: idBeginning + String(step))
        arena.json.raw(",\"timestamp\":")
        arena.json.instant(clock)
        if let anonymousID { arena.json.member(",\"anonymousId\":", text: anonymousID) }
        if isSignedIn, let userID = person.userID { arena.json.member(",\"userId\":", text: userID) }
        body(&arena.json)
        arena.json.raw(",\"context\":{")
        arena.json.raw(surroundings.bytes)
        if let page { write(page) }
        arena.json.raw("}}")
        arena.close(from: start, time: clock)
        step += 1
    }

    /// Lets `seconds` pass, with a fraction.
    mutating func wait(_ seconds: ClosedRange<Int>) {
        clock += Int64(random.between(seconds.lowerBound * 1000, seconds.upperBound * 1000))
    }

    private mutating func write(_ page: Page) {
        arena.json.member(",\"page\":{\"path\":", text: page.path)
        arena.json.member(",\"title\":", text: page.title)
        arena.json.member(",\"url\":", text: "https://wren.example" + page.path)
        arena.json.member(",\"referrer\":", text: page.referrer ?? "")
        arena.json.raw("}")
        guard let campaign = page.campaign else { return }
        arena.json.member(",\"campaign\":{\"source\":", text: campaign.source)
        arena.json.member(",\"medium\":", text: campaign.medium)
        arena.json.member(",\"name\":", text: campaign.name)
        arena.json.raw("}")
    }

    private func browser(of device: Person.Device) -> JSONBytes {
        var json = JSONBytes(capacity: 512)
        // Addresses for documentation only (RFC 5737).
        json.member("\"ip\":", text: "203.0.113.\(person.number % 250 + 1)")
        json.member(",\"locale\":", text: person.region.locale)
        json.member(",\"timezone\":", text: person.region.timeZone)
        json.raw(",\"userAgent\":")
        json.raw(device.model.userAgent)
        json.raw(",\"screen\":")
        json.raw(device.model.screen)
        json.raw(",\"library\":{\"name\":\"martlet.js\",\"version\":\"1.0.0\"}")
        // One in thirty browsers sends the signal; one in five visitors leaves the consent bar unanswered.
        if person.number % 30 == 7 { json.raw(",\"gpc\":true") }
        if person.number % 5 != 3 { writeConsent(&json) }
        return json
    }

    private func backOffice() -> JSONBytes {
        var json = JSONBytes(capacity: 128)
        json.raw("\"library\":{\"name\":\"wren-back-office\",\"version\":\"3.2.0\"}")
        json.member(",\"locale\":", text: person.region.locale)
        return json
    }

    func writeConsent(_ json: inout JSONBytes) {
        json.raw(",\"consent\":{\"categoryPreferences\":{\"analytics\":")
        json.raw(person.number % 9 == 4 ? "false" : "true")
        json.raw(",\"email.offers\":")
        json.raw(person.acceptsOffers && person.userID != nil ? "true}}" : "false}}")
    }
}

extension Person.Device.Model {
    var userAgent: StaticString {
        switch self {
        case .iPhone: "\"Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1\""
        case .android: "\"Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Mobile Safari/537.36\""
        case .windows: "\"Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0\""
        case .mac: "\"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15\""
        case .tablet: "\"Mozilla/5.0 (iPad; CPU OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1\""
        }
    }

    var screen: StaticString {
        switch self {
        case .iPhone: "{\"width\":393,\"height\":852,\"density\":3}"
        case .android: "{\"width\":412,\"height\":915,\"density\":2.625}"
        case .windows: "{\"width\":1920,\"height\":1080,\"density\":1}"
        case .mac: "{\"width\":1512,\"height\":982,\"density\":2}"
        case .tablet: "{\"width\":820,\"height\":1180,\"density\":2}"
        }
    }
}
