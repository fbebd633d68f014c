import Console
import HTTPTypes
import Identity
import Vocabulary

/// The editor of the rules of identity.
extension Visit {
    private static let linksMaximum = 50

    func rulesPage(_ rules: IdentityRules) throws -> IdentityRulesPage {
        let types = rules.types.map { type in
            IdentityRulesPage.TypeRow(
                name: type.name, use: type.use.rawValue, limit: type.limit.map { String($0) } ?? "", window: type.window.rawValue, sharedBy: type.sharedBy.map { String($0) } ?? "",
                paths: type.paths.joined(separator: ", "))
        }
        return try rulesPage(types, blocked: rules.blocked.map { ($0.type.map { $0 + "=" } ?? "") + $0.value }.joined(separator: "\n"))
    }

    private func rulesPage(_ types: [IdentityRulesPage.TypeRow], blocked: String) throws -> IdentityRulesPage {
        let current = place.rules.current
        return IdentityRulesPage(
            types: types, blocked: blocked, version: Int(current.number), author: current.author, atMs: current.at?.milliseconds,
            resolvingPercent: place.resolving.map { $0.of == 0 ? 0 : Int($0.done * 100 / $0.of) }, links: try place.links.newest(before: nil, limit: Visit.linksMaximum).map(row))
    }

    func setRules(_ form: Form) async throws -> Reply {
        let (types, blocked) = Visit.typed(form)
        do {
            let rules = try IdentityRules(Visit.json(types, blocked: blocked))
            guard form["look"] != nil else {
                _ = try place.set(rules, author: ConsoleRoutes.author)
                return done(.rulesSet, at: "/identity")
            }
            var page = try rulesPage(rules)
            page.difference = Visit.difference(try await place.difference(to: rules))
            return html(page, at: "/identity", status: .ok)
        } catch let refusal as Refusal where refusal.explanation.code.hasPrefix("identity.") {
            var page = try rulesPage(types, blocked: blocked)
            page.problem = ConsoleProblem(refusal.explanation)
            return html(page, at: "/identity")
        }
    }

    private static func difference(_ difference: IdentityDifference) -> IdentityRulesPage.Difference {
        func labels(_ people: [[Identifier]]) -> [[IdentifierLabel]] { people.map { $0.map { IdentifierLabel($0) } } }
        return IdentityRulesPage.Difference(
            before: difference.profilesBefore, after: difference.profilesAfter, joining: difference.joining, parting: difference.parting, shared: difference.shared,
            samples: difference.samples.map { IdentityRulesPage.Difference.Sample(before: labels($0.before), after: labels($0.after)) })
    }

    private static func typed(_ form: Form) -> (types: [IdentityRulesPage.TypeRow], blocked: String) {
        var types: [IdentityRulesPage.TypeRow] = []
        for number in 0...IdentityRules.typesMaximum {
            let name = form.text("name-\(number)").trimmed
            guard !name.isEmpty else { continue }
            types.append(IdentityRulesPage.TypeRow(
                name: name, use: form.text("use-\(number)"), limit: form.text("limit-\(number)").trimmed, window: form.text("window-\(number)"),
                sharedBy: form.text("shared-\(number)").trimmed, paths: form.text("paths-\(number)").trimmed))
        }
        return (types, form.text("blocked"))
    }

    /// The document as the form says it; what is no number stays text, so that it is refused with its place.
    private static func json(_ types: [IdentityRulesPage.TypeRow], blocked: String) -> JSONText {
        func number(_ key: String, _ text: String, _ w: inout JSONWriter) {
            w.key(key)
            if text.isEmpty { w.null() } else if let number = Int(text) { w.number(number) } else { w.string(text) }
        }
        let names = Set(types.map(\.name))
        var w = JSONWriter()
        w.object { w in
            w.key("types")
            w.array { w in
                for type in types {
                    w.object { w in
                        w.member("name", type.name)
                        w.member("use", type.use)
                        number("limit", type.limit, &w)
                        w.member("window", type.window)
                        number("sharedBy", type.sharedBy, &w)
                        w.key("paths")
                        w.array { w in for path in type.paths.split(separator: ",") { w.string(String(path).trimmed) } }
                    }
                }
            }
            w.key("blocked")
            w.array { w in
                for line in blocked.split(whereSeparator: \.isNewline) where !String(line).trimmed.isEmpty {
                    let parts = String(line).trimmed.split(separator: "=", maxSplits: 1).map(String.init)
                    w.object {
                        if parts.count == 2, names.contains(parts[0]) { $0.member("type", parts[0]) }
                        $0.member("value", parts.count == 2 && names.contains(parts[0]) ? parts[1] : String(line).trimmed)
                    }
                }
            }
        }
        return w.text
    }
}
