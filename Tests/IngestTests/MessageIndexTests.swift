import EventLog
import Ingest
import TestSupport
import Testing
import Vocabulary

@Suite("The message index")
struct MessageIndexTests {
    private static let hasher = MessageHasher(secret: Array(1...16))

    private static func key(_ id: Int) -> MessageKey { hasher.key(source: 0, messageId: Array("m\(id)".utf8)[...]) }
    private static func event(_ id: Int) -> String { #"{"type":"track","userId":"u1","event":"Tea Tasted","messageId":"m\#(id)"}"# }

    private static func position(_ id: Int, in index: MessageIndex) -> LogPosition? { index.position(source: 0, messageId: Array("m\(id)".utf8)) }

    @Test("answers as a plain dictionary does, whatever is claimed, taken back, written, lost in a crash and started again", arguments: Seed.some(5))
    func likeADictionary(seed: Seed) throws {
        var random = Random(seed)
        let folder = TemporaryFolder()
        var log = try EventLog(folder: "\(folder.path)/log")
        var index = MessageIndex(folder: "\(folder.path)/messages", hasher: Self.hasher, log: log)
        var model: [Int: LogPosition] = [:]
        var nextId = 0
        for _ in 0..<120 {
            let ids = (0..<1 + random.below(12)).map { _ in
                if random.chance(30), nextId > 0 { return random.below(nextId) }
                nextId += 1
                return nextId - 1
            }
            let claims = index.claim(ids.map(Self.key), from: log.end)
            var expected: [LogPosition?] = []
            var fresh: [Int] = []
            for id in ids {
                let isSeen = model[id] != nil || fresh.contains(id)
                expected.append(isSeen ? nil : log.end + LogPosition(fresh.count))
                if !isSeen { fresh.append(id) }
            }
            #expect(claims == expected)
            // An erasure elsewhere writes the index out while a group is under way.
            if random.chance(25) { index.checkpoint() }
            switch random.below(10) {
            case 0:
                // The write fails.
                index.release(fresh.map(Self.key))
            case 1:
                // The process ends before the write.
                index.close()
                log.close()
                log = try EventLog(folder: "\(folder.path)/log")
                index = MessageIndex(folder: "\(folder.path)/messages", hasher: Self.hasher, log: log)
            default:
                if !fresh.isEmpty { try log.write(fresh.map(Self.event)) }
                index.commit(upTo: log.end)
                for (id, position) in zip(ids, claims) { if let position { model[id] = position } }
            }
            if random.chance(20) { index.checkpoint() }
            if random.chance(8) {
                index.close()
                log.close()
                log = try EventLog(folder: "\(folder.path)/log")
                index = MessageIndex(folder: "\(folder.path)/messages", hasher: Self.hasher, log: log)
            }
            let wrong = (0..<nextId + 3).filter { Self.position($0, in: index) != model[$0] }
            #expect(wrong == [])
            if !wrong.isEmpty { break }
        }
        index.close()
        log.close()
    }

    @Test(
        "keeps each of 2.5 million, or of 100,000 with next to no memory, where it was claimed while room is made and used again, with claims taken back and others under way",
        arguments: Seed.some(1), [Int.max, 1])
    func manyRooms(seed: Seed, memory: Int) throws {
        let count = memory == 1 ? 100_000 : 2_500_000
        var random = Random(seed)
        let folder = TemporaryFolder()
        let log = try EventLog(folder: "\(folder.path)/log")
        let index = MessageIndex(folder: "\(folder.path)/messages", hasher: Self.hasher, log: log, memory: memory)
        var positions: [LogPosition] = []
        var end: LogPosition = 0
        while positions.count < count {
            let fresh = Array(positions.count..<positions.count + 5000)
            let known = (0..<20).map { _ in positions.isEmpty ? 0 : random.below(positions.count) }
            if random.chance(5) {
                _ = index.claim(fresh.map(Self.key), from: end)
                index.release(fresh.map(Self.key))
            }
            let claims = index.claim(fresh.map(Self.key), from: end)
            #expect(claims == (0..<5000).map { end + LogPosition($0) })
            if !positions.isEmpty { #expect(index.claim(known.map(Self.key), from: end + 5000).allSatisfy { $0 == nil }) }
            // Only a part is written when the next look at the index comes.
            index.commit(upTo: end + 2500)
            index.commit(upTo: end + 5000)
            positions += claims.compactMap { $0 }
            end += 5000
        }
        let wrong = positions.indices.filter { Self.position($0, in: index) != positions[$0] }
        #expect(wrong == [])
        index.close()
        log.close()
    }

    @Test("finds each of 60,000 in files that were merged, and none that was not there")
    func manyRuns() throws {
        let folder = TemporaryFolder()
        let log = try EventLog(folder: "\(folder.path)/log")
        let index = MessageIndex(folder: "\(folder.path)/messages", hasher: Self.hasher, log: log)
        for start in stride(from: 0, to: 60_000, by: 3000) {
            let claims = index.claim((start..<start + 3000).map(Self.key), from: LogPosition(start))
            #expect(claims.allSatisfy { $0 != nil })
            index.commit(upTo: LogPosition(start + 3000))
            index.checkpoint()
        }
        let runs = folder.files.filter { $0.hasSuffix(".run") }
        #expect(runs.count < 10, "twenty files became fewer: \(runs.count)")
        let isEachFound = (0..<60_000).allSatisfy { Self.position($0, in: index) == LogPosition($0) }
        #expect(isEachFound)
        let strangers = 60_000..<160_000
        #expect(strangers.allSatisfy { Self.position($0, in: index) == nil })
        // What the filters let through costs a read; they promise 1 %.
        for name in runs {
            let run = try #require(MessageRun.open("\(folder.path)/\(name)"))
            let passed = strangers.count { run.mayContain(Self.key($0)) }
            #expect(passed < strangers.count * 2 / 100, "\(passed)")
        }
        index.close()
        log.close()
    }

    @Test("a damaged, foreign or missing file is made again from the log", arguments: 0..<6)
    func damagedRuns(how: Int) throws {
        let folder = TemporaryFolder()
        var log = try EventLog(folder: "\(folder.path)/log")
        var index = MessageIndex(folder: "\(folder.path)/messages", hasher: Self.hasher, log: log)
        for start in [0, 100, 200] {
            _ = index.claim((start..<start + 100).map(Self.key), from: log.end)
            try log.write((start..<start + 100).map(Self.event))
            index.commit(upTo: log.end)
            index.checkpoint()
        }
        index.close()
        log.close()
        let runs = folder.files.filter { $0.hasSuffix(".run") }
        #expect(runs.count == 3)
        var bytes = folder.bytes(runs[1])
        switch how {
        case 0: bytes[20] ^= 1
        case 1: bytes[80] ^= 1
        case 2: bytes[bytes.count - 3] ^= 1
        case 3: bytes.removeLast(5)
        case 4: bytes.removeAll()
        default: bytes = folder.bytes(runs[2])
        }
        try folder.write(bytes, to: runs[1])
        log = try EventLog(folder: "\(folder.path)/log")
        index = MessageIndex(folder: "\(folder.path)/messages", hasher: Self.hasher, log: log)
        for id in 0..<300 { #expect(Self.position(id, in: index) == LogPosition(id)) }
        #expect(Self.position(300, in: index) == nil)
        index.close()
        log.close()
    }

    @Test("the same messageId from two sources is two messages")
    func sourcesAreApart() {
        let id = Array("m1".utf8)[...]
        let keys = Set((0..<1000).map { Self.hasher.key(source: $0, messageId: id) })
        #expect(keys.count == 1000)
        #expect(MessageHasher(secret: Array(2...17)).key(source: 0, messageId: id) != Self.hasher.key(source: 0, messageId: id))
    }
}
