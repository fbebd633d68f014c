import Vocabulary

/// What a route answers when all went well, as the OpenAPI document states it. Refusals need no words here: they look alike everywhere.
struct RouteAnswer: Sendable {
    /// A status, and what comes with it.
    struct Form: Sendable {
        let status: Int
        let meaning: String
        /// The media type; nil for an answer without a body.
        let type: String?
        let shape: Shape?
        /// An answer as JSON, to learn from; the tests hold it to the shape.
        let example: String?
    }

    let forms: [Form]

    /// Nothing is said: for pages and forms of the console, which are for people. A documented route with it fails the tests.
    static let undescribed = RouteAnswer(forms: [])

    static func json(_ shape: Shape, status: Int = 200, _ meaning: String = "Done.", example: String? = nil) -> RouteAnswer {
        RouteAnswer(forms: [Form(status: status, meaning: meaning, type: "application/json", shape: shape, example: example)])
    }

    /// Text, an image, a file: anything that is no JSON, by its media type.
    static func content(_ type: String, _ meaning: String) -> RouteAnswer {
        RouteAnswer(forms: [Form(status: 200, meaning: meaning, type: type, shape: .text, example: nil)])
    }

    /// Server-sent events until the reader goes.
    static func stream(_ meaning: String) -> RouteAnswer { content("text/event-stream", meaning) }

    /// Or else this, under a status of its own.
    func or(_ other: RouteAnswer) -> RouteAnswer { RouteAnswer(forms: forms + other.forms) }
    /// Or else a status without a body.
    func or(status: Int, _ meaning: String) -> RouteAnswer {
        RouteAnswer(forms: forms + [Form(status: status, meaning: meaning, type: nil, shape: nil, example: nil)])
    }
}

/// What a route's request carries, as the OpenAPI document states it.
struct RouteBody: Sendable {
    let types: [String]
    let shape: Shape
    let isRequired: Bool
    let example: String?
    /// Whether members of another kind are refused before the route reads them; otherwise it does so in words of its own.
    var refusesKinds = true
    /// What may be sent beside it without effect, because an answer holds it; nil where only PUT and PATCH may have what they answer.
    var ignores: Shape?

    static func json(_ shape: Shape, isRequired: Bool = true, example: String? = nil, refusesKinds: Bool = true, ignores: Shape? = nil) -> RouteBody {
        RouteBody(types: ["application/json"], shape: shape, isRequired: isRequired, example: example, refusesKinds: refusesKinds, ignores: ignores)
    }

    /// A file in one of several media types.
    static func file(_ types: String...) -> RouteBody { RouteBody(types: types, shape: .text, isRequired: true, example: nil) }
}
