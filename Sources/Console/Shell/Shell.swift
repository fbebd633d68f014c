/// The page around every page: head, rail, search, notice, help. A page gives its title and its body.
struct Shell {
    var title: String
    var section: Section?
    /// Modules besides those that every page has.
    var scripts: [ConsoleAssets.Script] = []
    /// What the search box holds.
    var searched = ""
    /// Reload by itself after this many seconds where scripts do not run; nil for never.
    var reloadSeconds: Int?

    /// The whole document of a signed-in page.
    func document(_ frame: Frame, _ body: HTML) -> String {
        let inside: HTML = """
            <body data-workspace="\(frame.workspace)" data-seconds="\(frame.say("time.seconds"))" data-minutes="\(frame.say("time.minutes"))" data-hours="\(frame.say("time.hours"))"\(flag: "data-answer", when: frame.isAnswer)>
            <a class="skip" href="#main">\(frame.say("shell.skip"))</a>
            <header class="topbar">\(menuButton(frame))<a class="brand" href="/w/\(frame.workspace)">\(Mark.bird)<span>Martlet</span></a></header>
            \(Rail(section: section, searched: searched).html(frame))
            <main id="main" tabindex="-1">\(notice(frame))\(filling(frame))\(body)</main>
            \(Help().html(frame))
            <template id="draft-note"><p class="notice caution">\(Icon.caution.html)<span>\(frame.say("draft.kept"))</span> <button type="button">\(frame.say("draft.discard"))</button></p></template>
            </body>
            """
        return Self.whole(frame, title: title, scripts: [.console] + scripts, reloadSeconds: reloadSeconds, body: inside)
    }

    /// The whole document of a page before sign-in: one card in the middle.
    static func door(_ frame: Frame, title: String, _ body: HTML) -> String {
        let inside: HTML = """
            <body class="door">
            <main id="main">
            <p class="brand">\(Mark.bird)<span>Martlet</span></p>
            <div class="card">\(body)</div>
            </main>
            <nav class="door-foot" aria-label="\(frame.say("shell.language"))">\(Preferences().languages(frame))</nav>
            </body>
            """
        return whole(frame, title: title, scripts: [.console], reloadSeconds: nil, body: inside)
    }

    /// The whole document of a page for the people whose data it is: no brand of ours, no script, nothing that leads into the console.
    static func hosted(_ frame: Frame, title: String, _ body: HTML) -> String {
        let languages = Language.allCases.map { language -> HTML in
            let current = language == frame.language ? "true" : nil
            return "<a href=\"\(Address.replacing("lang", with: language.rawValue, in: frame.address))\" lang=\"\(language.rawValue)\"\(attribute: "aria-current", current)>\(language.ownName)</a>"
        }
        let inside: HTML = """
            <body class="door hosted">
            <main id="main"><div class="card">\(body)</div></main>
            <nav class="door-foot" aria-label="\(frame.say("shell.language"))">\(languages)</nav>
            </body>
            """
        return whole(frame, title: title, suffix: "", scripts: [], reloadSeconds: nil, body: inside)
    }

    private static func whole(
        _ frame: Frame, title: String, suffix: String = " · Martlet", scripts: [ConsoleAssets.Script], reloadSeconds: Int?, body: HTML
    ) -> String {
        let reload = reloadSeconds.map { seconds -> HTML in
            "<noscript><meta http-equiv=\"refresh\" content=\"\(seconds)\"></noscript>"
        }
        let modules = scripts.map { script -> HTML in "<script type=\"module\" src=\"\(script.address)\"></script>" }
        let document: HTML = """
            <!doctype html>
            <html lang="\(frame.language.rawValue)" data-theme="\(frame.theme.rawValue)">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <meta name="referrer" content="same-origin">
            <title>\(title)\(suffix)</title>
            <link rel="icon" href="\(ConsoleAssets.icon.address)" type="image/svg+xml">
            <link rel="stylesheet" href="\(ConsoleAssets.stylesheet.address)">
            \(reload)\(modules)
            </head>
            \(body)
            </html>

            """
        return document.source
    }

    private func menuButton(_ frame: Frame) -> HTML {
        "<button class=\"ghost icon-only\" type=\"button\" popovertarget=\"rail\" aria-label=\"\(frame.say("shell.menu"))\">\(Icon.menu.html)</button>"
    }

    private func filling(_ frame: Frame) -> HTML {
        guard let percent = frame.filling else { return .none }
        return "<p class=\"notice caution\">\(Icon.caution.html)<span>\(frame.say("shell.filling", ["percent": frame.percent(permille: percent * 10)]))</span></p>"
    }

    private func notice(_ frame: Frame) -> HTML {
        guard let notice = frame.notice else { return .none }
        let icon: Icon =
            switch notice.meaning {
            case .good: .good
            case .caution: .caution
            case .critical: .critical
            }
        return "<p class=\"notice \(notice.meaning.rawValue)\" role=\"status\"\(flag: "data-finished", when: notice.meaning == .good)>\(icon.html)<span>\(notice.text)</span></p>"
    }
}
