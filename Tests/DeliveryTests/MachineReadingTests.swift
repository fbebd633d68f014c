import Delivery
import Identity
import Privacy
import Storage
import Synchronization
import TestSupport
import Testing
import Vocabulary

@Suite("Opens and clicks of machines")
struct MachineReadingTests {
    private static let browser = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.0 Mobile/15E148 Safari/604.1"

    private static func link(_ kind: TrackingLink.Kind = .click, index: Int = 0, count: Int = 3) throws -> TrackingLink {
        TrackingLink(kind, key: "k1", profile: try #require(ProfileID("prf_0000000000001")), sentAt: Timestamp(clamping: MailWorld.start), index: index, count: count, target: "https://tea.example/\(index)")
    }

    private static func request(_ agent: String = browser, head: Bool = false, prefetch: Bool = false, after: Int64 = 60_000) -> MachineReading.Request {
        MachineReading.Request(isHead: head, userAgent: agent, isPrefetch: prefetch, at: Timestamp(clamping: MailWorld.start + after))
    }

    @Test("one request alone", arguments: [
        (browser, false, false, 60_000, TrackingLink.Kind.click, MachineReading?.none), (browser, false, false, 1999, .click, .early), (browser, false, false, 2000, .click, nil), (browser, true, false, 60_000, .click, .head),
        (browser, false, true, 60_000, .click, .prefetch), ("", false, false, 60_000, .click, .scanner), ("Barracuda Sentinel (EE) and more", false, false, 60_000, .click, .scanner),
        ("Mozilla/5.0 (compatible; Googlebot/2.1)", false, false, 60_000, .click, .scanner), ("python-requests/2.31.0", false, false, 60_000, .open, .scanner), ("Mozilla/5.0", false, false, 60_000, .open, .privacyProxy),
        ("Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)", false, false, 60_000, .open, nil), (browser, false, false, 60_000, .trap, .trap),
    ] as [(String, Bool, Bool, Int64, TrackingLink.Kind, MachineReading?)])
    func alone(_ agent: String, _ head: Bool, _ prefetch: Bool, _ after: Int64, _ kind: TrackingLink.Kind, _ expected: MachineReading?) throws {
        #expect(MachineReading.of(Self.request(agent, head: head, prefetch: prefetch, after: after), try Self.link(kind)) == expected)
    }

    private static func readings(_ requests: [(TrackingLink, MachineReading.Request)]) async throws -> [EmailTracking.Reading] {
        let folder = TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        let tracking = EmailTracking(try Self.database(folder)) { _ in [] }
        let got = Readings()
        try tracking.start { got.add($0) }
        // All at once, so that a slow disk does not tell the first before the last has come.
        await withTaskGroup(of: Void.self) { group in for (link, request) in requests { group.addTask { await tracking.saw(link, request) } } }
        await tracking.flush()
        return got.all.withLock { $0 }
    }
    private static func database(_ folder: TemporaryFolder) throws -> DatabaseFile { try DatabaseFile(path: "\(folder.path)/readings.sqlite", migrations: EmailTracking.migrations) }

    @Test("what a crash leaves is told at the next start, once, and with what came beside it")
    func crash() async throws {
        let folder = TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        let database = try Self.database(folder)
        // The process ends before anything is told: nobody listens.
        let lost = EmailTracking(database) { _ in [] }
        await withTaskGroup(of: Void.self) { group in
            for index in 0..<3 { group.addTask { if let link = try? Self.link(index: index) { await lost.saw(link, Self.request(after: 60_000 + Int64(index))) } } }
        }
        for round in 0..<2 {
            let next = EmailTracking(database) { _ in [] }
            let got = Readings()
            try next.start { got.add($0) }
            await next.flush()
            #expect(got.all.withLock { $0.map(\.machine) } == (round == 0 ? [.burst, .burst, .burst] : []))
        }
    }

    @Test("what the log cannot take now is told later")
    func refused() async throws {
        struct Full: Error {}
        let folder = TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        let tracking = EmailTracking(try Self.database(folder)) { _ in [] }
        let got = Readings()
        try tracking.start { readings in
            if got.count() == 1 { throw Full() }
            got.add(readings)
        }
        await tracking.saw(try Self.link(), Self.request())
        await tracking.flush()
        #expect(got.all.withLock { $0.isEmpty })
        await tracking.flush()
        #expect(got.all.withLock { $0.count } == 1)
    }

    @Test("whoever is forgotten is told nothing of, now or after a restart")
    func forgotten() async throws {
        let folder = TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        let database = try Self.database(folder)
        let tracking = EmailTracking(database) { _ in ["prf_0000000000001"] }
        let got = Readings()
        try tracking.start { got.add($0) }
        await tracking.saw(try Self.link(), Self.request())
        #expect(try tracking.erase(ErasureSubject(identifiers: [], positions: [])) == 1)
        await tracking.flush()
        try EmailTracking(database) { _ in [] }.start { got.add($0) }
        #expect(got.all.withLock { $0.isEmpty })
    }
    private final class Readings: Sendable {
        let all = Mutex<[EmailTracking.Reading]>([])
        private let calls = Mutex(0)
        func add(_ more: [EmailTracking.Reading]) { all.withLock { $0 += more } }
        /// How often it was asked.
        func count() -> Int { calls.withLock { $0 += 1; return $0 } }
    }

    @Test("a person clicks one link, or two with time between")
    func person() async throws {
        let readings = try await Self.readings([(try Self.link(), Self.request()), (try Self.link(index: 1), Self.request(after: 65_000)), (try Self.link(.open), Self.request())])
        #expect(readings.count == 3 && readings.allSatisfy { $0.machine == nil })
    }

    @Test("who clicks behind a machine that looked at the link first is told beside it, and a program that only asked whether it is there is no person when it comes back")
    func behind() async throws {
        let other = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
        for (first, expected) in [(Self.request("Mimecast link scanner/1.0"), MachineReading.scanner), (Self.request(other, head: true), .head), (Self.request(prefetch: true), .prefetch)] {
            let readings = try await Self.readings([(try Self.link(), first), (try Self.link(), Self.request(after: 60_300)), (try Self.link(), Self.request(after: 60_400))])
            #expect(Set(readings.map(\.machine)) == [expected, nil] && readings.count == 2)
        }
        let opened = try await Self.readings([(try Self.link(.open), Self.request("Mozilla/5.0")), (try Self.link(.open), Self.request(after: 60_200))])
        #expect(Set(opened.map(\.machine)) == [.privacyProxy, nil])
        let same = try await Self.readings([(try Self.link(), Self.request(head: true)), (try Self.link(), Self.request(after: 60_100)), (try Self.link(index: 1), Self.request(after: 60_200))])
        #expect(same.map(\.machine).filter { $0 == .head }.count == 1 && same.contains { $0.link.index == 1 && $0.machine == nil }, "another link is another matter")
    }

    @Test("every link within a second is a scanner, whatever it calls itself")
    func burst() async throws {
        let all = try (0..<3).map { (try Self.link(index: $0), Self.request(after: 60_000 + Int64($0) * 100)) }
        #expect(try await Self.readings(all).map(\.machine) == [.burst, .burst, .burst])
        let both = try (0..<2).map { (try Self.link(index: $0, count: 2), Self.request(after: 60_000 + Int64($0) * 900)) }
        #expect(try await Self.readings(both).map(\.machine) == [.burst, .burst])
        let two = try (0..<2).map { (try Self.link(index: $0, count: 9), Self.request(after: 60_000 + Int64($0) * 900)) }
        #expect(try await Self.readings(two).map(\.machine) == [nil, nil])
    }

    @Test("a burst that begins while an earlier request of the mail is being told is one, and so is one that goes on for longer than a request is held", arguments: [[0, 1300, 1400, 1580, 1700], [0, 400, 800, 1200, 1600, 2000]])
    func longBurst(instants: [Int64]) async throws {
        let folder = TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        let tracking = EmailTracking(try Self.database(folder)) { _ in [] }
        let got = Readings()
        try tracking.start { got.add($0) }
        let isOpened = instants.count == 5
        let begin = ContinuousClock.now
        // When they were really made: other tests may take the processor.
        var made: [Int64] = []
        for (number, instant) in instants.enumerated() {
            try await Task.sleep(until: begin + .milliseconds(instant), clock: .continuous)
            made.append(Int64((ContinuousClock.now - begin) / .milliseconds(1)))
            await tracking.saw(isOpened && number == 0 ? try Self.link(.open) : try Self.link(index: number, count: 9), Self.request(after: 60_000 + made[number]))
        }
        let clicks = isOpened ? Array(made.dropFirst()) : made
        let expected = clicks.filter { click in clicks.filter { abs($0 - click) <= 1000 }.count >= 3 }.count
        try await Task.sleep(for: .milliseconds(1800))
        await tracking.flush()
        let all = got.all.withLock { $0 }
        #expect(all.count == instants.count && all.filter { $0.machine == .burst }.count == expected, "\(made) \(all.map(\.machine))")
    }

    @Test("a link that nobody sees gives the others away, and is no click itself")
    func trap() async throws {
        let readings = try await Self.readings([(try Self.link(), Self.request()), (try Self.link(.trap), Self.request(after: 63_000))])
        #expect(readings.map(\.machine) == [.trap])
    }

    @Test("the same within a moment is one")
    func once() async throws {
        let many = try (0..<100).map { _ in (try Self.link(.open), Self.request()) }
        #expect(try await Self.readings(many).count == 1)
    }
}
