import Console
import Decisions
import Delivery
import Profiles
import Vocabulary

/// What became of messages, each message with its why, and dead letters that are sent again.
extension ConsoleRoutes {
    private static let pageRows = 50
    private static let chartHours: Int64 = 24

    var deliveries: [Route] {
        [
            page("/deliveries", "Messages and what became of them.") { visit in
                let filter = try MessageRoutes.filter(visit.call)
                var records = try visit.place.outbox.list(filter, limit: Self.pageRows + 1)
                let isMore = records.count > Self.pageRows
                if isMore { records.removeLast() }
                let language = visit.frame.language
                let names = LaneNames(visit.place)
                let lanes = try visit.place.outbox.laneStatus().map { lane in
                    DeliveriesPage.Lane(id: lane.name, name: names.name(lane.name), waiting: lane.waiting, dead: lane.dead, isPaused: lane.pausedUntil.map { $0 > visit.now } ?? false, isOff: lane.isOff)
                }
                let held = try visit.place.outbox.hold().map { hold in DeliveriesPage.Held(atMs: hold.since.milliseconds, lanes: hold.counts.map { (id: $0.lane, name: names.name($0.lane), count: $0.count) }) }
                return visit.html(DeliveriesPage(
                    chart: try visit.chart(hours: Self.chartHours), lanes: lanes, rows: try records.map { try DeliveriesPage.Row($0, in: visit.place, names, language: language) }, state: visit.query("state"),
                    channel: visit.query("channel"), origin: filter.originID.map { id in (id, visit.place.journeys.find(id)?.journey.name ?? id, filter.step) }, kind: visit.query("kind"), held: held, next: isMore ? records.last.map { String($0.stored.number) } : nil))
            },
            page("/deliveries/{key}", "One message and why it was sent or not.") { visit in
                guard let record = try visit.place.outbox.find(key: visit.call.parameter("key")) else { throw Visit.gone }
                return visit.html(try visit.message(record))
            },
            action("/deliveries/release", "Send what is held since a backup was restored.") { visit, form in
                _ = try visit.place.outbox.release(Self.held(form))
                return visit.done(.messagesReleased, at: "/deliveries")
            },
            action("/deliveries/drop", "Take back what is held since a backup was restored.") { visit, form in
                _ = try visit.place.outbox.drop(Self.held(form))
                return visit.done(.messagesDropped, at: "/deliveries")
            },
            action("/deliveries/replay", "Send dead letters again.") { visit, form in
                let key = form.text("key")
                _ = try key.isEmpty ? visit.place.outbox.replay(lane: form.text("channel")) : visit.place.outbox.replay(keys: [key])
                return visit.done(.messagesReplayed, at: key.isEmpty ? "/deliveries" : "/deliveries/\(PercentCoding.encode(key))")
            },
        ]
    }

    private static func held(_ form: Form) -> HeldMessages {
        let (key, channel) = (form.text("key"), form.text("channel"))
        return key.isEmpty ? channel.isEmpty ? .all : .lane(channel) : .keys([key])
    }
}

/// How the console calls channels and destinations.
struct LaneNames {
    private let names: [String: String]
    init(_ place: Workspace) { names = Dictionary(uniqueKeysWithValues: place.destinations.all.map { ($0.id, $0.name) }) }
    func name(_ lane: String) -> String { names[lane] ?? lane }
}

extension DeliveriesPage.Row {
    init(_ record: DeliveryRecord, in place: Workspace, _ names: LaneNames, language: Language) throws {
        let intent = record.intent
        var template: String?
        if case .message(let id, _) = intent.effect { template = place.templates.find(id)?.name ?? id }
        let profile = try place.profiles.reader(for: .service).profile(id: intent.profile.text)
        self.init(
            key: intent.key, profileID: profile?.id ?? intent.profile.text, person: profile?.displayName ?? intent.profile.text, lane: names.name(intent.lane), template: template, state: record.state.name,
            reason: record.reason.words(language.rawValue), atMs: (record.ended ?? intent.decidedAt).milliseconds)
    }
}

extension MessagePanel {
    private static let rowsMaximum = 20

    init(_ profile: Profile, in place: Workspace, language: Language) throws {
        var filter = DeliveryFilter()
        (filter.profiles, filter.kind) = (place.outbox.ids(of: profile), "message")
        let names = LaneNames(place)
        self.init(rows: try place.outbox.list(filter, limit: Self.rowsMaximum).map { try DeliveriesPage.Row($0, in: place, names, language: language) })
    }
}

extension Visit {
    fileprivate func chart(hours: Int64) throws -> DeliveryChart {
        let hour: Int64 = 3_600_000
        let end = (now.milliseconds / hour + 1) * hour
        let counts = try place.outbox.counts(from: Timestamp(clamping: end - hours * hour), to: Timestamp(clamping: end), stepMs: hour)
        return DeliveryChart(hours: counts.map { DeliveryChart.Hour(startMs: $0.from.milliseconds, sent: $0.sent, refused: $0.refused, failed: $0.dead) })
    }

    fileprivate func message(_ record: DeliveryRecord) throws -> MessagePage {
        let language = frame.language.rawValue
        let intent = record.intent
        let verdicts = record.state.isFinal ? [] : try place.outbox.examine(intent, of: record, now: now).verdicts
        let journey = intent.origin.kind == .api ? nil : place.journeys.find(intent.origin.id)
        var facts: [(name: String, value: String)] = journey == nil ? [("origin", [intent.origin.kind.rawValue, intent.origin.id, intent.origin.step].filter { !$0.isEmpty }.joined(separator: " · "))] : []
        if case .message(_, let scope) = intent.effect { facts += [("purpose", scope.purpose.name), ("topic", scope.topic)] }
        facts += [("attempts", String(record.attempts)), ("repeats", record.lost == 0 ? "" : String(record.lost)), ("due", record.state.isFinal ? "" : record.due.iso8601), ("receipt", record.receipt)]
        return MessagePage(
            row: try DeliveriesPage.Row(record, in: place, LaneNames(place), language: frame.language), code: record.reason.rawValue, detail: record.detail, facts: facts,
            journey: journey.map { ($0.id, $0.journey.name, intent.origin.step) }, steps: try place.outbox.steps(of: record).map { MessagePage.Step(atMs: $0.at.milliseconds, reason: $0.reason.words(language), detail: $0.detail) },
            checks: verdicts.map { MessagePage.Check(name: $0.check.rawValue, answer: $0.kind.rawValue, reason: $0.reason?.words(language), detail: $0.detail, untilMs: $0.until?.milliseconds) })
    }
}
