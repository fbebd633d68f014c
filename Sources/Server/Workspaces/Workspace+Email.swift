import Delivery
import Foundation
import Identity
import Mail
import Privacy
import Profiles
import Vocabulary

/// What mail that is opened, clicked or given back means for the people it went to.
extension Workspace {
    /// Whether somebody lets us know whether they open and click; whoever is gone does not.
    func permitsTracking(_ profile: ProfileID) -> Bool {
        let known = profiles.identifiers(ofProfile: profile.text)
        guard !known.isEmpty else { return false }
        return (try? ledger.decide(.tracking(channel: email.name), for: known, now: Clock.now()))?.isPermitted ?? false
    }

    /// The secret of the address that reports are posted to.
    var bounceToken: String { Base64URL.encode(Array(secret.keyedHash(Array("bounce reports 1:".utf8)).prefix(20))) }
    var bouncePath: String { "/v1/bounces/\(PercentCoding.encode(name))/\(bounceToken)" }

    func sendTestMail(to text: String) async throws -> (isAccepted: Bool, detail: String) {
        guard emailStore.current != nil else { throw EmailStore.missing }
        let to = try Workspace.mailAddress(text)
        // Nothing is sent there, whoever asks: the person or their mail server said so.
        guard try ledger.suppression(ofAddress: to.text) == nil else {
            throw Refusal(409, "email.test-suppressed", "This address is suppressed: nothing is sent there.", remedy: "Send the test to another address, or take the suppression back first.")
        }
        switch await email.sendTest(subject: "A test from Martlet", text: "This mail was sent to see whether the settings of the workspace \(name) are right. They are.\n", to: to) {
        case .accepted(let receipt): return (true, receipt)
        case .deferred(let reason, _, _), .refused(let reason, _), .unknown(let reason): return (false, reason)
        // Other settings were saved meanwhile, or it all ends.
        case .withheld, .unsent: return (false, "email.not-begun")
        }
    }

    /// Has mail go by new settings: whoever asks never to be held back lets go what is.
    func senderChanged() throws {
        if emailStore.current?.settings.complaintsPerMille == 0 { _ = try bounces.brake.release(at: Clock.now()) }
        try outbox.wakeWhatTheSenderHolds()
    }

    /// Lets mail go again that was held back after complaints.
    ///
    /// - Returns: whether it was held.
    func releaseMail() throws -> Bool {
        guard try bounces.brake.release(at: Clock.now()) else { return false }
        try outbox.wakeWhatTheSenderHolds()
        return true
    }

    static func mailAddress(_ text: String) throws(Refusal) -> MailAddress {
        do throws(MailAddressFault) { return try MailAddress(text) } catch { throw Refusal(400, error.explanation.code, error.explanation.problem, remedy: error.explanation.remedy) }
    }

    /// The form in which an address is known to the consent ledger, however it is written; nil for what is none.
    static func oneForm(ofAddress text: String) -> String? { try? MailAddress(text).text.precomposedStringWithCanonicalMapping }

    // MARK: - Opens and clicks

    /// Writes down what was told apart, as events of the person; one that is written again is the same event.
    func record(_ readings: [EmailTracking.Reading]) async throws {
        _ = try await own.write { [self] in readings.compactMap { event(of: $0) } }
    }

    /// Nil where the person is known by nothing that an event can name.
    private func event(of reading: EmailTracking.Reading) -> JSONText? {
        guard let person = person(reading.link.profile) else { return nil }
        return Workspace.event(reading.link.kind == .open ? "Email Opened" : "Email Link Clicked", of: person, at: reading.at, id: Workspace.messageID(of: reading, secret)) { w in
            w.member("email_id", reading.link.key)
            if reading.link.kind == .click {
                w.member("link_url", reading.link.target)
                w.member("link_id", reading.link.index)
            }
            w.member("isMachine", reading.machine != nil)
            if let machine = reading.machine { w.member("machine", machine.rawValue) }
        }
    }

    /// A key may be long, and a `messageId` may not.
    private static func messageID(of reading: EmailTracking.Reading, _ secret: WorkspaceKey) -> String {
        let link = reading.link
        let hash = secret.keyedHash(Array("mail reading 1:\(link.kind.rawValue):\(link.index):\(reading.at.milliseconds):\(link.key)\(reading.machine == nil ? "" : ":machine")".utf8))
        return "mail-\(link.kind.rawValue)-\(Base64URL.encode(Array(hash.prefix(18))))"
    }

    // MARK: - Bounces and complaints

    /// Takes reports in: of each, what came of it; nil where it is of no message of this workspace.
    ///
    /// - Parameter believesAddress: whether an address alone is enough. Anybody can write a report and mail it to us, so that there only the mark of a message counts.
    func take(_ reports: [MailReport], believesAddress: Bool) async throws -> [(MailReport.Kind, BounceLedger.Verdict?)] {
        var results: [(MailReport.Kind, BounceLedger.Verdict?)] = []
        var taken: [TakenReport] = []
        let now = Clock.now()
        let settings = emailStore.current?.settings ?? EmailSettings()
        for report in reports {
            let mark = MailMark(traces: report.traces, secret)
            guard report.kind != .delayed, let address = try await address(report, mark, believesAddress) else {
                results.append((report.kind, nil))
                continue
            }
            let verdict = report.kind == .complaint
                ? try bounces.complained(address, about: mark, counts: try isAboutWhatNeedsConsent(mark), sent: try outbox.sent(on: email.name, from: ComplaintBrake.firstDay(at: now)), perMille: settings.complaintsPerMille, at: now)
                : try bounces.reported(mark, address, isHard: report.kind == .hard, maximum: settings.softBounceMaximum, restHours: settings.restHours, at: now)
            results.append((report.kind, verdict))
            taken.append(TakenReport(report: report, mark: mark, address: address, verdict: verdict))
        }
        _ = try await own.write { [self, taken] in try taken.compactMap { try event(of: $0, at: now) } }
        return results
    }

    /// Whether the message that a mark is of needed consent; of one that nobody can find any more it is taken for granted.
    private func isAboutWhatNeedsConsent(_ mark: MailMark?) throws -> Bool {
        guard let mark, let key = try outbox.emailKey(of: mark.profile, where: { mark.isOf(key: $0, secret) }), case .message(_, let scope)? = try outbox.find(key: key)?.stored.intent.effect else { return true }
        return !scope.purpose.isGrantedByPolicy
    }

    private struct TakenReport: Sendable {
        let report: MailReport
        let mark: MailMark?
        let address: String
        let verdict: BounceLedger.Verdict
    }

    /// Nil where nobody is known by it, or by nothing that an event can name.
    private func event(of taken: TakenReport, at now: Timestamp) throws -> JSONText? {
        let (report, mark) = (taken.report, taken.mark)
        guard let person = mark.flatMap({ self.person($0.profile) }) ?? (try? profiles.reader(for: .service).profile(Identifier(.email, taken.address))).flatMap({ Workspace.name(of: $0.identifiers) }) else { return nil }
        let key = try mark.flatMap { mark in try outbox.emailKey(of: mark.profile) { mark.isOf(key: $0, secret) } }
        return Workspace.event(report.kind == .complaint ? "Email Marked as Spam" : "Email Bounced", of: person, at: now, id: mark.map { "mail-\(report.kind.rawValue)-\($0.text(secret))" }) { w in
            if let key { w.member("email_id", key) }
            if report.kind != .complaint { w.member("bounce_type", report.kind.rawValue) }
            w.member("status", report.status ?? "")
            w.member("verdict", taken.verdict.rawValue)
        }
    }

    /// The address that a report is about: of those that the person has, and the one that the report names, the one that the message went to.
    private func address(_ report: MailReport, _ mark: MailMark?, _ believesAddress: Bool) async throws -> String? {
        guard let mark else { return believesAddress ? report.recipient.flatMap { try? MailAddress($0).text } : nil }
        var candidates = [report.recipient].compactMap { $0 }
        if let profile = try? profiles.reader(for: .service).profile(id: mark.profile.text) {
            candidates += profile.identifiers.filter { $0.namespace == .email }.map(\.text)
            if let trait = profile.traits.first(where: { $0.name == "email" })?.value.string { candidates.append(trait) }
        }
        if let own = candidates.lazy.compactMap({ try? MailAddress($0).text }).first(where: { MailMark.hash(ofAddress: $0, self.secret) == mark.address }) { return own }
        let looked = strayMarks.withLock { $0[mark.address] }
        if let looked, looked.address != nil || looked.count == lock.reading({ graph.nodeCount }) { return looked.address }
        // Whoever it was for has another mailbox by now, has parted from whose it was, or was forgotten.
        let found = try await engine.pool.ask { [self] in addressOfAnybody(mark, from: looked?.count ?? 0) }
        strayMarks.withLock { marks in
            if marks.count >= Workspace.strayMarksMaximum { marks = [:] }
            marks[mark.address] = found
        }
        return found.address
    }
    private static let strayMarksMaximum = 1000
    private static let lookedThroughAtOnce = 4096

    /// Of all mailboxes that anybody is known by the one that a mark is of: the mark tells it only by a hash.
    ///
    /// - Returns: also how many nodes there were: among those alone it need not be looked for again.
    private func addressOfAnybody(_ mark: MailMark, from first: Int) -> (address: String?, count: Int) {
        address(from: first) { [secret] address in (try? MailAddress(address)).map { MailMark.hash(ofAddress: $0.text, secret) == mark.address } ?? false }
    }

    /// Of all mailboxes that anybody is known by the first that is meant.
    func address(_ isMeant: (String) -> Bool) -> String? { address(from: 0, isMeant).address }

    private func address(from first: Int, _ isMeant: (String) -> Bool) -> (address: String?, count: Int) {
        var (node, count) = (first, first + 1)
        while node < count {
            let addresses = lock.reading { () -> [String] in
                count = graph.nodeCount
                let end = min(count, node + Workspace.lookedThroughAtOnce)
                defer { node = max(end, node + 1) }
                return (node..<end).filter { graph.namespace(Node($0)) == .email }.map { graph.identifier(Node($0)).text }
            }
            if let found = addresses.first(where: isMeant) { return ((try? MailAddress(found).text) ?? found, count) }
        }
        return (nil, count)
    }

    // MARK: - Writing

    private func person(_ profile: ProfileID) -> Identifier? { Workspace.name(of: profiles.identifiers(ofProfile: profile.text)) }

    /// By which a call names the person.
    static func name(of identifiers: [Identifier]) -> Identifier? {
        identifiers.first { $0.namespace == .userId } ?? identifiers.first { $0.namespace == .anonymousId }
    }

    /// By which names of theirs what people said of messages is told: first the one that they were named by, then every id that another system may know them by.
    static func tellers(named: [Identifier], _ known: [Identifier]) -> [Identifier] {
        guard let first = name(of: named) ?? name(of: known) else { return [] }
        return [first] + known.filter { $0.namespace == .userId && $0 != first }
    }

    static func event(_ name: String, of person: Identifier, at: Timestamp, id: String? = nil, _ properties: (inout JSONWriter) -> Void) -> JSONText {
        var w = JSONWriter()
        w.object { w in
            w.member("type", "track")
            w.member("event", name)
            w.member("messageId", id ?? IngestionRoutes.newMessageId(0))
            w.member(person.namespace.name, person.text)
            w.member("timestamp", at)
            w.key("properties")
            w.object { properties(&$0) }
        }
        return w.text
    }
}
