import Segments
import TestSupport
import Vocabulary

/// What one person did and is, as an evaluator without any cleverness reads it.
struct SlowStory: CustomStringConvertible {
    struct Event {
        /// Milliseconds since 1970.
        let timestamp: Int64
        /// In the order of arrival; decides between events of one instant.
        let position: Int
        /// `track`, `page`, `screen`, `identify`, `group` or `alias`.
        let call: String
        /// Of a track, page or screen call.
        let name: String?
        let properties: JSONText
        let context: JSONText
    }

    /// As the bucket's hash sees it.
    let profile: String
    let events: [Event]
    /// The current traits, an object.
    let traits: JSONText

    /// The story as Segment's calls, one in a line, in the order of arrival: who they are first, then what they did.
    ///
    /// - Parameters:
    ///   - userId: whom all calls name.
    ///   - identifiedAt: when the traits were sent; before or at all moments that are asked about.
    func lines(userId: String, identifiedAt: Timestamp) -> [String] {
        func line(_ body: (inout JSONWriter) -> Void) -> String {
            var json = JSONWriter()
            json.object(body)
            return json.text.text
        }
        var lines = [line { json in
            json.member("type", "identify")
            json.member("messageId", "\(userId)-traits")
            json.member("userId", userId)
            json.member("timestamp", identifiedAt)
            json.key("traits")
            json.raw(traits.bytes)
        }]
        for event in events.sorted(by: { $0.position < $1.position }) {
            lines.append(line { json in
                json.member("type", event.call)
                json.member("messageId", "\(userId)-\(event.position)")
                json.member("userId", userId)
                json.member("timestamp", Timestamp(clamping: event.timestamp))
                if let name = event.name { json.member(event.call == "track" ? "event" : "name", name) }
                if event.call != "identify" {
                    json.key("properties")
                    json.raw(event.properties.bytes)
                }
                json.key("context")
                json.raw(event.context.bytes)
            })
        }
        return lines
    }

    var description: String { lines(userId: profile, identifiedAt: RandomStories.begin).joined(separator: "\n") }
}

/// Stories of a few days around ``now``, with the names and values that ``RandomConditions`` asks for, ties in time, odd types and nulls.
struct RandomStories {
    /// Events happen from here on: a Saturday; clocks do not change nearby.
    static let begin = Timestamp("2026-06-27")!
    /// When conditions are usually asked; some events lie after it.
    static let now = Timestamp("2026-07-01T12:00:00Z")!

    private var random: Random
    private var count = 0

    init(seed: Seed) { random = Random(seed) }

    mutating func next() -> SlowStory {
        count += 1
        let events = (0..<random.below(12)).map { event($0) }
        return SlowStory(profile: "p\(count)", events: events, traits: traits())
    }

    private mutating func event(_ position: Int) -> SlowStory.Event {
        // Steps of half an hour, so that ends of windows and periods are hit exactly, and two events of one instant are common.
        let grid = Int64(random.below(230)) * 1_800_000 + (random.chance(10) ? 1 : 0)
        let call = random.pick(["track", "track", "track", "track", "track", "page", "screen", "identify"])
        let name: String? = switch call {
        case "track": random.pick(RandomConditions.events)
        case "identify": nil
        default: random.chance(20) ? nil : random.pick(RandomConditions.pages)
        }
        return SlowStory.Event(
            timestamp: RandomStories.begin.milliseconds + (random.chance(20) ? 86_400_000 : grid), position: position, call: call, name: name,
            properties: call == "identify" ? JSONText(trusted: Array("{}".utf8)) : object(properties()), context: object([("device", random.pick([nil, "\"phone\"", "\"tea\"", "10"])), ("app", release().map { "{\"version\":\($0)}" })]))
    }

    private mutating func properties() -> [(String, String?)] {
        [
            ("category", random.pick([nil, "null", "\"tea\"", "\"tea\"", "\"shoes\"", "\"Tea\"", "10", "true"])),
            ("total", random.pick([nil, "0.1", "0.2", "10", "10.50", "10.5", "25", "-1", "\"10\"", "9007199254740993", "1e30", "null"])),
            ("productId", random.pick([nil, "\"p1\"", "\"p1\"", "\"p2\"", "1"])),
            ("at", random.pick([nil, "\"2026-06-28\"", "\"2026-06-27T00:00:00Z\"", "\"tea\"", "1"])),
            ("gift", random.pick([nil, "true", "false", "null", "\"true\""])),
            ("items", items()),
            ("labels", random.pick([nil, "[]", "[\"tea\",10]", "[\"premium\"]", "{\"x\":1}"])),
        ]
    }

    private mutating func release() -> String? { random.pick([nil, nil, "\"2.9\"", "\"2.10\"", "\"2.10.0\"", "\"3.0-beta.2\"", "\"3.0-beta.10\"", "\"v3.0.0+7\"", "\"3.x\"", "2.10"]) }

    private mutating func items() -> String? {
        guard random.chance(60) else { return random.pick([nil, "[]", "{}", "[{}]"]) }
        return "[" + (0..<1 + random.below(3)).map { _ in
            random.pick([
                "{\"category\":\"tea\",\"price\":10.5}", "{\"category\":\"tea\",\"price\":\"10\"}", "{\"category\":\"shoes\",\"price\":25,\"parts\":[{\"category\":\"tea\"},1]}",
                "{\"price\":0.3,\"maker\":{\"city\":\"tea\"}}", "\"tea\"", "10", "null", "[10]", "{\"item\":\"tea\",\"parts\":[]}",
            ])
        }.joined(separator: ",") + "]"
    }

    private mutating func traits() -> JSONText {
        object([
            ("plan", random.pick([nil, "null", "\"premium\"", "\"premium\"", "\"Premium\"", "\"tea\"", "10"])),
            ("vip", random.pick([nil, "null", "true", "false", "\"true\""])),
            ("points", random.pick([nil, "0", "0.30", "10", "25", "9007199254740993", "9007199254740992", "\"10\"", "-1"])),
            ("birthday", random.pick([nil, "\"1991-07-01\"", "\"1988-02-29\"", "\"1990-07-08\"", "\"2000-12-31T23:30:00Z\"", "\"tea\""])),
            ("renewal", random.pick([nil, "\"2026-07-01T12:00:00Z\"", "\"2026-07-02T12:00:00Z\"", "\"2026-06-30T12:00:00Z\"", "\"2026-06-28\"", "\"2027-01-01\""])),
            ("name", random.pick([nil, "\"Ada\"", "\"tea\"", "\"TEA\"", "\"TÉA\"", "\"\"", "\"shoes 1\""])),
            ("address", random.pick([nil, "null", "{\"city\":\"tea\"}", "{\"city\":null}", "\"tea\"", "{}"])),
            ("release", release()),
            ("basket", items()),
            ("tags", random.pick([nil, "[]", "[\"premium\",\"tea\"]", "[10,\"shoes\"]", "[null]"])),
        ])
    }

    private func object(_ members: [(String, String?)]) -> JSONText {
        let text = members.compactMap { name, value in value.map { "\"\(name)\":\($0)" } }.joined(separator: ",")
        return JSONText(trusted: Array("{\(text)}".utf8))
    }
}
