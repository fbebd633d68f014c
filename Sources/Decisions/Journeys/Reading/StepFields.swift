public import Segments
public import Vocabulary

/// One step's object while it is read, with what its journey gathers: the events that are listened to, and the steps of its ways.
public struct StepFields {
    var fields: JourneyFields
    /// What the journey listens to so far.
    private(set) var ears: [EventPattern]
    /// The steps of each way that was read.
    private(set) var ways: [(steps: JSONText?, place: String)] = []
    /// Where an event is asked for with the run's own key.
    private(set) var ownPlace: String?
    public var place: String { fields.place }

    static let weekdayNames = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    static func clock(_ minute: Int) -> String { "\(minute / 60 < 10 ? "0" : "")\(minute / 60):\(minute % 60 < 10 ? "0" : "")\(minute % 60)" }

    init(_ fields: JourneyFields, ears: [EventPattern]) { (self.fields, self.ears) = (fields, ears) }

    /// The number under which an event is listened to; the same for the same pattern.
    mutating func ear(_ name: String, of other: inout JourneyFields) throws(JourneyFault) -> (ear: Int, text: String) {
        guard let text = try other.optionalText(name, maximum: ConditionLimits.text) else { throw other.missing(name, "an event such as `\"Order Completed\"`, in quotes, or a `condition`") }
        let known = other.known
        let result = Result { () throws(ConditionError) -> EventPattern in try EventPattern.read(text: text, knowing: known).pattern }
        switch result {
        case .failure(let error): throw other.fault(error, at: name)
        case .success(let pattern):
            // Byte by byte: texts that only look alike are others.
            let written = Array(pattern.text.utf8)
            if let number = ears.firstIndex(where: { $0.text.utf8.elementsEqual(written) }) { return (number, text) }
            ears.append(pattern)
            return (ears.count - 1, text)
        }
    }

    mutating func sameKey(_ other: inout JourneyFields) throws(JourneyFault) -> SameKey {
        let sameKey = try other.sameKey()
        if sameKey != .no { ownPlace = ownPlace ?? "\(other.place)/sameKey" }
        return sameKey
    }

    /// Reads a way out of the step: a list of steps, or nothing.
    public mutating func way(_ name: String, of other: inout JourneyFields) throws(JourneyFault) { ways.append((other.take(name), "\(other.place)/\(name)")) }
    public mutating func way(_ name: String) throws(JourneyFault) { ways.append((fields.take(name), "\(fields.place)/\(name)")) }

    // MARK: - The step's own members

    mutating func condition(_ name: String) throws(JourneyFault) -> Condition { try fields.condition(name) }
    mutating func text(_ name: String, maximum: Int) throws(JourneyFault) -> String { try fields.text(name, maximum: maximum) }
    mutating func optionalText(_ name: String, maximum: Int) throws(JourneyFault) -> String? { try fields.optionalText(name, maximum: maximum) }
    mutating func optionalInteger(_ name: String, in range: ClosedRange<Int>) throws(JourneyFault) -> Int? { try fields.optionalInteger(name, in: range) }
    mutating func optionalPeriod(_ name: String) throws(JourneyFault) -> Period? { try fields.optionalPeriod(name) }
    mutating func list(_ name: String) throws(JourneyFault) -> [JourneyFields] { try fields.list(name) }
    mutating func object(_ name: String) throws(JourneyFault) -> JourneyFields { try fields.object(name) }

    /// A length of time where the member is a text; nil where it is an object.
    mutating func periodIfText(_ name: String) throws(JourneyFault) -> Period? {
        if fields.take(name)?.isObject ?? false { return nil }
        return try fields.period(name)
    }

    /// The number of a member such as `3 business days`; nil where it is anything else.
    mutating func businessDaysIfText(_ name: String) throws(JourneyFault) -> Int? {
        guard let count = fields.take(name)?.string.flatMap(BusinessDays.count) else { return nil }
        guard (1...BusinessDays.countMaximum).contains(count) else { throw fields.wrong(name, "1 to \(BusinessDays.countMaximum) business days") }
        return count
    }

    /// Names with values, such as `{plan: "premium", lastOrder: {from: event.properties.orderId}}`.
    mutating func values(_ name: String, atLeast count: Int) throws(JourneyFault) -> [(name: String, value: StepValue)] {
        guard let object = fields.take(name) else {
            if count == 0 { return [] }
            throw fields.missing(name, "names with their values")
        }
        let members = object.members
        guard object.isObject, members.count >= count, members.count <= 100 else { throw fields.wrong(name, "an object of \(count) to 100 names with their values") }
        return members.map { member in
            let path = member.value.members.count == 1 ? member.value["from"]?.string : nil
            return (member.key, path.map(StepValue.path) ?? .json(member.value))
        }
    }
}

/// A value that a step writes.
public enum StepValue: Sendable, Hashable {
    case json(JSONText)
    /// Where in the run's data it stands: `event.properties.total`, `data.voucher`.
    case path(String)
}

public struct NamedValue: Sendable, Hashable {
    public let name: String
    public let value: StepValue
}
