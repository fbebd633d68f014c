extension ProfilePage {
    /// What we know, and beside each value where it came from; the history is one click away.
    func traitsPanel(_ frame: Frame) -> HTML {
        let rows = traits.map { row($0, frame) }
        let content: HTML =
            traits.isEmpty
            ? "<p class=\"quiet pad\">\(frame.say("profile.no-traits"))</p>"
            : "<dl class=\"traits\">\(rows)</dl>"
        return """
            <section class="panel of-traits" aria-labelledby="traits-title"><div class="panel-head"><h2 id="traits-title">\(frame.say("profile.traits"))</h2>\
            <span class="quiet">\(frame.number(traits.count))</span></div>\(content)</section>
            """
    }

    private func row(_ trait: Trait, _ frame: Frame) -> HTML {
        let earlier = trait.history.map { value -> HTML in
            "<li>\(shown(value.value)) <span class=\"quiet\">\(origin(value, frame))</span></li>"
        }
        let list: HTML =
            earlier.isEmpty
            ? "<p class=\"quiet\">\(frame.say("profile.no-history"))</p>"
            : "<h3>\(frame.say("profile.earlier"))</h3><ul>\(earlier)</ul>"
        return """
            <div><dt><bdi>\(trait.name)</bdi></dt><dd>\(shown(trait.current.value))\
            <details><summary class="quiet">\(frame.phrase("profile.from", ["source": "<bdi>\(trait.current.source)</bdi>", "time": frame.time(trait.current.timestampMs)]))\
            \(trait.history.isEmpty ? .none : " <span class=\"count\">\(frame.say("profile.changes", count: trait.history.count))</span>")</summary>\
            <p class="quiet">messageId <code>\(trait.current.messageID)</code></p>\(list)</details></dd></div>
            """
    }

    private func origin(_ value: TraitValue, _ frame: Frame) -> HTML {
        "\(frame.phrase("profile.from", ["source": "<bdi>\(value.source)</bdi>", "time": frame.time(value.timestampMs)])) <code>\(value.messageID)</code>"
    }

    /// Text without its quotes, everything else as JSON; a text that looks like a number keeps the quotes that tell it apart.
    private func shown(_ json: String) -> HTML {
        if json.hasPrefix("{") || json.hasPrefix("[") {
            return "<pre class=\"value\" tabindex=\"0\">\(JSONText.pretty(json))</pre>"
        }
        guard json.hasPrefix("\""), json.hasSuffix("\""), json.utf8.count > 2, !json.contains("\\") else {
            return "<code class=\"value\">\(json)</code>"
        }
        let text = String(json.dropFirst().dropLast())
        let looksLikeOther = Double(text) != nil || ["true", "false", "null"].contains(text)
        return looksLikeOther ? "<code class=\"value\">\(json)</code>" : "<bdi class=\"value\">\(text)</bdi>"
    }
}
