import EventLog
import TestSupport
import Testing
import Vocabulary

@Suite("A damaged log")
struct DamageTests {
    /// The log's one open segment.
    private static func openFile(_ folder: TemporaryFolder) -> String { folder.files.last { $0.hasSuffix(".open") } ?? "" }

    /// A folder with `groups` groups of `size` records each, stopped, and what it holds.
    private static func written(groups: Int, of size: Int, seed: Seed = Seed(1)) throws -> (TemporaryFolder, [LogPosition: [UInt8]]) {
        var random = Random(seed)
        let folder = TemporaryFolder()
        let log = try EventLog(folder: folder.path)
        for group in 0..<groups { try log.write((0..<size).map { random.event(group * size + $0, padding: 60) }) }
        log.close()
        return (folder, log.contents())
    }

    /// Where each record's frame begins in an open segment's bytes.
    private static func frames(_ records: [LogPosition: [UInt8]]) -> [Int] {
        var offsets = [64]
        for position in 0..<LogPosition(records.count) { offsets.append(offsets.last! + EventBatch.headroom + records[position]!.count) }
        return offsets
    }

    /// The positions at which two logs' contents differ: short to print, unlike the contents.
    private static func differences(_ a: [LogPosition: [UInt8]], _ b: [LogPosition: [UInt8]]) -> [LogPosition] {
        Set(a.keys).union(b.keys).filter { a[$0] != b[$0] }.sorted()
    }

    enum Tail: CaseIterable { case cut, zeros, noise }

    @Test("cut at any byte of the last record, it opens without that record and goes on", arguments: Tail.allCases)
    func tornTail(tail: Tail) throws {
        let (folder, records) = try Self.written(groups: 3, of: 1)
        let file = Self.openFile(folder)
        let whole = folder.bytes(file)
        let frames = Self.frames(records)
        var random = Random(Seed(7))
        for cut in frames[2]..<frames[3] {
            var bytes = Array(whole[..<cut])
            switch tail {
            case .cut: break
            case .zeros: bytes += [UInt8](repeating: 0, count: whole.count - cut)
            case .noise: bytes += (cut..<frames[3]).map { whole[$0] ^ UInt8(1 + random.below(255)) } + [UInt8](repeating: 0, count: whole.count - frames[3])
            }
            let copy = TemporaryFolder()
            try copy.write(bytes, to: file)
            let log = try EventLog(folder: copy.path)
            // The last byte of a record may be a zero that the cut does not change.
            if log.end == 3 { #expect(Self.differences(log.contents(), records) == []) } else {
                #expect(log.end == 2, "cut at \(cut)")
                #expect(Self.differences(log.contents(), records.filter { $0.key < 2 }) == [], "cut at \(cut)")
            }
            #expect(log.recovery.isClean)
            let end = log.end
            try log.write([#"{"type":"track","userId":"u1","event":"Afterwards"}"#])
            #expect(try log.read(end)?.title == "Afterwards")
            log.close()
            if cut % 16 == 0 {
                let again = try EventLog(folder: copy.path)
                #expect(again.recovery.isClean && again.recovery.tornBytes == 0)
                #expect(again.contents().count == Int(end) + 1)
                again.close()
            }
        }
    }

    @Test("a bit flipped in an open segment costs at most its own record, and is reported", arguments: Seed.some(2))
    func flipsInOpen(seed: Seed) throws {
        var random = Random(seed)
        let (folder, records) = try Self.written(groups: 12, of: 1, seed: seed)
        let file = Self.openFile(folder)
        let whole = folder.bytes(file)
        let frames = Self.frames(records)
        // Each byte of a record in the middle and of the last, and the unused room behind.
        for offset in Array(frames[5]..<frames[6]) + Array(frames[11]..<frames[12]) + [frames[12], frames[12] + 1, frames[12] + 25, whole.count - 1] {
            var bytes = whole
            bytes[offset] ^= 1 << UInt8(random.below(8))
            let copy = TemporaryFolder()
            try copy.write(bytes, to: file)
            let log = try EventLog(folder: copy.path)
            let found = log.contents()
            let hit = frames.lastIndex { $0 <= offset }.map(LogPosition.init)!
            #expect(Self.differences(found, records.filter { $0.key != hit }) == [], "flip at \(offset)")
            if hit < 11 {
                #expect(log.recovery.lost == [hit..<hit + 1], "flip at \(offset)")
            } else {
                #expect(log.recovery.isClean)
                #expect(log.recovery.tornBytes > 0, "flip at \(offset)")
            }
            log.close()
        }
    }

    @Test("a bit flipped in the header of an open segment costs nothing")
    func flipsInOpenHeader() throws {
        let (folder, records) = try Self.written(groups: 4, of: 2)
        let file = Self.openFile(folder)
        let whole = folder.bytes(file)
        for offset in 0..<64 {
            var bytes = whole
            bytes[offset] ^= 1 << UInt8(offset % 8)
            let copy = TemporaryFolder()
            try copy.write(bytes, to: file)
            let log = try EventLog(folder: copy.path)
            #expect(Self.differences(log.contents(), records) == [], "flip at \(offset)")
            #expect(log.end == 8)
            log.close()
        }
    }

    @Test("a bit flipped in a group of many costs one record of it, wherever the group stands")
    func flipsInGroup() throws {
        let (folder, records) = try Self.written(groups: 3, of: 50)
        let file = Self.openFile(folder)
        let whole = folder.bytes(file)
        let frames = Self.frames(records)
        for hit in [0, 1, 49, 50, 75, 99, 100, 101, 148, 149] {
            var bytes = whole
            bytes[frames[hit] + 40] ^= 4
            let copy = TemporaryFolder()
            try copy.write(bytes, to: file)
            for _ in 0..<2 {
                let log = try EventLog(folder: copy.path)
                #expect(Self.differences(log.contents(), records.filter { $0.key != LogPosition(hit) }) == [], "record \(hit)")
                log.close()
            }
        }
    }

    @Test("a bit flipped in a sealed segment never changes an event; in a block it costs that block alone", arguments: Seed.some(2))
    func flipsInSealed(seed: Seed) throws {
        var random = Random(seed)
        let folder = TemporaryFolder()
        let log = try EventLog(folder: folder.path)
        var number = 0
        while folder.files.filter({ $0.hasSuffix(".sealed") }).isEmpty {
            try log.write((0..<200).map { random.event(number + $0, padding: 300) })
            number += 200
            log.finishSealing()
        }
        let records = log.contents()
        log.close()
        let file = try #require(folder.files.first { $0.hasSuffix(".sealed") })
        let whole = folder.bytes(file)
        let dictionaryEnd = 64 + (0..<4).reduce(0) { $0 | Int(whole[24 + $1]) << ($1 * 8) }
        let index = (0..<8).reduce(0) { $0 | Int(whole[28 + $1]) << ($1 * 8) }
        #expect(dictionaryEnd < index && index < whole.count)
        var offsets = Array(0..<64) + (0..<30).map { _ in 64 + random.below(dictionaryEnd - 64) }
        offsets += (0..<60).map { _ in dictionaryEnd + random.below(index - dictionaryEnd) }
        offsets += (0..<30).map { _ in index + random.below(whole.count - index) }
        for offset in offsets {
            var bytes = whole
            bytes[offset] ^= 1 << UInt8(random.below(8))
            try folder.write(bytes, to: file)
            let log = try EventLog(folder: folder.path)
            var damages = 0
            let found = log.contents { _ in damages += 1 }
            #expect(found.allSatisfy { records[$0.key] == $0.value }, "flip at \(offset)")
            #expect(log.end == LogPosition(records.count))
            if found.count < records.count { #expect(damages > 0 || !log.recovery.isClean, "flip at \(offset) goes unreported") }
            if offset >= dictionaryEnd, offset < index {
                // A block holds 4 KiB and the end of the record that fills it.
                #expect(records.count - found.count < 64, "flip at \(offset)")
                for position in records.keys where found[position] == nil { #expect((try? log.read(position)) == nil) }
            }
            log.close()
        }
        try folder.write(whole, to: file)
        let again = try EventLog(folder: folder.path)
        #expect(Self.differences(again.contents(), records) == [])
        again.close()
    }

    @Test("a sealed segment that was cut short keeps its whole blocks, and says exactly which positions are gone")
    func shortenedSealed() throws {
        var random = Random(Seed(5))
        let folder = TemporaryFolder()
        var log = try EventLog(folder: folder.path)
        var number = 0
        while folder.files.filter({ $0.hasSuffix(".sealed") }).isEmpty {
            try log.write((0..<200).map { random.event(number + $0, padding: 300) })
            number += 200
            log.finishSealing()
        }
        let records = log.contents()
        log.close()
        let name = try #require(folder.files.first { $0.hasSuffix(".sealed") })
        let whole = folder.bytes(name)
        let dictionaryEnd = 64 + (0..<4).reduce(0) { $0 | Int(whole[24 + $1]) << ($1 * 8) }
        let index = (0..<8).reduce(0) { $0 | Int(whole[28 + $1]) << ($1 * 8) }
        let count = (0..<4).reduce(0) { $0 | Int(whole[16 + $1]) << ($1 * 8) }
        var fewest = 0
        for length in [dictionaryEnd, dictionaryEnd + 1, dictionaryEnd + 5000, (dictionaryEnd + index) / 2, index - 1, index, index + 3, whole.count - 65, whole.count - 1] {
            try folder.write(Array(whole[..<length]), to: name)
            log = try EventLog(folder: folder.path)
            let found = log.contents()
            #expect(Self.differences(found, records.filter { found[$0.key] != nil }) == [], "cut at \(length)")
            #expect(log.end == LogPosition(records.count))
            let lost = records.keys.filter { found[$0] == nil }.sorted()
            #expect(found.count >= fewest, "more is left of more")
            fewest = found.count
            if length >= index { #expect(lost == []) }
            if length == index - 1 { #expect(!lost.isEmpty && lost.count < 64, "its own block alone") }
            if let first = lost.first {
                let range = first..<LogPosition(count)
                #expect(lost == Array(range))
                #expect(log.recovery.lost == [range] && log.recovery.damagedFiles == [name])
                #expect(log.verify().lost == [range])
                #expect(try log.read(first) == nil)
            } else {
                #expect(log.recovery.isClean && log.verify().lost == [])
            }
            #expect(log.verify().events == found.count)
            log.close()
        }
    }

    @Test("a segment that is gone or ruined costs itself, and what stands behind it is still read", arguments: [0, 1])
    func ruinedSegment(which: Int) throws {
        var random = Random(Seed(3))
        let folder = TemporaryFolder()
        var log = try EventLog(folder: folder.path)
        for group in 0..<30 { try log.write((0..<300).map { random.event(group * 300 + $0, padding: 500) }) }
        log.finishSealing()
        let records = log.contents()
        log.close()
        let sealed = folder.files.filter { $0.hasSuffix(".sealed") }
        #expect(sealed.count >= 2)
        let name = sealed[which]
        let next = LogPosition(folder.files.filter { $0.hasSuffix(".sealed") || $0.hasSuffix(".open") }[which + 1].prefix(16), radix: 16)!
        let first = LogPosition(name.prefix(16), radix: 16)!
        try folder.write([UInt8](repeating: 7, count: 100), to: name)
        log = try EventLog(folder: folder.path)
        #expect(log.recovery.damagedFiles == [name])
        #expect(log.end == LogPosition(records.count))
        #expect(Self.differences(log.contents(), records.filter { $0.key < first || $0.key >= next }) == [])
        #expect(try log.read(next).map { Array($0.bytes) } == records[next])
        #expect((try? log.read(first)) == nil)
        log.close()
    }
}
