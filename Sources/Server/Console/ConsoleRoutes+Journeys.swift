import Console
import Decisions
import HTTPTypes
import Profiles
import Segments
import Vocabulary

/// Journeys: the list, one with its results, the editor, and rehearsals.
extension ConsoleRoutes {
    /// The longest form: the text as it was shown, as it is, and in its steps, once more for each step around one; each byte of it escaped to three.
    private static let journeyBodyMaximum = 12 << 20
    /// Each step has a field, and each list of steps another.
    private static let journeyFieldsMaximum = 2_000
    private static let journeysShown = 100
    /// Of how many decisions a person's page tells what became of them.
    private static let outcomesMaximum = 100

    var journeys: [Route] {
        [
            page("/journeys", "Journeys.") { visit in
                let query = visit.query("q")?.trimmed ?? ""
                let (journeys, next) = visit.place.journeys.page(named: query, after: visit.query("after").flatMap(JourneyPlace.init), limit: Self.journeysShown)
                let rows = try journeys.map { kept in
                    let results = try visit.place.journeys.results(of: kept, steps: kept.journey)
                    return JourneysPage.Row(
                        id: kept.id, name: kept.journey.name, trigger: kept.journey.trigger.kind, state: JourneyState(rawValue: kept.state.rawValue) ?? .draft, entered: Int(clamping: results.entered),
                        inside: Int(clamping: try visit.place.journeys.inside(kept)), converted: Int(clamping: results.walked.converted))
                }
                return visit.html(JourneysPage(rows: rows, query: query, next: next?.text, isPart: next != nil || visit.query("after") != nil))
            },
            page("/journeys/new", "A new journey.") { visit in visit.show(JourneyEditPage(yaml: JourneyEditPage.example(purpose: (try visit.place.consentSettings.current()).purposes.first?.name)), at: nil) },
            page("/journeys/campaign", "A new campaign.") { visit in visit.html(try visit.campaignPage(CampaignPage.standard.merging(["name": visit.query("name") ?? ""]) { $1 })) },
            action("/journeys/campaign", "Make a campaign.") { visit, form in try await visit.campaign(form) },
            action("/journeys", "Make a journey.", bodyMaximum: Self.journeyBodyMaximum, fieldsMaximum: Self.journeyFieldsMaximum) { visit, form in try await visit.edit(form, nil) },
            page("/profiles/{id}/journeys", "What journeys decided about a person, and why.") { visit in
                guard let profile = try visit.reader.profile(id: visit.id) else { throw ReadRoutes.noProfile }
                guard profile.id == visit.id else { return Reply(redirect: visit.address("/profiles/\(profile.id)/journeys")) }
                let names = LaneNames(visit.place)
                var left = Self.outcomesMaximum
                let runs = try visit.place.runs(of: profile).map { found in
                    try PersonJourneysPage.Run(found) { key in
                        left -= 1
                        guard left >= 0, let record = try visit.place.outbox.find(key: key) else { return nil }
                        return try DeliveriesPage.Row(record, in: visit.place, names, language: visit.frame.language)
                    }
                }
                var page = PersonJourneysPage(id: profile.id, name: profile.displayName, runs: runs)
                (page.whys, page.hasMore) = try await visit.whys(of: profile)
                return visit.html(page)
            },
            page("/journeys/{id}", "One journey.") { visit in
                let kept = try visit.journey()
                return visit.html(try await visit.page(of: kept))
            },
            page("/journeys/{id}/edit", "Change a journey.") { visit in
                let kept = try visit.journey()
                var page = JourneyEditPage(id: kept.id, name: kept.journey.name, yaml: kept.document.yaml)
                page.edition = Edition(kept.version)
                return visit.show(page, at: nil)
            },
            page("/journeys/{id}/rehearsal", "What a journey would have done.") { visit in
                let kept = try visit.journey()
                let days = visit.query("days").flatMap { Int($0) }.flatMap { RehearsalPage.choices.contains($0) ? $0 : nil } ?? 30
                return visit.html(try await visit.rehearsal(of: kept, days: days))
            },
            action("/journeys/{id}/save", "Save a journey's change.", bodyMaximum: Self.journeyBodyMaximum, fieldsMaximum: Self.journeyFieldsMaximum) { visit, form in try await visit.edit(form, try visit.journey()) },
            action("/journeys/{id}/start", "Start a journey.") { visit, form in
                let kept = try visit.journey()
                let isWhole = (try? JourneyRoutes.read(kept.document, visit.place)) != nil && kept.journey.templates.allSatisfy { visit.place.templates.find($0) != nil }
                    && kept.journey.destinations.allSatisfy { visit.place.destinations.find($0) != nil }
                guard isWhole else { return visit.done(.journeyWaits, at: "/journeys/\(kept.id)") }
                guard (try? JourneyRoutes.checkCircle(kept, visit.place)) != nil else { return visit.done(.journeyCircle, at: "/journeys/\(kept.id)") }
                do { try await JourneyRoutes.checkSender(kept, visit.place) } catch let refusal as Refusal where refusal.explanation.code == JourneyRoutes.unauthenticated {
                    return visit.done(.journeyNotBelieved, at: "/journeys/\(kept.id)")
                }
                _ = try await visit.place.walking.start(kept.id, policy: JourneyFollower.Policy(rawValue: form.text("policy")) ?? .finish)
                return visit.done(.journeyStarted, at: "/journeys/\(kept.id)")
            },
            action("/journeys/{id}/pause", "Pause a journey.") { visit, _ in
                let kept = try visit.journey()
                return visit.done(try await visit.place.walking.pause(kept.id) ? .journeyPaused : nil, at: "/journeys/\(kept.id)")
            },
            action("/journeys/{id}/stop", "Stop a journey.") { visit, form in
                let kept = try visit.journey()
                guard form.confirms(kept.journey.name) else { return visit.done(.nameDiffers, at: "/journeys/\(kept.id)") }
                _ = try await visit.place.walking.stop(kept.id)
                return visit.done(.journeyStopped, at: "/journeys/\(kept.id)")
            },
            action("/journeys/{id}/delete", "Delete a journey that nobody walks.") { visit, form in
                let kept = try visit.journey()
                guard form.confirms(kept.journey.name) else { return visit.done(.nameDiffers, at: "/journeys/\(kept.id)") }
                try visit.place.refuseWhileUsed(kept)
                guard try visit.place.journeys.delete(kept.id, author: ConsoleRoutes.author, at: visit.now) else { throw Visit.gone }
                visit.place.walking.changed()
                return visit.done(.journeyDeleted, at: "/journeys")
            },
        ]
    }
}

extension PersonJourneysPage.Run {
    /// - Parameter delivery: what became of an intent, by its key.
    fileprivate init(_ found: (journey: KeptJourney, run: JourneyRun), delivery: (String) throws -> DeliveriesPage.Row?) throws {
        let run = found.run
        self.init(
            journeyID: found.journey.id, name: found.journey.journey.name, key: run.instance, version: Int(clamping: run.version), enteredAtMs: run.enteredAt.milliseconds, step: run.end == nil ? run.step : nil,
            reason: run.end?.reason, wakeAtMs: run.wake?.milliseconds,
            notes: try run.notes.map { note in
                let row = note.what == .decided ? try delivery(run.intentKey(journey: found.journey.id, step: note.step)) : nil
                return PersonJourneysPage.Note(atMs: note.at.milliseconds, what: note.what.rawValue, step: note.step, detail: note.detail, delivery: row)
            })
    }
}

extension Visit {
    func journey() throws -> KeptJourney {
        guard let kept = place.journeys.find(id) else { throw Visit.gone }
        return kept
    }

    fileprivate func page(of kept: KeptJourney) async throws -> JourneyPage {
        let (live, document) = place.journeys.live(kept)
        let results = try place.journeys.results(of: kept, steps: live)
        func arm(_ arm: JourneyResults.Arm) -> JourneyPage.Arm { JourneyPage.Arm(people: Int(clamping: arm.people), converted: Int(clamping: arm.converted), revenue: arm.revenue) }
        func estimate(_ estimate: JourneyResults.Estimate?) -> JourneyPage.Estimate? { estimate.map { JourneyPage.Estimate(value: $0.value, low: $0.low, high: $0.high) } }
        var isCampaign = false
        if case .campaign = live.trigger { isCampaign = true }
        let waiting = isCampaign ? try place.journeys.waitingToBegin(kept) : 0
        let canaries = try place.journeys.canaryPause(of: kept).map { pause in
            CanaryVerdict(sent: Int(clamping: pause.sent), failed: Int(clamping: pause.failed), stopAbove: pause.stopAbove, atMs: pause.at.milliseconds, waiting: waiting)
        }
        // One whose time is still to come has nobody waiting yet.
        let isPlanned = waiting > 0 || results.walked.people + results.heldOut.people > 0
        var page = JourneyPage(
            id: kept.id, name: kept.journey.name, note: kept.journey.note, trigger: kept.journey.trigger.kind, state: JourneyState(rawValue: kept.state.rawValue) ?? .draft, version: Int(clamping: kept.version),
            liveVersion: Int(clamping: kept.liveVersion), tree: JourneyTree(steps: JourneyTreeReader(live, document.json, results).steps), walked: arm(results.walked), heldOut: arm(results.heldOut),
            lift: estimate(results.lift), revenueLift: estimate(results.revenueLift), ended: results.ended.map { ($0.reason, Int(clamping: $0.count)) },
            warnings: (JourneyRoutes.warnings(kept.journey, place) + [JourneyRoutes.senderDoubt(kept.journey, place)].compactMap { $0 }).map { JourneyWarning(ConsoleProblem($0)) }, head: JourneyHeadReading.head(document.json, SegmentEditPage.Names()).shown,
            canaries: canaries, audience: try await audience(of: kept), waiting: isCampaign && isPlanned && canaries == nil && (kept.state == .live || kept.state == .paused) ? waiting : nil,
            versions: JourneyVersions(try place.journeys.standing(in: kept).map { JourneyVersions.Standing(version: Int(clamping: $0.version), step: $0.step, count: Int(clamping: $0.count)) }))
        if kept.liveVersion > 0, kept.liveVersion != kept.version { page.versions.texts = (document.yaml, kept.document.yaml) }
        page.hasGoal = live.goal != nil
        return page
    }

    fileprivate func rehearsal(of kept: KeptJourney, days: Int) async throws -> RehearsalPage {
        let (_, rehearsal) = try await RehearsalRoutes.rehearse(kept.document, id: kept.id, days: days, to: Timestamp(clamping: now.milliseconds + 1), limit: 50, in: place)
        let counts = RehearsalCounts(rehearsal)
        let byDay = rehearsal.messagesByDay.mapValues { $0.values.reduce(0, +) }
        let rules = (try? ZoneRules.named(kept.journey.zone)) ?? .utc
        let calendar = rules.day(of: rehearsal.from.milliseconds)...rules.day(of: rehearsal.to.milliseconds)
        let reader = self.reader
        return RehearsalPage(
            id: kept.id, name: kept.journey.name, days: days, people: rehearsal.people, entered: Int(clamping: counts.whole("entered")), heldOut: Int(clamping: counts.whole("held")), messages: rehearsal.messages, overCap: rehearsal.overCap,
            peopleOverCap: rehearsal.peopleOverCap, held: rehearsal.held, collisions: rehearsal.collisions, milliseconds: Int(rehearsal.milliseconds.rounded()),
            byDay: byDay.isEmpty ? [] : calendar.map { RehearsalPage.Day(atMs: $0 * 86_400_000 + 43_200_000, messages: byDay[$0] ?? 0) },
            decisions: try rehearsal.decisions.sorted { ($0.at, $0.key) < ($1.at, $1.key) }.prefix(50).map {
                RehearsalPage.Decision(atMs: $0.at.milliseconds, profile: $0.profile, person: try reader.profile(id: $0.profile)?.displayName ?? $0.profile, step: $0.step, what: $0.what)
            },
            gaps: rehearsal.gaps.map(\.rawValue))
    }
}

/// The steps of a journey as the console's tree: the document tells which ways a step has, the journey what each does.
struct JourneyTreeReader {
    private let journey: Journey
    private let json: JSONText
    private let results: [String: JourneyResults.Step]
    private let byPlace: [String: PlacedStep]
    /// As the steps are written, where that is shown.
    private let text: JourneyText?

    init(_ journey: Journey, _ json: JSONText, _ results: JourneyResults?, text: JourneyText? = nil) {
        (self.journey, self.json, self.text) = (journey, json, text)
        self.results = Dictionary((results?.steps ?? []).map { ($0.id, $0) }) { first, _ in first }
        byPlace = Dictionary(journey.steps.map { ($0.place, $0) }) { first, _ in first }
    }

    var steps: [JourneyTree.Step] { list("/steps") }

    private func list(_ place: String) -> [JourneyTree.Step] {
        let count = JourneyEditing.value(at: place, in: json)?.elements.count ?? 0
        return (0..<count).compactMap { step("\(place)/\($0)") }
    }

    private func step(_ place: String) -> JourneyTree.Step? {
        guard let placed = byPlace[place], let own = JourneyEditing.value(at: place, in: json) else { return nil }
        let result = results[placed.id]
        let names = placed.wayNames
        let places = wayPlaces(own, place)
        let ways = names.enumerated().compactMap { index, name -> JourneyTree.Way? in
            guard index < places.count else { return nil }
            let isRest = index == names.count - 1 && places[index].hasSuffix("/otherwise")
            return JourneyTree.Way(place: places[index], name: isRest ? nil : name, count: result.flatMap { index < $0.ways.count ? Int(clamping: $0.ways[index].count) : nil }, steps: list(places[index]))
        }
        return JourneyTree.Step(
            place: place, id: placed.id, kind: placed.step.key, summary: placed.step.summary,
            counts: result.map { JourneyTree.Counts(arrived: Int(clamping: $0.arrived), standing: Int(clamping: $0.at), decided: Int(clamping: $0.decided), sent: Int(clamping: $0.sent), failed: Int(clamping: $0.failed), refused: Int(clamping: $0.refused), opened: Int(clamping: $0.opened), clicked: Int(clamping: $0.clicked)) },
            ways: ways, yaml: text?.source(at: place) ?? JourneyYAML.text(own))
    }

    /// Where the ways of a step stand, in the order in which the step tells their names.
    private func wayPlaces(_ step: JSONText, _ place: String) -> [String] {
        let lists = [(step["branch"], "/branch"), (step["split"], "/split"), (step["wait"]?["until"], "/wait/until")]
        guard let (list, name) = lists.first(where: { $0.0 != nil }), let list else { return [] }
        let arms = list.isArray ? list.elements.indices.map { "\(place)\(name)/\($0)/then" } : ["\(place)\(name)/then"]
        return name == "/split" ? arms : arms + ["\(place)/otherwise"]
    }
}

extension Visit {
    /// Why somebody is in each journey or not: of so many at most, the newest of which somebody began first.
    private static let whysMaximum = 50

    fileprivate func whys(of profile: Profile) async throws -> ([PersonJourneysPage.Why], hasMore: Bool) {
        try await place.folds.waitUntilApplied(place.log.end)
        let (walking, all) = (place.walking, place.journeys.all.filter { $0.state != .draft })
        let whys = try await place.engine.pool.ask {
            try all.suffix(Visit.whysMaximum).reversed().map { kept in
                let why = try walking.why(kept, profile)
                return PersonJourneysPage.Why(journeyID: kept.id, name: kept.journey.name, code: why.code.rawValue, atMs: why.at?.milliseconds)
            }
        }
        return (whys, all.count > whys.count)
    }
}
