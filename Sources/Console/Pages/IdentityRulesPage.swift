/// The rules by which people are told apart and joined, what others would change, and what was stated last.
public struct IdentityRulesPage: ConsolePage {
    /// A type of identifier, each setting as it is typed.
    public struct TypeRow: Sendable {
        public var name: String
        public var use: String
        public var limit: String
        public var window: String
        public var sharedBy: String
        /// One beside the other; empty where the type is a field of every call.
        public var paths: String
        public init(name: String, use: String, limit: String, window: String, sharedBy: String, paths: String) {
            (self.name, self.use, self.limit, self.window, self.sharedBy, self.paths) = (name, use, limit, window, sharedBy, paths)
        }
    }

    /// What other rules would make of everyone.
    public struct Difference: Sendable {
        public struct Sample: Sendable {
            public var before: [[IdentifierLabel]]
            public var after: [[IdentifierLabel]]
            public init(before: [[IdentifierLabel]], after: [[IdentifierLabel]]) { (self.before, self.after) = (before, after) }
        }
        public var before: Int
        public var after: Int
        public var joining: Int
        public var parting: Int
        public var shared: Int
        public var samples: [Sample]
        public init(before: Int, after: Int, joining: Int, parting: Int, shared: Int, samples: [Sample]) {
            (self.before, self.after, self.joining, self.parting, self.shared, self.samples) = (before, after, joining, parting, shared, samples)
        }
    }

    public var types: [TypeRow]
    /// One on each line.
    public var blocked: String
    public var version: Int
    public var author: String
    public var atMs: Int64?
    /// How many hundredths of the log have been read to decide everyone anew; nil when that is done.
    public var resolvingPercent: Int?
    public var difference: Difference?
    public var problem: ConsoleProblem?
    public var links: [LinkRow]

    public init(
        types: [TypeRow], blocked: String, version: Int, author: String, atMs: Int64?, resolvingPercent: Int?, difference: Difference? = nil, problem: ConsoleProblem? = nil, links: [LinkRow]
    ) {
        (self.types, self.blocked, self.version, self.author, self.atMs) = (types, blocked, version, author, atMs)
        (self.resolvingPercent, self.difference, self.problem, self.links) = (resolvingPercent, difference, problem, links)
    }

    public static let uses = ["join", "attach", "ignore"]
    public static let windows = ["ever", "year", "month", "week", "day"]

    public func render(_ frame: Frame) -> String {
        let title = frame.say("rules.title")
        let api = APICall(path: "/api/v1/identity/rules", host: frame.host).drawer(frame)
        let head = PageHead(
            title: title, sentence: "\(frame.say("rules.sentence"))", actions: api.opener(frame), parent: (frame.say("section.profiles"), Section.profiles.address(in: frame.workspace)))
        let state: HTML = version == 0 ? "\(frame.say("rules.usual"))" : frame.phrase("rules.version", ["version": "\(frame.number(version))", "author": "<bdi>\(author)</bdi>", "time": frame.time(atMs, otherwise: "list.never")])
        let resolving: HTML = resolvingPercent.map { percent -> HTML in
            "<p class=\"notice caution\" role=\"status\">\(Icon.clock.html)<span>\(frame.say("rules.resolving", ["percent": "\(percent)"]))</span></p>"
        } ?? .none
        let body: HTML = """
            \(head.html)\(problem.map { $0.html(frame) })\(resolving)\(difference.map { told($0, frame) })
            <form method="post" action="/w/\(frame.workspace)/identity">\(Field.csrf(frame))
            <section class="panel identity-types" aria-labelledby="types-title"><div class="panel-head"><h2 id="types-title">\(frame.say("rules.types"))</h2><span class="quiet">\(state)</span></div>\(table(frame))</section>
            <section class="panel pad" aria-labelledby="blocked-title"><h2 id="blocked-title">\(frame.say("rules.blocked"))</h2>\
            \(Field(name: "blocked", label: frame.say("rules.blocked-values"), kind: .area(rows: 8), value: blocked, help: frame.say("rules.blocked-help")).html)
            <div class="actions"><button type="submit" name="look" value="1">\(frame.say("who.look"))</button> <button type="submit" class="primary">\(frame.say("rules.set"))</button></div></section></form>
            \(LinkRow.panel(links, back: "/identity", frame))\(api.html(frame))
            """
        return Shell(title: title, section: .profiles).document(frame, body)
    }

    private func table(_ frame: Frame) -> HTML {
        // The last row is empty, for one type more.
        let rows = (types + [TypeRow(name: "", use: "ignore", limit: "", window: "ever", sharedBy: "10", paths: "")]).enumerated().map { number, row -> [HTML] in
            let isNew = number == types.count
            let named: HTML = isNew
                ? input("name", number, row.name, "rules.new-type", frame) : "<code>\(row.name)</code><input type=\"hidden\" name=\"name-\(number)\" value=\"\(row.name)\">"
            let label = isNew ? frame.say("rules.new-type") : row.name
            return [
                named, select("use", number, row.use, Self.uses, label, frame), input("limit", number, row.limit, "rules.limit", frame, of: label),
                select("window", number, row.window, Self.windows, label, frame), input("shared", number, row.sharedBy, "rules.shared-by", frame, of: label),
                isNew || !row.paths.isEmpty ? input("paths", number, row.paths, "rules.paths", frame, of: label) : "<span class=\"quiet\">\(frame.say("rules.field"))</span>",
            ]
        }
        return Table(
            caption: frame.say("rules.types"),
            columns: [
                .init(title: frame.say("rules.type")), .init(title: frame.say("rules.use")), .init(title: frame.say("rules.limit")), .init(title: frame.say("rules.window")),
                .init(title: frame.say("rules.shared-by")), .init(title: frame.say("rules.paths"), isWide: true),
            ], rows: rows
        ).html
    }

    private func input(_ name: String, _ number: Int, _ value: String, _ label: PhraseKey, _ frame: Frame, of type: String? = nil) -> HTML {
        Field(name: "\(name)-\(number)", label: (type.map { $0 + ": " } ?? "") + frame.say(label), value: value, autocomplete: "off").html
    }

    private func select(_ name: String, _ number: Int, _ value: String, _ choices: [String], _ type: String, _ frame: Frame) -> HTML {
        let options = choices.map { (value: $0, title: frame.say(PhraseKey("rules.\(name)-\($0)"))) }
        return Field(name: "\(name)-\(number)", label: type + ": " + frame.say(PhraseKey("rules.\(name)")), kind: .choice(options), value: value).html
    }

    private func told(_ difference: Difference, _ frame: Frame) -> HTML {
        func people(_ people: [[IdentifierLabel]]) -> HTML { people.map { person -> HTML in "<p class=\"chips\">\(person.prefix(6).map(\.chip))\(person.count > 6 ? "<span class=\"quiet\">+\(person.count - 6)</span>" : .none)</p>" }.joined() }
        let samples: HTML =
            difference.samples.isEmpty
            ? .none
            : Table(
                caption: frame.say("rules.samples"), columns: [.init(title: frame.say("rules.before"), isWide: true), .init(title: frame.say("rules.after"), isWide: true)],
                rows: difference.samples.map { [people($0.before), people($0.after)] }
            ).html
        func tile(_ title: PhraseKey, _ count: Int) -> HTML { "<div class=\"tile\"><span>\(frame.say(title))</span><strong>\(frame.number(count))</strong></div>" }
        return """
            <section role="status" class="difference" aria-labelledby="difference-title"><h2 id="difference-title">\(frame.say("rules.difference"))</h2>
            <div class="tiles">\(tile("rules.profiles-before", difference.before))\(tile("rules.profiles-after", difference.after))\(tile("rules.joining", difference.joining))\
            \(tile("rules.parting", difference.parting))\(tile("rules.set-apart", difference.shared))</div>\(samples)</section>
            """
    }
}
