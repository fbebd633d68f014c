import Access
import HTTPTypes
import Privacy
import Profiles
import Vocabulary

/// Consent: what people said about purposes, channels and topics, how we know it, and whether a message may be sent.
struct ConsentRoutes: Sendable {
    let server: MartletServer
    static let bodyMaximum = 64 << 20

    static let statement = Shape.named(
        "ConsentStatement",
        .object([
            "purpose": .text, "channel": .described("Empty for every one.", .text), "topic": .described("Empty for every one.", .text),
            "account": .described("The groupId for which they speak; null for themselves, `*` for whomever they act.", .orNull(.text)), "state": .choice(["granted", "withdrawn", "paused"]),
            "until": .orNull(.time), "at": .described("When it was said.", .time), "recordedAt": .described("When it was written down.", .orNull(.time)), "basis": .text, "wording": .text,
            "proof": .text, "source": .text, "frequency": .text, "messageId": .described("Of the event that says so.", .orNull(.text)),
        ]))
    static let decision: Members = [
        "permitted": .boolean, "reason": .choice(ConsentDecision.Reason.allCases.map(\.rawValue)),
        "frequency": .described("How often at most the person wants to hear, as they chose it last; empty where they did not.", .text), "statement": .described("The one that decided; null where none did.", .orNull(statement)),
    ]
    private static let person: Members = ["profileId": .optional(.text), "userId": .optional(.text), "anonymousId": .optional(.text), "email": .optional(.text), "externalId": .optional(.text)]
    private static let said: Members = [
        "purpose": .text, "channel": .optional(.text), "topic": .optional(.text), "account": .optional(.text), "state": .choice(["granted", "withdrawn", "paused"]), "until": .optional(.time),
        "at": .optional(.time), "basis": .optional(.text), "wording": .optional(.text), "proof": .optional(.text), "frequency": .optional(.choice(ConsentSettings.frequencies)),
    ]
    private static let refusals: Members = [
        "refused": .integer, "refusedLines": .described("The first 100; the header of a file is line 1.", .list(.object(["line": .integer, "code": .text, "message": .text, "remedy": .text]))),
    ]

    var routes: [Route] {
        [
            Route(
                .get, "/api/v1/profiles/{id}/consents", .scope(.consentRead), "Everything that a person said about consent, newest first.",
                [RouteParameter("as_of", .time, "Only what had been said by then."), RouteParameter("limit", .integer(1...1000), "How many at most; 200 unless told.")],
                answers: .json(.object(["consents": .list(Self.statement)]))
            ) { call in
                let place = try call.place
                guard let profile = try place.profiles.reader(for: .service).profile(id: call.parameter("id")) else { throw ReadRoutes.noProfile }
                let all = try place.ledger.history(of: profile.identifiers, asOf: try call.time("as_of") ?? .latest, limit: try call.integer("limit", in: 1...1000, default: 200))
                return Reply { w in
                    w.object { w in
                        w.key("consents")
                        w.array { w in for statement in all { Self.write(statement, place, &w) } }
                    }
                }
            },
            Route(
                .post, "/api/v1/consents", .scope(.consentWrite),
                "Write down what people said, as JSON or as a CSV file with a header. It is in force when this answers. A file with the columns userId, anonymousId or email, purpose, state, and any of channel, topic, account, until, basis, wording, proof, frequency, at.",
                takes: RouteBody(
                    types: ["application/json", "text/csv"], shape: .object(["consents": .list(.object(Members(list: Self.person.list.dropFirst() + Self.said.list)))]), isRequired: true,
                    example: "{\"consents\": [{\"userId\": \"u1\", \"purpose\": \"marketing\", \"channel\": \"email\", \"topic\": \"offers\", \"state\": \"granted\", \"wording\": \"2026-03\", \"proof\": \"form 17\"}]}", refusesKinds: false),
                answers: .json(.object(Members(list: [("recorded", .integer)] + Self.refusals.list)))
            ) { try await record($0) },
            Route(
                .post, "/api/v1/consents/decide", .scope(.consentRead), "Whether a person may be sent a message now, and why; at an instant, what their statements came to then. For an account, only its members at that moment may.",
                takes: .json(
                    .object(Members(list: Self.person.list + [
                        ("purpose", .text), ("channel", .text), ("topic", .optional(.text)), ("account", .optional(.text)), ("address", .optional(.described("Where it would go.", .text))),
                        ("asOf", .optional(.time)),
                    ])), example: "{\"userId\": \"u1\", \"purpose\": \"marketing\", \"channel\": \"email\", \"topic\": \"offers\"}"),
                answers: .json(.object(Self.decision))
            ) { try await decide($0) },
            Route(.get, "/api/v1/consent-settings", .scope(.consentRead), "Purposes, channels and topics, as the preference page shows them.", answers: .json(Self.settings)) { try Self.answerSettings($0) },
            Route(
                .put, "/api/v1/consent-settings", .scope(.consentWrite), "Change purposes, channels and topics, all of them; with the header If-Match, only that version.", takes: .json(Self.settings), answers: .json(Self.settings)
            ) { call in
                guard let settings = ConsentSettings(try await call.json()) else { throw Refusal(400, "consent.settings", "The settings are not of this shape.", remedy: "Take what GET answers, and change it.") }
                if let fault = settings.fault { throw Refusal(400, fault.code, fault.problem, remedy: fault.remedy) }
                try call.replacing { seen in try call.place.consentSettings.save(settings, replacing: seen, author: AdminRoutes.author(call), at: Clock.now()) }
                return try Self.answerSettings(call)
            },
            Route(
                .post, "/api/v1/profiles/{id}/preference-link", .scope(.consentWrite), "The addresses at which a person chooses what they get, and leaves with one click. They name nobody and cannot be made for another.",
                takes: .json(.object(["purpose": .optional(.text), "channel": .optional(.text), "topic": .optional(.text), "account": .optional(.text)]), isRequired: false),
                answers: .json(.object([
                    "preferences": .text, "unsubscribe": .text,
                    "headers": .described("For a mail, RFC 8058.", .object(["List-Unsubscribe": .text, "List-Unsubscribe-Post": .text])),
                ]))
            ) { try await links($0) },
        ] + suppressions
    }

    private static let settings = Shape.named(
        "ConsentSettings",
        .object([
            "version": .optional(.described("0 before anybody changed them.", .integer)),
            "purposes": .list(.object(["name": .text, "titles": .optional(.map(.text)), "wording": .optional(.described("Kept with every statement made on the page.", .text))])), "channels": .list(.text),
            "topics": .list(.object(["name": .text, "purpose": .text, "titles": .optional(.map(.text))])),
        ]))

    private static func answerSettings(_ call: Call) throws -> Reply {
        let store = try call.place.consentSettings
        let (version, settings) = (try store.version(), try store.current())
        return Reply { w in
            w.object { w in
                w.member("version", version)
                settings.write(&w)
            }
        }
    }

    private var suppressions: [Route] {
        [
            Route(
                .post, "/api/v1/suppressions", .scope(.consentWrite), "Suppress an address: nothing more is sent there, whoever it belongs to. Only a keyed hash is kept, and it outlives erasure.",
                takes: .json(.object(["address": .text, "reason": .optional(.choice(ConsentLedger.AddressReason.allCases.map(\.rawValue)))]), example: "{\"address\": \"ada@wren.example\"}"), answers: .json(.success)
            ) { call in
                let json = try await call.json()
                let reason = ConsentLedger.AddressReason(rawValue: json["reason"]?.string ?? "manual")
                guard let reason else { throw Refusal(400, "request.parameter", "`reason` must be one of \(ConsentLedger.AddressReason.allCases.map(\.rawValue).joined(separator: ", ")).", remedy: "Correct it.") }
                try call.place.ledger.suppress(address: try Self.address(json), reason, at: Clock.now())
                return Reply { w in w.object { $0.member("success", true) } }
            },
            Route(
                .post, "/api/v1/suppressions/lookup", .scope(.consentRead), "Whether an address is suppressed.", takes: .json(.object(["address": .text])),
                answers: .json(.object(["suppressed": .boolean, "reason": .orNull(.text), "at": .orNull(.time)]))
            ) { call in
                let found = try call.place.ledger.suppression(ofAddress: try Self.address(try await call.json()))
                return Reply { w in
                    w.object { w in
                        w.member("suppressed", found != nil)
                        w.member("reason", found?.reason)
                        w.member("at", found?.at)
                    }
                }
            },
            Route(.delete, "/api/v1/suppressions", .scope(.consentWrite), "Let messages go to an address again.", takes: .json(.object(["address": .text])), answers: .json(.success)) { call in
                guard try call.place.ledger.unsuppress(address: try Self.address(try await call.json())) else {
                    throw Refusal(404, "consent.not-suppressed", "This address is not suppressed.", remedy: "Look it up with POST /api/v1/suppressions/lookup.")
                }
                return Reply { w in w.object { $0.member("success", true) } }
            },
        ]
    }

    private static func address(_ json: JSONText) throws -> String {
        guard let address = json["address"]?.string, !address.isEmpty, address.utf8.count <= 512 else { throw Refusal(400, "request.parameter", "`address` must be a text.", remedy: "Send {\"address\": \"ada@wren.example\"}.") }
        return try Workspace.mailAddress(address).text
    }

    // MARK: - Writing down

    private func record(_ call: Call) async throws -> Reply {
        let place = try call.place
        let now = Clock.now()
        let reading: ConsentReading
        if (call.request.headers[.contentType] ?? "").lowercased().hasPrefix("text/csv") {
            let bytes = Array(try await call.body(maximum: Self.bodyMaximum).readableBytesView)
            reading = try await server.heavy.run { try ConsentReading(csv: bytes, suppression: place.suppression, now: now) }
        } else {
            reading = try ConsentReading(json: try await call.json(maximum: Self.bodyMaximum), source: "api", suppression: place.suppression, now: now)
        }
        try await server.heavy.run {
            try place.state(place.sayings(reading.entries), at: now)
        }
        // Of one moment the strictest stands; whoever has the answer and says otherwise says it later.
        try await Clock.pass(now)
        return Reply { w in
            w.object { w in
                w.member("recorded", reading.entries.count)
                w.member("refused", reading.refusedCount)
                w.key("refusedLines")
                w.array { w in
                    for line in reading.refused {
                        w.object { w in
                            w.member("line", line.line)
                            w.member("code", line.reason.code)
                            w.member("message", line.reason.problem)
                            w.member("remedy", line.reason.remedy)
                        }
                    }
                }
            }
        }
    }

    // MARK: - Asking

    /// Who is asked about: everything that the profile is known by, or the identifiers themselves where nobody has met them yet.
    private static func identifiers(_ json: JSONText, _ place: Workspace) throws -> [Identifier] {
        if let id = json["profileId"]?.string { return try place.profiles.reader(for: .service).profile(id: id)?.identifiers ?? [] }
        return place.known(ConsentReading.identifiers(json))
    }

    private func decide(_ call: Call) async throws -> Reply {
        let place = try call.place
        let json = try await call.json()
        guard let purpose = json["purpose"]?.string, ConsentLimits.isName(purpose) else { throw Refusal(400, "request.parameter", "`purpose` must be a name.", remedy: "Send {\"purpose\": \"marketing\"}.") }
        // What is no text must not count as left out: that would be another question.
        func text(_ name: String) throws -> String? {
            guard let member = json[name], !member.isNull else { return nil }
            guard let text = member.string else { throw Refusal(400, "request.parameter", "`\(name)` must be a text.", remedy: "Leave it out, or write it as a text.") }
            return text
        }
        for name in ["profileId", "userId", "anonymousId", "email", "externalId"] { _ = try text(name) }
        let identifiers = try Self.identifiers(json, place)
        let account = try text("account") ?? ""
        let question = ConsentQuestion(
            ConsentPurpose(purpose), channel: try text("channel") ?? "", topic: try text("topic") ?? "", context: account.isEmpty ? .personal : .account(account), address: try text("address"))
        let decision: ConsentDecision
        if let text = json["asOf"], !text.isNull {
            guard let asOf = text.string.flatMap({ Timestamp($0) }) else { throw Refusal(400, "request.parameter", "`asOf` is not a time.", remedy: "Write it as 2026-07-01T00:00:00Z.") }
            decision = try place.ledger.decision(on: question.scope, of: identifiers, address: question.address, asOf: asOf)
        } else { decision = try place.ledger.decide(question, for: identifiers, now: Clock.now()) }
        return Reply { w in
            w.object { w in
                w.member("permitted", decision.isPermitted)
                w.member("reason", decision.reason.rawValue)
                w.member("frequency", decision.frequency)
                w.key("statement")
                if let statement = decision.statement { Self.write(statement, place, &w) } else { w.null() }
            }
        }
    }

    private func links(_ call: Call) async throws -> Reply {
        let place = try call.place
        guard let profile = try place.profiles.reader(for: .service).profile(id: call.parameter("id")) else { throw ReadRoutes.noProfile }
        let json = try await call.jsonIfAny()
        let purpose = json["purpose"]?.string ?? ConsentPurpose.everyMessage.name
        let (channel, topic, account) = (json["channel"]?.string ?? "", json["topic"]?.string ?? "", json["account"]?.string ?? "")
        guard purpose == "*" || ConsentLimits.isName(purpose), [channel, topic].allSatisfy({ $0.isEmpty || ConsentLimits.isName($0) }), account.utf8.count <= ConsentLimits.text else {
            throw Refusal(400, "request.parameter", "`purpose`, `channel` and `topic` must be names.", remedy: "Correct the body.")
        }
        let scope = ConsentScope(ConsentPurpose(purpose), channel: channel, topic: topic, context: account.isEmpty ? .personal : .account(account))
        let links = PreferenceRoutes.links(place.preferenceLink(profile, scope), place, host: Visitor(call).host)
        return Reply { w in
            w.object { w in
                w.member("preferences", links.preferences)
                w.member("unsubscribe", links.unsubscribe)
                w.key("headers")
                w.object { w in
                    w.member("List-Unsubscribe", "<\(links.unsubscribe)>")
                    w.member("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")
                }
            }
        }
    }

    static func write(_ statement: ConsentStatement, _ place: Workspace, _ w: inout JSONWriter) {
        let event = statement.position.flatMap { try? place.log.read($0) }
        w.object { w in
            w.member("purpose", statement.scope.purpose.name)
            w.member("channel", statement.scope.channel)
            w.member("topic", statement.scope.topic)
            switch statement.scope.context {
            case .personal: w.member("account", String?.none)
            case .every: w.member("account", "*")
            case .account(let group): w.member("account", group)
            }
            w.member("state", statement.state.name)
            w.member("until", statement.until)
            w.member("at", statement.at)
            // What an event says was written down when it came, whatever it says of when it was said.
            w.member("recordedAt", event?.receivedAt ?? statement.recordedAt)
            w.member("basis", statement.evidence.basis)
            w.member("wording", statement.evidence.wording)
            w.member("proof", statement.evidence.proof)
            w.member("source", statement.evidence.source)
            w.member("frequency", statement.evidence.frequency)
            w.member("messageId", event?.text(.messageId))
        }
    }
}

extension Workspace {
    /// Everything that the people with these identifiers are known by, and the identifiers themselves.
    func known(_ identifiers: [Identifier]) -> [Identifier] { identifiers + profiles.identifiers(knownWith: identifiers).filter { !identifiers.contains($0) } }

    /// Who says what is handed in. Who is named by a userId speaks for themselves: under a mailbox or a device that others have as well an objection of theirs stands, and nothing else.
    func sayings(_ entries: [ConsentReading.Entry]) -> [ConsentSaying] {
        let people = entries.map { entry -> (users: [Identifier], known: [Identifier]) in
            let users = entry.identifiers.filter { $0.namespace == .userId }
            return (users, known(users.isEmpty ? entry.identifiers : users))
        }
        // Mailboxes that are none of their own identifiers: whose they are is looked for once.
        let mailboxes = Set(zip(entries, people).flatMap { entry, person in person.users.isEmpty ? [] : entry.identifiers.filter { $0.namespace == .email && !person.known.contains($0) }.map { ledger.mailbox($0.text) } })
        let owners = mailboxes.isEmpty ? [:] : profiles.people(with: mailboxes)
        return zip(entries, people).map { entry, person in
            let (users, known) = person
            func isOwn(_ identifier: Identifier) -> Bool {
                if known.contains(identifier) { return true }
                guard identifier.namespace == .email else { return profiles.identifiers(knownWith: [identifier]).isEmpty }
                return owners[ledger.mailbox(identifier.text), default: []].allSatisfy { !Set(known).isDisjoint(with: $0) }
            }
            let speakers = users.isEmpty ? entry.identifiers : users + entry.identifiers.filter { $0.namespace != .userId && isOwn($0) }
            return ConsentSaying(speakers, known: known + entry.identifiers.filter { !known.contains($0) }, entry.statements, toldBy: Workspace.tellers(named: entry.identifiers, known))
        }
    }

    /// Writes down what people said.
    func state(_ sayings: [ConsentSaying], at now: Timestamp) throws {
        // Whoever is taken for one by an event that is not applied yet is so when somebody asks.
        let end = log.end
        try ledger.state(sayings, after: end > 0 ? end - 1 : nil, at: now)
        memberships.look()
        teller.wake()
    }
}
