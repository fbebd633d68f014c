import NIOCore
import NIOPosix

/// Asks name servers one question at a time, over UDP and, where the answer does not fit, over TCP. Keeps nothing: whoever looks wants to see what stands there now.
public struct DNSResolver: Sendable {
    private let servers: [NameServer]

    private static let tries = 2
    private static let tryLongest = Duration.seconds(2)

    /// - Parameter servers: those of this machine where none is named.
    public init(_ servers: [NameServer] = []) { self.servers = servers }

    /// Asks each server, and those that were silent once more.
    ///
    /// - Parameter end: when whoever asks waits no longer.
    public func ask(_ question: DNSQuestion, until end: ContinuousClock.Instant) async -> DNSAnswer {
        let addresses = (servers.isEmpty ? NameServer.ofThisMachine() : servers).compactMap(\.socketAddress)
        for _ in 0..<DNSResolver.tries {
            for address in addresses {
                var reply = await exchange(question, address, isStream: false, until: end)
                if reply == .truncated { reply = await exchange(question, address, isStream: true, until: end) }
                if case .answer(let answer) = reply { return answer }
            }
        }
        return .unknown
    }

    /// - Returns: nil where nothing that could be read came in time.
    private func exchange(_ question: DNSQuestion, _ address: SocketAddress, isStream: Bool, until end: ContinuousClock.Instant) async -> DNSReply? {
        let wait = min(end - .now, DNSResolver.tryLongest)
        guard wait > .zero, !Task.isCancelled else { return nil }
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let promise = loop.makePromise(of: DNSReply?.self)
        let timer = loop.scheduleTask(in: TimeAmount(wait)) { promise.succeed(nil) }
        // Each exchange has an id and a port that nobody can guess, so that a stranger's answer fits by accident alone.
        let id = UInt16.random(in: .min ... .max)
        let bytes = question.bytes(id: id)
        let read: @Sendable ([UInt8]) -> DNSReply? = { DNSReply.read($0, to: question, id: id) }
        let opening = isStream
            ? ClientBootstrap(group: loop).connectTimeout(TimeAmount(wait)).channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(DNSStreamHandler(promise, read)) }
            }.connect(to: address)
            : DatagramBootstrap(group: loop).channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(DNSDatagramHandler(promise, read)) }
            }.connect(to: address)
        let content = isStream ? [UInt8(bytes.count >> 8), UInt8(bytes.count & 0xff)] + bytes : bytes
        opening.flatMap { $0.writeAndFlush(ByteBuffer(bytes: content)) }.whenFailure { _ in promise.succeed(nil) }
        let reply = (try? await promise.futureResult.get()) ?? nil
        timer.cancel()
        opening.whenSuccess { $0.close(promise: nil) }
        return reply
    }
}

/// Hears datagrams until one of them is the reply.
private final class DNSDatagramHandler: ChannelInboundHandler {
    typealias InboundIn = AddressedEnvelope<ByteBuffer>

    private let promise: EventLoopPromise<DNSReply?>
    private let read: @Sendable ([UInt8]) -> DNSReply?

    init(_ promise: EventLoopPromise<DNSReply?>, _ read: @escaping @Sendable ([UInt8]) -> DNSReply?) { (self.promise, self.read) = (promise, read) }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        // The socket is bound to the server, so that the system drops what others send.
        if let reply = read(Array(unwrapInboundIn(data).data.readableBytesView)) { promise.succeed(reply) }
    }

    // Nobody listens there.
    func errorCaught(context: ChannelHandlerContext, error: any Error) { promise.succeed(nil) }
    func channelInactive(context: ChannelHandlerContext) { promise.succeed(nil) }
}

/// Hears a stream until one message is whole.
private final class DNSStreamHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let promise: EventLoopPromise<DNSReply?>
    private let read: @Sendable ([UInt8]) -> DNSReply?
    private var heard: [UInt8] = []

    init(_ promise: EventLoopPromise<DNSReply?>, _ read: @escaping @Sendable ([UInt8]) -> DNSReply?) { (self.promise, self.read) = (promise, read) }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        heard += unwrapInboundIn(data).readableBytesView
        guard heard.count >= 2 else { return }
        let end = 2 + (Int(heard[0]) << 8 | Int(heard[1]))
        guard heard.count >= end else { return }
        promise.succeed(read(Array(heard[2..<end])))
        context.close(promise: nil)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { promise.succeed(nil) }
    func channelInactive(context: ChannelHandlerContext) { promise.succeed(nil) }
}
