import Console
import HTTPTypes
import Ingest
import Mail
import Profiles
import Vocabulary

/// Home: first steps while a workspace is empty, afterwards how it is doing; and the search over everything.
extension ConsoleRoutes {
    var home: [Route] {
        [
            page("", "How the workspace is doing.") { visit in visit.html(try homePage(visit)) },
            page("/charts/events-per-minute.csv", "The chart's numbers.") { visit in
                visit.download(Array(visit.minutes.csv.utf8), "text/csv; charset=utf-8", "events-per-minute.csv")
            },
            page("/charts/events-per-minute.svg", "The chart's drawing.") { visit in
                visit.download(Array(visit.minutes.svg(visit.frame).utf8), "image/svg+xml", "events-per-minute.svg")
            },
            page("/search", "People, segments, sources and places by any name.") { visit in visit.html(try searchPage(visit)) },
        ]
    }

    /// The first steps stay in sight, ticked off, for a moment after the first event; what comes in at once by the dozen needs no steps.
    private static let firstEventsMaximum = 10
    private static let firstStepsMs: Int64 = 120_000
    private static let laterStepsMs: Int64 = 7 * 86_400_000
    /// How many people a search shows.
    private static let foundMaximum = 20

    private func homePage(_ visit: Visit) throws -> HomePage {
        let place = visit.place
        let count = place.log.end
        var first: LivePage.Row?
        if count > 0, count < ConsoleRoutes.firstEventsMaximum, let event = (try? place.log.read(0)) ?? nil, !event.isErased, !event.isFact,
            visit.now.milliseconds - event.receivedAt.milliseconds < ConsoleRoutes.firstStepsMs
        {
            var rows = LiveRows(place)
            first = rows.row(event, position: 0)
        }
        let state: HomePage.State
        if count == 0 || first != nil {
            let refused = try first == nil ? place.ingest.quarantine.list(limit: 1).first.flatMap(visit.refused) : nil
            state = .empty(
                HomePage.FirstSteps(source: place.sources.all.first.map(visit.key), firstEvent: first, refused: refused, later: first == nil ? nil : visit.laterSteps))
        } else {
            state = .running(try overview(visit))
        }
        return HomePage(state: state, later: isYoung(visit) ? visit.laterSteps : nil, tour: try tour(visit), snippet: visit.snippet, isRevealed: visit.isRevealed)
    }

    /// Whether the later steps are still worth the room: in the first days of a workspace of one's own, until they are done.
    private func isYoung(_ visit: Visit) -> Bool {
        guard visit.place.name != "demo", let first = (try? visit.place.log.read(0)) ?? nil, visit.now.milliseconds - first.receivedAt.milliseconds < ConsoleRoutes.laterStepsMs else { return false }
        return !visit.laterSteps.areDone
    }

    private func overview(_ visit: Visit) throws -> HomePage.Overview {
        let totals = visit.place.profiles.totals()
        let sources = visit.place.sources.all.map(visit.row)
        let reader = visit.reader
        let accounts = visit.place.accountReader.count
        return HomePage.Overview(
            people: max(0, totals.people - accounts), accounts: accounts, events: visit.place.log.count, sources: sources.count, merges: totals.merges,
            waiting: visit.waiting(of: nil), minutes: visit.minutes, sourceRows: Array(sources.prefix(6)),
            newestProfiles: try reader.newest(limit: 6).map { visit.row($0, reader) })
    }

    /// What the demo says first: the shop, and Ada, who is its first customer.
    private func tour(_ visit: Visit) throws -> HomePage.Tour? {
        guard visit.place.name == "demo", server.configuration.demo, let ada = try visit.reader.profile(Identifier(.userId, "u1")) else { return nil }
        return HomePage.Tour(storefront: "/shop", profileID: ada.id, profileName: ada.displayName)
    }

    private func searchPage(_ visit: Visit) throws -> SearchPage {
        let query = (visit.query("q") ?? "").trimmed
        guard !query.isEmpty else { return SearchPage(query: "") }
        let reader = visit.reader
        let found = try visit.people(reader, query, after: nil, limit: ConsoleRoutes.foundMaximum, isMerged: false)
        let sources = visit.place.sources.all.filter { $0.name.lowercased().contains(query.lowercased()) }.map(visit.row)
        let segments = visit.links(visit.place.segments.all.filter { $0.name.lowercased().contains(query.lowercased()) })
        // Whoever has exactly this name stands before those who were asked for.
        let people = found.rows.prefix(ConsoleRoutes.foundMaximum)
        var page = SearchPage(query: query, people: Array(people), sources: sources, segments: segments, hasMorePeople: found.next != nil || people.count < found.rows.count)
        page.journeys = visit.place.journeys.page(named: query, limit: ConsoleRoutes.foundMaximum).journeys.map { ($0.id, $0.journey.name) }
        page.templates = visit.place.templates.all.filter { $0.name.lowercased().contains(query.lowercased()) }.prefix(ConsoleRoutes.foundMaximum).map { ($0.id, $0.name) }
        return page
    }
}

extension Visit {
    fileprivate func refused(_ event: QuarantinedEvent) -> HomePage.Refused? {
        event.reasons.first.map { HomePage.Refused(reason: ConsoleProblem($0), receivedAtMs: event.receivedAt.milliseconds) }
    }

    fileprivate var laterSteps: HomePage.LaterSteps {
        let catcher = server.catcher
        return HomePage.LaterSteps(
            hasSegment: place.segments.all.contains { (place.memberships.size(of: $0.id) ?? 0) > 0 },
            hasMessage: catcher.port == nil ? nil : catcher.list(limit: 500).contains { CaughtMail($0).belongs(to: place.name) })
    }

    var minutes: MinuteChart {
        MinuteChart(startMs: (now.milliseconds / 60_000 - 59) * 60_000, counts: place.live.perMinute(now: now))
    }

    func download(_ bytes: [UInt8], _ type: String, _ name: String) -> Reply {
        var reply = Reply(type: type, bytes: bytes)
        reply.headers[.contentDisposition] = "attachment; filename=\"\(name)\""
        return reply
    }
}
