public import Identity
public import Segments
public import Vocabulary

/// Something that happened to one person, as a journey hears it.
public struct Happening: Sendable {
    public enum Kind: Sendable, Hashable {
        case event
        /// Came into a segment, by its id, or left it.
        case membership(String, entered: Bool)
        /// Came into another journey, by its name or id as the trigger has it, or left it for a reason.
        case passage(String, reason: String?)
        /// Put into the journey: by the API, by a schedule or on a date.
        case entry
    }
    public let kind: Kind
    /// When Martlet knew of it: the journey's clock.
    public let at: Timestamp
    /// When it happened; of late events earlier.
    public let happened: Timestamp
    /// The numbers of the journey's patterns that it matches.
    public let heard: Set<Int>
    /// Nil for what is not in the log.
    public let position: LogPosition?
    /// What the API or another journey handed in; an object.
    public let data: JSONText?
    /// A value by its path, which begins with `properties.`, `context.` or `data.`.
    public let value: @Sendable (String) -> JSONText?
    /// Whether Martlet wrote the event itself, as journeys do; asked only of somebody who begins again and again.
    public let isOurs: @Sendable () -> Bool

    public init(
        _ kind: Kind, at: Timestamp, happened: Timestamp? = nil, heard: Set<Int> = [], position: LogPosition? = nil, data: JSONText? = nil,
        value: (@Sendable (String) -> JSONText?)? = nil, isOurs: @escaping @Sendable () -> Bool = { false }
    ) {
        (self.kind, self.at, self.happened, self.heard, self.position, self.data) = (kind, at, happened ?? at, heard, position, data)
        self.isOurs = isOurs
        self.value = value ?? { path in path.hasPrefix("data.") ? data?.value(at: String(path.dropFirst("data.".count))) : nil }
    }

    /// An event that has arrived.
    ///
    /// - Parameter ears: what the journey listens to.
    public init(_ event: EventView, position: LogPosition, ears: [EventPattern], in zone: ZoneRules) {
        var heard: Set<Int> = []
        for (number, pattern) in ears.enumerated() where pattern.matches(event, in: zone) { heard.insert(number) }
        self.init(.event, at: event.receivedAt, happened: event.timestamp, heard: heard, position: position, value: { Happening.value(at: $0, of: event) }, isOurs: { Happening.isOurs(event) })
    }

    /// Source 0 is no sender's.
    static func isOurs(_ event: EventView) -> Bool { event.source == 0 }

    /// A value of an event by a path that begins with `properties.` or `context.`.
    public static func value(at path: String, of event: EventView) -> JSONText? {
        path.hasPrefix("properties.") ? event.value(at: String(path.dropFirst("properties.".count))) : event.value(at: path)
    }

    /// A number as it is written plainly: 100, 100.0 and 1e2 are one cart.
    private static func plain(_ number: JSONText) -> String { number.bytes.count <= 200 ? ExactNumber(json: number.bytes)?.description ?? number.text : number.text }

    /// The name of the instance that it is about: a text or a number of at most 200 bytes.
    func instance(at key: String?) -> String? {
        guard let key else { return "" }
        let found = value(key)
        guard let text = found?.string ?? found.flatMap({ $0.isObject || $0.isArray || $0.boolean != nil ? nil : Happening.plain($0) }), !text.isEmpty, text.utf8.count <= 200 else { return nil }
        return text
    }
}

/// What a journey asks about one person. The live one asks the columns; tests answer themselves.
public protocol JourneyAnswers {
    func answer(_ condition: Condition, at: Timestamp, in zone: TimeZoneName) -> OneAnswer
    /// The person's own time zone, where it is known.
    var zone: TimeZoneName? { get }
    /// Whether they may be asked about: who objects begins no journey.
    var isThere: Bool { get }
    /// How chance decides about them, where that is said; nil where a hash of who they are draws the lots.
    var lots: JourneyLots? { get }
}

extension JourneyAnswers {
    public var lots: JourneyLots? { nil }
}
