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
                .get, "/preferences/{workspace}/{token}", .open, "The page where a person chooses what they get. Opening it changes nothing.",
                [RouteParameter("lang", .text, "en, es or tr."), RouteParameter("page", .integer(1...Int.max), "Which of the accounts that they act for, ten at a time; the first unless told.")],
                answers: .content("text/html", "The page.")
            ) { call in try await answer(call) { link, place in try page(call, link, place) } },
            Route(
                .post, "/preferences/{workspace}/{token}", .open, "The form of that page.", [RouteParameter("lang", .text, "en, es or tr.")], takes: RouteBody(types: ["application/x-www-form-urlencoded"], shape: .anyObject, isRequired: true, example: nil),
                answers: .content("text/html", "Back to the page.")
            ) { call in try await answer(call) { link, place in try await save(call, link, place) } },
            Route(
                .get, "/unsubscribe/{workspace}/{token}", .open, "A page that asks whether to unsubscribe. Opening it changes nothing.", [RouteParameter("lang", .text, "en, es or tr.")],
                answers: .content("text/html", "The page.")
            ) { call in try await answer(call) { link, place in unsubscribePage(call, link, place, isDone: false) } },
            Route(
                .post, "/unsubscribe/{workspace}/{token}", .open, "Unsubscribe with one click, as mail programs do (RFC 8058): `List-Unsubscribe=One-Click` in the body, no cookie, as often as you like.", [RouteParameter("lang", .text, "en, es or tr.")],
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

    /// Whose link it is, and where it was sent.
    private struct Person {
        /// By which they are named; nil once they were forgotten.
        let named: Identifier?
        /// Everything that they are known by.
        let known: [Identifier]
        /// The mailbox, also where it is known as another's: whoever has it leaves for themselves, and what it objects to reaches nobody there.
        let mailbox: Identifier?
        /// Of the mailbox where nobody names it any more.
        let hashes: [[UInt8]]

        init(_ link: PreferenceLink, _ place: Workspace) {
            // Who objects to `service` may still choose, so that the profile is not read for a purpose.
            named = place.profiles.identifier(ofProfile: link.profile)
            known = place.profiles.identifiers(ofProfile: link.profile).filter { $0.namespace != .groupId }
            // Whoever named it first may have written it otherwise.
            let own = named.flatMap { place.profiles.address(of: $0) }.map(place.ledger.mailbox)
            mailbox = place.profiles.identifier(ofProfile: link.address).flatMap { $0.namespace == .email ? $0 : nil } ?? own.flatMap { place.ledger.emailHash($0.text) == link.hash ? $0 : nil }
            hashes = mailbox == nil && !link.hash.isEmpty ? [link.hash] : []
        }

        /// Whose mailbox it is by now, where it is nobody's by the link: whoever reads there is told of what is said.
        private func mailboxOfAnybody(_ place: Workspace) -> Identifier? { hashes.first.flatMap { hash in place.address { place.ledger.emailHash($0) == hash } }.map(place.ledger.mailbox) }

        /// Whether somebody who reads there as well asked for something of it since the mailbox left it.
        func isAskedForAgain(_ scope: ConsentScope, _ place: Workspace) throws -> Bool {
            guard let mailbox = (mailbox ?? mailboxOfAnybody(place)).map({ place.ledger.mailbox($0.text) }) else { return false }
            return try place.ledger.hasBeenAskedFor(scope, byOneOf: place.profiles.people(with: [mailbox])[mailbox] ?? [], sinceLeft: mailbox)
        }

        var everything: [Identifier] { known + (mailbox.map { known.contains($0) ? [] : [$0] } ?? []) }

        func decisions(on scopes: [ConsentScope], _ place: Workspace, _ now: Timestamp, ignoringPauses: Bool = false) throws -> [ConsentDecision] {
            try place.ledger.decisions(on: scopes, of: known, address: mailbox?.text, asOf: now, ignoringPauses: ignoringPauses, ignoringMemberships: true)
        }

        func says(_ statements: [ConsentStatement], _ place: Workspace, _ now: Timestamp) throws {
            try place.state([ConsentSaying(named.map { [$0] } ?? [], known: everything + [mailboxOfAnybody(place)].compactMap { $0 }, statements, hashes: hashes, toldBy: Workspace.tellers(named: named.map { [$0] } ?? [], everything))], at: now)
        }
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
        let person = Person(link, place)
        let statement = ConsentStatement(
            link.scope, .withdrawn, at: now, evidence: ConsentEvidence(proof: isOneClick ? "RFC 8058" : "unsubscribe page", source: isOneClick ? "one-click" : "person"))
        // As often as one likes, and written down once; anew where the mailbox would be written to again.
        let places = [person.known, person.mailbox.map { [$0] } ?? []].filter { !$0.isEmpty }
        let isSaid = try !(places.isEmpty && person.hashes.isEmpty) && places.allSatisfy { try place.ledger.hasLeftApart(link.scope, $0) } && (person.hashes.isEmpty || place.ledger.hasLeft(link.scope, hashes: person.hashes)) && !person.isAskedForAgain(link.scope, place)
        if !isSaid { try person.says([statement], place, now) }
        return unsubscribePage(call, link, place, isDone: true)
    }

    // MARK: - Choosing

    private struct Cell {
        let field: String
        let frequencyField: String
        let scope: ConsentScope
    }

    /// For whom somebody may choose here: themselves, each account that they act for, the link's first, and those that are spoken of, unless they have left them.
    private func contexts(_ link: PreferenceLink, _ place: Workspace, _ known: [Identifier]) throws -> [ConsentContext] {
        let said = Set(try place.ledger.history(of: known, limit: .max).map(\.scope.context)).union([link.scope.context]).filter { context in
            guard case .account(let account) = context else { return false }
            return place.accounts.standing(of: known, in: account) != .left
        }
        let all = said.union(place.accounts.accounts(of: known).map { .account($0) }).sorted { $0.text < $1.text }
        // Accounts that turned out to be one are one, by the link's name for it, else by its own.
        var seen: Set<ConsentContext> = []
        let own = Set(place.accounts.accounts(of: known).map { ConsentContext.account($0) })
        return [.personal] + (all.filter { $0 == link.scope.context } + all.filter { own.contains($0) } + all).filter { context in
            defer { seen.formUnion(place.ledger.contexts(of: context)) }
            return !seen.contains(context)
        }
    }

    private static let pageAccounts = 10

    /// Themselves and ten accounts.
    ///
    /// - Parameter page: from 1; one behind the last is the last.
    private static func shown(_ contexts: [ConsentContext], page: Int) -> (contexts: [ConsentContext], page: Int, pages: Int) {
        let pages = max(1, (contexts.count - 1 + pageAccounts - 1) / pageAccounts)
        let page = min(max(1, page), pages)
        return (Array(contexts.prefix(1) + contexts.dropFirst(1 + (page - 1) * pageAccounts).prefix(pageAccounts)), page, pages)
    }

    /// By which the form's fields tell for whom they are: they may have joined or left an account since the page was made, so that no place in a list can say it.
    private static func mark(_ context: ConsentContext, _ place: Workspace) -> String {
        guard case .account(let account) = context else { return "0" }
        return "a" + place.secret.keyedHash(Array("preference account 1:\(account)".utf8)).prefix(10).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }

    private static func cells(_ settings: ConsentSettings, _ contexts: [ConsentContext], _ place: Workspace) -> [Cell] {
        contexts.flatMap { context in
            let mark = mark(context, place)
            return settings.topics.enumerated().flatMap { index, topic in
                settings.channels.enumerated().map { channel, name in
                    Cell(
                        field: "c\(mark)-\(index)-\(channel)", frequencyField: "f\(mark)-\(index)",
                        scope: ConsentScope(ConsentPurpose(topic.purpose), channel: name, topic: topic.name, context: context))
                }
            }
        }
    }

    private func page(_ call: Call, _ link: PreferenceLink, _ place: Workspace) throws -> Reply {
        let person = Person(link, place)
        let settings = try place.consentSettings.current()
        let (contexts, number, pages) = Self.shown(try contexts(link, place, person.known), page: try call.integer("page", in: 1...Int.max, default: 1))
        let now = Clock.now()
        let cells = Self.cells(settings, contexts, place)
        let decisions = try person.decisions(on: cells.map(\.scope), place, now)
        // A pause hides what was chosen, and does not change it.
        let behind = try person.decisions(on: cells.map(\.scope), place, now, ignoringPauses: true)
        var frame = frame(call)
        let query = [call.query("done").map { "done=\(PercentCoding.encode($0))" }, number > 1 ? "page=\(number)" : nil].compactMap { $0 }
        if !query.isEmpty { frame.address = String(frame.address.prefix { $0 != "?" }) + "?" + query.joined(separator: "&") }
        let language = frame.language.rawValue
        var pausedUntil: Timestamp?
        let groups = contexts.map { context -> PreferencePage.Group in
            let mark = Self.mark(context, place)
            let purposes = settings.purposes.map { purpose -> (title: String, topics: [PreferencePage.Topic]) in
                let topics = settings.topics.enumerated().filter { $0.element.purpose == purpose.name }.map { index, topic -> PreferencePage.Topic in
                    var frequency = ""
                    let choices = cells.indices.filter { cells[$0].frequencyField == "f\(mark)-\(index)" }.map { at -> PreferencePage.Choice in
                        if decisions[at].reason == .paused { pausedUntil = [pausedUntil, decisions[at].statement?.until].compactMap { $0 }.max() }
                        if behind[at].isPermitted, !behind[at].frequency.isEmpty { frequency = behind[at].frequency }
                        return PreferencePage.Choice(field: cells[at].field, channel: cells[at].scope.channel, isChosen: behind[at].isPermitted)
                    }
                    return PreferencePage.Topic(title: topic.titles[language] ?? topic.titles["en"] ?? topic.name, choices: choices, frequencyField: "f\(mark)-\(index)", frequency: frequency)
                }
                return (purpose.titles[language] ?? purpose.titles["en"] ?? purpose.name, topics)
            }
            var account: String?
            if case .account(let group) = context { account = group }
            return PreferencePage.Group(account: account, mark: mark, purposes: purposes)
        }
        let page = PreferencePage(
            groups: groups, frequencies: ConsentSettings.frequencies, done: call.query("done").flatMap(PreferencePage.Done.init), pausedUntilMs: pausedUntil?.milliseconds, page: number, pages: pages)
        return Reply(html: page.render(frame))
    }

    private func save(_ call: Call, _ link: PreferenceLink, _ place: Workspace) async throws -> Reply {
        let form = try await Form(call, bodyMaximum: 1 << 20, fieldsMaximum: 20_000)
        let person = Person(link, place)
        let now = Clock.now()
        let intent = form.text("intent")
        let evidence = ConsentEvidence(proof: "preference page", source: "person")
        func everything(_ state: ConsentStatement.State, until: Timestamp? = nil) -> [ConsentStatement] {
            [ConsentStatement(ConsentScope(.everyMessage, context: .every), state, until: until, at: now, evidence: evidence)]
        }
        let done: PreferencePage.Done
        switch intent {
        case "stop":
            try person.says(everything(.withdrawn), place, now)
            done = .stopped
        case "pause-7", "pause-30", "pause-90":
            let days = Int64(intent.dropFirst(6)) ?? 7
            try person.says(everything(.paused, until: Timestamp(clamping: now.milliseconds + days * 86_400_000)), place, now)
            done = .paused
        case "resume":
            try person.says(try resumed(place, person, everything(.paused, until: now), now, evidence), place, now)
            done = .resumed
        case "save":
            try person.says(try changes(form, link, place, person, now), place, now)
            done = .saved
        default: throw Refusal(400, "consent.intent", "The form says nothing that can be done here.", remedy: "Open the page again, and choose there.")
        }
        return Reply(redirect: "/preferences/\(PercentCoding.encode(place.name))/\(call.parameter("token"))?done=\(done.rawValue)" + (Int(form.text("page")).map { "&page=\($0)" } ?? "") + (call.query("lang").map { "&lang=\(PercentCoding.encode($0))" } ?? ""))
    }

    /// The end of every pause, whoever handed it in and whatever it is about: a pause that ends now takes the place of the one that would end later.
    private func resumed(_ place: Workspace, _ person: Person, _ everything: [ConsentStatement], _ now: Timestamp, _ evidence: ConsentEvidence) throws -> [ConsentStatement] {
        let paused = Set(try place.ledger.history(of: person.everything, limit: .max).filter { $0.state == .paused && $0.until.map { $0 > now } ?? true }.map(\.scope))
        return everything + paused.subtracting(everything.map(\.scope)).sorted { $0.purpose.name < $1.purpose.name }.map { ConsentStatement($0, .paused, until: now, at: now, evidence: evidence) }
    }

    /// What the form says otherwise than it is; what it leaves as it is, is said by nobody, and so is what it did not show.
    private func changes(_ form: Form, _ link: PreferenceLink, _ place: Workspace, _ person: Person, _ now: Timestamp) throws -> [ConsentStatement] {
        let settings = try place.consentSettings.current()
        let contexts = try contexts(link, place, person.known).filter { $0 == .personal || form["g" + Self.mark($0, place)] != nil }
        func says(_ scope: ConsentScope, _ state: ConsentStatement.State, _ frequency: String = "") -> ConsentStatement {
            let wording = settings.purposes.first { $0.name == scope.purpose.name }?.wording ?? ""
            return ConsentStatement(scope, state, at: now, evidence: ConsentEvidence(basis: "consent", wording: wording, proof: "preference page", source: "person", frequency: frequency))
        }
        let cells = Self.cells(settings, contexts, place)
        let decisions = try person.decisions(on: cells.map(\.scope), place, now, ignoringPauses: true)
        // A yes that does not count while they are taken for one with somebody who said no would count again.
        let apart = try place.ledger.holdsYesApart(in: cells.map(\.scope), of: person.known)
        let chosen = zip(zip(cells, decisions), apart).compactMap { known, holdsYes -> ConsentStatement? in
            let (cell, decision) = known
            let isWanted = form[cell.field] != nil
            let sent = form.text(cell.frequencyField)
            let frequency = isWanted && ConsentSettings.frequencies.contains(sent) ? sent : ""
            guard isWanted ? !decision.isPermitted || frequency != decision.frequency : decision.isPermitted || holdsYes else { return nil }
            return says(cell.scope, isWanted ? .granted : .withdrawn, frequency)
        }
        let wanted = cells.filter { form[$0.field] != nil }.map(\.scope)
        return chosen + (try emptied(settings, contexts, wanted, place, person, now)).map { says($0, .withdrawn) }
    }

    /// Purposes and ways of which no box is ticked: who wants none of the topics wants nothing that has no topic, or one that is not shown, either.
    ///
    /// - Returns: of those, what would still be sent.
    private func emptied(_ settings: ConsentSettings, _ contexts: [ConsentContext], _ wanted: [ConsentScope], _ place: Workspace, _ person: Person, _ now: Timestamp) throws -> [ConsentScope] {
        let granted = try place.ledger.history(of: person.known, limit: .max).filter { $0.state == .granted }.map(\.scope)
        var emptied: [ConsentScope] = []
        for context in contexts {
            for purpose in settings.purposes.map({ ConsentPurpose($0.name) }) where settings.topics.contains(where: { $0.purpose == purpose.name }) {
                let some = wanted.filter { $0.purpose == purpose && $0.context == context }
                let channels = some.isEmpty ? [""] : settings.channels.filter { channel in !some.contains { $0.channel == channel } }
                for channel in channels {
                    // Whatever was ever said yes to that lies in it.
                    let inside = granted.filter { ($0.purpose == purpose || $0.purpose == .everyMessage) && ($0.context == context || $0.context == .every) && (channel.isEmpty || $0.channel.isEmpty || $0.channel == channel) }
                        .map { ConsentScope(purpose, channel: $0.channel.isEmpty ? channel : $0.channel, topic: $0.topic, context: context) }
                    let isSent = try !inside.isEmpty && (person.decisions(on: Array(Set(inside)), place, now, ignoringPauses: true).contains { $0.isPermitted } || place.ledger.holdsYesApart(in: Array(Set(inside)), of: person.known).contains(true))
                    if isSent { emptied.append(ConsentScope(purpose, channel: channel, context: context)) }
                }
            }
        }
        return emptied
    }
}
