import NIOCore
import NIOPosix
import Synchronization
public import Vocabulary

/// A mail server that sends nothing on: it listens on this machine alone and keeps the newest mails in memory, to be looked at.
public final class MailCatcher: Sendable {
    public struct Caught: Sendable {
        /// Counted from 1, in the order of arrival.
        public let number: Int
        public let at: Timestamp
        public let sender: String
        public let recipients: [String]
        public let bytes: [UInt8]
    }

    public static let messageMaximum = 2 << 20
    private static let (countMaximum, bytesMaximum, connectionMaximum) = (500, 64 << 20, 200)

    private struct State {
        var caught: [Caught] = []
        var bytes = 0
        var last = 0
        var connections = 0
    }
    private let state = Mutex(State())
    private let channel: Mutex<(any Channel)?> = Mutex(nil)
    private let clock: @Sendable () -> Timestamp

    public init(clock: @escaping @Sendable () -> Timestamp) { self.clock = clock }

    /// Begins to listen.
    ///
    /// - Parameter port: 0 takes any that is free.
    /// - Returns: the port.
    public func start(port: Int) async throws -> Int {
        let listening = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.backlog, value: 128)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(CatchingHandler(self)) }
            }
            .bind(host: "127.0.0.1", port: port).get()
        channel.withLock { $0 = listening }
        return listening.localAddress?.port ?? port
    }

    /// Where it listens; nil while it does not.
    public var port: Int? { channel.withLock { $0 }?.localAddress?.port }

    public func stop() { channel.withLock { $0 }?.close(promise: nil) }

    /// The newest first.
    public func list(limit: Int) -> [Caught] { state.withLock { Array($0.caught.suffix(max(0, limit)).reversed()) } }
    public func find(_ number: Int) -> Caught? { state.withLock { state in state.caught.first { $0.number == number } } }
    public var count: Int { state.withLock { $0.caught.count } }
    /// Forgets all; whoever is forgotten elsewhere must not stay here.
    public func clear() { state.withLock { ($0.caught, $0.bytes) = ([], 0) } }

    // MARK: - For the connections

    func keep(_ sender: String, _ recipients: [String], _ bytes: [UInt8]) -> Int {
        let now = clock()
        return state.withLock { state in
            state.last += 1
            state.caught.append(Caught(number: state.last, at: now, sender: sender, recipients: recipients, bytes: bytes))
            state.bytes += bytes.count
            var gone = max(0, state.caught.count - MailCatcher.countMaximum)
            var freed = state.caught[..<gone].reduce(0) { $0 + $1.bytes.count }
            while state.bytes - freed > MailCatcher.bytesMaximum, gone < state.caught.count - 1 {
                freed += state.caught[gone].bytes.count
                gone += 1
            }
            state.caught.removeFirst(gone)
            state.bytes -= freed
            return state.last
        }
    }

    func enter() -> Bool {
        state.withLock { state in
            guard state.connections < MailCatcher.connectionMaximum else { return false }
            state.connections += 1
            return true
        }
    }
    func leave() { state.withLock { $0.connections -= 1 } }
}
