import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// Hands mail over to one server, over a few connections that are used again.
public final class SMTPSender: Sendable {
    public let settings: SMTPSettings
    private let group: any EventLoopGroup
    private let tls: NIOSSLContext?
    private let pool = Mutex(Pool())

    private struct Pool {
        /// The one that rested least stands last, and is taken first: those at the front fall idle and are closed.
        var idle: [Resting] = []
        var openCount = 0
        var waiting: [CheckedContinuation<Turn, Never>] = []
        var isClosed = false
    }
    private struct Resting {
        let connection: SMTPConnection
        let sent: Int
        let since: NIODeadline
    }
    private enum Turn { case use(Resting), open, closed }

    /// - Throws: where the certificates of ``SMTPSettings/authority`` cannot be read.
    public init(_ settings: SMTPSettings) throws {
        self.settings = settings
        group = MultiThreadedEventLoopGroup.singleton
        tls = settings.security == .none ? nil : try SMTPSender.context(settings)
    }

    private static func context(_ settings: SMTPSettings) throws -> NIOSSLContext {
        var configuration = TLSConfiguration.makeClientConfiguration()
        if settings.security == .opportunistic { configuration.certificateVerification = .none }
        if let authority = settings.authority { configuration.additionalTrustRoots = [.certificates(try NIOSSLCertificate.fromPEMBytes(Array(authority.utf8)))] }
        return try NIOSSLContext(configuration: configuration)
    }

    public func send(_ envelope: SMTPEnvelope) async -> SMTPOutcome {
        switch await send({ () -> Result<SMTPEnvelope, Never> in .success(envelope) }) {
        case .success(let outcome): outcome
        }
    }

    /// Hands a message over. Where a connection had rested and turns out to be gone, nothing was said on it, and a fresh one is tried.
    ///
    /// - Parameter prepare: asked for the message once a connection is held, and again for a fresh one; with its failure nothing is said.
    public func send<Stop: Error>(_ prepare: @Sendable () -> Result<SMTPEnvelope, Stop>) async -> Result<SMTPOutcome, Stop> {
        while true {
            var rested = false
            let place: Resting
            switch await turn() {
            case .closed: return .success(.deferred(SMTPProblem(.connect, .closing)))
            case .use(let resting):
                rested = true
                place = resting
            case .open:
                switch await SMTPConnection.open(settings, tls, on: group) {
                case .success(let connection): place = Resting(connection: connection, sent: 0, since: .now())
                case .failure(let error):
                    giveUp()
                    return .success(.deferred(error.problem))
                }
            }
            let envelope: SMTPEnvelope
            switch prepare() {
            case .success(let ready): envelope = ready
            case .failure(let stop):
                rest(place)
                return .failure(stop)
            }
            let outcome = await place.connection.send(envelope)
            if rested, case .deferred(let problem) = outcome, problem.stage == .sender, problem.cause == .lost || problem.reply?.code == 421 {
                giveUp()
                continue
            }
            if await place.connection.whenReady(), place.sent + 1 < settings.messagesPerConnection {
                rest(Resting(connection: place.connection, sent: place.sent + 1, since: .now()))
            } else {
                place.connection.quit()
                giveUp()
            }
            return .success(outcome)
        }
    }

    /// Closes what rests; what is under way is finished first by whoever waits for it.
    public func close() {
        let (idle, waiting) = pool.withLock { pool in
            defer { (pool.idle, pool.waiting, pool.isClosed) = ([], [], true) }
            return (pool.idle, pool.waiting)
        }
        for resting in idle { resting.connection.quit() }
        for continuation in waiting { continuation.resume(returning: .closed) }
    }

    // MARK: - The pool

    private func turn() async -> Turn {
        await withCheckedContinuation { continuation in
            let turn: Turn? = pool.withLock { pool in
                if pool.isClosed { return .closed }
                if let resting = pool.idle.popLast() { return .use(resting) }
                if pool.openCount < settings.connectionMaximum {
                    pool.openCount += 1
                    return .open
                }
                pool.waiting.append(continuation)
                return nil
            }
            if let turn { continuation.resume(returning: turn) }
        }
    }

    /// Somebody who waits gets the connection at once.
    private func rest(_ resting: Resting) {
        let next: CheckedContinuation<Turn, Never>? = pool.withLock { pool in
            if pool.isClosed { return nil }
            if !pool.waiting.isEmpty { return pool.waiting.removeFirst() }
            pool.idle.append(resting)
            return nil
        }
        if let next { return next.resume(returning: .use(resting)) }
        if pool.withLock({ $0.isClosed }) { return resting.connection.quit() }
        group.next().scheduleTask(in: .seconds(Int64(settings.idleSeconds))) { [weak self] in self?.closeIdle() }
    }

    private func giveUp() {
        let next: CheckedContinuation<Turn, Never>? = pool.withLock { pool in
            if pool.waiting.isEmpty {
                pool.openCount -= 1
                return nil
            }
            return pool.waiting.removeFirst()
        }
        next?.resume(returning: .open)
    }

    private func closeIdle() {
        let limit = NIODeadline.now() - .seconds(Int64(settings.idleSeconds))
        let old = pool.withLock { pool in
            let old = pool.idle.filter { $0.since <= limit }
            pool.idle.removeAll { $0.since <= limit }
            pool.openCount -= old.count
            return old
        }
        for resting in old { resting.connection.quit() }
    }
}
