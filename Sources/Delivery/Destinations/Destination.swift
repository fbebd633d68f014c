public import Vocabulary

/// Who is told of events and of changes of segments, by calls of an address, signed in the Standard Webhooks form.
public struct Destination: Sendable, Hashable {
    public let id: String
    public var name: String
    /// Where calls go, `https` unless the workspace's machine allows otherwise.
    public var url: String
    /// Of signatures, each `whsec_` and base64; the first signs, and the second too while receivers change over.
    public var secrets: [String]
    public var isEnabled: Bool
    /// Why it was switched off by itself, such as an answer 410; empty otherwise.
    public var offReason: String
    /// Ids of the sources whose events it is told; empty for every one's.
    public var sources: [String]
    /// Names of events, or types such as `identify`; empty for none, `*` for all.
    public var events: [String]
    /// Ids of the segments whose changes it is told; `*` for all.
    public var segments: [String]
    /// Whether it uses what it is told for its own ends: then it is told only of people who said yes to `sharing`.
    public var isSharing: Bool
    /// In the language of segments: it is told only about people who satisfy it; empty for everyone.
    public var condition: String

    public init(
        id: String, name: String, url: String, secrets: [String], isEnabled: Bool = true, offReason: String = "", sources: [String] = [], events: [String] = [], segments: [String] = [],
        isSharing: Bool = false, condition: String = ""
    ) {
        (self.id, self.name, self.url, self.secrets, self.isEnabled, self.offReason) = (id, name, url, secrets, isEnabled, offReason)
        (self.sources, self.events, self.segments, self.isSharing, self.condition) = (sources, events, segments, isSharing, condition)
    }

    public static let countMaximum = 100
    static let listMaximum = 200
    public static let nameMaximum = 100

    /// What is wrong with it before its address is looked at; nil where nothing is.
    public var fault: Explanation? {
        func explain(_ code: String, _ problem: String, _ remedy: String) -> Explanation { Explanation(code: code, problem: problem, remedy: remedy) }
        guard !name.isEmpty, name.utf8.count <= Destination.nameMaximum, !name.hasControlCharacters else { return explain("destination.name", "A destination's name has 1 to \(Destination.nameMaximum) bytes on one line, without control characters.", "Call it `warehouse`, for example.") }
        guard url.hasPrefix("https://") || url.hasPrefix("http://"), url.utf8.count <= 2000, url.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else {
            return explain("destination.url", "The address is no https:// address of printable ASCII.", "Write it as https://hooks.example/martlet.")
        }
        guard (1...2).contains(secrets.count) else { return explain("destination.secrets", "A destination has one secret, and two while it is rotated.", "Leave them out, and one is made.") }
        guard [sources, events, segments].allSatisfy({ $0.count <= Destination.listMaximum && $0.allSatisfy { !$0.isEmpty && $0.utf8.count <= 512 } }) else {
            return explain("destination.lists", "A list has more than \(Destination.listMaximum) entries, or an entry is empty or longer than 512 bytes.", "Use `*` for all.")
        }
        return nil
    }

    /// Whether it is told an event.
    func wants(_ event: EventView, source: String) -> Bool {
        guard sources.isEmpty || sources.contains(source) else { return false }
        // What Martlet writes itself, such as receipts, is told only where it is named.
        if events.contains("*"), event.source != 0 || !sources.isEmpty { return true }
        if events.contains(event.type.name) { return true }
        guard event.type == .track, let name = event.text(.event) else { return false }
        return events.contains(name)
    }

    func wants(segment: String) -> Bool { segments.contains("*") || segments.contains(segment) }

    /// Whether a call of it goes to the same address with the same signature.
    public func isCalled(as other: Destination) -> Bool { url == other.url && secrets == other.secrets }

    // MARK: - As JSON

    var body: JSONText {
        var w = JSONWriter()
        w.object { w in
            w.member("name", name)
            w.member("url", url)
            w.member("enabled", isEnabled)
            w.member("offReason", offReason)
            w.member("sharing", isSharing)
            w.member("condition", condition)
            for (key, list) in [("secrets", secrets), ("sources", sources), ("events", events), ("segments", segments)] {
                w.key(key)
                w.array { w in for item in list { w.string(item) } }
            }
        }
        return w.text
    }

    init?(id: String, _ json: JSONText) {
        func list(_ name: String) -> [String] { (json[name]?.elements ?? []).compactMap(\.string) }
        guard let name = json["name"]?.string, let url = json["url"]?.string else { return nil }
        self.init(
            id: id, name: name, url: url, secrets: list("secrets"), isEnabled: json["enabled"]?.boolean ?? true, offReason: json["offReason"]?.string ?? "", sources: list("sources"),
            events: list("events"), segments: list("segments"), isSharing: json["sharing"]?.boolean ?? false, condition: json["condition"]?.string ?? "")
    }
}
