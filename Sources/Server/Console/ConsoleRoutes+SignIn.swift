import Access
import Console
import HTTPTypes
import Hummingbird
import NIOPosix
import Vocabulary

/// The door: signing in and out, one-time links, the first password, and the files that pages refer to.
extension ConsoleRoutes {
    var doors: [Route] {
        [
            Route(.get, "/", .open, "The console's start.") { _ in Reply(redirect: "/w/\(server.configuration.demo ? "demo" : "main")") },
            Route(.get, "/console/assets/{name}", .open, "The console's stylesheet, icon and scripts.") { try asset($0) },
            Route(.get, "/sign-in", .open, "Sign in.") { try signInPage($0) },
            Route(.post, "/sign-in", .open, "Sign in.", hasBody: true) { try await signIn($0) },
            Route(.get, "/sign-in/{secret}", .open, "A one-time link; opening it does not use it up.") { try link($0) },
            Route(.post, "/sign-in/{secret}", .open, "Use a one-time link.", hasBody: true) { try await useLink($0) },
            Route(.get, "/set-password", .open, "Choose a password.") { try setPasswordPage($0) },
            Route(.post, "/set-password", .open, "Choose a password.", hasBody: true) { try await setPassword($0) },
            Route(.post, "/sign-out", .session, "Sign out.", hasBody: true) { try await signOut($0) },
        ]
    }

    private func asset(_ call: Call) throws -> Reply {
        guard let asset = ConsoleAssets.asset(at: "/console/assets/\(call.parameter("name"))") else { throw Visit.gone }
        var reply = Reply(type: asset.contentType, bytes: Array(asset.source.utf8))
        // The name changes with the content, so a copy is never stale.
        reply.headers[.cacheControl] = "public, max-age=31536000, immutable"
        return reply
    }

    // MARK: - Password

    private func signInPage(_ call: Call) throws -> Reply {
        let visitor = Visitor(call)
        if let reply = visitor.keptPreference { return reply }
        let next = Visitor.checked(next: call.query("next"))
        if case .session = call.caller { return Reply(redirect: next) }
        let hadSession = Cookies.value(ConsoleCookie.sessionName(isSecure: call.isSecure), call.request.headers) != nil
        let page = SignInPage(refusal: hadSession ? .sessionEnded : nil, next: next, needsLink: try !server.folder.sessions.hasPassword())
        return Reply(html: page.render(visitor.door))
    }

    private func signIn(_ call: Call) async throws -> Reply {
        try CrossSite.check(call.request)
        let form = try await Form(call)
        let next = Visitor.checked(next: form["next"])
        let browser = Visitor.browser(call.request.headers[.userAgent])
        let answer = try await server.checkingPassword { sessions in
            try sessions.signIn(password: form.text("password"), address: call.senderAddress ?? "", browser: browser, at: Clock.now())
        }
        switch answer {
        case .signedIn(let session): return try open(session, call, next: next)
        case .wrong: return door(SignInPage(refusal: .wrongPassword, next: next), at: "/sign-in", call)
        case .throttled(let seconds):
            var reply = door(SignInPage(refusal: .throttled(seconds: seconds), next: next), at: "/sign-in", call, status: .tooManyRequests)
            reply.headers[.retryAfter] = String(seconds)
            return reply
        }
    }

    /// A session for this browser. The one that it had before ends, so that an id planted in it opens nothing.
    private func open(_ session: Sessions.Session, _ call: Call, next: String = "/") throws -> Reply {
        if case .session(let old) = call.caller { try server.folder.sessions.end(id: old.id) }
        var reply = Reply(redirect: next)
        reply.setCookie(.session(session, isSecure: call.isSecure))
        return reply
    }

    private func signOut(_ call: Call) async throws -> Reply {
        guard case .session(let session) = call.caller else { throw SignInNeeded() }
        try await Form(call).check(session)
        try server.folder.sessions.end(id: session.id)
        var reply = Reply(redirect: "/sign-in")
        reply.setCookie(.session(nil, isSecure: call.isSecure))
        return reply
    }

    /// A page before sign-in as the answer to a form; its links lead to `path`.
    private func door(_ page: some ConsolePage, at path: String, _ call: Call, status: HTTPResponse.Status = .unprocessableContent) -> Reply {
        var frame = Visitor(call).door
        frame.address = path
        return Reply(html: page.render(frame), status: status)
    }

    // MARK: - One-time links

    private func link(_ call: Call) throws -> Reply {
        let visitor = Visitor(call)
        if let reply = visitor.keptPreference { return reply }
        let secret = call.parameter("secret")
        guard try server.folder.sessions.isLink(secret, at: Clock.now()) else { return try spent(call) }
        guard try server.folder.sessions.hasPassword() else { return Reply(html: setPasswordPage(secret).render(visitor.door)) }
        return Reply(html: LinkPage(token: secret).render(visitor.door))
    }

    private func useLink(_ call: Call) async throws -> Reply {
        try CrossSite.check(call.request)
        let browser = Visitor.browser(call.request.headers[.userAgent])
        guard let session = try server.folder.sessions.redeem(call.parameter("secret"), browser: browser, at: Clock.now()) else { return try spent(call) }
        return try open(session, call)
    }

    private func spent(_ call: Call) throws -> Reply {
        door(SignInPage(refusal: .linkSpent, needsLink: try !server.folder.sessions.hasPassword()), at: "/sign-in", call, status: .gone)
    }

    private func setPasswordPage(_ token: String, refusal: SetPasswordPage.Refusal? = nil) -> SetPasswordPage {
        SetPasswordPage(token: token, minimumLength: Sessions.passwordMinimum, refusal: refusal)
    }

    private func setPasswordPage(_ call: Call) throws -> Reply {
        let visitor = Visitor(call)
        if let reply = visitor.keptPreference { return reply }
        let token = call.query("token") ?? ""
        guard try server.folder.sessions.isLink(token, at: Clock.now()) else { return try spent(call) }
        return Reply(html: setPasswordPage(token).render(visitor.door))
    }

    /// The link is used up only by a password that is taken: one that is refused must leave a way to try again.
    private func setPassword(_ call: Call) async throws -> Reply {
        try CrossSite.check(call.request)
        let form = try await Form(call)
        let (token, password) = (form.text("token"), form.text("password"))
        guard try server.folder.sessions.isLink(token, at: Clock.now()) else { return try spent(call) }
        if let refusal = ConsoleRoutes.refusal(ofPassword: password, again: form.text("again")) {
            return door(setPasswordPage(token, refusal: refusal), at: "/set-password?token=\(PercentCoding.encode(token))", call)
        }
        guard try server.folder.sessions.redeem(token, at: Clock.now()) != nil else { return try spent(call) }
        return try open(try await server.setPassword(password, for: call), call)
    }

    static func refusal(ofPassword password: String, again: String) -> SetPasswordPage.Refusal? {
        guard password == again else { return .differ }
        switch Sessions.refusal(ofPassword: password)?.explanation.code {
        case nil: return nil
        case "access.password-common": return .common
        case "access.password-long": return .tooLong(maximumBytes: Sessions.passwordBytesMaximum)
        default: return .tooShort(minimum: Sessions.passwordMinimum)
        }
    }
}

extension MartletServer {
    /// The session that a request's cookie opens.
    func session(of request: Request, isSecure: Bool, isUse: Bool) -> Sessions.Session? {
        guard let id = Cookies.value(ConsoleCookie.sessionName(isSecure: isSecure), request.headers), id.utf8.count <= 100 else { return nil }
        return try? folder.sessions.session(id: id, at: Clock.now(), isUse: isUse)
    }

    /// Runs work that hashes passwords, 0.2 s each, on one thread of its own: however many people try, the others' requests go on.
    func checkingPassword<Value: Sendable>(_ work: @escaping @Sendable (Sessions) throws -> Value) async throws -> Value {
        let sessions = folder.sessions
        return try await passwordThread.runIfActive { try work(sessions) }
    }

    /// Sets the password, which ends every session, and opens one for whoever set it.
    func setPassword(_ password: String, for call: Call) async throws -> Sessions.Session {
        let browser = Visitor.browser(call.request.headers[.userAgent])
        return try await checkingPassword { sessions in
            if let refusal = try sessions.setPassword(password, at: Clock.now()) { throw refusal }
            return try sessions.open(browser: browser, at: Clock.now())
        }
    }

    /// The path of a new one-time link while no password is set; afterwards people sign in with it, or ask for a link by `martlet sign-in`.
    public func firstSignInPath() throws -> String? {
        try folder.sessions.hasPassword() ? nil : "/sign-in/\(folder.sessions.makeLink(at: Clock.now()))"
    }
}
