import EventLog
import Foundation
import TestSupport
import Testing
import Vocabulary

#if os(Linux)
/// What a full disk does is tried with a limit on the size of files, which holds for a whole process: so this runs in a child of its own.
@Suite("A log on a full disk")
struct FullDiskTests {
    private static let isChild = ProcessInfo.processInfo.environment["MARTLET_FULL_DISK_CHILD"] != nil

    @Test("refuses whole groups, keeps what it had acknowledged, and goes on by itself when there is room")
    func inAChild() throws {
        if Self.isChild { return try Self.story() }
        let child = Process()
        child.executableURL = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        child.arguments = ["--testing-library", "swift-testing", "--filter", "FullDiskTests"]
        child.environment = ProcessInfo.processInfo.environment.merging(["MARTLET_FULL_DISK_CHILD": "1"]) { $1 }
        let output = Pipe()
        (child.standardOutput, child.standardError) = (output, output)
        try child.run()
        let said = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        child.waitUntilExit()
        #expect(child.terminationStatus == 0, "\(said.suffix(2000))")
        #expect(said.contains("1 test in 1 suite passed"), "\(said.suffix(2000))")
    }

    private static func limit(_ bytes: UInt64) {
        var limit = rlimit()
        _ = unsafe getrlimit(__rlimit_resource_t(1), &limit)
        limit.rlim_cur = min(rlim_t(bytes), limit.rlim_max)
        _ = unsafe setrlimit(__rlimit_resource_t(1), &limit)
    }

    private static func story() throws {
        signal(SIGXFSZ, SIG_IGN)
        var random = Random(Seed(1))
        let folder = TemporaryFolder()
        var log = try EventLog(folder: folder.path)

        // Not even the first segment fits: nothing is accepted, and nothing is left lying about.
        limit(500_000)
        #expect(throws: LogError.full) { try log.write([random.event(0)]) }
        #expect(!log.probe(room: 1 << 16))
        #expect(log.end == 0)
        #expect(folder.files.allSatisfy { folder.bytes($0).isEmpty })

        // There is room again.
        limit(.max)
        #expect(log.probe(room: 1 << 16))
        var number = 0
        var acknowledged: [Int] = []
        func write(_ count: Int) throws {
            let numbers = Array(number..<number + count)
            number += count
            try log.write(numbers.map { random.event($0, padding: 400) })
            acknowledged += numbers
        }
        try write(100)

        // It fills up in the middle of a write, of which a part reaches the disk; also where a new segment would be begun.
        for round in 0..<6 {
            limit(UInt64(150_000 + 90_000 * round))
            var refusals = 0
            // A segment prepared ahead takes some more; after it, nothing does.
            while refusals < 3 {
                do { try write(60) } catch {
                    #expect(error as? LogError == .full)
                    refusals += 1
                }
            }
            #expect(log.contents().count == acknowledged.count)
            limit(.max)
            try write(30)
        }
        for _ in 0..<2 {
            let numbers = log.contents().sorted { $0.key < $1.key }.map { EventView($0.value[...])?.json(.properties)?["number"]?.integer.map(Int.init) }
            #expect(numbers == acknowledged)
            log.finishSealing()
            log.close()
            log = try EventLog(folder: folder.path)
            #expect(log.recovery.isClean)
        }
        log.close()
    }
}
#endif
