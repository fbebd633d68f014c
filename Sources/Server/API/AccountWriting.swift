import HTTPTypes
import Profiles
import Segments
import Vocabulary

/// How accounts and memberships are written, and their shapes.
extension AccountRoutes {
    private static let head: Members = ["id": .described("Its groupId.", .text), "profileId": .text, "name": .text]
    private static let name = Shape.named("AccountName", .object(["id": .text, "name": .text]))

    static let summary = Shape.named(
        "AccountSummary",
        .object(Members(list: head.list + [
            ("members", .described("People who are or were members of it itself; who objects to analytics is left out.", .integer)), ("activeMembers", .integer),
            ("firstSeen", .orNull(.time)), ("lastSeen", .orNull(.time)),
        ])))

    static let account = Shape.named(
        "Account",
        .object(Members(list: head.list + [
            ("traits", .anyObject), ("ancestors", .described("From the top down to its parent.", .list(name))), ("children", .described("The first 200 right below it.", .list(name))),
            ("childCount", .integer), ("isOnCircle", .described("Whether its own parents lead back to it, so that it stands at the top.", .boolean)),
            ("firstSeen", .orNull(.time)), ("lastSeen", .orNull(.time)),
            ("rollUp", .described("Of everyone who is or was a member of it or of an account below it, and what they did as such.", .object([
                "members": .integer, "activeMembers": .integer, "events": .integer, "revenue": .described("Of completed orders: `revenue`, else `total`.", .number), "lastEvent": .orNull(.time),
            ]))),
            ("asOf", .optional(.time)),
        ])))

    static let membership = Shape.named("Membership", .object(["account": name, "roles": .list(.text), "from": .time, "to": .described("Null while it lasts.", .orNull(.time))]))
    static let memberships = Shape.object(["memberships": .list(membership)])
    static let member = Shape.named("AccountMember", .object(["profileId": .text, "name": .text, "active": .boolean, "memberships": .list(membership)]))

    static func writeHead(_ account: Profile, _ w: inout JSONWriter) {
        w.member("id", account.accountId)
        w.member("profileId", account.id)
        w.member("name", account.displayName)
    }

    static func write(_ rollup: AccountRollup, _ w: inout JSONWriter) {
        w.object { w in
            w.member("members", rollup.memberCount)
            w.member("activeMembers", rollup.activeCount)
            w.member("events", rollup.eventCount)
            w.key("revenue")
            w.raw(rollup.revenue.description.utf8)
            w.member("lastEvent", rollup.lastEvent)
        }
    }

    static func write(_ memberships: [Membership], _ w: inout JSONWriter) {
        w.array { w in
            for membership in memberships {
                w.object { w in
                    w.key("account")
                    w.object { $0.member("id", membership.account.id); $0.member("name", membership.account.name) }
                    w.key("roles")
                    w.array { w in for role in membership.roles { w.string(role) } }
                    w.member("from", membership.from)
                    w.member("to", membership.to)
                }
            }
        }
    }

    static func write(_ memberships: [Membership], _ status: HTTPResponse.Status) -> Reply {
        Reply(status: status) { w in
            w.object { w in
                w.key("memberships")
                write(memberships, &w)
            }
        }
    }
}

extension Profile {
    /// Of an account, the id that calls name it by.
    var accountId: String { identifiers.first { $0.namespace == .groupId }?.text ?? "" }
}

extension Workspace {
    var accountReader: AccountReader { AccountReader(accounts, profiles.reader(for: .service)) }

    /// What the members of an account and of those below it come to; called on a thread for heavy reads.
    func rollup(of account: String, asOf: Timestamp?, newest: Int = 0, before: LogPosition? = nil) throws -> AccountRollup {
        // What happens in this millisecond has happened.
        let moment = Moment(asOf: asOf ?? Timestamp(clamping: Clock.now().milliseconds + 1))
        return try engine.question(at: moment, in: engine.view(), segments: { _ in nil }).rollup(of: MembershipPattern(accounts: [account], isTree: true), newest: newest, before: before)
    }

    /// Who is or was a member of each account itself, by its id.
    func memberCounts(of accounts: [Profile]) throws -> [String: (members: Int, active: Int)] {
        let question = try engine.question(at: Moment(asOf: Timestamp(clamping: Clock.now().milliseconds + 1)), in: engine.view(), segments: { _ in nil })
        return question.memberCounts(of: accounts.map(\.accountId))
    }
}
