import Segments
public import Vocabulary

/// Sets traits of the person, as an identify call of Martlet's own.
public struct TraitStep: JourneyStep {
    public static let key = "trait"
    let values: [(name: String, value: StepValue)]

    public init(_ fields: inout StepFields) throws(JourneyFault) { values = try fields.values(TraitStep.key, atLeast: 1) }

    var names: [String] { values.map(\.name) }
    public var summary: String { names.joined(separator: ", ") }

    public func arrive(_ walk: inout JourneyWalk) -> StepOutcome {
        walk.act(.traits(values.map { NamedValue(name: $0.name, value: $0.value) }))
        return .go(way: nil)
    }
}

/// An event of the person's, as a track call of Martlet's own.
public struct EventStep: JourneyStep {
    public static let key = "event"
    public static let members = ["properties"]
    let name: String
    let properties: [(name: String, value: StepValue)]

    public init(_ fields: inout StepFields) throws(JourneyFault) {
        name = try fields.text(EventStep.key, maximum: 200)
        properties = try fields.values("properties", atLeast: 0)
    }

    public var summary: String { name }

    /// Whether its event has a property at a path.
    func writes(_ path: String) -> Bool { properties.contains { path == $0.name || path.hasPrefix($0.name + ".") } }

    public func arrive(_ walk: inout JourneyWalk) -> StepOutcome {
        walk.act(.event(name, properties.map { NamedValue(name: $0.name, value: $0.value) }))
        return .go(way: nil)
    }
}

/// A call of a destination, with values of the run.
public struct WebhookStep: JourneyStep {
    public static let key = "webhook"
    public static let members = ["data", "expires"]
    public let destination: String
    let values: [(name: String, value: StepValue)]
    let expires: Period?

    public init(_ fields: inout StepFields) throws(JourneyFault) {
        destination = try fields.text(WebhookStep.key, maximum: 200)
        values = try fields.values("data", atLeast: 0)
        expires = try fields.optionalPeriod("expires")
    }

    public var summary: String { destination }

    public func arrive(_ walk: inout JourneyWalk) -> StepOutcome {
        walk.act(.call(destination: destination, values.map { NamedValue(name: $0.name, value: $0.value) }), expires: expires)
        return .go(way: nil)
    }
}
