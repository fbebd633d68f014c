/// One filter: how many arguments it takes, and what it makes of a value.
struct Filter: Sendable {
    typealias Body = @Sendable (inout Renderer, Cell, View<Cell>) throws(TemplateError) -> Cell
    let arguments: ClosedRange<Int>
    let apply: Body

    init(_ arguments: ClosedRange<Int>, _ apply: @escaping Body) {
        self.arguments = arguments
        self.apply = apply
    }

    init(_ count: Int, _ apply: @escaping Body) { self.init(count...count, apply) }
}

enum Filters {
    private static let named = [numbers, texts, encodings, lists, others].flatMap { $0 }
    static let all = named.map(\.value)
    /// By name, in ``all``.
    static let places: [String: Int] = Dictionary(uniqueKeysWithValues: named.enumerated().map { ($1.key, $0) })

    static let others: [String: Filter] = [
        "default": Filter(0...2) { _, value, arguments in
            // The second argument is `allow_false`, which the reader puts there.
            let allowsFalse = arguments.count > 1 && arguments[1].isTruthy
            let isMissing = allowsFalse ? value.isNull : !value.isTruthy
            // The words `empty` and `blank` are as empty as what they name.
            if case .empty = value { return arguments.first ?? .text(Text()) }
            return isMissing || value.isEmpty ? arguments.first ?? .text(Text()) : value
        },
        "date": Filter(1) { (renderer, value, arguments) throws(TemplateError) in
            let format = try renderer.printed(arguments[0])
            guard !format.isEmpty, let moment = Moment(value, now: renderer.now) else { return value }
            let shown = moment.by(renderer.zone)
            return try renderer.made { shown.write(format, into: &$0) }
        },
        // What is not Liquid's own: a value as JSON, and a value as it is.
        "json": Filter(0) { (renderer, value, _) throws(TemplateError) in
            var out = Output()
            Escaping.json(value, into: &out)
            try renderer.spend(out.count >> 6)
            let text = out.keep(in: &renderer.arena)
            return renderer.kind == .json ? .markup(text) : .text(text)
        },
        "raw": Filter(0) { (renderer, value, _) throws(TemplateError) in .markup(try renderer.printed(value)) },
    ]
}
