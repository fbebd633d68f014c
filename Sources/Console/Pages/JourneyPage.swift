/// A journey: where it stands, its steps with their numbers, and what has come of it.
public struct JourneyPage: ConsolePage {
    /// A difference with its interval, in per cent or in money.
    public struct Estimate: Sendable {
        public var value: Double, low: Double, high: Double
        /// Whether it can be told from nothing.
        var isClear: Bool { low > 0 || high < 0 }
        public init(value: Double, low: Double, high: Double) { (self.value, self.low, self.high) = (value, low, high) }
    }
    /// Who walked, or who was held out.
    public struct Arm: Sendable {
        public var people: Int, converted: Int
        public var revenue: Double
        public init(people: Int, converted: Int, revenue: Double) { (self.people, self.converted, self.revenue) = (people, converted, revenue) }
    }

    public var id: String, name: String, note: String, trigger: String
    public var state: JourneyState
    public var version: Int, liveVersion: Int
    public var tree: JourneyTree
    public var walked: Arm, heldOut: Arm
    public var lift: Estimate?
    public var revenueLift: Estimate?
    public var hasGoal = true
    public var ended: [(reason: String, count: Int)]
    /// What its author may have overlooked.
    public var warnings: [JourneyWarning]
    /// What stands beside its steps.
    public var head: JourneyHead?
    /// Why its canaries paused it; nil where they did not.
    public var canaries: CanaryVerdict?
    /// Whom a campaign that was not started would reach; nil for any other.
    public var audience: CampaignAudience?
    /// Who has not got a campaign yet; nil where it is none, or not under way.
    public var waiting: Int?
    /// Who stands where, while another version is written.
    public var versions: JourneyVersions

    public init(
        id: String, name: String, note: String, trigger: String, state: JourneyState, version: Int, liveVersion: Int, tree: JourneyTree, walked: Arm, heldOut: Arm, lift: Estimate?, revenueLift: Estimate?,
        ended: [(reason: String, count: Int)], warnings: [JourneyWarning] = [], head: JourneyHead? = nil, canaries: CanaryVerdict? = nil,
        audience: CampaignAudience? = nil, waiting: Int? = nil, versions: JourneyVersions = JourneyVersions()
    ) {
        (self.id, self.name, self.note, self.trigger, self.state, self.version, self.liveVersion) = (id, name, note, trigger, state, version, liveVersion)
        (self.tree, self.walked, self.heldOut, self.lift, self.revenueLift, self.ended, self.warnings) = (tree, walked, heldOut, lift, revenueLift, ended, warnings)
        (self.head, self.canaries, self.audience, self.waiting, self.versions) = (head, canaries, audience, waiting, versions)
    }

    public func render(_ frame: Frame) -> String {
        let list = Section.journeys.address(in: frame.workspace)
        let own = "\(list)/\(Address.encoded(id))"
        let api = APICall(path: "/api/v1/journeys/\(id)/results", host: frame.host).drawer(frame)
        let stopping = Confirmation(
            id: "stop", title: frame.say("journeys.stop-title", ["name": name]), button: frame.say("journeys.stop"), consequences: [frame.say("journeys.stop-runs")], typed: name, action: own + "/stop",
            submit: frame.say("journeys.stop"))
        let isRunning = state == .live || state == .paused
        let waits = isRunning && version != liveVersion
        let deletion = Confirmation(
            id: "delete", title: frame.say("segment.delete-title", ["name": name]), button: frame.say("action.delete"), consequences: [frame.say("journeys.delete-results")], typed: name, action: own + "/delete",
            submit: frame.say("journeys.delete"))
        let actions: HTML = """
            \(api.opener(frame))<a class="button" href="\(own)/edit">\(frame.say("journeys.edit"))</a><a class="button" href="\(own)/rehearsal">\(frame.say("journeys.rehearse"))</a>\
            \(isRunning ? stopping.opener : deletion.opener)\(state == .live ? turn("pause", own, frame) : .none)\(waits || state == .live ? .none : turn("start", own, frame))
            """
        let head = PageHead(title: name, sentence: "\(note.isEmpty ? frame.say("journeys.trigger") + ": " + frame.say(PhraseKey("journeys.trigger-\(trigger)")) : note)", status: state.status(frame).html, actions: actions, parent: (frame.say(Section.journeys.title), list))
        let body: HTML = """
            \(head.html)\(canaries.map { $0.html(frame) })\(JourneyWarning.panel(warnings, frame, own: own))\(audience.map { audience -> HTML in "<div class=\"panel pad\">\(audience.html(frame))</div>" })\(waits ? versions.html(frame, version: version, own: own) : .none)
            <div\(attribute: "data-refresh", isRunning ? "5" : nil)>\(numbers(frame))\(waits ? .none : versions.note(frame, version: version))\(waiting.map { count -> HTML in "<p class=\"help\">\(frame.say("campaign.waiting", count: count))</p>" })
            \(self.head.map { head -> HTML in "<section class=\"panel pad\" aria-labelledby=\"about-title\"><h2 id=\"about-title\">\(frame.say("journeys.about"))</h2>\(head.told(frame))</section>" })
            <section class="panel pad" aria-labelledby="steps-title"><h2 id="steps-title">\(frame.say("journeys.steps"))</h2>\(version == liveVersion || liveVersion == 0 ? .none : "<p class=\"help\">\(frame.say("journeys.steps-of-version", ["live": frame.number(liveVersion), "version": frame.number(version)]))</p>")\(leading.html(frame))</section>
            \(ends(frame))</div>\(isRunning ? stopping.html(frame) : deletion.html(frame))\(api.html(frame))
            """
        return Shell(title: name, section: .journeys, scripts: isRunning ? [.refresh] : []).document(frame, body)
    }

    /// The steps, whose numbers lead to the messages.
    private var leading: JourneyTree {
        var tree = tree
        tree.journey = id
        return tree
    }

    private func turn(_ verb: String, _ own: String, _ frame: Frame) -> HTML {
        "<form method=\"post\" action=\"\(own)/\(verb)\">\(Field.csrf(frame))<button type=\"submit\" class=\"\(verb == "start" ? "primary" : "")\">\(frame.say(PhraseKey("journeys.\(verb)")))</button></form>"
    }

    private func numbers(_ frame: Frame) -> HTML {
        let rows: [[HTML]] = [("journeys.walked", walked), ("journeys.held-out", heldOut)].map { title, arm in
            let rate = arm.people > 0 ? frame.percent(permille: Int((Double(arm.converted) / Double(arm.people) * 1000).rounded())) : "–"
            return ["\(frame.say(PhraseKey(title)))", "\(frame.number(arm.people))", "\(frame.number(arm.converted))", "\(rate)", "\(frame.amount(arm.revenue))"]
        }
        let table = Table(
            caption: frame.say("journeys.results"),
            columns: [
                .init(title: frame.say("journeys.who"), isWide: true), .init(title: frame.say("journeys.people"), isNumber: true), .init(title: frame.say("journeys.converted"), isNumber: true),
                .init(title: frame.say("journeys.rate"), isNumber: true), .init(title: frame.say("journeys.revenue"), isNumber: true),
            ], rows: rows)
        return "<section aria-labelledby=\"results-title\"><h2 id=\"results-title\">\(frame.say("journeys.results"))</h2>\(table.html)<p class=\"help\">\(liftSentence(frame))</p></section>"
    }

    private func liftSentence(_ frame: Frame) -> String {
        guard hasGoal else { return frame.say("journeys.no-goal") }
        guard let lift else { return frame.say(heldOut.people == 0 ? "journeys.no-lift" : "journeys.few-lift") }
        let share = frame.say(lift.isClear ? "journeys.lift" : "journeys.lift-unclear", ["value": points(lift.value, frame), "low": points(lift.low, frame), "high": points(lift.high, frame)])
        guard let money = revenueLift, money.value != 0 || money.low != 0 || money.high != 0 else { return share }
        return share + " " + frame.say(money.isClear ? "journeys.money-lift" : "journeys.money-lift-unclear", ["value": frame.signed(money.value, digits: 2), "low": frame.signed(money.low, digits: 2), "high": frame.signed(money.high, digits: 2)])
    }

    private func ends(_ frame: Frame) -> HTML {
        guard !ended.isEmpty else { return .none }
        let table = Table(
            caption: frame.say("journeys.ends"), columns: [.init(title: frame.say("journeys.reason"), isWide: true), .init(title: frame.say("journeys.runs"), isNumber: true)],
            rows: ended.map { ["<bdi class=\"mono\">\($0.reason)</bdi>", "\(frame.number($0.count))"] })
        return "<section aria-labelledby=\"ends-title\"><h2 id=\"ends-title\">\(frame.say("journeys.ends"))</h2>\(table.html)</section>"
    }

    /// Of a share, in hundredths with its sign.
    private func points(_ share: Double, _ frame: Frame) -> String { frame.signed(share * 100) }
}
