/// One person: who they are, how we know, what they did, and why it is one person.
public struct ProfilePage: ConsolePage {
    /// One value that a trait has or had, and the event that said it.
    public struct TraitValue: Sendable {
        /// As JSON, exactly as sent.
        public var value: String
        public var source: String
        public var timestampMs: Int64
        public var messageID: String
        public init(value: String, source: String, timestampMs: Int64, messageID: String) {
            (self.value, self.source, self.timestampMs, self.messageID) = (value, source, timestampMs, messageID)
        }
    }

    /// One trait: what it is now and what it was.
    public struct Trait: Sendable {
        public var name: String
        public var current: TraitValue
        /// Earlier values, newest first.
        public var history: [TraitValue]
        /// The rule by which the current value counts, as ``SurvivorshipPage/rules``; nil for the latest.
        public var rule: String?
        public init(name: String, current: TraitValue, history: [TraitValue] = [], rule: String? = nil) {
            (self.name, self.current, self.history, self.rule) = (name, current, history, rule)
        }
    }

    /// A computed trait's value, and what it was computed by.
    public struct Computed: Sendable {
        public var id: String
        public var name: String
        /// As JSON.
        public var value: String
        /// The measure as text.
        public var measure: String
        public var zone: String
        public init(id: String, name: String, value: String, measure: String, zone: String) {
            (self.id, self.name, self.value, self.measure, self.zone) = (id, name, value, measure, zone)
        }
    }

    /// One event of the person, at the time it happened.
    public struct TimelineEvent: Sendable {
        public var type: String
        public var name: String?
        public var timestampMs: Int64
        public var receivedAtMs: Int64
        public var source: String
        public var messageID: String
        /// What stands out in it, in one line.
        public var summary: String
        /// The event whole, as JSON.
        public var json: String
        /// Of what became of a message: which message.
        public var messageKey: String?
        public init(
            type: String, name: String? = nil, timestampMs: Int64, receivedAtMs: Int64, source: String, messageID: String,
            summary: String = "", json: String, messageKey: String? = nil
        ) {
            self.messageKey = messageKey
            (self.type, self.name, self.timestampMs, self.receivedAtMs) = (type, name, timestampMs, receivedAtMs)
            (self.source, self.messageID, self.summary, self.json) = (source, messageID, summary, json)
        }
    }

    /// One identifier of the person and how long it has been in use.
    public struct KnownIdentifier: Sendable {
        public var label: IdentifierLabel
        public var firstSeenMs: Int64
        /// Nil where the past does not tell.
        public var lastSeenMs: Int64?
        public init(label: IdentifierLabel, firstSeenMs: Int64, lastSeenMs: Int64?) {
            (self.label, self.firstSeenMs, self.lastSeenMs) = (label, firstSeenMs, lastSeenMs)
        }
    }

    /// Why two identifiers belong together: an edge of the identity graph.
    public struct Evidence: Sendable {
        /// What kind of evidence it is.
        public enum Reason: Sendable, Equatable {
            /// One call carried both.
            case sameCall(type: String)
            /// An `alias` said that one is the other.
            case alias
            /// Someone decided it in the console.
            case person
            /// Another rule, named by its code.
            case rule(String)
        }
        public var from: IdentifierLabel
        public var to: IdentifierLabel
        public var reason: Reason
        public var source: String
        public var timestampMs: Int64
        public var messageID: String
        public init(
            from: IdentifierLabel, to: IdentifierLabel, reason: Reason, source: String, timestampMs: Int64, messageID: String
        ) {
            (self.from, self.to, self.reason) = (from, to, reason)
            (self.source, self.timestampMs, self.messageID) = (source, timestampMs, messageID)
        }
    }

    /// Their objection to sale and sharing, and the event that says so.
    public struct OptOut: Sendable {
        /// The browser's Global Privacy Control, and not a choice that they made here.
        public var isSignal: Bool
        public var timestampMs: Int64
        public var messageID: String
        public init(isSignal: Bool, timestampMs: Int64, messageID: String) { (self.isSignal, self.timestampMs, self.messageID) = (isSignal, timestampMs, messageID) }
    }

    public var id: String
    public var name: String?
    /// `person` or `account`.
    public var kind: String
    public var firstSeenMs: Int64
    public var lastSeenMs: Int64
    public var events: Int
    public var traits: [Trait]
    /// Those that have a value, at the instant that the page shows.
    public var computed: [Computed]
    /// Newest first.
    public var timeline: [TimelineEvent]
    public var nextEvents: String?
    public var identifiers: [KnownIdentifier]
    public var evidence: [Evidence]
    /// The instant that the page shows, nil for now.
    public var asOfMs: Int64?
    /// The last event by that instant; nil for now, and where there was none.
    public var lastSeenThenMs: Int64?
    /// Nil while they have not opted out.
    public var optOut: OptOut?
    /// Those that the person is in now; none when the page shows the past.
    public var segments: [SegmentPage.Link]
    /// Whether there are segments to ask about, so that one can ask why not.
    public var canAskWhy: Bool
    /// To which accounts they belong or belonged, what lasts first.
    public var memberships: [MembershipRow]
    /// What else they have: households, pets, subscriptions.
    public var things: [MembershipRow]
    /// Of an account, where its own page is; nil for people.
    public var accountAddress: String?
    /// What they said about consent; nil where the page shows the past.
    public var consent: ConsentPanel?
    /// Their newest messages; nil where the page shows the past.
    public var messages: MessagePanel?

    public init(
        id: String, name: String? = nil, kind: String = "person", firstSeenMs: Int64, lastSeenMs: Int64, events: Int,
        traits: [Trait], computed: [Computed] = [], timeline: [TimelineEvent], nextEvents: String? = nil, identifiers: [KnownIdentifier],
        evidence: [Evidence], asOfMs: Int64? = nil, lastSeenThenMs: Int64? = nil, optOut: OptOut? = nil, segments: [SegmentPage.Link] = [], canAskWhy: Bool = false,
        memberships: [MembershipRow] = [], things: [MembershipRow] = [], accountAddress: String? = nil, consent: ConsentPanel? = nil, messages: MessagePanel? = nil
    ) {
        (self.id, self.name, self.kind) = (id, name, kind)
        (self.firstSeenMs, self.lastSeenMs, self.events) = (firstSeenMs, lastSeenMs, events)
        (self.traits, self.computed, self.timeline, self.nextEvents) = (traits, computed, timeline, nextEvents)
        (self.identifiers, self.evidence, self.asOfMs, self.lastSeenThenMs) = (identifiers, evidence, asOfMs, lastSeenThenMs)
        (self.optOut, self.segments, self.canAskWhy, self.consent, self.messages) = (optOut, segments, canAskWhy, consent, messages)
        (self.memberships, self.things, self.accountAddress) = (memberships, things, accountAddress)
    }

    public func render(_ frame: Frame) -> String {
        let shown = shownName(frame)
        let list = Section.profiles.address(in: frame.workspace)
        let asOf = asOfMs.map { CivilTime(ms: $0).iso }
        let api = APICall(
            path: Address.with("/api/v1/profiles/\(Address.encoded(id))", [("as_of", asOf)]), host: frame.host
        ).drawer(frame)
        let erasure = erasure(frame)
        let head = PageHead(
            title: shown, sentence: facts(frame), lead: Avatar(name: name, id: id).html,
            actions: "\(api.opener(frame))\(asOfMs == nil ? erasure.opener : .none)",
            parent: (frame.say("section.profiles"), list))
        let body: HTML = """
            <div class="profile">\(head.html)\(optOutNotice(frame))\(asOfForm(frame))\(membershipsPanel(frame))
            <div class="columns sided">\(traitsPanel(frame))\(timelinePanel(frame))\(identityPanel(frame))</div>\(messages?.html(frame) ?? .none)\(consent?.html(frame) ?? .none)</div>
            \(api.html(frame))\(erasure.html(frame))
            """
        return Shell(title: shown, section: .profiles, scripts: [.profile]).document(frame, body)
    }

    /// What the page calls the person, and what erasing wants typed.
    public func shownName(_ frame: Frame) -> String {
        name ?? identifiers.first.map { "\($0.label.type) \($0.label.value)" } ?? frame.say("profile.nameless")
    }

    private func facts(_ frame: Frame) -> HTML {
        let lastSeenMs = asOfMs == nil ? lastSeenMs : lastSeenThenMs
        let lastSeen: HTML = lastSeenMs.map { " · \(frame.say("profile.last-seen")) \(frame.time($0))" } ?? .none
        return """
        <span class="chips">\(identifiers.prefix(6).map(\.label.chip))</span>\
        <span class="facts">\(frame.say(PhraseKey("profile.kind-\(["account", "entity"].contains(kind) ? kind : "person")"))) · \
        \(frame.say("profile.events", count: events)) · \(frame.say("profile.first-seen")) \(frame.time(firstSeenMs))\(lastSeen)</span>\(segmentLinks(frame))\(journeysLink(frame))
        """
    }

    private func segmentLinks(_ frame: Frame) -> HTML {
        guard canAskWhy || !segments.isEmpty else { return .none }
        let why = "/w/\(Address.encoded(frame.workspace))/profiles/\(Address.encoded(id))/why"
        let links = segments.map { segment -> HTML in
            """
            <span class="asked"><a class="chip" href="/w/\(frame.workspace)/segments/\(segment.id)"><bdi>\(segment.name)</bdi></a>\
            <a href="\(Address.with(why, [("segment", segment.id)]))" aria-label="\(frame.say("why.link-label", ["name": segment.name]))">\(frame.say("why.link"))</a></span>
            """
        }
        let others: HTML = canAskWhy ? "<a class=\"ask\" href=\"\(why)\">\(frame.say("why.others"))</a>" : .none
        return "<span class=\"facts\">\(frame.say("profile.segments")): <span class=\"chips\">\(links)\(others)</span></span>"
    }

    /// What was decided about them.
    private func journeysLink(_ frame: Frame) -> HTML {
        guard asOfMs == nil, kind == "person" else { return .none }
        return "<span class=\"facts\"><a href=\"/w/\(frame.workspace)/profiles/\(id)/journeys\">\(frame.say(Section.journeys.title))</a></span>"
    }

    private func membershipsPanel(_ frame: Frame) -> HTML {
        if let accountAddress { return "<p><a class=\"button\" href=\"\(accountAddress)\">\(Icon.group.html)\(frame.say("profile.open-account"))</a></p>" }
        func panel(_ title: PhraseKey, _ subject: PhraseKey, _ rows: [MembershipRow]) -> HTML {
            rows.isEmpty ? .none : MembershipPanel(id: subject.name.replacing(".", with: "-"), title: frame.say(title), empty: "", subject: frame.say(subject), rows: rows).html(frame)
        }
        return "\(panel("profile.memberships", "column.account", memberships))\(panel("profile.things", "column.thing", things))"
    }

    private func optOutNotice(_ frame: Frame) -> HTML {
        guard let optOut else { return .none }
        let sentence = frame.phrase(
            optOut.isSignal ? "profile.opted-out-signal" : "profile.opted-out-stated", ["time": frame.time(optOut.timestampMs)])
        return """
            <div class="notice caution">\(Icon.caution.html)<div><strong>\(frame.say("profile.opted-out"))</strong> \(sentence) \
            <code title="messageId">\(optOut.messageID)</code></div></div>
            """
    }

    private func erasure(_ frame: Frame) -> Confirmation {
        let shown = shownName(frame)
        return Confirmation(
            id: "erase", title: frame.say("erase.title", ["name": shown]), button: frame.say("erase.button"),
            consequences: [
                frame.say("erase.events", count: events), frame.say("erase.traits", count: traits.count),
                frame.say("erase.identifiers", count: identifiers.count), frame.say("erase.forever"),
            ],
            typed: shown, action: "/w/\(Address.encoded(frame.workspace))/profiles/\(Address.encoded(id))/erase",
            submit: frame.say("erase.submit"))
    }

    /// A slider over the person's time with us; the form works by its button, the script submits when it is let go.
    private func asOfForm(_ frame: Frame) -> HTML {
        let address = "/w/\(Address.encoded(frame.workspace))/profiles/\(Address.encoded(id))"
        let last = max(lastSeenMs, firstSeenMs)
        let chosen = min(max(asOfMs ?? last, firstSeenMs), last)
        let (span, overflow) = last.subtractingReportingOverflow(firstSeenMs)
        let step = overflow ? 1 : max(span / 500, 1)
        let state: HTML = asOfMs.map { instant -> HTML in
            "<strong>\(frame.exact(instant))</strong> <a href=\"\(address)\">\(frame.say("profile.back-to-now"))</a>"
        } ?? "<strong>\(frame.say("profile.now"))</strong>"
        return """
            <form class="as-of\(asOfMs == nil ? "" : " past")" method="get" action="\(address)" id="as-of">
            <label for="f-as-of">\(Icon.clock.html)\(frame.say("profile.as-of"))</label>
            <span class="quiet edge">\(frame.date(firstSeenMs))</span>
            <input id="f-as-of" name="as_of" type="range" min="\(firstSeenMs)" max="\(last)" step="\(step)" value="\(chosen)" \
            aria-describedby="as-of-shown"\(flag: "disabled", when: last == firstSeenMs)>
            <span class="quiet edge">\(frame.date(last))</span>
            <output id="as-of-shown" for="f-as-of">\(state)</output>
            <button type="submit">\(frame.say("profile.show"))</button>
            </form>
            """
    }
}
