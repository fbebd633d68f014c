import Console
import Decisions
import Delivery
import HTTPTypes
import Mail
import Vocabulary

/// How e-mail is sent, and the mail that was caught.
extension ConsoleRoutes {
    var emails: [Route] {
        [
            page("/email", "How e-mail is sent.") { visit in visit.html(visit.emailPage()) },
            action("/email", "Set up how e-mail is sent.", bodyMaximum: 256 << 10) { visit, form in
                let edition = visit.edition(form, visit.place.emailStore.current?.version)
                do {
                    let settings = try EmailSettings(form, over: visit.place.emailStore.current?.settings ?? EmailSettings())
                    let password = form.text("password")
                    _ = try visit.saving({ visit.place.emailStore.current?.version }) {
                        try visit.place.emailStore.save(settings, password: password.isEmpty ? nil : password, replacing: edition.version, author: ConsoleRoutes.author, at: visit.now)
                    }
                    try visit.place.senderChanged()
                    return visit.done(.emailSaved, at: "/email")
                } catch let refusal as Refusal where refusal.status == 400 {
                    var page = visit.emailPage()
                    for name in EmailPage.fields { page.values[name] = form.text(name) }
                    page.problem = ConsoleProblem(refusal.explanation)
                    if refusal.explanation.code != Edition.stale { page.edition = edition }
                    return visit.html(page, at: "/email")
                }
            },
            action("/email/test", "Send a test mail.") { visit, form in
                var page = visit.emailPage()
                do {
                    let (isAccepted, detail) = try await visit.place.sendTestMail(to: form.text("to"))
                    page.tried = isAccepted ? .accepted(detail) : .failed(detail)
                    return visit.html(page, at: "/email", status: .ok)
                } catch let refusal as Refusal where [400, 404, 409].contains(refusal.status) {
                    page.problem = ConsoleProblem(refusal.explanation)
                    return visit.html(page, at: "/email")
                }
            },
            action("/email/keys", "Make new DKIM keys.") { visit, _ in
                try visit.place.emailStore.rotate(at: visit.now)
                return visit.done(.emailKeys, at: "/email")
            },
            action("/email/release", "Let mail go again that is held back after complaints.") { visit, _ in
                _ = try visit.place.releaseMail()
                return visit.done(.emailReleased, at: "/email")
            },
            action("/email/check", "Look up what DNS says of the sender.") { visit, _ in
                _ = try await visit.place.lookUpSender()
                return visit.done(.emailChecked, at: "/email")
            },
            page("/catcher", "Mail that was caught.") { visit in
                let mails = visit.server.catcher.list(limit: 500).map(CaughtMail.init).filter { $0.belongs(to: visit.place.name) }.prefix(200)
                return visit.html(CatcherPage(
                    rows: mails.map { CatcherPage.Row(number: $0.mail.number, atMs: $0.mail.at.milliseconds, to: $0.mail.recipients.joined(separator: ", "), subject: $0.subject) }, port: visit.server.catcher.port,
                    holdouts: visit.place.journeys.running.filter { $0.journey.holdout > 0 && !$0.journey.templates.isEmpty }.map { ($0.id, $0.journey.name, $0.journey.holdout) }))
            },
            action("/catcher/clear", "Forget the mail that was caught.") { visit, _ in
                visit.server.catcher.clear()
                return visit.done(.catcherCleared, at: "/catcher")
            },
            page("/catcher/{id}", "A mail that was caught.") { visit in
                let caught = try visit.caught()
                var page = CaughtPage(
                    number: caught.mail.number, atMs: caught.mail.at.milliseconds, subject: caught.subject, from: caught.from, to: caught.mail.recipients.joined(separator: ", "), text: caught.text,
                    frameAddress: caught.html == nil ? nil : visit.address("/catcher/\(caught.mail.number)/frame"),
                    headers: caught.message.fields.map { (name: $0.name, value: EncodedWords.decode($0.value)) }, raw: String(decoding: caught.mail.bytes.prefix(256 << 10), as: UTF8.self))
                page.attachments = caught.attachments.map { ($0.name, $0.bytes) }
                return visit.html(page)
            },
            page("/catcher/{id}/frame", "The HTML of a mail that was caught.") { visit in
                guard let html = try visit.caught().html else { throw Visit.gone }
                // Links open beside the console; images of ours tell of the open, as in any mail program.
                let base = "<base target=\"_blank\">"
                var reply = Reply(html: html.contains("<head>") ? html.replacing("<head>", with: "<head>" + base, maxReplacements: 1) : base + html)
                reply.headers[.init("Content-Security-Policy")!] =
                    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src 'self' https: data:; frame-ancestors 'self'; form-action 'none'"
                return reply
            },
        ]
    }
}

extension EmailPage {
    static let fields = [
        "fromName", "fromAddress", "replyTo", "bounceAddress", "postalAddress", "host", "port", "security", "user", "dkimDomain", "connections", "softBounceMaximum", "restHours", "complaintsPerMille", "warmUpFrom", "warmUpFirst", "authority", "signs", "tracksOpens", "tracksClicks", "withoutRecords",
    ]
}

extension EmailSettings {
    fileprivate var fields: [String: String] {
        [
            "fromName": fromName, "fromAddress": fromAddress, "replyTo": replyTo, "bounceAddress": bounceAddress, "postalAddress": postalAddress, "host": host, "port": String(port), "security": security.rawValue,
            "user": user, "dkimDomain": dkimDomain, "connections": String(connections), "softBounceMaximum": String(softBounceMaximum), "restHours": String(restHours), "authority": authority,
            "complaintsPerMille": String(complaintsPerMille), "warmUpFrom": warmUpFrom, "warmUpFirst": String(warmUpFirst),
            "signs": signs ? "1" : "", "tracksOpens": tracksOpens ? "1" : "", "tracksClicks": tracksClicks ? "1" : "", "withoutRecords": requiresRecords ? "" : "1",
        ]
    }

    /// The settings that a form says.
    fileprivate init(_ form: Form, over current: EmailSettings) throws {
        self = current
        func number(_ name: String) throws -> Int {
            guard let number = Int(form.text(name).trimmed) else { throw Refusal(400, "request.parameter", "`\(name)` must be a whole number.", remedy: "Correct the form.") }
            return number
        }
        fromName = form.text("fromName").trimmed
        fromAddress = form.text("fromAddress").trimmed
        replyTo = form.text("replyTo").trimmed
        bounceAddress = form.text("bounceAddress").trimmed
        postalAddress = form.text("postalAddress").replacing("\r\n", with: "\n").trimmed
        host = form.text("host").trimmed
        port = try number("port")
        security = SMTPSettings.Security(rawValue: form.text("security")) ?? .starttls
        user = form.text("user").trimmed
        dkimDomain = form.text("dkimDomain").trimmed
        connections = try number("connections")
        softBounceMaximum = try number("softBounceMaximum")
        restHours = try number("restHours")
        // A page that was opened before there were these says nothing of them.
        if form["complaintsPerMille"] != nil {
            complaintsPerMille = try number("complaintsPerMille")
            warmUpFrom = form.text("warmUpFrom").trimmed
            warmUpFirst = try number("warmUpFirst")
        }
        authority = form.text("authority").trimmed
        signs = form["signs"] != nil
        tracksOpens = form["tracksOpens"] != nil
        tracksClicks = form["tracksClicks"] != nil
        // Asked the other way round, so that a form which says nothing of it asks for the records.
        requiresRecords = form["withoutRecords"] == nil
    }
}

extension Visit {
    fileprivate func emailPage() -> EmailPage {
        let current = place.emailStore.current
        var page = EmailPage(
            values: (current?.settings ?? EmailSettings()).fields, hasPassword: current?.password != nil, isSetUp: current != nil,
            records: current.map { current in
                let found = place.emailStore.freshCheck?.findings ?? []
                return DNSRecord.all(for: current).map { record in
                    let finding = found.first { $0.record == record }
                    return EmailPage.Record(purpose: record.purpose.rawValue, name: record.name, type: record.type, value: record.value, state: finding?.state.rawValue, there: finding?.there ?? [])
                }
            } ?? [],
            bounceAddress: current == nil ? nil : place.bouncePath)
        page.edition = Edition(current?.version)
        page.checked = place.emailStore.check.map { ($0.at.milliseconds, place.emailStore.freshCheck == nil, $0.isAligned) }
        page.held = place.bounces.brake.hold.map { ($0.since.milliseconds, $0.complaints, $0.sent) }
        if let allowance = place.email.allowance(at: now) { page.warming = ((try? place.outbox.begun(on: place.email.name, from: allowance.day)) ?? 0, allowance.limit) }
        return page
    }

    fileprivate func caught() throws -> CaughtMail {
        guard let caught = CaughtMail.find(id, in: server.catcher, workspace: place.name) else { throw Visit.gone }
        return caught
    }
}
