import TestSupport
import Testing
import Vocabulary

/// What a batch's items share, and what one of them costs the others.
extension DecoderTests {
    @Test("an item that is nested too deeply costs only itself, and is read as strictly as any other")
    func deepItem() throws {
        let good = #"{"type":"track","userId":"u1","event":"E","x":"\ud800"}"#
        let deep = #"{"type":"track","userId":"u2","event":"E","a":{"b":[\#(String(repeating: "[", count: 300)) 1, {"c": "\ud800"} \#(String(repeating: "]", count: 300)), null, {}, []]}, "z": true }"#
        let call = try decode("{\"batch\":[\(good), \(deep) ,\(good),\(good)],\"context\":{}}", as: .batch)
        #expect(call.batch.entries.map(\.item) == [0, 2, 3])
        #expect(call.refused.map(\.item) == [1])
        for broken in [deep.replacing("null", with: "nul"), deep.replacing("true", with: "tru"), deep.replacing("{}, []", with: "{} []"), deep.replacing("[]]", with: "[]}"), String(deep.dropLast(3)), deep.replacing(#""c":"#, with: #""c""#)] {
            #expect(throws: JSONError.self, "\(broken.suffix(40))") { try decode("{\"batch\":[\(good),\(broken)]}", as: .batch) }
        }
    }

    @Test("what a batch says for all its items counts as theirs, and cannot make much of little")
    func shared() throws {
        func body(_ items: Int, sharing bytes: Int, own: Int = 0) -> String {
            let item = #"{"type":"track","userId":"u1","event":"E","p":"\#(String(repeating: "y", count: own))"}"#
            return #"{"context":{"big":"\#(String(repeating: "x", count: bytes - 10))"},"batch":[\#(Array(repeating: item, count: items).joined(separator: ","))]}"#
        }
        #expect(try decode(body(16, sharing: 1 << 19), as: .batch).batch.entries.count == 16)
        #expect(try decode(body(32, sharing: 1 << 19), as: .batch).batch.entries.count == 32)
        #expect(throws: JSONError.self) { try decode(body(33, sharing: 1 << 19), as: .batch) }
        // An event of 1 MiB at most, with what it is given.
        #expect(try decode(body(1, sharing: 1 << 19, own: 1 << 18), as: .batch).batch.entries.count == 1)
        #expect(try decode(body(1, sharing: 1 << 19, own: 1 << 19), as: .batch).refused.map { $0.reasons.map(\.code) } == [["event.too-large"]])
        #expect(try decode(#"{"context":null,"integrations":7,"batch":[{"type":"track","userId":"u1","event":"E"}]}"#, as: .batch).batch.entries.count == 1)
    }

    @Test("a call has 100,000 items at most")
    func manyItems() throws {
        func body(_ count: Int) -> String { "{\"batch\":[" + Array(repeating: "0", count: count).joined(separator: ",") + "]}" }
        #expect(try decode(body(100_000), as: .batch).refused.count == 100_000)
        #expect(throws: JSONError.self) { try decode(body(100_001), as: .batch) }
    }

    @Test("a batch's context goes to items whose own is null, and thousands of names are told apart quickly")
    func mergedContexts() throws {
        let call = try decode(#"{"context":{"a":1,"\u0062":2},"batch":[{"type":"track","userId":"u1","event":"E","context":null},{"type":"track","userId":"u1","event":"E","context":{"b":3}},{"type":"track","userId":"u1","event":"E","context":"odd"}]}"#, as: .batch)
        let contexts = call.batch.entries.map { EventView(call.batch.bytes[Int($0.start)..<Int($0.start) + Int($0.count)])?.json(.context)?.text }
        #expect(contexts == [#"{"a":1,"\u0062":2}"#, #"{"b":3,"a":1}"#, #""odd""#])
        let names = (0..<40_000).map { "\"k\($0)\":0" }.joined(separator: ",")
        let others = (0..<40_000).map { "\"k\($0 + 20_000)\":1" }.joined(separator: ",")
        let started = ContinuousClock.now
        let wide = try decode("{\"context\":{\(others)},\"batch\":[{\"type\":\"track\",\"userId\":\"u1\",\"event\":\"E\",\"context\":{\(names)}}]}", as: .batch)
        #expect(EventView(wide.batch.bytes[Int(wide.batch.entries[0].start)...])?.json(.context)?.members.count == 60_000)
        #expect(ContinuousClock.now - started < .seconds(20))
    }

    @Test("times that say nothing are as good as absent; escapes in them are read")
    func emptyTimes() throws {
        let sent = try event(#"{"userId":"u1","event":"E","timestamp":"2026-07-01T08:00:00.000Z","originalTimestamp":null}"#)
        #expect(sent.timestamp == Timestamp("2026-07-01T08:00:00Z") && sent.json(.timestampAsSent) == nil)
        let swapped = try event(#"{"userId":"u1","event":"E","originalTimestamp":"2026-07-01T08:00:00.000Z","timestamp":null}"#)
        #expect(swapped.timestamp == Timestamp("2026-07-01T08:00:00Z") && swapped.json(.timestampAsSent) == nil)
        #expect(try event(#"{"userId":"u1","event":"E","timestamp":"2026-07-01T10:00:00\u002B02:00"}"#).timestamp == Timestamp("2026-07-01T08:00:00Z"))
        for own in ["null", "\"\""] {
            let call = try decode("{\"sentAt\":\"2026-07-01T09:00:00Z\",\"batch\":[{\"type\":\"track\",\"userId\":\"u1\",\"event\":\"E\",\"sentAt\":\(own),\"timestamp\":\"2026-07-01T08:00:00Z\"}]}", as: .batch)
            #expect(EventView(call.batch.bytes[Int(call.batch.entries[0].start)...])?.timestamp.milliseconds == Self.receivedAt.milliseconds - 3_600_000)
        }
    }
}
