import EventLog
import Foundation
import TestSupport
import Testing
import Vocabulary

@Suite("Appending and reading")
struct AppendTests {
    @Test("every record is read back as it was written, over many segments, open, sealed and after a restart", arguments: Seed.some(2))
    func readsBack(seed: Seed) throws {
        var random = Random(seed)
        let folder = TemporaryFolder()
        var log = try EventLog(folder: folder.path)
        var written = 0
        while written < 12_000 {
            let count = 1 + random.below(400)
            let range = try log.write((written..<written + count).map { random.event($0, padding: 500) })
            #expect(range == LogPosition(written)..<LogPosition(written + count))
            written += count
        }
        let first = log.contents()
        #expect(first.count == written)
        for position in first.keys {
            let number = try log.read(position)?.json(.properties)?["number"]?.integer
            #expect(number == Int64(position))
        }
        log.finishSealing()
        #expect(folder.files.filter { $0.hasSuffix(".sealed") }.count >= 2)
        #expect(log.contents() == first)
        log.close()
        log = try EventLog(folder: folder.path)
        #expect(log.recovery.isClean)
        #expect(log.recovery.tornBytes == 0)
        #expect(log.end == LogPosition(written))
        #expect(log.contents() == first)
        for _ in 0..<20 {
            let start = LogPosition(random.below(written))
            #expect(log.contents(from: start) == first.filter { $0.key >= start })
            #expect(try log.read(start).map { Array($0.bytes) } == first[start])
        }
        log.close()
    }

    @Test("many at once are read as one by one, by several threads together", arguments: Seed.some(2))
    func readsMany(seed: Seed) async throws {
        var random = Random(seed)
        let folder = TemporaryFolder()
        let log = try EventLog(folder: folder.path)
        var written = 0
        while written < 9000 {
            try log.write((written..<written + 300).map { random.event($0, padding: 500) })
            written += 300
        }
        log.finishSealing()
        #expect(folder.files.contains { $0.hasSuffix(".sealed") } && log.openSegmentCount > 0)
        let all = log.contents()
        // Newest first and in disorder, some behind the end; few, as many as are shared between two threads, and more than that.
        let lists = [0, 1, 15, 16, 17, 50, 200, 999, 1000, 1001].flatMap { count in
            (0..<3).map { kind -> [LogPosition] in
                let list = (0..<count).map { _ in LogPosition(random.below(written + 50)) }
                return kind == 0 ? list : kind == 1 ? list.sorted(by: >) : list.sorted()
            }
        }
        await withTaskGroup(of: Void.self) { group in
            for list in lists {
                group.addTask {
                    let found = try? log.read(list)
                    #expect(found?.map(\.position) == list.filter { all[$0] != nil })
                    #expect(found?.allSatisfy { Array($0.event.bytes) == all[$0.position] } == true)
                }
            }
        }
        // What is damaged is left out by both halves.
        log.close()
        let name = try #require(folder.files.first { $0.hasSuffix(".sealed") })
        var bytes = folder.bytes(name)
        for at in stride(from: bytes.count / 4, to: bytes.count * 3 / 4, by: bytes.count / 16) { bytes[at] ^= 0x40 }
        try folder.write(bytes, to: name)
        let damaged = try EventLog(folder: folder.path)
        let left = damaged.contents()
        #expect(left.count < all.count)
        let list = (0..<500).map { _ in LogPosition(random.below(written)) }
        #expect(try damaged.read(list).map(\.position) == list.filter { left[$0] != nil })
        damaged.close()
    }

    @Test("there is nothing behind the end")
    func nothingBehindTheEnd() throws {
        let folder = TemporaryFolder()
        let log = try EventLog(folder: folder.path)
        #expect(try log.read(0) == nil)
        try log.write([#"{"type":"track","userId":"u1","event":"Tea Tasted"}"#])
        #expect(try log.read(0)?.title == "Tea Tasted")
        #expect(try log.read(1) == nil)
        #expect(try log.read(.max) == nil)
        #expect(log.contents(from: 1).isEmpty)
        log.close()
    }

    @Test("a scan stops where its reader says, and at the limit")
    func scanStops() throws {
        let folder = TemporaryFolder()
        var random = Random(Seed(1))
        let log = try EventLog(folder: folder.path)
        try log.write((0..<1000).map { random.event($0) })
        var calls = 0
        log.scan(from: 0) { _ in calls += 1; return false }
        #expect(calls == 1)
        var positions: [LogPosition] = []
        log.scan(from: 10, to: 20) { batch in positions += batch.entries.map(\.position); return true }
        #expect(positions == Array(10..<20))
        log.close()
    }

    @Test("receivedAt never falls, however the clock jumps, not even over a restart", arguments: Seed.some(3))
    func timeNeverFalls(seed: Seed) throws {
        var random = Random(seed)
        let folder = TemporaryFolder()
        var log = try EventLog(folder: folder.path)
        for round in 0..<40 {
            let at = Timestamp(clamping: 1_780_000_000_000 + Int64(random.below(10_000_000)) - (round % 10 == 9 ? 86_400_000 : 0))
            try log.write((0..<1 + random.below(3)).map { random.event($0) }, at: at)
            if random.chance(30) {
                log.close()
                log = try EventLog(folder: folder.path)
            }
        }
        let events = log.contents().sorted { $0.key < $1.key }.compactMap { EventView($0.value[...]) }
        #expect(events.count == Int(log.end))
        #expect(zip(events, events.dropFirst()).allSatisfy { $0.receivedAt <= $1.receivedAt })
        log.close()
    }

    @Test("much at once, with little between: a slow reader reads it while it is sealed, and so does the next start; what waits to be a segment is zeros")
    func largeGroups() throws {
        let folder = TemporaryFolder()
        var log = try EventLog(folder: folder.path)
        let filling = String(repeating: "MARKED tea ", count: 2600)
        func text(_ number: Int) -> String { "\(number) \(filling)\(number)" }
        var written = 0
        // Past the sizes to which segments grow, so that some follow each other at the largest. Groups on both sides of what goes past the page cache,
        // which begin and end anywhere in a page.
        while written < 14_000 {
            for count in [13, 1] {
                try log.write((written..<written + count).map { #"{"type":"track","userId":"u1","event":"Long","properties":{"text":"\#(text($0))"}}"# })
                written += count
            }
            guard written % 2800 == 0 else { continue }
            // Somebody who is slow stands in the middle of a file while it is sealed and has a successor.
            var next = written - 2800
            log.scan(from: LogPosition(next)) { batch in
                log.finishSealing()
                for entry in batch.entries {
                    #expect(batch.event(entry)?.json(.properties)?["text"]?.string == text(next))
                    next += 1
                }
                return true
            }
            #expect(next == written)
        }
        log.close()
        let names = folder.files.filter { $0.hasSuffix(".spare") }
        #expect(names.count == 1)
        let spare = try Data(contentsOf: URL(fileURLWithPath: "\(folder.path)/\(names.first ?? "")"), options: .alwaysMapped)
        let isZero = spare.allSatisfy { $0 == 0 }
        #expect(isZero)
        log = try EventLog(folder: folder.path)
        #expect(log.recovery.isClean && log.recovery.tornBytes == 0)
        var found = 0
        log.scan(from: 0) { batch in
            for entry in batch.entries where batch.event(entry)?.json(.properties)?["text"]?.string == text(Int(entry.position)) { found += 1 }
            return true
        }
        #expect(found == written)
        #expect(!folder.files.contains { $0.hasSuffix(".spare") })
        log.close()
    }

    @Test("a record larger than any segment so far is kept")
    func largeRecord() throws {
        let folder = TemporaryFolder()
        var log = try EventLog(folder: folder.path)
        let large = String(repeating: "tea ", count: 250_000)
        try log.write([#"{"type":"track","userId":"u1","event":"Small"}"#])
        try log.write([#"{"type":"track","userId":"u1","event":"Large","properties":{"text":"\#(large)"}}"#])
        try log.write([#"{"type":"track","userId":"u1","event":"Small again"}"#])
        for _ in 0..<2 {
            #expect(try log.read(1)?.json(.properties)?["text"]?.string == large)
            #expect(log.contents().count == 3)
            log.finishSealing()
            log.close()
            log = try EventLog(folder: folder.path)
        }
        log.close()
    }
}
