import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOHTTPTypes

/// Answers what is no HTTP with a refusal that explains itself, and cuts connections that are slow on purpose: a head must be complete within 30 s of the connection or of the request before, a body within 120 s
/// of its head, whatever trickles in meanwhile; a chunked one must not pause.
/// While we answer, nothing is expected of the client, so that a stream may last.
final class RequestDeadline: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    static let headMaximum = TimeAmount.seconds(30)
    /// A chunk may announce any size, so a chunked body must move: a pause this long ends it.
    static let stallMaximum = TimeAmount.seconds(6)
    static let keepAliveMaximum = TimeAmount.seconds(75)
    static let bodyMaximum = TimeAmount.seconds(120)
    private var scheduled: Scheduled<Void>?
    private var isRefused = false
    private var isChunked = false

    func channelActive(context: ChannelHandlerContext) {
        expect(within: RequestDeadline.headMaximum, context)
        context.fireChannelActive()
    }

    func handlerAdded(context: ChannelHandlerContext) {
        if context.channel.isActive { expect(within: RequestDeadline.headMaximum, context) }
    }

    func handlerRemoved(context: ChannelHandlerContext) { scheduled?.cancel() }

    func channelInactive(context: ChannelHandlerContext) {
        scheduled?.cancel()
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            isChunked = head.headerFields[.contentLength] == nil
            expect(within: isChunked ? RequestDeadline.stallMaximum : RequestDeadline.bodyMaximum, context)
        case .end: scheduled?.cancel()
        case .body: if isChunked { expect(within: RequestDeadline.stallMaximum, context) }
        }
        context.fireChannelRead(data)
    }

    /// A request that cannot be parsed: whatever follows it on this connection has no meaning, so the connection ends.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard error is HTTPParserError, !isRefused else { return context.fireErrorCaught(error) }
        isRefused = true
        scheduled?.cancel()
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
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if case .end = unwrapOutboundIn(data) { expect(within: RequestDeadline.keepAliveMaximum, context) }
        context.write(data, promise: promise)
    }

    private func expect(within time: TimeAmount, _ context: ChannelHandlerContext) {
        scheduled?.cancel()
        let channel = context.channel
        scheduled = context.eventLoop.scheduleTask(in: time) { channel.close(mode: .all, promise: nil) }
    }
}
