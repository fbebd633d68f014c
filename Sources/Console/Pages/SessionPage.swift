/// The password, and the browsers that are signed in.
public struct SessionPage: ConsolePage {
    /// One browser that is signed in.
    public struct Session: Sendable {
        public var id: String
        /// What the browser calls itself, shortened by the server: `Firefox on Linux`.
        public var browser: String
        public var lastUsedMs: Int64
        public var isThisOne: Bool
        public init(id: String, browser: String, lastUsedMs: Int64, isThisOne: Bool = false) {
            (self.id, self.browser, self.lastUsedMs, self.isThisOne) = (id, browser, lastUsedMs, isThisOne)
        }
    }

    /// Why the password was not changed.
    public enum Refusal: Sendable, Equatable {
        case wrongPassword
        /// Too many tries; the current password is looked at again after this long.
        case throttled(seconds: Int)
        case newPassword(SetPasswordPage.Refusal)
    }

    public var sessions: [Session]
    public var minimumLength: Int
    public var refusal: Refusal?

    public init(sessions: [Session], minimumLength: Int = 12, refusal: Refusal? = nil) {
        (self.sessions, self.minimumLength, self.refusal) = (sessions, minimumLength, refusal)
    }

    public func render(_ frame: Frame) -> String {
        let title = frame.say("section.session")
        let head = PageHead(title: title, sentence: "\(frame.say("session.sentence"))")
        return Shell(title: title, section: .session).document(frame, "\(head.html)\(password(frame))\(list(frame))")
    }

    private func password(_ frame: Frame) -> HTML {
        var newError: String?
        var againError: String?
        var currentError: String?
        switch refusal {
        case .wrongPassword: currentError = frame.say("sign-in.wrong")
        case .throttled(let seconds): currentError = frame.say("sign-in.throttled", count: seconds)
        case .newPassword, nil: break
        }
        if case .newPassword(let reason) = refusal {
            if reason == .differ { againError = reason.text(frame) } else { newError = reason.text(frame) }
        }
        let fields = [
            Field(
                name: "current", label: frame.say("field.current-password"), kind: .password,
                error: currentError, isRequired: true, autocomplete: "current-password"),
            Field(
                name: "password", label: frame.say("field.new-password"), kind: .password,
                help: frame.say("set-password.help", count: minimumLength), error: newError, isRequired: true, autocomplete: "new-password"),
            Field(
                name: "again", label: frame.say("field.password-again"), kind: .password, error: againError, isRequired: true,
                autocomplete: "new-password"),
        ].map(\.html)
        return """
            <section class="panel pad narrow" aria-labelledby="password-title"><h2 id="password-title">\(frame.say("session.password"))</h2>
            <form method="post" action="/w/\(frame.workspace)/session/password">\(Field.csrf(frame))\(fields)\
            <button type="submit" class="primary">\(frame.say("session.change"))</button></form></section>
            """
    }

    private func list(_ frame: Frame) -> HTML {
        let items = sessions.map { session -> HTML in
            let mark: HTML = session.isThisOne ? Status(meaning: .good, text: frame.say("session.this")).html : .none
            return "<li><bdi class=\"grow\">\(session.browser)</bdi>\(mark)<span class=\"quiet\">\(frame.time(session.lastUsedMs))</span></li>"
        }
        let others = sessions.contains { !$0.isThisOne }
        let end: HTML = """
            <form class="pad" method="post" action="/w/\(frame.workspace)/session/end-others">\(Field.csrf(frame))\
            <button type="submit">\(frame.say("session.end-others"))</button></form>
            """
        return """
            <section class="panel narrow" aria-labelledby="sessions-title"><div class="panel-head"><h2 id="sessions-title">\(frame.say("session.signed-in"))</h2></div>
            <ul class="list">\(items)</ul>\(others ? end : "<p class=\"quiet pad\">\(frame.say("session.only-this"))</p>")</section>
            """
    }
}
