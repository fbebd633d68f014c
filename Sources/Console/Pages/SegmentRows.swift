/// The rows of the editor, in groups of groups: hidden until the script can show the text as rows, with a row and a group to copy.
struct SegmentRows {
    static let kinds = ["trait", "did", "not", "measure", "top", "sessions", "changed", "member", "as", "within", "outside", "list", "unlisted", "text"]
    static let modes = ["all", "any", "none", "not-all"]
    static let measures = [("sum", "sum"), ("average", "average"), ("minimum", "minimum"), ("maximum", "maximum"), ("distinct", "distinct"), ("most frequent", "most-frequent")]

    func html(_ frame: Frame) -> HTML {
        """
        <fieldset id="rows" class="rows" hidden><legend>\(frame.say("rows.title"))</legend>
        <div id="row-list"></div>
        <template id="row-template"><div class="row">\(parts(frame))
        <output class="row-count quiet" title="\(frame.say("rows.count"))"></output>
        <button type="button" class="ghost icon-only row-drop" aria-label="\(frame.say("rows.remove"))" title="\(frame.say("rows.remove"))">\(Icon.close.html)</button>
        </div></template>
        <template id="group-template"><div class="group" role="group" aria-label="\(frame.say("rows.group"))">
        <div class="group-head">\(choice("mode", frame.say("rows.mode"), Self.modes.map { ($0, frame.say(PhraseKey("rows.mode-\($0)"))) }))
        <output class="row-count quiet" title="\(frame.say("rows.count"))"></output>
        <button type="button" class="ghost icon-only row-drop" aria-label="\(frame.say("rows.remove-group"))" title="\(frame.say("rows.remove-group"))">\(Icon.close.html)</button></div>
        <div class="group-items"></div>
        <div class="actions"><button type="button" class="row-add">\(frame.say("rows.add"))</button>\
        <button type="button" class="ghost group-add">\(frame.say("rows.add-group"))</button></div></div></template>
        </fieldset>
        <p class="quiet help" id="rows-away" hidden>\(frame.say("rows.away"))</p>
        """
    }

    private func parts(_ frame: Frame) -> HTML {
        let order = [("=", "="), ("!=", "≠"), (">", ">"), (">=", "≥"), ("<", "<"), ("<=", "≤")]
        let texts = [("in", "rows.in"), ("not in", "rows.not-in"), ("contains", "rows.contains"), ("like", "rows.like"), (">= version", "rows.version-from"), ("< version", "rows.version-below"), ("exists", "rows.exists"), ("is missing", "rows.missing")]
        let tests = order + texts.map { ($0.0, frame.say(PhraseKey($0.1))) }
        let kinds = choice("kind", frame.say("rows.kind"), Self.kinds.map { ($0, frame.say(PhraseKey("rows.\($0)"))) })
        let measures = choice("measure", frame.say("rows.measure"), Self.measures.map { ($0.0, frame.say(PhraseKey("rows.measure-\($0.1)"))) })
        let events = "did not measure top"
        return """
            \(part("kind", Self.kinds.joined(separator: " "), kinds))
            \(part("listed", "list unlisted", text("listed", frame.say("rows.list-name"), list: "known-lists")))
            \(part("segment", "within outside", text("segment", frame.say("rows.segment-name"), list: "known-segments")))
            \(part("raw", "text", text("raw", frame.say("rows.raw"))))
            \(part("trait", "trait changed", text("trait", frame.say("rows.trait"), list: "known-traits")))
            \(part("measure", "measure", measures))
            \(part("property", "measure top", text("property", frame.say("rows.property"), list: "known-properties")))
            \(part("event", events + " as", text("event", frame.say("rows.event"), list: "known-events")))
            \(part("account", "member as", text("account", frame.say("rows.account"))))
            \(part("role", "member", text("role", frame.say("rows.role"))))
            \(part("filter", events, text("filter", frame.say("rows.filter"), list: "known-properties", hint: frame.say("rows.filter-hint"))))
            \(part("filter-test", events, choice("filter-test", frame.say("rows.test"), tests)))
            \(part("filter-value", events, text("filter-value", frame.say("rows.value"))))
            \(part("times", "did as sessions", number("times", frame.say("rows.times"), "1")))
            \(part("days", events + " as sessions changed", number("days", frame.say("rows.days"), "30")))
            \(part("test", "trait measure", choice("test", frame.say("rows.test"), tests)))
            \(part("value", "trait measure", text("value", frame.say("rows.value"))))
            \(part("percent", "top", number("percent", frame.say("rows.percent"), "10")))
            """
    }

    /// One field of a row, shown in rows of the kinds named.
    private func part(_ name: String, _ kinds: String, _ input: HTML) -> HTML { "<div class=\"row-part\" data-part=\"\(name)\" data-kinds=\"\(kinds)\">\(input)</div>" }

    private func text(_ name: String, _ label: String, list: String? = nil, hint: String? = nil) -> HTML {
        """
        <label for="row-\(name)">\(label)</label><input id="row-\(name)" type="text"\(attribute: "list", list)\(attribute: "placeholder", hint) autocomplete="off" spellcheck="false">
        """
    }

    private func number(_ name: String, _ label: String, _ value: String) -> HTML {
        "<label for=\"row-\(name)\">\(label)</label><input id=\"row-\(name)\" type=\"text\" inputmode=\"numeric\" value=\"\(value)\" class=\"short\">"
    }

    private func choice(_ name: String, _ label: String, _ options: [(value: String, title: String)]) -> HTML {
        let items = options.map { option -> HTML in "<option value=\"\(option.value)\">\(option.title)</option>" }
        return "<label for=\"row-\(name)\">\(label)</label><select id=\"row-\(name)\">\(items)</select>"
    }
}
