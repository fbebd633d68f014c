import HTTPTypes
import Ingest
import Privacy
import Vocabulary

/// What somebody hands in about consent, as JSON or as rows of a file, with everything that is wrong with it.
struct ConsentReading: Sendable {
    struct Entry: Sendable {
        let identifiers: [Identifier]
        let statements: [ConsentStatement]
    }
    struct Refused: Sendable {
        /// Of a file, from 1 with its header; of a JSON body the number of the entry, from 1.
        let line: Int
        let reason: Explanation
    }
    static let refusedMaximum = 100
    /// 1990: what is older was misread.
    private static let firstMs: Int64 = 631_152_000_000

    /// Whom nothing takes in again.
    private let suppression: SuppressionList
    private(set) var entries: [Entry] = []
    private(set) var refused: [Refused] = []
    private(set) var refusedCount = 0

    private mutating func refuse(_ reason: Explanation, _ line: Int) {
        refusedCount += 1
        if refused.count < ConsentReading.refusedMaximum { refused.append(Refused(line: line, reason: reason)) }
    }

    // MARK: - One statement

    /// A statement as JSON says it.
    ///
    /// - Parameter source: who handed it in; nobody can say otherwise.
    static func statement(_ json: JSONText, source: String, now: Timestamp) throws -> ConsentStatement {
        func wrong(_ problem: String, _ remedy: String) -> Refusal { Refusal(400, "consent.statement", problem, remedy: remedy) }
        func text(_ name: String) throws -> String {
            guard let member = json[name], !member.isNull else { return "" }
            // A file's reader makes numbers of digits, a version of words among them, and of some words what they mean elsewhere.
            guard let text = member.string ?? (member.bytes.first.map { $0 == 0x2d || $0 >= 0x30 && $0 <= 0x39 } == true || source == "import" && member.boolean != nil ? member.text : nil) else { throw wrong("`\(name)` must be a text.", "Correct it.") }
            guard text.utf8.count <= ConsentLimits.text else { throw wrong("`\(name)` is longer than \(ConsentLimits.text) bytes.", "Shorten it.") }
            return text
        }
        func time(_ name: String) throws -> Timestamp? {
            let text = try text(name)
            if text.isEmpty { return nil }
            guard let time = Timestamp(text) else { throw wrong("`\(name)` is not a time.", "Write it as 2026-07-01T00:00:00Z.") }
            return time
        }
        let (purpose, channel, topic) = (try text("purpose"), try text("channel"), try text("topic"))
        guard purpose == "*" || ConsentLimits.isName(purpose) else { throw wrong("`purpose` is missing or no name.", "Write it as marketing; `*` stands for every one that messages are sent for.") }
        for (name, value) in [("channel", channel), ("topic", topic)] where !value.isEmpty && !ConsentLimits.isName(value) {
            throw wrong("`\(name)` is no name.", "A name has 1 to 64 letters, digits, and the signs - . _ and :.")
        }
        guard let state = ConsentStatement.State(name: try text("state")) else { throw wrong("`state` must be granted, withdrawn or paused.", "Correct it.") }
        let until = try time("until")
        if state == .paused, until == nil { throw wrong("A pause needs `until`.", "Say when it ends, as 2026-07-01T00:00:00Z.") }
        let said = try time("at") ?? now
        // A statement of the future would stand against whatever is said before it. A clock that is a little fast says what is said now.
        guard said.milliseconds <= now.milliseconds + 300_000 else { throw wrong("`at` lies in the future.", "Say when it was said.") }
        guard said.milliseconds >= ConsentReading.firstMs else { throw wrong("`at` lies before 1990.", "Write it as 2026-07-01T00:00:00Z; a number is seconds or milliseconds since 1970.") }
        let at = min(said, now)
        let frequency = try text("frequency")
        guard ConsentSettings.frequencies.contains(frequency) else { throw wrong("`frequency` must be daily, weekly or monthly.", "Leave it out for as it comes.") }
        let account = try text("account")
        guard !account.hasControlCharacters else { throw wrong("`account` has characters that no groupId has.", "Correct it.") }
        let context: ConsentContext = account.isEmpty ? .personal : account == "*" ? .every : .account(account)
        return ConsentStatement(
            ConsentScope(ConsentPurpose(purpose), channel: channel, topic: topic, context: context), state, until: until, at: at,
            evidence: ConsentEvidence(basis: try text("basis"), wording: try text("wording"), proof: try text("proof"), source: source, frequency: frequency))
    }

    /// The identifiers that a person is named by in a body.
    static func identifiers(_ json: JSONText) -> [Identifier] {
        [IdentifierNamespace.userId, .anonymousId, .email, .externalId].compactMap { namespace in
            json[namespace.name]?.string.flatMap { $0.isEmpty || $0.utf8.count > 512 ? nil : Identifier(namespace, $0) }
        }
    }

    // MARK: - Files

    /// - Parameters:
    ///   - csv: with a header of userId, anonymousId or email; purpose, channel, topic, account, state, until, basis, wording, proof, frequency, at.
    init(csv file: [UInt8], suppression: SuppressionList, now: Timestamp) throws {
        self.suppression = suppression
        let csv = try FileText.whole(file, code: "consent.not-utf8")
        guard !csv.contains(0) else { throw Refusal(400, "consent.not-utf8", "The file holds what no text does.", remedy: "Save it as “CSV UTF-8”.") }
        let header = CSVPreview(csv).header
        let known = ["userId", "anonymousId", "email", "externalId", "purpose", "channel", "topic", "account", "state", "until", "basis", "wording", "proof", "frequency", "at"]
        func plain(_ text: String) -> String { text.lowercased().filter { $0.isLetter || $0.isNumber } }
        let names = header.map { name in known.first { plain($0) == plain(name) } }
        // A column that is passed over may be the one that makes a statement narrower.
        for (index, name) in names.enumerated() {
            if let name, names[..<index].contains(name) { throw Refusal(400, "consent.columns", "The column `\(name)` stands there twice.", remedy: "Leave one of them out.") }
            guard name == nil, case let written = plain(header[index]), let near = known.first(where: { ConsentReading.isNear(written, plain($0)) }) else { continue }
            throw Refusal(400, "consent.columns", "There is no column `\(header[index].prefix(64))`.", remedy: "If it is `\(near)`, call it so; else take it out of the file.")
        }
        guard names.contains("purpose"), names.contains("state"), names.contains(where: { ["userId", "anonymousId", "email", "externalId"].contains($0) }) else {
            throw Refusal(400, "consent.no-column", "The file lacks a column that is needed.", remedy: "Its header must have purpose, state, and one of userId, anonymousId, externalId and email.")
        }
        let targets = names.map { name -> CSVMapping.Target in
            switch name {
            case "userId": .userId
            case "anonymousId": .anonymousId
            case let name?: .value(name)
            case nil: .ignore
            }
        }
        var reader = CSVReader(mapping: CSVMapping(targets: targets, isTrack: true))
        var lines = reader.convert(csv)
        if let line = reader.unclosedLine { throw Refusal(400, "consent.unclosed-quotes", "The quotes that open in line \(line) of the file are never closed.", remedy: "Close them; nothing was written down.") }
        lines += reader.finish()
        for row in reader.takeRefused() { refuse(row.reason, row.line) }
        for (index, line) in lines.split(separator: 0x0a, omittingEmptySubsequences: false).enumerated() where !line.isEmpty {
            let row = JSONText(trusted: Array(line))
            take(row, row["properties"] ?? row, index + 1, source: "import", now)
        }
    }

    /// Whether two names differ by one letter that is wrong, missing or too many, or by two that changed places.
    private static func isNear(_ a: String, _ b: String) -> Bool {
        let (a, b) = (Array(a.unicodeScalars), Array(b.unicodeScalars))
        guard abs(a.count - b.count) <= 1, min(a.count, b.count) >= 2 else { return false }
        let start = zip(a, b).prefix { $0 == $1 }.count
        let end = zip(a[start...].reversed(), b[start...].reversed()).prefix { $0 == $1 }.count
        let (left, right) = (a.count - start - end, b.count - start - end)
        return max(left, right) <= 1 || left == 2 && right == 2 && a[start] == b[start + 1] && a[start + 1] == b[start]
    }

    /// - Parameter json: `{"consents": [{"userId": …, "purpose": …, "state": …}, …]}`.
    init(json: JSONText, source: String, suppression: SuppressionList, now: Timestamp) throws {
        self.suppression = suppression
        guard let list = json["consents"], list.isArray else {
            throw Refusal(400, "consent.no-entries", "`consents` must be a list.", remedy: "Send {\"consents\": [{\"userId\": \"u1\", \"purpose\": \"marketing\", \"channel\": \"email\", \"state\": \"granted\"}]}.")
        }
        for (index, item) in list.elements.enumerated() { take(item, item, index + 1, source: source, now) }
    }

    private mutating func take(_ person: JSONText, _ said: JSONText, _ line: Int, source: String, _ now: Timestamp) {
        // Under fewer names than were meant it would be said of others.
        for namespace in [IdentifierNamespace.userId, .anonymousId, .email, .externalId] {
            guard let given = person[namespace.name] ?? said[namespace.name], !given.isNull, given.string.map({ $0.utf8.count > 512 }) ?? true else { continue }
            return refuse(Explanation(code: "consent.statement", problem: "`\(namespace.name)` must be a text of at most 512 bytes.", remedy: "Correct it."), line)
        }
        let identifiers = ConsentReading.identifiers(person) + (person == said ? [] : ConsentReading.identifiers(said))
        guard !identifiers.isEmpty else {
            return refuse(Explanation(code: "consent.nobody", problem: "It names nobody.", remedy: "Name userId, anonymousId, externalId or email."), line)
        }
        if identifiers.contains(where: suppression.contains) {
            return refuse(Explanation(code: "consent.person-suppressed", problem: "This person was erased and is never taken in again.", remedy: "Leave them out."), line)
        }
        // What is no address reaches nobody, and would be written down without effect.
        for identifier in identifiers where identifier.namespace == .email {
            do throws(Refusal) { _ = try Workspace.mailAddress(identifier.text) } catch { return refuse(error.explanation, line) }
        }
        do { entries.append(Entry(identifiers: identifiers, statements: [try ConsentReading.statement(said, source: source, now: now)])) } catch let refusal as Refusal {
            refuse(refusal.explanation, line)
        } catch { refuse(Explanation(code: "consent.statement", problem: "It cannot be read.", remedy: "Compare it with the manual."), line) }
    }
}
