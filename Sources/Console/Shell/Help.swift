/// The dialog of keys, opened by `?` or from the rail.
struct Help {
    func html(_ frame: Frame) -> HTML {
        let going = Section.served.map { place -> HTML in
            "<div><dt><kbd>g</kbd> <kbd>\(place.key)</kbd></dt><dd>\(frame.say(place.title))</dd></div>"
        }
        return """
            <div id="help" class="dialog" popover role="dialog" aria-labelledby="help-title">
            <div class="dialog-head"><h2 id="help-title">\(frame.say("help.title"))</h2>\(Self.close("help", frame))</div>
            <dl class="keys">
            <div><dt><kbd>/</kbd></dt><dd>\(frame.say("help.search"))</dd></div>
            <div><dt><kbd>?</kbd></dt><dd>\(frame.say("help.help"))</dd></div>
            <div><dt><kbd>Esc</kbd></dt><dd>\(frame.say("help.close"))</dd></div>
            \(going)
            </dl>
            <div class="field check keys-switch" hidden><input type="checkbox" id="keys-on"><label for="keys-on">\(frame.say("help.keys-on"))</label></div>
            </div>
            """
    }

    /// The button that closes a popover.
    static func close(_ id: String, _ frame: Frame) -> HTML {
        """
        <button class="ghost icon-only" type="button" popovertarget="\(id)" popovertargetaction="hide" \
        aria-label="\(frame.say("shell.close"))">\(Icon.close.html)</button>
        """
    }
}
