extension Phrases {
    /// As `account “acme” where industry is “Retail”`.
    func account(_ pattern: MembershipPattern) -> String {
        if let type = pattern.type {
            let thing = pattern.accounts.isEmpty ? quoted(type) : "\(quoted(type)) \(list(pattern.accounts.map(quoted), "or"))"
            return pattern.filter.map { self("where", ["event": thing, "filter": filter($0)]) } ?? thing
        }
        let names = pattern.accounts.isEmpty ? self("account.any") : list(pattern.accounts.map(quoted), "or")
        let account = pattern.isTree ? self("account.under", ["names": names]) : pattern.accounts.isEmpty ? names : self("account.named", ["names": names])
        return pattern.filter.map { self("where", ["event": account, "filter": filter($0)]) } ?? account
    }

    func roles(_ pattern: MembershipPattern) -> String { pattern.roles.isEmpty ? "" : self("account.roles", ["roles": list(pattern.roles.map(quoted), "or")]) }

    func context(_ pattern: MembershipPattern) -> String { self("account.context", ["account": account(pattern), "roles": roles(pattern)]) }
}

extension MembershipTest {
    func sentence(_ phrases: Phrases) -> String { phrases(pattern.type == nil ? isEver ? "account.was" : "account.is" : isEver ? "thing.had" : "thing.has", ["account": phrases.account(pattern), "roles": phrases.roles(pattern)]) }
}

extension ContextTraitTest {
    func sentence(_ phrases: Phrases) -> String { phrases.test(phrases("account.trait", ["name": path, "context": phrases.context(pattern)]), test) }
}
