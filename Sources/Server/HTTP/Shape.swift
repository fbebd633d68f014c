import Vocabulary

/// The shape of a JSON value, as the OpenAPI document states it and the tests hold real answers to it.
///
/// Write it beside the route that answers it; what several routes answer is `.named` once, in `API/Shapes.swift`, and becomes a component.
indirect enum Shape: Sendable {
    case text, time, integer, number, boolean
    /// Any JSON value: what senders made up, such as a trait's value.
    case anything
    /// An object whose names senders made up.
    case anyObject
    /// One of these texts.
    case choice([String])
    case list(Shape)
    /// Any names, each with a value of this shape.
    case map(Shape)
    /// These members, in the order in which they are written.
    case object(Members)
    /// The value, or null.
    case orNull(Shape)
    /// Of an object's member: it may be missing.
    case optional(Shape)
    /// One of several.
    case either([Shape])
    /// A component: the document states it once and refers to it by this name.
    case named(String, Shape)
    /// A component that is stated elsewhere, for shapes that hold themselves.
    case reference(String)
    /// In words, what the bare shape cannot say.
    case described(String, Shape)

    /// These members behind those of `self`, which must be an object.
    func with(_ more: Members) -> Shape { .object(Members(list: members.list + more.list)) }

    private var members: Members {
        switch self {
        case .object(let members): members
        case .named(_, let shape), .described(_, let shape): shape.members
        default: [:]
        }
    }

    // MARK: - Writing

    /// The JSON Schema of this shape, with components referred to.
    func write(_ w: inout JSONWriter) {
        switch self {
        case .reference(let name), .named(let name, _): w.object { $0.member("$ref", "#/components/schemas/\(name)") }
        case .optional(let shape): shape.write(&w)
        case .described(let text, let shape):
            w.object { w in
                w.member("description", text)
                w.key("allOf")
                w.array { shape.write(&$0) }
            }
        default: w.object { keywords(&$0) }
        }
    }

    /// The component itself, behind its name.
    func writeDefinition(_ w: inout JSONWriter) { if case .named(_, let shape) = self { shape.write(&w) } else { write(&w) } }

    private func keywords(_ w: inout JSONWriter) {
        switch self {
        case .text: w.member("type", "string")
        case .time: w.member("type", "string"); w.member("format", "date-time")
        case .integer: w.member("type", "integer")
        case .number: w.member("type", "number")
        case .boolean: w.member("type", "boolean")
        case .anyObject: w.member("type", "object")
        case .choice(let texts):
            w.member("type", "string")
            w.key("enum")
            w.array { w in for text in texts { w.string(text) } }
        case .list(let shape):
            w.member("type", "array")
            w.key("items")
            shape.write(&w)
        case .map(let shape):
            w.member("type", "object")
            w.key("additionalProperties")
            shape.write(&w)
        case .object(let members): Shape.object(members, &w)
        case .orNull(let shape): Shape.alternatives([shape.write, { $0.object { $0.member("type", "null") } }], &w)
        case .either(let shapes): Shape.alternatives(shapes.map { $0.write }, &w)
        case .anything, .optional, .named, .reference, .described: break
        }
    }

    private static func object(_ members: Members, _ w: inout JSONWriter) {
        w.member("type", "object")
        let required = members.list.filter { if case .optional = $0.shape { false } else { true } }
        if !required.isEmpty {
            w.key("required")
            w.array { w in for member in required { w.string(member.name) } }
        }
        w.key("properties")
        w.object { w in
            for member in members.list {
                w.key(member.name)
                member.shape.write(&w)
            }
        }
    }

    private static func alternatives(_ writers: [(inout JSONWriter) -> Void], _ w: inout JSONWriter) {
        w.key("anyOf")
        w.array { w in for write in writers { write(&w) } }
    }

    // MARK: - Components

    /// Adds every component that this shape names, each once.
    func gather(into found: inout [String: Shape]) {
        switch self {
        case .named(let name, let shape):
            guard found[name] == nil else { return }
            found[name] = self
            shape.gather(into: &found)
        case .list(let shape), .map(let shape), .orNull(let shape), .optional(let shape), .described(_, let shape): shape.gather(into: &found)
        case .object(let members): for member in members.list { member.shape.gather(into: &found) }
        case .either(let shapes): for shape in shapes { shape.gather(into: &found) }
        default: break
        }
    }
}

/// An object's members in their order; written as a dictionary literal.
struct Members: Sendable, ExpressibleByDictionaryLiteral {
    var list: [(name: String, shape: Shape)]

    init(list: [(name: String, shape: Shape)]) { self.list = list }
    init(dictionaryLiteral elements: (String, Shape)...) { list = elements.map { (name: $0.0, shape: $0.1) } }
}
