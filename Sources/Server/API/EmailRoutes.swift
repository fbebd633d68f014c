import Access
import Delivery
import HTTPTypes
import Mail
import Vocabulary

/// How a workspace sends e-mail: its settings, its keys and DNS records, a test mail, and what comes back.
struct EmailRoutes: Sendable {
    let server: MartletServer

    private static let settings: Members = [
        "from": .object(["name": .text, "address": .text]), "replyTo": .text,
        "host": .described("The mail server's name; `catcher` for the mail catcher of this Martlet.", .text), "port": .integer,
        "security": .described("`tls` from the first byte, `starttls`, `opportunistic` (without asking whose certificate it is) or `none`.", .choice(SMTPSettings.Security.allCases.map(\.rawValue))),
        "user": .text, "authority": .described("PEM certificates that are trusted beside the system's.", .text), "connections": .integer,
        "bounceAddress": .described("Where mail that cannot be delivered comes back to; each message adds `+` and its mark before the @.", .text),
        "dkimDomain": .described("Whose signature mail bears; empty for the domain of `from`.", .text), "signs": .described("Whether mail is signed here; false where the server that takes it signs.", .boolean),
        "postalAddress": .described("Stands under every mail.", .text),
        "tracksOpens": .boolean, "tracksClicks": .boolean, "softBounceMaximum": .described("After how many soft bounces in a row an address rests.", .integer), "restHours": .integer,
        "complaintsPerMille": .described("More complaints than so many of a thousand mails within seven days hold back what needs consent; 0 for never.", .integer),
        "warmUpFrom": .described("The first day, as 2026-05-04, on which a new sender sends little; empty for none.", .text),
        "warmUpFirst": .described("How much mail that needs consent goes on that day by UTC; each day half as much again.", .integer),
        "requiresRecords": .described("Whether a campaign to 5000 people or more is refused while records are missing or differ.", .boolean),
    ]
    private static let record: Members = ["purpose": .choice(DNSRecord.Purpose.allCases.map(\.rawValue)), "name": .text, "type": .text, "value": .text]
    private static let check = Shape.named(
        "DNSCheck",
        .object([
            "at": .time, "isStale": .described("Whether settings or keys were changed since.", .boolean),
            "isAligned": .described("Whether the sender's domain is of the same organisation as the one that signs, or the return path's.", .boolean),
            "records": .list(.object(Members(list: record.list + [
                ("state", .described("`unknown` where nobody answered.", .choice(DNSCheck.State.allCases.map(\.rawValue)))), ("there", .described("What stands there.", .list(.text))),
            ]))),
            "findings": .described("What is wrong whatever stands in DNS.", .list(.explanation)),
        ]))
    private static let channel = Shape.named(
        "EmailChannel",
        .object(Members(list: [("version", .described("Of the settings.", .integer))] + settings.list + [
            ("hasPassword", .described("The password itself is never shown.", .boolean)),
            ("records", .described("What must stand in DNS for mail to be believed.", .list(.named("DNSRecord", .object(record))))),
            ("check", .described("What stood there when it was looked up last; null before.", .orNull(check))),
            ("heldBack", .described("Why mail that needs consent waits until somebody releases it; null while it goes.", .orNull(.object(["since": .time, "complaints": .integer, "sent": .integer])))),
            ("today", .object(["begun": .described("Mail that needs consent, of this day by UTC.", .integer), "allowed": .described("How much may go while the sender warms up; null for any number.", .orNull(.integer))])),
            ("bouncePath", .described("Where reports of bounces and complaints are posted to; whoever knows it may post.", .text)),
        ])))
    private static let verdict = Shape.object(["events": .list(.object([
        "kind": .choice(MailReport.Kind.allCases.map(\.rawValue)), "verdict": .described("What came of it; `ignored` for what is of no message of ours.", .choice(BounceLedger.Verdict.allCases.map(\.rawValue) + ["ignored"])),
    ]))])
    private static let report = RouteBody.json(
        .object(["events": .list(.object([
            "kind": .choice(MailReport.Kind.allCases.map(\.rawValue)), "email": .optional(.text), "messageId": .optional(.described("The Message-ID of the mail.", .text)), "status": .optional(.text),
        ]))]), example: "{\"events\": [{\"kind\": \"hard\", \"email\": \"ada@example.com\", \"status\": \"5.1.1\"}]}")

    var routes: [Route] {
        [
            Route(.get, "/api/v1/channels/email", .scope(.channelsRead), "How this workspace sends e-mail.", answers: .json(Self.channel)) { call in
                guard let current = try call.place.emailStore.current else { throw EmailStore.missing }
                return try answer(call, current)
            },
            Route(
                .patch, "/api/v1/channels/email", .scope(.channelsWrite), "Set up or change how this workspace sends e-mail; what is left out stays as it is. With the header If-Match, only that version is changed.",
                takes: .json(
                    .object(Members(list: Self.settings.list.map { ($0.name, .optional($0.shape)) } + [("password", .optional(.described("Kept, and never shown; an empty one is forgotten.", .text)))])),
                    example: "{\"from\": {\"name\": \"Wren & Daughters\", \"address\": \"shop@wren.example\"}, \"host\": \"smtp.wren.example\", \"port\": 587, \"security\": \"starttls\", \"user\": \"shop\", \"password\": \"…\"}"),
                answers: .json(Self.channel)
            ) { call in
                let place = try call.place
                let json = try await call.json()
                let password = json["password"]
                guard password == nil || password?.isString == true else { throw Refusal(400, "request.parameter", "`password` must be a text.", remedy: "Correct the body.") }
                var rest = JSONWriter()
                rest.object { w in
                    for (key, value) in json.members where Self.settings.list.contains(where: { $0.name == key }) {
                        w.key(key)
                        w.raw(value.bytes)
                    }
                }
                let settings = try (place.emailStore.current?.settings ?? EmailSettings()).changed(by: rest.text)
                let saved = try call.replacing { seen in try place.emailStore.save(settings, password: password?.string, replacing: seen, author: AdminRoutes.author(call), at: Clock.now()) }
                try place.senderChanged()
                return try answer(call, saved)
            },
            Route(.delete, "/api/v1/channels/email", .scope(.channelsWrite), "Stop sending e-mail, and forget the password and the keys.", answers: .json(.success)) { call in
                try call.place.emailStore.delete(author: AdminRoutes.author(call), at: Clock.now())
                return Reply { w in w.object { $0.member("success", true) } }
            },
            Route(
                .post, "/api/v1/channels/email/rotate", .scope(.channelsWrite), "Make new DKIM keys under new names. Leave the old records in DNS for two weeks: mail that they signed is on its way.", answers: .json(Self.channel)
            ) { call in try answer(call, try call.place.emailStore.rotate(at: Clock.now())) },
            Route(
                .post, "/api/v1/channels/email/release", .scope(.channelsWrite), "Let mail go again that is held back after too many complaints; what was complained about before counts no more.",
                answers: .json(.object(["released": .described("Whether it was held.", .boolean)]))
            ) { call in
                let isReleased = try call.place.releaseMail()
                return Reply { w in w.object { $0.member("released", isReleased) } }
            },
            Route(
                .post, "/api/v1/channels/email/check", .scope(.channelsWrite), "Look up now what DNS says of the sender. It takes as long as the name servers do, and eight seconds at most.", answers: .json(Self.check)
            ) { call in
                let place = try call.place
                let check = try await place.lookUpSender()
                return Reply { Self.write(check, isStale: place.emailStore.freshCheck == nil, &$0) }
            },
            Route(
                .post, "/api/v1/channels/email/test", .scope(.channelsWrite), "Send a test mail to one address.", takes: .json(.object(["to": .text]), example: "{\"to\": \"you@example.com\"}"),
                answers: .json(.object(["accepted": .boolean, "detail": .described("The Message-ID; else where it failed and with which codes.", .text)]))
            ) { call in
                let (isAccepted, detail) = try await call.place.sendTestMail(to: try await call.json()["to"]?.string ?? "")
                return Reply { w in w.object { $0.member("accepted", isAccepted); $0.member("detail", detail) } }
            },
            Route(
                .post, "/api/v1/channels/email/bounces", .scope(.channelsWrite), "Take in what came back: bounces and complaints as JSON, or a report as it came by mail (RFC 3464, RFC 5965) with Content-Type message/rfc822.", takes: Self.report, answers: .json(Self.verdict)
            ) { call in try await take(call, call.place) },
            Route(
                .post, "/v1/bounces/{workspace}/{token}", .open, "The same for a mail server or a provider that has no token: the address is the secret, and `bouncePath` shows it.", takes: Self.report,
                answers: .json(Self.verdict)
            ) { call in
                guard let place = server.folder.workspace(call.parameter("workspace")), Secrets.equal(Array(call.parameter("token").utf8), Array(place.bounceToken.utf8)) else {
                    throw Refusal(404, "bounces.unknown", "There is no such place to post to.", remedy: "Copy `bouncePath` of `GET /api/v1/channels/email` whole.")
                }
                return try await take(call, place)
            },
        ]
    }

    private func answer(_ call: Call, _ current: EmailStore.Current) throws -> Reply {
        let place = try call.place
        let (now, hold) = (Clock.now(), place.bounces.brake.hold)
        let begun = try place.outbox.begun(on: place.email.name, from: DailyAllowance.day(of: now))
        return Reply { w in
            w.object { w in
                w.member("version", current.version)
                current.settings.write(&w)
                w.member("hasPassword", current.password != nil)
                w.key("records")
                w.array { w in
                    for record in DNSRecord.all(for: current) { w.object { record.write(&$0) } }
                }
                w.key("check")
                if let check = place.emailStore.check { Self.write(check, isStale: check.isStale(for: current), &w) } else { w.null() }
                w.key("heldBack")
                if let hold {
                    w.object { w in
                        w.member("since", hold.since)
                        w.member("complaints", hold.complaints)
                        w.member("sent", hold.sent)
                    }
                } else { w.null() }
                w.key("today")
                w.object { w in
                    w.member("begun", begun)
                    w.key("allowed")
                    if let limit = place.email.allowance(at: now)?.limit { w.number(limit) } else { w.null() }
                }
                w.member("bouncePath", place.bouncePath)
            }
        }
    }

    private static func write(_ check: DNSCheck, isStale: Bool, _ w: inout JSONWriter) {
        w.object { w in
            check.write(&w)
            w.member("isStale", isStale)
            w.key("findings")
            w.array { w in if !check.isAligned { SegmentRoutes.write(DNSCheck.notAligned, &w) } }
        }
    }

    /// Whether a path is for mail servers that know its secret, and so stands in no document.
    static func ownsIntake(_ path: String) -> Bool { path.hasPrefix("/v1/bounces/") }

    /// Whoever states a bounce as JSON holds a token or the secret address, and is believed by the address alone; a report that came by mail is not.
    private func take(_ call: Call, _ place: Workspace) async throws -> Reply {
        let bytes = Array(try await call.body(maximum: 4 << 20).readableBytesView)
        let type = (call.request.headers[.contentType] ?? "").lowercased()
        let results: [(MailReport.Kind, BounceLedger.Verdict?)]
        if type.hasPrefix("application/json") {
            guard let json = JSONText(validating: bytes), let events = json["events"], events.isArray, events.elements.count <= 1000 else {
                throw Refusal(400, "bounces.shape", "The body is not {\"events\": […]} with at most 1000 of them.", remedy: "Send what the API's description shows.")
            }
            let reports = try events.elements.map { event in
                guard let kind = event["kind"]?.string.flatMap(MailReport.Kind.init) else {
                    throw Refusal(400, "bounces.kind", "An event has no `kind` of \(MailReport.Kind.allCases.map(\.rawValue).joined(separator: ", ")).", remedy: "Correct the body; nothing was taken in.")
                }
                return MailReport(kind: kind, recipient: event["email"]?.string, status: event["status"]?.string.map { String($0.prefix(20)) }, traces: [event["messageId"]?.string].compactMap { $0 })
            }
            results = try await place.take(reports, believesAddress: true)
        } else {
            let reports = try await server.heavy.run { MailReport.read(MIMEPart(bytes)) }
            results = try await place.take(reports, believesAddress: false)
        }
        return Reply { w in
            w.object { w in
                w.key("events")
                w.array { w in for (kind, verdict) in results { w.object { $0.member("kind", kind.rawValue); $0.member("verdict", verdict?.rawValue ?? "ignored") } } }
            }
        }
    }
}
