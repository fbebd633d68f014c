public import Storage
public import Vocabulary

/// What a workspace asks people's leave for: purposes, the ways to reach them, and topics, as the preference page shows them.
public struct ConsentSettings: Sendable, Hashable {
    /// One purpose, with its name in the languages of the page.
    public struct Purpose: Sendable, Hashable {
        public let name: String
        public var titles: [String: String]
        /// Which version of the words the page shows now; kept with every statement made there.
        public var wording: String
        public init(name: String, titles: [String: String] = [:], wording: String = "") { (self.name, self.titles, self.wording) = (name, titles, wording) }
    }

    /// One topic of a purpose.
    public struct Topic: Sendable, Hashable {
        public let name: String
        public let purpose: String
        public var titles: [String: String]
        public init(name: String, purpose: String, titles: [String: String] = [:]) { (self.name, self.purpose, self.titles) = (name, purpose, titles) }
    }

    public var purposes: [Purpose]
    public var channels: [String]
    public var topics: [Topic]

    public init(purposes: [Purpose], channels: [String], topics: [Topic]) { (self.purposes, self.channels, self.topics) = (purposes, channels, topics) }

    /// Before anybody changed them.
    public static let standard = ConsentSettings(
        purposes: [Purpose(name: "marketing", titles: ["en": "News and offers", "es": "Novedades y ofertas", "tr": "Haberler ve fırsatlar"], wording: "1")], channels: ["email", "sms"],
        topics: [
            Topic(name: "offers", purpose: "marketing", titles: ["en": "Offers", "es": "Ofertas", "tr": "Fırsatlar"]),
            Topic(name: "news", purpose: "marketing", titles: ["en": "News", "es": "Novedades", "tr": "Haberler"]),
        ])
    public static let countMaximum = 50
    /// How often at most, as the page offers it; empty is as it comes.
    public static let frequencies = ["", "daily", "weekly", "monthly"]

    /// What is wrong with them; nil where nothing is.
    public var fault: Explanation? {
        func explain(_ problem: String, _ remedy: String) -> Explanation { Explanation(code: "consent.settings", problem: problem, remedy: remedy) }
        guard !purposes.isEmpty, !channels.isEmpty else { return explain("There is no purpose or no channel.", "Keep one of each.") }
        guard max(purposes.count, channels.count, topics.count) <= ConsentSettings.countMaximum else { return explain("There are more than \(ConsentSettings.countMaximum) of one kind.", "Join some of them.") }
        for name in purposes.map(\.name) + channels + topics.map(\.name) where !ConsentLimits.isName(name) {
            return explain("`\(name.prefix(64))` is no name.", "A name has 1 to 64 letters, digits, and the signs - . _ and :.")
        }
        for purpose in purposes where ConsentPurpose(purpose.name).isGrantedByPolicy { return explain("`\(purpose.name)` is granted by policy.", "Choose another name for what messages are sent for.") }
        guard Set(purposes.map(\.name)).count == purposes.count, Set(channels).count == channels.count, Set(topics.map { [$0.purpose, $0.name] }).count == topics.count else {
            return explain("A name is there twice.", "Name each once.")
        }
        for topic in topics where !purposes.contains(where: { $0.name == topic.purpose }) { return explain("The topic `\(topic.name)` belongs to no purpose that is there.", "Name one of: \(purposes.map(\.name).joined(separator: ", ")).") }
        for title in purposes.flatMap(\.titles.values) + topics.flatMap(\.titles.values) + purposes.map(\.wording) where title.utf8.count > ConsentLimits.text {
            return explain("A title is longer than \(ConsentLimits.text) bytes.", "Shorten it.")
        }
        return nil
    }

    public func write(_ w: inout JSONWriter) {
        func titles(_ titles: [String: String], _ w: inout JSONWriter) {
            w.key("titles")
            w.object { w in for (language, title) in titles.sorted(by: { $0.key < $1.key }) { w.member(language, title) } }
        }
        w.key("purposes")
        w.array { w in
            for purpose in purposes {
                w.object { w in
                    w.member("name", purpose.name)
                    titles(purpose.titles, &w)
                    w.member("wording", purpose.wording)
                }
            }
        }
        w.key("channels")
        w.array { w in for channel in channels { w.string(channel) } }
        w.key("topics")
        w.array { w in
            for topic in topics {
                w.object { w in
                    w.member("name", topic.name)
                    w.member("purpose", topic.purpose)
                    titles(topic.titles, &w)
                }
            }
        }
    }

    /// Nil where the JSON is not of this shape.
    public init?(_ json: JSONText) {
        func titles(_ json: JSONText) -> [String: String] { Dictionary((json["titles"]?.members ?? []).compactMap { member in member.value.string.map { (member.key, $0) } }, uniquingKeysWith: { $1 }) }
        // What is left out would be taken away from everyone's page.
        guard let given = json["purposes"], given.isArray, let names = json["channels"], names.isArray, let themes = json["topics"], themes.isArray else { return nil }
        let channels = names.elements.compactMap(\.string)
        guard channels.count == names.elements.count else { return nil }
        var (purposes, topics): ([Purpose], [Topic]) = ([], [])
        for item in given.elements {
            guard let name = item["name"]?.string else { return nil }
            purposes.append(Purpose(name: name, titles: titles(item), wording: item["wording"]?.string ?? ""))
        }
        for item in themes.elements {
            guard let name = item["name"]?.string, let purpose = item["purpose"]?.string else { return nil }
            topics.append(Topic(name: name, purpose: purpose, titles: titles(item)))
        }
        self.init(purposes: purposes, channels: channels, topics: topics)
    }
}

/// The settings as a versioned document.
public struct ConsentSettingsStore: Sendable {
    private static let kind = "consent-settings"
    private let documents: Documents
    public init(_ documents: Documents) { self.documents = documents }

    public func current() throws -> ConsentSettings { try documents.get(ConsentSettingsStore.kind, ConsentSettingsStore.kind).flatMap { ConsentSettings($0.body) } ?? .standard }

    /// 0 while they are the standard ones.
    public func version() throws -> Int64 { try documents.get(ConsentSettingsStore.kind, ConsentSettingsStore.kind)?.version ?? 0 }

    /// - Parameters:
    ///   - settings: without a ``ConsentSettings/fault``.
    ///   - replaced: the version that whoever writes has seen; nil where that does not matter.
    /// - Throws: ``Refusal`` `document.stale` where another stands there by now.
    public func save(_ settings: ConsentSettings, replacing replaced: Int64? = nil, author: String, at: Timestamp) throws {
        var w = JSONWriter()
        w.object { settings.write(&$0) }
        try documents.put(ConsentSettingsStore.kind, ConsentSettingsStore.kind, w.text, replacing: replaced, author: author, at: at)
    }
}
