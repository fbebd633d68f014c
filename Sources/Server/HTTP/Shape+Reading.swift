import Vocabulary

/// A body is held to what its route declares: nobody sends a member without effect and is told that all went well.
extension Route {
    /// Refuses a member that the route does not read, at any depth, and an optional one of another kind; what is needed and missing its reader refuses in its own words.
    ///
    /// An optional member that is null counts as missing. What is put or patched may have all that GET answers: what cannot be changed is left as it is.
    func check(_ body: JSONText) throws(Refusal) {
        guard let takes else { return }
        let shown = takes.ignores ?? ([.put, .patch].contains(method) ? answers.forms.first?.shape : nil)
        try BodyCheck(refusesKinds: takes.refusesKinds).check(body, takes.shape, shown, at: "")
    }
}

/// Walks a body beside the shape of what is read and that of what is answered.
private struct BodyCheck {
    let refusesKinds: Bool

    func check(_ value: JSONText, _ shape: Shape, _ shown: Shape?, at place: String) throws(Refusal) {
        if value.isArray {
            guard let element = shape.element(of: value) else { return }
            let shown = shown?.element(of: value)
            for (index, item) in value.elements.enumerated() { try check(item, element, shown, at: "\(place)/\(index)") }
        } else if value.isObject {
            if let every = shape.everyMember(of: value) {
                let shown = shown?.everyMember(of: value)
                for (name, item) in value.members { try check(item, every, shown, at: BodyCheck.place(place, name)) }
            } else if let stated = shape.members(of: value) { try check(members: value, stated, shown?.members(of: value) ?? [], at: place) }
        }
    }

    private func check(members value: JSONText, _ stated: [(name: String, shape: Shape)], _ shown: [(name: String, shape: Shape)], at place: String) throws(Refusal) {
        for (name, item) in value.members {
            let shownHere = shown.first { $0.name == name }?.shape
            guard let shape = stated.first(where: { $0.name == name })?.shape else {
                if shownHere != nil { continue }
                throw wrong(BodyCheck.place(place, name), "There is no member `\(name.prefix(60))` here.", stated.isEmpty ? "It may have none." : "The body may have \(stated.map { "`\($0.name)`" }.joined(separator: ", ")).")
            }
            if refusesKinds, case .optional(let inner) = shape, !item.isNull, !inner.takes(item) {
                throw wrong(BodyCheck.place(place, name), "`\(name)` must be \(inner.inWords).", "Correct the body; /api/openapi.json has its shape.")
            }
            try check(item, shape, shownHere, at: BodyCheck.place(place, name))
        }
    }

    /// As a JSON pointer.
    private static func place(_ place: String, _ name: String) -> String { place + "/" + name.prefix(60).replacing("~", with: "~0").replacing("/", with: "~1") }

    private func wrong(_ place: String, _ problem: String, _ remedy: String) -> Refusal {
        var refusal = Refusal(400, "request.parameter", problem, remedy: remedy)
        refusal.place = place
        return refusal
    }
}

extension Shape {
    /// The forms that a value may have been meant in: each one that takes its kind.
    private func forms(of value: JSONText) -> [Shape] {
        switch self {
        case .either(let shapes): shapes.flatMap { $0.forms(of: value) }
        case .named(_, let shape), .described(_, let shape), .optional(let shape), .orNull(let shape): shape.forms(of: value)
        default: takes(value) ? [self] : []
        }
    }

    /// What each element of a list is; nil where they are the sender's own.
    fileprivate func element(of value: JSONText) -> Shape? {
        let forms = forms(of: value)
        let elements = forms.compactMap { form -> Shape? in if case .list(let element) = form { element } else { nil } }
        guard !elements.isEmpty, elements.count == forms.count else { return nil }
        return elements.count == 1 ? elements[0] : .either(elements)
    }

    /// What is behind each name of an object whose names are the sender's own; nil of other objects.
    fileprivate func everyMember(of value: JSONText) -> Shape? {
        let forms = forms(of: value)
        guard forms.count == 1, case .map(let shape) = forms[0] else { return nil }
        return shape
    }

    /// Every member that an object may have; nil where its names are the sender's own.
    fileprivate func members(of value: JSONText) -> [(name: String, shape: Shape)]? {
        let forms = forms(of: value)
        let each = forms.compactMap { form -> Members? in if case .object(let members) = form { members } else { nil } }
        guard !each.isEmpty, each.count == forms.count else { return nil }
        if each.count == 1 { return each[0].list }
        // What one of several forms needs may be missing in the others, and may be of another kind there.
        let names = Dictionary(grouping: each.flatMap(\.list), by: \.name)
        return names.map { (name: $0, shape: $1.count == 1 ? $1[0].shape.needed : .anything) }.sorted { $0.name < $1.name }
    }

    /// Without its being optional.
    private var needed: Shape { if case .optional(let shape) = self { shape } else { self } }

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
