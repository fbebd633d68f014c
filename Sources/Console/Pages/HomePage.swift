/// Where a workspace starts: its first steps while it is empty, afterwards how it is doing.
public struct HomePage: ConsolePage {
    /// What the first steps have reached.
    public struct FirstSteps: Sendable {
        /// The source to connect, nil until one is made.
        public var source: SourceKey?
        /// The first event, once it arrived.
        public var firstEvent: LivePage.Row?
        /// Why the newest event was refused, while none was accepted.
        public var refused: Refused?
        /// The steps after the first event.
        public var later: LaterSteps?
        public init(source: SourceKey? = nil, firstEvent: LivePage.Row? = nil, refused: Refused? = nil, later: LaterSteps? = nil) {
            (self.source, self.firstEvent, self.refused, self.later) = (source, firstEvent, refused, later)
        }
    }

    /// An event that came and was refused.
    public struct Refused: Sendable {
        public var reason: ConsoleProblem
        public var receivedAtMs: Int64
        public init(reason: ConsoleProblem, receivedAtMs: Int64) { (self.reason, self.receivedAtMs) = (reason, receivedAtMs) }
    }

    /// What comes after the first event: they stand below it, and later above the numbers until they are done.
    public struct LaterSteps: Sendable {
        /// Whether there is a segment with people in it.
        public var hasSegment: Bool
        /// Whether a message was sent or caught; nil while nothing catches mail.
        public var hasMessage: Bool?
        public init(hasSegment: Bool, hasMessage: Bool?) { (self.hasSegment, self.hasMessage) = (hasSegment, hasMessage) }

        public var areDone: Bool { hasSegment && hasMessage ?? true }
    }

    /// The numbers of a workspace at work; each opens what is behind it.
    public struct Overview: Sendable {
        /// People, and accounts apart.
        public var people: Int, accounts: Int
        public var events: Int
        public var sources: Int
        public var merges: Int
        /// Refused events that wait in quarantine now.
        public var waiting: Int
        public var minutes: MinuteChart
        public var sourceRows: [SourcesPage.Row]
        public var newestProfiles: [ProfilesPage.Row]

        public init(
            people: Int, accounts: Int, events: Int, sources: Int, merges: Int, waiting: Int, minutes: MinuteChart,
            sourceRows: [SourcesPage.Row], newestProfiles: [ProfilesPage.Row]
        ) {
            (self.people, self.accounts, self.events, self.sources) = (people, accounts, events, sources)
            (self.merges, self.waiting) = (merges, waiting)
            (self.minutes, self.sourceRows, self.newestProfiles) = (minutes, sourceRows, newestProfiles)
        }
    }

    /// What the demo workspace tells a newcomer.
    public struct Tour: Sendable {
        /// The storefront, such as `/shop`.
        public var storefront: String
        /// The profile to look at first: Ada.
        public var profileID: String
        public var profileName: String
        public init(storefront: String, profileID: String, profileName: String) {
            (self.storefront, self.profileID, self.profileName) = (storefront, profileID, profileName)
        }
    }

    /// Whether anything has arrived yet.
    public enum State: Sendable {
        case empty(FirstSteps)
        case running(Overview)
    }

    public var state: State
    /// What is still to be done in a young workspace that is at work.
    public var later: LaterSteps?
    public var tour: Tour?
    public var snippet: SnippetKind
    /// Whether write keys are shown in full (`?reveal=1`).
    public var isRevealed: Bool

    public init(state: State, later: LaterSteps? = nil, tour: Tour? = nil, snippet: SnippetKind = .curl, isRevealed: Bool = false) {
        (self.state, self.later, self.tour, self.snippet, self.isRevealed) = (state, later, tour, snippet, isRevealed)
    }

    public func render(_ frame: Frame) -> String {
        let shell = Shell(title: frame.say("section.home"), section: .home, scripts: isEmpty ? [.live] : [.refresh])
        switch state {
        case .empty(let steps):
            return shell.document(frame, steps.html(frame, snippet: snippet, isRevealed: isRevealed))
        case .running(let overview):
            let head = PageHead(
                title: tour == nil ? frame.say("home.title") : frame.say("home.demo-title"),
                sentence: "\(tour == nil ? frame.say("home.sentence") : frame.say("home.demo-sentence"))")
            let body: HTML = """
                \(head.html)\(tour.map { $0.html(frame) })\
                <div data-refresh="15">\(later.map { steps -> HTML in "<ol class=\"steps\">\(steps.items(frame))</ol>" })\(overview.html(frame))</div>
                """
            return shell.document(frame, body)
        }
    }

    private var isEmpty: Bool {
        if case .empty = state { true } else { false }
    }
}

extension HomePage.Tour {
    func html(_ frame: Frame) -> HTML {
        """
        <section class="tour" aria-labelledby="tour-title"><h2 id="tour-title">\(frame.say("tour.title"))</h2><ol>
        <li><a href="\(storefront)">\(Icon.shop.html)<strong>\(frame.say("tour.shop"))</strong></a><p>\(frame.say("tour.shop-text"))</p></li>
        <li><a href="/w/\(frame.workspace)/live">\(Icon.live.html)<strong>\(frame.say("tour.live"))</strong></a><p>\(frame.say("tour.live-text"))</p></li>
        <li><a href="/w/\(frame.workspace)/profiles/\(profileID)">\(Icon.profiles.html)<strong><bdi>\(profileName)</bdi></strong></a>\
        <p>\(frame.say("tour.profile-text"))</p></li>
        <li><a href="\(Section.catcher.address(in: frame.workspace))">\(Icon.catcher.html)<strong>\(frame.say("tour.mail"))</strong></a><p>\(frame.say("tour.mail-text"))</p></li>
        </ol></section>
        """
    }
}

extension HomePage.Overview {
    func html(_ frame: Frame) -> HTML {
        let base = Section.home.address(in: frame.workspace)
        let refusedMeaning = waiting > 0 ? "tile caution" : "tile"
        return """
            <div class="tiles">
            \(tile(frame, "home.people", people, base + "/profiles"))\(accounts == 0 ? .none : tile(frame, "section.accounts", accounts, base + "/accounts"))\(tile(frame, "home.events", events, base + "/live"))\
            \(tile(frame, "home.sources", sources, base + "/sources"))\(tile(frame, "home.merges", merges, base + "/profiles?merged=1"))\
            \(tile(frame, "home.waiting", waiting, base + "/quarantine", className: refusedMeaning))
            </div>
            \(minutes.html(frame))
            <div class="columns">
            <section class="panel" aria-labelledby="sources-title"><div class="panel-head"><h2 id="sources-title">\(frame.say("section.sources"))</h2>\
            <a href="\(base)/sources">\(frame.say("action.all"))</a></div>\(sourceList(frame))</section>
            <section class="panel" aria-labelledby="newest-title"><div class="panel-head"><h2 id="newest-title">\(frame.say("home.newest"))</h2>\
            <a href="\(base)/profiles">\(frame.say("action.all"))</a></div>\(profileList(frame))</section>
            </div>
            """
    }

    private func tile(_ frame: Frame, _ key: PhraseKey, _ value: Int, _ address: String, className: String = "tile") -> HTML {
        "<a class=\"\(className)\" href=\"\(address)\"><span>\(frame.say(key))</span><strong>\(frame.number(value))</strong></a>"
    }

    private func sourceList(_ frame: Frame) -> HTML {
        guard !sourceRows.isEmpty else { return "<p class=\"quiet pad\">\(frame.say("sources.empty-title"))</p>" }
        let items = sourceRows.map { row -> HTML in
            """
            <li><a href="/w/\(frame.workspace)/sources/\(row.id)"><span class="icon-tile">\(Icon.sources.html)</span><bdi class="grow">\(row.name)</bdi></a>\
            <span class="quiet">\(row.isEnabled ? frame.time(row.lastEventMs, otherwise: "source.no-events") : "\(frame.say("source.disabled"))")</span></li>
            """
        }
        return "<ul class=\"list\">\(items)</ul>"
    }

    private func profileList(_ frame: Frame) -> HTML {
        guard !newestProfiles.isEmpty else { return "<p class=\"quiet pad\">\(frame.say("profiles.empty-title"))</p>" }
        let items = newestProfiles.map { row -> HTML in
            """
            <li><a href="/w/\(frame.workspace)/profiles/\(row.id)">\(Avatar(name: row.name, id: row.id).html)<bdi class="grow">\(row.shownName(frame))</bdi></a>\
            <span class="quiet">\(frame.time(row.firstSeenMs))</span></li>
            """
        }
        return "<ul class=\"list\">\(items)</ul>"
    }
}
