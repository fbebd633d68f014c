import Vocabulary

extension MembershipPattern {
    func faults() -> [(pointer: String, Explanation)] {
        if let type, let fault = PathName.fault(type) { return [("/type", fault)] }
        if type != nil, isTree { return [("/under", .entityContext)] }
        for name in accounts { if let fault = PathName.fault(name) { return [(isTree ? "/under" : "/account", fault)] } }
        for role in roles { if let fault = PathName.fault(role) { return [("/role", fault)] } }
        if isTree, accounts.isEmpty { return [("", .emptyList)] }
        guard let filter else { return [] }
        if !filter.isTimeless {
            return [("/where", Explanation(
                code: "segments.account-time", problem: "An account has no hour and no weekday, and its dates are not held against the moment.",
                remedy: "Compare its traits with fixed values, as in `is member of any account whose (industry = \"Retail\")`."))]
        }
        return filter.faults().map { ("/where" + $0.pointer, $0.1) }
    }
}

extension MembershipTest {
    func faults() -> [(pointer: String, Explanation)] { pattern.faults().map { ("/member" + $0.pointer, $0.1) } }
}

extension ContextTraitTest {
    func faults() -> [(pointer: String, Explanation)] {
        if let fault = PathName.fault(path) { return [("/traitAs", fault)] }
        if pattern.type != nil { return [("/as", .entityContext)] }
        if let fault = pattern.faults().first { return [("/as" + fault.pointer, fault.1)] }
        return test.fault.map { [("/" + test.member, $0)] } ?? []
    }
}

extension Explanation {
    static let entityContext = Explanation(
        code: "segments.entity-context", problem: "Things lie in no tree, and nobody acts as a member of one.", remedy: "Ask for the thing itself, as in `has a Pet where (species = \"dog\")`.")
    static let contextOfSession = Explanation(
        code: "segments.context-of-session", problem: "A session may hold events of several contexts, so it is nobody's as a member of one account.",
        remedy: "Ask about the events themselves, as in `did anything as member of account \"acme\"`.")
}
