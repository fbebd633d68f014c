import HTTPTypes
import Hummingbird
import Ingest
import NIOCore
import Vocabulary

/// The tracking API, as Segment's SDKs and their relatives speak it.
struct IngestionRoutes: Sendable {
    static let bodyMaximum = 4 << 20
    let server: MartletServer

    var routes: [Route] {
        var routes: [Route] = []
        for type in EventType.allCases {
            for path in ["/v1/\(type.name)", "/v1/\(type.name.first!)", "/api/s/\(type.name)", "/api/s/s2s/\(type.name)"] {
                routes.append(post(path, .single(type), "Take one \(type.name) call.", takes: .call(type)))
            }
            for path in ["/v1/pixel/\(type.name)", "/pixel/v1/\(type.name)"] {
                routes.append(Route(.get, path, .writeKey, "Take one \(type.name) call from an image's address; always answers an image.", answers: .content("image/gif", "One pixel.")) { await pixel($0, type) })
            }
        }
        for path in ["/v1/batch", "/v1/b", "/v1/import", "/beacon/v1/batch"] { routes.append(post(path, .batch, "Take a list of calls.", takes: .batch)) }
        routes.append(Route(.post, "/v1/m", .writeKey, "Swallow an SDK's own metrics.", takes: .json(.anything, isRequired: false), answers: .json(.success)) { _ in Reply { $0.object { $0.member("success", true) } } })
        for path in ["/v1/projects/{key}/settings", "/projects/{key}/settings"] {
            routes.append(Route(.get, path, .writeKey, "Settings that analytics.js, analytics-swift and analytics-kotlin ask for.", answers: .json(IngestionRoutes.settingsShape)) { try settings($0) })
        }
        routes.append(Route(.get, "/sourceConfig", .writeKey, "Settings that RudderStack's SDKs ask for.", answers: .json(IngestionRoutes.sourceConfigShape)) { try sourceConfig($0) })
        return routes
    }

    private static let options = [
        RouteParameter("verdicts", .boolean, "Adds a verdict for each event: accepted, duplicate or quarantined, with the reason."),
        RouteParameter("wait", .choice(["profile"]), "`profile`: answer only when the profiles show the events."),
    ]

    private func post(_ path: String, _ shape: CallShape, _ summary: String, takes body: RouteBody) -> Route {
        Route(.post, path, .writeKey, summary, IngestionRoutes.options, takes: body, answers: .json(IngestionRoutes.taken)) { try await take($0, shape) }
    }

    // MARK: - Taking

    /// - Parameter status: 401 where a write key leads here, 403 for whoever has a token.
    static func disabled(_ status: Int) -> Refusal { Refusal(status, "source.disabled", "This source is disabled.", remedy: "Enable it on the source's page.") }

    private func take(_ call: Call, _ shape: CallShape) async throws -> Reply {
        let receivedAt = Clock.now()
        let headers = call.request.headers
        guard let coding = Inflater.coding(named: headers[.contentEncoding]) else {
            throw Refusal(400, "body.encoding", "This Content-Encoding is not supported.", remedy: "Send gzip, zstd or plain JSON.")
        }
        let headerSource = try credentialedSource(call)
        guard !server.memory.isShort else { throw server.memory.refusal }
        try headerSource?.0.ingest.checkLag()
        let share = server.memory.share()
        defer { withExtendedLifetime(share) {} }
        let body = try await body(call, share)
        let context = CallContext(
            receivedAt: receivedAt, remoteAddress: call.senderAddress, globalPrivacyControl: headers[.init("Sec-GPC")!] == "1")
        var decoded: DecodedCall
        switch IngestionRoutes.read(body, coding, shape, context) {
        case .success(let call): decoded = call
        case .failure(let refusal):
            // What came out of the compression is kept, not what went in: an erasure must be able to read it.
            let readable = Inflater.beginning(of: body, coding, maximum: Quarantine.bodyMaximum)
            await keep(readable, refusal.explanation, headerSource, shape, context)
            throw refusal
        }
        try share.grow(by: decoded.batch.bytes.count)
        // A body may take its time: what was disabled or rotated meanwhile takes nothing more.
        guard let (workspace, source) = try credentialedSource(call) ?? decoded.writeKey.flatMap(server.source(writeKey:)) else {
            throw Refusal(401, "source.unknown-key", "This write key is not known.", remedy: "Copy the key from the source's page, or make a source with `martlet source create`.")
        }
        guard source.isEnabled else {
            throw IngestionRoutes.disabled(401)
        }
        guard decoded.hasItems else {
            let refusal = IngestionRoutes.noBatch
            await keep(Inflater.beginning(of: body, coding, maximum: Quarantine.bodyMaximum), refusal.explanation, (workspace, source), shape, context)
            throw refusal
        }
        let wantsVerdicts = try call.boolean("verdicts") || headers[.init("X-Martlet-Verdicts")!] == "true"
        let refusedItems = decoded.refused
        let arrivals = LiveArrivals(decoded, source: source.number, shape: shape, receivedAt: receivedAt)
        let answer = try await workspace.ingest.accept(
            &decoded, from: source, shape: shape, hasher: workspace.hasher, receivedAt: receivedAt, wantsVerdicts: wantsVerdicts)
        arrivals.note(refused: refusedItems, duplicates: answer.duplicates, in: workspace.live)
        if let refusal = answer.refusal {
            guard wantsVerdicts else { throw refusal }
            return Reply(status: .init(code: refusal.status)) { w in
                w.object {
                    refusal.write(&$0)
                    IngestionRoutes.write(verdicts: answer, &$0)
                }
            }
        }
        if call.query("wait") == "profile" { await workspace.folds.waitUntilApplied(answer.end) }
        return Reply { IngestionRoutes.write(answer, wantsVerdicts, &$0) }
    }

    private static func write(_ answer: Ingest.Answer, _ wantsVerdicts: Bool, _ w: inout JSONWriter) {
        w.object { w in
            w.member("success", true)
            // Jitsu's client wants its own word for it.
            w.member("ok", true)
            if wantsVerdicts { IngestionRoutes.write(verdicts: answer, &w) }
        }
    }

    private static func write(verdicts answer: Ingest.Answer, _ w: inout JSONWriter) {
        w.key("verdicts")
        w.array { w in
            for verdict in answer.verdicts {
                w.object { w in
                    w.member("messageId", verdict.messageId)
                    w.member("status", verdict.status.rawValue)
                    if let reason = verdict.reasons.first {
                        w.member("code", reason.code)
                        w.member("message", reason.problem)
                    }
                }
            }
        }
    }

    private func body(_ call: Call, _ share: MemoryBudget.Share) async throws -> [UInt8] {
        let tooLarge = Refusal(400, "body.too-large", "The body is larger than 4 MiB.", remedy: "Send smaller batches.")
        let length = call.request.headers[.contentLength].map { Int($0) ?? .max } ?? 0
        guard length <= IngestionRoutes.bodyMaximum else { throw tooLarge }
        var body: [UInt8] = []
        var room = 0
        for try await part in call.request.body {
            let count = body.count + part.readableBytes
            guard count <= IngestionRoutes.bodyMaximum else { throw tooLarge }
            // Growing by and by would take its room four times. What is only announced counts as taken, and is believed up to a bound.
            let wanted = max(count, min(length, IngestionRoutes.announcedMaximum))
            if wanted > room {
                try share.grow(by: wanted - room)
                if room == 0 { body.reserveCapacity(wanted) }
                room = wanted
            }
            body.append(contentsOf: part.readableBytesView)
        }
        return body
    }
    private static let announcedMaximum = 128 << 10

    /// Inflates and decodes a body. A result, since catching typed errors in an async function crashes the compiler of Swift 6.3.1.
    static func read(_ bytes: [UInt8], _ coding: Inflater.Coding, _ shape: CallShape, _ context: CallContext, newMessageId: @escaping @Sendable (UInt32) -> String = newMessageId) -> Result<DecodedCall, Refusal> {
        do throws(Refusal) {
            var body = try Inflater.inflate(bytes, coding, maximum: bodyMaximum)
            return decode(&body, shape, context, newMessageId)
        } catch {
            return .failure(error)
        }
    }

    private static func decode(_ body: inout [UInt8], _ shape: CallShape, _ context: CallContext, _ newMessageId: @escaping @Sendable (UInt32) -> String) -> Result<DecodedCall, Refusal> {
        do throws(JSONError) {
            return .success(try EventDecoder.decode(&body, as: shape, in: context, newMessageId: newMessageId))
        } catch {
            return .failure(refusal(error))
        }
    }

    private func keep(_ body: [UInt8], _ reason: Explanation, _ place: (Workspace, Source)?, _ shape: CallShape, _ context: CallContext) async {
        guard let (workspace, source) = place else { return }
        let receivedAt = context.receivedAt
        workspace.live.note(LiveArrivals.refused(nil, reason, source.number, shape, receivedAt))
        await workspace.ingest.quarantineBody(body[...], around: context.around, reason: reason, source: source, shape: shape, receivedAt: receivedAt)
    }

    static let noBatch = Refusal(400, "batch.missing", "The body has no list of events under `batch`.", remedy: "Send {\"batch\": […]}.")

    static func refusal(_ error: JSONError) -> Refusal {
        switch error.kind {
        case .notUTF8: Refusal(400, "body.not-utf8", "The body is not UTF-8 at byte \(error.offset).", remedy: "Send UTF-8.")
        case .tooDeep: Refusal(400, "body.too-deep", "The body nests deeper than \(JSONScanner.depthMaximum) levels at byte \(error.offset).", remedy: "Flatten it.")
        case .tooManyItems: Refusal(400, "body.too-many", "The body holds more than \(EventDecoder.itemsMaximum) events.", remedy: "Send smaller batches.")
        case .tooMuchShared:
            Refusal(
                400, "body.too-large", "The batch's own `context` and `integrations`, which each event gets, make more than \(EventDecoder.sharedBytesMaximum >> 20) MiB of it.",
                remedy: "Send smaller batches, or less for all.")
        case .notJSON: Refusal(400, "body.not-json", "The body is not one JSON object: it cannot be read at byte \(error.offset).", remedy: "Check what writes it.")
        }
    }

    static let newMessageId: @Sendable (UInt32) -> String = { _ in
        var generator = SystemRandomNumberGenerator()
        return "martlet-" + String(generator.next() as UInt64, radix: 36) + String(generator.next() as UInt64, radix: 36)
    }

    // MARK: - Write keys

    /// The source that the headers or the query name. Nil when they name none, so that the body may; a refusal when they name one wrongly.
    private func credentialedSource(_ call: Call) throws -> (Workspace, Source)? {
        let headers = call.request.headers
        let unknown = Refusal(401, "source.unknown-key", "This write key is not known.", remedy: "Copy the key from the source's page.")
        if let header = headers[.authorization] {
            // Segment's Bearer is an OAuth token with the key in the body, so an unknown Bearer lets the body speak.
            if let found = Credentials.bearer(header).flatMap(server.source(writeKey:)) { return found }
            if let key = Credentials.basicUser(header), !key.isEmpty {
                guard let found = server.source(writeKey: key) else { throw unknown }
                return found
            }
        }
        if let key = headers[.init("X-Write-Key")!] ?? call.query("writeKey") {
            guard let found = server.source(writeKey: String(key.split(separator: ":")[safe: 0] ?? "")) else { throw unknown }
            return found
        }
        return nil
    }

    // MARK: - Pixel and settings

    private static let gif: [UInt8] = [
        0x47, 0x49, 0x46, 0x38, 0x39, 0x61, 1, 0, 1, 0, 0x80, 0, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0x21, 0xf9, 4, 1, 0, 0, 0, 0, 0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2,
        2, 0x44, 1, 0, 0x3b,
    ]

    private func pixel(_ call: Call, _ type: EventType) async -> Reply {
        var reply = Reply(type: "image/gif", bytes: IngestionRoutes.gif)
        reply.headers[.cacheControl] = "no-store, no-cache, must-revalidate, private"
        let receivedAt = Clock.now()
        let body: [UInt8]
        // Whoever only asks what an image is, as scanners of links do, has shown it to nobody.
        guard call.request.method == .get else { return reply }
        if let data = call.query("data") {
            // A plus that was not escaped has become a blank, and long texts are broken into lines.
            body = Base64.decode(data.replacing(" ", with: "+").filter { !$0.isNewline }) ?? Array(data.utf8)
        } else {
            body = PixelQuery.json(call.query)
        }
        let context = CallContext(
            receivedAt: receivedAt, remoteAddress: nil, globalPrivacyControl: call.request.headers[.init("Sec-GPC")!] == "1")
        var decoded: DecodedCall
        switch IngestionRoutes.read(body, .identity, .single(type), context) {
        case .success(let read): decoded = read
        case .failure(let refusal):
            // Nobody reads an image's answer: whoever looks why nothing comes finds it in quarantine.
            let place = call.query("writeKey").flatMap { server.source(writeKey: $0) }
            if place?.1.isEnabled == true { await keep(body, refusal.explanation, place, .single(type), context) }
            return reply
        }
        guard let key = decoded.writeKey ?? call.query("writeKey"), let (workspace, source) = server.source(writeKey: key), source.isEnabled, !server.memory.isShort else { return reply }
        _ = try? await workspace.ingest.accept(
            &decoded, from: source, shape: .single(type), hasher: workspace.hasher, receivedAt: receivedAt, wantsVerdicts: false)
        return reply
    }

    private func settings(_ call: Call) throws -> Reply {
        let key = call.parameter("key")
        guard let (workspace, _) = server.source(writeKey: key) else { throw Refusal(404, "source.unknown-key", "This write key is not known.", remedy: "Copy the key from the source's page.") }
        let address = address(of: workspace, call)
        var reply = Reply { w in
            w.object { w in
                w.key("integrations")
                w.object { w in
                    w.key("Segment.io")
                    w.object { w in
                        w.member("apiKey", key)
                        w.member("apiHost", address.host + "/v1")
                        w.member("protocol", address.scheme)
                    }
                }
                w.key("plan")
                w.object { w in
                    w.key("track")
                    w.object { w in w.key("__default"); w.object { $0.member("enabled", true) } }
                }
                w.key("edgeFunction"); w.object { _ in }
                w.key("legacyVideoPluginsEnabled"); w.boolean(false)
                w.key("remotePlugins"); w.array { _ in }
            }
        }
        reply.headers[.accessControlAllowOrigin] = call.request.headers[.origin] ?? "*"
        return reply
    }

    /// Where browsers and apps reach us: the workspace's public address, else what a trusted proxy says that it was asked for, else the address asked.
    private func address(of workspace: Workspace, _ call: Call) -> (scheme: String, host: String) {
        let parts = workspace.policy.current.publicAddress.split(separator: "://", maxSplits: 1)
        if parts.count == 2 { return (String(parts[0]), String(parts[1])) }
        return (call.isSecure ? "https" : "http", call.request.head.authority ?? "localhost")
    }

    private func sourceConfig(_ call: Call) throws -> Reply {
        guard let (_, source) = try credentialedSource(call) else {
            throw Refusal(401, "source.unknown-key", "This write key is not known.", remedy: "Copy the key from the source's page.")
        }
        return Reply { w in
            w.object { w in
                w.key("source")
                w.object { w in
                    w.member("id", source.id)
                    w.member("name", source.name)
                    w.member("writeKey", source.writeKey)
                    w.member("enabled", source.isEnabled)
                    w.member("workspaceId", "martlet")
                    w.member("updatedAt", source.createdAt)
                    w.key("config"); w.object { _ in }
                    w.key("connections"); w.array { _ in }
                    w.key("destinations"); w.array { _ in }
                    w.key("dataplanes"); w.object { _ in }
                }
            }
        }
    }
}

extension Array {
    subscript(safe index: Int) -> Element? { indices.contains(index) ? self[index] : nil }
}

/// Turns `properties.subject=…&userId=…` into the JSON of a call; every value is text.
enum PixelQuery {
    private indirect enum Tree {
        case text(String)
        case object([(String, Tree)])
    }

    static func json(_ query: [(name: String, value: String)]) -> [UInt8] {
        var root: [(String, Tree)] = []
        for (name, value) in query { insert(name.split(separator: ".", maxSplits: 8, omittingEmptySubsequences: false).map(String.init)[...], value, &root) }
        var w = JSONWriter()
        write(.object(root), &w)
        return w.bytes
    }

    private static func insert(_ path: ArraySlice<String>, _ value: String, _ object: inout [(String, Tree)]) {
        guard let first = path.first else { return }
        let at = object.firstIndex { $0.0 == first }
        guard path.count > 1 else {
            if let at { object[at].1 = .text(value) } else { object.append((first, .text(value))) }
            return
        }
        var inner: [(String, Tree)] = []
        if let at, case .object(let known) = object[at].1 { inner = known }
        insert(path.dropFirst(), value, &inner)
        if let at { object[at].1 = .object(inner) } else { object.append((first, .object(inner))) }
    }

    private static func write(_ tree: Tree, _ w: inout JSONWriter) {
        switch tree {
        case .text(let text): w.string(text)
        case .object(let members):
            w.object { w in
                for (key, value) in members {
                    w.key(key)
                    write(value, &w)
                }
            }
        }
    }
}
