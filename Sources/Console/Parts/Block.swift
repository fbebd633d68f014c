/// A block of code with a copy button; what is copied may be longer than what is shown, as with a masked key.
struct CodeBlock {
    var code: String
    /// What the button copies where it differs from what is shown.
    var copied: String?
    var label: String?

    func html(_ frame: Frame) -> HTML {
        """
        <div class="code">\(label.map { label -> HTML in "<p class=\"code-label\">\(label)</p>" })\
        <pre tabindex="0"><code>\(code)</code></pre>\(CopyButton(copied: copied ?? code).html(frame))</div>
        """
    }
}

/// Copies a text; shown by the script that makes it work, since without it there is nothing to press.
struct CopyButton {
    var copied: String

    func html(_ frame: Frame) -> HTML {
        """
        <button class="ghost copy" type="button" data-copy="\(copied)" data-done="\(frame.say("action.copied"))" hidden>\
        \(Icon.copy.html)<span aria-live="polite">\(frame.say("action.copy"))</span></button>
        """
    }
}

/// A panel from the side, opened by a button; a popover, so it needs no script and Escape closes it.
struct Drawer {
    var id: String
    var title: String
    var button: HTML
    var body: HTML

    func opener(_ frame: Frame) -> HTML {
        "<button type=\"button\" popovertarget=\"\(id)\">\(button)</button>"
    }

    func html(_ frame: Frame) -> HTML {
        """
        <div id="\(id)" class="drawer" popover role="dialog" aria-labelledby="\(id)-title">
        <div class="dialog-head"><h2 id="\(id)-title">\(title)</h2>\(Help.close(id, frame))</div>
        \(body)
        </div>
        """
    }
}

/// The call that answers the same as this page, for the engineer.
struct APICall {
    var path: String
    var host: String
    /// What is sent along, where the call has a body.
    var json: String?

    func drawer(_ frame: Frame) -> Drawer {
        let curl = "curl \(host)\(path) \\\n  -H \"Authorization: Bearer $MARTLET_TOKEN\"" + (json.map { " \\\n  --json '\($0)'" } ?? "")
        let tokens = frame.phrase(
            "api.token-hint", ["link": "<a href=\"/w/\(frame.workspace)/tokens\">\(frame.say("section.tokens"))</a>"])
        let body: HTML = "<p>\(frame.say("api.sentence"))</p>\(CodeBlock(code: curl).html(frame))<p class=\"help\">\(tokens)</p>"
        let button: HTML = "\(Icon.code.html)<span>\(frame.say("api.title"))</span>"
        return Drawer(id: "api", title: frame.say("api.title"), button: button, body: body)
    }
}

/// A dialog before something that cannot be undone: it names what will break and wants the name typed.
struct Confirmation {
    var id: String
    var title: String
    var button: String
    /// What will be lost or will stop, one sentence each.
    var consequences: [String]
    /// What must be typed into the field `confirm`; nil asks for a press only.
    var typed: String?
    var action: String
    var submit: String
    var hidden: [(name: String, value: String)] = []
    /// What may be chosen before.
    var choice: Field?

    var opener: HTML {
        "<button type=\"button\" class=\"danger\" popovertarget=\"\(id)\">\(button)</button>"
    }

    func html(_ frame: Frame) -> HTML {
        let list = consequences.map { sentence -> HTML in "<li>\(sentence)</li>" }
        let fields = hidden.map { field -> HTML in "<input type=\"hidden\" name=\"\(field.name)\" value=\"\(field.value)\">" }
        return """
            <div id="\(id)" class="dialog" popover role="alertdialog" aria-labelledby="\(id)-title">
            <div class="dialog-head"><h2 id="\(id)-title">\(title)</h2>\(Help.close(id, frame))</div>
            <ul class="consequences">\(list)</ul>
            <form method="post" action="\(action)">\(Field.csrf(frame))\(fields)\(choice?.html ?? .none)\(typed.map { typeField($0, frame) })
            <div class="actions"><button type="button" popovertarget="\(id)" popovertargetaction="hide">\(frame.say("action.keep"))</button>\
            <button type="submit" class="danger solid">\(submit)</button></div></form>
            </div>
            """
    }

    /// The browser itself refuses another text (`pattern`); the server compares again.
    private func typeField(_ name: String, _ frame: Frame) -> HTML {
        let sentence = frame.phrase("confirm.type", ["name": "<strong><bdi>\(name)</bdi></strong>"])
        return """
            <div class="field"><label for="\(id)-confirm">\(sentence)</label>\
            <input id="\(id)-confirm" name="confirm" type="text" required autocomplete="off" spellcheck="false" dir="auto" \
            pattern="\(Self.pattern(matching: name))" title="\(frame.say("confirm.title"))"></div>
            """
    }

    /// A regular expression that matches `text` only; the reserved characters are those of the `v` flag that `pattern` uses.
    static func pattern(matching text: String) -> String {
        text.map { "^$\\.*+?()[]{}|/".contains($0) ? "\\\($0)" : String($0) }.joined()
    }
}
