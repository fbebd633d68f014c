import HTTPTypes
import Ingest
import NIOCore
import Vocabulary

/// Files of events, by API.
struct ImportRoutes: Sendable {
    let server: MartletServer

    var routes: [Route] {
        [
            Route(
                .post, "/api/v1/imports", .scope(.importsWrite), "Import a file of events: the body is NDJSON or CSV, gzip or zstd by Content-Encoding; answers when all of it is durable.",
                [
                    RouteParameter("source", .text, "Name or id of the source that the events belong to; made when missing."),
                    RouteParameter("format", .choice(["ndjson", "csv"]), "ndjson unless told."), RouteParameter("name", .text, "A name for people, such as the file's."),
                    RouteParameter("fingerprint", .text, "Names the file: its lines without messageId are known again where number and content are the same."),
                    RouteParameter("wait", .choice(["profile"]), "`profile`: answer only when the profiles show the events."),
                ], takes: .file("application/x-ndjson", "text/csv"), answers: .json(.importJob)
            ) { try await run($0) },
            Route(.get, "/api/v1/imports", .scope(.importsRead), "The last 200 imports, newest first.", answers: .json(.object(["imports": .list(.importJob)]))) { call in
                let imports = try call.place.imports.list()
                return Reply { w in
                    w.object { w in
                        w.key("imports")
                        w.array { w in for item in imports { ImportRoutes.write(item, withLines: false, &w) } }
                    }
                }
            },
            Route(.get, "/api/v1/imports/{id}", .scope(.importsRead), "One import with its progress and its refused lines.", answers: .json(.importJob)) { call in
                guard let item = try call.place.imports.find(call.parameter("id")) else { throw AdminRoutes.unknown }
                return Reply { ImportRoutes.write(item, withLines: true, &$0) }
            },
        ]
    }

    private func run(_ call: Call) async throws -> Reply {
        let place = try call.place
        let format = call.query("format").flatMap(ImportJob.Format.init) ?? .ndjson
        guard let coding = Inflater.coding(named: call.request.headers[.contentEncoding]) else {
            throw Refusal(400, "body.encoding", "This Content-Encoding is not supported.", remedy: "Send gzip, zstd or the plain file.")
        }
        let source = try source(call, place)
        let id = "imp_" + IngestionRoutes.newMessageId(0).dropFirst(8).prefix(12)
        let job = ImportJob(
            id: String(id), name: String((call.query("name") ?? "").prefix(200)), source: source, format: format,
            fingerprint: call.query("fingerprint").map { String($0.prefix(64)) } ?? String(id), startedAt: Clock.now())
        try place.imports.begin(job)
        let body = call.request.body
        await job.run(
            BodyPieces(body: body), coding: coding, into: place.ingest, hasher: place.hasher, now: { Clock.now() }, isWanted: call.isConnected, onProgress: { place.imports.note(job, at: Clock.now()) })
        if Task.isShuttingDownGracefully { job.interrupt() }
        try place.imports.settle(job)
        let progress = job.current
        if call.query("wait") == "profile" { await place.folds.waitUntilApplied(progress.end) }
        if let problem = progress.problem {
            let status = ImportRoutes.status(problem.code)
            return Reply(refusal: Refusal(status, problem.code, problem.problem, remedy: problem.remedy, retryAfter: status == 503 ? 5 : nil))
        }
        guard let item = try place.imports.find(job.id) else { throw AdminRoutes.unknown }
        return Reply { ImportRoutes.write(item, withLines: true, &$0) }
    }

    private static func status(_ code: String) -> Int {
        switch code {
        case "source.disabled": 403
        case ImportJob.memoryCode, ImportJob.interruption.code, "quarantine.unwritable": 503
        default: code.hasPrefix("log.") ? 503 : 400
        }
    }

    /// The source that the call names by id or by name, made when there is none.
    private func source(_ call: Call, _ place: Workspace) throws -> Source {
        let name = call.query("source") ?? "import"
        guard !name.isEmpty, name.utf8.count <= 200, !name.hasControlCharacters else {
            throw Refusal(400, "request.name", "`source` must be a text of 1 to 200 bytes on one line, without control characters.", remedy: "Name a source.")
        }
        let named = place.sources.source(id: name).map { [$0] } ?? place.sources.sources(named: name)
        guard named.count <= 1 else {
            throw Refusal(
                400, "import.source-ambiguous", "There are \(named.count) sources with this name: \(named.map(\.id).joined(separator: ", ")).", remedy: "Name one of them by its id.")
        }
        if let source = named.first {
            guard source.isEnabled else { throw IngestionRoutes.disabled(403) }
            return source
        }
        defer { server.sourcesChanged() }
        do {
            return try place.sources.create(name: name, author: AdminRoutes.author(call), at: Clock.now())
        } catch {
            // Another import may have made it since.
            guard let made = place.sources.source(named: name) else { throw error }
            return made
        }
    }

    static func write(_ item: ImportRecord, withLines: Bool, _ w: inout JSONWriter) {
        let progress = item.progress
        w.object { w in
            w.member("id", item.id)
            w.member("name", item.name)
            w.member("source", item.source)
            w.member("format", item.format)
            w.member("state", progress.state.rawValue)
            let counts = [
                ("accepted", progress.accepted), ("duplicates", progress.duplicates), ("suppressed", progress.suppressed), ("rejected", progress.rejected), ("bytes", progress.bytes),
            ]
            for (name, count) in counts {
                if progress.counted == .never { w.member(name, nil as String?) } else { w.member(name, count) }
            }
            w.member("counted", "\(progress.counted)")
            w.member("startedAt", item.startedAt)
            w.member("finishedAt", progress.finishedAt)
            if let problem = progress.problem {
                w.key("problem")
                w.object { $0.member("code", problem.code); $0.member("problem", problem.problem); $0.member("remedy", problem.remedy) }
            }
            guard withLines else { return }
            w.key("rejectedLines")
            w.array { w in
                for line in progress.rejectedLines { w.object { $0.member("line", line.line); $0.member("code", line.reason.code); $0.member("message", line.reason.problem) } }
            }
        }
    }
}

/// A request's body as plain byte arrays.
struct BodyPieces<Body: AsyncSequence & Sendable>: AsyncSequence where Body.Element == ByteBuffer {
    typealias Element = [UInt8]
    let body: Body

    struct AsyncIterator: AsyncIteratorProtocol {
        var base: Body.AsyncIterator
        mutating func next() async throws -> [UInt8]? { try await base.next().map { Array($0.readableBytesView) } }
    }

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(base: body.makeAsyncIterator()) }
}
