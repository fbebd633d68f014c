import Identity
public import Vocabulary

/// An account by name, as lists and trees show it.
public struct AccountName: Sendable, Hashable {
    public let id: String
    public let name: String
}

/// One membership as readers see it.
public struct Membership: Sendable {
    public let account: AccountName
    /// Sorted; empty where nobody said any.
    public let roles: [String]
    public let from: Timestamp
    /// Nil while it lasts.
    public let to: Timestamp?
}

/// A person of an account with their memberships of it, oldest first.
public struct AccountMember: Sendable {
    public let profile: Profile
    public let memberships: [Membership]
    public var isActive: Bool { memberships.last.map { $0.to == nil } ?? false }
}

/// Reads accounts for one purpose, and of their members only the people whose data may be used for it.
public struct AccountReader: Sendable {
    let profiles: ProfileReader
    let accounts: Accounts
    /// Nodes that are looked at in one hold of the lock.
    static let stepNodes = 1024
    /// Children and ancestors that are told by name.
    public static let relativesMaximum = 200

    public init(_ accounts: Accounts, _ profiles: ProfileReader) { (self.accounts, self.profiles) = (accounts, profiles) }

    /// The account's profile, whose traits are the account's; nil where nobody has spoken of it.
    public func account(_ id: String) throws -> Profile? { try profiles.profile(Identifier(.groupId, id)) }

    /// From the top down to the nearest parent, and what lies right below.
    public func relatives(of account: Profile) -> (ancestors: [AccountName], children: [AccountName], childCount: Int) {
        accounts.lock.reading {
            guard let node = account.members.first else { return ([], [], 0) }
            let children = accounts.tree.children(of: node, in: accounts.graph)
            let ancestors = accounts.tree.ancestors(of: node, in: accounts.graph).prefix(AccountReader.relativesMaximum).reversed()
            return (ancestors.map(name), children.prefix(AccountReader.relativesMaximum).map(name), children.count)
        }
    }

    /// Whether the account's own parents lead back to it, so that it stands at the top.
    public func isOnCircle(_ account: Profile) -> Bool {
        accounts.lock.reading { account.members.first.map { !accounts.tree.circle(of: $0, in: accounts.graph).isEmpty } ?? false }
    }

    /// A person's memberships, the newest first.
    ///
    /// - Parameters:
    ///   - asOf: as they stood then: what was said to have been so at or before it.
    public func memberships(of profile: Profile, asOf: Timestamp? = nil) -> [Membership] {
        accounts.lock.reading {
            accounts.spans(of: profile.members, asOf: asOf).filter { !$0.isEntity }.map(membership).sorted { ($0.to == nil ? 1 : 0, $0.from) > ($1.to == nil ? 1 : 0, $1.from) }
        }
    }

    /// What else a person has or had, what lasts first, then the newest.
    public func relations(of profile: Profile, asOf: Timestamp? = nil) -> [(entity: EntityName, membership: Membership)] {
        accounts.lock.reading {
            accounts.spans(of: profile.members, asOf: asOf).filter(\.isEntity).compactMap { span -> (entity: EntityName, membership: Membership)? in
                EntityName(groupId: accounts.graph.identifier(span.account).value).map { ($0, membership(span)) }
            }.sorted { ($0.membership.to == nil ? 1 : 0, $0.membership.from) > ($1.membership.to == nil ? 1 : 0, $1.membership.from) }
        }
    }

    /// People who are or were members, in the order in which they were met.
    ///
    /// - Parameters:
    ///   - after: the `next` of the page before.
    ///   - asOf: as it stood then.
    ///   - activeOnly: only who is a member now, or was at `asOf`.
    /// - Returns: where to go on; nil at the end.
    public func members(of account: Profile, after: ProfileCursor?, limit: Int, asOf: Timestamp? = nil, activeOnly: Bool = false) throws -> (members: [AccountMember], next: ProfileCursor?) {
        guard let node = account.members.first else { return ([], nil) }
        var found: [(member: AccountMember, cursor: ProfileCursor)] = []
        var next = accounts.lock.reading { after.map { $0.node(in: accounts.graph) + 1 } ?? 0 }
        while found.count <= limit {
            let (step, end) = accounts.lock.reading { () -> ([(member: AccountMember, cursor: ProfileCursor)], Node?) in
                let people = accounts.people(of: node)
                let start = Accounts.index(of: next, in: people)
                let nodes = people[start..<min(people.count, start + AccountReader.stepNodes)]
                return (nodes.compactMap { person in member(person, of: node, asOf: asOf).map { ($0, ProfileCursor(person, in: accounts.graph)) } }, start + nodes.count < people.count ? nodes.last : nil)
            }
            for item in step where !activeOnly || item.member.isActive { if try profiles.eligible(item.member.profile) != nil { found.append(item) } }
            guard let end else { break }
            next = end + 1
        }
        let isMore = found.count > limit
        return (found.prefix(limit).map(\.member), isMore ? found[limit - 1].cursor : nil)
    }

    /// Called under the lock; nil for a node whose person a lower one stands for, so that nobody is found twice.
    private func member(_ person: Node, of account: Node, asOf: Timestamp?) -> AccountMember? {
        let members = accounts.graph.members(person)
        if members.contains(where: { $0 < person && accounts.facts[$0]?.contains { accounts.graph.canonical($0.account) == account } ?? false }) { return nil }
        let spans = accounts.spans(of: members, asOf: asOf).filter { $0.account == account }
        guard !spans.isEmpty else { return nil }
        return AccountMember(profile: profiles.join(person), memberships: spans.map(membership))
    }

    /// Accounts whose id or name contains `query` in either case, in the order in which they were met.
    ///
    /// - Parameter type: of things that are kept beside accounts; nil for accounts.
    /// - Returns: where to go on; nil at the end.
    public func search(_ query: String, type: String? = nil, after: ProfileCursor?, limit: Int) throws -> (accounts: [Profile], next: ProfileCursor?) {
        let needle = Needle(query)
        var found: [(profile: Profile, cursor: ProfileCursor)] = []
        var next = accounts.lock.reading { after.map { $0.node(in: accounts.graph) + 1 } ?? 0 }
        while found.count <= limit {
            let (step, end) = accounts.lock.reading { () -> ([(profile: Profile, cursor: ProfileCursor)], Node?) in
                let all = type.map { accounts.entities[$0] ?? [] } ?? accounts.all
                let start = Accounts.index(of: next, in: all)
                let nodes = all[start..<min(all.count, start + AccountReader.stepNodes)]
                return (nodes.filter { !accounts.merged.contains($0) && matches($0, needle) }.map { (profiles.join($0), ProfileCursor($0, in: accounts.graph)) }, start + nodes.count < all.count ? nodes.last : nil)
            }
            for item in step { if try profiles.eligible(item.profile) != nil { found.append(item) } }
            guard let end else { break }
            next = end + 1
        }
        let isMore = found.count > limit
        return (found.prefix(limit).map(\.profile), isMore ? found[limit - 1].cursor : nil)
    }

    public var count: Int { accounts.lock.reading { accounts.all.count - accounts.merged.count { !accounts.isEntity($0) } } }

    // MARK: - Under the lock

    private func matches(_ node: Node, _ needle: Needle) -> Bool {
        if needle.isEmpty { return true }
        var text: [UInt8] = []
        FoldedText.append(accounts.graph.identifier(node).value[...], to: &text)
        text.append(0)
        SearchIndex.append(node, of: accounts.store, to: &text)
        return needle.first(in: text) != nil
    }

    private func name(_ node: Node) -> AccountName { accounts.name(of: node) }

    private func membership(_ span: MembershipSpan) -> Membership {
        Membership(
            account: name(span.account), roles: accounts.roles[span.roles], from: Timestamp(clamping: span.from), to: span.to == .max ? nil : Timestamp(clamping: span.to))
    }
}

extension Accounts {
    func name(of account: Node) -> AccountName {
        let text = graph.identifier(account).text
        let id = EntityName(groupId: Array(text.utf8))?.id ?? text
        let name = store.newest(of: graph.members(account)).values.first { store.traits.key($0.key) == Accounts.nameTrait }.flatMap { JSONText(trusted: Array(store.traits.bytes($0))).string }
        return AccountName(id: id, name: name.flatMap { $0.isEmpty ? nil : $0 } ?? id)
    }
    private static let nameTrait = Array("name".utf8)

    /// As they stood at an instant: facts behind it are not looked at, and what lasted then lasts.
    func spans(of members: [Node], asOf: Timestamp?) -> [MembershipSpan] {
        guard let asOf else { return spans(of: members) }
        return spans(of: members.flatMap { facts[$0] ?? [] }.filter { $0.time <= asOf.milliseconds })
    }
}
