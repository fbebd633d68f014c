import EventLog
import Foundation
import Storage
import Synchronization
import TestSupport
import Testing
import Vocabulary

@Suite("Erasing from the log")
struct ErasureTests {
    private static let mark = "ada.lovelace.4711"

    /// A log with a sealed and an open segment in which each `every`th event is Ada's.
    private static func written(_ random: inout Random, every: Int, in folder: TemporaryFolder) throws -> (EventLog, [LogPosition]) {
        let log = try EventLog(folder: folder.path)
        var number = 0
        var hers: [LogPosition] = []
        while folder.files.filter({ $0.hasSuffix(".sealed") }).isEmpty || number % 1000 != 500 {
            try log.write((number..<number + 100).map { index in
                guard index % every == 0 else { return random.event(index, padding: 300) }
                hers.append(LogPosition(index))
                return """
                    {"type":"identify","messageId":"m\(index)","userId":"\(mark)","anonymousId":"\(mark)-device",\
                    "traits":{"email":"\(mark)@example.com","\(mark)":true,"noise":"\(random.next()) \(random.next())"},"context":{"page":{"url":"/\(mark)"}}}
                    """
            })
            number += 100
            log.finishSealing()
        }
        return (log, hers)
    }

    @Test("no byte of her is left in any file; positions and neighbours stay as they were", arguments: Seed.some(2))
    func nothingIsLeft(seed: Seed) throws {
        var random = Random(seed)
        let folder = TemporaryFolder()
        var (log, hers) = try Self.written(&random, every: 17, in: folder)
        let before = log.contents()
        #expect(!folder.filesContaining(Self.mark).isEmpty)
        #expect(try log.erase(ErasureSubject(identifiers: [], positions: hers)) == hers.count)
        for _ in 0..<2 {
            #expect(folder.filesContaining(Self.mark) == [])
            let after = log.contents()
            #expect(after.count == before.count)
            for (position, bytes) in before {
                if position % 17 != 0 { #expect(after[position] == bytes); continue }
                let event = try #require(EventView(after[position]![...]))
                #expect(event.isErased && event.type == .identify && event.field(.userId) == nil)
                #expect(event.receivedAt == EventView(bytes[...])?.receivedAt)
                // Compressed or not, nothing of hers can be read back.
                #expect(Data(after[position]!).range(of: Data(Self.mark.utf8)) == nil)
            }
            log.close()
            log = try EventLog(folder: folder.path)
            #expect(log.recovery.isClean)
        }
        #expect(try log.erase(ErasureSubject(identifiers: [], positions: hers)) == 0, "twice is once")
        log.close()
    }

    @Test("records that leaned on an erased neighbour's text still fit into their place", arguments: Seed.some(3))
    func copiesOfEachOther(seed: Seed) throws {
        var random = Random(seed)
        let folder = TemporaryFolder()
        let log = try EventLog(folder: folder.path)
        var number = 0
        var texts: [String] = []
        while folder.files.filter({ $0.hasSuffix(".sealed") }).isEmpty {
            try log.write((0..<100).map { _ in
                number += 1
                // Text without any pattern, often repeated by the next record: compressed, the second is a reference to the first.
                if texts.isEmpty || random.chance(50) { texts = [String((0..<random.below(120)).map { _ in "\(random.next())" }.joined().prefix(700))] }
                return #"{"type":"track","messageId":"\#(number)","userId":"u\#(random.below(40))","event":"Note","properties":{"text":"\#(texts[0])"}}"#
            })
            log.finishSealing()
        }
        let before = log.contents()
        var gone: Set<LogPosition> = []
        for _ in 0..<40 {
            let start = LogPosition(random.below(before.count))
            let positions = (0..<LogPosition(1 + random.below(6))).map { start + $0 * LogPosition(1 + random.below(3)) }.filter { $0 < log.end }
            gone.formUnion(positions)
            _ = try log.erase(ErasureSubject(identifiers: [], positions: positions))
        }
        let after = log.contents()
        #expect(after.count == before.count)
        for (position, bytes) in before where !gone.contains(position) { #expect(after[position] == bytes) }
        for position in gone { #expect(try log.read(position)?.isErased == true) }
        log.close()
    }

    /// It begins with its length, and ends with a checksum.
    private static func isWhole(_ journal: [UInt8]) -> Bool { journal.count >= 16 && (0..<8).reduce(0) { $0 | Int(journal[$1]) << ($1 * 8) } == journal.count - 16 }

    /// Erases somebody while the folder is copied again and again.
    ///
    /// - Returns: the records before, whose are erased, and the copies that hold the journal.
    private static func interrupted(_ random: inout Random) throws -> (before: [LogPosition: [UInt8]], hers: [LogPosition], copies: [TemporaryFolder]) {
        let folder = TemporaryFolder()
        let (log, hers) = try written(&random, every: 9, in: folder)
        let before = log.contents()
        let isRunning = Mutex(false)
        let isDone = Mutex(false)
        let crashes = Mutex<[TemporaryFolder]>([])
        let copier = Thread {
            isRunning.withLock { $0 = true }
            while !isDone.withLock({ $0 }), crashes.withLock({ $0.count }) < 60 {
                // Copying everything may take longer than the journal lasts: a whole one is as good as there until all that it says is done.
                let journal = folder.bytes("erasure.journal")
                guard isWhole(journal), let copy = try? folder.copy() else { continue }
                if !copy.files.contains("erasure.journal") { try? copy.write(journal, to: "erasure.journal") }
                crashes.withLock { $0.append(copy) }
            }
        }
        copier.start()
        while !isRunning.withLock({ $0 }) { usleep(1000) }
        _ = try log.erase(ErasureSubject(identifiers: [], positions: hers))
        isDone.withLock { $0 = true }
        log.close()
        return (before, hers, crashes.withLock { $0 }.filter { $0.files.contains("erasure.journal") })
    }

    @Test("a crash in the middle leaves each record whole, old or erased, and the next start finishes the work")
    func crashWhileErasing() throws {
        var random = Random(Seed(5))
        var caught = try Self.interrupted(&random)
        // The journal lasts for milliseconds, and on a busy machine nobody may have looked at it meanwhile.
        for _ in 0..<9 where caught.copies.isEmpty { caught = try Self.interrupted(&random) }
        let (before, hers, journalled) = caught
        #expect(!journalled.isEmpty, "the copies must have caught the journal at work")
        for copy in journalled.prefix(4) + journalled.suffix(4) {
            var journal = copy.bytes("erasure.journal")
            let isWhole = Self.isWhole(journal)
            let log = try EventLog(folder: copy.path)
            var damages = 0
            let after = log.contents { _ in damages += 1 }
            #expect(damages == 0 && log.recovery.isClean)
            #expect(!copy.files.contains("erasure.journal"))
            var erased = 0
            for (position, bytes) in before {
                if EventView(after[position]![...])!.isErased { erased += 1; #expect(position % 9 == 0) } else { #expect(after[position] == bytes) }
            }
            if isWhole { #expect(erased == hers.count) }
            log.close()
            journal.removeAll()
        }
    }

    @Test("a block that cannot be read any more is forgotten whole, and costs nobody else's block", arguments: Seed.some(2))
    func damagedBlock(seed: Seed) throws {
        var random = Random(seed)
        let folder = TemporaryFolder()
        var (log, hers) = try Self.written(&random, every: 17, in: folder)
        let before = log.contents()
        log.close()
        let name = try #require(folder.files.first { $0.hasSuffix(".sealed") })
        let bytes = folder.bytes(name)
        let dictionaryEnd = 64 + (0..<4).reduce(0) { $0 | Int(bytes[24 + $1]) << ($1 * 8) }
        let index = (0..<8).reduce(0) { $0 | Int(bytes[28 + $1]) << ($1 * 8) }
        var left: [LogPosition: [UInt8]] = [:]
        var lost: Set<LogPosition> = []
        // Some block holds something of hers.
        for offset in stride(from: dictionaryEnd + (index - dictionaryEnd) / 2, to: index, by: 1000) where !lost.contains(where: { $0 % 17 == 0 }) {
            log.close()
            var damaged = bytes
            damaged[offset] ^= 0x40
            try folder.write(damaged, to: name)
            log = try EventLog(folder: folder.path)
            left = log.contents()
            lost = Set(before.keys).subtracting(left.keys)
        }
        #expect(lost.contains { $0 % 17 == 0 } && lost.count < 64, "one block")
        #expect(try log.erase(ErasureSubject(identifiers: [], positions: hers)) == hers.filter { !lost.contains($0) }.count)
        for _ in 0..<2 {
            #expect(folder.filesContaining(Self.mark) == [])
            let after = log.contents()
            #expect(Set(after.keys) == Set(left.keys))
            for (position, bytes) in left where position % 17 != 0 { #expect(after[position] == bytes) }
            log.close()
            log = try EventLog(folder: folder.path)
        }
        log.close()
    }

    /// The journal of an erasure, read while it is carried out; empty where it was missed.
    private static func journal(of folder: TemporaryFolder, erasing positions: [LogPosition]) throws -> [UInt8] {
        let isDone = Mutex(false)
        let caught = Mutex<[UInt8]>([])
        let watcher = Thread {
            while !isDone.withLock({ $0 }) {
                let bytes = folder.bytes("erasure.journal")
                if bytes.count > 64 { caught.withLock { if bytes.count >= $0.count { $0 = bytes } } }
            }
        }
        let log = try EventLog(folder: folder.path)
        watcher.start()
        _ = try log.erase(ErasureSubject(identifiers: [], positions: positions))
        isDone.withLock { $0 = true }
        log.close()
        return caught.withLock { $0 }
    }

    @Test("a journal that was not written to its end changes nothing", arguments: [0, 8, 15, 16, 40, -1])
    func tornJournal(length: Int) throws {
        var random = Random(Seed(6))
        let folder = TemporaryFolder()
        let (log, hers) = try Self.written(&random, every: 50, in: folder)
        let before = log.contents()
        let old = try folder.copy()
        log.close()
        var journal: [UInt8] = []
        // It stands there for a moment only, which a busy machine may miss.
        for _ in 0..<50 where journal.isEmpty { journal = try Self.journal(of: old.copy(), erasing: hers) }
        try #require(journal.count > 64)
        try old.write(Array(length < 0 ? journal.dropLast() : journal.prefix(length)), to: "erasure.journal")
        let again = try EventLog(folder: old.path)
        #expect(again.contents() == before)
        #expect(!old.files.contains("erasure.journal"))
        again.close()
    }

    @Test("a dictionary holds what twenty people sent, and nothing that only nineteen did")
    func dictionary() throws {
        let folder = TemporaryFolder()
        let log = try EventLog(folder: folder.path)
        var random = Random(Seed(8))
        var number = 0
        while folder.files.filter({ $0.hasSuffix(".sealed") }).isEmpty {
            try log.write((0..<100).map { _ in
                number += 1
                let person = number % 400
                // Nineteen people share each rare text, in a value, a key, a number and an escaped text.
                let rare = person < 19 ? #","note":"only-nineteen-say-this","nineteen-key-only":1,"amount":19191919.19,"quote":"say \"nineteen-quoted\" once""# : ""
                let common = #","word":"everybody-says-this-word""#
                return """
                    {"type":"track","messageId":"message-\(number)","userId":"person-number-\(person)","event":"Product Viewed","properties":\
                    {"filler":"\(random.next())"\(rare)\(common)},"context":{"ip":"10.0.\(person / 256).\(person % 256)","userAgent":"one-of-\(person)-agents"}}
                    """
            })
            log.finishSealing()
        }
        log.close()
        let bytes = folder.bytes(try #require(folder.files.first { $0.hasSuffix(".sealed") }))
        let size = (0..<4).reduce(0) { $0 | Int(bytes[24 + $1]) << ($1 * 8) }
        let dictionary = Data(bytes[64..<64 + size])
        func holds(_ text: String) -> Bool { dictionary.range(of: Data(text.utf8)) != nil }
        #expect(size > 0 && holds("everybody-says-this-word"))
        for rare in ["only-nineteen", "nineteen-key", "19191919", "nineteen-quoted", "person-number-", "message-", "one-of-", "10.0.0."] {
            #expect(!holds(rare), "\(rare)")
        }
    }
}
