import Ingest
import Storage
import TestSupport
import Testing
import Vocabulary

@Suite("Quarantine")
struct QuarantineTests {
    private static let reason = Explanation(code: "event.name-missing", problem: "No name.", remedy: "Name it.")

    private static func refused(_ payload: String, messageId: String? = nil) -> RefusedEvent {
        RefusedEvent(item: 0, messageId: messageId, payload: Personal(Array(payload.utf8)), reasons: [reason])
    }

    private static let at = Timestamp("2026-07-01T09:00:00Z")!

    @Test("keeps what was refused, whole, with the reasons, newest first")
    func keeps() throws {
        let quarantine = try World().stages.ingest.quarantine
        let payloads = ["{\"a\":1}", "not json \u{0} at all", "", "{\"tea\":\"🫖\"}"]
        for (number, payload) in payloads.enumerated() {
            try quarantine.add([Self.refused(payload, messageId: number == 1 ? nil : "m\(number)")], source: 3, shape: .single(.page), receivedAt: Self.at)
        }
        let all = try quarantine.list(limit: 10)
        #expect(all.map { String(decoding: $0.payload.revealed, as: UTF8.self) } == payloads.reversed())
        #expect(all.map(\.messageId) == ["m3", "m2", nil, "m0"])
        #expect(all.allSatisfy { $0.reasons == [Self.reason] && $0.codes == [Self.reason.code] && $0.source == 3 && $0.shape == "page" && $0.receivedAt == Self.at })
        #expect(try quarantine.list(messageId: "m2", limit: 10).map(\.id) == [all[1].id])
        #expect(try quarantine.list(before: all[1].id, limit: 1).map(\.id) == [all[2].id])
        #expect(try quarantine.remove(all[0].id))
        #expect(try !quarantine.remove(all[0].id))
        #expect(try quarantine.get(all[0].id) == nil)
        #expect(try quarantine.count() == 3)
        #expect(try [1, 2, 3].map { try quarantine.count(source: $0) }.reduce(0, +) == 3)
    }

    @Test("a broken sender keeps its newest 100,000 and displaces nobody else's")
    func bounds() throws {
        let world = try World()
        let quarantine = world.stages.ingest.quarantine
        try quarantine.add([Self.refused("{}", messageId: "quiet")], source: 2, shape: .batch, receivedAt: Self.at)
        try quarantine.add((0..<Quarantine.rowsMaximum).map { Self.refused("{}", messageId: "n\($0)") }, source: 1, shape: .batch, receivedAt: Self.at)
        // Two senders by turns, so that one of them never meets a round row number.
        for number in 0..<260 {
            try quarantine.add([Self.refused("{}", messageId: "late\(number)")], source: number % 2 == 0 ? 1 : 3, shape: .batch, receivedAt: Self.at)
        }
        let kept = try world.stages.execute("SELECT count(*) FROM ingest_quarantine WHERE source = 1")
        #expect(kept >= Quarantine.rowsMaximum && kept < Quarantine.rowsMaximum + 100, "\(kept)")
        #expect(try quarantine.list(messageId: "quiet", limit: 1).count == 1)
        #expect(try quarantine.list(messageId: "n0", limit: 1).isEmpty)
        #expect(try quarantine.list(messageId: "late258", limit: 1).count == 1)
    }

    /// A name in the spellings that senders' libraries use.
    static let spellings = ["\"zoë/4711\"", "\"zo\\u00eb/4711\"", "\"zo\\u00EB\\/4711\"", "\"zoë\\/4711\"", "\"\\u007a\\u006f\\u00eb\\u002f4711\""]

    @Test("erasure finds a person in every spelling of JSON", arguments: spellings)
    func erasure(spelling: String) throws {
        let world = try World()
        let quarantine = world.stages.ingest.quarantine
        try quarantine.add([
            Self.refused(#"{"type":"track","userId":\#(spelling),"traits":{"email":"zoe-mark@example.com"}}"#),
            Self.refused(#"{"type":"track","userId":"u2"}"#),
        ], source: 1, shape: .batch, receivedAt: Self.at)
        let subject = ErasureSubject(identifiers: [Identifier(.userId, "zoë/4711")], positions: [])
        #expect(try quarantine.erase(subject) == 1)
        #expect(try quarantine.list(limit: 10).map { String(decoding: $0.payload.revealed, as: UTF8.self) } == [#"{"type":"track","userId":"u2"}"#])
        #expect(world.folder.filesContaining("zoe-mark") == [])
    }

    @Test("erasing user 1 leaves users 11 and 21, and every price with a 1 in it")
    func shortIdentifiers() throws {
        let quarantine = try World().stages.ingest.quarantine
        let others = [#"{"userId":"11","properties":{"price":1.21}}"#, #"{"userId":"21","messageId":"m1"}"#, #"{"userId":"u2","context":{"ip":"10.1.1.1"}}"#]
        try quarantine.add(others.map { Self.refused($0) } + [Self.refused(#"{"userId":"1"}"#), Self.refused(#"{"userId":1,"event":""}"#)],
            source: 1, shape: .batch, receivedAt: Self.at)
        #expect(try quarantine.erase(ErasureSubject(identifiers: [Identifier(.userId, "1")], positions: [])) == 2)
        #expect(try quarantine.list(limit: 10).map { String(decoding: $0.payload.revealed, as: UTF8.self) } == others.reversed())
    }

    @Test("a body that is no JSON is erased when it mentions the person at all")
    func brokenBodies() throws {
        let quarantine = try World().stages.ingest.quarantine
        try quarantine.add([Self.refused("{\"userId\":\"ada-4711\",,,"), Self.refused("{\"userId\":\"bob\",,,")], source: 1, shape: .batch, receivedAt: Self.at)
        #expect(try quarantine.erase(ErasureSubject(identifiers: [Identifier(.userId, "ada-4711")], positions: [])) == 1)
        #expect(try quarantine.count() == 1)
    }
}
