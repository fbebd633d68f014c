import Console
import Profiles
import Segments
import Vocabulary

/// Accounts: the list and one of them.
extension ConsoleRoutes {
    private static let rowsMaximum = 50

    var accounts: [Route] {
        [
            page("/accounts", "Every account.") { visit in
                let query = (visit.query("q") ?? "").trimmed
                let after = visit.query("after").flatMap(ProfileCursor.init(text:))
                let place = visit.place
                return visit.html(try await server.heavy.run {
                    let (accounts, next) = try place.accountReader.search(query, after: after, limit: ConsoleRoutes.rowsMaximum)
                    let counts = try place.memberCounts(of: accounts)
                    let rows = accounts.map { account in
                        let (count, last) = (counts[account.accountId], account.lastSeen?.milliseconds ?? 0)
                        return AccountsPage.Row(id: account.accountId, name: account.displayName, members: count?.members ?? 0, activeMembers: count?.active ?? 0, lastSeenMs: last)
                    }
                    return AccountsPage(rows: rows, query: query, next: next?.text, total: query.isEmpty ? place.accountReader.count : nil)
                })
            },
            page("/accounts/{id}", "One account.") { visit in
                let (place, id, after) = (visit.place, visit.id, visit.query("after").flatMap(ProfileCursor.init(text:)))
                let base = visit.address("")
                return visit.html(try await server.heavy.run { try place.accountPage(id, after: after, base: base) })
            },
        ]
    }
}

extension Workspace {
    private static let shownEvents = 25
    private static let shownMembers = 50

    fileprivate func accountPage(_ id: String, after: ProfileCursor?, base: String) throws -> AccountPage {
        let reader = accountReader
        guard let account = try reader.account(id) else { throw AccountRoutes.unknown }
        let relatives = reader.relatives(of: account)
        let rollup = try rollup(of: id, asOf: nil, newest: Workspace.shownEvents)
        let members = try reader.members(of: account, after: after, limit: Workspace.shownMembers)
        let rows = members.members.flatMap { member in
            member.memberships.reversed().map { membership in
                MembershipRow(
                    name: member.profile.shownName, address: "\(base)/profiles/\(member.profile.id)", roles: membership.roles, fromMs: membership.from.milliseconds,
                    toMs: membership.to?.milliseconds)
            }
        }
        return AccountPage(
            id: id, name: account.displayName, profileID: account.id, traits: account.traits.filter { !$0.value.isNull }.map { ($0.name, $0.value.text) },
            ancestors: relatives.ancestors.map(link), children: relatives.children.map(link), childCount: relatives.childCount, isOnCircle: reader.isOnCircle(account),
            rollup: AccountPage.Rollup(
                members: rollup.memberCount, activeMembers: rollup.activeCount, events: rollup.eventCount, revenue: Double(rollup.revenue.description) ?? 0,
                lastEventMs: rollup.lastEvent?.milliseconds),
            members: rows, nextMembers: members.next?.text, events: try log.read(rollup.newest).filter { !$0.event.isErased }.map { try event($0.event) })
    }

    private func link(_ account: AccountName) -> AccountPage.Link { AccountPage.Link(id: account.id, name: account.name) }

    private func event(_ event: EventView) throws -> AccountPage.Event {
        let identifier = event.text(.userId).map { Identifier(.userId, $0) } ?? event.text(.anonymousId).map { Identifier(.anonymousId, $0) }
        let person = try identifier.flatMap { try profiles.reader(for: .service).profile($0) }
        return AccountPage.Event(
            type: event.type.name, name: event.title, summary: EventSummary.line(event), timestampMs: event.timestamp.milliseconds,
            person: person?.shownName ?? identifier?.text ?? "", profileID: person?.id)
    }
}
