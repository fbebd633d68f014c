/// A source as a snippet needs it.
public struct SourceKey: Sendable, Equatable {
    public var id: String
    public var name: String
    public var writeKey: String
    public init(id: String, name: String, writeKey: String) {
        (self.id, self.name, self.writeKey) = (id, name, writeKey)
    }

    /// The key as a screen shows it: enough to tell two keys apart, not enough to use one.
    var masked: String {
        String(writeKey.prefix(4)) + String(repeating: "•", count: 12)
    }
}

/// The ways to send events; each is one copy away from working.
public enum SnippetKind: String, Sendable, CaseIterable {
    case curl, browser, node, python, swift, kotlin, rudderstack, pixel

    /// Names of products and languages, the same in every language of the console.
    var title: String {
        switch self {
        case .curl: "curl"
        case .browser: "analytics.js"
        case .node: "Node.js"
        case .python: "Python"
        case .swift: "Swift"
        case .kotlin: "Kotlin"
        case .rudderstack: "RudderStack"
        case .pixel: "Pixel"
        }
    }
}
