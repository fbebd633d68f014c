import Console
import Profiles
import Vocabulary

/// The rules by which a trait's statement counts.
extension ConsoleRoutes {
    var survivorship: [Route] {
        [
            page("/survivorship", "The rules of traits.") { visit in visit.html(visit.survivorshipPage()) },
            action("/survivorship", "Set the rule of a trait.") { visit, form in try await visit.setRule(form) },
        ]
    }
}

extension Visit {
    private func name(_ source: String) -> String { place.sources.source(id: source)?.name ?? source }

    fileprivate func survivorshipPage() -> SurvivorshipPage {
        let policy = place.survivorship.standard
        let rows = policy.rules.sorted { $0.key < $1.key }.map { SurvivorshipPage.Row(trait: $0.key, rule: $0.value.kind.rawValue, sources: $0.value.sources.map(name)) }
        return SurvivorshipPage(rows: rows, sources: place.sources.all.map(\.name), version: Int(policy.version))
    }

    fileprivate func setRule(_ form: Form) async throws -> Reply {
        let typed = (trait: form.text("trait").trimmed, rule: form.text("rule").trimmed, sources: form.text("sources").trimmed)
        do {
            // Names as people know them, or ids.
            let sources = typed.sources.split(separator: ",").map { String($0).trimmed }.filter { !$0.isEmpty }.map { place.sources.source(named: $0)?.id ?? $0 }
            var rules = place.survivorship.standard.rules
            rules[typed.trait] = try SurvivorshipRoutes.rule(typed.rule, sources, of: typed.trait)
            guard rules.count <= SurvivorshipPolicy.rulesMaximum else { throw Refusal(400, "survivorship.too-many", "A policy has at most \(SurvivorshipPolicy.rulesMaximum) rules.", remedy: "Set some back to the latest statement.") }
            _ = try await place.saveSurvivorship(SurvivorshipPolicy.standard, rules, author: ConsoleRoutes.author)
            return done(.ruleSaved, at: "/survivorship")
        } catch let refusal as Refusal where refusal.status == 400 {
            var page = survivorshipPage()
            (page.typed, page.problem) = (typed, ConsoleProblem(refusal.explanation))
            return html(page, at: "/survivorship")
        }
    }
}
