import Ingest
import Privacy
import Segments
import Vocabulary

/// Identifiers to be put on a list or taken off, as a body gave them, with what was refused.
struct ListFile: Sendable {
    struct Refused: Sendable {
        /// Of a file, from 1 with its header; of a JSON body the number of the entry, from 1.
        let line: Int
        let reason: Explanation
    }
    /// Refused lines that are told one by one.
    static let refusedMaximum = 100

    /// Whom nothing takes in again.
    private let suppression: SuppressionList
    private(set) var entries: [ListEntry] = []
    private(set) var refused: [Refused] = []
    private(set) var refusedCount = 0

    private mutating func take(_ identifier: Identifier, _ expiry: String?, otherwise: Timestamp?, line: Int) {
        if let fault = ListEntry.fault(identifier) { return refuse(fault, line) }
        if suppression.contains(identifier) {
            return refuse(Explanation(code: "list.person-suppressed", problem: "This person was erased and is never taken in again.", remedy: "Leave them out."), line)
        }
        guard let expiry, !expiry.isEmpty else { return entries.append(ListEntry(identifier, expiresAt: otherwise)) }
        guard let time = Timestamp(expiry) else {
            return refuse(Explanation(code: "list.expiry", problem: "The expiry is not a time.", remedy: "Write it as 2026-07-01T00:00:00Z, or leave it empty."), line)
        }
        entries.append(ListEntry(identifier, expiresAt: time))
    }

    private mutating func refuse(_ reason: Explanation, _ line: Int) {
        refusedCount += 1
        if refused.count < ListFile.refusedMaximum { refused.append(Refused(line: line, reason: reason)) }
    }
}

extension ListFile {
    /// - Parameter json: `{"entries": [{"userId": "u1"}, …], "expiresAt": …}`.
    init(json: JSONText, suppression: SuppressionList) throws {
        self.suppression = suppression
        guard let list = json["entries"], list.isArray else {
            throw Refusal(400, "list.no-entries", "`entries` must be a list.", remedy: "Send {\"entries\": [{\"userId\": \"u1\"}]}, or a CSV file with Content-Type text/csv.")
        }
        let expiresAt = try ListRoutes.time(json, "expiresAt") ?? nil
        for (index, item) in list.elements.enumerated() {
            let named = ListEntry.namespaces.compactMap { namespace in item[namespace.name]?.string.map { Identifier(namespace, $0) } }
            guard item.isObject, named.count == 1, let identifier = named.first else {
                refuse(Explanation(code: "list.entry", problem: "The entry does not name one identifier.", remedy: "Write it as {\"userId\": \"u1\"}; one of \(ListEntry.namespaces.map(\.name).joined(separator: ", "))."), index + 1)
                continue
            }
            if let other = item.members.first(where: { $0.key != "expiresAt" && $0.key != identifier.namespace.name })?.key {
                refuse(Explanation(code: "list.entry", problem: "There is no member `\(other.prefix(60))` in an entry.", remedy: "Leave it out, or write `expiresAt` for until when it counts."), index + 1)
                continue
            }
            let own = item["expiresAt"].flatMap { $0.isNull ? nil : $0.string ?? "?" }
            take(identifier, own, otherwise: expiresAt, line: index + 1)
        }
    }

    /// Which column of a file holds the identifiers and of what kind they are, and which the expiry.
    struct Columns: Sendable {
        var identifier: Int
        var namespace: IdentifierNamespace
        var expiry: Int?

        /// Recognises columns by their names; nil where none names an identifier.
        init?(header: [String], column: String? = nil, namespace: IdentifierNamespace? = nil) {
            func plain(_ name: String) -> String { name.lowercased().filter { $0.isLetter || $0.isNumber } }
            let names = header.map(plain)
            let known: [(name: String, namespace: IdentifierNamespace)] = [
                ("userid", .userId), ("externalid", .externalId), ("anonymousid", .anonymousId), ("email", .email), ("emailaddress", .email), ("correo", .email), ("eposta", .email), ("id", .userId),
            ]
            expiry = names.firstIndex { ["expiresat", "expires", "expiry"].contains($0) }
            if let column {
                guard let index = header.firstIndex(of: column) ?? names.firstIndex(of: plain(column)) else { return nil }
                (identifier, self.namespace) = (index, namespace ?? known.first { $0.name == names[index] }?.namespace ?? .userId)
                return
            }
            for (name, kind) in known where namespace == nil || namespace == kind {
                if let index = names.firstIndex(of: name) {
                    (identifier, self.namespace) = (index, kind)
                    return
                }
            }
            guard header.count == 1, let namespace else { return nil }
            (identifier, self.namespace) = (0, namespace)
        }
    }

    private static let notText = Refusal(400, "list.not-utf8", "The file holds what no text does.", remedy: "Save it as “CSV UTF-8”.")

    /// A file as UTF-8, as imports read it.
    static func text(_ file: [UInt8]) throws -> [UInt8] {
        let text = try FileText.whole(file, code: "list.not-utf8")
        guard !text.contains(0) else { throw notText }
        return text
    }

    /// The header of a file's ``text(_:)``, and its first rows.
    static func preview(_ csv: [UInt8]) throws -> CSVPreview {
        let preview = CSVPreview(csv)
        guard preview.notUTF8Line == nil else { throw notText }
        guard !preview.header.isEmpty else { throw Refusal(400, "list.empty-file", "The file is empty.", remedy: "Send a header, as userId, and a line for each person.") }
        return preview
    }

    /// - Parameters:
    ///   - csv: a ``text(_:)`` with a header; separated by commas, semicolons or tabs.
    ///   - column, namespace: where the names of the columns do not tell.
    init(csv: [UInt8], column: String?, namespace: IdentifierNamespace?, expiresAt: Timestamp?, suppression: SuppressionList) throws {
        self.suppression = suppression
        let header = try ListFile.preview(csv).header
        guard let columns = Columns(header: header, column: column, namespace: namespace) else {
            throw Refusal(
                400, "list.no-column", "No column of the file is known to hold identifiers.", remedy: "Call it userId, anonymousId, externalId or email, or name it with `column` and `type`.")
        }
        var targets = [CSVMapping.Target](repeating: .ignore, count: header.count)
        if let expiry = columns.expiry { targets[expiry] = .timestamp }
        targets[columns.identifier] = .userId
        var reader = CSVReader(mapping: CSVMapping(targets: targets, isTrack: true))
        var lines = reader.convert(csv)
        if let line = reader.unclosedLine {
            throw Refusal(400, "list.unclosed-quotes", "The quotes that open in line \(line) of the file are never closed.", remedy: "Close them, or write a quote within a value twice; nobody was put on the list.")
        }
        lines += reader.finish()
        for row in reader.takeRefused() { refuse(row.reason, row.line) }
        for (index, line) in lines.split(separator: 0x0a, omittingEmptySubsequences: false).enumerated() where !line.isEmpty {
            let row = JSONText(trusted: Array(line))
            let value = row["userId"]?.string ?? ""
            take(Identifier(columns.namespace, value), row["timestamp"]?.string, otherwise: expiresAt, line: index + 1)
        }
    }
}
