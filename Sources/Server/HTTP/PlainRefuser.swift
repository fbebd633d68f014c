import NIOCore

/// In front of TLS: who speaks plain HTTP to this port is told so, instead of seeing a connection that closes without a word.
///
/// It looks at one byte of each connection and is gone.
final class PlainRefuser: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// Every TLS connection begins with a handshake record (RFC 8446, 5.1).
    private static let handshake: UInt8 = 22

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard let first = unwrapInboundIn(data).readableBytesView.first, first != PlainRefuser.handshake else {
            context.fireChannelRead(data)
            context.pipeline.syncOperations.removeHandler(context: context, promise: nil)
            return
        }
        let body = #"{"code":"request.needs-tls","message":"This port speaks HTTPS only.","remedy":"Use https:// in the address."}"#
        let head = "HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\nConnection: close\r\n\r\n"
        let channel = context.channel
        let promise = context.eventLoop.makePromise(of: Void.self)
        promise.futureResult.whenComplete { _ in channel.close(mode: .all, promise: nil) }
        // From here it leaves without TLS, since this handler stands in front of it.
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: head + body)), promise: promise)
    }
}
