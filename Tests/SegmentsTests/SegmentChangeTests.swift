import Segments
import Storage
import TestSupport
import Testing
import Vocabulary

@Suite("How a segment became what it is")
struct SegmentChangeTests {
    private func shown(_ old: String, _ new: String) -> String {
        TextDiff.pieces(from: old, to: new).map { piece in
            switch piece.kind {
            case .same: piece.text
            case .removed: "[-\(piece.text)-]"
            case .added: "[+\(piece.text)+]"
            }
        }.joined()
    }

    @Test("words that went and came are told, and nothing else", arguments: [
        ("plan = \"free\"", "plan = \"premium\"", "plan = \"[-free-][+premium+]\""), ("a = 1", "a = 1 and b = 2", "a = 1[+ and b = 2+]"), ("", "everyone", "[+everyone+]"),
        ("did \"Tea\" in last 30 days", "did \"Tea\" in last 7 days", "did \"Tea\" in last [-30-][+7+] days"), ("same", "same", "same"), ("", "", ""), ("not a = 1", "a = 1", "[-not -]a = 1"),
    ])
    func pieces(_ old: String, _ new: String, _ wanted: String) { #expect(shown(old, new) == wanted) }

    @Test("the old and the new text can be put together again, whatever they are", arguments: Seed.some(3))
    func whole(_ seed: Seed) {
        var conditions = RandomConditions(seed: seed, isWild: true)
        var random = Random(seed)
        for _ in 0..<300 {
            let (old, new) = (random.chance(50) ? conditions.next().text : random.text(), random.chance(50) ? conditions.next().text : random.text())
            let pieces = TextDiff.pieces(from: old, to: new)
            #expect(Array(pieces.filter { $0.kind != .added }.map(\.text).joined().utf8) == Array(old.utf8))
            #expect(Array(pieces.filter { $0.kind != .removed }.map(\.text).joined().utf8) == Array(new.utf8))
            #expect(zip(pieces, pieces.dropFirst()).allSatisfy { $0.kind != $1.kind } && pieces.allSatisfy { !$0.text.isEmpty })
        }
    }

    @Test("the longest texts are told as replaced, at once")
    func long() {
        let (old, new) = (String(repeating: "a ", count: 16_000), String(repeating: "b ", count: 16_000))
        let time = processorTime { #expect(TextDiff.pieces(from: "x" + old + "y", to: "x" + new + "y").map(\.kind).contains(.removed)) }
        #expect(time < .seconds(5))
    }

    @Test("each version stands beside the one before it, page by page, and a deleted one is none")
    func versions() async throws {
        let world = try World()
        let store = try SegmentStore(Documents(world.stages.database))
        let at = Timestamp("2026-07-01")!
        let made = try store.create(id: "seg_1", name: "Buyers", note: "", condition: Condition(text: "did \"A\""), zone: .utc, author: "ada", at: at)
        _ = try store.update("seg_1", author: "bob", at: at) { ($0.name, $0.note, $0.zone) = ("Drinkers", "For May", TimeZoneName(name: "Europe/Madrid")) }
        _ = try store.update("seg_1", author: "ada", at: at) { $0.condition = .all([]) }
        _ = try store.update("seg_1", author: "ada", at: at) { _ in }
        let changes = try store.changes(of: made, limit: 10)
        #expect(changes.map(\.version.version) == [4, 3, 2, 1] && changes.map(\.version.author) == ["ada", "ada", "bob", "ada"])
        #expect(changes.map(\.parts) == [[], [.condition], [.name, .note, .zone], []] && changes.map { $0.diff == nil } == [true, false, true, true])
        // A page's last version is still held beside the one behind the page.
        #expect(try store.changes(of: made, before: 4, limit: 1).map(\.parts) == [[.condition]])
        #expect(try store.changes(of: made, before: 1, limit: 5).isEmpty)
        _ = try store.delete("seg_1", author: "ada", at: at)
        #expect(try store.changes(of: made, limit: 10).count == 4)
    }

    @Test("segments that name each other along very many ways are saved at once, and a circle among them is still found")
    func manyWays() async throws {
        let world = try World()
        let store = try SegmentStore(Documents(world.stages.database))
        let at = Timestamp("2026-07-01")!
        func make(_ name: String, _ text: String) throws { _ = try store.create(id: "seg_\(name)", name: name, note: "", condition: Condition(text: text), zone: .utc, author: "ada", at: at) }
        try make("a0", "did \"A\"")
        try make("b0", "did \"B\"")
        // Two ways from each to the next: 2^40 in all.
        for n in 1...40 { for side in ["a", "b"] { try make("\(side)\(n)", "in segment \"a\(n - 1)\" or in segment \"b\(n - 1)\"") } }
        #expect(throws: SegmentError.self) { try store.update("seg_b0", author: "ada", at: at) { $0.condition = try! Condition(text: "in segment \"a40\"") } }
    }
}
