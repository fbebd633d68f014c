/// Reached by the one-time link: choose the password that opens the console from now on.
public struct SetPasswordPage: ConsolePage {
    /// Why a new password was not taken.
    public enum Refusal: Sendable, Equatable {
        case tooShort(minimum: Int)
        case tooLong(maximumBytes: Int)
        case differ
        /// Among the passwords that are tried first.
        case common
    }

    /// Of the one-time link; sent back so that the form works once.
    public var token: String
    public var minimumLength: Int
    public var refusal: Refusal?

    public init(token: String, minimumLength: Int = 12, refusal: Refusal? = nil) {
        (self.token, self.minimumLength, self.refusal) = (token, minimumLength, refusal)
    }

    public func render(_ frame: Frame) -> String {
        let title = frame.say("set-password.title")
        let first = Field(
            name: "password", label: frame.say("field.new-password"), kind: .password,
            help: frame.say("set-password.help", count: minimumLength), error: refusal == .differ ? nil : error(frame),
            isRequired: true, autocomplete: "new-password", isFirst: true)
        let again = Field(
            name: "again", label: frame.say("field.password-again"), kind: .password,
            error: refusal == .differ ? error(frame) : nil, isRequired: true, autocomplete: "new-password")
        let body: HTML = """
            <h1>\(title)</h1>
            <p>\(frame.say("set-password.sentence"))</p>
            <form method="post" action="/set-password">\(Field.csrf(frame))\
            <input type="hidden" name="token" value="\(token)">\(first.html)\(again.html)\
            <button type="submit" class="primary wide">\(frame.say("set-password.submit"))</button></form>
            """
        return Shell.door(frame, title: title, body)
    }

    private func error(_ frame: Frame) -> String? {
        refusal.map { $0.text(frame) }
    }
}

extension SetPasswordPage.Refusal {
    func text(_ frame: Frame) -> String {
        switch self {
        case .tooShort(let minimum): frame.say("set-password.too-short", count: minimum)
        case .tooLong(let maximum): frame.say("set-password.too-long", count: maximum)
        case .differ: frame.say("set-password.differ")
        case .common: frame.say("set-password.common")
        }
    }
}
