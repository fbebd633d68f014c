import Console
import HTTPTypes
import Privacy
import Profiles
import Vocabulary

/// What a workspace asks people's leave for, and what one person said.
extension ConsoleRoutes {
    var consent: [Route] {
        [
            page("/consent", "Purposes, channels and topics of consent.") { visit in 
                let store = visit.place.consentSettings
                let version = try store.version()
                var page = ConsentSettingsPage(try store.current())
                page.edition = Edition(version)
                return visit.html(page)
            },
            action("/consent", "Change purposes, channels and topics.") { visit, form in
                let store = visit.place.consentSettings
                var page = ConsentSettingsPage(purposes: form.text("purposes"), channels: form.text("channels"), topics: form.text("topics"), edition: visit.edition(form, try store.version()))
                let settings = page.settings
                do {
                    if let fault = settings.fault { throw Refusal(400, fault.code, fault.problem, remedy: fault.remedy) }
                    try visit.saving({ try? store.version() }) { try store.save(settings, replacing: page.edition.version, author: ConsoleRoutes.author, at: visit.now) }
                } catch let refusal as Refusal where refusal.status == 400 {
                    page.problem = ConsoleProblem(refusal.explanation)
                    if refusal.explanation.code == Edition.stale { page.edition = Edition(try store.version()) }
                    return visit.html(page, at: "/consent")
                }
                return visit.done(.consentSaved, at: "/consent")
            },
        ]
    }
}

extension ConsentSettingsPage {
    private static let languages = ["en", "es", "tr"]

    fileprivate init(_ settings: ConsentSettings) {
        func line(_ fields: [String]) -> String {
            var fields = fields.map { $0.filter { $0 != ";" && !$0.isNewline } }
            while fields.count > 1, fields.last == "" { fields.removeLast() }
            return fields.joined(separator: "; ")
        }
        self.init(
            purposes: settings.purposes.map { purpose in line([purpose.name] + Self.languages.map { purpose.titles[$0] ?? "" } + [purpose.wording]) }.joined(separator: "\n"),
            channels: settings.channels.joined(separator: ", "),
            topics: settings.topics.map { topic in line([topic.name, topic.purpose] + Self.languages.map { topic.titles[$0] ?? "" }) }.joined(separator: "\n"))
    }

    /// The settings that the form says.
    fileprivate var settings: ConsentSettings {
        func rows(_ text: String) -> [[String]] {
            text.split(whereSeparator: \.isNewline).map { $0.split(separator: ";", omittingEmptySubsequences: false).map { String($0).trimmed } }.filter { !$0.allSatisfy(\.isEmpty) }
        }
        func titles(_ fields: ArraySlice<String>) -> [String: String] { Dictionary(zip(Self.languages, fields).filter { !$1.isEmpty }, uniquingKeysWith: { $1 }) }
        return ConsentSettings(
            purposes: rows(purposes).map { ConsentSettings.Purpose(name: $0[0], titles: titles($0.dropFirst()), wording: $0.count > 4 ? $0[4] : "") },
            channels: channels.split(separator: ",").map { String($0).trimmed }.filter { !$0.isEmpty },
            topics: rows(topics).map { ConsentSettings.Topic(name: $0[0], purpose: $0.count > 1 ? $0[1] : "", titles: titles($0.dropFirst(2))) })
    }
}

extension ConsentPanel {
    private static let answersMaximum = 50
    private static let historyMaximum = 50

    /// What a person's answers come to now, what they said, newest first, and the link to their own page.
    init(_ profile: Profile, in place: Workspace, at now: Timestamp = Clock.now()) throws {
        let said = try place.ledger.history(of: profile.identifiers, limit: .max)
        let scopes = Array(ConsentPanel.scopes(said, try place.consentSettings.current()).prefix(ConsentPanel.answersMaximum))
        let answers = zip(scopes, try place.ledger.decisions(on: scopes, of: profile.identifiers, address: place.mailbox(of: profile), asOf: now)).map { scope, decision in
            let statement = decision.statement
            return Row(
                what: ConsentPanel.words(scope), state: decision.reason.rawValue, untilMs: statement?.until?.milliseconds, atMs: statement?.at.milliseconds,
                source: statement?.evidence.source ?? "", proof: statement?.evidence.proof ?? "", frequency: decision.isPermitted ? decision.frequency : "")
        }
        let history = said.prefix(ConsentPanel.historyMaximum).map { statement in
            Row(
                what: ConsentPanel.words(statement.scope), state: statement.state.name, untilMs: statement.until?.milliseconds, atMs: statement.at.milliseconds,
                source: statement.evidence.source, proof: statement.evidence.proof, frequency: statement.evidence.frequency)
        }
        let link = place.preferenceLink(profile, ConsentScope(.everyMessage, context: .every))
        self.init(
            answers: answers, history: history, statements: said.count,
            link: profile.kind == .person ? PreferenceRoutes.links(link, place, host: "").preferences : nil,
            suppression: try place.mailbox(of: profile).flatMap { mailbox in try place.ledger.suppression(ofAddress: mailbox).map { (mailbox, $0.reason, $0.at.milliseconds) } })
    }

    /// What there is an answer about: every purpose of the workspace, and whatever else somebody spoke of.
    ///
    /// A purpose of which they spoke by channel, topic or account only is told by those: about all of it, they said nothing.
    private static func scopes(_ said: [ConsentStatement], _ settings: ConsentSettings) -> [ConsentScope] {
        let all = Set(said.map(\.scope))
        // What is said for whoever they act for speaks of themselves, too.
        let spoken = all.filter { $0.context != .every || !all.contains(ConsentScope($0.purpose, channel: $0.channel, topic: $0.topic)) }
        let silent = settings.purposes.map { ConsentPurpose($0.name) }.filter { purpose in !spoken.contains { $0.purpose == purpose } }.map { ConsentScope($0) }
        return (Array(spoken) + silent).sorted { key($0).lexicographicallyPrecedes(key($1)) }
    }

    private static func key(_ scope: ConsentScope) -> [String] { [scope.purpose.name, scope.context.text, scope.channel, scope.topic] }

    /// Purpose, channel, topic and account, with what stands for every one left out.
    private static func words(_ scope: ConsentScope) -> [String] {
        var account = ""
        if case .account(let group) = scope.context { account = group }
        return [scope.purpose == .everyMessage ? "" : scope.purpose.name, scope.channel, scope.topic, account].filter { !$0.isEmpty }
    }
}
