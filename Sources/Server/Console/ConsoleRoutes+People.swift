import Console
import HTTPTypes
import Identity
import Profiles
import Vocabulary

/// Profiles: the list, one person, and forgetting one.
extension ConsoleRoutes {
    private static let rowsMaximum = 50

    var people: [Route] {
        [
            page("/profiles", "Everyone we know.") { visit in
                let query = (visit.query("q") ?? "").trimmed
                let isMerged = visit.query("merged") == "1"
                let after = visit.query("after").flatMap(ProfileCursor.init(text:))
                let found = try visit.people(visit.reader, query, after: after, limit: ConsoleRoutes.rowsMaximum, isMerged: isMerged)
                let total = query.isEmpty && !isMerged ? visit.place.profiles.totals().people : nil
                return visit.html(ProfilesPage(rows: found.rows, query: query, next: found.next?.text, total: total, isMergedOnly: isMerged))
            },
            page("/profiles/{id}", "One person.") { visit in
                let reader = visit.reader
                guard let profile = try reader.profile(id: visit.id) else { throw ReadRoutes.noProfile }
                // A merge gives both people's pages one address.
                guard profile.id == visit.id else { return Reply(redirect: visit.address("/profiles/\(profile.id)")) }
                let asOf = visit.milliseconds("as_of").map { Timestamp(clamping: $0) }
                let computed = try await visit.call.computed(profile, asOf: asOf)
                return visit.html(try ProfilePageReader(place: visit.place, reader: reader, language: visit.frame.language).page(
                    profile, asOf: asOf, before: visit.query("after").flatMap { LogPosition($0) }, computed: computed))
            },
            page("/profiles/{id}/why", "Why a person is in a segment or is not.") { visit in
                guard let profile = try visit.reader.profile(id: visit.id) else { throw ReadRoutes.noProfile }
                guard profile.id == visit.id else {
                    return Reply(redirect: visit.address("/profiles/\(profile.id)/why") + (visit.query("segment").map { "?segment=\(PercentCoding.encode($0))" } ?? ""))
                }
                return visit.html(try await visit.reasonPage(profile))
            },
            action("/profiles/{id}/erase", "Forget a person everywhere.") { visit, form in
                let reader = visit.reader
                guard let profile = try reader.profile(id: visit.id), let identifier = profile.identifiers.first else { throw ReadRoutes.noProfile }
                let page = try ProfilePageReader(place: visit.place, reader: reader, language: visit.frame.language).page(profile, asOf: nil, before: nil)
                guard form.confirms(page.shownName(visit.frame)) else { return visit.done(.nameDiffers, at: "/profiles/\(profile.id)") }
                guard try await visit.place.erase(identifier, suppress: false, at: visit.now) != nil else { throw ReadRoutes.noProfile }
                return visit.done(.personErased, at: "/profiles")
            },
        ]
    }
}

extension Profile {
    /// What the person is called by themselves; nil for someone who is known by an identifier only.
    var ownName: String? {
        let shown = displayName
        return shown == id || identifiers.contains { $0.namespace != .email && $0.text == shown } ? nil : shown
    }
}

extension Profile {
    /// What people recognise first: a device's id says the least.
    private static let order: [IdentifierNamespace] = [.userId, .groupId, .email, .externalId, .anonymousId]
    var shownIdentifiers: [Identifier] { Profile.order.flatMap { namespace in identifiers.filter { $0.namespace == namespace } } }
    var shownName: String { ownName ?? shownIdentifiers.first?.text ?? id }
}

extension IdentifierLabel {
    /// One of a type that the rules add is shown under that type.
    init(_ identifier: Identifier) {
        let parts = identifier.text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        if identifier.namespace == .externalId, parts.count == 2 {
            self.init(type: parts[0], value: parts[1])
        } else {
            self.init(type: identifier.namespace.name, value: identifier.text)
        }
    }
}

extension Visit {
    func row(_ profile: Profile, _ reader: ProfileReader) -> ProfilesPage.Row {
        let last = profile.lastSeen?.milliseconds ?? 0
        return ProfilesPage.Row(
            id: profile.id, name: profile.ownName, identifiers: profile.shownIdentifiers.map { IdentifierLabel($0) }, firstSeenMs: profile.firstSeen?.milliseconds ?? last,
            lastSeenMs: last, events: reader.eventCount(of: profile))
    }

    /// Whoever has exactly this identifier stands first; then everyone in whose names it occurs.
    func people(_ reader: ProfileReader, _ query: String, after: ProfileCursor?, limit: Int, isMerged: Bool) throws -> (rows: [ProfilesPage.Row], next: ProfileCursor?) {
        let found = try reader.search(query, after: after, limit: limit, isMerged: isMerged)
        var profiles = found.profiles
        if after == nil, !isMerged, !query.isEmpty {
            let exact = try IdentifierNamespace.allCases.compactMap { try reader.profile(Identifier($0, query)) }
            for profile in exact.reversed() {
                profiles.removeAll { $0.id == profile.id }
                profiles.insert(profile, at: 0)
            }
        }
        return (profiles.map { row($0, reader) }, found.next)
    }
}
