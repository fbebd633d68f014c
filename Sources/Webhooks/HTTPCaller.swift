#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import Synchronization

/// Posts to other servers, over connections that are kept for a while.
///
/// A name is resolved here, and what is connected to is an address that was looked at, so that a name which answers twice differently gains nothing.
final class HTTPCaller: Sendable {
    private static let idleMaximum = 16
    private static let connectSeconds: Int64 = 5

    struct Key: Hashable, Sendable {
        let address: WebhookAddress
        init(_ address: WebhookAddress) throws { self.address = try WebhookAddress("\(address.isSecure ? "https" : "http")://\(address.authority)", allowsPrivate: true) }
    }
    fileprivate struct Connection: Sendable {
        let channel: any Channel
        let exchange: HTTPExchange
    }

    /// A connection for one call, on which nothing was said yet.
    struct Held: Sendable {
        fileprivate let connection: Connection
        fileprivate let key: Key
        fileprivate let address: WebhookAddress
    }

    private let group = MultiThreadedEventLoopGroup.singleton
    private let allowsPrivate: Bool
    private let limit: TimeAmount
    private let idle = Mutex<[Key: [Connection]]>([:])
    private let tls: NIOSSLContext?

    /// - Parameters:
    ///   - allowsPrivate: whether addresses of this machine and of private networks may be called.
    ///   - seconds: for one call, from its beginning to the end of the answer.
    init(allowsPrivate: Bool, seconds: Int64) {
        self.allowsPrivate = allowsPrivate
        limit = .seconds(seconds)
        tls = try? NIOSSLContext(configuration: .makeClientConfiguration())
    }

    /// A connection to the address, secured where it is to be; followed by ``post(_:on:_:)`` or ``keep(_:)``.
    func hold(_ address: WebhookAddress) async -> Result<Held, HTTPFault> {
        do {
            let key = try Key(address)
            let connection: Connection
            if let known = takeIdle(key) { connection = known } else { connection = try await connect(address) }
            return .success(Held(connection: connection, key: key, address: address))
        } catch let fault as HTTPFault { return .failure(fault) } catch { return .failure(.notConnected(HTTPExchange.words(error))) }
    }

    /// Nothing is said on it after all.
    func keep(_ held: Held) { keep(held.connection, held.key) }

    func post(_ body: [UInt8], on held: Held, _ headers: [(String, String)]) async -> Result<HTTPAnswer, HTTPFault> {
        let (connection, address) = (held.connection, held.address)
        do {
            var head = HTTPRequestHead(version: .http1_1, method: .POST, uri: address.target)
            head.headers.add(name: "Host", value: address.authority)
            for (name, value) in headers { head.headers.add(name: name, value: value) }
            head.headers.add(name: "Content-Length", value: String(body.count))
            let promise = connection.channel.eventLoop.makePromise(of: HTTPAnswer.self)
            connection.channel.eventLoop.execute { [head, limit] in
                guard connection.channel.isActive else { return promise.fail(connection.exchange.fault ?? HTTPFault.lostBefore) }
                connection.exchange.begin(head, ByteBuffer(bytes: body), promise, within: limit, on: connection.channel)
            }
            let answer = try await promise.futureResult.get()
            if answer.keepsAlive { keep(connection, held.key) } else { connection.channel.close(promise: nil) }
            return .success(answer)
        } catch let fault as HTTPFault { return .failure(fault) } catch { return .failure(.notConnected(HTTPExchange.words(error))) }
    }

    // MARK: - Connections

    private func takeIdle(_ key: Key) -> Connection? {
        idle.withLock { idle in
            while let connection = idle[key]?.popLast() { if connection.channel.isActive { return connection } }
            return nil
        }
    }

    private func keep(_ connection: Connection, _ key: Key) {
        let isKept = idle.withLock { idle in
            guard connection.channel.isActive, idle[key]?.count ?? 0 < HTTPCaller.idleMaximum else { return false }
            idle[key, default: []].append(connection)
            return true
        }
        if !isKept { connection.channel.close(promise: nil) }
    }

    private func connect(_ address: WebhookAddress) async throws -> Connection {
        let places = try await resolve(address)
        guard let place = places.first(where: { allowsPrivate || $0.isPublic }) else {
            throw HTTPFault.notConnected(places.isEmpty ? "The name is not known." : "The address is in a private network.")
        }
        // Of a name that means this network as well as the open one, somebody wants to come in.
        guard allowsPrivate || places.allSatisfy(\.isPublic) else { throw HTTPFault.notConnected("The name also means an address in a private network.") }
        let exchange = HTTPExchange()
        let tls = address.isSecure ? tls : nil
        if address.isSecure, tls == nil { throw HTTPFault.notConnected("TLS cannot be used on this machine.") }
        let isNumber = address.host.contains(":") || address.host.utf8.allSatisfy { $0 == 0x2e || $0 >= 0x30 && $0 <= 0x39 }
        do {
            let channel = try await ClientBootstrap(group: group).connectTimeout(.seconds(HTTPCaller.connectSeconds)).channelOption(.socketOption(.tcp_nodelay), value: 1).channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let tls { try channel.pipeline.syncOperations.addHandler(NIOSSLClientHandler(context: tls, serverHostname: isNumber ? nil : address.host)) }
                    try channel.pipeline.syncOperations.addHTTPClientHandlers()
                    try channel.pipeline.syncOperations.addHandler(exchange)
                }
            }.connect(to: place).get()
            if tls != nil { try await secured(channel, exchange) }
            return Connection(channel: channel, exchange: exchange)
        } catch let fault as HTTPFault { throw fault } catch { throw HTTPFault.notConnected(HTTPExchange.words(error)) }
    }

    /// Returns when the handshake is over.
    private func secured(_ channel: any Channel, _ exchange: HTTPExchange) async throws {
        let promise = channel.eventLoop.makePromise(of: Void.self)
        channel.eventLoop.execute { [limit] in exchange.whenSecured(promise, within: limit, on: channel) }
        try await promise.futureResult.get()
    }

    /// Every address of a name; asking blocks, and so is done on a thread for that.
    private func resolve(_ address: WebhookAddress) async throws -> [SocketAddress] {
        try await NIOThreadPool.singleton.runIfActive {
            var hints = addrinfo()
            hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
            var list: UnsafeMutablePointer<addrinfo>?
            guard unsafe getaddrinfo(address.host, String(address.port), &hints, &list) == 0 else { return [] }
            defer { unsafe freeaddrinfo(list) }
            var found: [SocketAddress] = []
            var next = unsafe list
            while let entry = unsafe next {
                if unsafe entry.pointee.ai_family == AF_INET, let place = unsafe entry.pointee.ai_addr {
                    found.append(unsafe place.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { unsafe SocketAddress($0.pointee) })
                } else if unsafe entry.pointee.ai_family == AF_INET6, let place = unsafe entry.pointee.ai_addr {
                    found.append(unsafe place.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { unsafe SocketAddress($0.pointee) })
                }
                unsafe next = entry.pointee.ai_next
            }
            return found
        }
    }
}
