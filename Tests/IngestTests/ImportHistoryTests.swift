import Ingest
import Storage
import TestSupport
import Testing
import Vocabulary

@Suite("The list of imports")
struct ImportHistoryTests {
    private static func job(_ id: String, in world: World, name: String = "tea.ndjson") -> ImportJob {
        ImportJob(id: id, name: name, source: world.source, format: .ndjson, fingerprint: id, startedAt: world.clock.now)
    }

    private static func run(_ job: ImportJob, _ text: String, in world: World, onProgress: @escaping @Sendable () -> Void = {}) async {
        let now = world.clock.now
        let pieces = AsyncStream<[UInt8]> { $0.yield(Array(text.utf8)); $0.finish() }
        await job.run(pieces, coding: .identity, into: world.stages.ingest, hasher: world.stages.hasher, now: { now }, onProgress: onProgress)
    }

    private static let lines = """
        {"type":"track","event":"Tea Tasted","userId":"ada"}
        no json
        {"type":"track","userId":"ada"}

        """

    @Test("a finished import is listed after a restart as it was, with its refused lines")
    func finished() async throws {
        let world = try World()
        let job = Self.job("imp_1", in: world)
        try world.stages.imports.begin(job)
        await Self.run(job, Self.lines, in: world)
        try world.stages.imports.settle(job)
        for _ in 0..<2 {
            let item = try #require(try world.stages.imports.find("imp_1"))
            #expect(item.name == "tea.ndjson" && item.source == "Wren & Daughters" && item.format == "ndjson" && item.startedAt == world.clock.now)
            #expect(item.progress.state == .finished && item.progress.finishedAt == world.clock.now && item.progress.problem == nil)
            #expect((item.progress.accepted, item.progress.rejected, item.progress.bytes) == (1, 2, Self.lines.utf8.count))
            #expect(item.progress.rejectedLines.map(\.line).sorted() == [2, 3])
            #expect(Set(item.progress.rejectedLines.map(\.reason.code)) == ["import.not-json", "event.name-missing"])
            #expect(item.progress.rejectedLines.allSatisfy { !$0.reason.remedy.isEmpty })
            #expect(try world.stages.imports.list().map(\.id) == ["imp_1"])
            #expect(try world.stages.imports.list()[0].progress.rejectedLines.isEmpty, "a list is short")
            try world.restart()
        }
    }

    @Test("an import that was running when the process died is interrupted, says what to do, and keeps the counts last noted")
    func interrupted() async throws {
        let world = try World()
        let job = Self.job("imp_1", in: world)
        try world.stages.imports.begin(job)
        #expect(try world.stages.imports.find("imp_1")?.progress.state == .running)
        let imports = world.stages.imports
        let later = Timestamp(clamping: world.clock.now.milliseconds + 2000)
        await Self.run(job, Self.lines, in: world) { imports.note(job, at: later) }
        let after = try world.crashed()
        let item = try #require(try after.stages.imports.find("imp_1"))
        #expect(item.progress.state == .interrupted)
        #expect(item.progress.problem?.code == "import.interrupted")
        #expect(item.progress.problem?.remedy.contains("again") == true)
        #expect((item.progress.accepted, item.progress.counted) == (1, .partly))
        let again = Self.job("imp_2", in: after)
        try after.stages.imports.begin(again)
        #expect(try after.stages.imports.list().map(\.progress.state) == [.running, .interrupted], "newest first")
        #expect(try after.crashed().stages.imports.list().map(\.progress.counted) == [.never, .partly], "nothing was noted of the second")
    }

    @Test("only the newest are kept")
    func bounded() throws {
        let world = try World()
        for number in 0..<ImportHistory.rowsMaximum + 3 {
            let job = Self.job("imp_\(number)", in: world)
            try world.stages.imports.begin(job)
            try world.stages.imports.settle(job)
        }
        let ids = try world.stages.imports.list().map(\.id)
        #expect(ids.count == ImportHistory.rowsMaximum && ids.first == "imp_202" && ids.last == "imp_3")
        #expect(try world.stages.imports.find("imp_2") == nil)
    }

    @Test("a file that is named for somebody loses its name with them, others keep theirs", arguments: [("ADA-4711@example.com.csv", ""), ("tea-ada-4711@example.com.csv", ""), ("bob.csv", "bob.csv"), ("7.csv", "7.csv")])
    func forgets(name: String, left: String) async throws {
        let world = try World()
        let job = Self.job("imp_1", in: world, name: name)
        try world.stages.imports.begin(job)
        try world.stages.imports.settle(job)
        try world.erase(Identifier(.email, "ada-4711@example.com"))
        try world.erase(Identifier(.userId, "7"))
        #expect(try world.stages.imports.find("imp_1")?.name == left)
        if left.isEmpty { #expect(world.folder.filesContaining(name) == []) }
    }

    @Test("a call is counted the same whether its sender waits or an import hands it on")
    func oneCount() async throws {
        let body = """
            {"batch":[{"type":"track","event":"Tea Tasted","userId":"ada","messageId":"m1"},{"type":"track","event":"Tea Tasted","userId":"ada","messageId":"m1"},\
            {"type":"track","userId":"ada","messageId":"m2"}]}
            """
        let waiting = try World()
        try await waiting.send(body)
        let handed = try World()
        var bytes = Array(body.utf8)
        var call = try EventDecoder.decode(&bytes, as: .batch, in: CallContext(receivedAt: handed.clock.now)) { _ in "unnamed" }
        let counts = try await handed.stages.ingest.submit(&call, from: handed.source, shape: .batch, hasher: handed.stages.hasher, receivedAt: handed.clock.now).counts()
        #expect((counts.accepted, counts.duplicates, counts.refused) == (1, 1, 1))
        for world in [waiting, handed] {
            let totals = world.stages.ingest.totals
            #expect((totals.accepted, totals.duplicates, totals.quarantined) == (1, 1, 1))
            let day = world.stages.ingest.arrivals.lastDay(of: world.source.number, at: world.clock.now)
            #expect((day.accepted, day.quarantined) == (1, 1))
            #expect(try world.stages.ingest.quarantine.count() == 1)
            #expect(world.stages.sources.lastSeen(world.source.number) == world.clock.now)
        }
    }
}
