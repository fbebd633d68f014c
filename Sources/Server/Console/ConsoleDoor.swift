import Console
import HTTPTypes
import Hummingbird
import Vocabulary

/// What holds for every address of the console, before and after its route: who may come near, the headers, and the answer when there is no page.
struct ConsoleDoor: Sendable {
    let server: MartletServer
    /// Whether this request came by TLS.
    let isSecure: Bool

    /// Without TLS the console is for this machine only, and only under its own names: a site whose name is made to mean 127.0.0.1 for a
    /// moment (DNS rebinding) would otherwise talk to it through its owner's browser. Stylesheet and scripts hold nothing and are for all.
    func check(_ request: Request, path: String, isLoopback: Bool) throws {
        guard !path.hasPrefix("//") else { throw Refusal(404, "request.unknown-path", "There is nothing at this path.") }
        if isSecure || RouteTable.segments(path).first == "console" { return }
        guard isLoopback else {
            throw Refusal(
                403, ConsoleDoor.needsTLS, "Without TLS the console is served to this machine only.",
                remedy: "Start Martlet with --tls-certificate and --tls-key, or open the console on the machine where it runs. A proxy in front says X-Forwarded-Proto: https.")
        }
        guard let authority = request.head.authority, ConsoleDoor.isLocal(authority) else {
            throw Refusal(
                403, ConsoleDoor.wrongHost, "Without TLS the console answers to localhost and 127.0.0.1 only.",
                remedy: "Open it under one of these names, or start Martlet with --tls-certificate and --tls-key.")
        }
    }

    static let needsTLS = "console.needs-tls"
    static let wrongHost = "console.wrong-host"
    static let formExpired = "console.form-expired"

    static func isLocal(_ authority: String) -> Bool {
        for name in ["localhost", "127.0.0.1", "[::1]"] {
            guard authority.lowercased().hasPrefix(name) else { continue }
            let rest = authority.dropFirst(name.count)
            if rest.isEmpty || (rest.first == ":" && rest.dropFirst().allSatisfy { $0.isASCII && $0.isNumber }) { return true }
        }
        return false
    }

    // MARK: - Headers

    private static let policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; "
        + "frame-ancestors 'none'"

    func protect(_ reply: inout Reply) {
        // The mail in a preview brings its own, which is stricter in all but styles and pictures.
        if reply.headers[.init("Content-Security-Policy")!] == nil {
            reply.headers[.init("Content-Security-Policy")!] = ConsoleDoor.policy
            reply.headers[.init("X-Frame-Options")!] = "DENY"
        }
        reply.headers[.init("Referrer-Policy")!] = "same-origin"
        reply.headers[.init("Cross-Origin-Opener-Policy")!] = "same-origin"
        reply.headers[.init("Cross-Origin-Resource-Policy")!] = "same-origin"
        if reply.headers[.cacheControl] == nil { reply.headers[.cacheControl] = "no-store" }
        if isSecure { reply.headers[.strictTransportSecurity] = "max-age=31536000" }
    }

    // MARK: - Answers without a page of their own

    /// Nobody is signed in: on to the door for a page, the door itself for a form, JSON for a script.
    func signIn(_ request: Request) -> Reply {
        guard !ConsoleDoor.wantsJSON(request) else {
            return Reply(refusal: Refusal(401, "access.sign-in-needed", "Nobody is signed in here.", remedy: "Open /sign-in in this browser."))
        }
        let visitor = Visitor(request, isSecure: isSecure)
        guard request.method == .get || request.method == .head else {
            var frame = visitor.door
            frame.address = "/sign-in"
            return Reply(html: SignInPage(refusal: .sessionEnded, next: ConsoleDoor.pageBefore(request)).render(frame), status: .unauthorized)
        }
        let next = Visitor.checked(next: visitor.address)
        if request.headers[.init("Sec-Fetch-Site")!] == "cross-site", request.headers[.init("Sec-Fetch-Mode")!] == "navigate" {
            var reply = Reply(html: ContinuePage(next: next).render(visitor.door))
            reply.headers[.init("Refresh")!] = "0; url=\(next)"
            return reply
        }
        return Reply(redirect: next == "/" ? "/sign-in" : "/sign-in?next=\(PercentCoding.encode(next))")
    }

    /// A refusal as a page in the reader's language, with the next step.
    func refuse(_ refusal: Refusal, _ request: Request) -> Reply {
        if ConsoleDoor.wantsJSON(request) { return Reply(refusal: refusal) }
        let visitor = Visitor(request, isSecure: isSecure)
        let segments = RouteTable.segments(visitor.path)
        let workspace = segments.count > 1 && segments[0] == "w" ? segments[1] : "main"
        let session = server.session(of: request, isSecure: isSecure, isUse: false)
        var frame = visitor.frame(workspace: server.folder.workspaces[workspace] == nil ? "main" : workspace, csrf: session?.csrf ?? "")
        let isForm = request.method == .post
        if isForm { frame.address = ConsoleDoor.pageBefore(request) ?? "/" }
        let page = ErrorPage(kind(refusal), back: isForm ? ConsoleDoor.pageBefore(request) : nil, isSignedIn: session != nil)
        var reply = Reply(html: page.render(frame), status: HTTPResponse.Status(code: refusal.status))
        if let seconds = refusal.retryAfter { reply.headers[.retryAfter] = String(seconds) }
        return reply
    }

    private func kind(_ refusal: Refusal) -> ErrorPage.Kind {
        switch refusal.explanation.code {
        case ConsoleDoor.needsTLS: return .needsTLS
        case ConsoleDoor.wrongHost: return .wrongHost
        case ConsoleDoor.formExpired: return .formExpired
        default: break
        }
        switch refusal.status {
        case 404: return .notFound
        case 500:
            let reference = PercentCoding.encode(String(UInt32.random(in: .min ... .max), radix: 36))
            server.logger.error("A page could not be made.", metadata: ["reference": "\(reference)", "code": "\(refusal.explanation.code)"])
            return .broken(reference: reference)
        case 503: return .unavailable
        default:
            let reason = refusal.explanation
            return .refused(ConsoleProblem(code: reason.code, problem: reason.problem, remedy: reason.remedy))
        }
    }

    /// The page that a form stood on, as far as the browser says it and it is one of ours.
    static func pageBefore(_ request: Request) -> String? {
        guard let referrer = request.headers[.referer], let host = request.head.authority else { return nil }
        for scheme in ["http://", "https://"] where referrer.hasPrefix(scheme + host + "/") {
            let next = Visitor.checked(next: String(referrer.dropFirst(scheme.count + host.count)))
            return next == "/" ? nil : next
        }
        return nil
    }

    private static func wantsJSON(_ request: Request) -> Bool {
        let accepted = request.headers[.accept] ?? ""
        return accepted.hasPrefix("application/json") || accepted.hasPrefix("text/event-stream")
    }
}
