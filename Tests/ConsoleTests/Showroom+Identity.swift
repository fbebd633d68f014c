@testable import Console

extension Showroom {
    private var linkRows: [LinkRow] {
        ["merge", "always", "never", "unmerge"].enumerated().map { number, kind in
            LinkRow(
                id: text, kind: kind, first: [label, label, label, label], second: [label], reasons: [text, text], author: text, rule: number == 0 ? text : nil, probability: number == 0 ? 0.934 : nil, atMs: 0,
                isUndone: number == 1, isInForce: number > 1)
        }
    }

    var identityPages: [(name: String, html: String)] {
        let who = WhoPage(
            id: text, name: text, identifiers: [label, label], evidence: profile.evidence,
            refused: ["two-users", "kept-apart", "taken", "limit", "set-apart"].map { WhoPage.Refused(from: label, to: label, because: $0, other: text, timestampMs: 0) }, links: linkRows, shared: [label],
            typed: WhoPage.Typed(kind: "unmerge", chosen: [1], other: text, reason: text), preview: [WhoPage.Person(name: text, identifiers: [label], events: 1)], problem: problem)
        let alone = WhoPage(id: text, name: text, identifiers: [label], evidence: [], refused: [], links: [], shared: [])
        let types = [
            IdentityRulesPage.TypeRow(name: text, use: "join", limit: text, window: "year", sharedBy: text, paths: text),
            IdentityRulesPage.TypeRow(name: "userId", use: "join", limit: "1", window: "ever", sharedBy: "", paths: ""),
        ]
        let difference = IdentityRulesPage.Difference(
            before: 1, after: 2, joining: 3, parting: 4, shared: 5, samples: [.init(before: [[label], [label]], after: [[IdentifierLabel](repeating: label, count: 8)])])
        let rules = IdentityRulesPage(types: types, blocked: text, version: 3, author: text, atMs: 0, resolvingPercent: 40, difference: difference, problem: problem, links: linkRows)
        let usual = IdentityRulesPage(types: types, blocked: "", version: 0, author: "", atMs: nil, resolvingPercent: nil, links: [])
        return [("who is who", who.render(frame)), ("who is who, alone", alone.render(frame)), ("rules of identity", rules.render(frame)), ("rules of identity, usual", usual.render(frame))]
    }
}
