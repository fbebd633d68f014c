/// The left rail: workspace, search, the places of the console, preferences.
///
/// It is a popover, so that under 700 px the menu button opens it without a script; wider, the stylesheet shows it always.
struct Rail {
    var section: Section?
    var searched: String

    func html(_ frame: Frame) -> HTML {
        """
        <div id="rail" class="rail" popover>
        <a class="brand" href="/w/\(frame.workspace)" title="Martlet">\(Mark.bird)<span>Martlet</span></a>
        \(workspaces(frame))
        \(search(frame))
        <nav class="places" aria-label="\(frame.say("shell.places"))">\(Section.Group.allCases.map { group($0, frame) })</nav>
        <div class="rail-foot">\(Preferences().html(frame))\(helpButton(frame))</div>
        </div>
        """
    }

    private func workspaces(_ frame: Frame) -> HTML {
        let links = frame.workspaces.map { name -> HTML in
            let isCurrent = name == frame.workspace
            return "<a href=\"/w/\(name)\" title=\"\(name)\"\(attribute: "aria-current", isCurrent ? "true" : nil)><bdi>\(name)</bdi></a>"
        }
        return "<nav class=\"segmented workspaces\" aria-label=\"\(frame.say("shell.workspace"))\">\(links)</nav>"
    }

    private func search(_ frame: Frame) -> HTML {
        """
        <form class="search" role="search" action="/w/\(frame.workspace)/search" method="get">
        <button class="ghost icon-only" type="submit" aria-label="\(frame.say("shell.search"))" title="\(frame.say("shell.search"))">\(Icon.search.html)</button>
        <input id="search" name="q" type="search" value="\(searched)" placeholder="\(frame.say("shell.search-hint"))" autocomplete="off" spellcheck="false" aria-label="\(frame.say("shell.search"))" aria-keyshortcuts="/">
        <kbd aria-hidden="true">/</kbd>
        </form>
        """
    }

    private func group(_ group: Section.Group, _ frame: Frame) -> HTML {
        let places = Section.served.filter { $0.group == group }.map { place -> HTML in
            let title = frame.say(place.title)
            let current = place == section ? "page" : nil
            return """
                <li><a href="\(place.address(in: frame.workspace))" title="\(title)" data-go="\(place.key)"\(attribute: "aria-current", current)>\
                \(place.icon.html)<span>\(title)</span></a></li>
                """
        }
        guard group != .start else { return "<ul>\(places)</ul>" }
        let title = frame.say(PhraseKey("group.\(group.rawValue)"))
        return "<h2 id=\"group-\(group.rawValue)\">\(title)</h2><ul aria-labelledby=\"group-\(group.rawValue)\">\(places)</ul>"
    }

    private func helpButton(_ frame: Frame) -> HTML {
        """
        <button class="ghost rail-button" type="button" popovertarget="help" title="\(frame.say("help.title"))" aria-keyshortcuts="?">\
        \(Icon.help.html)<span>\(frame.say("help.title"))</span></button>
        """
    }
}
