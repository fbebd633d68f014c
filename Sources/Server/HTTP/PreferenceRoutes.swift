import Console
import HTTPTypes
import Privacy
import Profiles
import Vocabulary

/// Pages for the people whose data it is, behind signed links: what they get, and leaving with one click (RFC 8058). Looking at them changes nothing.
struct PreferenceRoutes: Sendable {
    let server: MartletServer

    var routes: [Route] {
        [
            Route(
                .get, "/preferences/{workspace}/{token}", .open, "The page where a person chooses what they get. Opening it changes nothing.", [RouteParameter("lang", .text, "en, es or tr.")],
                answers: .content("text/html", "The page.")
            ) { call in try await answer(call) { link, place in try page(call, link, place) } },
            Route(
                .post, "/preferences/{workspace}/{token}", .open, "The form of that page.", takes: RouteBody(types: ["application/x-www-form-urlencoded"], shape: .anyObject, isRequired: true, example: nil),
                answers: .content("text/html", "Back to the page.")
            ) { call in try await answer(call) { link, place in try await save(call, link, place) } },
            Route(
                .get, "/unsubscribe/{workspace}/{token}", .open, "A page that asks whether to unsubscribe. Opening it changes nothing.", [RouteParameter("lang", .text, "en, es or tr.")],
                answers: .content("text/html", "The page.")
            ) { call in try await answer(call) { link, place in unsubscribePage(call, link, place, isDone: false) } },
            Route(
                .post, "/unsubscribe/{workspace}/{token}", .open, "Unsubscribe with one click, as mail programs do (RFC 8058): `List-Unsubscribe=One-Click` in the body, no cookie, as often as you like.",
                takes: RouteBody(types: ["application/x-www-form-urlencoded", "multipart/form-data"], shape: .anyObject, isRequired: true, example: nil), answers: .content("text/html", "Done.")
            ) { call in try await answer(call) { link, place in try await unsubscribe(call, link, place) } },
        ]
    }

    static func owns(_ path: String) -> Bool { path.hasPrefix("/preferences/") || path.hasPrefix("/unsubscribe/") }

    static func links(_ link: PreferenceLink, _ place: Workspace, host: String) -> (preferences: String, unsubscribe: String) {
        let tail = "\(PercentCoding.encode(place.name))/\(place.ledger.token(for: link))"
        return ("\(host)/preferences/\(tail)", "\(host)/unsubscribe/\(tail)")
    }

    // MARK: - Around every page

    private static let policy = "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

    /// Runs a page for a link of ours. One that is not ours gets one answer, whatever is wrong with it, so that nobody can try out who there is.
    private func answer(_ call: Call, _ body: (PreferenceLink, Workspace) async throws -> Reply) async throws -> Reply {
        var reply: Reply
        if let place = server.folder.workspace(call.parameter("workspace")), let link = place.ledger.link(token: call.parameter("token")) {
            reply = try await body(link, place)
        } else {
            reply = Reply(html: LinkRefusedPage().render(frame(call)), status: .badRequest)
        }
        reply.headers[.init("Content-Security-Policy")!] = Self.policy
        reply.headers[.init("X-Frame-Options")!] = "DENY"
        // The address is the secret: it must not travel on.
        reply.headers[.init("Referrer-Policy")!] = "no-referrer"
        reply.headers[.init("X-Robots-Tag")!] = "noindex"
        reply.headers[.cacheControl] = "no-store"
        return reply
    }

    private func frame(_ call: Call) -> Frame { Visitor(call).frame(workspace: "main") }

    /// Everything that the person is known by; empty once they were forgotten.
    private func identifiers(_ link: PreferenceLink, _ place: Workspace) throws -> [Identifier] {
        // Who objects to `service` may still choose, so that the profile is not read for a purpose.
        place.profiles.identifiers(ofProfile: link.profile).filter { $0.namespace != .groupId }
    }

    // MARK: - Unsubscribing

    private func unsubscribePage(_ call: Call, _ link: PreferenceLink, _ place: Workspace, isDone: Bool) -> Reply {
        Reply(html: UnsubscribePage(isDone: isDone, preferences: Self.links(link, place, host: "").preferences).render(frame(call)))
    }

    private func unsubscribe(_ call: Call, _ link: PreferenceLink, _ place: Workspace) async throws -> Reply {
        let body = String(decoding: Array(try await call.body(maximum: 1 << 16).readableBytesView), as: UTF8.self)
        // A mail program says it so; the page's own button says `confirm`. A program that only tries addresses out says neither.
        let isOneClick = body.contains("List-Unsubscribe=One-Click") || body.contains("name=\"List-Unsubscribe\"")
        guard isOneClick || body.contains("confirm=yes") else {
            throw Refusal(400, "consent.one-click", "The body does not say `List-Unsubscribe=One-Click`.", remedy: "Send it as RFC 8058 has it.")
        }
        let now = Clock.now()
        let known = try identifiers(link, place)
        let statement = ConsentStatement(
            link.scope, .withdrawn, at: now, evidence: ConsentEvidence(proof: isOneClick ? "RFC 8058" : "unsubscribe page", source: isOneClick ? "one-click" : "person"))
        if try place.ledger.decision(on: link.scope, of: known, asOf: now).reason != .withdrawn { try place.ledger.state([statement], of: known, at: now) }
        return unsubscribePage(call, link, place, isDone: true)
    }

    // MARK: - Choosing

    private struct Cell {
        let field: String
        let frequencyField: String
        let scope: ConsentScope
    }

    /// For whom somebody may choose here: themselves, the account of the link, and those for which they said something before.
    private func contexts(_ link: PreferenceLink, _ place: Workspace, _ known: [Identifier]) throws -> [ConsentContext] {
        var all: [ConsentContext] = [.personal]
        let said = try place.ledger.history(of: known).map(\.scope.context).sorted { $0.text < $1.text }
        for context in [link.scope.context] + said where context != .every && !all.contains(context) { all.append(context) }
        return Array(all.prefix(10))
    }

    private func cells(_ settings: ConsentSettings, _ contexts: [ConsentContext]) -> [Cell] {
        contexts.enumerated().flatMap { number, context in
            settings.topics.enumerated().flatMap { index, topic in
                settings.channels.enumerated().map { channel, name in
                    Cell(
                        field: "c\(number)-\(index)-\(channel)", frequencyField: "f\(number)-\(index)",
                        scope: ConsentScope(ConsentPurpose(topic.purpose), channel: name, topic: topic.name, context: context))
                }
            }
        }
    }

    private func page(_ call: Call, _ link: PreferenceLink, _ place: Workspace) throws -> Reply {
        let known = try identifiers(link, place)
        let settings = try place.consentSettings.current()
        let contexts = try contexts(link, place, known)
        let cells = cells(settings, contexts)
        let now = Clock.now()
        var frame = frame(call)
        if let done = call.query("done") { frame.address = String(frame.address.prefix { $0 != "?" }) + "?done=\(PercentCoding.encode(done))" }
        let language = frame.language.rawValue
        var pausedUntil: Timestamp?
        let groups = try contexts.enumerated().map { number, context -> PreferencePage.Group in
            let purposes = try settings.purposes.map { purpose -> (title: String, topics: [PreferencePage.Topic]) in
                let topics = try settings.topics.enumerated().filter { $0.element.purpose == purpose.name }.map { index, topic -> PreferencePage.Topic in
                    var frequency = ""
                    let choices = try cells.filter { $0.frequencyField == "f\(number)-\(index)" }.map { cell -> PreferencePage.Choice in
                        let decision = try place.ledger.decision(on: cell.scope, of: known, asOf: now)
                        if decision.reason == .paused { pausedUntil = [pausedUntil, decision.statement?.until].compactMap { $0 }.max() }
                        // A pause hides what was chosen, and does not change it.
                        let behind = decision.reason == .paused ? try place.ledger.decision(on: cell.scope, of: known, asOf: now, ignoringPauses: true) : decision
                        if behind.isPermitted { frequency = behind.statement?.evidence.frequency ?? frequency }
                        return PreferencePage.Choice(field: cell.field, channel: cell.scope.channel, isChosen: behind.isPermitted)
                    }
                    return PreferencePage.Topic(title: topic.titles[language] ?? topic.titles["en"] ?? topic.name, choices: choices, frequencyField: "f\(number)-\(index)", frequency: frequency)
                }
                return (purpose.titles[language] ?? purpose.titles["en"] ?? purpose.name, topics)
            }
            var account: String?
            if case .account(let group) = context { account = group }
            return PreferencePage.Group(account: account, purposes: purposes)
        }
        let page = PreferencePage(
            groups: groups, frequencies: ConsentSettings.frequencies, done: call.query("done").flatMap(PreferencePage.Done.init), pausedUntilMs: pausedUntil?.milliseconds)
        return Reply(html: page.render(frame))
    }

    private func save(_ call: Call, _ link: PreferenceLink, _ place: Workspace) async throws -> Reply {
        let form = try await Form(call)
        let known = try identifiers(link, place)
        let now = Clock.now()
        let intent = form.text("intent")
        let evidence = ConsentEvidence(proof: "preference page", source: "person")
        func everything(_ state: ConsentStatement.State, until: Timestamp? = nil) -> [ConsentStatement] {
            [ConsentStatement(ConsentScope(.everyMessage, context: .every), state, until: until, at: now, evidence: evidence)]
        }
        let done: PreferencePage.Done
        switch intent {
        case "stop":
            try place.ledger.state(everything(.withdrawn), of: known, at: now)
            done = .stopped
        case "pause-7", "pause-30", "pause-90":
            let days = Int64(intent.dropFirst(6)) ?? 7
            try place.ledger.state(everything(.paused, until: Timestamp(clamping: now.milliseconds + days * 86_400_000)), of: known, at: now)
            done = .paused
        case "resume":
            // A pause that ends now takes the place of the one that would end later.
            try place.ledger.state(everything(.paused, until: now), of: known, at: now)
            done = .resumed
        default:
            try place.ledger.state(try changes(form, link, place, known, now), of: known, at: now)
            done = .saved
        }
        return Reply(redirect: "/preferences/\(PercentCoding.encode(place.name))/\(call.parameter("token"))?done=\(done.rawValue)" + (call.query("lang").map { "&lang=\(PercentCoding.encode($0))" } ?? ""))
    }

    /// What the form says otherwise than it is; what it leaves as it is, is said by nobody.
    private func changes(_ form: Form, _ link: PreferenceLink, _ place: Workspace, _ known: [Identifier], _ now: Timestamp) throws -> [ConsentStatement] {
        let settings = try place.consentSettings.current()
        return try cells(settings, try contexts(link, place, known)).compactMap { cell in
            let decision = try place.ledger.decision(on: cell.scope, of: known, asOf: now, ignoringPauses: true)
            let isWanted = form[cell.field] != nil
            let sent = form.text(cell.frequencyField)
            let frequency = isWanted && ConsentSettings.frequencies.contains(sent) ? sent : ""
            guard isWanted != decision.isPermitted || isWanted && frequency != decision.statement?.evidence.frequency ?? "" else { return nil }
            let wording = settings.purposes.first { $0.name == cell.scope.purpose.name }?.wording ?? ""
            return ConsentStatement(
                cell.scope, isWanted ? .granted : .withdrawn, at: now,
                evidence: ConsentEvidence(basis: "consent", wording: wording, proof: "preference page", source: "person", frequency: frequency))
        }
    }
}
