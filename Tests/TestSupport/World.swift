import EventLog
public import Identity
public import Ingest
public import Privacy
public import Profiles
import Storage
public import Vocabulary

/// What time it is in a story; moved by whoever tells it.
public final class StoryClock {
    public var now: Timestamp
    public init(_ now: Timestamp? = nil) { self.now = now ?? Timestamp(clamping: StoryLine.midnight) }
}

/// A workspace in which a story happens: the real stages on a folder of its own, and a clock that only the story moves.
public final class World {
    public let folder: TemporaryFolder
    public let clock: StoryClock
    public private(set) var stages: Stages
    public let source: Source
    /// What became of the calls so far, item by item.
    public private(set) var verdicts: [Ingest.Verdict.Status] = []
    private var messageCount = 0

    public init(in folder: TemporaryFolder = TemporaryFolder(), clock: StoryClock = StoryClock(), rules: IdentityRules = .usual) throws {
        self.folder = folder
        self.clock = clock
        stages = try Stages(folder: folder.path, rules: rules)
        source = try stages.sources.all.first ?? stages.sources.create(name: "Wren & Daughters", author: "ada", at: clock.now)
    }

    deinit { stages.close() }

    // MARK: - Telling

    /// Plays a script, line by line; see ``StoryLine`` for how one is written.
    public func play(_ script: String) async throws {
        for line in script.split(separator: "\n") {
            messageCount += 1
            guard let line = StoryLine(line, messageId: "m\(messageCount)") else { continue }
            clock.now = max(clock.now, line.at)
            try await send(line.body, as: .single(line.type))
        }
    }

    /// Sends one call as its body's bytes.
    ///
    /// - Parameter isOurs: as what Martlet writes itself, such as receipts.
    @discardableResult
    public func send(_ body: [UInt8], as shape: CallShape, isOurs: Bool = false) async throws -> Ingest.Answer {
        var call = try decode(body, as: shape).get()
        let answer = try await stages.ingest.accept(
            &call, from: isOurs ? .martlet : source, shape: shape, hasher: stages.hasher, receivedAt: clock.now, wantsVerdicts: true)
        verdicts += answer.verdicts.map(\.status)
        return answer
    }

    @discardableResult
    public func send(_ body: String, as shape: CallShape = .batch, isOurs: Bool = false) async throws -> Ingest.Answer { try await send(Array(body.utf8), as: shape, isOurs: isOurs) }

    /// States who is who, as the server does.
    @discardableResult
    public func state(_ fact: LinkFact) async throws -> LogPosition {
        messageCount += 1
        guard let position = try await stages.ingest.state([fact.record(messageId: "fact-\(messageCount)-\(stages.log.end)", at: clock.now)], hasher: stages.hasher)[0] else {
            preconditionFailure("every statement has a messageId of its own")
        }
        return position
    }

    /// The same by the names of identifiers, as `userId=u1`.
    @discardableResult
    public func state(_ kind: LinkFact.Kind, _ first: [String], _ second: [String], reasons: [String] = []) async throws -> LogPosition {
        try await state(LinkFact(kind, first.map(World.identifier), second.map(World.identifier), reasons: reasons, author: "ada"))
    }

    public func undo(_ position: LogPosition) async throws { try await state(LinkFact(.undo, undoes: position, author: "ada")) }

    public static func identifier(_ name: String) -> Identifier {
        let parts = name.split(separator: "=", maxSplits: 1).map(String.init)
        guard parts.count == 2, let namespace = IdentifierNamespace(name: parts[0]) else { preconditionFailure("no such identifier: \(name)") }
        return Identifier(namespace, parts[1])
    }

    private func decode(_ body: [UInt8], as shape: CallShape) -> Result<DecodedCall, JSONError> {
        var body = body
        var count = 0
        do throws(JSONError) {
            return .success(
                try EventDecoder.decode(&body, as: shape, in: CallContext(receivedAt: clock.now)) { _ in
                    count += 1
                    return "unnamed-\(self.verdicts.count)-\(count)"
                })
        } catch {
            return .failure(error)
        }
    }

    // MARK: - Asking

    public var links: Links { Links(graph: stages.graph, lock: stages.lock, log: stages.log) }

    public var reader: ProfileReader { stages.profiles.reader(for: .service) }
    /// People and accounts.
    public var profileCount: Int { stages.profiles.totals().people }

    /// A person by `u1`, by a device's `a1`, or by `email:ada@example.com`.
    public func profile(_ name: String) throws -> Profile? {
        let parts = name.split(separator: ":", maxSplits: 1)
        if parts.count == 2, let namespace = IdentifierNamespace(name: String(parts[0])) {
            return try reader.profile(Identifier(namespace, String(parts[1])))
        }
        return try reader.profile(Identifier(.userId, name)) ?? reader.profile(Identifier(.anonymousId, name))
    }

    /// What a person has seen and done, oldest first: the names of their track, page and screen calls.
    public func timeline(of name: String) throws -> [String] {
        guard let profile = try profile(name) else { return [] }
        return try reader.events(of: profile, after: nil, limit: .max, types: [.track, .page, .screen]).map(\.event.title)
    }

    /// The current traits as the JSON that was sent, without those that were cleared.
    public func traits(of name: String) throws -> [String: String] {
        guard let profile = try profile(name) else { return [:] }
        return Dictionary(profile.traits.filter { !$0.value.isNull }.map { ($0.name, $0.value.text) }, uniquingKeysWith: { $1 })
    }

    /// Every identifier of a person, as `userId=u1`, in alphabetical order.
    public func identifiers(of name: String) throws -> [String] {
        try profile(name)?.identifiers.map { "\($0.namespace.name)=\($0.text)" }.sorted() ?? []
    }

    /// Forgets a person as the server does: the index first, so that resent messages stay known, then every eraser.
    @discardableResult
    public func erase(_ identifier: Identifier, suppress: Bool = false) throws -> Erasure.Receipt? {
        stages.messages.checkpoint()
        let subject = stages.profiles.subject(identifier) ?? ErasureSubject(identifiers: [identifier], positions: [])
        if suppress { try stages.suppression.add(subject.identifiers, at: clock.now) }
        return try Erasure(stages.erasers).run(subject)
    }

    // MARK: - Breaking

    /// Stops and starts. With `snapshots`, the folds' state is written first, as a polite stop does; without, they read the log again.
    public func restart(snapshots: Bool = true, rules: IdentityRules = .usual) throws {
        if snapshots { try stages.checkpoint() }
        stages.close()
        stages = try Stages(folder: folder.path, rules: rules)
    }

    /// The world as a crash at this instant would leave it, on a folder of its own.
    public func crashed() throws -> World { try World(in: folder.copy(), clock: StoryClock(clock.now)) }
}
