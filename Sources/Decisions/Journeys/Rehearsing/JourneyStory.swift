import Segments
public import Vocabulary

/// A story that is kept with a journey: who somebody is, what happens when, and what the journey must do.
///
/// ```yaml
/// tests:
/// - name: who forgets the cart is reminded once
///   traits: {plan: free}
///   given: {split: {split-1: 2}}
///   story:
///   - event: Product Added
///     properties: {cartId: c1}
///   - after: 2 hours
///     expect: {message: cart-reminder, step: bought}
/// ```
public struct JourneyStory: Sendable {
    public enum Line: Sendable {
        case event(String, JSONText?)
        case page(String, JSONText?)
        case traits(JSONText)
        /// Put in by the API.
        case enter(JSONText?)
        case expect(Expectation)
    }
    public struct Expectation: Sendable, Hashable {
        /// The templates of all messages since the expectation before, in their order; nil where they do not matter.
        public let messages: [String]?
        /// Where somebody stands, and for what reason they left last; nil where that does not matter.
        public let step: String?
        public let exit: String?
    }
    public let name: String
    public let begin: Timestamp
    public let traits: JSONText?
    /// Which lots they have drawn; unless told they are not held out.
    public let lots: JourneyLots
    /// Each with its time after the beginning, in milliseconds.
    public let lines: [(after: Int64, line: Line, place: String)]

    /// Of each step its place in the journey: of what is decided at one instant, the earlier step comes first.
    private let order: [String: Int]

    public static let countMaximum = 100
    public static let linesMaximum = 200
    /// A Monday.
    private static let usualBegin = Timestamp(clamping: 1_767_603_600_000)

    /// The stories of a journey's document.
    public static func all(in json: JSONText, of journey: Journey) throws(JourneyFault) -> [JourneyStory] {
        guard let tests = json["tests"], !tests.isNull else { return [] }
        guard tests.isArray, tests.elements.count <= countMaximum else { throw JourneyFault("tests", "`tests` is no list of at most \(countMaximum) stories.", "Write each story behind a dash.", at: "/tests") }
        var stories: [JourneyStory] = []
        for (number, element) in tests.elements.enumerated() { stories.append(try JourneyStory(JourneyFields(element, at: "/tests/\(number)", knowing: KnownNames()), of: journey)) }
        return stories
    }

    private init(_ given: JourneyFields, of journey: Journey) throws(JourneyFault) {
        var fields = given
        name = try fields.text("name", maximum: 200)
        let start = try fields.optionalText("start", maximum: 40)
        if let start, Timestamp(start) == nil { throw fields.wrong("start", "a time such as 2026-05-04T09:00:00Z") }
        begin = start.flatMap { Timestamp($0) } ?? JourneyStory.usualBegin
        traits = fields.take("traits")
        guard traits?.isObject ?? true else { throw fields.wrong("traits", "an object") }
        lots = fields.has("given") ? try JourneyStory.lots(try fields.object("given"), in: journey) : JourneyLots()
        guard let story = fields.take("story"), story.isArray, story.elements.count <= JourneyStory.linesMaximum else { throw fields.missing("story", "a list of at most \(JourneyStory.linesMaximum) lines") }
        try fields.done()
        var lines: [(after: Int64, line: Line, place: String)] = []
        var after: Int64 = 0
        for (number, element) in story.elements.enumerated() {
            var line = try JourneyFields(element, at: "\(given.place)/story/\(number)", knowing: KnownNames())
            if let period = try line.optionalPeriod("after") { after += period.milliseconds ?? ZoneRules.utc.instant(period, after: begin.milliseconds) - begin.milliseconds }
            lines.append((after, try JourneyStory.line(&line), line.place))
            try line.done()
        }
        self.lines = lines
        order = Dictionary(journey.steps.enumerated().map { ($0.element.id, $0.offset) }) { first, _ in first }
    }

    /// What chance is said to have decided: `{split: {split-1: 2, tea: 50 %}, heldOut: false}`, the ways by their number, 0 for none of them, or by name.
    private static func lots(_ given: JourneyFields, in journey: Journey) throws(JourneyFault) -> JourneyLots {
        var fields = given
        let isHeldOut = try fields.optionalBoolean("heldOut") ?? false
        guard !isHeldOut || journey.holdout > 0 else { throw JourneyFault("story-lots", "This journey holds nobody out.", "Take `heldOut` away, or write `holdout` into the journey.", at: "\(given.place)/heldOut") }
        var ways: [String: Int?] = [:]
        if let splits = fields.take("split") {
            guard splits.isObject else { throw fields.wrong("split", "an object such as {split-1: 2}") }
            for (id, said) in splits.members {
                let place = "\(given.place)/split/\(JourneyFields.escaped(id))"
                guard let placed = journey.step(id), placed.step is SplitStep else {
                    throw JourneyFault("story-lots", "There is no split `\(id.prefix(64))` in this journey.", "Name one of: \(journey.steps.filter { $0.step is SplitStep }.map(\.id).joined(separator: ", ")).", at: place)
                }
                let number = said.integer ?? placed.wayNames.firstIndex { $0 == said.string }.map { Int64($0) + 1 }
                guard let number, number >= 0, number <= placed.ways.count else {
                    throw JourneyFault("story-lots", "The split `\(id.prefix(64))` has no such way.", "Write a number from 1 to \(placed.ways.count), or 0 for who is in none of its shares.", at: place)
                }
                ways[id] = .some(number == 0 ? nil : Int(number) - 1)
            }
        }
        try fields.done()
        return JourneyLots(isHeldOut: isHeldOut, ways: ways)
    }

    private static func properties(_ fields: inout JourneyFields, _ name: String = "properties") throws(JourneyFault) -> JSONText? {
        let value = fields.take(name)
        guard value?.isObject ?? true else { throw fields.wrong(name, "an object") }
        return value
    }

    private static func line(_ fields: inout JourneyFields) throws(JourneyFault) -> Line {
        if let event = try fields.optionalText("event", maximum: 200) { return .event(event, try properties(&fields)) }
        if let page = try fields.optionalText("page", maximum: 200) { return .page(page, try properties(&fields)) }
        if fields.has("traits"), let traits = try properties(&fields, "traits") { return .traits(traits) }
        if fields.has("enter") {
            let data = fields.take("enter")
            guard let data, !data.isObject else { return .enter(data) }
            guard data.isNull || data.boolean == true else { throw fields.wrong("enter", "an object, which is handed in as `data`, or true") }
            return .enter(nil)
        }
        guard fields.has("expect") else { throw JourneyFault("line", "Nothing happens in this line.", "Write one of: event, page, traits, enter, expect.", at: fields.place) }
        var expect = try fields.object("expect")
        let said = expect.take("message").map { $0.isArray ? $0.elements : [$0] }
        let messages = said?.compactMap(\.string)
        guard messages?.count == said?.count else { throw expect.wrong("message", "a template, or a list of them: [] for none") }
        let expectation = Expectation(messages: messages, step: try expect.optionalText("step", maximum: 64), exit: try expect.optionalText("exit", maximum: 64))
        try expect.done()
        return .expect(expectation)
    }

    /// What a rehearsal up to an expectation's time did otherwise, in words.
    ///
    /// - Parameters:
    ///   - since: of the expectation before.
    public func failures(of expectation: Expectation, at place: String, _ rehearsal: Rehearsal, since: Timestamp) -> [String] {
        var found: [String] = []
        let sent = rehearsal.decisions.filter { $0.isMessage && $0.at >= since }.sorted { ($0.at, order[$0.step] ?? 0) < ($1.at, order[$1.step] ?? 0) }.map(\.what)
        if let messages = expectation.messages, messages != sent {
            found.append("\(place): messages \(messages.isEmpty ? "none" : messages.joined(separator: ", ")) were expected, and \(sent.isEmpty ? "none" : sent.joined(separator: ", ")) decided")
        }
        let standing = rehearsal.counts.values.filter { $0.key.what == "at" && $0.value.count > 0 }.map(\.key.step).sorted()
        if let step = expectation.step, !standing.contains(step) { found.append("\(place): somebody at \(step) was expected, and they stand \(standing.isEmpty ? "nowhere" : "at " + standing.joined(separator: ", "))") }
        // Why they have left is why they left last; of several runs that ended at one instant, any of them.
        let ended = (rehearsal.lastEnd?.reasons ?? []).sorted()
        if let exit = expectation.exit, !ended.contains(exit) { found.append("\(place): an end by \(exit) was expected, and \(ended.isEmpty ? "there was none" : "the last was by " + ended.joined(separator: ", "))") }
        return found
    }
}
