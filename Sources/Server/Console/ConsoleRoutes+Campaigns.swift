import Console
import Decisions
import Delivery
import HTTPTypes
import Privacy
import Profiles
import Segments
import Vocabulary

/// The form of a campaign: fields that anybody can fill in, and the journey's document that comes of them.
extension Visit {
    /// Whether a channel reaches somebody is asked of everyone where that is done in so long, and of so many at most, taken from the whole segment in so many places; what is left then is told as an estimate.
    private static let (askingLongest, askedMaximum, slices) = (Duration.milliseconds(500), 20_000, 20)
    /// So many are asked in one round, spread over all, so that those of the rounds that were finished stand for the rest.
    private static let askedInRound = 500

    /// The form with what stands in it.
    func campaignPage(_ given: [String: String], problems: [String: ConsoleProblem] = [:], audience: CampaignAudience? = nil, yaml: String = "") throws -> CampaignPage {
        let settings = try place.consentSettings.current()
        let scopes = place.journeys.all.flatMap { $0.journey.steps.compactMap { ($0.step as? MessageStep)?.scope } }
        func joined(_ first: [String], _ second: [String]) -> [String] { first + Set(second).subtracting(first + [""]).sorted() }
        let purposes = joined(settings.purposes.map(\.name), scopes.map(\.purpose.name))
        let kinds = Set(place.outbox.channels.compactMap { place.outbox.kind(ofChannel: $0) })
        let templates = place.templates.all.filter { kinds.contains($0.kind) }.map { CampaignPage.Template(name: $0.name, kind: $0.kind.rawValue) }
        var values = given
        for (name, first) in [("purpose", purposes.first), ("zone", place.policy.current.zone)] where values[name, default: ""].isEmpty { values[name] = first }
        return CampaignPage(
            values: values, problems: problems, segments: place.segments.all.map { ($0.handle, $0.name) }, templates: templates, channels: place.outbox.channels, purposes: purposes,
            topics: joined(settings.topics.map(\.name), scopes.map(\.topic)), events: knownNames.events.map { "\"" + $0 + "\"" }, audience: audience, yaml: yaml)
    }

    /// Counts whom the form's campaign would reach, or saves it as a draft.
    func campaign(_ form: Form) async throws -> Reply {
        let values = Dictionary(uniqueKeysWithValues: CampaignPage.fields.map { ($0, form.text($0).trimmed) })
        var problems = mistakes(in: values)
        let document = JourneyDocument(json: CampaignForm(values).json)
        var journey: Journey?
        do { journey = try JourneyRoutes.read(document, place) } catch let refusal as Refusal where [400, 404].contains(refusal.status) { problems.merge([CampaignForm.field(of: refusal): ConsoleProblem(refusal.explanation)]) { first, _ in first } }
        if let journey, problems.isEmpty, form["intent"] == "save" {
            do {
                // As text from the beginning, so that it reads in the editor as it does here.
                let kept = try JourneyRoutes.save(JourneyRoutes.newID(), try JourneyRoutes.refusing { try JourneyDocument(yaml: document.yaml) }, call)
                return done(.campaignSaved, at: "/journeys/\(kept.id)")
            } catch let refusal as Refusal where refusal.status == 400 {
                problems[refusal.explanation.code == "journey.name-taken" ? "name" : ""] = ConsoleProblem(refusal.explanation)
                return html(try campaignPage(values, problems: problems, audience: try await audience(of: journey), yaml: document.yaml), at: "/journeys/campaign", status: .unprocessableContent)
            }
        }
        // Whom it would reach can be told before it has a name.
        let audience = journey == nil ? nil : try await audience(of: journey)
        return html(try campaignPage(values, problems: problems, audience: audience, yaml: journey == nil ? "" : document.yaml), at: "/journeys/campaign", status: problems.isEmpty ? .ok : .unprocessableContent)
    }

    private func mistakes(in values: [String: String]) -> [String: ConsoleProblem] {
        var problems: [String: ConsoleProblem] = [:]
        func say(_ field: String, _ mistake: CampaignPage.Mistake, _ words: [String: String] = [:]) { problems[field] = CampaignPage.problem(mistake, frame, words) }
        if values["name", default: ""].isEmpty { say("name", .nameMissing) }
        if values["when"] != "now", values["at", default: ""].isEmpty { say("at", .momentMissing) }
        let channel = values["channel", default: ""]
        if let template = place.templates.find(values["template", default: ""]) {
            if let kind = place.outbox.kind(ofChannel: channel), kind != template.kind { say("channel", .kindDiffers, ["template": template.name, "channel": channel]) }
        } else { say("template", .templateGone) }
        return problems
    }

    // MARK: - Whom it reaches

    /// Of a campaign that was not started.
    func audience(of kept: KeptJourney) async throws -> CampaignAudience? { kept.state == .draft ? try await audience(of: kept.journey) : nil }

    private func audience(of journey: Journey?) async throws -> CampaignAudience? {
        guard let journey, case .campaign(let campaign) = journey.trigger, let segment = place.segments.find(campaign.segment) else { return nil }
        let scope = journey.steps.lazy.compactMap { ($0.step as? MessageStep)?.scope }.first
        let (engine, conditions, zone, instant) = (place.engine, place.segments.conditions, journey.zone, now)
        let (people, ids) = try await engine.pool.ask { () throws -> (Int, [String]) in
            let rows = try engine.rows(segment.condition, at: Moment(asOf: Timestamp(clamping: instant.milliseconds + 1), zone: zone), in: try engine.view(), segments: conditions)
            let count = rows.reduce(0) { $0 + $1.count }
            guard count > Visit.askedMaximum else { return (count, engine.profileIDs(rows, limit: count)) }
            let each = Visit.askedMaximum / Visit.slices
            return (count, (0..<Visit.slices).flatMap { engine.profileIDs(rows, after: $0 * (count - each) / (Visit.slices - 1), limit: each) })
        }
        let (reader, outbox) = (reader, place.outbox)
        let (asked, withAddress, agreed) = try await server.heavy.run { () throws -> (Int, Int, Int) in
            var counts = (0, 0, 0)
            let (stride, end) = ((ids.count + Visit.askedInRound - 1) / Visit.askedInRound, ContinuousClock.now + Visit.askingLongest)
            for place in (0..<stride).lazy.flatMap({ Swift.stride(from: $0, to: ids.count, by: stride) }) {
                if place < stride, place > 0, ContinuousClock.now > end { break }
                let id = ids[place]
                guard let profile = try reader.profile(id: id) else { continue }
                counts.0 += 1
                guard let scope else { continue }
                let reach = try outbox.reach(profile, scope, at: instant)
                if reach.hasAddress { counts.1 += 1 }
                if reach.isAgreed { counts.2 += 1 }
            }
            return counts
        }
        return CampaignAudience(
            segment: segment.name, segmentID: segment.id, channel: scope?.channel ?? "", purpose: scope?.purpose.name ?? "", people: people, holdout: journey.holdout, asked: asked, withAddress: withAddress, agreed: agreed,
            canaries: campaign.canary?.share, waitMinutes: Int(clamping: (campaign.canary?.waitMs ?? 0) / 60_000), perMinute: campaign.perMinute)
    }
}

/// The journey's document that the fields of a campaign come to.
struct CampaignForm {
    private let values: [String: String]
    init(_ values: [String: String]) { self.values = values }

    private func value(_ name: String) -> String { values[name] ?? "" }

    /// As a person would write it: the name, what begins it, whom to leave out, what it is for, the message.
    var json: JSONText {
        typealias Reading = JourneyHeadReading
        func number(_ text: String) -> JSONText { Int(text).map { JSONText(trusted: Array(String($0).utf8)) } ?? Reading.text(text) }
        /// Those that are not empty.
        func some(_ members: [(String, String)]) -> [(String, JSONText)] { members.filter { !$0.1.isEmpty }.map { ($0.0, Reading.text($0.1)) } }
        var trigger = [("campaign", Reading.text(value("segment")))]
        // A browser leaves seconds away, or writes them.
        trigger.append(("at", Reading.text(value("when") == "now" || value("at").isEmpty ? "now" : value("at"))))
        if value("when") == "local", !value("at").isEmpty { trigger.append(("local", JSONText(trusted: Array("true".utf8)))) }
        if !value("perMinute").isEmpty { trigger.append(("perMinute", number(value("perMinute")))) }
        if value("canaries") != "no" { trigger.append(("canary", Reading.object(some([("share", value("share")), ("wait", value("wait")), ("stopAbove", value("stopAbove"))])))) }
        var members = [("name", Reading.text(value("name").isEmpty ? "-" : value("name"))), ("trigger", Reading.object(trigger))]
        members += some([("zone", value("zone")), ("holdout", value("holdout"))])
        if !value("event").isEmpty {
            members.append(("goal", Reading.object(some([("event", CampaignForm.pattern(value("event"))), ("revenue", value("revenue")), ("within", value("within"))]))))
        }
        let message = some([("message", value("template")), ("channel", value("channel") == "email" ? "" : value("channel")), ("purpose", value("purpose")), ("topic", value("topic"))])
        members.append(("steps", Reading.list([Reading.object(message)])))
        return Reading.object(members)
    }

    /// Whoever writes the name alone means that event.
    private static func pattern(_ text: String) -> String { text.contains("\"") ? text : "\"" + text.filter { $0 != "\\" } + "\"" }

    /// The field that a refusal speaks of; empty for none.
    static func field(of refusal: Refusal) -> String {
        var at = refusal.place
        if refusal.explanation.code == "journey.missing" { at += "/" + (refusal.explanation.problem.split(separator: "`").first.map(String.init) ?? "") }
        let fields = [
            "/name": "name", "/trigger/campaign": "segment", "/trigger/at": "at", "/trigger/perMinute": "perMinute", "/trigger/canary/share": "share", "/trigger/canary/wait": "wait",
            "/trigger/canary/stopAbove": "stopAbove", "/zone": "zone", "/holdout": "holdout", "/goal/event": "event", "/goal/revenue": "revenue", "/goal/within": "within", "/steps/0/message": "template",
            "/steps/0/channel": "channel", "/steps/0/purpose": "purpose", "/steps/0/topic": "topic",
        ]
        // Only the segment is named without a place.
        if at.isEmpty { return refusal.status == 404 ? "segment" : "" }
        return fields.first { at == $0.key || at.hasPrefix($0.key + " ") }?.value ?? ""
    }
}
