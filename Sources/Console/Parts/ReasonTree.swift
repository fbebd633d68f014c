/// One part of a condition with its answer for one person, what was seen, and its own parts: a list item that holds lists.
public struct ReasonTree: Sendable {
    /// An event that a test looked at.
    public struct Event: Sendable {
        public enum Role: Sendable, Equatable {
            case seen
            /// It states the trait.
            case said
            /// None counts; this was the last one before.
            case before
        }
        public var role: Role
        /// Empty where the log does not have it any more.
        public var title: String
        public var atMs: Int64
        public var messageID: String
        /// The properties that were looked at, as `total: 12`.
        public var values: [String]
        public init(role: Role = .seen, title: String, atMs: Int64, messageID: String, values: [String]) {
            (self.role, self.title, self.atMs, self.messageID, self.values) = (role, title, atMs, messageID, values)
        }
    }

    /// One step of a sequence.
    public struct Step: Sendable {
        public var sentence: String
        /// Nil where it was not come to.
        public var isMet: Bool?
        public var event: Event?
        public var waitsUntilMs: Int64?
        public init(sentence: String, isMet: Bool?, event: Event? = nil, waitsUntilMs: Int64? = nil) {
            (self.sentence, self.isMet, self.event, self.waitsUntilMs) = (sentence, isMet, event, waitsUntilMs)
        }
    }

    public var sentence: String
    public var isTrue: Bool
    /// Whether the answer above hangs on it.
    public var decides: Bool
    /// What was seen, in words.
    public var seen: String?
    public var events: [Event]
    public var steps: [Step]
    /// The segment that the test names.
    public var segment: SegmentPage.Link?
    public var parts: [ReasonTree]

    public init(
        sentence: String, isTrue: Bool, decides: Bool = true, seen: String? = nil, events: [Event] = [], steps: [Step] = [], segment: SegmentPage.Link? = nil, parts: [ReasonTree] = []
    ) {
        (self.sentence, self.isTrue, self.decides, self.seen) = (sentence, isTrue, decides, seen)
        (self.events, self.steps, self.segment, self.parts) = (events, steps, segment, parts)
    }

    func html(_ frame: Frame) -> HTML {
        let link = segment.map { link -> HTML in " <a href=\"/w/\(frame.workspace)/segments/\(link.id)\"><bdi>\(link.name)</bdi></a>" }
        let steps = steps.map { step($0, frame) }
        let parts = parts.map { $0.html(frame) }
        return """
            <li><div class="why-part\(decides ? "" : " aside")">\(ReasonTree.mark(isTrue, frame))<div><p><bdi>\(sentence)</bdi>\(link)</p>\
            \(seen.map { text -> HTML in "<p class=\"quiet\"><bdi>\(text)</bdi></p>" })\(ReasonTree.list(events, frame))</div></div>\
            \(steps.isEmpty ? .none : "<ol>\(steps)</ol>")\(parts.isEmpty ? .none : "<ul>\(parts)</ul>")</li>
            """
    }

    private func step(_ step: Step, _ frame: Frame) -> HTML {
        let waits = step.waitsUntilMs.map { until -> HTML in "<p class=\"quiet\">\(frame.phrase("why.waits", ["time": frame.time(until)]))</p>" }
        return """
            <li><div class="why-part">\(step.waitsUntilMs == nil ? ReasonTree.mark(step.isMet, frame) : ReasonTree.waiting(frame))<div><p><bdi>\(step.sentence)</bdi></p>\(waits)\
            \(ReasonTree.list(step.event.map { [$0] } ?? [], frame))</div></div></li>
            """
    }

    private static func mark(_ isTrue: Bool?, _ frame: Frame) -> HTML {
        switch isTrue {
        case true?: "<span class=\"why-mark good\">\(Icon.good.html)<span class=\"hidden\">\(frame.say("why.true"))</span></span>"
        case false?: "<span class=\"why-mark critical\">\(Icon.close.html)<span class=\"hidden\">\(frame.say("why.false"))</span></span>"
        case nil: "<span class=\"why-mark quiet\">\(Icon.more.html)<span class=\"hidden\">\(frame.say("why.open"))</span></span>"
        }
    }

    private static func waiting(_ frame: Frame) -> HTML { "<span class=\"why-mark quiet\">\(Icon.clock.html)<span class=\"hidden\">\(frame.say("why.waiting"))</span></span>" }

    private static func list(_ events: [Event], _ frame: Frame) -> HTML {
        guard !events.isEmpty else { return .none }
        let items = events.map { event -> HTML in
            let time: HTML =
                switch event.role {
                case .seen: frame.time(event.atMs)
                case .said: frame.phrase("why.said", ["time": frame.time(event.atMs)])
                case .before: frame.phrase("why.before", ["time": frame.time(event.atMs)])
                }
            let title: HTML = event.title.isEmpty || event.role == .said ? .none : "<bdi>\(event.title)</bdi> "
            let values: HTML = event.values.isEmpty ? .none : " <bdi class=\"quiet\">\(event.values.joined(separator: " · "))</bdi>"
            return "<li>\(title)<span class=\"quiet\">\(time)</span>\(values)\(event.messageID.isEmpty ? .none : " <code class=\"quiet\" title=\"messageId\">\(event.messageID)</code>")</li>"
        }
        return "<ul class=\"why-events\">\(items)</ul>"
    }
}
