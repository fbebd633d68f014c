/// When a page cannot be shown: what happened, why, and the next step with a button that does it.
public struct ErrorPage: ConsolePage {
    /// What went wrong.
    public enum Kind: Sendable, Equatable {
        case notFound
        /// The form's token is missing or old; nothing was done.
        case formExpired
        case notAllowed
        /// The server cannot answer now.
        case unavailable
        /// Something of ours broke; `reference` finds it in the log.
        case broken(reference: String)
        /// Asked for from another machine without TLS.
        case needsTLS
        /// Asked for under a name that is not this machine's, which is how another site reaches into it.
        case wrongHost
        /// An explained refusal of a stage.
        case refused(ConsoleProblem)
    }

    public var kind: Kind
    /// Where the button leads; Home if nil. A relative address of this server.
    public var back: String?
    /// Without a session the rail would show links that all lead to the door.
    public var isSignedIn: Bool

    public init(_ kind: Kind, back: String? = nil, isSignedIn: Bool = true) {
        (self.kind, self.back, self.isSignedIn) = (kind, back, isSignedIn)
    }

    /// The HTTP status that goes with it; for a refusal the server has its own.
    public var status: Int {
        switch kind {
        case .notFound: 404
        case .formExpired, .notAllowed, .needsTLS, .wrongHost: 403
        case .unavailable: 503
        case .broken: 500
        case .refused: 400
        }
    }

    public func render(_ frame: Frame) -> String {
        let (title, text) = words(frame)
        let home = back ?? (isSignedIn ? Section.home.address(in: frame.workspace) : "/sign-in")
        let label = back != nil ? frame.say("error.back") : isSignedIn ? frame.say("error.home") : frame.say("sign-in.submit")
        let content: HTML = """
            <div class="empty error-page">\(Icon.caution.html)<h1><bdi>\(title)</bdi></h1><p><bdi>\(text)</bdi></p>\(detail(frame))\
            \(hasWayOn ? "<p><a class=\"button primary\" href=\"\(home)\">\(label)</a></p>" : .none)</div>
            """
        return isSignedIn ? Shell(title: title).document(frame, content) : Shell.door(frame, title: title, content)
    }

    /// Where no page of the console may be shown, a button would lead back here.
    private var hasWayOn: Bool { kind != .needsTLS && kind != .wrongHost }

    private func words(_ frame: Frame) -> (title: String, text: String) {
        switch kind {
        case .notFound: (frame.say("error.not-found"), frame.say("error.not-found-text"))
        case .formExpired: (frame.say("error.form-expired"), frame.say("error.form-expired-text"))
        case .notAllowed: (frame.say("error.not-allowed"), frame.say("error.not-allowed-text"))
        case .unavailable: (frame.say("error.unavailable"), frame.say("error.unavailable-text"))
        case .broken: (frame.say("error.broken"), frame.say("error.broken-text"))
        case .needsTLS: (frame.say("error.needs-tls"), frame.say("error.needs-tls-text"))
        case .wrongHost: (frame.say("error.wrong-host"), frame.say("error.wrong-host-text"))
        case .refused(let reason): (reason.problem, reason.remedy)
        }
    }

    private func detail(_ frame: Frame) -> HTML {
        switch kind {
        case .broken(let reference): "<p class=\"quiet\">\(frame.say("error.reference")) <code>\(reference)</code></p>"
        case .refused(let reason): "<p class=\"quiet\"><code>\(reason.code)</code></p>"
        case .needsTLS: CodeBlock(code: "martlet serve --host 0.0.0.0 --tls-certificate chain.pem --tls-key key.pem").html(frame)
        default: .none
        }
    }
}
