import Identity
import TestSupport

/// Calls and statements in the order in which they came, and who is who by them, decided from the beginning in the most obvious way.
struct SlowLinks {
    struct Statement {
        let kind: LinkFact.Kind
        let first: [String]
        let second: [String]
        var isUndone = false
    }
    enum Item {
        case call(Call)
        case statement(Int)
    }
    private struct Evidence {
        let a: String
        let b: String
        let kind: IdentityEdge.Kind
    }

    var items: [Item] = []
    var statements: [Statement] = []
    private(set) var people: [Set<String>] = []

    /// Decides everything.
    mutating func decide() {
        people = []
        var evidence: [Evidence] = []
        for item in items {
            switch item {
            case .call(let call): evidence += meet(call)
            case .statement(let number):
                let statement = statements[number]
                guard !statement.isUndone else { continue }
                switch statement.kind {
                case .merge: evidence.append(Evidence(a: statement.first[0], b: statement.second[0], kind: .merge))
                case .always: evidence.append(Evidence(a: statement.first[0], b: statement.second[0], kind: .always))
                case .unmerge:
                    for side in [statement.first, statement.second] { for name in side.dropFirst() { evidence.append(Evidence(a: side[0], b: name, kind: .left)) } }
                case .never, .undo: continue
                }
            }
        }
        var namers: [String: Set<String>] = [:]
        for item in evidence where item.kind == .sameCall || item.kind == .trait { namers[item.b, default: []].insert(item.a) }
        let shared = Set(namers.filter { $0.value.count > 10 }.keys)
        evidence.removeAll { ($0.kind == .sameCall || $0.kind == .trait || $0.kind == .alias) && (shared.contains($0.a) || shared.contains($0.b)) }
        for item in evidence.filter({ $0.kind == .always }) + evidence.filter({ $0.kind != .always }) { take(item) }
    }

    private mutating func meet(_ call: Call) -> [Evidence] {
        var found: [Evidence] = []
        let user = call.userId.flatMap { SlowPeople.isBlocked($0) ? nil : "userId=\($0)" }
        let device = call.anonymousId.flatMap { SlowPeople.isBlocked($0) ? nil : "anonymousId=\($0)" }
        guard let owner = user ?? device else { return [] }
        for name in [user, device] { if let name { meet(name) } }
        if call.type == "alias", let user, let previous = call.previousId, !SlowPeople.isBlocked(previous) {
            let old = ["userId=\(previous)", "anonymousId=\(previous)"].first { person($0) != nil } ?? "userId=\(previous)"
            meet(old)
            found.append(Evidence(a: user, b: old, kind: .alias))
        }
        if let user, let device { found.append(Evidence(a: user, b: device, kind: .sameCall)) }
        for (name, value) in call.traits where name == "email" && call.type == "identify" {
            let address = "email=" + value.dropFirst().dropLast()
            meet(address)
            found.append(Evidence(a: owner, b: address, kind: .trait))
        }
        return found
    }

    private mutating func take(_ evidence: Evidence) {
        guard let x = person(evidence.a), let y = person(evidence.b), x != y, !isKeptApart(people[x], people[y]) else { return }
        func isUser(_ person: Set<String>) -> Bool { person.contains { $0.hasPrefix("userId=") } }
        switch evidence.kind {
        case .sameCall, .left: if isUser(people[x]), isUser(people[y]) { return }
        case .trait: if people[y].count > 1 { return }
        case .alias, .merge, .always: break
        }
        people[x].formUnion(people[y])
        people.remove(at: y)
    }

    private func isKeptApart(_ a: Set<String>, _ b: Set<String>) -> Bool {
        statements.contains { statement in
            guard !statement.isUndone, statement.kind == .never || statement.kind == .unmerge else { return false }
            return !a.isDisjoint(with: statement.first) && !b.isDisjoint(with: statement.second) || !b.isDisjoint(with: statement.first) && !a.isDisjoint(with: statement.second)
        }
    }

    func person(_ name: String) -> Int? { people.firstIndex { $0.contains(name) } }
    private mutating func meet(_ name: String) { if person(name) == nil { people.append([name]) } }
}

extension Random {
    /// A statement about people whom somebody has met.
    mutating func statement(_ people: [Set<String>]) -> SlowLinks.Statement? {
        guard people.count > 1 else { return nil }
        let one = pick(people).sorted()
        let other = pick(people.filter { $0 != Set(one) }).sorted()
        switch below(10) {
        case 0..<4: return SlowLinks.Statement(kind: .merge, first: [pick(one)], second: [pick(other)])
        case 4: return SlowLinks.Statement(kind: .always, first: [pick(one)], second: [pick(other)])
        case 5, 6: return SlowLinks.Statement(kind: .never, first: chance(50) ? one : [pick(one)], second: [pick(other)])
        default:
            let some = one.filter { _ in chance(40) }
            guard !some.isEmpty, some.count < one.count else { return nil }
            return SlowLinks.Statement(kind: .unmerge, first: some, second: one.filter { !some.contains($0) })
        }
    }
}
