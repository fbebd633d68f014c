/// Reads what stands behind the names of the longer tags.
enum TagReader {
    /// `when a, b or c`. What stands behind the last value is left unread, as in Liquid.
    static func values(of piece: Piece, _ names: Names) throws(TemplateError) -> View<Expression> {
        names.isTest = true
        defer { names.isTest = false }
        var reader = try ExpressionReader(piece.bytes, line: piece.line)
        var values = [try reader.expression(names)]
        while true {
            let isComma = try reader.take(",")
            let isOr = isComma ? false : try reader.take(word: "or")
            guard isComma || isOr else { return names.arena.keep(values) }
            values.append(try reader.expression(names))
        }
    }

    static func loop(_ piece: Piece, _ names: Names) throws(TemplateError) -> LoopHead {
        var reader = try ExpressionReader(piece.bytes, line: piece.line)
        let variable = try reader.word()
        guard try reader.take(word: "in") else { throw reader.failure("`\(piece.name)` has no `in` behind its variable.", "Write `{% \(piece.name) item in list %}`.") }
        let start = reader.start
        let collection = try reader.expression(names)
        let text = reader.written(from: start)
        _ = names.declared(variable)
        _ = names.declared(piece.name == "for" ? "forloop" : "tablerowloop")
        var head = LoopHead(variable: names.slot(variable), name: names.arena.keep("\(variable)-\(text)"), collection: collection)
        while true {
            if try reader.take(",") { continue }
            guard case .word(let word) = reader.token else { break }
            try reader.advance()
            if word == "reversed", piece.name == "for" {
                head.isReversed = true
                continue
            }
            try reader.need(":")
            switch word {
            case "limit": head.limit = try reader.expression(names)
            case "offset":
                if reader.token == .word("continue") {
                    try reader.advance()
                    head.continues = true
                    names.hasContinuedLoops = true
                } else { head.offset = try reader.expression(names) }
            case "cols" where piece.name == "tablerow": head.columns = try reader.expression(names)
            default: throw reader.failure("`\(piece.name)` takes nothing called `\(word)`.", piece.name == "for" ? "It takes `reversed`, `limit:` and `offset:`." : "It takes `cols:`, `limit:` and `offset:`.")
            }
        }
        try reader.needEnd()
        return head
    }

    static func cycle(_ piece: Piece, _ names: Names) throws(TemplateError) -> Cycle {
        var reader = try ExpressionReader(piece.bytes, line: piece.line)
        var start = reader.start
        var group: Expression?
        var items = [try reader.expression(names)]
        if try reader.take(":") {
            group = items[0]
            start = reader.start
            items = [try reader.expression(names)]
        }
        while try reader.take(",") {
            if reader.token == .end { break }
            items.append(try reader.expression(names))
        }
        try reader.needEnd()
        return Cycle(group: group, slot: names.slot(" " + reader.written(from: start)), items: names.arena.keep(items))
    }

    static func partial(_ piece: Piece, _ names: Names) throws(TemplateError) -> PartialCall {
        var reader = try ExpressionReader(piece.bytes, line: piece.line)
        let isIsolated = piece.name == "render"
        var name = Expression.literal(.null)
        var alias: String?
        var snippet: Int?
        if isIsolated, case .word(let word) = reader.token {
            // A snippet may stand in a partial that is included before.
            guard names.snippets.contains(word) || !names.partials.isEmpty else {
                throw reader.failure("There is no snippet `\(word)` before this.", "Write the name of a partial in quotes, `{% render '\(word)' %}`, or a `{% snippet \(word) %}` before it.")
            }
            try reader.advance()
            snippet = names.slot(word)
            alias = word
        } else {
            name = try reader.expression(names)
            if case .literal(.text(let text)) = name {
                names.partials.insert(text.string)
                // An `include` without a value of its own reads the variable that is called like it.
                alias = PartialCall.alias(of: text.string)
            } else {
                guard !isIsolated else { throw reader.failure("`render` takes the name of a partial in quotes, or of a snippet.", "Write `{% render 'name' %}`.") }
                names.hasComputedPartials = true
            }
        }
        var binding = PartialCall.Binding.none
        if case .word(let word) = reader.token, word == "with" || word == "for" {
            try reader.advance()
            let value = try reader.expression(names)
            binding = word == "for" ? .each(value) : .one(value)
            if try reader.take(word: "as") { alias = try reader.word() }
        }
        let slot = alias.map(names.declared)
        _ = try reader.take(",")
        var arguments: [PartialCall.Argument] = []
        while case .word(let key) = reader.token {
            try reader.advance()
            try reader.need(":")
            let value = try reader.expression(names)
            arguments.append(PartialCall.Argument(slot: names.declared(key), value: value))
            _ = try reader.take(",")
        }
        try reader.needEnd()
        return PartialCall(name: name, snippet: snippet, isIsolated: isIsolated, binding: binding, alias: slot, arguments: names.arena.keep(arguments), line: piece.line)
    }
}

extension PartialCall {
    /// What a partial calls its value where nobody says otherwise.
    static func alias(of name: String) -> String { name.split(separator: "/").last.map(String.init) ?? name }
}
