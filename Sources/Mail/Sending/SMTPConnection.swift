import NIOCore
import NIOPosix
import NIOSSL
import NIOTLS

/// One connection to a mail server, with at most one message under way.
final class SMTPConnection: Sendable {
    private let channel: any Channel
    private let handler: NIOLoopBound<SMTPHandler>

    private init(_ channel: any Channel, _ handler: NIOLoopBound<SMTPHandler>) { (self.channel, self.handler) = (channel, handler) }

    /// Connects, greets, secures and signs in.
    static func open(_ settings: SMTPSettings, _ tls: NIOSSLContext?, on group: any EventLoopGroup) async -> Result<SMTPConnection, SMTPOpeningError> {
        let loop = group.next()
        let opened = loop.makePromise(of: SMTPProblem?.self)
        let bootstrap = ClientBootstrap(group: loop).channelOption(.tcpOption(.tcp_nodelay), value: 1).connectTimeout(.seconds(Int64(settings.timeouts.connect)))
        do {
            let connection = try await bootstrap.connect(host: settings.host, port: settings.port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    let handler = SMTPHandler(settings, tls, opened: opened)
                    if settings.security == .tls, let tls { try channel.pipeline.syncOperations.addHandler(SMTPHandler.secure(tls, settings)) }
                    try channel.pipeline.syncOperations.addHandler(handler)
                    return SMTPConnection(channel, NIOLoopBound(handler, eventLoop: channel.eventLoop))
                }
            }
            let problem = try await opened.futureResult.get()
            return problem.map { .failure(SMTPOpeningError(problem: $0)) } ?? .success(connection)
        } catch {
            opened.succeed(nil)
            return .failure(SMTPOpeningError(problem: SMTPProblem(.connect, error is NIOSSLError ? .handshake : .refusedConnection)))
        }
    }

    func send(_ envelope: SMTPEnvelope) async -> SMTPOutcome {
        let promise = channel.eventLoop.makePromise(of: SMTPOutcome.self)
        channel.eventLoop.execute { [handler] in handler.value.send(envelope, promise) }
        // The handler answers each promise with a value, also when the connection ends.
        return (try? await promise.futureResult.get()) ?? .unknown(SMTPProblem(.content, .lost))
    }

    /// Tells whether another message may follow: nil until it is known.
    func whenReady() async -> Bool {
        let promise = channel.eventLoop.makePromise(of: Bool.self)
        channel.eventLoop.execute { [handler] in handler.value.whenReady(promise) }
        return (try? await promise.futureResult.get()) ?? false
    }

    func quit() { channel.eventLoop.execute { [handler] in handler.value.quit() } }
}

struct SMTPOpeningError: Error { let problem: SMTPProblem }

/// Carries out what an ``SMTPDialogue`` asks for. Used on its channel's loop alone.
final class SMTPHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let settings: SMTPSettings
    private let tls: NIOSSLContext?
    private var dialogue: SMTPDialogue
    private var reader = SMTPReplyReader()
    private var context: ChannelHandlerContext?
    private var opened: EventLoopPromise<SMTPProblem?>?
    private var sending: EventLoopPromise<SMTPOutcome>?
    private var waiter: EventLoopPromise<Bool>?
    private var timer: Scheduled<Void>?
    private var isReady = false
    private var isClosed = false

    init(_ settings: SMTPSettings, _ tls: NIOSSLContext?, opened: EventLoopPromise<SMTPProblem?>) {
        (self.settings, self.tls, self.opened) = (settings, tls, opened)
        dialogue = SMTPDialogue(settings)
    }

    static func secure(_ tls: NIOSSLContext, _ settings: SMTPSettings) throws -> NIOSSLClientHandler {
        // A bare number is no name that a certificate could be checked against by SNI.
        let isNumber = (try? SocketAddress(ipAddress: settings.host, port: settings.port)) != nil
        return try NIOSSLClientHandler(context: tls, serverHostname: isNumber ? nil : settings.host)
    }

    // MARK: - What the connection asks

    func send(_ envelope: SMTPEnvelope, _ promise: EventLoopPromise<SMTPOutcome>) {
        guard !isClosed, isReady else { return promise.succeed(.deferred(SMTPProblem(.sender, .lost))) }
        isReady = false
        sending = promise
        perform(dialogue.send(envelope))
    }

    func whenReady(_ promise: EventLoopPromise<Bool>) {
        if isReady || isClosed { promise.succeed(isReady && !isClosed) } else { waiter = promise }
    }

    func quit() { perform(dialogue.quit()) }

    // MARK: - What the channel says

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        // With TLS from the first byte, the greeting includes the handshake.
        schedule()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let buffer = unwrapInboundIn(data)
        unread = buffer.readableBytes
        for byte in buffer.readableBytesView {
            if isClosed { return }
            unread -= 1
            let reply = reader.take(byte)
            if reader.isBroken { return perform(dialogue.failed(.malformed)) }
            guard let reply else { continue }
            perform(dialogue.received(reply))
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        fail(.lost)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { fail(error is NIOSSLError || error is BoringSSLError ? .handshake : .lost) }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case TLSUserEvent.handshakeCompleted = event, isHandshaking {
            isHandshaking = false
            // Of what came in the clear nothing is left.
            reader = SMTPReplyReader()
            perform(dialogue.secured())
        }
        context.fireUserInboundEventTriggered(event)
    }

    private var isHandshaking = false
    /// Bytes of what arrived that are yet to be read.
    private var unread = 0

    private func fail(_ cause: SMTPProblem.Cause) {
        guard !isClosed else { return }
        perform(dialogue.failed(cause))
    }

    // MARK: - Doing

    private func perform(_ actions: [SMTPDialogue.Action]) {
        for action in actions {
            switch action {
            case .write(let bytes):
                guard let context else { continue }
                context.writeAndFlush(wrapOutboundOut(context.channel.allocator.buffer(bytes: bytes)), promise: nil)
            case .startTLS: startTLS()
            case .finish(let outcome):
                sending?.succeed(outcome)
                sending = nil
            case .ready:
                isReady = true
                opened?.succeed(nil)
                opened = nil
                waiter?.succeed(true)
                waiter = nil
            case .fail(let problem):
                opened?.succeed(problem)
                opened = nil
            case .close: close()
            }
        }
        if !isClosed { schedule() }
    }

    private func startTLS() {
        // Whatever came with the permission came in the clear, and is nobody's to trust (CVE-2011-0411).
        guard let context, let tls, unread == 0, !reader.isInside else { return perform(dialogue.failed(.malformed)) }
        isHandshaking = true
        do { try context.pipeline.syncOperations.addHandler(SMTPHandler.secure(tls, settings), position: .first) } catch { perform(dialogue.failed(.handshake)) }
    }

    private func close() {
        guard !isClosed else { return }
        isClosed = true
        isReady = false
        timer?.cancel()
        sending?.succeed(.deferred(SMTPProblem(.sender, .lost)))
        sending = nil
        opened?.succeed(SMTPProblem(.greeting, .lost))
        opened = nil
        waiter?.succeed(false)
        waiter = nil
        context?.close(promise: nil)
        context = nil
    }

    private func schedule() {
        timer?.cancel()
        guard let context, let stage = dialogue.waiting else { return }
        let seconds = switch stage {
        case .greeting, .connect, .secure: settings.timeouts.greeting
        case .content: settings.timeouts.content
        default: settings.timeouts.command
        }
        timer = context.eventLoop.assumeIsolated().scheduleTask(in: .seconds(Int64(seconds))) { [weak self] in self?.fail(.timeout) }
    }
}
