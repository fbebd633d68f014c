/// The snippets of a source, one shown, the choice in the address (`?sdk=python`).
struct SnippetTabs {
    var source: SourceKey
    var chosen: SnippetKind
    var isRevealed: Bool
    /// The page that the tabs are on.
    var base: String

    func html(_ frame: Frame) -> HTML {
        let tabs = SnippetKind.allCases.map { kind -> HTML in
            let address = Address.with(base, [("sdk", kind.rawValue), ("reveal", isRevealed ? "1" : nil)]) + "#snippets"
            return "<a href=\"\(address)\"\(attribute: "aria-current", kind == chosen ? "true" : nil)>\(kind.title)</a>"
        }
        let real = Snippet(kind: chosen, host: frame.host, writeKey: source.writeKey)
        let shown = isRevealed ? real : Snippet(kind: chosen, host: frame.host, writeKey: source.masked)
        let reveal = Address.with(base, [("sdk", chosen.rawValue), ("reveal", "1")]) + "#snippets"
        let hint: HTML =
            isRevealed ? .none : "<p class=\"help\">\(frame.phrase("snippet.masked", ["link": "<a href=\"\(reveal)\">\(frame.say("source.reveal"))</a>"]))</p>"
        return """
            <div class="snippets" id="snippets"><nav class="tabs" aria-label="\(frame.say("snippet.choose"))">\(tabs)</nav>
            <p class="help">\(frame.say(PhraseKey("snippet.\(chosen.rawValue)")))</p>
            \(CodeBlock(code: shown.code, copied: real.code).html(frame))\(hint)</div>
            """
    }
}
