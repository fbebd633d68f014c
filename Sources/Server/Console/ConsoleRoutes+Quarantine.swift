import Console
import HTTPTypes
import Ingest
import Vocabulary

/// Quarantine: refused events with their reasons, replayed as they are or mended, or deleted.
extension ConsoleRoutes {
    var quarantine: [Route] {
        [
            page("/quarantine", "Refused events.") { visit in visit.html(try visit.quarantinePage()) },
            // A field may hold the largest event, each byte of it escaped to three.
            action("/quarantine/{id}/replay", "Send a refused event again.", bodyMaximum: 3 * IngestionRoutes.bodyMaximum + Form.bodyMaximum) { visit, form in
                let row = try visit.refused()
                let typed = form["payload"]
                do {
                    try await Replay.run(row, body: typed.map { Array($0.utf8) } ?? row.payload.revealed, in: visit.place)
                } catch let refusal as Refusal where refusal.status < 500 && refusal.status != 429 {
                    let reason = ConsoleProblem(refusal.explanation)
                    let mistake = QuarantinePage.Mistake(id: String(row.id), reason: reason, typed: typed ?? QuarantineText.shown(row))
                    return visit.html(try visit.quarantinePage(from: row, mistake), at: visit.quarantineList)
                }
                return visit.done(.replayed, at: visit.quarantineList)
            },
            action("/quarantine/{id}/delete", "Delete a refused event.") { visit, _ in
                try visit.place.ingest.quarantine.remove(try visit.refused().id)
                return visit.done(.quarantineDeleted, at: visit.quarantineList)
            },
        ]
    }
}

extension ConsoleProblem {
    init(_ reason: Explanation) { self.init(code: reason.code, problem: reason.problem, remedy: reason.remedy) }
}

/// A refused payload as a page shows it.
enum QuarantineText {
    /// Bytes shown of a payload; a whole page of larger ones would take minutes to load.
    static let shownMaximum = 32 << 10

    static func shown(_ row: QuarantinedEvent) -> String { shown(row.payload.revealed) }
    static func shown(_ bytes: [UInt8]) -> String { String(decoding: bytes.prefix(shownMaximum), as: UTF8.self) }
    static func isCut(_ bytes: [UInt8]) -> Bool { bytes.count > shownMaximum }

    /// What the payload says it is, as far as it can be read.
    static func names(_ payload: [UInt8], shape: String) -> (type: String?, event: String?) {
        let own = shape == "batch" ? nil : shape
        guard payload.count <= shownMaximum, let json = JSONText(validating: payload), json.isObject else { return (own, nil) }
        return (json["type"]?.string ?? own, json["event"]?.string ?? json["name"]?.string)
    }
}

extension Visit {
    private static let rowsMaximum = 20

    /// The list with the filter that the address of a form repeats.
    fileprivate var quarantineList: String {
        let asked = ["code", "source"].compactMap { name in query(name).map { "\(name)=\(PercentCoding.encode($0))" } }
        return asked.isEmpty ? "/quarantine" : "/quarantine?" + asked.joined(separator: "&")
    }

    fileprivate func refused() throws -> QuarantinedEvent {
        guard let number = Int64(id), let row = try place.ingest.quarantine.get(number) else { throw Visit.gone }
        return row
    }

    /// - Parameter first: the row whose correction was refused stands on top.
    fileprivate func quarantinePage(from first: QuarantinedEvent? = nil, _ mistake: QuarantinePage.Mistake? = nil) throws -> QuarantinePage {
        let code = query("code")
        let name = query("source")
        let source = name.map { place.sources.source(named: $0)?.number ?? .max }
        let before = first.map { $0.id + 1 } ?? query("after").flatMap { Int64($0) }
        let rows = try place.ingest.quarantine.list(source: source, code: code, before: before, limit: Visit.rowsMaximum + 1)
        let codes = try place.ingest.quarantine.codes(source: source).map { QuarantinePage.CodeCount(code: $0.code, count: $0.count) }
        return QuarantinePage(
            rows: rows.prefix(Visit.rowsMaximum).map(row), codes: codes, code: code, source: name,
            next: rows.count > Visit.rowsMaximum ? String(rows[Visit.rowsMaximum - 1].id) : nil, mistake: mistake)
    }

    private func row(_ event: QuarantinedEvent) -> QuarantinePage.Row {
        let names = QuarantineText.names(event.payload.revealed, shape: event.shape)
        let reason = event.reasons.first ?? Explanation(code: "event.refused", problem: "", remedy: "")
        return QuarantinePage.Row(
            id: String(event.id), messageID: event.messageId, reason: ConsoleProblem(reason), receivedAtMs: event.receivedAt.milliseconds,
            source: place.sources.source(number: event.source)?.name ?? "", type: names.type, event: names.event, payload: QuarantineText.shown(event),
            around: event.around.map { QuarantineText.shown($0.revealed) }, isPayloadCut: QuarantineText.isCut(event.payload.revealed),
            isAroundCut: event.around.map { QuarantineText.isCut($0.revealed) } ?? false)
    }
}
