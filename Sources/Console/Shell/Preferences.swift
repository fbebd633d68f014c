/// Language, theme and sign-out, behind one button of the rail; links that the server remembers, so no script is needed.
struct Preferences {
    func html(_ frame: Frame) -> HTML {
        """
        <button class="ghost rail-button" type="button" popovertarget="preferences" title="\(frame.say("shell.preferences"))">\
        \(Icon.settings.html)<span>\(frame.say("shell.preferences"))</span></button>
        <div id="preferences" class="menu" popover>
        <h2>\(frame.say("shell.language"))</h2>
        <div class="segmented">\(languages(frame))</div>
        <h2>\(frame.say("shell.theme"))</h2>
        <div class="segmented">\(themes(frame))</div>
        <form method="post" action="/sign-out">\(Field.csrf(frame))\
        <button type="submit" class="wide">\(frame.say("shell.sign-out"))</button></form>
        </div>
        """
    }

    func languages(_ frame: Frame) -> HTML {
        Language.allCases.map { language -> HTML in
            let address = Address.replacing("lang", with: language.rawValue, in: frame.address)
            let isCurrent = language == frame.language
            return """
                <a href="\(address)" hreflang="\(language.rawValue)" lang="\(language.rawValue)"\
                \(attribute: "aria-current", isCurrent ? "true" : nil)>\(language.ownName)</a>
                """
        }.joined()
    }

    private func themes(_ frame: Frame) -> HTML {
        Frame.Theme.allCases.map { theme -> HTML in
            let address = Address.replacing("theme", with: theme.rawValue, in: frame.address)
            let isCurrent = theme == frame.theme
            return """
                <a href="\(address)" data-theme-choice="\(theme.rawValue)"\(attribute: "aria-current", isCurrent ? "true" : nil)>\
                \(frame.say(PhraseKey("theme.\(theme.rawValue)")))</a>
                """
        }.joined()
    }
}
