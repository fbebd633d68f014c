/// One filter: how many arguments it takes, and what it makes of a value.
struct Filter: Sendable {
    typealias Body = @Sendable (inout Renderer, Value, [Value]) throws(TemplateError) -> Value
    let arguments: ClosedRange<Int>
    let apply: Body

    init(_ arguments: ClosedRange<Int>, _ apply: @escaping Body) {
        self.arguments = arguments
        self.apply = apply
    }

    init(_ count: Int, _ apply: @escaping Body) { self.init(count...count, apply) }
}

enum Filters {
    static let all: [String: Filter] = [numbers, texts, encodings, lists, others].reduce(into: [:]) { $0.merge($1) { first, _ in first } }

    static let others: [String: Filter] = [
        "default": Filter(0...2) { _, value, arguments in
            // The second argument is `allow_false`, which the reader puts there.
            let allowsFalse = arguments.count > 1 && arguments[1].isTruthy
            let isMissing = allowsFalse ? value.isNull : !value.isTruthy
            // The words `empty` and `blank` are as empty as what they name.
            if case .empty = value { return arguments.first ?? .text("") }
            return isMissing || value.isEmpty ? arguments.first ?? .text("") : value
        },
        "date": Filter(1) { (renderer, value, arguments) throws(TemplateError) in
            let format = arguments[0].text
            guard !format.isEmpty, let moment = Moment(value, now: renderer.now) else { return value }
            return try renderer.made(moment.by(renderer.zone).formatted(format))
        },
        // What is not Liquid's own: a value as JSON, and a value as it is.
        "json": Filter(0) { (renderer, value, _) throws(TemplateError) in
            var out: [UInt8] = []
            Escaping.json(value, into: &out)
            try renderer.spend(out.count >> 6)
            let text = String(decoding: out, as: UTF8.self)
            return renderer.kind == .json ? .markup(text) : .text(text)
        },
        "raw": Filter(0) { _, value, _ in .markup(value.text) },
    ]
}
