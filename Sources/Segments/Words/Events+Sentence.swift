extension Phrases {
    func pattern(_ pattern: EventPattern) -> String {
        let event = list(pattern.names.map(name), "or")
        return pattern.filter.map { self("where", ["event": event, "filter": filter($0, ofSessions: pattern.sessionGap != nil)]) } ?? event
    }

    private func name(_ name: EventPattern.Name) -> String {
        switch name {
        case .track(let name): quoted(name)
        case .page(let name): name.map { self("page", ["name": quoted($0)]) } ?? self("any-page")
        case .screen(let name): name.map { self("screen", ["name": quoted($0)]) } ?? self("any-screen")
        case .any: self("anything")
        case .sessions(let gap): gap == EventPattern.sessionGap ? self("sessions") : self("sessions-gap", ["period": period(gap)])
        }
    }

    /// - Parameter ofSessions: whether properties are those of sessions.
    func filter(_ filter: PropertyFilter, ofSessions: Bool = false) -> String {
        switch filter {
        case .all(let parts): joined(parts, "and", ofSessions)
        case .any(let parts): joined(parts, "or", ofSessions)
        case .not(let part): self("not", ["text": self.filter(part, ofSessions: ofSessions)])
        case .property(let path, let test): self.test(ofSessions ? session(path) : path, test)
        case .hours(let from, let to): self("hours", ["from": "\(from)", "to": "\(to)"])
        case .member(let pattern): context(pattern)
        case .weekdays(let days): self("weekdays", ["days": list(days.map { self("day.\(min(max($0, 1), 7))") }, "or")])
        }
    }

    /// A property of a session, with its unit.
    func session(_ path: String) -> String { ["duration", "events", "pages", "screens"].contains(path) ? self("session." + path) : path }

    private func joined(_ parts: [PropertyFilter], _ word: String, _ ofSessions: Bool) -> String {
        parts.map { $0.isSingle || parts.count == 1 ? filter($0, ofSessions: ofSessions) : "(" + filter($0, ofSessions: ofSessions) + ")" }.joined(separator: " " + self(word) + " ")
    }

    // MARK: - Windows

    /// Empty for ever.
    func window(_ window: Window) -> String {
        switch (window.from, window.to) {
        case (nil, nil): return ""
        case (.ago(let period), nil):
            let isShe = [.hour, .week].contains(period.unit)
            return self(isShe ? "window.last-she" : "window.last", ["period": self.period(period)])
        case (.start(let unit, 0), nil) where unit.isCalendar: return self("this." + unit.rawValue)
        case (.start(let unit, -1), .start(let other, 0)) where unit == other && unit.isCalendar: return self("last." + unit.rawValue)
        case (let from?, nil): return self("window.since", ["from": bound(from)])
        case (nil, let to?): return self("window.before", ["to": bound(to)])
        case (let from?, let to?): return self("window.from-to", ["from": bound(from), "to": bound(to)])
        }
    }

    private func bound(_ bound: WindowBound) -> String {
        switch bound {
        case .ago(let period): self("ago", ["period": self.period(period)])
        case .instant(let time): time.dateOrTime
        case .start(let unit, 0) where unit.isCalendar: self("start", ["unit": self("this." + unit.rawValue)])
        case .start(let unit, -1) where unit.isCalendar: self("start", ["unit": self("last." + unit.rawValue)])
        case .start(let unit, let count): self("start", ["unit": self(count < 0 ? "ago" : "ahead", ["period": period(Period(abs(count), unit))])])
        }
    }

    /// A count's test as a number of times; nil for one that is none.
    func times(_ test: ValueTest) -> String? {
        func whole(_ literal: Literal) -> Int? {
            guard case .number(let number) = literal else { return nil }
            let (value, isExact) = number.floor(scale: 0)
            return isExact ? Int(value) : nil
        }
        switch test {
        case .atLeast(let value): return whole(value).map { $0 == 1 ? "" : self("times.at-least", count: $0) }
        case .atMost(let value): return whole(value).map { self("times.at-most", count: $0) }
        case .equals(let value): return whole(value).flatMap { $0 == 0 ? nil : self("times.exactly", count: $0) }
        case .between(let lower, let upper):
            guard let lower = whole(lower), let upper = whole(upper) else { return nil }
            return self("times.between", ["from": "\(lower)", "to": "\(upper)"])
        default: return nil
        }
    }
}

extension EventTest {
    func sentence(_ phrases: Phrases) -> String {
        if measure == .count, pattern.sessionGap == nil {
            let (event, window) = (phrases.pattern(pattern), phrases.window(window))
            if let times = phrases.times(test) { return phrases("did", ["event": event, "times": times, "window": window]) }
            if let times = EventTest.times(test), times.isDenied { return phrases("did-not", ["event": event, "window": window]) }
        }
        let isShare = if case .share = measure { true } else { false }
        return phrases.test(measured.words(phrases), test, isShare: isShare)
    }
}

extension EventMeasure {
    /// As "the total price of “Order Completed”", in the middle of a sentence.
    func words(_ phrases: Phrases) -> String {
        var values = ["event": phrases.pattern(pattern), "window": phrases.window(window), "path": measure.path.map { pattern.sessionGap == nil ? $0 : phrases.session($0) } ?? ""]
        var key = "measure." + measure.member
        switch measure {
        case .percentile(_, let percent):
            values["percent"] = "\(percent)"
            if percent == 50 { key = "measure.median" }
        case .share(let filter): values["filter"] = phrases.filter(filter, ofSessions: pattern.sessionGap != nil)
        case .streak(let unit, _), .rate(let unit), .trend(let unit): key = measure.member + "." + unit.rawValue
        case .decayedCount(let halfLife), .decayedSum(_, let halfLife), .affinity(_, let halfLife): values["half-life"] = phrases.period(halfLife)
        case .latest(_, let count): values["count"] = "\(count)"
        default: break
        }
        return phrases(key, values)
    }
}

extension Measurement {
    /// What it is in words, as "The total price of “Order Completed”": for people who read, not for reading back.
    ///
    /// - Parameter language: `en`, `es` or `tr`; another is taken for `en`.
    public func sentence(in language: String) -> String {
        let phrases = Phrases(language)
        return switch self {
        case .measure(let measure): phrases.opening(measure.words(phrases))
        case .ratio(let upper, let lower): phrases.opening(phrases("ratio", ["upper": upper.words(phrases), "lower": lower.words(phrases)]))
        }
    }
}

extension SequenceTest {
    func sentence(_ phrases: Phrases) -> String {
        var text = phrases("did", ["event": phrases.pattern(first), "window": phrases.window(window)])
        for step in rest {
            let within = step.within.map { phrases("within", ["period": phrases.period($0)]) } ?? ""
            text = phrases(step.isAbsent ? "then-not" : "then", ["text": text, "event": phrases.pattern(step.pattern), "within": within])
        }
        if let within { text = phrases("all-within", ["text": text, "period": phrases.period(within)]) }
        return same.isEmpty ? text : phrases("same", ["text": text, "paths": phrases.list(same, "and")])
    }
}
