public import Vocabulary

extension Reason {
    /// What is asked here, in words; where parts are joined only how, since each has its own words.
    ///
    /// - Parameter language: `en`, `es` or `tr`; another is taken for `en`.
    public func sentence(in language: String) -> String {
        let phrases = Phrases(language)
        switch condition {
        case .all(let parts) where !parts.isEmpty: return phrases("reason.all")
        case .any(let parts) where !parts.isEmpty: return phrases("reason.any")
        case .not: return phrases("reason.not")
        case .all, .any, .test: return condition.sentence(in: language)
        }
    }

    /// What was seen, in words; nil where the parts or the steps say it.
    public func seenSentence(in language: String) -> String? {
        let phrases = Phrases(language)
        switch seen {
        case .nothing, .steps: return nil
        case .bucket(let number): return phrases("reason.bucket", ["number": "\(number)"])
        case .traits(let traits):
            // A test of one trait has just named it.
            guard traits.count == 1 else { return traits.map { phrases.trait($0) }.joined(separator: ", ") }
            return traits[0].value.map { phrases("reason.it", ["value": phrases.json($0)]) } ?? phrases("reason.it-missing")
        case .events(let events):
            guard case .test(let test as EventTest) = condition else { return nil }
            return phrases.seen(events, test)
        }
    }
}

extension SeenStep {
    /// The step in words.
    public func sentence(in language: String) -> String {
        let phrases = Phrases(language)
        let values = ["event": phrases.pattern(pattern), "within": within.map { phrases("within", ["period": phrases.period($0)]) } ?? "", "window": window.map(phrases.window) ?? ""]
        return phrases(window != nil ? "reason.first" : isAbsent ? "reason.then-not" : "reason.then", values)
    }
}

extension Phrases {
    fileprivate func trait(_ trait: SeenTrait) -> String {
        guard let value = trait.value else { return self("value.missing", ["name": trait.path]) }
        return self("value.equals", ["name": trait.path, "value": json(value)])
    }

    fileprivate func seen(_ events: SeenEvents, _ test: EventTest) -> String {
        var text: String
        let kind = test.pattern.sessionGap == nil ? "" : "-sessions"
        if test.measure == .count || events.count == 0 {
            text = events.count == 0 ? self("reason.none" + kind, ["window": window(events.window)]) : self("reason.events" + kind, count: events.count)
        } else if let value = events.value {
            text = self("reason.value" + kind, ["value": measure(value, test)], count: events.count)
        } else {
            text = self("reason.no-value" + kind, count: events.count)
        }
        if let all = events.unfilteredCount, all > events.count { text = self("reason.unfiltered", ["text": text], count: all) }
        return text
    }

    /// Whole seconds are exact enough for people.
    private func window(_ window: ResolvedWindow) -> String {
        func time(_ ms: Int64) -> String { Timestamp(clamping: ms - ms % 1000).dateOrTime }
        return window.from == .min ? self("window.before", ["to": time(window.to)]) : self("window.from-to", ["from": time(window.from), "to": time(window.to)])
    }

    private func measure(_ value: JSONText, _ test: EventTest) -> String {
        switch test.measure {
        case .share: ExactNumber(json: value.bytes).map { self.value(.number($0), isShare: true) } ?? value.text
        case .firstTime, .lastTime: value.string ?? value.text
        default: json(value)
        }
    }

    fileprivate func json(_ value: JSONText) -> String {
        if let text = value.string { return quoted(text) }
        return value.boolean.map { self($0 ? "true" : "false") } ?? value.text
    }
}
