import Segments
public import Vocabulary

/// The members of one object of a journey's document while they are read; what is read by nobody is a fault.
public struct JourneyFields {
    let json: JSONText
    /// As RFC 6901 writes it.
    public let place: String
    private let members: [String: JSONText]
    private var read: Set<String> = []
    /// Names that conditions are compared with, and what was noticed.
    let known: KnownNames

    init(_ json: JSONText, at place: String, knowing known: KnownNames) throws(JourneyFault) {
        guard json.isObject else { throw JourneyFault("object", "An object should stand here.", "Write members and their values.", at: place) }
        var members: [String: JSONText] = [:]
        for (key, value) in json.members {
            guard members.updateValue(value, forKey: key) == nil else {
                throw JourneyFault("said-twice", "`\(key.prefix(64))` is written twice.", "Keep one of the two.", at: "\(place)/\(JourneyFields.escaped(key))")
            }
        }
        (self.json, self.place, self.members, self.known) = (json, place, members, known)
    }

    var names: [String] { json.members.map(\.key) }

    /// Whether a member is there; what is null is not.
    func has(_ name: String) -> Bool { members[name].map { !$0.isNull } ?? false }

    mutating func take(_ name: String) -> JSONText? {
        read.insert(name)
        return members[name].flatMap { $0.isNull ? nil : $0 }
    }

    func missing(_ name: String, _ sense: String) -> JourneyFault {
        JourneyFault("missing", "`\(name)` is missing.", "Write \(sense).", at: place)
    }

    func wrong(_ name: String, _ sense: String) -> JourneyFault {
        JourneyFault("value", "`\(name)` is not \(sense).", "Write \(sense).", at: "\(place)/\(JourneyFields.escaped(name))")
    }

    /// Refuses what nobody asked for.
    func done() throws(JourneyFault) {
        for (key, _) in json.members where !read.contains(key) {
            throw JourneyFault(
                "unknown-name", "`\(key.prefix(64))` is not known here.",
                Spelling.nearest(to: key, among: read.sorted()).map { "Did you mean `\($0)`?" } ?? "Write one of: \(read.sorted().joined(separator: ", ")).", at: "\(place)/\(JourneyFields.escaped(key))")
        }
    }

    static func escaped(_ key: String) -> String { key.replacing("~", with: "~0").replacing("/", with: "~1") }

    // MARK: - Values

    mutating func optionalText(_ name: String, maximum: Int) throws(JourneyFault) -> String? {
        guard let value = take(name) else { return nil }
        guard let text = value.string, !text.isEmpty, text.utf8.count <= maximum else { throw wrong(name, "a text of 1 to \(maximum) bytes") }
        return text
    }

    mutating func text(_ name: String, maximum: Int) throws(JourneyFault) -> String {
        guard let text = try optionalText(name, maximum: maximum) else { throw missing(name, "a text of 1 to \(maximum) bytes") }
        return text
    }

    mutating func optionalInteger(_ name: String, in range: ClosedRange<Int>) throws(JourneyFault) -> Int? {
        guard let value = take(name) else { return nil }
        guard let number = value.integer, number >= range.lowerBound, number <= range.upperBound else { throw wrong(name, "a whole number from \(range.lowerBound) to \(range.upperBound)") }
        return Int(number)
    }

    mutating func optionalBoolean(_ name: String) throws(JourneyFault) -> Bool? {
        guard let value = take(name) else { return nil }
        guard let truth = value.boolean else { throw wrong(name, "true or false") }
        return truth
    }

    /// Whether an event must carry the run's own key, and where.
    mutating func sameKey() throws(JourneyFault) -> SameKey {
        guard let value = take("sameKey") else { return .no }
        if let isOwn = value.boolean { return isOwn ? .own : .no }
        guard let path = value.string, path.utf8.count <= 200, path.hasPrefix("properties.") || path.hasPrefix("context.") else { throw wrong("sameKey", "true, or where the event has the key, such as properties.cartId") }
        return .at(path)
    }

    mutating func optionalChoice<Choice: RawRepresentable & CaseIterable>(_ name: String, _ type: Choice.Type) throws(JourneyFault) -> Choice? where Choice.RawValue == String {
        guard let value = take(name) else { return nil }
        let words = Choice.allCases.map(\.rawValue)
        guard let word = value.string, let choice = Choice(rawValue: word) else {
            let near = value.string.flatMap { Spelling.nearest(to: $0, among: words) }
            throw JourneyFault(
                "choice", "`\(name)` is none of \(words.joined(separator: ", ")).", near.map { "Did you mean `\($0)`?" } ?? "Write one of them.", at: "\(place)/\(name)")
        }
        return choice
    }

    mutating func optionalPeriod(_ name: String) throws(JourneyFault) -> Period? {
        guard let value = take(name) else { return nil }
        guard let period = value.string.flatMap(Period.init(text:)), period.count > 0 else { throw wrong(name, "a length of time such as `30 minutes` or `2 days`") }
        return period
    }

    mutating func period(_ name: String) throws(JourneyFault) -> Period {
        guard let period = try optionalPeriod(name) else { throw missing(name, "a length of time such as `2 days`") }
        return period
    }

    /// `25%`, `12.5 %`, or a number of hundredths.
    ///
    /// - Returns: of 10,000.
    mutating func optionalShare(_ name: String) throws(JourneyFault) -> Int? {
        guard let value = take(name) else { return nil }
        // One sign of per cent, at the end; nothing else than digits before it.
        var written = Substring(value.string ?? value.text)
        if written.last == "%" { written.removeLast() }
        while written.last == " " { written.removeLast() }
        let parts = written.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        let digits = parts.count == 2 ? String(parts[1]) : ""
        guard let whole = parts.first.flatMap({ JourneyFields.digits($0) }), whole <= 100, digits.count <= 2, parts.count == 1 || !digits.isEmpty, digits.allSatisfy({ $0 >= "0" && $0 <= "9" }),
            case let share = whole * 100 + (Int((digits + "00").prefix(2)) ?? 0), share <= 10_000
        else { throw wrong(name, "a share such as `10%`, with at most two decimals") }
        return share
    }

    mutating func share(_ name: String) throws(JourneyFault) -> Int {
        guard let share = try optionalShare(name) else { throw missing(name, "a share such as `50%`") }
        return share
    }

    /// `09:30`.
    ///
    /// - Returns: minutes after midnight.
    mutating func clock(_ name: String) throws(JourneyFault) -> Int {
        guard let value = take(name) else { throw missing(name, "a time of day such as `\"09:30\"`") }
        let parts = (value.string ?? "").split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ $0.utf8.count == 2 }), let hour = JourneyFields.digits(parts[0]), let minute = JourneyFields.digits(parts[1]), hour < 24, minute < 60 else {
            throw wrong(name, "a time of day such as `\"09:30\"`")
        }
        return hour * 60 + minute
    }

    /// A number of digits alone, without a sign.
    private static func digits(_ text: Substring) -> Int? { !text.isEmpty && text.utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 } ? Int(text) : nil }

    /// Whether a text is a day with a time of day, such as 2026-05-04T09:00, and names no zone.
    static func isLocalTime(_ text: String) -> Bool {
        let parts = text.split(separator: text.contains("T") ? "T" : " ", omittingEmptySubsequences: false)
        return parts.count == 2 && !parts[1].isEmpty && parts[1].utf8.allSatisfy { ($0 >= 0x30 && $0 <= 0x39) || $0 == 0x3a || $0 == 0x2e } && parts[1].contains(":")
    }

    /// Names of days; none where the member is missing.
    ///
    /// - Returns: Monday is 1.
    mutating func weekdays(_ name: String) throws(JourneyFault) -> [Int] {
        guard let value = take(name) else { return [] }
        let words = value.isArray ? value.elements.map { $0.string ?? "" } : [value.string ?? ""]
        var days: [Int] = []
        for word in words {
            guard let day = StepFields.weekdayNames.firstIndex(of: String(word.lowercased().prefix(3))), word.count == 3 || word.count > 5 else { throw wrong(name, "a list of mon, tue, wed, thu, fri, sat, sun") }
            days.append(day + 1)
        }
        return days
    }

    // MARK: - Conditions and parts

    mutating func condition(_ name: String) throws(JourneyFault) -> Condition {
        guard let value = take(name) else { throw missing(name, "a condition such as `plan = \"premium\"`") }
        let result = Result { () throws(ConditionError) -> Condition in
            if value.isObject { return try Condition(json: value) }
            return try Condition.read(text: value.string ?? "", knowing: known).condition
        }
        switch result {
        case .success(let condition): return condition
        case .failure(let error): throw fault(error, at: name)
        }
    }

    func fault(_ error: ConditionError, at name: String) -> JourneyFault {
        let inner = switch error.place {
        case .text(let place): " line \(place.line), column \(place.column)"
        case .pointer(let pointer): pointer
        }
        return JourneyFault(error.explanation, at: "\(place)/\(JourneyFields.escaped(name))\(inner)")
    }

    mutating func object(_ name: String) throws(JourneyFault) -> JourneyFields {
        guard let value = take(name) else { throw missing(name, "an object") }
        return try JourneyFields(value, at: "\(place)/\(name)", knowing: known)
    }

    /// The objects of a list; at least one, at most 20.
    mutating func list(_ name: String) throws(JourneyFault) -> [JourneyFields] {
        guard let value = take(name) else { throw missing(name, "a list") }
        let elements = value.isArray ? value.elements : [value]
        guard !elements.isEmpty, elements.count <= 20 else { throw wrong(name, "a list of 1 to 20 parts") }
        var fields: [JourneyFields] = []
        for (index, element) in elements.enumerated() { fields.append(try JourneyFields(element, at: value.isArray ? "\(place)/\(name)/\(index)" : "\(place)/\(name)", knowing: known)) }
        return fields
    }
}
