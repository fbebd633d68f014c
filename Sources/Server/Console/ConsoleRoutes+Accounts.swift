import Console
import Identity
import Profiles
import Segments
import Vocabulary

/// Accounts: the list and one of them.
extension ConsoleRoutes {
    var accounts: [Route] {
        [
            page("/accounts", "Every account.") { visit in
                let (query, condition) = ((visit.query("q") ?? "").trimmed, (visit.query("where") ?? "").trimmed)
                let after = visit.query("after").flatMap(ProfileCursor.init(text:))
                let place = visit.place
                guard !condition.isEmpty else { return visit.html(try await server.heavy.run { try place.accountsPage(query, after: after) }) }
                do {
                    let asked = try visit.call.accountCondition(text: condition)
                    return visit.html(try await server.heavy.run { try place.accountsPage(satisfying: asked, typed: condition) })
                } catch let refusal as Refusal where refusal.status == 400 || refusal.status == 404 {
                    return visit.html(AccountsPage(rows: [], condition: condition, saved: place.savedAccountSegments, problem: ConsoleProblem(refusal.explanation)), status: .unprocessableContent)
                }
            },
            action("/accounts/segments", "Keep a condition on accounts under a name.") { visit, form in
                let (name, text) = (form.name(), form.text("where").trimmed)
                let condition = try visit.call.accountCondition(text: text)
                guard !name.isEmpty, name.utf8.count <= ConsoleRoutes.nameMaximum else { throw Refusal(400, "request.name", "A name has 1 to 200 bytes.", remedy: "Choose another.") }
                guard try visit.place.accountSegments.save(id: AccountSegmentRoutes.newID(), name: name, condition: condition, author: ConsoleRoutes.author, at: visit.now) != nil else {
                    throw AccountSegmentRoutes.tooMany
                }
                return visit.done(.accountSegmentSaved, at: "/accounts")
            },
            action("/accounts/segments/{id}/delete", "Delete an account segment.") { visit, _ in
                guard try visit.place.accountSegments.delete(visit.id, author: ConsoleRoutes.author, at: visit.now) else { throw Visit.gone }
                return visit.done(.accountSegmentDeleted, at: "/accounts")
            },
            page("/accounts/duplicates", "Accounts that may be one company.") { visit in try await server.heavy.run { visit.html(try visit.companyPairsPage()) } },
            action("/accounts/duplicates", "Answer whether two accounts are one company.") { visit, form in
                let answers: [String: (LinkFact.Kind, Frame.Notice.Action)] = ["same": (.merge, .companySame), "different": (.never, .companyDifferent)]
                guard let (kind, notice) = answers[form.text("answer")] else { throw Visit.gone }
                do {
                    _ = try await visit.place.answer(form.text("first"), form.text("second"), kind, author: ConsoleRoutes.author)
                } catch let refusal as Refusal where refusal.status < 500 {
                    return visit.done(.reviewGone, at: "/accounts/duplicates")
                }
                return visit.done(notice, at: "/accounts/duplicates")
            },
            page("/accounts/{id}", "One account.") { visit in
                let (place, id, after) = (visit.place, visit.id, visit.query("after").flatMap(ProfileCursor.init(text:)))
                let base = visit.address("")
                return visit.html(try await server.heavy.run { try place.accountPage(id, after: after, base: base) })
            },
        ]
    }
}

extension Visit {
    private static let shownPairs = 20

    fileprivate func companyPairsPage() throws -> CompanyPairsPage {
        func side(_ account: Profile) -> CompanyPairsPage.Side { CompanyPairsPage.Side(id: account.accountId, name: account.displayName) }
        return CompanyPairsPage(pairs: try place.companyPairs(limit: Visit.shownPairs).map { pair in
            CompanyPairsPage.Pair(
                first: side(pair.first), second: side(pair.second), permille: Int((pair.probability * 1000).rounded()),
                reasons: pair.reasons.map { ReviewPage.Reason(words: $0.words(in: frame.language.rawValue), bits: $0.bits) })
        })
    }
}

extension Workspace {
    private static let shownAccounts = 50
    private static let shownEvents = 25
    private static let shownMembers = 50

    fileprivate var savedAccountSegments: [AccountsPage.Saved] { accountSegments.all.map { AccountsPage.Saved(id: $0.id, name: $0.name, text: $0.condition.text) } }

    fileprivate func accountsPage(_ query: String, after: ProfileCursor?) throws -> AccountsPage {
        let (accounts, next) = try accountReader.search(query, after: after, limit: Workspace.shownAccounts)
        return AccountsPage(rows: try rows(accounts), query: query, next: next?.text, total: query.isEmpty ? accountReader.count : nil, saved: savedAccountSegments)
    }

    fileprivate func accountsPage(satisfying condition: AccountCondition, typed: String) throws -> AccountsPage {
        let answer = try AccountSegmentRoutes.ask(condition, at: Moment(asOf: Timestamp(clamping: Clock.now().milliseconds + 1)), self)
        let accounts = try answer.ids.prefix(Workspace.shownAccounts).compactMap { try accountReader.account($0) }
        return AccountsPage(rows: try rows(accounts), condition: typed, found: answer.ids.count, saved: savedAccountSegments)
    }

    private func rows(_ accounts: [Profile]) throws -> [AccountsPage.Row] {
        let counts = try memberCounts(of: accounts)
        return accounts.map { account in
            let (count, last) = (counts[account.accountId], account.lastSeen?.milliseconds ?? 0)
            return AccountsPage.Row(id: account.accountId, name: account.displayName, members: count?.members ?? 0, activeMembers: count?.active ?? 0, lastSeenMs: last)
        }
    }

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
