extension HomePage.FirstSteps {
    /// The steps that tick themselves off; a later step appears in this list once what it needs works.
    func html(_ frame: Frame, snippet: SnippetKind, isRevealed: Bool) -> HTML {
        let head = PageHead(title: frame.say("steps.title"), sentence: "\(frame.say("steps.sentence"))")
        // Once the first event is here, a further one must not take the page from under the reader.
        let arrivals = "/w/\(Address.encoded(frame.workspace))/live/stream"
        // A first refusal is told as well; further ones would only reload what is told already.
        let stream = firstEvent == nil && source != nil ? refused == nil ? arrivals : arrivals + "?verdict=accepted" : nil
        return """
            \(head.html)
            <ol class="steps"\(attribute: "data-reload-on-event", stream)>
            \(connect(frame, snippet, isRevealed))
            \(see(frame))
            \(later.map { $0.items(frame) })
            </ol>
            """
    }

    private func connect(_ frame: Frame, _ snippet: SnippetKind, _ isRevealed: Bool) -> HTML {
        guard let source else {
            return HomePage.step(frame, number: 1, isDone: false, "steps.source", "steps.source-text", SourcesPage.form(frame, mistake: nil, name: ""))
        }
        let base = Section.home.address(in: frame.workspace)
        let body: HTML = """
            <p>\(frame.phrase("steps.snippet", ["source": "<a href=\"\(base)/sources/\(source.id)\"><bdi>\(source.name)</bdi></a>"]))</p>
            \(SnippetTabs(source: source, chosen: snippet, isRevealed: isRevealed, base: base).html(frame))
            """
        return HomePage.step(frame, number: 1, isDone: true, "steps.source", nil, body)
    }

    private func see(_ frame: Frame) -> HTML {
        guard let firstEvent else {
            let waiting: HTML =
                source == nil ? .none : "<p class=\"waiting\" role=\"status\"><span class=\"pulse\"></span>\(frame.say("steps.waiting"))</p>"
            return HomePage.step(frame, number: 2, isDone: false, "steps.event", "steps.event-text", "\(refused.map { $0.html(frame) })\(waiting)")
        }
        let event: HTML = """
            <p>\(Icon.forCall(firstEvent.type).html) <strong><bdi>\(firstEvent.event ?? firstEvent.type)</bdi></strong> \(frame.time(firstEvent.receivedAtMs))</p>
            <p><a class="button primary" href="/w/\(frame.workspace)/live">\(frame.say("steps.open-live"))</a></p>
            """
        return HomePage.step(frame, number: 2, isDone: true, "steps.event", nil, event)
    }

}

extension HomePage.Refused {
    func html(_ frame: Frame) -> HTML {
        let link: HTML = "<a href=\"\(Section.quarantine.address(in: frame.workspace))\">\(frame.say("steps.open-quarantine"))</a>"
        return """
            <div class="notice caution" role="alert">\(Icon.caution.html)<div>\(frame.phrase("steps.refused", ["why": "<strong>\(reason.title(frame))</strong>"])) \(reason.remedy(frame)) \(link) \
            <span class="quiet">\(frame.time(receivedAtMs))</span></div></div>
            """
    }
}

extension HomePage.LaterSteps {
    /// Steps of the list that ``HomePage/FirstSteps`` begins.
    func items(_ frame: Frame) -> HTML {
        let base = Section.home.address(in: frame.workspace)
        func link(_ address: String, _ title: PhraseKey) -> HTML { "<p><a class=\"button\" href=\"\(address)\">\(frame.say(title))</a></p>" }
        let segment = HomePage.step(
            frame, number: 3, isDone: hasSegment, "steps.segment", hasSegment ? nil : "steps.segment-text",
            hasSegment ? .none : link(base + "/segments/new", "segments.new"))
        guard let hasMessage else { return segment }
        let message = HomePage.step(
            frame, number: 4, isDone: hasMessage, "steps.message", hasMessage ? nil : "steps.message-text",
            hasMessage ? link(Section.catcher.address(in: frame.workspace), Section.catcher.title) : link(Section.email.address(in: frame.workspace), Section.email.title))
        return segment + message
    }
}

extension HomePage {
    fileprivate static func step(
        _ frame: Frame, number: Int, isDone: Bool, _ title: PhraseKey, _ text: PhraseKey?, _ body: HTML
    ) -> HTML {
        let badge: HTML = isDone ? Icon.good.html : "\(number)"
        let state = isDone ? frame.say("steps.done") : frame.say("steps.open")
        return """
            <li class="step\(isDone ? " done" : "")"><span class="badge" aria-hidden="true">\(badge)</span><div>\
            <h2>\(frame.say(title)) <span class="hidden">(\(state))</span></h2>\
            \(text.map { key -> HTML in "<p>\(frame.say(key))</p>" })\(body)</div></li>
            """
    }
}
