import NIOCore

/// One connection to the ``MailCatcher``.
final class CatchingHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let catcher: MailCatcher
    private var dialogue = CatchingDialogue()
    private var isInside = false
    private var timer: Scheduled<Void>?
    private static let silenceMaximum = TimeAmount.seconds(120)

    init(_ catcher: MailCatcher) { self.catcher = catcher }

    func channelActive(context: ChannelHandlerContext) {
        isInside = catcher.enter()
        guard isInside else {
            write("421 4.3.2 Too many connections.\r\n", context)
            context.close(promise: nil)
            return
        }
        write(CatchingDialogue.greeting, context)
        watch(context)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard isInside else { return }
        watch(context)
        var out = ""
        for byte in unwrapInboundIn(data).readableBytesView {
            guard let answer = dialogue.take(byte) else { continue }
            out += answer.text
            if let mail = answer.mail { out += "250 2.0.0 Caught as \(catcher.keep(mail.sender, mail.recipients, mail.bytes))\r\n" }
            if answer.isLast {
                write(out, context)
                context.close(promise: nil)
                return
            }
        }
        if !out.isEmpty { write(out, context) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        timer?.cancel()
        if isInside { catcher.leave() }
        isInside = false
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    private func write(_ text: String, _ context: ChannelHandlerContext) { context.writeAndFlush(wrapOutboundOut(context.channel.allocator.buffer(string: text)), promise: nil) }

    private func watch(_ context: ChannelHandlerContext) {
        timer?.cancel()
        let channel = NIOLoopBound(context, eventLoop: context.eventLoop)
        timer = context.eventLoop.scheduleTask(in: CatchingHandler.silenceMaximum) { channel.value.close(promise: nil) }
    }
}
