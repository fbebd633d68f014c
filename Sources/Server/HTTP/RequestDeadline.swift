import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOHTTPTypes

/// Answers what is no HTTP with a refusal that explains itself, and cuts connections that are slow on purpose.
///
/// A head must be complete within 30 s of the connection or of the answer before. A body must not pause for long, and must not trickle: the clock
/// runs only while we wait for the sender, so that an import may last for hours and may be held back by us.
final class RequestDeadline: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    static let headMaximum = TimeAmount.seconds(30)
    static let keepAliveMaximum = TimeAmount.seconds(75)
    /// A chunk may announce any size, so a chunked body's pauses are shorter.
    static let chunkedPauseMaximum = TimeAmount.seconds(6)
    static let pauseMaximum = TimeAmount.seconds(20)
    /// After so much waiting, the sender must have come to a kilobyte a second.
    static let trickleGrace = TimeAmount.seconds(45)

    private let isSecure: Bool
    private var scheduled: Scheduled<Void>?
    private var isRefused = false
    /// Whether the other side says no more: it has left, or only waits for its answer, which nobody can tell until one is sent.
    private(set) var isInputClosed = false
    private var isInBody = false
    private var hasAnswered = false
    private var isChunked = false
    private var waitingSince: NIODeadline?
    private var waited = TimeAmount.zero
    private var bodyBytes: Int64 = 0

    /// - Parameter isSecure: whether TLS stands between this and the wire.
    init(isSecure: Bool) { self.isSecure = isSecure }

    func channelActive(context: ChannelHandlerContext) {
        expect(within: RequestDeadline.headMaximum, context)
        context.fireChannelActive()
    }

    func handlerAdded(context: ChannelHandlerContext) {
        // TLS is in place already, and this is the first handler of ours that is told.
        if isSecure { try? context.pipeline.syncOperations.addHandler(PlainRefuser(), position: .first) }
        // Only there is it known which version of HTTP a request speaks.
        if let decoder = try? context.pipeline.syncOperations.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self) {
            try? context.pipeline.syncOperations.addHandler(ConnectionManners(), position: .after(decoder))
        }
        if context.channel.isActive { expect(within: RequestDeadline.headMaximum, context) }
    }

    func handlerRemoved(context: ChannelHandlerContext) { scheduled?.cancel() }

    func channelInactive(context: ChannelHandlerContext) {
        scheduled?.cancel()
        // A body that was cut off is none: whoever reads it must not take it for a whole one.
        if isInBody { context.fireErrorCaught(ChannelError.eof) }
        context.fireChannelInactive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .inputClosed? = event as? ChannelEvent { isInputClosed = true }
        context.fireUserInboundEventTriggered(event)
    }

    /// Somebody wants the next part: from now on the sender is waited for.
    func read(context: ChannelHandlerContext) {
        if isInBody, waitingSince == nil {
            waitingSince = .now()
            expect(within: isChunked ? RequestDeadline.chunkedPauseMaximum : RequestDeadline.pauseMaximum, context)
        }
        context.read()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            scheduled?.cancel()
            isInBody = true
            hasAnswered = false
            isChunked = head.headerFields[.contentLength] == nil
            waited = .zero
            bodyBytes = 0
            waitingSince = .now()
            expect(within: isChunked ? RequestDeadline.chunkedPauseMaximum : RequestDeadline.pauseMaximum, context)
        case .body(let buffer):
            scheduled?.cancel()
            if let since = waitingSince { waited = waited + (.now() - since) }
            waitingSince = nil
            bodyBytes += Int64(buffer.readableBytes)
            if waited > RequestDeadline.trickleGrace, bodyBytes < waited.nanoseconds / 1_000_000 { context.close(promise: nil) }
        case .end:
            scheduled?.cancel()
            isInBody = false
            waitingSince = nil
        }
        context.fireChannelRead(data)
    }

    /// A request that cannot be parsed: whatever follows it on this connection has no meaning, so the connection ends.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard error is HTTPParserError, !isRefused else { return context.fireErrorCaught(error) }
        isRefused = true
        scheduled?.cancel()
        // Behind a proxy, a second answer would be taken for the answer to somebody else's request.
        guard !hasAnswered else {
            if isInBody { context.fireErrorCaught(error) }
            return context.close(promise: nil)
        }
        let isTooLarge = (error as? HTTPParserError) == .headerOverflow
        let body = isTooLarge
            ? #"{"code":"request.head-too-large","message":"The request's head is too large.","remedy":"Send fewer or shorter headers, or a shorter address."}"#
            : #"{"code":"request.not-http","message":"This is not a request that HTTP allows.","remedy":"Check the client; the connection is closed."}"#
        var fields = HTTPFields()
        fields[.contentType] = "application/json"
        fields[.contentLength] = String(body.utf8.count)
        fields[.connection] = "close"
        let head = HTTPResponse(status: isTooLarge ? .requestHeaderFieldsTooLarge : .badRequest, headerFields: fields)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(ByteBuffer(string: body))), promise: nil)
        let channel = context.channel
        let promise = context.eventLoop.makePromise(of: Void.self)
        promise.futureResult.whenComplete { _ in channel.close(mode: .all, promise: nil) }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: promise)
        if isInBody { context.fireErrorCaught(error) }
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if case .head = unwrapOutboundIn(data) { hasAnswered = true }
        if case .end = unwrapOutboundIn(data), !isInBody { expect(within: RequestDeadline.keepAliveMaximum, context) }
        context.write(data, promise: promise)
    }

    private func expect(within time: TimeAmount, _ context: ChannelHandlerContext) {
        scheduled?.cancel()
        let channel = context.channel
        scheduled = context.eventLoop.scheduleTask(in: time) { channel.close(mode: .all, promise: nil) }
    }
}
