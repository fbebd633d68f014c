/// Between a link on another site and the page it leads to: browsers keep the session's cookie back from requests that other sites start,
/// and send it with the next one, which this page starts.
public struct ContinuePage: ConsolePage {
    /// A relative address of this server.
    public var next: String

    public init(next: String) { self.next = next }

    public func render(_ frame: Frame) -> String {
        let title = frame.say("continue.title")
        let body: HTML = "<h1>\(title)</h1><p><a class=\"button primary wide\" href=\"\(next)\">\(frame.say("continue.go"))</a></p>"
        return Shell.door(frame, title: title, body)
    }
}
