import Console
import EventLog
import Ingest
import Profiles
import Vocabulary

/// Makes the rows of Live from arrivals and from stored events; one reader's pass over them, so that each person is looked up once.
struct LiveRows {
    private let place: Workspace
    private let reader: ProfileReader
    /// Of the reader of the page, in which refusals are told.
    private let language: Language
    private var people: [Identifier: (name: String, id: String?)] = [:]

    init(_ place: Workspace, in language: Language = .english) {
        (self.place, self.language) = (place, language)
        reader = place.profiles.reader(for: .service)
    }

    /// Nil for an event that was erased meanwhile.
    mutating func row(_ item: LiveFeed.Item) -> LivePage.Row? {
        if let position = item.position {
            guard let event = try? place.log.read(position), !event.isErased, !event.isFact else { return nil }
            return row(event, position: Int64(item.number))
        }
        let person = person(userId: item.userId, anonymousId: item.anonymousId)
        return LivePage.Row(
            position: Int64(item.number), receivedAtMs: item.receivedAt.milliseconds, type: item.type, event: item.title.isEmpty ? nil : item.title,
            verdict: LivePage.Verdict(rawValue: item.verdict) ?? .accepted, source: place.sources.source(number: item.source)?.name ?? "",
            person: person?.name, profileID: person?.id, summary: item.refusal.map { ConsoleProblem($0).title(in: language) } ?? item.reason ?? "")
    }

    mutating func row(_ event: EventView, position: Int64) -> LivePage.Row {
        let person = person(userId: event.text(.userId), anonymousId: event.text(.anonymousId))
        return LivePage.Row(
            position: position, receivedAtMs: event.receivedAt.milliseconds, type: event.type.name, event: EventSummary.name(event), verdict: .accepted,
            source: place.sources.source(number: event.source)?.name ?? "", person: person?.name, profileID: person?.id, summary: EventSummary.line(event))
    }

    private mutating func person(userId: String?, anonymousId: String?) -> (name: String, id: String?)? {
        guard let identifier = userId.map({ Identifier(.userId, $0) }) ?? anonymousId.map({ Identifier(.anonymousId, $0) }) else { return nil }
        if let known = people[identifier] { return known }
        let profile = (try? reader.profile(identifier)) ?? nil
        let found = (profile?.shownName ?? identifier.text, profile?.id)
        people[identifier] = found
        return found
    }
}

extension LivePage.Filter {
    init(_ call: Call) {
        func chosen(_ name: String) -> String? { call.query(name).flatMap { $0.isEmpty ? nil : $0 } }
        func milliseconds(_ name: String) -> Int64? { chosen(name).flatMap { Int64($0) }.map { Timestamp(clamping: $0).milliseconds } }
        self.init(
            text: chosen("text") ?? "", type: chosen("type"), source: chosen("source"), verdict: chosen("verdict").flatMap(LivePage.Verdict.init),
            fromMs: milliseconds("from"), toMs: milliseconds("to"))
    }

    /// The same test as the one in `live.js`, for what the page is made with and what the stream sends.
    func matches(_ row: LivePage.Row) -> Bool {
        if let type, row.type != type { return false }
        if let source, row.source != source { return false }
        if let verdict, row.verdict != verdict { return false }
        guard !text.isEmpty else { return true }
        return [row.event ?? "", row.type, row.person ?? "", row.summary, row.source].joined(separator: " ").lowercased().contains(text.lowercased())
    }
}

/// The stored events of an interval, for a point of a chart.
enum LiveInterval {
    /// Events looked at for one page.
    static let scanMaximum = 100_000
    /// Calls are committed in nearly the order in which they came; this much earlier and later, the order is certain.
    private static let slackMs: Int64 = 30_000

    /// The newest `limit` matching events received in `[from, to)`, newest first.
    ///
    /// A text is looked for in what an event itself says: to look up each person of a hundred thousand events takes seconds.
    static func rows(_ place: Workspace, _ filter: LivePage.Filter, limit: Int) -> [LivePage.Row] {
        guard filter.verdict ?? .accepted == .accepted else { return [] }
        let from = filter.fromMs ?? .min
        let to = filter.toMs ?? .max
        let type = filter.type.map { EventType(name: Array($0.utf8)) }
        let source = filter.source.map { place.sources.source(named: $0)?.number }
        let text = filter.text.lowercased()
        var found: [LogPosition] = []
        var seen = 0
        place.log.scan(from: filter.fromMs.map { firstPosition(in: place.log, receivedAtMs: $0.subtractingReportingOverflow(slackMs).partialValue) } ?? 0) { batch in
            for entry in batch.entries {
                seen += 1
                guard let event = batch.event(entry) else { continue }
                let received = event.receivedAt.milliseconds
                if to < .max - slackMs, received > to + slackMs { return false }
                guard received >= from, received < to, !event.isErased, !event.isFact, type ?? event.type == event.type, source ?? event.source == event.source,
                    text.isEmpty || says(event, text)
                else { continue }
                found.append(entry.position)
                if found.count > 2 * limit { found.removeFirst(limit) }
            }
            return seen < scanMaximum
        }
        var rows = LiveRows(place)
        return found.suffix(limit).reversed().compactMap { position in
            ((try? place.log.read(position)) ?? nil).map { rows.row($0, position: Int64(position)) }
        }
    }

    private static func says(_ event: EventView, _ text: String) -> Bool {
        [EventSummary.name(event) ?? "", event.type.name, event.text(.userId) ?? "", event.text(.anonymousId) ?? "", EventSummary.line(event)]
            .joined(separator: " ").lowercased().contains(text)
    }

    /// By halving: the first position whose event was received at this instant or later, as far as the log is in that order.
    private static func firstPosition(in log: EventLog, receivedAtMs wanted: Int64) -> LogPosition {
        var low: LogPosition = 0
        var high = log.end
        while low < high {
            let middle = low + (high - low) / 2
            let event = (try? log.read(middle)) ?? nil
            // What cannot be read says nothing; looking further ahead of it only makes the scan begin earlier.
            if let event, event.receivedAt.milliseconds < wanted { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
