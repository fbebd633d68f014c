import Decisions
import Delivery
import EventLog
import Foundation
import GRDB
import Identity
import Privacy
import Profiles
import Storage
import Synchronization
import Templates
import TestSupport
import Vocabulary

/// A channel that does as a test tells it, and remembers what it was handed.
final class StubChannel: Channel {
    let name = "stub"
    let kind: MessageTemplate.Kind
    let concurrency: Int
    let isTracking = true
    /// What stands between a message and its beginning, such as waiting for a connection.
    private let before: @Sendable () async -> Void
    private let answer: @Sendable (OutgoingMessage) async -> HandOver
    private let handed = Mutex<[(key: String, profile: String)]>([])
    /// Of whom it was allowed to find out whether they read, by key.
    let tracked = Mutex<[String: Bool]>([:])

    init(kind: MessageTemplate.Kind = .text, concurrency: Int = 64, _ answer: @escaping @Sendable (OutgoingMessage) async -> HandOver = { _ in .accepted(receipt: "") }, before: @escaping @Sendable () async -> Void = {}) {
        (self.kind, self.concurrency, self.before, self.answer) = (kind, concurrency, before, answer)
    }

    /// How the sender stands: whether it is held back, and how much it may send on a day.
    let standing = Mutex<(isHeldBack: Bool, allowed: Int?)>((false, nil))
    var isHeldBack: Bool { standing.withLock { $0.isHeldBack } }
    func allowance(at now: Timestamp) -> DailyAllowance? { standing.withLock { $0.allowed }.map { DailyAllowance(limit: $0, day: DailyAllowance.day(of: now)) } }

    var messages: [(key: String, profile: String)] { handed.withLock { $0 } }
    func address(identifiers: [Identifier], traits: JSONText) -> String? { identifiers.first?.text }

    func send(_ message: OutgoingMessage, _ leave: LeaveToSend) async -> HandOver {
        await before()
        tracked.withLock { $0[message.key] = leave.permitsTracking() }
        if case .withheld(let instead) = leave.ask() { return instead }
        handed.withLock { $0.append((message.key, message.profile.text)) }
        return await answer(message)
    }
}

/// Holds up whoever passes until it is opened.
final class Gate: Sendable {
    private let state = Mutex<(waiting: Int, isOpen: Bool)>((0, false))
    var waiting: Int { state.withLock { $0.waiting } }
    func open() { state.withLock { $0.isOpen = true } }
    func pass() async {
        state.withLock { $0.waiting += 1 }
        while !state.withLock({ $0.isOpen }) { try? await Task.sleep(for: .milliseconds(2)) }
    }
}

private struct StubCaller: WebhookCalling {
    let answer: @Sendable (@escaping @Sendable () -> LastWord) async -> HandOver
    func post(to url: String, secrets: [String], id: String, at: Timestamp, _ lastly: @escaping @Sendable () -> LastWord) async -> WebhookResult { WebhookResult(await answer(lastly)) }
}

/// Calls of Martlet's own source, as they were handed to the log.
final class Recorded: Sendable {
    private let calls = Mutex<[JSONText]>([])
    var all: [JSONText] { calls.withLock { $0 } }
    func add(_ more: [JSONText]) { calls.withLock { $0 += more } }
}

/// A workspace with an outbox, on the wall clock.
final class Sending {
    let world: World
    let outbox: Outbox
    let policy: SendingPolicyStore
    let decisions: DatabaseFile
    let destinations: DestinationStore
    /// What was written into the log.
    let recorded = Recorded()

    /// - Parameters:
    ///   - isRestored: as if the folder had been restored from a backup.
    ///   - calling: what becomes of a call of a destination.
    init(
        _ channel: StubChannel, in world: World? = nil, isRestored: Bool = false, calling: @escaping @Sendable (@escaping @Sendable () -> LastWord) async -> HandOver = { _ in .refused(reason: "none", nil) },
        clock: @escaping @Sendable () -> Timestamp = { Sending.now() }
    ) throws {
        let world = try world ?? World()
        self.world = world
        let stages = world.stages
        decisions = try DatabaseFile(path: "\(world.folder.path)/decisions.sqlite", migrations: IntentTable.migrations + DeliveryTable.migrations + DestinationFeed.migrations)
        policy = try SendingPolicyStore(Documents(stages.database))
        let templates = try MessageTemplateStore(Documents(stages.database))
        if templates.find("hello") == nil { _ = try templates.create(MessageTemplate(id: "tpl_1", name: "hello", kind: channel.kind, parts: [.text: "Hello {{ profile.firstName }}"].merging(channel.kind == .email ? [.subject: "Tea", .html: "<p>Hello</p>"] : [:]) { a, _ in a }), author: "ada", at: Sending.now()) }
        let recipients = Recipients(
            reader: stages.profiles.reader(for: .service), graph: stages.graph, lock: stages.lock, links: { _, _, _ in Recipients.Links(preferences: "p", unsubscribe: "u") },
            data: { profile, _, _, _ in Record([("profile", .record(Record(profile.traits.map { ($0.name, Value($0.value)) })))]) })
        destinations = try DestinationStore(Documents(stages.database))
        outbox = Outbox(
            decisions, senders: MessageSenders(channels: [channel], recipients: recipients, templates: templates, policy: policy, ledger: stages.ledger),
            destinations: DestinationSender(destinations, log: stages.log, recipients: recipients, ledger: stages.ledger, caller: StubCaller(answer: calling)) { _ in nil }, record: { [recorded] calls in
                let calls = try calls()
                recorded.add(calls)
                return calls.map { _ in true }
            }
        ) { clock() }
        try outbox.start(isRestored: isRestored)
    }

    deinit { outbox.stop() }

    static func now() -> Timestamp { Timestamp(clamping: Int64(Date().timeIntervalSince1970 * 1000)) }

    /// People who said yes, by their profile ids.
    func people(_ count: Int) async throws -> [ProfileID] {
        for start in stride(from: 0, to: count, by: 500) {
            let calls = (start..<min(start + 500, count)).map { "{\"type\":\"identify\",\"messageId\":\"p\($0)\",\"userId\":\"u\($0)\",\"traits\":{\"firstName\":\"Ada\"}}" }
            try await world.send("{\"batch\":[\(calls.joined(separator: ","))]}")
        }
        let grant = ConsentStatement(ConsentScope(ConsentPurpose("marketing")), .granted, at: Sending.now())
        try world.stages.ledger.state((0..<count).map { ConsentSaying([Identifier(.userId, "u\($0)")], [grant]) }, at: Sending.now())
        let reader = world.stages.profiles.reader(for: .service)
        return try (0..<count).compactMap { try reader.profile(Identifier(.userId, "u\($0)")).flatMap { ProfileID($0.id) } }
    }

    func intent(_ key: String, _ profile: ProfileID, topic: String = "", priority: Int = 50, notBefore: Timestamp? = nil, expires: Timestamp? = nil) -> Intent {
        Intent(
            key: key, profile: profile, .message(template: "hello", ConsentScope(ConsentPurpose("marketing"), channel: "stub", topic: topic)), origin: Intent.Origin(.test, id: "test"), priority: priority,
            decidedAt: Sending.now(), notBefore: notBefore, expiresAt: expires)
    }

    /// Returns when nothing waits any more.
    func settle() async throws {
        var filter = DeliveryFilter()
        filter.states = [.waiting, .retrying, .underway]
        try await eventually { try !isBusy(filter) }
    }

    /// Returns once it is so, or throws after a while: a long one, since hundreds of tests beside this one may keep every thread that tasks run on.
    func eventually(_ isSo: () throws -> Bool) async throws {
        let end = Date().addingTimeInterval(600)
        while try !isSo() {
            guard Date() < end else { throw Refusal(500, "test.late", "It does not come to that.") }
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    /// Returns when everything that was decided is written down as a message.
    func taken() async throws {
        while try await decisions.pool.read({ try Int.fetchOne($0, sql: "SELECT count(*) FROM decisions_intent WHERE number > (SELECT number FROM delivery_taken)") }) != 0 { try await Task.sleep(for: .milliseconds(5)) }
    }

    private func isBusy(_ filter: DeliveryFilter) throws -> Bool {
        // In this order: what is taken between the two looks is seen by the second.
        if try decisions.pool.read({ try Int.fetchOne($0, sql: "SELECT count(*) FROM decisions_intent WHERE number > (SELECT number FROM delivery_taken)") }) != 0 { return true }
        return try !outbox.list(filter, limit: 1).isEmpty
    }

    func records(_ state: DeliveryRecord.State) throws -> [DeliveryRecord] {
        var filter = DeliveryFilter()
        filter.states = [state]
        return try outbox.list(filter, limit: 1_000_000)
    }
}
