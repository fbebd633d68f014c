/// What the search box finds: people, segments, journeys, templates, sources, and the places of the console.
public struct SearchPage: ConsolePage {
    public var query: String
    public var people: [ProfilesPage.Row]
    public var sources: [SourcesPage.Row]
    public var segments: [SegmentPage.Link]
    /// By id and name.
    public var journeys: [(id: String, name: String)] = []
    public var templates: [(id: String, name: String)] = []
    /// Whether more people are found than are shown.
    public var hasMorePeople: Bool

    public init(query: String, people: [ProfilesPage.Row] = [], sources: [SourcesPage.Row] = [], segments: [SegmentPage.Link] = [], hasMorePeople: Bool = false) {
        (self.query, self.people, self.sources, self.segments, self.hasMorePeople) = (query, people, sources, segments, hasMorePeople)
    }

    public func render(_ frame: Frame) -> String {
        let places = Section.served.filter { !query.isEmpty && frame.say($0.title).lowercased().contains(query.lowercased()) }
        let count = people.count + segments.count + journeys.count + templates.count + sources.count + places.count
        let title = frame.say("search.title")
        let head = PageHead(
            title: title,
            sentence: frame.phrase(hasMorePeople ? "search.more" : "search.sentence", ["query": "<strong><bdi>\(query)</bdi></strong>", "n": "\(frame.number(count))"]))
        let results: HTML = """
            \(list(frame.say("section.profiles"), people.map { person($0, frame) }, more: hasMorePeople ? Address.with(Section.profiles.address(in: frame.workspace), [("q", query)]) : nil, frame))\
            \(list(frame.say("section.segments"), segments.map { segment($0, frame) }, frame))\
            \(list(frame.say(Section.journeys.title), journeys.map { named($0, .journeys, frame) }, frame))\
            \(list(frame.say(Section.templates.title), templates.map { named($0, .templates, frame) }, frame))\
            \(list(frame.say("section.sources"), sources.map { source($0, frame) }, frame))\
            \(list(frame.say("shell.places"), places.map { place($0, frame) }, frame))
            """
        let empty = EmptyState(
            icon: .search, title: frame.say("search.none-title"), text: frame.say("search.none-text"),
            action: (frame.say("profiles.show-all"), Section.profiles.address(in: frame.workspace)))
        let body: HTML = "\(head.html)\(field(frame))\(count == 0 ? empty.html : results)"
        return Shell(title: title, searched: query).document(frame, body)
    }

    /// The rail's box hides where the rail is narrow; here it is always in sight.
    private func field(_ frame: Frame) -> HTML {
        """
        <form class="filters" method="get" action="/w/\(frame.workspace)/search">\
        \(Field(name: "q", label: frame.say("shell.search"), value: query, autocomplete: "off", placeholder: frame.say("shell.search-hint")).html)\
        <div class="actions"><button type="submit">\(frame.say("filter.find"))</button></div></form>
        """
    }

    /// - Parameter more: where all of them are.
    private func list(_ title: String, _ items: [HTML], more: String? = nil, _ frame: Frame) -> HTML {
        guard !items.isEmpty else { return .none }
        let all: HTML = more.map { "<a href=\"\($0)\">\(frame.say("action.all"))</a>" } ?? .none
        return "<section class=\"panel\"><div class=\"panel-head\"><h2>\(title)</h2>\(all)</div><ul class=\"list\">\(items)</ul></section>"
    }

    private func person(_ row: ProfilesPage.Row, _ frame: Frame) -> HTML {
        """
        <li><a href="/w/\(frame.workspace)/profiles/\(row.id)">\(Avatar(name: row.name, id: row.id).html)<bdi class="grow">\(row.shownName(frame))</bdi></a>\
        <span class="chips">\(row.identifiers.prefix(2).map(\.chip))</span></li>
        """
    }

    private func source(_ row: SourcesPage.Row, _ frame: Frame) -> HTML {
        "<li><a href=\"/w/\(frame.workspace)/sources/\(row.id)\"><span class=\"icon-tile\">\(Icon.sources.html)</span><bdi class=\"grow\">\(row.name)</bdi></a></li>"
    }

    private func segment(_ segment: SegmentPage.Link, _ frame: Frame) -> HTML {
        "<li><a href=\"/w/\(frame.workspace)/segments/\(segment.id)\"><span class=\"icon-tile\">\(Icon.segments.html)</span><bdi class=\"grow\">\(segment.name)</bdi></a></li>"
    }

    private func named(_ item: (id: String, name: String), _ section: Section, _ frame: Frame) -> HTML {
        "<li><a href=\"\(section.address(in: frame.workspace))/\(item.id)\"><span class=\"icon-tile\">\(section.icon.html)</span><bdi class=\"grow\">\(item.name)</bdi></a></li>"
    }

    private func place(_ section: Section, _ frame: Frame) -> HTML {
        "<li><a href=\"\(section.address(in: frame.workspace))\"><span class=\"icon-tile\">\(section.icon.html)</span><span class=\"grow\">\(frame.say(section.title))</span></a></li>"
    }
}
