import Access
import Console
import HTTPTypes
import Vocabulary

/// The password, and the browsers that are signed in.
extension ConsoleRoutes {
    var session: [Route] {
        [
            page("/session", "Password and sessions.") { visit in visit.html(try visit.sessionPage()) },
            action("/session/password", "Change the password; every other session ends.") { visit, form in
                if let refusal = ConsoleRoutes.refusal(ofPassword: form.text("password"), again: form.text("again")) {
                    return visit.html(try visit.sessionPage(.newPassword(refusal)), at: "/session")
                }
                let address = visit.call.senderAddress ?? ""
                let answer = try await server.checkingPassword { sessions in
                    try sessions.check(password: form.text("current"), address: address, at: Clock.now())
                }
                switch answer {
                case .right: break
                case .wrong: return visit.html(try visit.sessionPage(.wrongPassword), at: "/session")
                case .throttled(let seconds):
                    var reply = visit.html(try visit.sessionPage(.throttled(seconds: seconds)), at: "/session", status: .tooManyRequests)
                    reply.headers[.retryAfter] = String(seconds)
                    return reply
                }
                let session = try await server.setPassword(form.text("password"), for: visit.call)
                var reply = visit.done(.passwordChanged, at: "/session")
                reply.setCookie(.session(session, isSecure: visit.call.isSecure))
                return reply
            },
            action("/session/end-others", "End every other session.") { visit, _ in
                try server.folder.sessions.endOthers(keeping: visit.session.id)
                return visit.done(.sessionsEnded, at: "/session")
            },
        ]
    }
}

extension Visit {
    fileprivate func sessionPage(_ refusal: SessionPage.Refusal? = nil) throws -> SessionPage {
        let sessions = try server.folder.sessions.opened(asker: session.id, at: now).enumerated().map { index, opened in
            SessionPage.Session(id: String(index), browser: opened.browser, lastUsedMs: opened.usedAt.milliseconds, isThisOne: opened.isAsker)
        }
        return SessionPage(sessions: sessions, minimumLength: Sessions.passwordMinimum, refusal: refusal)
    }
}
