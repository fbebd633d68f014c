import Vocabulary

/// A body is held to what its route declares: nobody sends a member without effect and is told that all went well.
extension Route {
    /// Refuses a member that the route does not read, and an optional one of another kind; what is needed and missing, and what is within a member, its reader refuses in its own words.
    ///
    /// An optional member that is null counts as missing. What is put may have all that GET answers.
    func check(_ body: JSONText) throws(Refusal) {
        guard let takes, !takes.isDocument, let stated = takes.shape.readMembers else { return }
        let shown = method == .put ? answers.forms.first?.shape?.readMembers ?? [] : []
        for (name, value) in body.members {
            guard let shape = stated.first(where: { $0.name == name })?.shape else {
                if shown.contains(where: { $0.name == name }) { continue }
                throw Route.wrong(name, "There is no member `\(name.prefix(60))` here.", "The body may have \(stated.map { "`\($0.name)`" }.joined(separator: ", ")).")
            }
            guard takes.refusesKinds, case .optional(let inner) = shape, !value.isNull, !inner.takes(value) else { continue }
            throw Route.wrong(name, "`\(name)` must be \(inner.inWords).", "Correct the body; /api/openapi.json has its shape.")
        }
    }

    private static func wrong(_ name: String, _ problem: String, _ remedy: String) -> Refusal {
        var refusal = Refusal(400, "request.parameter", problem, remedy: remedy)
        refusal.place = "/" + name.prefix(60).replacing("~", with: "~0").replacing("/", with: "~1")
        return refusal
    }
}

extension Shape {
    /// Every member that a body may have; nil where its names are the sender's own.
    fileprivate var readMembers: [(name: String, shape: Shape)]? {
        switch self {
        case .object(let members): return members.list
        case .named(_, let shape), .described(_, let shape), .optional(let shape), .orNull(let shape): return shape.readMembers
        case .either(let shapes):
            let each = shapes.map(\.readMembers)
            // What one of several forms needs may be missing in the others, and may be of another kind there.
            return each.contains { $0 == nil } ? nil : each.flatMap { ($0 ?? []).map { ($0.name, .anything) } }
        default: return nil
        }
    }

    /// Whether a value is of this kind; what is in a list or an object is not looked at.
    fileprivate func takes(_ value: JSONText) -> Bool {
        let isNumber = value.bytes.first.map { $0 == 0x2d || (0x30...0x39).contains($0) } ?? false
        return switch self {
        case .text, .time, .choice: value.isString
        case .integer: value.integer != nil
        case .number: isNumber
        case .boolean: value.boolean != nil
        case .list: value.isArray
        case .anyObject, .map, .object: value.isObject
        case .orNull(let shape): value.isNull || shape.takes(value)
        case .either(let shapes): shapes.contains { $0.takes(value) }
        case .optional(let shape), .named(_, let shape), .described(_, let shape): shape.takes(value)
        case .anything, .reference: true
        }
    }

    fileprivate var inWords: String {
        switch self {
        case .text, .choice: "a text"
        case .time: "a time, as 2026-07-01T00:00:00Z"
        case .integer: "a whole number"
        case .number: "a number"
        case .boolean: "true or false"
        case .list: "a list"
        case .anyObject, .map, .object: "an object"
        case .orNull(let shape): "\(shape.inWords) or null"
        case .either(let shapes): Refusal.listed(shapes.map(\.inWords))
        case .optional(let shape), .named(_, let shape), .described(_, let shape): shape.inWords
        case .anything, .reference: "a value"
        }
    }
}
