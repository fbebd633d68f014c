public import Vocabulary

/// A person's memberships, by which each of their events is told its context.
public struct PersonContexts: Sendable {
    let spans: [MembershipSpan]
    let accounts: Accounts

    /// Whether an event was done as a member of an account, by the rules of ``Swift/Array/context(at:)``.
    public func holds(_ event: EventView, _ account: String) -> Bool {
        let wanted = accounts.find([account], andBelow: false)
        if let named = event.json(.context)?["groupId"] { return !wanted.isEmpty && named.string.map { accounts.find([$0], andBelow: false) == wanted } ?? false }
        let time = event.type == .identify ? event.statedAt : event.timestamp
        guard let node = spans.context(at: time.milliseconds) else { return false }
        return wanted == [node]
    }
}

extension AccountReader {
    public func contexts(of profile: Profile) -> PersonContexts { PersonContexts(spans: accounts.lock.reading { accounts.spans(of: profile.members) }, accounts: accounts) }
}
