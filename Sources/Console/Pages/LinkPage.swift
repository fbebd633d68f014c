/// Where a one-time link leads when a password is set already: a press of the button uses it up, opening the page does not,
/// since mail scanners and previews open every link they see.
public struct LinkPage: ConsolePage {
    /// Of the link.
    public var token: String

    public init(token: String) { self.token = token }

    public func render(_ frame: Frame) -> String {
        let title = frame.say("sign-in.title")
        let path = "/sign-in/\(Address.encoded(token))"
        let change = Address.with("/set-password", [("token", token)])
        let body: HTML = """
            <h1>\(title)</h1>
            <p>\(frame.say("link.sentence"))</p>
            <form method="post" action="\(path)">\(Field.csrf(frame))\
            <button type="submit" class="primary wide">\(frame.say("sign-in.submit"))</button></form>
            <p class="quiet"><a href="\(change)">\(frame.say("link.change"))</a></p>
            """
        return Shell.door(frame, title: title, body)
    }
}
