import Vocabulary

/// One line of a story script: `09:05  identify  anonymousId=a1 userId=u1  plan=free`.
///
/// The hour, the call, then words: `userId=`, `anonymousId=`, `groupId=`, `previousId=`, `messageId=` say who; `timestamp=08:00` says when it
/// happened, if not at once; `context.traits.x=` goes there; any other `x=` is a trait of identify and group, a property elsewhere. What has no
/// `=` is the event's name. A value that is JSON is sent as such, anything else as text; quotes hold blanks together.
struct StoryLine {
    let at: Timestamp
    let type: EventType
    /// The call's body.
    let body: [UInt8]

    static let midnight = Timestamp("2026-07-01")!.milliseconds
    private static let top: Set<String> = ["userId", "anonymousId", "groupId", "previousId", "messageId", "sentAt"]

    /// Nil for an empty line. Traps on one that cannot be read: the story is part of the test.
    init?(_ line: Substring, messageId: String) {
        var words = StoryLine.words(line)[...]
        guard let hour = words.popFirst(), let call = words.popFirst() else { return nil }
        guard let at = StoryLine.time(hour), let type = EventType(name: call.utf8) else { preconditionFailure("no such line: \(line)") }
        self.at = at
        self.type = type
        var members: [(String, String)] = [("messageId", StoryLine.quoted(messageId))]
        var own: [(String, String)] = []
        var contextTraits: [(String, String)] = []
        var name: [String] = []
        var timestamp = at
        for word in words {
            guard let sign = word.firstIndex(of: "="), sign != word.startIndex else { name.append(word); continue }
            let key = String(word[..<sign])
            let value = String(word[word.index(after: sign)...])
            if key == "timestamp" {
                guard let time = StoryLine.time(value) else { preconditionFailure("no such time: \(value)") }
                timestamp = time
            } else if StoryLine.top.contains(key) {
                members.removeAll { $0.0 == key }
                members.append((key, StoryLine.quoted(value)))
            } else if key.hasPrefix("context.traits.") {
                contextTraits.append((String(key.dropFirst(15)), StoryLine.value(value)))
            } else {
                own.append((key, StoryLine.value(value)))
            }
        }
        members.append(("timestamp", StoryLine.quoted(timestamp.iso8601)))
        if !name.isEmpty { members.append((type == .track ? "event" : "name", StoryLine.quoted(name.joined(separator: " ")))) }
        if !own.isEmpty { members.append((type == .identify || type == .group ? "traits" : "properties", StoryLine.object(own))) }
        if !contextTraits.isEmpty { members.append(("context", StoryLine.object([("traits", StoryLine.object(contextTraits))]))) }
        body = Array(StoryLine.object(members).utf8)
    }

    /// `09:05` or `09:05:30` on the first day, `2d 09:05` is written `2d09:05`; anything that ``Timestamp`` reads is taken too.
    static func time(_ text: String) -> Timestamp? {
        var day: Int64 = 0
        var clock = text[...]
        if let mark = clock.firstIndex(of: "d"), let number = Int64(clock[..<mark]) {
            day = number
            clock = clock[clock.index(after: mark)...]
        }
        let parts = clock.split(separator: ":").map { Int64($0) }
        if parts.count >= 2, parts.count <= 3, !parts.contains(nil) {
            let numbers = parts.map { $0! }
            let seconds = numbers[0] * 3600 + numbers[1] * 60 + (numbers.count > 2 ? numbers[2] : 0)
            return Timestamp(clamping: midnight + day * 86_400_000 + seconds * 1000)
        }
        return Timestamp(text)
    }

    private static func words(_ line: Substring) -> [String] {
        var words: [String] = []
        var word = ""
        var isQuoted = false
        for letter in line {
            if letter == "\"" { isQuoted.toggle() }
            if letter.isWhitespace, !isQuoted {
                if !word.isEmpty { words.append(word) }
                word = ""
            } else {
                word.append(letter)
            }
        }
        if !word.isEmpty { words.append(word) }
        return words
    }

    private static func value(_ text: String) -> String { JSONText(validating: Array(text.utf8)) != nil ? text : quoted(text) }

    private static func quoted(_ text: String) -> String {
        if JSONText(validating: Array(text.utf8))?.isString == true { return text }
        var w = JSONWriter()
        w.string(text)
        return w.text.text
    }

    private static func object(_ members: [(String, String)]) -> String {
        "{" + members.map { "\(quoted($0.0)):\($0.1)" }.joined(separator: ",") + "}"
    }
}
