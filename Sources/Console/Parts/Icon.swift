/// The console's drawings, on a 16-unit grid with one stroke width; they repeat a word beside them and say nothing alone.
enum Icon: String, CaseIterable {
    case home, sources, live, imports, quarantine, profiles, review, segments, computed, templates, deliveries, destinations, email, catcher, consent, tokens, session, search, menu, settings, help, close
    case good, duplicate, caution, critical, copy, pause, play, download, code, trash, rotate, upload, clock, shop, arrow, more
    case identify, track, page, screen, group, alias

    /// Hidden from screen readers: the word beside it is the name.
    var html: HTML {
        "<svg class=\"icon\" viewBox=\"0 0 16 16\" width=\"16\" height=\"16\" aria-hidden=\"true\" focusable=\"false\">\(HTML(drawing))</svg>"
    }

    /// The icon for one of the six calls; an unknown call looks like a `track`.
    static func forCall(_ type: String) -> Icon {
        switch type {
        case "identify": .identify
        case "page": .page
        case "screen": .screen
        case "group": .group
        case "alias": .alias
        default: .track
        }
    }

    private var drawing: TrustedMarkup {
        switch self {
        case .home: TrustedMarkup("<path d=\"M2.5 7.2 8 2.5l5.5 4.7M4 6.5v7h3v-4h2v4h3v-7\"/>")
        case .sources: TrustedMarkup("<path d=\"M5.5 2v3M10.5 2v3M3.5 5h9v2.5a4.5 4.5 0 0 1-9 0zM8 12v2.5\"/>")
        case .live: TrustedMarkup("<path d=\"M1.5 8h3l2-5 3 10 2-5h3\"/>")
        case .imports, .upload: TrustedMarkup("<path d=\"M8 10.5V2.5M5 5.5l3-3 3 3M2.5 10.5v3h11v-3\"/>")
        case .quarantine: TrustedMarkup("<path d=\"M8 1.8 13.5 4v4c0 3.2-2.2 5.3-5.5 6.3C4.7 13.3 2.5 11.2 2.5 8V4zM8 5v3.5M8 10.8v.1\"/>")
        case .profiles, .identify: TrustedMarkup("<circle cx=\"8\" cy=\"5\" r=\"2.7\"/><path d=\"M2.8 13.8c.4-3 2.5-4.5 5.2-4.5s4.8 1.5 5.2 4.5\"/>")
        case .review: TrustedMarkup("<circle cx=\"5\" cy=\"5.5\" r=\"2\"/><circle cx=\"11\" cy=\"5.5\" r=\"2\"/><path d=\"M1.8 13c.3-2.3 1.5-3.5 3.2-3.5M14.2 13c-.3-2.3-1.5-3.5-3.2-3.5M6.2 11.2h3.6M6.2 13.4h3.6\"/>")
        case .segments: TrustedMarkup("<circle cx=\"6\" cy=\"8\" r=\"4.2\"/><circle cx=\"10\" cy=\"8\" r=\"4.2\"/>")
        case .computed: TrustedMarkup("<path d=\"M12 4.5V2.5H4L8.3 8 4 13.5h8v-2\"/>")
        case .templates: TrustedMarkup("<rect x=\"2\" y=\"3.5\" width=\"12\" height=\"9\" rx=\"1.2\"/><path d=\"M2.5 4.5 8 9l5.5-4.5\"/>")
        case .deliveries: TrustedMarkup("<path d=\"M14 2 1.8 7.2l4.4 2 2 4.6zM14 2 6.2 9.2\"/>")
        case .destinations: TrustedMarkup("<circle cx=\"3.8\" cy=\"8\" r=\"1.8\"/><circle cx=\"12.2\" cy=\"3.8\" r=\"1.8\"/><circle cx=\"12.2\" cy=\"12.2\" r=\"1.8\"/><path d=\"M5.5 7.2l5-2.6M5.5 8.8l5 2.6\"/>")
        case .email: TrustedMarkup("<path d=\"M14 2.5 7 9.5M14 2.5l-4.5 11-2.5-4-4.5-2.5z\"/>")
        case .catcher: TrustedMarkup("<path d=\"M2 8.5 4 3.5h8l2 5v4H2zM2 8.5h3.5l1 2h3l1-2H14\"/>")
        case .consent: TrustedMarkup("<rect x=\"2.5\" y=\"2.5\" width=\"11\" height=\"11\" rx=\"1.5\"/><path d=\"M5 8.2l2.1 2.1L11 6\"/>")
        case .tokens: TrustedMarkup("<circle cx=\"5\" cy=\"11\" r=\"2.7\"/><path d=\"M7 9l6.5-6.5M11 5l2 2M9.3 6.7l1.2 1.2\"/>")
        case .session: TrustedMarkup("<rect x=\"3\" y=\"7\" width=\"10\" height=\"6.5\" rx=\"1.2\"/><path d=\"M5.2 7V5a2.8 2.8 0 0 1 5.6 0v2\"/>")
        case .search: TrustedMarkup("<circle cx=\"7\" cy=\"7\" r=\"4.3\"/><path d=\"M10.3 10.3l3.7 3.7\"/>")
        case .menu: TrustedMarkup("<path d=\"M2 4h12M2 8h12M2 12h12\"/>")
        case .settings: TrustedMarkup("<path d=\"M2 4.5h7M12 4.5h2M2 11.5h2M7 11.5h7\"/><circle cx=\"10.5\" cy=\"4.5\" r=\"1.7\"/><circle cx=\"5.5\" cy=\"11.5\" r=\"1.7\"/>")
        case .help: TrustedMarkup("<circle cx=\"8\" cy=\"8\" r=\"6\"/><path d=\"M6.2 6.3c0-2.4 3.7-2.3 3.7 0 0 1.4-1.9 1.5-1.9 2.9M8 11.4v.1\"/>")
        case .close: TrustedMarkup("<path d=\"M3.5 3.5l9 9M12.5 3.5l-9 9\"/>")
        case .good: TrustedMarkup("<circle cx=\"8\" cy=\"8\" r=\"6\"/><path d=\"M5.3 8.2l1.9 1.9 3.6-4\"/>")
        case .duplicate: TrustedMarkup("<rect x=\"2.5\" y=\"2.5\" width=\"8\" height=\"8\" rx=\"1.5\"/><path d=\"M6 13.5h6a1.5 1.5 0 0 0 1.5-1.5V6\"/>")
        case .caution: TrustedMarkup("<path d=\"M8 2.3 14.2 13.2H1.8zM8 6.5v3M8 11.3v.1\"/>")
        case .critical: TrustedMarkup("<path d=\"M5.4 2h5.2L14 5.4v5.2L10.6 14H5.4L2 10.6V5.4zM8 5v3.5M8 10.9v.1\"/>")
        case .copy: TrustedMarkup("<rect x=\"5.5\" y=\"5.5\" width=\"8\" height=\"8\" rx=\"1.5\"/><path d=\"M10.5 5.5V4A1.5 1.5 0 0 0 9 2.5H4A1.5 1.5 0 0 0 2.5 4v5A1.5 1.5 0 0 0 4 10.5h1.5\"/>")
        case .pause: TrustedMarkup("<path d=\"M5.5 3v10M10.5 3v10\"/>")
        case .play: TrustedMarkup("<path d=\"M4.5 2.8v10.4L13 8z\"/>")
        case .download: TrustedMarkup("<path d=\"M8 2.5v8M5 7.5l3 3 3-3M2.5 13.5h11\"/>")
        case .code: TrustedMarkup("<path d=\"M5 4.5 1.5 8 5 11.5M11 4.5 14.5 8 11 11.5M9.3 3 6.7 13\"/>")
        case .trash: TrustedMarkup("<path d=\"M2.5 4h11M6 4V2.5h4V4M4 4l.7 9.5h6.6L12 4M6.7 6.8v4M9.3 6.8v4\"/>")
        case .rotate: TrustedMarkup("<path d=\"M13 6.5A5.3 5.3 0 0 0 3.6 5M3 9.5A5.3 5.3 0 0 0 12.4 11M3.3 2.3V5.2h2.9M12.7 13.7v-2.9H9.8\"/>")
        case .clock: TrustedMarkup("<circle cx=\"8\" cy=\"8\" r=\"6\"/><path d=\"M8 4.5V8l2.3 1.6\"/>")
        case .shop: TrustedMarkup("<path d=\"M2.5 6.5v7h11v-7M1.8 6.3 3 2.5h10l1.2 3.8c0 1.8-3.1 1.8-3.1 0 0 1.8-3.1 1.8-3.1 0 0 1.8-3.1 1.8-3.1 0 0 1.8-3.1 1.8-3.1 0zM6.5 13.5v-3.5h3v3.5\"/>")
        case .arrow: TrustedMarkup("<path d=\"M3 8h10M9 4l4 4-4 4\"/>")
        case .more: TrustedMarkup("<path d=\"M3.5 8h.1M8 8h.1M12.5 8h.1\"/>")
        case .track: TrustedMarkup("<path d=\"M9 1.8 3.5 9H7.5l-.8 5.2L12.5 7H8.4z\"/>")
        case .page: TrustedMarkup("<path d=\"M3.5 2h6l3 3v9h-9zM9.5 2v3h3M6 8.5h4M6 11h4\"/>")
        case .screen: TrustedMarkup("<rect x=\"4.5\" y=\"1.8\" width=\"7\" height=\"12.4\" rx=\"1.5\"/><path d=\"M7.3 12h1.4\"/>")
        case .group: TrustedMarkup("<circle cx=\"5.8\" cy=\"5.5\" r=\"2.3\"/><path d=\"M1.5 13c.3-2.6 2-3.9 4.3-3.9s4 1.3 4.3 3.9M10.5 3.3a2.3 2.3 0 0 1 0 4.4M12 9.5c1.5.5 2.3 1.7 2.5 3.5\"/>")
        case .alias: TrustedMarkup("<path d=\"M6.7 9.3l2.6-2.6M7.5 4.5l1.3-1.3a2.8 2.8 0 0 1 4 4L11.5 8.5M8.5 11.5l-1.3 1.3a2.8 2.8 0 0 1-4-4L4.5 7.5\"/>")
        }
    }
}
