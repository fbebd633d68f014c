import Hummingbird
import NIOCore
import Segments
import ServiceLifecycle
import Vocabulary

/// One reader of membership changes: what is new, until the reader goes or the server stops.
struct ChangeStream: Sendable {
    let memberships: LiveSegments
    /// The number of the last change that the reader has seen.
    let after: Int
    /// Whether the token that opened it holds still.
    let isAdmitted: @Sendable () throws -> Bool

    func run(_ writer: inout any ResponseBodyWriter) async throws {
        try await withGracefulShutdownHandler {
            try await write(to: &writer)
        } onGracefulShutdown: {
            memberships.wake()
        }
    }

    private func write(to writer: inout any ResponseBodyWriter) async throws {
        var last = after
        while !Task.isCancelled, !Task.isShuttingDownGracefully, try isAdmitted() {
            let changes = memberships.changes(after: last, limit: 500)
            // A comment shows us that the reader is gone, and proxies that the stream is not.
            var text = changes.isEmpty ? ": still here\n\n" : ""
            for change in changes {
                text += ChangeStream.message(change)
                last = change.number
            }
            try await writer.write(ByteBuffer(string: text))
            if changes.isEmpty { await memberships.waitForMore(after: last) }
        }
    }

    private static func message(_ change: MembershipChange) -> String {
        var w = JSONWriter()
        SegmentRoutes.write(change, &w)
        return "id: \(change.number)\nevent: \(change.hasEntered ? "entered" : "exited")\ndata: \(w.text.text)\n\n"
    }
}
