/// Where a person chooses what they get: topics, by which way, how often, for themselves and for the account that they act for. It works without a script.
public struct PreferencePage: ConsolePage {
    /// One way to be reached about one topic.
    public struct Choice: Sendable {
        public var field: String
        public var channel: String
        public var isChosen: Bool
        public init(field: String, channel: String, isChosen: Bool) { (self.field, self.channel, self.isChosen) = (field, channel, isChosen) }
    }

    /// One topic of a purpose.
    public struct Topic: Sendable {
        /// In the reader's language.
        public var title: String
        public var choices: [Choice]
        public var frequencyField: String
        public var frequency: String
        public init(title: String, choices: [Choice], frequencyField: String, frequency: String) {
            (self.title, self.choices, self.frequencyField, self.frequency) = (title, choices, frequencyField, frequency)
        }
    }

    /// For whom they choose, and what.
    public struct Group: Sendable {
        /// The account's name; nil for themselves.
        public var account: String?
        /// By which the form says that it was shown.
        public var mark: String
        public var purposes: [(title: String, topics: [Topic])]
        public init(account: String?, mark: String, purposes: [(title: String, topics: [Topic])]) { (self.account, self.mark, self.purposes) = (account, mark, purposes) }
    }

    /// What was just done.
    public enum Done: String, Sendable { case saved, stopped, paused, resumed }

    public var groups: [Group]
    public var frequencies: [String]
    public var done: Done?
    /// Everything is paused until then, in milliseconds since 1970; nil where nothing is.
    public var pausedUntilMs: Int64?
    /// Which part of the accounts this is, from 1, and of how many.
    public var page: Int
    public var pages: Int

    public init(groups: [Group], frequencies: [String], done: Done?, pausedUntilMs: Int64?, page: Int = 1, pages: Int = 1) {
        (self.groups, self.frequencies, self.done, self.pausedUntilMs, self.page, self.pages) = (groups, frequencies, done, pausedUntilMs, page, pages)
    }

    public func render(_ frame: Frame) -> String {
        let title = frame.say("preferences.title")
        let path = String(frame.address.prefix { $0 != "?" }), action = "\(path)?lang=\(frame.language.rawValue)"
        let body: HTML = """
            <h1>\(title)</h1>
            \(message(frame))
            <p>\(frame.say("preferences.sentence"))</p>
            <form method="post" action="\(action)">
            \(groups.map { group($0, frame) })
            \(page > 1 ? "<input type=\"hidden\" name=\"page\" value=\"\(page)\">" : HTML.none)
            <div class="actions"><button type="submit" name="intent" value="save" class="primary">\(frame.say("action.save"))</button></div>
            </form>
            \(turning(path, frame))
            <form method="post" action="\(action)" class="hosted-more">
            <h2>\(frame.say("preferences.pause-title"))</h2>
            <p>\(frame.say("preferences.pause-sentence"))</p>
            <div class="actions">\(pauses(frame))</div>
            <h2>\(frame.say("preferences.stop-title"))</h2>
            <p>\(frame.say("preferences.stop-sentence"))</p>
            <div class="actions"><button type="submit" name="intent" value="stop" class="danger">\(frame.say("preferences.stop"))</button></div>
            </form>
            """
        return Shell.hosted(frame, title: title, body)
    }

    /// To the accounts before and after; none where all are here.
    private func turning(_ path: String, _ frame: Frame) -> HTML {
        func link(_ number: Int, _ key: PhraseKey) -> HTML { 1...pages ~= number ? "<a href=\"\(path)?page=\(number)&lang=\(frame.language.rawValue)\">\(frame.say(key))</a>" : .none }
        guard pages > 1 else { return .none }
        return "<nav class=\"actions\">\(link(page - 1, "preferences.accounts-before"))\(link(page + 1, "preferences.accounts-after"))</nav>"
    }

    private func pauses(_ frame: Frame) -> HTML {
        if pausedUntilMs != nil { return "<button type=\"submit\" name=\"intent\" value=\"resume\">\(frame.say("preferences.resume"))</button>" }
        return [7, 30, 90].map { days -> HTML in
            "<button type=\"submit\" name=\"intent\" value=\"pause-\(days)\">\(frame.say("preferences.pause-days", count: days))</button>"
        }.joined()
    }

    private func message(_ frame: Frame) -> HTML {
        var notes: [HTML] = []
        if let done { notes.append("<p class=\"notice good\" role=\"status\">\(Icon.good.html)<span>\(frame.say(PhraseKey("preferences.done-\(done.rawValue)")))</span></p>") }
        if let pausedUntilMs { notes.append("<p class=\"notice caution\" role=\"status\">\(Icon.clock.html)<span>\(frame.say("preferences.paused-until")) \(frame.day(pausedUntilMs))</span></p>") }
        return notes.joined()
    }

    private func group(_ group: Group, _ frame: Frame) -> HTML {
        let legend = group.account.map { frame.say("preferences.for-account", ["account": $0]) } ?? frame.say("preferences.for-me")
        let purposes = group.purposes.map { purpose -> HTML in "<h2>\(purpose.title)</h2>\(purpose.topics.map { topic($0, frame) })" }
        return "<fieldset class=\"hosted-group\"><legend>\(legend)</legend><input type=\"hidden\" name=\"g\(group.mark)\" value=\"shown\">\(purposes)</fieldset>"
    }

    private func topic(_ topic: Topic, _ frame: Frame) -> HTML {
        let choices = topic.choices.map { choice -> HTML in
            "<label class=\"hosted-choice\"><input type=\"checkbox\" name=\"\(choice.field)\" value=\"yes\"\(flag: "checked", when: choice.isChosen)> \(Self.channelTitle(choice.channel, frame))</label>"
        }
        let field = Field(
            name: topic.frequencyField, label: frame.say("preferences.frequency"), kind: .choice(frequencies.map { ($0, frame.say(PhraseKey("preferences.frequency-\($0.isEmpty ? "any" : $0)"))) }), value: topic.frequency)
        return """
            <fieldset class="hosted-topic"><legend>\(topic.title)</legend><div class="hosted-choices">\(choices)</div>\(field.html)</fieldset>
            """
    }

    /// A channel that we have a word for, in it; any other by its name.
    static func channelTitle(_ channel: String, _ frame: Frame) -> String {
        let key = PhraseKey("channel.\(channel)")
        return Catalogue.knows(key) ? frame.say(key) : channel
    }
}

/// Asks once more before somebody leaves, since programs that look at mail follow its links; or says that they have left.
public struct UnsubscribePage: ConsolePage {
    public var isDone: Bool
    /// Where they can choose instead.
    public var preferences: String

    public init(isDone: Bool, preferences: String) { (self.isDone, self.preferences) = (isDone, preferences) }

    public func render(_ frame: Frame) -> String {
        let title = frame.say(isDone ? "unsubscribe.done-title" : "unsubscribe.title")
        let path = String(frame.address.prefix { $0 != "?" }), action = "\(path)?lang=\(frame.language.rawValue)"
        let form: HTML = "<form method=\"post\" action=\"\(action)\"><button type=\"submit\" name=\"confirm\" value=\"yes\" class=\"primary wide\">\(frame.say("unsubscribe.confirm"))</button></form>"
        let body: HTML = """
            <h1>\(title)</h1>
            <p\(attribute: "role", isDone ? "status" : nil)>\(frame.say(isDone ? "unsubscribe.done-sentence" : "unsubscribe.sentence"))</p>
            \(isDone ? .none : form)
            <p><a href="\(preferences)">\(frame.say("unsubscribe.preferences"))</a></p>
            """
        return Shell.hosted(frame, title: title, body)
    }
}

/// A link that cannot be read: nothing is said about anybody.
public struct LinkRefusedPage: ConsolePage {
    public init() {}

    public func render(_ frame: Frame) -> String {
        let title = frame.say("preferences.refused-title")
        let body: HTML = "<h1>\(title)</h1><p>\(frame.say("preferences.refused-sentence"))</p>"
        return Shell.hosted(frame, title: title, body)
    }
}
