/// Reads pieces into blocks. A tag that begins a block reads on until the tag that ends it.
struct BlockReader {
    let names: Names
    let limits: TemplateLimits
    private var pieces: [Piece]
    private var index = 0
    private var depth = 0

    init(_ source: [UInt8], names: Names, limits: TemplateLimits) throws(TemplateError) {
        guard source.count <= limits.sourceBytes else { throw .limit("its text is longer than \(limits.sourceBytes) bytes") }
        self.names = names
        self.limits = limits
        pieces = try PieceReader.pieces(of: source)
    }

    mutating func whole() throws(TemplateError) -> Block {
        var builder = Builder()
        if let end = try fill(&builder, until: []) { throw unexpected(end) }
        return keep(builder)
    }

    /// A block as it grows, with whether anything in it prints.
    private struct Builder {
        var nodes: [Node] = []
        var isBlank = true

        mutating func add(_ node: Node, isBlank: Bool) {
            nodes.append(node)
            if !isBlank { self.isBlank = false }
        }
    }

    /// A block that prints nothing but blanks prints nothing at all: its texts are left out.
    private func keep(_ builder: Builder, isBlank: Bool = false) -> Block {
        guard isBlank else { return Block(nodes: names.arena.keep(builder.nodes)) }
        return Block(nodes: names.arena.keep(builder.nodes.filter { if case .text = $0 { false } else { true } }))
    }

    private func output(_ piece: Piece) throws(TemplateError) -> Node {
        var reader = try ExpressionReader(piece.bytes, line: piece.line)
        let value = try reader.filtered(names)
        try reader.needEnd()
        return .output(names.arena.keep(value))
    }

    private func unexpected(_ piece: Piece) -> TemplateError {
        if piece.name.isEmpty { return .syntax("A tag has no name.", "Write the name right behind `{%`.", line: piece.line) }
        if piece.name.hasPrefix("end") || BlockReader.inner.contains(piece.name) {
            return .syntax("`\(piece.name)` ends or divides nothing that is open here.", "Take it away, or open its block.", line: piece.line)
        }
        return .syntax("There is no tag `\(piece.name)`.", Suggestion.sentence(for: piece.name, among: BlockReader.tags) ?? "The manual lists the tags.", line: piece.line)
    }

    private static let inner: Set<String> = ["else", "elsif", "when"]
    private static let tags = [
        "assign", "break", "capture", "case", "comment", "continue", "cycle", "decrement", "doc", "echo", "for", "if", "ifchanged", "include", "increment", "liquid", "raw", "render", "snippet", "tablerow", "unless",
    ]

    /// Reads into a block up to one of the tags in `ends`, which is handed back; nil at the end of the source.
    private mutating func fill(_ builder: inout Builder, until ends: Set<String>) throws(TemplateError) -> Piece? {
        while index < pieces.count {
            let piece = pieces[index]
            index += 1
            switch piece.kind {
            case .text: builder.add(.text(names.arena.keep(Array(piece.bytes))), isBlank: piece.bytes.allSatisfy(Ascii.isBlank))
            case .verbatim: builder.add(.text(names.arena.keep(Array(piece.bytes))), isBlank: piece.bytes.isEmpty)
            case .output: builder.add(try output(piece), isBlank: false)
            case .tag:
                if ends.contains(piece.name) { return piece }
                try tag(piece, &builder)
            }
        }
        return nil
    }

    /// A block up to one of `ends`; an error where the source ends before.
    private mutating func block(of opening: Piece, until ends: Set<String>) throws(TemplateError) -> (Builder, end: Piece) {
        depth += 1
        defer { depth -= 1 }
        guard depth <= limits.depth else { throw .syntax("Blocks stand more than \(limits.depth) deep.", "Move the inner ones into a partial.", line: opening.line) }
        var builder = Builder()
        guard let end = try fill(&builder, until: ends) else {
            throw .syntax("`\(opening.name)` is not closed.", "Write `{% end\(opening.name) %}` behind it.", line: opening.line)
        }
        return (builder, end)
    }

    private mutating func tag(_ piece: Piece, _ builder: inout Builder) throws(TemplateError) {
        switch piece.name {
        case "#": try Self.checkComment(piece)
        case "comment": try skipComment(piece)
        case "echo": builder.add(try output(piece), isBlank: false)
        case "assign": builder.add(try assign(piece), isBlank: true)
        case "capture":
            let slot = names.declared(try Self.variableName(piece.bytes, line: piece.line).name)
            let (body, _) = try block(of: piece, until: ["endcapture"])
            builder.add(.capture(slot, names.arena.keep(keep(body))), isBlank: true)
        case "snippet":
            var reader = try ExpressionReader(piece.bytes, line: piece.line)
            let name = try reader.word()
            try reader.needEnd()
            names.snippets.insert(name)
            let (body, _) = try block(of: piece, until: ["endsnippet"])
            builder.add(.snippet(names.slot(name), names.arena.keep(keep(body))), isBlank: true)
        case "increment", "decrement":
            let (name, rest) = try Self.variableName(piece.bytes, line: piece.line)
            guard rest.allSatisfy(Ascii.isBlank) else { throw .syntax("`\(piece.name)` takes one name.", "Take away what stands behind `\(name)`.", line: piece.line) }
            builder.add(.counter(slot: names.declared(name), isDecrement: piece.name == "decrement"), isBlank: false)
        case "if", "unless": try branch(piece, &builder)
        case "case": try choice(piece, &builder)
        case "for", "tablerow": try loop(piece, &builder)
        case "cycle": builder.add(.cycle(names.arena.keep(try TagReader.cycle(piece, names))), isBlank: false)
        case "break": builder.add(.leave, isBlank: false)
        case "continue": builder.add(.skip, isBlank: false)
        case "ifchanged":
            let (body, _) = try block(of: piece, until: ["endifchanged"])
            builder.add(.changed(names.arena.keep(keep(body))), isBlank: body.isBlank)
        case "include", "render": builder.add(.partial(names.arena.keep(try TagReader.partial(piece, names))), isBlank: false)
        case "liquid":
            depth += 1
            defer { depth -= 1 }
            guard depth <= limits.depth else { throw .syntax("Blocks stand more than \(limits.depth) deep.", "Move the inner ones into a partial.", line: piece.line) }
            // What is opened in a `liquid` tag is closed in it: its lines are read as a source of their own.
            let (outer, place) = (pieces, index)
            (pieces, index) = (piece.lines(), 0)
            defer { (pieces, index) = (outer, place) }
            if let end = try fill(&builder, until: []) { throw unexpected(end) }
        default: throw unexpected(piece)
        }
    }

    // MARK: - Small tags

    private static func checkComment(_ piece: Piece) throws(TemplateError) {
        for line in piece.bytes.split(separator: 0x0a).dropFirst(piece.bytes.first == 0x0a ? 0 : 1) {
            let text = line.drop(while: Ascii.isBlank)
            guard text.isEmpty || text.first == 0x23 else {
                throw .syntax("A line of a comment does not begin with `#`.", "Begin each line with `#`, or use `{% comment %}`.", line: piece.line)
            }
        }
    }

    private mutating func skipComment(_ piece: Piece) throws(TemplateError) {
        var depth = 1
        while index < pieces.count {
            let next = pieces[index]
            index += 1
            guard next.kind == .tag else { continue }
            if next.name == "comment" { depth += 1 }
            if next.name == "endcomment" { depth -= 1 }
            if depth == 0 { return }
        }
        throw .syntax("`comment` is not closed.", "Write `{% endcomment %}` behind it.", line: piece.line)
    }

    /// The name that a tag gives a value to, quoted or not, and what stands behind it.
    private static func variableName(_ bytes: ArraySlice<UInt8>, line: Int) throws(TemplateError) -> (name: String, rest: ArraySlice<UInt8>) {
        var rest = bytes.drop(while: Ascii.isBlank)
        let quote = rest.first.flatMap { $0 == 0x22 || $0 == 0x27 ? $0 : nil }
        if quote != nil { rest = rest.dropFirst() }
        let name = rest.prefix { $0 == 0x5f || $0 == 0x2d || $0 >= 0x80 || $0 >= 0x30 && $0 <= 0x39 || $0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7a }
        rest = rest[name.endIndex...]
        if quote != nil, rest.first == quote { rest = rest.dropFirst() }
        guard !name.isEmpty, name.first != 0x2d else { throw .syntax("A name is missing.", "A name has letters, digits, `_` and `-`, and does not begin with `-`.", line: line) }
        return (String(decoding: name, as: UTF8.self), rest)
    }

    private func assign(_ piece: Piece) throws(TemplateError) -> Node {
        let (name, rest) = try Self.variableName(piece.bytes, line: piece.line)
        let value = rest.drop(while: Ascii.isBlank)
        guard value.first == 0x3d else { throw .syntax("`assign` has no `=` behind its name.", "Write `{% assign name = value %}`.", line: piece.line) }
        var reader = try ExpressionReader(value.dropFirst(), line: piece.line)
        guard reader.token != .end else { throw reader.unexpected }
        let filtered = try reader.filtered(names)
        try reader.needEnd()
        return .assign(names.declared(name), names.arena.keep(filtered))
    }

    // MARK: - Blocks

    private func test(_ piece: Piece) throws(TemplateError) -> Test {
        names.isTest = true
        defer { names.isTest = false }
        var reader = try ExpressionReader(piece.bytes, line: piece.line)
        let test = try reader.test(names)
        try reader.needEnd()
        return test
    }

    private mutating func branch(_ piece: Piece, _ builder: inout Builder) throws(TemplateError) {
        let ends: Set<String> = ["elsif", "else", "end\(piece.name)"]
        var parts: [(test: Test?, body: Builder)] = []
        var current = piece
        var isElse = false
        repeat {
            // What stands behind `else` is never asked; neither is a second one.
            let test = current.name == "else" ? nil : try test(current)
            let isKept = !isElse
            isElse = isElse || current.name == "else"
            let (body, end) = try block(of: piece, until: ends)
            if isKept { parts.append((test, body)) }
            current = end
        } while current.name != "end\(piece.name)"
        let isBlank = parts.allSatisfy(\.body.isBlank)
        let arms = parts.enumerated().map { index, part in
            Branch.Arm(test: part.test, isNegated: index == 0 && piece.name == "unless", block: keep(part.body, isBlank: isBlank))
        }
        builder.add(.branch(names.arena.keep(Branch(arms: names.arena.keep(arms), line: piece.line))), isBlank: isBlank)
    }

    private mutating func choice(_ piece: Piece, _ builder: inout Builder) throws(TemplateError) {
        names.isTest = true
        var reader = try ExpressionReader(piece.bytes, line: piece.line)
        let subject = try reader.expression(names)
        names.isTest = false
        try reader.needEnd()
        let ends: Set<String> = ["when", "else", "endcase"]
        let header: Builder
        var current: Piece
        (header, current) = try block(of: piece, until: ends)
        var parts: [(values: View<Expression>?, body: Builder)] = []
        while current.name != "endcase" {
            let values = current.name == "else" ? nil : try TagReader.values(of: current, names)
            let (body, end) = try block(of: piece, until: ends)
            parts.append((values, body))
            current = end
        }
        let isBlank = header.isBlank && parts.allSatisfy(\.body.isBlank)
        let arms = parts.map { Choice.Arm(values: $0.values, block: keep($0.body, isBlank: isBlank)) }
        builder.add(.choice(names.arena.keep(Choice(subject: subject, arms: names.arena.keep(arms)))), isBlank: isBlank)
    }

    private mutating func loop(_ piece: Piece, _ builder: inout Builder) throws(TemplateError) {
        let head = try TagReader.loop(piece, names)
        if piece.name == "tablerow" {
            let (body, _) = try block(of: piece, until: ["endtablerow"])
            builder.add(.table(names.arena.keep(ForLoop(head: head, body: keep(body), otherwise: nil, line: piece.line))), isBlank: false)
            return
        }
        let body: Builder
        var end: Piece
        (body, end) = try block(of: piece, until: ["else", "endfor"])
        var otherwise: Builder?
        while end.name == "else" {
            let (next, last) = try block(of: piece, until: ["else", "endfor"])
            if otherwise == nil { otherwise = next }
            end = last
        }
        let isBlank = body.isBlank && otherwise?.isBlank ?? true
        let loop = ForLoop(head: head, body: keep(body, isBlank: isBlank), otherwise: otherwise.map { keep($0, isBlank: isBlank) }, line: piece.line)
        builder.add(.loop(names.arena.keep(loop)), isBlank: isBlank)
    }
}
