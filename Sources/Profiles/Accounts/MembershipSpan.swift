public import Identity
import Vocabulary

/// One membership: a person belonged to an account, in these roles, from an instant on until another. A change of roles ends one and begins the next.
public struct MembershipSpan: Sendable, Hashable {
    /// The account's node of the identity graph.
    public let account: Node
    /// Whether it is a thing that the person has, and no account that they act for.
    public let isEntity: Bool
    /// The roles' number in ``Roles``; 0 for none.
    public let roles: UInt32
    /// In milliseconds since 1970, included.
    public let from: Int64
    /// Excluded; `Int64.max` while it lasts.
    public let to: Int64

    /// Whether the person is a member at an instant, given in milliseconds since 1970.
    public func holds(at time: Int64) -> Bool { from <= time && time < to }
}

/// One statement that a person joined or left an account.
struct MembershipFact: BitwiseCopyable {
    let account: Node
    /// The roles' number; ``MembershipFact/rolesUnsaid`` where it says nothing of them, ``MembershipFact/leaving`` where they left.
    let roles: UInt32
    /// When it was so, in milliseconds since 1970, never later than it was received.
    let time: Int64
    let position: LogPosition

    /// The same of the account that stands for the one that was named.
    func naming(_ account: Node) -> MembershipFact { MembershipFact(account: account, roles: roles, time: time, position: position) }

    static let rolesUnsaid = UInt32.max
    static let leaving = UInt32.max - 1

    /// What facts of one person come to, sorted by account and beginning.
    ///
    /// Facts count in the order of their times, of one time in that of the log, so that it does not matter in which order they arrived. Joining again changes
    /// the roles, where it says any; leaving where one is no member changes nothing. A membership that ends when it begins never was.
    static func spans(of facts: [MembershipFact], isEntity: (Node) -> Bool = { _ in false }) -> [MembershipSpan] {
        var spans: [MembershipSpan] = []
        var open: (from: Int64, roles: UInt32)?
        func close(_ account: Node, at time: Int64) {
            if let span = open, span.from < time { spans.append(MembershipSpan(account: account, isEntity: isEntity(account), roles: span.roles, from: span.from, to: time)) }
            open = nil
        }
        var account: Node?
        for fact in facts.sorted(by: { ($0.account, $0.time, $0.position) < ($1.account, $1.time, $1.position) }) {
            if let before = account, before != fact.account { close(before, at: .max) }
            account = fact.account
            switch (fact.roles, open) {
            case (leaving, _): close(fact.account, at: fact.time)
            case (let roles, nil): open = (fact.time, roles == rolesUnsaid ? 0 : roles)
            case (rolesUnsaid, _?): break
            case (let roles, let span?) where roles != span.roles:
                close(fact.account, at: fact.time)
                open = (fact.time, roles)
            default: break
            }
        }
        if let account { close(account, at: .max) }
        return spans
    }
}

/// Sets of roles by number, each given once; 0 is none.
struct Roles {
    private(set) var sets: [[String]]
    private var numbers: [[String]: UInt32] = [[]: 0]

    mutating func number(of roles: [String]) -> UInt32 {
        if let known = numbers[roles] { return known }
        // Whoever sends a new role with every call is not given memory for it.
        guard sets.count < Roles.countMaximum else { return 0 }
        sets.append(roles)
        numbers[roles] = UInt32(sets.count - 1)
        return UInt32(sets.count - 1)
    }
    static let countMaximum = 100_000

    /// Sets as they were numbered before.
    init(_ kept: [[String]] = [[]]) {
        sets = kept.isEmpty ? [[]] : kept
        for (number, set) in sets.enumerated() where !set.isEmpty { numbers[set] = UInt32(number) }
    }

    subscript(number: UInt32) -> [String] { Int(number) < sets.count ? sets[Int(number)] : [] }

    /// Forgets the names that nothing refers to any more; their numbers stay taken.
    mutating func keep(only used: Set<UInt32>) {
        for number in sets.indices.dropFirst() where !used.contains(UInt32(number)) && !sets[number].isEmpty {
            numbers[sets[number]] = nil
            sets[number] = []
        }
    }

    /// The numbers of the sets that hold one of these roles.
    func numbers(having wanted: [String]) -> Set<UInt32> {
        Set(sets.indices.filter { sets[$0].contains(where: wanted.contains) }.map(UInt32.init))
    }
}
