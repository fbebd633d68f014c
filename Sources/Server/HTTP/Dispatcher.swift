import Access
import Hummingbird
import HTTPTypes
import Logging
import NIOCore
import NIOHTTP1
import Storage
import Synchronization
import Vocabulary

/// What a connection tells about its request.
struct ConnectionContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let remoteAddress: String?
    let isLoopback: Bool
    let channel: any Channel

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        channel = source.channel
        let address = channel.remoteAddress
        remoteAddress = address?.ipAddress
        isLoopback = switch address {
        case .v4: address?.ipAddress?.hasPrefix("127.") ?? false
        // An IPv4 peer of a socket that takes both looks like the second.
        case .v6: address?.ipAddress == "::1" || address?.ipAddress?.hasPrefix("::ffff:127.") ?? false
        default: true
        }
    }
}

/// Finds a request's route, asks whether its caller may, runs it, and turns every failure into an answer that explains itself.
struct Dispatcher: HTTPResponder {
    typealias Context = ConnectionContext
    let table: RouteTable
    let server: MartletServer
    /// Requests over the data folder's socket come from its owner.
    let isSocket: Bool

    func respond(to asked: Request, context: ConnectionContext) async throws -> Response {
        let started = Clock.monotonicMicroseconds()
        let (request, way) = Forwarded.read(asked, context, server, isSocket: isSocket)
        var reply: Reply
        let (path, query) = Dispatcher.split(request.head.path ?? "/")
        var isIngestion = false
        var isConsole = ConsoleRoutes.owns(path)
        let door = ConsoleDoor(server: server, isSecure: way.isSecure)
        do {
            // The first Host of a request is its authority, and a second stays among its fields (RFC 9112, 3.2).
            if asked.head.authority == nil || request.headers.contains(Dispatcher.host) { throw Dispatcher.noHost }
            if isConsole { try door.check(request, path: path, isLoopback: way.isLoopback) }
            (reply, isIngestion) = try await answer(request, path: path, query: query, context, way)
        } catch is SignInNeeded {
            reply = door.signIn(request)
        } catch let refusal as Refusal {
            isConsole = isConsole || refusal == Dispatcher.unknownPath && Dispatcher.isMistypedPage(request, path)
            reply = isConsole ? door.refuse(refusal, request) : Reply(refusal: refusal)
        } catch let error as any Explained {
            let refusal = Refusal(503, error.explanation.code, error.explanation.problem, remedy: error.explanation.remedy, retryAfter: 5)
            reply = isConsole ? door.refuse(refusal, request) : Reply(refusal: refusal)
        } catch let error as any HTTPResponseError where error.status != .internalServerError {
            let code = error.status.code == 413 ? 400 : error.status.code
            reply = Reply(refusal: Refusal(code, code == 400 ? "request.too-large" : "request.refused", "The request cannot be read.", remedy: "Check its headers and size."))
        } catch let error where error is CancellationError || error is HTTPParserError || error is ChannelError {
            // The connection is gone or answered already.
            throw error
        } catch let error where Refusal(storage: error) != nil {
            reply = Reply(refusal: Refusal(storage: error) ?? Refusal(503, "storage.unwritable", "The database cannot be written now."))
        } catch {
            server.logger.error("A request failed.", metadata: ["error": "\(String(reflecting: Swift.type(of: error)))", "route": "\(Dispatcher.shape(path))"])
            let refusal = Refusal(500, "server.failed", "Something failed on our side.", remedy: "Try again; the log names the cause.")
            reply = isConsole ? door.refuse(refusal, request) : Reply(refusal: refusal)
        }
        if request.headers[.origin] != nil, isIngestion || path.hasPrefix("/v1/") || table.takesEvents(path) { Dispatcher.allowBrowsers(&reply, request) }
        if reply.status == .methodNotAllowed, case .wrongMethod(let allowed) = table.match(request.method, path) {
            reply.headers[.allow] = allowed.joined(separator: ", ")
        }
        reply.headers[.init("X-Content-Type-Options")!] = "nosniff"
        if isConsole { door.protect(&reply) }
        server.metrics.request(status: reply.status.code, microseconds: Clock.monotonicMicroseconds() - started)
        if request.method == .head { reply.keepHeadAlone() }
        return Response(status: reply.status, headers: reply.headers, body: reply.body)
    }

    private func answer(_ request: Request, path: String, query: String, _ context: ConnectionContext, _ way: Forwarded) async throws -> (Reply, Bool) {
        switch table.match(request.method, path) {
        case .none:
            throw Dispatcher.unknownPath
        case .wrongMethod(let allowed):
            // The console answers no other site, so it has nothing to allow one.
            if request.method == .options, !ConsoleRoutes.owns(path) { return (Dispatcher.preflight(request, allowed: allowed), true) }
            // Whoever opens the address of a form, as a reload after a refused one does, gets the page above it.
            if request.method == .get, ConsoleRoutes.owns(path), let page = table.page(above: path) { return (Reply(redirect: page), false) }
            throw Refusal(405, "request.method", "This path takes \(allowed.joined(separator: ", ")).", remedy: "Use one of these methods.")
        case .found(let route, let parameters):
            let caller = try identify(request, isSecure: way.isSecure)
            let place = try authorize(route, caller, request, parameters)
            let pairs = PercentCoding.pairs(query)
            try route.check(pairs)
            let call = Call(
                request: request, route: route, parameters: parameters, query: pairs, caller: caller, workspace: place,
                remoteAddress: context.remoteAddress, isSecure: way.isSecure, isProxied: way.isProxied,
                isConnected: { [channel = context.channel] in await Dispatcher.isConnected(channel) })
            let reply = route.isQuick ? try await route.handler(call) : try await withTaskExecutorPreference(globalConcurrentExecutor) { try await route.handler(call) }
            return (reply, route.door == .writeKey)
        }
    }

    private static func isConnected(_ channel: any Channel) async -> Bool {
        guard channel.isActive else { return false }
        let isClosed = try? await channel.eventLoop.submit { try channel.pipeline.syncOperations.handler(type: RequestDeadline.self).isInputClosed }.get()
        return isClosed == false
    }

    private static let host = HTTPField.Name("Host")!
    private static let noHost = Refusal(400, "request.host", "A request of HTTP/1.1 has one Host, and this one has none or several.", remedy: "Send one Host header with the name of this server.")

    private static let unknownPath = Refusal(404, "request.unknown-path", "There is nothing at this path.", remedy: "See /api/openapi.json for what there is.")

    /// Whether somebody in front of a browser looks for a page where none is.
    private static func isMistypedPage(_ request: Request, _ path: String) -> Bool {
        request.method == .get && !path.hasPrefix("/api/") && !path.hasPrefix("/v1/") && request.headers[.accept]?.contains("text/html") ?? false
    }

    // MARK: - Who may

    private func identify(_ request: Request, isSecure: Bool) throws -> Caller {
        if isSocket { return .local }
        if let header = request.headers[.authorization] {
            if let secret = Credentials.bearer(header), let token = server.folder.tokens.token(secret: secret) { return used(token) }
            if let secret = Credentials.basicUser(header), let token = server.folder.tokens.token(secret: secret) { return used(token) }
        }
        // What a page fetches by itself is no sign of its reader.
        let isUse = request.headers[.init("Sec-Fetch-Dest")!] != "empty"
        return server.session(of: request, isSecure: isSecure, isUse: isUse).map { .session($0) } ?? .nobody
    }

    private func used(_ token: Token) -> Caller {
        server.folder.tokens.used(token, at: Clock.now())
        return .token(token)
    }

    /// The workspace that the caller may see through this route; nil for routes without one.
    private func authorize(_ route: Route, _ caller: Caller, _ request: Request, _ parameters: [String: String]) throws -> Workspace? {
        switch route.door {
        case .open, .writeKey: return nil
        case .local:
            guard case .local = caller else { throw Refusal(404, "request.unknown-path", "There is nothing at this path.") }
            return server.folder.workspace(request.headers[.init("X-Martlet-Workspace")!] ?? "main")
        case .scope(let scope):
            switch caller {
            case .local: return server.folder.workspace(request.headers[.init("X-Martlet-Workspace")!] ?? "main")
            case .token(let token):
                guard token.scopes.contains(scope) else {
                    throw Refusal(403, "access.scope", "This token lacks the scope \(scope.rawValue).", remedy: "Use a token that has it.")
                }
                return server.folder.workspace(token.workspace)
            case .session, .nobody:
                throw Refusal(401, "access.token-needed", "This needs an API token.", remedy: "Make one with `martlet token create`, and send it as Authorization: Bearer.")
            }
        case .session:
            if request.method != .get, request.method != .head { try CrossSite.check(request) }
            guard case .session = caller else { throw SignInNeeded() }
            guard let name = parameters["workspace"] else { return nil }
            guard let workspace = server.folder.workspace(name) else { throw Refusal(404, "workspace.unknown", "There is no such workspace.", remedy: "Use main or demo.") }
            return workspace
        }
    }

    // MARK: - Browsers

    /// CORS for ingestion: the origin is echoed, and Authorization named, since `*` does not cover it.
    private static func allowBrowsers(_ reply: inout Reply, _ request: Request) {
        guard let origin = request.headers[.origin] else { return }
        reply.headers[.accessControlAllowOrigin] = origin
        reply.headers[.vary] = "Origin"
        reply.headers[.accessControlExposeHeaders] = "Retry-After"
    }

    private static func preflight(_ request: Request, allowed: [String]) -> Reply {
        var reply = Reply(status: .noContent, type: "text/plain", bytes: [])
        reply.headers[.contentType] = nil
        reply.headers[.allow] = (allowed + ["OPTIONS"]).joined(separator: ", ")
        reply.headers[.accessControlAllowMethods] = "GET, POST, OPTIONS"
        reply.headers[.accessControlAllowHeaders] = "Authorization, Content-Type, Content-Encoding, X-Retry-Count, X-Write-Key, X-Martlet-Verdicts, AnonymousId, X-Enable-Debug"
        reply.headers[.accessControlMaxAge] = "900"
        return reply
    }

    static func split(_ target: String) -> (path: String, query: String) {
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        return (String(parts[0]), parts.count > 1 ? String(parts[1]) : "")
    }

    /// A path for the log: without what may be personal.
    static func shape(_ path: String) -> String { "/" + path.split(separator: "/").prefix(3).map { $0.count > 24 ? "…" : String($0) }.joined(separator: "/") }
}

/// A page needs someone signed in.
struct SignInNeeded: Error {}

/// Secrets in an Authorization header.
enum Credentials {
    static func bearer(_ header: String) -> String? { scheme("bearer", header) }

    /// The user name of Basic credentials, with or without a colon behind it.
    static func basicUser(_ header: String) -> String? {
        guard let encoded = scheme("basic", header), let bytes = Base64.decode(encoded) else { return nil }
        let text = String(decoding: bytes, as: UTF8.self)
        return String(text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)[0])
    }

    private static func scheme(_ name: String, _ header: String) -> String? {
        let parts = header.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == name else { return nil }
        return String(parts[1]).trimmed
    }
}

extension String {
    var trimmed: String {
        var text = self[...]
        while let first = text.first, first == " " || first == "\t" { text = text.dropFirst() }
        while let last = text.last, last == " " || last == "\t" { text = text.dropLast() }
        return String(text)
    }
}

enum Cookies {
    static func value(_ name: String, _ headers: HTTPFields) -> String? {
        for header in headers[values: .cookie] {
            for part in header.split(separator: ";") {
                let sides = String(part).trimmed.split(separator: "=", maxSplits: 1)
                if sides.count == 2, sides[0] == name { return String(sides[1]) }
            }
        }
        return nil
    }
}

/// Refuses what another site makes a browser send.
enum CrossSite {
    static func check(_ request: Request) throws {
        let refusal = Refusal(403, "access.cross-site", "This request comes from another site.", remedy: "Use the console's own pages.")
        if let site = request.headers[.init("Sec-Fetch-Site")!], site != "same-origin", site != "none" { throw refusal }
        if let origin = request.headers[.origin] {
            guard let host = request.head.authority, origin == "http://\(host)" || origin == "https://\(host)" else { throw refusal }
        }
    }
}

enum Base64 {
    /// Standard and URL-safe alphabets, padding optional; nil for anything else.
    static func decode(_ text: String) -> [UInt8]? {
        var out: [UInt8] = []
        var buffer: UInt32 = 0
        var bits = 0
        var padding = 0
        for byte in text.utf8 {
            let value: UInt32
            switch byte {
            case 0x41...0x5a: value = UInt32(byte - 0x41)
            case 0x61...0x7a: value = UInt32(byte - 0x61 + 26)
            case 0x30...0x39: value = UInt32(byte - 0x30 + 52)
            case 0x2b, 0x2d: value = 62
            case 0x2f, 0x5f: value = 63
            case 0x3d: padding += 1; continue
            default: return nil
            }
            guard padding == 0 else { return nil }
            buffer = buffer << 6 | value
            bits += 6
            if bits >= 8 {
                bits -= 8
                out.append(UInt8(truncatingIfNeeded: buffer >> UInt32(bits)))
            }
        }
        return padding <= 2 ? out : nil
    }
}
