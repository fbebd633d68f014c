import Foundation
import TestSupport
import Testing
import Vocabulary

@Suite("Decoding calls")
struct DecoderTests {
    static let receivedAt = Timestamp("2026-07-01T09:30:00Z")!

    func decode(_ text: String, as shape: CallShape = .batch, in context: CallContext = CallContext(receivedAt: receivedAt)) throws -> DecodedCall {
        var body = Array(text.utf8)
        var count = 0
        return try EventDecoder.decode(&body, as: shape, in: context) { _ in
            count += 1
            return "new-\(count)"
        }
    }

    private func events(_ call: DecodedCall) -> [EventView] {
        call.batch.entries.compactMap { EventView(call.batch.bytes[Int($0.start)..<Int($0.start) + Int($0.count)]) }
    }

    func event(_ text: String, as shape: CallShape = .single(.track), in context: CallContext = CallContext(receivedAt: receivedAt)) throws -> EventView {
        try #require(events(decode(text, as: shape, in: context)).first)
    }

    // MARK: - Nothing is lost

    /// An event as Foundation reads it: each member's value, spelled in one way.
    private func members(_ json: String) throws -> [String: String] {
        let object = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any], "\(json)")
        return object.mapValues(spelled)
    }

    private func spelled(_ value: Any) -> String {
        switch value {
        case let text as String: "\"\(text.utf8.map { String($0, radix: 16) }.joined())\""
        case let array as [Any]: "[\(array.map(spelled).joined(separator: ","))]"
        case let object as [String: Any]: "{\(object.map { "\(spelled($0.key)):\(spelled($0.value))" }.sorted().joined(separator: ","))}"
        default: "\(value)"
        }
    }

    private func written(_ event: EventView) throws -> [String: String] {
        var w = JSONWriter()
        event.write(to: &w)
        return try members(w.text.text)
    }

    @Test("what goes in comes out, member by member, for random events", arguments: Seed.some(5))
    func lossless(seed: Seed) throws {
        var random = Random(seed)
        for _ in 0..<250 {
            let type = random.pick(EventType.allCases)
            var members: [(String, String)] = [("type", "\"\(type.name)\""), ("userId", random.quoted(atLeast: "u"))]
            if type == .track || random.chance(10) { members.append(("event", random.quoted(atLeast: "E"))) }
            if type == .group || random.chance(10) { members.append(("groupId", random.quoted(atLeast: "g"))) }
            if type == .alias || random.chance(10) { members.append(("previousId", random.quoted(atLeast: "p"))) }
            if random.chance(60) { members.append(("messageId", random.quoted(atLeast: "m"))) }
            if random.chance(60) { members.append(("anonymousId", random.quoted(atLeast: "a"))) }
            for name in ["name", "category", "properties", "traits", "context", "integrations", "channel", "_metadata", "version", "café"] where random.chance(50) {
                members.append((name, random.json(depth: 4)))
            }
            for _ in 0..<members.count { members.swapAt(random.below(members.count), random.below(members.count)) }
            let text = "{" + members.map { "\"\($0.0)\":\($0.1)" }.joined(separator: random.pick([",", " , "])) + "}"
            let expected = try self.members(text)
            var found = try written(event("{\"batch\":[\(text)]}", as: .batch))
            // What the server adds.
            for name in ["timestamp", "receivedAt"] { #expect(found.removeValue(forKey: name) == spelled(Self.receivedAt.iso8601)) }
            if expected["messageId"] == nil { #expect(found.removeValue(forKey: "messageId") == spelled("new-1")) }
            #expect(found == expected, "\(text)")
        }
    }

    @Test("JSON is kept byte for byte, digits, blanks and repeated keys included")
    func exactBytes() throws {
        let properties = #"{ "price": 0.10, "big":12345678901234567890, "a":1,"a":2, "t":"\u00e9\/" , "e":1E+2}"#
        let event = try event(#"{"userId":"u1","event":"E","properties":\#(properties),"extra": [ 1 ]}"#)
        #expect(event.json(.properties)?.text == properties)
        var w = JSONWriter()
        event.write(to: &w, position: 7)
        #expect(w.text.text.contains(properties))
        #expect(w.text["extra"]?.text == "[ 1 ]")
        #expect(w.text["position"]?.integer == 7)
    }

    @Test("keys that are written with escapes are the same keys; of repeated ones the last counts")
    func keys() throws {
        let event = try event(#"{"us\u0065rId":"u0","userId":"u1","event":"A","event":"B","messageId":"m1"}"#)
        #expect(event.text(.userId) == "u1")
        #expect(event.text(.event) == "B")
        #expect(events(try decode(#"{"batch":[{"type":"track","userId":"u1","event":"A"}],"batch":[]}"#)).isEmpty)
    }

    @Test("identifiers that are numbers are their digits, exactly", arguments: [("12345678901234567890", "12345678901234567890"), ("7", "7"), ("1.50", "1.50"), ("\"007\"", "007")])
    func numberIdentifiers(sent: String, kept: String) throws {
        #expect(try event(#"{"userId":\#(sent),"event":"E"}"#).text(.userId) == kept)
    }

    @Test("an id that is neither text nor number identifies nobody and reads back as it was sent", arguments: ["true", "[1, \"a\"]", "{\"$oid\": \"5f\"}"])
    func oddIdentifiers(sent: String) throws {
        let event = try event("{\"userId\":\(sent),\"anonymousId\":\"a1\",\"groupId\":\(sent),\"event\":\"E\",\"messageId\":\"m1\"}")
        #expect(event.text(.userId) == nil)
        #expect(event.text(.anonymousId) == "a1")
        var w = JSONWriter()
        event.write(to: &w)
        #expect(w.text["userId"]?.text == sent)
        #expect(w.text["groupId"]?.text == sent)
        #expect(try decode("{\"userId\":\(sent),\"event\":\"E\"}", as: .single(.track)).refused.map(\.reasons) == [[EventReason.noIdentity]], "nobody else is named")
    }

    @Test("null and the empty text are as good as absent", arguments: ["null", "\"\""])
    func absentIdentifiers(sent: String) throws {
        let event = try event("{\"userId\":\(sent),\"anonymousId\":\"a1\",\"event\":\"E\"}")
        var w = JSONWriter()
        event.write(to: &w)
        #expect(event.text(.userId) == nil && w.text["userId"] == nil)
    }

    @Test("a timestamp that came beside an originalTimestamp reads back as it was sent", arguments: ["\"2026-07-01T07:00:00Z\"", "\"soon\"", "1782892800", "{\"at\":1}"])
    func bothTimes(sent: String) throws {
        let event = try event("{\"userId\":\"u1\",\"event\":\"E\",\"originalTimestamp\":\"2026-07-01T08:00:00+00:00\",\"timestamp\":\(sent)}")
        var w = JSONWriter()
        event.write(to: &w)
        #expect(event.timestamp == Timestamp("2026-07-01T08:00:00Z"))
        #expect(w.text["timestampAsSent"]?.text == sent)
        #expect(w.text["originalTimestamp"]?.string == "2026-07-01T08:00:00+00:00")
    }

    @Test("an unreadable originalTimestamp reads back too; one time alone is written once")
    func oneTime() throws {
        func read(_ members: String) throws -> JSONText {
            var w = JSONWriter()
            try event("{\"userId\":\"u1\",\"event\":\"E\"\(members)}").write(to: &w)
            return w.text
        }
        let both = try read(#","originalTimestamp":"soon","timestamp":"2026-07-01T07:00:00Z""#)
        #expect(both["originalTimestamp"]?.string == "soon" && both["timestampAsSent"]?.string == "2026-07-01T07:00:00Z")
        #expect(both["timestamp"]?.string == "2026-07-01T07:00:00.000Z")
        let alone = try read(#","timestamp":"2026-07-01T07:00:00Z""#)
        #expect(alone["originalTimestamp"]?.string == "2026-07-01T07:00:00Z" && alone["timestampAsSent"] == nil)
        let same = try read(#","originalTimestamp":"2026-07-01T07:00:00.000Z","timestamp":"2026-07-01T07:00:00.000Z""#)
        #expect(same["originalTimestamp"]?.string == "2026-07-01T07:00:00.000Z" && same["timestampAsSent"] == nil)
    }

    @Test("half surrogates become U+FFFD and the rest of the event is whole")
    func halfSurrogates() throws {
        let event = try event(#"{"userId":"u\ud800","event":"E\udc00\ud83e\uded6","properties":{"\ud800":"\ud800\ud800\udc00"},"x":"\udfff"}"#)
        #expect(event.text(.userId) == "u\u{fffd}")
        #expect(event.text(.event) == "E\u{fffd}🫖")
        #expect(event.json(.properties)?.members.first?.key == "\u{fffd}")
        #expect(event.json(.properties)?.members.first?.value.string == "\u{fffd}\u{10000}")
    }

    @Test("a byte-order mark is passed over; other encodings and broken UTF-8 are refused as such")
    func encodings() throws {
        #expect(try event("\u{feff}{\"userId\":\"u1\",\"event\":\"E\"}").text(.userId) == "u1")
        for bytes in [[0xff, 0xfe, 0x7b, 0x00], Array("{\"userId\":\"".utf8) + [0xc3] + Array("\"}".utf8)] as [[UInt8]] {
            var body = bytes
            do throws(JSONError) {
                _ = try EventDecoder.decode(&body, as: .single(.track), in: CallContext(receivedAt: Self.receivedAt)) { _ in "new" }
                Issue.record("taken: \(bytes)")
            } catch { #expect(error.kind == .notUTF8) }
        }
    }

    @Test("a body that is not one object is refused", arguments: ["", " ", "[]", "null", "1", "\"a\"", "{", "{}{}", "{} x", "{\"a\":}", "{\"a\":1,}", "{\"batch\":[}"])
    func bodies(text: String) { #expect(throws: JSONError.self) { try decode(text) } }

    @Test("an event may nest 200 levels, alone or in a batch, and not 201", arguments: [CallShape.single(.track), .batch])
    func depth(shape: CallShape) throws {
        func body(_ levels: Int) -> String {
            let deep = String(repeating: "[", count: levels - 1) + String(repeating: "]", count: levels - 1)
            let event = #"{"type":"track","userId":"u1","event":"E","deep":\#(deep)}"#
            return shape == .batch ? "{\"batch\":[\(event)]}" : event
        }
        #expect(try decode(body(200), as: shape).batch.entries.count == 1)
        for levels in [201, 100_000] {
            guard shape == .batch else {
                #expect(throws: JSONError.self) { try decode(body(levels), as: shape) }
                continue
            }
            let refused = try decode(body(levels), as: shape).refused
            #expect(refused.map { $0.reasons.map(\.code) } == [["event.too-deep"]])
            #expect(refused.first.map { String(decoding: $0.payload.revealed, as: UTF8.self) } == String(body(levels).dropFirst(10).dropLast(2)))
        }
    }

    // MARK: - Refusals

    static let refusals: [(String, [String])] = [
        (#"7"#, ["event.not-object"]), (#"null"#, ["event.not-object"]), (#"[]"#, ["event.not-object"]),
        (#"{}"#, ["event.type-unknown", "event.no-identity"]),
        (#"{"type":"Track","userId":"u1","event":"E"}"#, ["event.type-unknown"]),
        (#"{"type":"track","userId":"u1"}"#, ["event.name-missing"]), (#"{"type":"track","userId":"u1","event":""}"#, ["event.name-missing"]),
        (#"{"type":"track","userId":"u1","event":null}"#, ["event.name-missing"]),
        (#"{"type":"track","event":"E"}"#, ["event.no-identity"]), (#"{"type":"track","event":"E","userId":""}"#, ["event.no-identity"]),
        (#"{"type":"track","event":"E","userId":null,"anonymousId":"-1"}"#, ["event.no-identity"]),
        (#"{"type":"track","event":"E","userId":{"id":1}}"#, ["event.no-identity"]),
        (#"{"type":"group","userId":"u1"}"#, ["event.group-missing"]),
        (#"{"type":"alias","userId":"u1"}"#, ["event.previous-missing"]), (#"{"type":"alias","anonymousId":"a1","previousId":"b"}"#, ["event.previous-missing"]),
        (#"{"type":"track","anonymousId":"a1","event":"E"}"#, []), (#"{"type":"identify","userId":"u1"}"#, []), (#"{"type":"page","userId":"u1"}"#, []),
        (#"{"type":"track","userId":"null","anonymousId":"a1","event":"E"}"#, []),
    ]

    @Test("an item is refused with every reason found, and stands in quarantine as it was sent", arguments: refusals)
    func reasons(item: String, codes: [String]) throws {
        let call = try decode(#"{"batch":[\#(item) , {"type":"page","userId":"u1"}]}"#)
        #expect(call.refused.flatMap { $0.reasons.map(\.code) } == codes)
        #expect(call.refused.map { String(decoding: $0.payload.revealed, as: UTF8.self) } == (codes.isEmpty ? [] : [item]))
        #expect(call.batch.entries.map(\.item) == (codes.isEmpty ? [0, 1] : [1]))
        #expect(call.itemCount == 2)
    }

    @Test("an event of 1 MiB is taken, one byte more is not")
    func size() throws {
        let frame = #"{"type":"track","userId":"u1","event":"E","x":""}"#
        func body(_ count: Int) -> String { "{\"batch\":[\(frame.dropLast(2))\(String(repeating: "a", count: count - frame.utf8.count))\"}]}" }
        #expect(try decode(body(EventDecoder.eventBytesMaximum)).refused.isEmpty)
        #expect(try decode(body(EventDecoder.eventBytesMaximum + 1)).refused.first?.reasons.map(\.code) == ["event.too-large"])
    }

    @Test("values that many people share by mistake are blocked, in any case; their neighbours are not")
    func blocked() {
        func isBlocked(_ text: String) -> Bool { unsafe Array(text.utf8).withUnsafeBytes { unsafe BlockedIdentifiers.contains($0) } }
        let zero = "00000000-0000-0000-0000-000000000000"
        for text in ["", "0", "00", "-", "-1", zero, String(repeating: "0", count: 64), String(repeating: "-", count: 37), " ", " \t\r\n", "null", "NULL", "None", "nan", "N/A", "true", "False", "undefined", "Anonymous", "[object Object]"] {
            #expect(isBlocked(text), "\(text)")
        }
        for text in ["1", "01", "-2", "nul", "nulls", "nil", "an0nymous", "anonymous1", "[object object", String(repeating: "0", count: 36) + "1", " 1 ", zero.dropLast() + "1", "ｎull", "no", "\u{0}"] {
            #expect(!isBlocked(text), "\(text)")
        }
    }

    // MARK: - Times

    static let times: [(String, String, String)] = [
        ("", "2026-07-01T09:30:00.000Z", "no time at all"),
        (#","timestamp":"2026-07-01T08:00:00Z""#, "2026-07-01T08:00:00.000Z", "a time alone is believed"),
        (#","originalTimestamp":"2026-07-01T08:00:00Z""#, "2026-07-01T08:00:00.000Z", "the other name"),
        (#","originalTimestamp":"2026-07-01T08:00:00Z","timestamp":"2026-07-01T07:00:00Z""#, "2026-07-01T08:00:00.000Z", "the original counts"),
        (#","originalTimestamp":"soon","timestamp":"2026-07-01T07:00:00Z""#, "2026-07-01T07:00:00.000Z", "unless it is unreadable"),
        (#","timestamp":"2026-07-01T08:00:00Z","sentAt":"2026-07-01T08:00:10Z""#, "2026-07-01T09:29:50.000Z", "corrected by sentAt"),
        (#","timestamp":"2026-07-01T11:00:00Z","sentAt":"2026-07-01T11:00:00Z""#, "2026-07-01T09:30:00.000Z", "a clock that is ahead"),
        (#","timestamp":1782892800,"sentAt":1782892800000"#, "2026-07-01T09:30:00.000Z", "numbers"),
        (#","timestamp":"2026-07-01T08:00:00Z","sentAt":"whenever""#, "2026-07-01T08:00:00.000Z", "an unreadable sentAt corrects nothing"),
        (#","timestamp":"yesterday""#, "2026-07-01T09:30:00.000Z", "an unreadable time is no time"),
        (#","timestamp":{"at":1}"#, "2026-07-01T09:30:00.000Z", "nor is an object"),
        (#","receivedAt":"2020-01-01T00:00:00Z""#, "2026-07-01T09:30:00.000Z", "the sender's receivedAt is never believed"),
    ]

    @Test("the time of an event is worked out as the Spec says", arguments: times)
    func time(members: String, expected: String, why: String) throws {
        for shape in [CallShape.single(.track), .batch] {
            let text = #"{"type":"track","userId":"u1","event":"E"\#(members)}"#
            let event = try event(shape == .batch ? "{\"batch\":[\(text)]}" : text, as: shape)
            #expect(event.timestamp.iso8601 == expected, "\(why)")
            #expect(event.receivedAt == Self.receivedAt)
        }
    }

    @Test("a batch's sentAt and context hold for each item that has none of its own")
    func sharedMembers() throws {
        let call = try decode("""
            {"sentAt":"2026-07-01T09:00:00Z","context":{"locale":"en","app":{"name":"till"}},"writeKey":"wk_1","batch":[
            {"type":"track","userId":"u1","event":"A","timestamp":"2026-07-01T08:59:00Z"},
            {"type":"track","userId":"u1","event":"B","timestamp":"2026-07-01T08:59:00Z","sentAt":"2026-07-01T08:59:30Z","context":{"locale":"fr","ip":"1.2.3.4"}}]}
            """)
        let found = events(call)
        #expect(call.writeKey == "wk_1")
        #expect(found[0].timestamp == Timestamp("2026-07-01T09:29:00Z"))
        #expect(found[1].timestamp == Timestamp("2026-07-01T09:29:30Z"))
        #expect(found[0].json(.context)?["locale"]?.string == "en")
        #expect(found[1].json(.context)?["locale"]?.string == "fr")
        #expect(found[1].json(.context)?["app"]?["name"]?.string == "till")
        #expect(found[1].json(.context)?["ip"]?.string == "1.2.3.4")
        for event in found {
            #expect(event.json(.context)?.members.map(\.key).sorted().filter { $0 != "ip" } == ["app", "locale"])
            #expect(!String(decoding: event.bytes, as: UTF8.self).contains("wk_1"), "a write key is never stored")
        }
    }

    // MARK: - What the server adds

    @Test("a browser's address is written where it sent none, a server's never; an address that was sent is never replaced")
    func address() throws {
        let context = CallContext(receivedAt: Self.receivedAt, remoteAddress: "10.0.0.9")
        let browser = #""library":{"name":"analytics.js"}"#
        func ip(_ own: String, shared: String? = nil) throws -> [String?] {
            let root = shared.map { "\"context\":{\($0)}," } ?? ""
            let event = try event("{\(root)\"batch\":[{\"type\":\"page\",\"userId\":\"u1\",\"context\":{\(own)}}]}", as: .batch, in: context)
            return event.json(.context)?.members.filter { $0.key == "ip" }.map(\.value.string) ?? []
        }
        #expect(try ip(browser) == ["10.0.0.9"])
        #expect(try ip(#""direct":true"#) == ["10.0.0.9"])
        #expect(try ip(#""library":{"name":"analytics-python"}"#) == [])
        #expect(try ip(browser + #","ip":"1.2.3.4""#) == ["1.2.3.4"])
        #expect(try ip(browser, shared: #""ip":"1.2.3.4""#) == ["1.2.3.4"], "sent once for the whole batch")
        #expect(try ip("", shared: browser) == ["10.0.0.9"], "the library named once for the whole batch")
    }

    @Test("Sec-GPC is written down, whatever the page says in its place")
    func globalPrivacyControl() throws {
        let context = CallContext(receivedAt: Self.receivedAt, globalPrivacyControl: true)
        #expect(try event(#"{"userId":"u1","event":"E"}"#, in: context).json(.context)?.text == #"{"gpc":true}"#)
        for (own, merged) in [
            (#"{"gpc":false}"#, #"{"gpc":true}"#), (#"{"a":1,"g\u0070c":null}"#, #"{"a":1,"gpc":true}"#), (#"{"gpc":"1","a":2}"#, #"{"gpc":"1","a":2}"#), ("null", #"{"gpc":true}"#),
            (#""text""#, #"{"gpc":true}"#), ("[]", #"{"gpc":true}"#),
        ] {
            let sent = try event("{\"userId\":\"u1\",\"event\":\"E\",\"context\":\(own)}", in: context)
            #expect(sent.json(.context)?.text == merged, "\(own)")
            var w = JSONWriter()
            sent.write(to: &w)
            #expect(w.text["contextAsSent"]?.text == (own.hasPrefix("{") || own == "null" ? nil : own))
        }
        #expect(try event(#"{"userId":"u1","event":"E"}"#).json(.context) == nil)
    }

    // MARK: - Records

    @Test("a record cut or altered anywhere is read as less, never beyond its end")
    func damagedRecords() throws {
        var random = Random(Seed(1))
        let whole = try event(#"{"userId":"u1","event":"Order Completed","properties":{"a":[1,2,3]},"x":1}"#).bytes
        for count in 0..<whole.count {
            guard let event = EventView(whole.prefix(count)) else { #expect(count < EventRecord.fieldsOffset); continue }
            event.eachField { _, range in #expect(range.upperBound <= count) }
            _ = event.title
        }
        for _ in 0..<2000 {
            var bytes = whole
            bytes[bytes.startIndex + random.below(bytes.count)] = UInt8(truncatingIfNeeded: random.next())
            guard let event = EventView(bytes) else { continue }
            event.eachField { _, range in #expect(range.upperBound <= bytes.count) }
        }
        let erased = EventRecord.erased(type: .identify, receivedAt: Self.receivedAt)
        let view = try #require(EventView(erased[...]))
        #expect(view.isErased && view.type == .identify && view.receivedAt == Self.receivedAt && view.field(.userId) == nil)
    }

    @Test("titles are what a timeline shows", arguments: [
        (#"{"type":"track","userId":"u","event":"Tea Tasted"}"#, "Tea Tasted"), (#"{"type":"page","userId":"u","name":"Home"}"#, "Home"),
        (#"{"type":"page","userId":"u"}"#, "page"), (#"{"type":"screen","userId":"u","name":7}"#, "screen"), (#"{"type":"identify","userId":"u","name":"No"}"#, "identify"),
    ])
    func titles(item: String, title: String) throws { #expect(try event("{\"batch\":[\(item)]}", as: .batch).title == title) }
}

extension Random {
    /// A quoted text that is not empty and is no blocked identifier.
    mutating func quoted(atLeast prefix: String) -> String {
        var w = JSONWriter()
        w.string(prefix + "§" + text())
        return w.text.text
    }
}
