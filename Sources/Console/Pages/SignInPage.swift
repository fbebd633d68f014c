/// The door: one password.
public struct SignInPage: ConsolePage {
    /// Why the last try did not open it.
    public enum Refusal: Sendable, Equatable {
        case wrongPassword
        /// Too many tries; the form opens again after this long.
        case throttled(seconds: Int)
        /// The session ended by itself or elsewhere.
        case sessionEnded
        /// The one-time link was used, or is too old.
        case linkSpent
    }

    public var refusal: Refusal?
    /// Path to go to after signing in, a relative address of this server.
    public var next: String?
    /// No password is set yet: only a one-time link opens the door.
    public var needsLink: Bool

    public init(refusal: Refusal? = nil, next: String? = nil, needsLink: Bool = false) {
        (self.refusal, self.next, self.needsLink) = (refusal, next, needsLink)
    }

    public func render(_ frame: Frame) -> String {
        let title = frame.say("sign-in.title")
        let body: HTML = """
            <h1>\(title)</h1>
            \(message(frame))
            \(needsLink ? linkHint(frame) : form(frame))
            """
        return Shell.door(frame, title: title, body)
    }

    private func message(_ frame: Frame) -> HTML {
        switch refusal {
        case .throttled(let seconds):
            "<p class=\"notice caution\" role=\"alert\">\(Icon.clock.html)<span>\(frame.say("sign-in.throttled", count: seconds))</span></p>"
        case .sessionEnded:
            "<p class=\"notice caution\" role=\"status\">\(Icon.clock.html)<span>\(frame.say("sign-in.ended"))</span></p>"
        case .linkSpent:
            "<p class=\"notice critical\" role=\"alert\">\(Icon.critical.html)<span>\(frame.say("sign-in.link-spent"))</span></p>"
        case .wrongPassword, nil:
            .none
        }
    }

    private func form(_ frame: Frame) -> HTML {
        let field = Field(
            name: "password", label: frame.say("field.password"), kind: .password,
            error: refusal == .wrongPassword ? frame.say("sign-in.wrong") : nil,
            isRequired: true, autocomplete: "current-password", isFirst: true)
        return """
            <form method="post" action="/sign-in">\(Field.csrf(frame))\
            <input type="hidden" name="next" value="\(next ?? "")">\(field.html)\
            <button type="submit" class="primary wide">\(frame.say("sign-in.submit"))</button></form>
            <details class="quiet"><summary>\(frame.say("sign-in.forgot"))</summary>\
            <p>\(frame.say("sign-in.forgot-answer"))</p>\(CodeBlock(code: "martlet sign-in").html(frame))</details>
            """
    }

    private func linkHint(_ frame: Frame) -> HTML {
        "<p>\(frame.say("sign-in.first-run"))</p>\(CodeBlock(code: "martlet sign-in").html(frame))"
    }
}
