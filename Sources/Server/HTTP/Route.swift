import Access
import Hummingbird
import HTTPTypes
import NIOCore
import Vocabulary

/// Who may call a route. Every route declares one; the tests' matrix is made from the list of routes.
enum Door: Sendable, Hashable {
    /// Anyone: health, assets, sign-in.
    case open
    /// Holders of a write key, which opens nothing else.
    case writeKey
    /// API tokens with this scope, and the socket.
    case scope(Scope)
    /// Signed-in people, in the console.
    case session
    /// The socket only: command-line work on this machine.
    case local
}

/// One place in the HTTP API: method, path with `{parameters}`, who may, what it does.
struct Route: Sendable {
    let method: HTTPRequest.Method
    let path: String
    let door: Door
    let summary: String
    let parameters: [RouteParameter]
    /// Nil where the route reads none.
    let takes: RouteBody?
    let answers: RouteAnswer
    let handler: @Sendable (Call) async throws -> Reply

    /// Whether it answers within a few milliseconds, or waits for another thread, and so may run where requests are read.
    var isQuick: Bool { door == .writeKey || Route.quick.contains(path) || path.hasPrefix("/api/v1/analytics/") }
    private static let quick: Set<String> = ["/health", "/api/v1/segments/preview", "/api/v1/profiles/{id}", "/api/v1/profiles/lookup", "/api/v1/profiles/{id}/events"]

    /// - Parameters:
    ///   - takes: the body that it reads. Forms of the console, which the document leaves out, say only `hasBody`.
    ///   - answers: what comes back; a documented route without it fails the tests.
    init(
        _ method: HTTPRequest.Method, _ path: String, _ door: Door, _ summary: String, _ parameters: [RouteParameter] = [], hasBody: Bool = false,
        takes: RouteBody? = nil, answers: RouteAnswer = .undescribed, _ handler: @escaping @Sendable (Call) async throws -> Reply
    ) {
        self.method = method
        self.path = path
        self.door = door
        self.summary = summary
        self.parameters = parameters
        self.takes = takes ?? (hasBody ? .json(.anyObject) : nil)
        self.answers = answers
        self.handler = handler
    }
}

extension Route {
    /// A parameter that the route does not know would be left out in silence, and the answer be to another question. Tracking and Segment's own calls stay as lenient as theirs are.
    func check(_ query: [(name: String, value: String)]) throws(Refusal) {
        for parameter in parameters {
            guard case .choice(let values) = parameter.kind, let value = query.first(where: { $0.name == parameter.name })?.value, !values.contains(value) else { continue }
            throw Refusal(400, "request.parameter", "`\(parameter.name)` must be \(Refusal.listed(values)).", remedy: "Correct the query.")
        }
        guard path.hasPrefix("/api/v1/"), case .scope = door else { return }
        var seen: Set<String> = []
        for (name, _) in query {
            guard parameters.contains(where: { $0.name == name }) else {
                let known = parameters.map(\.name).joined(separator: ", ")
                throw Refusal(400, "request.parameter", "`\(name.prefix(64))` is no parameter of this path.", remedy: known.isEmpty ? "Leave it out: it takes none." : "It takes \(known).")
            }
            guard seen.insert(name).inserted else { throw Refusal(400, "request.parameter", "`\(name)` is there twice.", remedy: "Send it once.") }
        }
    }
}

/// A query parameter as the OpenAPI document shows it.
struct RouteParameter: Sendable {
    enum Kind: Sendable {
        case text, integer(ClosedRange<Int>), boolean, time
        /// One of these texts; the dispatcher refuses anything else.
        case choice([String])
    }
    let name: String
    let kind: Kind
    let meaning: String
    init(_ name: String, _ kind: Kind, _ meaning: String) {
        self.name = name
        self.kind = kind
        self.meaning = meaning
    }
}

extension Refusal {
    /// `a`, `a or b`, `a, b or c`.
    static func listed(_ values: [String]) -> String {
        values.count < 2 ? values.joined() : values.dropLast().joined(separator: ", ") + " or " + values[values.count - 1]
    }
}

/// Who calls.
enum Caller: Sendable {
    case nobody
    case local
    case token(Token)
    case session(Sessions.Session)
}

/// A request on its way through a route.
struct Call: Sendable {
    let request: Request
    let route: Route
    let parameters: [String: String]
    let query: [(name: String, value: String)]
    let caller: Caller
    /// The workspace that the caller may see here.
    let workspace: Workspace?
    let remoteAddress: String?
    /// Whether TLS stands between the browser and whatever it talks to.
    let isSecure: Bool
    /// Whether it comes from a proxy that the settings trust.
    let isProxied: Bool
    /// Whether the caller's side of the connection is open, as far as can be known: behind a body that nobody reads, its end is not seen.
    let isConnected: @Sendable () async -> Bool

    /// Whether the caller has a scope beside the one that the route asks for.
    func may(_ scope: Scope) -> Bool {
        switch caller {
        case .local: true
        case .token(let token): token.scopes.contains(scope)
        case .session, .nobody: false
        }
    }

    /// Refuses a caller without a scope beside the one that the route asks for.
    func need(_ scope: Scope, for what: String) throws(Refusal) {
        guard may(scope) else { throw Refusal(403, "access.scope", "This token lacks the scope \(scope.rawValue), which \(what) needs.", remedy: "Use a token that has it.") }
    }

    /// What a trusted proxy says of the request that it passes on, in the nearest proxy's words; nil where none does.
    func forwarded(_ header: String) -> String? { isProxied ? Forwarded.last(header, request.headers) : nil }

    /// The sender's address: what a trusted proxy says of it, else the connection's own.
    var senderAddress: String? {
        guard let text = forwarded("X-Forwarded-For") else { return remoteAddress }
        // Some proxies write the port, too: 1.2.3.4:5678 or [2001:db8::7]:5678.
        let bare = text.hasPrefix("[") ? text.dropFirst().prefix { $0 != "]" } : text.contains(".") ? text.prefix { $0 != ":" } : text[...]
        return Configuration.address(text) ?? Configuration.address(String(bare)) ?? remoteAddress
    }

    func parameter(_ name: String) -> String { parameters[name] ?? "" }
    func query(_ name: String) -> String? { query.first { $0.name == name }?.value }

    /// A whole number within its range; a refusal for anything else.
    func integer(_ name: String, in range: ClosedRange<Int>, default value: Int) throws -> Int {
        guard let text = query(name) else { return value }
        guard let number = Int(text), range.contains(number) else {
            throw Refusal(400, "request.parameter", "`\(name)` must be a whole number from \(range.lowerBound) to \(range.upperBound).", remedy: "Correct the query.")
        }
        return number
    }

    func time(_ name: String) throws -> Timestamp? {
        guard let text = query(name) else { return nil }
        guard let time = Timestamp(text) else {
            throw Refusal(400, "request.parameter", "`\(name)` is not a time.", remedy: "Write it as 2026-07-01T00:00:00Z.")
        }
        return time
    }

    func boolean(_ name: String) throws -> Bool {
        switch query(name) {
        case nil, "false", "0": false
        case "true", "1", "": true
        default: throw Refusal(400, "request.parameter", "`\(name)` must be true or false.", remedy: "Correct the query.")
        }
    }

    var place: Workspace {
        get throws {
            guard let workspace else { throw Refusal(404, "workspace.unknown", "There is no such workspace.", remedy: "Use main or demo.") }
            return workspace
        }
    }

    /// The whole body, refused when it is larger than `maximum`.
    func body(maximum: Int) async throws -> ByteBuffer {
        do { return try await request.body.collect(upTo: maximum) } catch is NIOTooManyBytesError {
            throw Refusal(400, "request.too-large", "The body is larger than \(maximum) bytes.", remedy: "Send less at a time.")
        }
    }

    /// The same where nothing need be sent: an empty body is as good as an empty object.
    func jsonIfAny() async throws -> JSONText {
        let buffer = try await body(maximum: 1 << 16)
        return buffer.readableBytes == 0 ? JSONText(trusted: Array("{}".utf8)) : try json(Array(buffer.readableBytesView))
    }

    /// The body as a JSON object, held to the members that the route declares.
    func json(maximum: Int = 1 << 20) async throws -> JSONText {
        try json(Array(try await body(maximum: maximum).readableBytesView))
    }

    private func json(_ bytes: [UInt8]) throws -> JSONText {
        guard let json = JSONText(validating: bytes), json.isObject else {
            throw Refusal(400, "request.not-json", "The body is not a JSON object.", remedy: "Send JSON with Content-Type application/json.")
        }
        try route.check(json)
        return json
    }
}

/// What a route answers.
struct Reply: Sendable {
    var status: HTTPResponse.Status = .ok
    var headers = HTTPFields()
    var body: ResponseBody

    init(status: HTTPResponse.Status = .ok, type: String, bytes: [UInt8]) {
        self.status = status
        headers[.contentType] = type
        body = ResponseBody(byteBuffer: ByteBuffer(bytes: bytes))
    }

    init(status: HTTPResponse.Status = .ok, json: JSONText) {
        self.init(status: status, type: "application/json", bytes: json.bytes)
    }

    init(status: HTTPResponse.Status = .ok, _ write: (inout JSONWriter) throws -> Void) rethrows {
        var w = JSONWriter(capacity: 1024)
        try write(&w)
        self.init(status: status, json: w.text)
    }

    /// Answers HEAD with what GET would be answered, but for the body: of its length nothing is said where it is not known beforehand (RFC 9110, 9.3.2).
    mutating func keepHeadAlone() {
        let length = body.contentLength
        if let length { headers[.contentLength] = String(length) }
        body = ResponseBody(contentLength: length) { try await $0.finish(nil) }
    }

    init(html: String, status: HTTPResponse.Status = .ok) {
        self.init(status: status, type: "text/html; charset=utf-8", bytes: Array(html.utf8))
    }

    init(stream type: String, _ write: @escaping @Sendable (inout any ResponseBodyWriter) async throws -> Void) {
        headers[.contentType] = type
        body = ResponseBody(write)
    }

    init(redirect: String) {
        self.init(status: .seeOther, type: "text/plain", bytes: [])
        headers[.location] = redirect
    }

    init(refusal: Refusal) {
        self.init(status: HTTPResponse.Status(code: refusal.status)) { w in
            w.object { refusal.write(&$0) }
        }
        if let seconds = refusal.retryAfter { headers[.retryAfter] = String(seconds) }
    }
}

extension Refusal {
    /// The members of an answer that refuses.
    func write(_ w: inout JSONWriter) {
        w.member("code", explanation.code)
        w.member("message", explanation.problem)
        w.member("remedy", explanation.remedy)
        if !place.isEmpty { w.member("place", place) }
    }
}
