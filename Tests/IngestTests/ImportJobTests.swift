import Ingest
import Synchronization
import TestSupport
import Testing
import Vocabulary

@Suite("Importing a file")
struct ImportJobTests {
    /// What became of an import of these bytes, handed over in pieces.
    private static func run(
        _ bytes: [UInt8], in world: World, format: ImportJob.Format = .ndjson, fingerprint: String = "tea", coding: Inflater.Coding = .identity, piece: Int = 256 << 10
    ) async -> ImportJob.Progress {
        let job = ImportJob(id: "imp_1", name: "tea", source: world.source, format: format, fingerprint: fingerprint, startedAt: world.clock.now)
        let now = world.clock.now
        let pieces = AsyncStream<[UInt8]> { stream in
            for start in stride(from: 0, to: bytes.count, by: piece) { stream.yield(Array(bytes[start..<min(start + piece, bytes.count)])) }
            stream.finish()
        }
        await job.run(pieces, coding: coding, into: world.stages.ingest, hasher: world.stages.hasher, now: { now })
        return job.current
    }

    private static func run(_ text: String, in world: World, format: ImportJob.Format = .ndjson, fingerprint: String = "tea", piece: Int = 256 << 10) async -> ImportJob.Progress {
        await run(Array(text.utf8), in: world, format: format, fingerprint: fingerprint, piece: piece)
    }

    private static func event(_ user: String, _ n: Int = 0, note: String = "") -> String {
        #"{"type":"track","event":"Tea Tasted","userId":"\#(user)","properties":{"n":\#(n),"note":"\#(note)"}}"#
    }

    private static func refusals(_ progress: ImportJob.Progress) -> [String] {
        progress.rejectedLines.sorted { $0.line < $1.line }.map { "\($0.line) \($0.reason.code)" }
    }

    // MARK: - Lines

    @Test(
        "what is not one value by itself costs its own line alone, whatever it would make of its neighbours",
        arguments: [
            "A,A", "A],\"batch\":[A,A", "A],\"batch\":[A", "A],\"context\":[1", "A]}", "A}", ",A", "A,", "[", "]", "\"", "{\"a\":[", "\u{feff}A", "A\0", "A A", "\\", String(repeating: "[", count: 199) + String(repeating: "]", count: 199),
        ])
    func oneValueEach(odd: String) async throws {
        let text = odd.replacing("A", with: Self.event("odd"))
        for lines in [[text], [Self.event("ada", 1), text], [text, Self.event("ada", 1)], [Self.event("ada", 1), text, text, Self.event("ada", 2)]] {
            let world = try World()
            let progress = await Self.run(lines.map { $0 + "\n" }.joined(), in: world)
            let good = lines.count { $0 != text }
            // A mark at the very beginning is the file's; anywhere else it is no JSON. A deep list is a value, but no event.
            let isMark = odd.hasPrefix("\u{feff}") && lines[0] == text
            #expect(progress.state == .finished && progress.accepted == good + (isMark ? 1 : 0) && progress.rejected == lines.count - good - (isMark ? 1 : 0), "\(odd)")
            #expect(try world.timeline(of: "ada").count == good)
            for line in progress.rejectedLines { #expect(lines[line.line - 1] == text && ["import.not-json", "event.not-object", "event.too-deep"].contains(line.reason.code), "\(odd)") }
            #expect(try world.stages.ingest.quarantine.count() == progress.rejected)
        }
    }

    @Test("a line's half of a surrogate pair is mended whatever its neighbours are")
    func surrogates() async throws {
        let world = try World()
        let progress = await Self.run(Self.event("ada", note: "\\ud83c") + "\nno json\n", in: world)
        #expect(progress.accepted == 1 && Self.refusals(progress) == ["2 import.not-json"])
    }

    @Test("a line that is too long is refused by itself, and all others are imported under their own numbers", arguments: [1000, 256 << 10, 5 << 20])
    func longLines(piece: Int) async throws {
        let world = try World()
        var lines = (0..<10).map { Self.event("before", $0) }
        lines.append(Self.event("long", note: String(repeating: "z", count: 1_300_000)))
        lines += (0..<3000).map { Self.event("after", $0) }
        lines.append("no json")
        lines.append(Self.event("long", note: String(repeating: "z", count: 3_000_000)))
        lines.append(Self.event("after", 3000))
        let progress = await Self.run(lines.joined(separator: "\n"), in: world, piece: piece)
        #expect(Self.refusals(progress) == ["11 import.line-too-long", "3012 import.not-json", "3013 import.line-too-long"])
        #expect((progress.accepted, progress.duplicates, progress.rejected) == (3011, 0, 3))
        let kept = try world.stages.ingest.quarantine.list(code: "import.line-too-long", limit: 9).map(\.payload.revealed)
        #expect(kept.allSatisfy { $0.count == Quarantine.bodyMaximum && $0.starts(with: Array(#"{"type":"track""#.utf8)) })
        let again = await Self.run(lines.joined(separator: "\n"), in: world, piece: piece + 1)
        #expect((again.accepted, again.duplicates, again.rejected) == (0, 3011, 3))
    }

    @Test("any lines in any pieces give what each of them gives by itself", arguments: Seed.some(6))
    func anyLines(seed: Seed) async throws {
        var random = Random(seed)
        var text = ""
        var refused: [Int] = []
        var accepted = 0
        for number in 1...400 {
            switch random.below(40) {
            case 0: text += Self.event("ada", note: String(repeating: "z", count: 1_060_000 + random.below(600_000))); refused.append(number)
            case 1...3: text += "\(Self.event("x")),\(Self.event("y"))"; refused.append(number)
            case 4: text += " \t"
            case 5: break
            case 6: text += "7"; refused.append(number)
            case 7: text += "{"; refused.append(number)
            default: text += Self.event("ada", random.below(3), note: String(repeating: "é", count: random.below(30) == 0 ? random.below(400_000) : random.below(50))); accepted += 1
            }
            text += random.below(9) == 0 ? "\r\n" : "\n"
        }
        let world = try World()
        let progress = await Self.run(text, in: world, piece: 1 + random.below(2_000_000))
        #expect(progress.rejectedLines.map(\.line).sorted() == refused)
        #expect((progress.accepted, progress.duplicates) == (accepted, 0))
    }

    // MARK: - Knowing lines again

    @Test("the same file again changes nothing, and of one that was corrected the corrected lines are taken; equal lines are events of their own")
    func corrections() async throws {
        let lines = (0..<500).map { Self.event("ada", $0 % 7) }
        let world = try World()
        #expect(await Self.run(lines.joined(separator: "\n"), in: world).accepted == 500)
        #expect(await Self.run(lines.joined(separator: "\n"), in: world).duplicates == 500)
        var mended = lines
        for place in [0, 250, 499] { mended[place] = Self.event("ada", 9) }
        let progress = await Self.run(mended.joined(separator: "\n"), in: world)
        #expect((progress.accepted, progress.duplicates) == (3, 497))
        #expect(await Self.run(lines.joined(separator: "\n"), in: world, fingerprint: "coffee").accepted == 500, "another file has other events")
    }

    @Test("a CSV whose columns were meant otherwise is taken again")
    func otherMapping() async throws {
        let world = try World()
        let first = await Self.run("userId,plan\nada,gold\n", in: world, format: .csv)
        let second = await Self.run("userId,tier\nada,gold\n", in: world, format: .csv)
        #expect((first.accepted, second.accepted, second.duplicates) == (1, 1, 0))
    }

    // MARK: - CSV

    @Test("a row that is too long is refused by itself, by the line at which it begins", arguments: [1000, 256 << 10, 8 << 20])
    func longRows(piece: Int) async throws {
        let world = try World()
        var rows = ["userId,event,note"] + (0..<10).map { "ada,Tea Tasted,\($0)" }
        rows.append("ada,Tea Tasted,\"stray \(String(repeating: "y\n", count: 700_000))\"")
        rows.append("ada,Tea Tasted,\(String(repeating: "\"y", count: 700_000))")
        rows.append("ada,Tea Tasted,\"two\nlines\"")
        rows += (0..<2000).map { "ada,Tea Tasted,\($0)" }
        rows.append(",Tea Tasted,nobody")
        let progress = await Self.run(rows.joined(separator: "\n"), in: world, format: .csv, piece: piece)
        #expect((progress.accepted, progress.duplicates, progress.rejected) == (2011, 0, 3))
        #expect(Self.refusals(progress) == ["12 import.row-too-long", "700013 import.row-too-long", "702016 event.no-identity"])
    }

    @Test("quotes that are never closed cost all behind them, which is said once", arguments: [10, 2_000_000])
    func unclosed(count: Int) async throws {
        let world = try World()
        let progress = await Self.run("userId,note\nada,1\nbob,\"stray\n" + String(repeating: "x\n", count: count), in: world, format: .csv)
        #expect(progress.accepted == 1 && Self.refusals(progress) == ["3 import.unclosed-quotes"])
        #expect(try world.stages.ingest.quarantine.list(limit: 9)[0].payload.revealed.starts(with: Array("bob,stray".utf8)))
    }

    @Test("behind a header that is too long nothing is taken for one")
    func longHeader() async throws {
        let world = try World()
        let progress = await Self.run("userId,\"\(String(repeating: "x", count: 1_200_000))\"\nuserId,note\nada,1\n", in: world, format: .csv)
        #expect(progress.accepted == 0 && Self.refusals(progress) == ["1 import.header-too-long"])
    }

    @Test("a row whose time cannot be read is refused and kept as an event to be mended; one without a time is of now")
    func times() async throws {
        let world = try World()
        let rows = ["ada,Tea Tasted,01/02/2026", "ada,Tea Tasted,2026-02-01", "ada,Tea Tasted,", "ada,Tea Tasted,1767225600", "ada,Tea Tasted,soon"]
        let progress = await Self.run("userId,event,timestamp\n" + rows.joined(separator: "\n"), in: world, format: .csv)
        #expect(progress.accepted == 3 && Self.refusals(progress) == ["2 import.timestamp-unreadable", "6 import.timestamp-unreadable"])
        let kept = JSONText(trusted: try world.stages.ingest.quarantine.list(limit: 9)[0].payload.revealed)
        #expect(kept["userId"]?.string == "ada" && kept["timestamp"]?.string == "soon")
        // In Segment's form, as on the wire, a time that cannot be read never refuses.
        #expect(await Self.run(#"{"type":"track","event":"Tea","userId":"ada","timestamp":"soon"}"#, in: world).accepted == 1)
    }
}

@Suite("A look at a CSV")
struct CSVPreviewTests {
    @Test("of a whole file the last row counts without its newline, of a beginning it may be cut off")
    func lastRow() {
        for (text, whole, beginning) in [("userId\nada", 1, 0), ("userId\nada\n", 1, 1), ("userId", 0, 0), ("userId\n", 0, 0), ("userId\n\n", 0, 0), ("", 0, 0)] {
            #expect(CSVPreview(Array(text.utf8), isWhole: true).rows.count == whole, "\(text)")
            #expect(CSVPreview(Array(text.utf8)).rows.count == beginning, "\(text)")
        }
        #expect(CSVPreview(Array("userId".utf8), isWhole: true).header == ["userId"])
    }
}
