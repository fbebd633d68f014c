import Console
import EventLog
import Identity
import Profiles
import Segments
import Vocabulary

/// Reads what one person's page shows.
struct ProfilePageReader {
    static let eventsMaximum = 50
    static let historyMaximum = 20
    static let evidenceMaximum = 100

    let place: Workspace
    let reader: ProfileReader
    /// Of the reader of the page.
    var language = Language.english

    /// - Parameters:
    ///   - current: the person as of now.
    ///   - asOf: the instant to show; nil for now.
    ///   - before: the last event of the page of the timeline before this one.
    ///   - computed: at that instant.
    func page(_ current: Profile, asOf: Timestamp?, before: LogPosition?, computed: [ComputedValue] = []) throws -> ProfilePage {
        let profile = asOf == nil ? current : try reader.profile(current, from: nil, asOf: asOf, knownAt: nil)
        let (events, next) = try timeline(current, asOf: asOf, before: before)
        let first = current.firstSeen ?? current.lastSeen ?? Timestamp(clamping: 0)
        let evidence = try evidence(current).filter { item in asOf.map { item.timestampMs <= $0.milliseconds } ?? true }
        let account = current.kind == .account ? current.accountId : nil
        return ProfilePage(
            id: current.id, name: profile.ownName, kind: current.kind.rawValue, firstSeenMs: first.milliseconds,
            lastSeenMs: (current.lastSeen ?? first).milliseconds, events: profile.eventsThen ?? reader.eventCount(of: current), traits: try traits(profile, asOf: asOf), computed: computed.map(value),
            timeline: events.map(event), nextEvents: next.map { String($0) }, identifiers: identifiers(profile, evidence, otherwise: first),
            evidence: evidence, asOfMs: asOf?.milliseconds, lastSeenThenMs: asOf == nil ? nil : profile.lastSeen?.milliseconds, optOut: asOf == nil ? try optOut(current) : nil,
            segments: asOf == nil ? segments(current) : [], canAskWhy: asOf == nil && !place.segments.all.isEmpty,
            memberships: memberships(current, asOf: asOf), things: things(current, asOf: asOf), accountAddress: account.map { "\(base)/accounts/\(PercentCoding.encode($0))" },
            consent: asOf == nil ? try ConsentPanel(current, in: place) : nil, messages: asOf == nil ? try MessagePanel(current, in: place, language: language) : nil)
    }

    private var base: String { "/w/\(PercentCoding.encode(place.name))" }

    private func memberships(_ profile: Profile, asOf: Timestamp?) -> [MembershipRow] {
        place.accountReader.memberships(of: profile, asOf: asOf).map { membership in
            MembershipRow(
                name: membership.account.name, address: "\(base)/accounts/\(PercentCoding.encode(membership.account.id))", roles: membership.roles, fromMs: membership.from.milliseconds,
                toMs: membership.to?.milliseconds)
        }
    }

    private func things(_ profile: Profile, asOf: Timestamp?) -> [MembershipRow] {
        place.accountReader.relations(of: profile, asOf: asOf).map { entity, relation in
            let page = (try? place.accountReader.account(entity.groupId)).flatMap { $0 }.map { "\(base)/profiles/\($0.id)" } ?? base
            return MembershipRow(name: "\(entity.type) \(relation.account.name)", address: page, roles: relation.roles, fromMs: relation.from.milliseconds, toMs: relation.to?.milliseconds)
        }
    }

    private func segments(_ profile: Profile) -> [SegmentPage.Link] {
        place.memberships.segments(of: profile).compactMap { place.segments.find($0) }.sorted { $0.name < $1.name }.map { SegmentPage.Link(id: $0.id, name: $0.name) }
    }

    private func optOut(_ profile: Profile) throws -> ProfilePage.OptOut? {
        guard let statement = try place.ledger.statements(of: profile.identifiers).first(where: { $0.purpose == .sharing && !$0.isGranted }) else { return nil }
        let event = try statement.position.flatMap { try place.log.read($0) }
        return ProfilePage.OptOut(isSignal: ReadRoutes.isSignal(statement, event), timestampMs: statement.at.milliseconds, messageID: event?.text(.messageId) ?? "")
    }

    // MARK: - Timeline

    private func timeline(_ profile: Profile, asOf: Timestamp?, before: LogPosition?) throws -> (events: [TimelineEvent], next: LogPosition?) {
        var found: [TimelineEvent] = []
        var before = before
        // Events that came later than the instant shown are passed over, at most a thousand at a time.
        for _ in 0..<20 {
            let page = try reader.newest(of: profile, before: before, limit: ProfilePageReader.eventsMaximum + 1)
            for item in page where found.count <= ProfilePageReader.eventsMaximum {
                before = item.position
                if asOf.map({ item.event.statedAt <= $0 }) ?? true { found.append(item) }
            }
            if page.count <= ProfilePageReader.eventsMaximum || found.count > ProfilePageReader.eventsMaximum { break }
        }
        var next: LogPosition?
        if found.count > ProfilePageReader.eventsMaximum {
            found.removeLast()
            next = found.last?.position
        }
        // Days read in the order of what happened; within a page that is another order than that of arrival.
        return (found.sorted { ($0.event.timestamp, $0.position) > ($1.event.timestamp, $1.position) }, next)
    }

    private func event(_ item: TimelineEvent) -> ProfilePage.TimelineEvent {
        var w = JSONWriter()
        item.event.write(to: &w)
        let message = message(item.event)
        return ProfilePage.TimelineEvent(
            type: item.event.type.name, name: EventSummary.name(item.event), timestampMs: item.event.timestamp.milliseconds,
            receivedAtMs: item.event.receivedAt.milliseconds, source: source(item.event), messageID: item.event.text(.messageId) ?? "",
            summary: message?.summary ?? EventSummary.line(item.event), json: w.text.text, messageKey: message?.key)
    }

    /// Of an event that tells what became of a message: the message, by the names that the console has for its parts; nil for any other.
    private func message(_ event: EventView) -> (summary: String, key: String)? {
        guard event.type == .track, let key = event.json(.properties)?["message_key"]?.string, let record = try? place.outbox.find(key: key), case .message(let template, let scope) = record.intent.effect else { return nil }
        let origin = record.intent.origin
        let journey = origin.kind == .api ? nil : place.journeys.find(origin.id)?.journey.name
        let reason = event.text(.event) == "Message Refused" ? record.reason.words(language.rawValue) : nil
        return ([place.templates.find(template)?.name ?? template, journey, scope.channel, reason].compactMap { $0 }.joined(separator: " · "), key)
    }

    private func source(_ event: EventView?) -> String { event.flatMap { place.sources.source(number: $0.source)?.name } ?? "" }

    // MARK: - Traits

    private func traits(_ profile: Profile, asOf: Timestamp?) throws -> [ProfilePage.Trait] {
        let history = try reader.history(of: profile)
        return try profile.traits.filter { !$0.value.isNull }.map { trait in
            // The value itself and what repeats it are no changes.
            var earlier: [Trait] = []
            for value in (history[trait.name] ?? []).reversed() where asOf.map({ value.timestamp <= $0 }) ?? true {
                if value.position == trait.position { continue }
                if value.value != (earlier.last ?? trait).value { earlier.append(value) }
                if earlier.count == ProfilePageReader.historyMaximum { break }
            }
            return ProfilePage.Trait(name: trait.name, current: try value(trait), history: try earlier.map(value), rule: place.survivorship.standard.rules[trait.name]?.kind.rawValue)
        }
    }

    private func value(_ value: ComputedValue) -> ProfilePage.Computed {
        ProfilePage.Computed(
            id: value.trait.id, name: value.trait.name, value: value.json.text, measure: value.trait.measurement.text, zone: value.trait.zone.name)
    }

    private func value(_ trait: Trait) throws -> ProfilePage.TraitValue {
        let event = try place.log.read(trait.position)
        return ProfilePage.TraitValue(
            value: trait.value.text, source: source(event), timestampMs: trait.timestamp.milliseconds, messageID: event?.text(.messageId) ?? "")
    }

    // MARK: - Identity

    func evidence(_ profile: Profile) throws -> [ProfilePage.Evidence] {
        try reader.evidence(of: profile).prefix(ProfilePageReader.evidenceMaximum).map { edge in
            let event = try place.log.read(edge.position)
            let reason: ProfilePage.Evidence.Reason =
                switch edge.kind {
                case .sameCall: .sameCall(type: event?.type.name ?? "")
                case .alias: .alias
                case .trait: .rule("traits.email")
                case .merge, .always, .left: .person
                }
            return ProfilePage.Evidence(
                from: IdentifierLabel(reader.identifier(edge.a)), to: IdentifierLabel(reader.identifier(edge.b)), reason: reason, source: source(event),
                timestampMs: (event?.timestamp ?? Timestamp(clamping: 0)).milliseconds, messageID: event?.text(.messageId) ?? "")
        }
    }

    /// When each was in use, as the profile itself knows it; of an id that only an alias names, the evidence tells.
    private func identifiers(_ profile: Profile, _ evidence: [ProfilePage.Evidence], otherwise: Timestamp) -> [ProfilePage.KnownIdentifier] {
        let seen = Dictionary(zip(profile.identifiers, profile.seen), uniquingKeysWith: { first, _ in first })
        return profile.shownIdentifiers.map { identifier in
            let label = IdentifierLabel(identifier)
            guard let first = seen[identifier]?.first else {
                let times = evidence.filter { $0.from == label || $0.to == label }.map(\.timestampMs)
                return ProfilePage.KnownIdentifier(label: label, firstSeenMs: times.min() ?? otherwise.milliseconds, lastSeenMs: times.max())
            }
            return ProfilePage.KnownIdentifier(label: label, firstSeenMs: first.milliseconds, lastSeenMs: seen[identifier]?.last?.milliseconds)
        }
    }
}
