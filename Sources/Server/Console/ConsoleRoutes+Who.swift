import Console
import HTTPTypes
import Identity
import Profiles
import Vocabulary

/// Who is who around one profile: a page that explains, and forms that state and take back.
extension ConsoleRoutes {
    var who: [Route] {
        [
            page("/profiles/{id}/identity", "Who is who around a profile.") { visit in
                let profile = try visit.whoProfile()
                guard profile.id == visit.id else { return Reply(redirect: visit.address("/profiles/\(profile.id)/identity")) }
                return visit.html(try visit.whoPage(profile))
            },
            action("/profiles/{id}/identity", "State who is who, or look at who there would be.") { visit, form in try await visit.state(form) },
            action("/links/{id}/undo", "Take a statement back.") { visit, form in
                let link = try await LinkRoutes.refusing { try await visit.place.undo(visit.id, author: ConsoleRoutes.author) }
                // Back to where the button was, and nowhere else.
                let isProfile = form.text("back").hasPrefix("/profiles/")
                guard isProfile, let one = link.fact.first.first, let profile = try visit.reader.profile(one) else { return visit.done(.linkUndone, at: "/identity") }
                return visit.done(.linkUndone, at: "/profiles/\(profile.id)/identity")
            },
            page("/identity", "The rules of identity, and what was stated.") { visit in visit.html(try visit.rulesPage(visit.place.rules.current.rules)) },
            action("/identity", "Set the rules, or look at what would change.") { visit, form in try await visit.setRules(form) },
        ]
    }
}

extension Visit {
    private static let refusedMaximum = 50

    fileprivate func whoProfile() throws -> Profile {
        guard let profile = try reader.profile(id: id) else { throw ReadRoutes.noProfile }
        return profile
    }

    fileprivate func whoPage(_ profile: Profile) throws -> WhoPage {
        let pages = ProfilePageReader(place: place, reader: reader)
        return WhoPage(
            id: profile.id, name: profile.shownName, identifiers: profile.shownIdentifiers.map { IdentifierLabel($0) }, evidence: try pages.evidence(profile),
            refused: try reader.refusals(of: profile).prefix(Visit.refusedMaximum).map { edge, other in
                WhoPage.Refused(
                    from: IdentifierLabel(reader.identifier(edge.a)), to: IdentifierLabel(reader.identifier(edge.b)), because: IdentityWriting.word(edge.outcome), other: other,
                    timestampMs: try place.log.read(edge.position)?.receivedAt.milliseconds ?? 0)
            },
            links: try place.links.naming(profile.members).reversed().map(row), shared: reader.shared(of: profile).map { IdentifierLabel($0) })
    }

    func row(_ link: Link) -> LinkRow {
        LinkRow(
            id: link.id, kind: link.fact.kind.rawValue, first: link.fact.first.map { IdentifierLabel($0) }, second: link.fact.second.map { IdentifierLabel($0) }, reasons: link.fact.reasons,
            author: link.fact.author, rule: link.fact.rule, probability: link.fact.probability, atMs: link.at.milliseconds, isUndone: link.undo != nil, isInForce: link.isInForce)
    }

    fileprivate func state(_ form: Form) async throws -> Reply {
        let profile = try whoProfile()
        let kind = form.text("kind")
        let typed = WhoPage.Typed(kind: kind, chosen: Set(form.all("part").compactMap { Int($0) }), other: form.text("other").trimmed, reason: form.text("reason").trimmed)
        do {
            let fact = try fact(typed, of: profile)
            if form["look"] != nil {
                var page = try whoPage(profile)
                page.typed = typed
                page.preview = try await LinkRoutes.outcome(of: fact, in: place).map {
                    WhoPage.Person(name: $0.shownName, identifiers: $0.shownIdentifiers.map { IdentifierLabel($0) }, events: reader.eventCount(of: $0))
                }
                return html(page, at: "/profiles/\(profile.id)/identity", status: .ok)
            }
            let link = try await LinkRoutes.refusing { try await place.link(fact) }
            let after = try link.fact.second.first.flatMap { try reader.profile($0) } ?? profile
            return done(.linkStated, at: "/profiles/\(after.id)/identity")
        } catch let refusal as Refusal where refusal.explanation.code.hasPrefix("link.") || refusal.explanation.code == "profile.unknown" {
            var page = try whoPage(profile)
            page.typed = typed
            page.problem = ConsoleProblem(refusal.explanation)
            return html(page, at: "/profiles/\(profile.id)/identity")
        }
    }

    private func fact(_ typed: WhoPage.Typed, of profile: Profile) throws -> LinkFact {
        let reasons = typed.reason.isEmpty ? [] : [String(typed.reason.prefix(Visit.reasonMaximum))]
        let own = profile.shownIdentifiers
        if typed.kind == "unmerge" {
            let chosen = own.indices.filter(typed.chosen.contains)
            return LinkFact(.unmerge, chosen.map { own[$0] }, own.indices.filter { !typed.chosen.contains($0) }.map { own[$0] }, reasons: reasons, author: ConsoleRoutes.author)
        }
        guard let kind = LinkFact.Kind(rawValue: typed.kind), kind != .undo else { throw Visit.gone }
        guard let other = try other(typed.other) else { throw ReadRoutes.noProfile }
        guard other.id != profile.id else { throw LinkRoutes.refusal(.onePersonAlready) }
        let (first, second) = (own, other.shownIdentifiers)
        return kind == .never
            ? LinkFact(kind, first, second, reasons: reasons, author: ConsoleRoutes.author)
            : LinkFact(kind, Array(first.prefix(1)), Array(second.prefix(1)), reasons: reasons, author: ConsoleRoutes.author)
    }
    private static let reasonMaximum = 500

    /// A profile by its id, by `userId:ada`, or by an identifier of any kind.
    private func other(_ text: String) throws -> Profile? {
        if let profile = try reader.profile(id: text) { return profile }
        let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
        if parts.count == 2, let namespace = IdentifierNamespace(name: parts[0]), let profile = try reader.profile(Identifier(namespace, parts[1])) { return profile }
        return try IdentifierNamespace.allCases.lazy.compactMap { try reader.profile(Identifier($0, text)) }.first
    }
}
