extension ProfilePage {
    /// What we know, and beside each value where it came from; the history is one click away.
    func traitsPanel(_ frame: Frame) -> HTML {
        let all = traits.map { ($0.name, row($0, frame)) } + computed.map { ($0.name, row($0, frame)) }
        let rows = all.sorted { $0.0 < $1.0 }.map(\.1)
        let content: HTML =
            rows.isEmpty
            ? "<p class=\"quiet pad\">\(frame.say("profile.no-traits"))</p>"
            : "<dl class=\"traits\">\(rows)</dl>"
        return """
            <section class="panel of-traits" aria-labelledby="traits-title"><div class="panel-head"><h2 id="traits-title">\(frame.say("profile.traits"))</h2>\
            <span class="quiet">\(frame.number(rows.count))</span></div>\(content)</section>
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
        let rule: HTML = trait.rule.map { rule -> HTML in
            " <a class=\"chip\" href=\"\(Section.survivorship.address(in: frame.workspace))\">\(frame.say(PhraseKey("survivorship.rule-\(rule)")))</a>"
        } ?? .none
        return """
            <div><dt><bdi>\(trait.name)</bdi>\(rule)</dt><dd>\(shown(trait.current.value))\
            <details><summary class="quiet">\(frame.phrase("profile.from", ["source": "<bdi>\(trait.current.source)</bdi>", "time": frame.time(trait.current.timestampMs)]))\
            \(trait.history.isEmpty ? .none : " <span class=\"count\">\(frame.say("profile.changes", count: trait.history.count))</span>")</summary>\
            <p class="quiet">messageId <code>\(trait.current.messageID)</code></p>\(list)</details></dd></div>
            """
    }

    private func row(_ trait: Computed, _ frame: Frame) -> HTML {
        let address = Section.computed.address(in: frame.workspace) + "/" + Address.encoded(trait.id)
        return """
            <div><dt><bdi>\(trait.name)</bdi> <span class="chip">\(frame.say("computed.badge"))</span></dt><dd>\(shown(trait.value))\
            <details><summary class="quiet">\(frame.phrase("computed.as-of", ["time": frame.time(asOfMs ?? frame.nowMs), "zone": "<bdi>\(trait.zone)</bdi>"]))</summary>\
            <p class="quiet"><a href="\(address)"><code>\(trait.measure)</code></a></p></details></dd></div>
            """
    }

    private func origin(_ value: TraitValue, _ frame: Frame) -> HTML {
        "\(frame.phrase("profile.from", ["source": "<bdi>\(value.source)</bdi>", "time": frame.time(value.timestampMs)])) <code>\(value.messageID)</code>"
    }

    private func shown(_ json: String) -> HTML { JSONValueText(json: json).html }
}
