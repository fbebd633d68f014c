/// The top of a page: where it is, its name and status, one sentence, and what can be done.
struct PageHead {
    var title: String
    var sentence: HTML = .none
    var status: HTML = .none
    /// Before the name: a person's avatar.
    var lead: HTML = .none
    var actions: HTML = .none
    /// The list that this object is in.
    var parent: (title: String, address: String)?

    var html: HTML {
        """
        <header class="head">\(lead)
        <div>\(parent.map { parent -> HTML in "<p class=\"parent\"><a href=\"\(parent.address)\">\(parent.title)</a> <span aria-hidden=\"true\">/</span></p>" })\
        <div class="title"><h1 title="\(title)"><bdi>\(title)</bdi></h1>\(status)</div>
        \(sentence == .none ? .none : "<p class=\"sentence\">\(sentence)</p>")</div>
        \(actions == .none ? .none : "<div class=\"actions\">\(actions)</div>")
        </header>
        """
    }
}

/// An empty place: what would be here, why it is not, and the next step with the button that does it.
struct EmptyState {
    var icon: Icon
    var title: String
    var text: String
    var action: (title: String, address: String)?

    var html: HTML {
        """
        <div class="empty">\(icon.html)<h2>\(title)</h2><p>\(text)</p>\
        \(action.map { action -> HTML in "<p><a class=\"button primary\" href=\"\(action.address)\">\(action.title)</a></p>" })</div>
        """
    }
}

/// A meaning in words, colour and shape together, so that it is never carried by colour alone.
struct Status {
    enum Meaning: String { case good, caution, critical, quiet }
    var meaning: Meaning
    var text: String
    var icon: Icon?

    var html: HTML {
        let icon =
            icon
            ?? {
                switch meaning {
                case .good: .good
                case .caution: .caution
                case .critical: .critical
                case .quiet: .clock
                }
            }()
        return "<span class=\"status \(meaning.rawValue)\">\(icon.html)<span>\(text)</span></span>"
    }
}

extension IdentifierLabel {
    /// A chip with the namespace small before the value.
    var chip: HTML {
        "<span class=\"chip\"><span class=\"chip-type\">\(type)</span> <bdi title=\"\(value)\">\(value)</bdi></span>"
    }
}
