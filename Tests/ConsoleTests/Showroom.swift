@testable import Console

/// Every page with every place filled by one text: what is true of all pages is tested on all of them.
struct Showroom {
    var text: String
    var language = Language.english
    var theme = Frame.Theme.system

    static let now: Int64 = 1_795_298_107_000

    var frame: Frame {
        Frame(
            workspace: text, workspaces: [text, "demo"], language: language, theme: theme, csrf: text, nowMs: Self.now,
            address: "/w/x/live?text=\(text)", host: "https://cdp.wren.example", notice: .init(.good, text))
    }

    var label: IdentifierLabel { .init(type: text, value: text) }
    var problem: ConsoleProblem { .init(code: text, problem: text, remedy: text) }
    var key: SourceKey { .init(id: text, name: text, writeKey: text) }
    var sourceRow: SourcesPage.Row { .init(id: text, name: text, lastEventMs: Self.now - 5000, events24h: 12, waiting: 3) }
    var person: ProfilesPage.Row {
        .init(id: text, name: text, identifiers: [label, label, label], firstSeenMs: 0, lastSeenMs: Self.now, events: 1)
    }
    var arrival: LivePage.Row {
        .init(
            position: 1, receivedAtMs: Self.now, type: text, event: text, verdict: .quarantined, source: text, person: text,
            profileID: text, summary: text)
    }
    var profile: ProfilePage {
        let values = ["\"\(text)\"", "{\"a\":\"\(text)\"}", text].map {
            ProfilePage.TraitValue(value: $0, source: text, timestampMs: 0, messageID: text)
        }
        let other = IdentifierLabel(type: "userId", value: text)
        let evidence = [ProfilePage.Evidence.Reason.sameCall(type: text), .alias, .person, .rule(text)].map {
            ProfilePage.Evidence(from: label, to: other, reason: $0, source: text, timestampMs: 0, messageID: text)
        }
        return ProfilePage(
            id: text, name: text, firstSeenMs: 0, lastSeenMs: Self.now, events: 2,
            traits: values.map { .init(name: text, current: $0, history: values) },
            computed: [.init(id: text, name: text, value: text, measure: text, zone: text)],
            timeline: [
                .init(type: text, name: text, timestampMs: 0, receivedAtMs: Self.now, source: text, messageID: text, summary: text, json: text)
            ],
            nextEvents: text, identifiers: [label, other].map { .init(label: $0, firstSeenMs: 0, lastSeenMs: Self.now) },
            evidence: evidence, asOfMs: 1000, optOut: .init(isSignal: text.isEmpty, timestampMs: 0, messageID: text), segments: [segmentLink], canAskWhy: true, memberships: memberships, things: memberships, accountAddress: text.isEmpty ? "/w/x/accounts/acme" : nil)
    }

    private func searched(_ person: ProfilesPage.Row) -> SearchPage {
        var page = SearchPage(query: text, people: [person], sources: [sourceRow], segments: [segmentLink])
        (page.journeys, page.templates) = ([("jny_1", text)], [("tpl_1", text)])
        return page
    }

    private var consenting: ProfilePage {
        var page = profile
        page.asOfMs = nil
        let rows = ["granted", "withdrawn", "paused", "unknown", "policy"].map { ConsentPanel.Row(what: [text, text], state: $0, untilMs: Self.now, atMs: $0 == "unknown" ? nil : 0, source: text, proof: text, frequency: $0 == "granted" ? "weekly" : "") }
        page.consent = ConsentPanel(answers: rows, history: rows, statements: 9, link: "/x", suppression: (text, "complained", 0))
        return page
    }

    var memberships: [MembershipRow] { [nil, Self.now].map { MembershipRow(name: text, address: "/w/x/profiles/prf_1", roles: [text, text], fromMs: 0, toMs: $0) } }

    func reason(_ answer: ReasonPage.Answer) -> ReasonPage {
        ReasonPage(personID: text, personName: text, segment: segmentLink, sentence: text, answer: answer, segments: [segmentLink])
    }

    var reasonTree: ReasonTree {
        let events = [ReasonTree.Event.Role.seen, .said, .before].map { ReasonTree.Event(role: $0, title: text, atMs: 0, messageID: text, values: [text, text]) }
        let steps = [true, false, nil].map { ReasonTree.Step(sentence: text, isMet: $0, event: events[0], waitsUntilMs: Self.now) }
        let parts = [true, false].map { ReasonTree(sentence: text, isTrue: $0, decides: !$0, seen: text, events: events, segment: segmentLink) }
        return ReasonTree(sentence: text, isTrue: false, steps: steps, parts: parts)
    }

    var segmentLink: SegmentPage.Link { .init(id: text, name: text) }
    var journeyLink: SegmentPage.Link { .init(id: text, name: text, isJourney: true) }
    var segmentPlace: SegmentAnswer.Place { .init(line: 1, column: 2, before: text, fault: text, after: text, start: 0, end: 1) }
    var segmentAnswers: [SegmentAnswer] {
        [
            .init(.nothing), .init(.refused(problem, segmentPlace)), .init(.refused(problem, nil)),
            .init(.counted(.init(count: 1, of: 2, milliseconds: 0.4, sentence: text, warnings: [problem]))),
        ]
    }
    private var account: AccountPage {
        AccountPage(
            id: text, name: text, profileID: text, traits: [(text, "\"\(text)\"")], ancestors: [.init(id: text, name: text)], children: [.init(id: text, name: text)], childCount: 1, isOnCircle: true,
            rollup: .init(members: 2, activeMembers: 1, events: 3, revenue: 12.5, lastEventMs: Self.now), members: memberships, nextMembers: text,
            events: [text, nil].map { .init(type: text, name: text, summary: text, timestampMs: 0, person: text, profileID: $0) })
    }

    private var listRow: ListsPage.Row { .init(id: text, name: text, source: text, entries: 2, expiresMs: nil, changedMs: Self.now) }
    private func list(present: Int?) -> ListPage {
        ListPage(
            row: listRow, handle: text, note: text, people: 1, unknown: 1, expired: 0, members: [person], next: "25", users: [segmentLink], types: [text],
            outcome: .init(column: text, type: text, header: [text, text], rows: [[text, text]], present: present, added: 1, refusedCount: 1, refused: [.init(line: 2, problem: text)]), problem: problem)
    }
    func segment(_ points: Int, members: [ProfilesPage.Row]) -> SegmentPage {
        let changes = [true, false].map { SegmentPage.Change(profileID: text, name: $0 ? text : nil, hasEntered: $0, atMs: Self.now) }
        return SegmentPage(
            id: text, name: text, note: text, handle: text, sentence: text, text: text, zone: text, size: members.isEmpty ? nil : 3, savedAtMs: 0,
            chart: SizeChart(points: (0..<points).map { .init(atMs: Self.now + Int64($0) * 86_400_000, count: $0 * 50) }, isWhole: points == 31),
            members: members, next: text, changes: members.isEmpty ? [] : changes, users: members.isEmpty ? [] : [segmentLink, journeyLink],
            versions: [
                .init(number: 3, savedAtMs: Self.now, author: text, changed: SegmentVersion.Part.allCases, diff: [.same(text), .removed(text), .added(text)]),
                .init(number: 2, savedAtMs: 0, author: text), .init(number: 1, savedAtMs: 0, author: text),
            ])
    }

    /// Name and document of each page, in its states.
    var pages: [(name: String, html: String)] {
        let frame = frame
        let minutes = MinuteChart(startMs: Self.now - 3_600_000, counts: Array(repeating: 3, count: 60))
        let overview = HomePage.Overview(
            people: 1, accounts: 2, events: 2, sources: 3, merges: 4, waiting: 5, minutes: minutes, sourceRows: [sourceRow], newestProfiles: [person])
        let tour = HomePage.Tour(storefront: text, profileID: text, profileName: text)
        let importRows = ImportsPage.State.allCases.map { ImportsPage.Row(id: text, fileName: text, source: text, state: $0, startedMs: 0, rejected: 9) }
            + [.partly, .never].map { ImportsPage.Row(id: text, fileName: text, source: text, state: .failed, startedMs: 0, counted: $0) }
        let columns = ImportPage.Target.allCases.map { ImportPage.Column(header: text, samples: [text], target: $0, name: text) }
        let refused = QuarantinePage.Row(
            id: text, messageID: text, reason: problem, receivedAtMs: 0, source: text, type: text, event: text, payload: text)
        let long = QuarantinePage.Row(id: "7", reason: problem, receivedAtMs: 0, source: text, payload: text, around: text, isPayloadCut: true, isAroundCut: true)
        return [
            ("sign in", SignInPage(refusal: .wrongPassword, next: text).render(frame)),
            ("sign in, throttled", SignInPage(refusal: .throttled(seconds: 1)).render(frame)),
            ("sign in, first run", SignInPage(refusal: .linkSpent, needsLink: true).render(frame)),
            ("set password", SetPasswordPage(token: text, refusal: .differ).render(frame)),
            ("one-time link", LinkPage(token: text).render(frame)),
            ("continue", ContinuePage(next: "/w/main").render(frame)),
            ("home, young", HomePage(state: .running(overview), later: .init(hasSegment: true, hasMessage: false)).render(frame)),
            ("home", HomePage(state: .running(overview), tour: tour).render(frame)),
            ("home, empty", HomePage(state: .empty(.init())).render(frame)),
            ("home, first event", HomePage(state: .empty(.init(source: key, firstEvent: arrival, later: .init(hasSegment: false, hasMessage: nil))), isRevealed: true).render(frame)),
            ("home, refused", HomePage(state: .empty(.init(source: key, refused: .init(reason: problem, receivedAtMs: 0)))).render(frame)),
            ("live", LivePage(rows: [arrival], filter: .init(text: text, source: text), sources: [text]).render(frame)),
            ("live, empty", LivePage(rows: []).render(frame)),
            ("live, interval", LivePage(rows: [arrival], filter: .init(fromMs: 0, toMs: 1)).render(frame)),
            ("profiles", ProfilesPage(rows: [person], query: text, next: text, total: 1).render(frame)),
            ("profiles, empty", ProfilesPage(rows: []).render(frame)),
            ("profile", profile.render(frame)), ("profile, consent", consenting.render(frame)),
            ("sources", SourcesPage(rows: [sourceRow], mistake: .nameTaken, typedName: text).render(frame)),
            ("sources, empty", SourcesPage(rows: []).render(frame)),
        ] + SnippetKind.allCases.map { kind in
            ("source, \(kind)", SourcePage(source: key, isEnabled: false, createdMs: 0, snippet: kind, isRevealed: true).render(frame))
        } + [
            (
                "quarantine",
                QuarantinePage(
                    rows: [refused], codes: [.init(code: text, count: 1)], code: text, source: text, next: text,
                    mistake: .init(id: text, reason: problem, typed: text)
                ).render(frame)
            ),
            ("quarantine, too long", QuarantinePage(rows: [long], mistake: .init(id: long.id, reason: problem, typed: text)).render(frame)),
            ("quarantine, empty", QuarantinePage(rows: []).render(frame)),
            ("imports", ImportsPage(rows: importRows, sources: [sourceRow], problem: problem).render(frame)),
            ("imports, no source", ImportsPage(rows: [], sources: []).render(frame)),
            ("import, lines", ImportPage(row: importRows[0], lines: [text]).render(frame)),
            (
                "import, columns that cannot work",
                ImportPage(
                    row: importRows[0],
                    columns: columns + [.init(header: text, samples: [text], target: .userId, name: text, isTaken: true), .init(header: text, samples: [text], target: .timestamp, name: text, unreadableTime: text)],
                    isNobody: true, isNameless: true
                ).render(frame)
            ),
            ("import, no rows", ImportPage(row: .init(id: text, fileName: text, source: text, state: .finished, startedMs: 0), finishedMs: 1).render(frame)),
        ] + importRows.map { row in
            (
                "import, \(row.state)",
                ImportPage(row: row, columns: columns, finishedMs: 1, rejected: [.init(line: 1, reason: problem)], problem: problem)
                    .render(frame)
            )
        } + [
            (
                "tokens",
                TokensPage(
                    rows: [.init(id: text, name: text, scopes: [text], createdMs: 0)], scopes: ["all", text],
                    created: .init(name: text, token: text), mistake: .scopesMissing, typedName: text
                ).render(frame)
            ),
            ("tokens, empty", TokensPage(rows: [], scopes: ["all"], mistake: .nameMissing).render(frame)),
            (
                "session",
                SessionPage(
                    sessions: [.init(id: text, browser: text, lastUsedMs: 0)], refusal: .newPassword(.common)
                ).render(frame)
            ),
            ("search", searched(person).render(frame)),
            ("segments", SegmentsPage(rows: [.init(id: text, name: text, sentence: text, size: 1, savedAtMs: 0), .init(id: text, name: text, sentence: text, size: nil, savedAtMs: 0)]).render(frame)),
            ("why, out", reason(.reasoned(reasonTree, flipsAtMs: Self.now, lookedUntilMs: Self.now)).render(frame)),
            ("why, in", reason(.reasoned(.init(sentence: text, isTrue: true), flipsAtMs: nil, lookedUntilMs: Self.now)).render(frame)),
            ("why, objecting", reason(.objects).render(frame)), ("why, account", reason(.noEvents).render(frame)), ("why, refused", reason(.refused(problem)).render(frame)),
            ("segments, empty", SegmentsPage(rows: []).render(frame)),
            ("accounts", AccountsPage(rows: [.init(id: text, name: text, members: 2, activeMembers: 1, lastSeenMs: 0)], query: text, next: text, condition: text, found: 2, saved: [.init(id: text, name: text, text: text)]).render(frame)),
            ("survivorship", SurvivorshipPage(rows: SurvivorshipPage.rules.map { .init(trait: text, rule: $0, sources: [text]) }, sources: [text], version: 2, problem: problem).render(frame)),
            ("survivorship, empty", SurvivorshipPage(rows: [], sources: [], version: 0).render(frame)),
            ("accounts, empty", AccountsPage(rows: []).render(frame)), ("account", account.render(frame)),
            ("lists", ListsPage(rows: [listRow], problem: problem).render(frame)), ("lists, empty", ListsPage(rows: []).render(frame)),
            ("list", list(present: 1).render(frame)), ("list, looked at", list(present: nil).render(frame)),
            ("segment", segment(31, members: [person]).render(frame)),
            ("segment, counting", segment(7, members: [person]).render(frame)),
            ("segment, nobody", segment(1, members: []).render(frame)),
            ("segment, new", SegmentEditPage(mistake: .nameTooLong(maximum: 200)).render(frame)),
            ("search, more", SearchPage(query: text, people: [person], hasMorePeople: true).render(frame)),
            ("search, nothing", SearchPage(query: text).render(frame)),
        ] + [ErrorPage.Kind.notFound, .formExpired, .notAllowed, .unavailable, .needsTLS, .wrongHost, .broken(reference: text), .refused(problem)].map { kind in
            ("error, \(kind)", ErrorPage(kind, back: text).render(frame))
        } + segmentAnswers.enumerated().map { number, answer in
            (
                "segment, edit \(number)",
                SegmentEditPage(
                    id: text, savedName: text, name: text, note: text, text: text, zone: text, mistake: .nameMissing, answer: answer,
                    names: .init(traits: [text], events: [text], properties: [text]), users: [segmentLink]
                ).render(frame)
            )
        } + [("error, signed out", ErrorPage(.notFound, isSignedIn: false).render(frame))] + computedPages + identityPages + reviewPages + deliveryPages + emailPages + journeyPages
    }
}
