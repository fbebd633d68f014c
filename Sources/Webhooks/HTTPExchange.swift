import NIOCore
import NIOHTTP1
import NIOTLS
import Synchronization

/// What another server answers.
struct HTTPAnswer: Sendable {
    let status: Int
    /// Seconds, where the answer asks to wait so long.
    let retryAfter: Int?
    /// Whether the connection may carry another call.
    let keepsAlive: Bool
}

/// Why there is no answer.
enum HTTPFault: Error, Sendable, Hashable {
    case notConnected(String)
    case timedOut
    /// The connection ended before all was sent.
    case lostBefore
    /// It ended afterwards: nobody can tell whether it was taken.
    case lostAfter
    case notHTTP
}

/// One call after another on one connection: writes a request, and keeps of the answer its status alone.
///
/// `@unchecked Sendable`: everything in it is touched only on the channel's event loop.
final class HTTPExchange: ChannelInboundHandler, @unchecked Sendable {
    typealias InboundIn = HTTPClientResponsePart

    /// Of the answer's body, which nobody reads; a longer one ends the connection.
    private static let bodyMaximum = 64 << 10

    private var promise: EventLoopPromise<HTTPAnswer>?
    private var timeout: Scheduled<Void>?
    private var isSent = false
    private var head: HTTPResponseHead?
    private var bodyBytes = 0
    /// What went wrong with the connection, as in its handshake, perhaps before the first call on it.
    private(set) var fault: HTTPFault?
    private var isSecured = false
    private var securing: EventLoopPromise<Void>?

    /// On the event loop: kept when the handshake is over, and failed where it comes to none in time.
    func whenSecured(_ promise: EventLoopPromise<Void>, within limit: TimeAmount, on channel: any Channel) {
        if isSecured { return promise.succeed() }
        guard channel.isActive, fault == nil else { return promise.fail(fault ?? .lostBefore) }
        securing = promise
        timeout = channel.eventLoop.scheduleTask(in: limit) { [weak self, weak channel] in
            self?.fail(.timedOut)
            channel?.close(promise: nil)
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case TLSUserEvent.handshakeCompleted = event {
            isSecured = true
            timeout?.cancel()
            securing?.succeed()
            securing = nil
        }
        context.fireUserInboundEventTriggered(event)
    }

    /// On the event loop.
    func begin(_ head: HTTPRequestHead, _ body: ByteBuffer, _ promise: EventLoopPromise<HTTPAnswer>, within limit: TimeAmount, on channel: any Channel) {
        (self.promise, self.head, isSent, bodyBytes) = (promise, nil, false, 0)
        timeout = channel.eventLoop.scheduleTask(in: limit) { [weak self, weak channel] in
            self?.fail(.timedOut)
            channel?.close(promise: nil)
        }
        channel.write(HTTPClientRequestPart.head(head), promise: nil)
        channel.write(HTTPClientRequestPart.body(.byteBuffer(body)), promise: nil)
        channel.writeAndFlush(HTTPClientRequestPart.end(nil)).whenComplete { [weak self] result in
            if case .success = result { self?.isSent = true }
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): self.head = head
        case .body(let bytes):
            bodyBytes += bytes.readableBytes
            guard bodyBytes > HTTPExchange.bodyMaximum else { return }
            // The status is known, and that is all that was asked.
            finish(keepsAlive: false)
            context.close(promise: nil)
        case .end: finish(keepsAlive: head?.isKeepAlive ?? false)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        fail(fault ?? (isSent ? .lostAfter : .lostBefore))
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // An end in the middle of an answer is no other tongue: the connection was lost.
        let hasEnded = error as? HTTPParserError == .invalidEOFState
        let met: HTTPFault = hasEnded ? (isSent ? .lostAfter : .lostBefore) : error is HTTPParserError ? .notHTTP : isSent ? .lostAfter : .notConnected(HTTPExchange.words(error))
        fault = met
        fail(met)
        context.close(promise: nil)
    }

    /// What went wrong, without what another side put into it.
    static func words(_ error: any Error) -> String { String(describing: type(of: error)) }

    private func finish(keepsAlive: Bool) {
        guard let promise, let head else { return }
        self.promise = nil
        timeout?.cancel()
        promise.succeed(HTTPAnswer(status: Int(head.status.code), retryAfter: head.headers.first(name: "Retry-After").flatMap { Int($0) }, keepsAlive: keepsAlive))
    }

    private func fail(_ fault: HTTPFault) {
        if let securing {
            self.securing = nil
            timeout?.cancel()
            securing.fail(fault)
        }
        guard let promise else { return }
        self.promise = nil
        timeout?.cancel()
        promise.fail(fault)
    }
}
