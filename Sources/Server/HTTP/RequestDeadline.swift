import NIOCore
import NIOHTTPTypes

/// Cuts connections that are slow on purpose: a head must be complete within 30 s of the connection or of the request before, a body within 120 s
/// of its head, whatever trickles in meanwhile.
/// While we answer, nothing is expected of the client, so that a stream may last.
final class RequestDeadline: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    static let headMaximum = TimeAmount.seconds(30)
    static let keepAliveMaximum = TimeAmount.seconds(75)
    static let bodyMaximum = TimeAmount.seconds(120)
    private var scheduled: Scheduled<Void>?

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
        case .head: expect(within: RequestDeadline.bodyMaximum, context)
        case .end: scheduled?.cancel()
        case .body: break
        }
        context.fireChannelRead(data)
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
