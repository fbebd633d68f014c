extension ProfilePage {
    /// Which identifiers are this person, and why: a drawing, then the evidence in words.
    func identityPanel(_ frame: Frame) -> HTML {
        let table = Table(
            caption: frame.say("profile.identifiers"),
            columns: [
                .init(title: frame.say("column.identifier"), isWide: true), .init(title: frame.say("column.first-seen")),
                .init(title: frame.say("column.last-seen")),
            ],
            rows: identifiers.map { [$0.label.chip, frame.time($0.firstSeenMs), frame.time($0.lastSeenMs, otherwise: "profile.seen-unknown")] })
        let reasons = evidence.map { item -> HTML in "<li>\(item.sentence(frame))</li>" }
        let why: HTML =
            evidence.isEmpty
            ? "<p class=\"quiet\">\(frame.say("profile.one-identifier"))</p>"
            : "\(IdentityGraph(identifiers: identifiers.map(\.label), evidence: evidence).html(frame))<ol class=\"evidence\">\(reasons)</ol>"
        return """
            <section class="panel of-identity" aria-labelledby="identity-title"><div class="panel-head"><h2 id="identity-title">\(frame.say("profile.identifiers"))</h2>\
            <span class="quiet">\(frame.number(identifiers.count))</span></div>\(table.html)\
            <div class="pad"><h3>\(frame.say("profile.why-one"))</h3>\(why)\
            <p><a href="/w/\(frame.workspace)/profiles/\(id)/identity">\(frame.say("who.open"))</a></p></div></section>
            """
    }

}

extension ProfilePage.Evidence {
    /// The piece of evidence in words.
    func sentence(_ frame: Frame) -> HTML {
        let words: [String: HTML] = ["from": from.chip, "to": to.chip, "source": "<bdi>\(source)</bdi>", "time": frame.time(timestampMs)]
        let sentence =
            switch reason {
            case .sameCall(let type): frame.phrase("evidence.same-call", words.merging(["call": "\(type)"]) { own, _ in own })
            case .alias: frame.phrase("evidence.alias", words)
            case .person: frame.phrase("evidence.person", words)
            case .rule(let code): frame.phrase("evidence.rule", words.merging(["rule": "\(code)"]) { own, _ in own })
            }
        return "\(sentence) <code class=\"quiet\" title=\"messageId\">\(messageID)</code>"
    }
}
