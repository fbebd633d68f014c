import NIOCore
import NIOHTTP1

/// What HTTP/1 asks of a server between requests, and what stands behind this handler does not do: whose last request this is, in any way of saying so, the word that
/// somebody waits for before they send a body, and an answer to HEAD that ends with its head.
///
/// - Note: RFC 9112, 3.2, 6.3, 9.3 and 9.6, and RFC 9110, 10.1.1. An HTTP/1.0 connection ends with its answer, also where `keep-alive` is asked for, which a server may do.
final class ConnectionManners: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    /// A refusal for the head alone, such as of a body that is too large, comes within this time, and saves the sender the body.
    private static let refusalTime = TimeAmount.milliseconds(10)

    /// For each request that was not answered yet, in their order, whether the connection goes on behind it, and whether it is HEAD.
    private var unanswered: [(goesOn: Bool, isHead: Bool)] = []
    /// Whether the answer on its way has no body though its length is not known: the end of a chunked one would be read as part of the next answer.
    private var endsSilently = false
    private var invitation: Scheduled<Void>?

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .head(var head) = unwrapInboundIn(data) else {
            invitation?.cancel()
            return context.fireChannelRead(data)
        }
        let goesOn = head.isKeepAlive && head.version == .http1_1
        unanswered.append((goesOn, head.method == .HEAD))
        // Only from HTTP/1.1 on a request must say whom it is for.
        if head.version != .http1_1, !head.headers.contains(name: "host") { head.headers.add(name: "Host", value: "") }
        if !goesOn { head.headers.replaceOrAdd(name: "Connection", value: "close") }
        // Behind an earlier request its answer would be torn by it; who waits in vain sends the body all the same.
        if head.version == .http1_1, unanswered.count == 1, head.headers.first(name: "expect")?.lowercased() == "100-continue" { invite(context) }
        context.fireChannelRead(wrapInboundOut(.head(head)))
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard case .head(var head) = unwrapOutboundIn(data) else {
            guard endsSilently, case .end = unwrapOutboundIn(data) else { return context.write(data, promise: promise) }
            endsSilently = false
            promise?.succeed()
            return
        }
        invitation?.cancel()
        let asked = unanswered.isEmpty ? (goesOn: true, isHead: false) : unanswered.removeFirst()
        endsSilently = asked.isHead && !head.headers.contains(name: "content-length")
        if !asked.goesOn { head.headers.replaceOrAdd(name: "Connection", value: "close") }
        context.write(wrapOutboundOut(.head(head)), promise: promise)
    }

    func handlerRemoved(context: ChannelHandlerContext) { invitation?.cancel() }

    func channelInactive(context: ChannelHandlerContext) {
        invitation?.cancel()
        context.fireChannelInactive()
    }

    private func invite(_ context: ChannelHandlerContext) {
        invitation = context.eventLoop.assumeIsolated().scheduleTask(in: ConnectionManners.refusalTime) {
            guard context.channel.isActive else { return }
            context.writeAndFlush(self.wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: .continue))), promise: nil)
        }
    }
}
