import Access
import Console
import HTTPTypes
import Hummingbird
import NIOCore
import ServiceLifecycle
import Vocabulary

/// Live: arrivals with their verdicts, as a list and as a stream.
extension ConsoleRoutes {
    static let liveRowsMaximum = 200

    var live: [Route] {
        [
            page("/live", "Events as they arrive.") { visit in
                let filter = LivePage.Filter(visit.call)
                let rows: [LivePage.Row]
                if filter.fromMs != nil || filter.toMs != nil {
                    rows = LiveInterval.rows(visit.place, filter, limit: ConsoleRoutes.liveRowsMaximum)
                } else {
                    var all = LiveRows(visit.place, in: visit.frame.language)
                    rows = visit.place.live.items(since: 0, limit: LiveFeed.itemsMaximum).reversed().compactMap { all.row($0) }.filter(filter.matches)
                }
                let names = visit.place.sources.all.map(\.name)
                return visit.html(LivePage(rows: Array(rows.prefix(ConsoleRoutes.liveRowsMaximum)), filter: filter, sources: names))
            },
            Route(.get, "/w/{workspace}/live/stream", .session, "Arrivals as server-sent events.") { call in
                guard case .session(let session) = call.caller else { throw SignInNeeded() }
                let stream = LiveStream(
                    place: try call.place, filter: LivePage.Filter(call), language: Visitor(call).language, isAdmitted: server.folder.admission(of: .session(session)),
                    after: call.request.headers[.init("Last-Event-ID")!].flatMap { Int($0) })
                var reply = Reply(stream: "text/event-stream; charset=utf-8") { writer in
                    try await stream.run(&writer)
                    try await writer.finish(nil)
                }
                reply.headers[.cacheControl] = "no-store"
                return reply
            },
        ]
    }
}

/// One open Live page: what arrives and matches, until the reader goes, the session ends or the server stops.
struct LiveStream: Sendable {
    /// A comment this often shows us that the reader is gone, and proxies that the stream is not.
    static let heartbeat: Int64 = 15_000_000
    /// What arrived while the page was being made belongs on it.
    static let headStartMs: Int64 = 5_000

    let place: Workspace
    let filter: LivePage.Filter
    /// In which refusals are told.
    let language: Language
    /// Whether the sign-in or token that opened it holds still.
    let isAdmitted: @Sendable () throws -> Bool
    let after: Int?

    func run(_ writer: inout any ResponseBodyWriter) async throws {
        try await withGracefulShutdownHandler {
            try await write(to: &writer)
        } onGracefulShutdown: {
            place.live.wake()
        }
    }

    private func write(to writer: inout any ResponseBodyWriter) async throws {
        try await writer.write(ByteBuffer(string: "retry: 2000\n\n"))
        var number = after ?? newestBeforeThePage()
        var beat = Clock.monotonicMicroseconds()
        while !Task.isCancelled, !Task.isShuttingDownGracefully, try isAdmitted() {
            var rows = LiveRows(place, in: language)
            for item in place.live.items(since: number, limit: LiveFeed.itemsMaximum) {
                number = item.number
                guard let row = rows.row(item), filter.matches(row) else { continue }
                try await writer.write(ByteBuffer(bytes: LiveStream.message(row)))
            }
            if Clock.monotonicMicroseconds() - beat > LiveStream.heartbeat {
                beat = Clock.monotonicMicroseconds()
                try await writer.write(ByteBuffer(string: ": still here\n\n"))
            }
            await place.live.waitForMore(since: number)
        }
    }

    private func newestBeforeThePage() -> Int {
        let start = Clock.now().milliseconds - LiveStream.headStartMs
        return place.live.items(since: 0, limit: LiveFeed.itemsMaximum).last { $0.receivedAt.milliseconds < start }?.number ?? 0
    }

    private static func message(_ row: LivePage.Row) -> [UInt8] {
        var w = JSONWriter()
        w.object { w in
            w.member("position", row.position)
            w.member("receivedAt", row.receivedAtMs)
            w.member("type", row.type)
            w.member("event", row.event)
            w.member("verdict", row.verdict.rawValue)
            w.member("source", row.source)
            w.member("person", row.person)
            w.member("profileId", row.profileID)
            w.member("summary", row.summary)
        }
        return Array("id: \(row.position)\ndata: ".utf8) + w.bytes + Array("\n\n".utf8)
    }
}

extension DataFolder {
    /// Whether whoever opened a stream may still read it: a session that was ended and a token that was revoked read nothing more.
    func admission(of caller: Caller) -> @Sendable () throws -> Bool {
        { [tokens, sessions] in
            switch caller {
            case .token(let token): tokens.isThere(token)
            case .session(let session): try sessions.session(id: session.id, at: Clock.now(), isUse: false) != nil
            case .local, .nobody: true
            }
        }
    }
}
