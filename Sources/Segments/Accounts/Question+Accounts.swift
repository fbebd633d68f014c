import Columnar
import Identity
import Profiles
public import Vocabulary

/// Accounts that satisfy a condition.
public struct AccountAnswer: Sendable {
    /// How many accounts there are.
    public let total: Int
    /// Ids of those that satisfy it, in the order met.
    public let ids: [String]
}

extension Question {
    /// Which accounts satisfy a condition at this moment. Called on a thread for questions.
    ///
    /// - Throws: ``SegmentError`` for unknown segments, circles and zones.
    public func accounts(_ condition: AccountCondition) throws(SegmentError) -> AccountAnswer {
        guard let accounts = view.contexts.accounts else { return AccountAnswer(total: 0, ids: []) }
        let everyone = accounts.everyAccount
        let found = try satisfying(condition, among: everyone, accounts)
        return AccountAnswer(total: everyone.count, ids: accounts.ids(of: found.sorted()))
    }

    private func satisfying(_ condition: AccountCondition, among: Set<Node>, _ accounts: Accounts) throws(SegmentError) -> Set<Node> {
        switch condition {
        case .all(let parts):
            var left = among
            for part in parts where !left.isEmpty { left = try satisfying(part, among: left, accounts) }
            return left
        case .any(let parts):
            var found: Set<Node> = []
            for part in parts { found.formUnion(try satisfying(part, among: among.subtracting(found), accounts)) }
            return found
        case .not(let part): return among.subtracting(try satisfying(part, among: among, accounts))
        case .under(let ids): return among.intersection(accounts.find(ids, andBelow: true))
        case .trait(let path, let test):
            let (filter, clock) = (PropertyFilter.property(path, test), compiler.clock)
            return accounts.all(among: among) { traits in StoredValue(json: traits).map { ElementTest.passes($0, filter, clock) } ?? false }
        case .members(let test):
            let counts = try members(test, of: among, accounts)
            return among.filter { test.quantifier.holds(counts[$0]?.passing ?? 0, of: counts[$0]?.all ?? 0) }
        }
    }

    /// By account: how many members there are in the test's roles, and how many satisfy it.
    private func members(_ test: MemberTest, of wanted: Set<Node>, _ accounts: Accounts) throws(SegmentError) -> [Node: (all: Int, passing: Int)] {
        var compiler = compiler
        compiler.reads = Reads()
        let plan = try test.condition.map { condition throws(SegmentError) in try compiler.plan(condition) }
        for ranking in compiler.rankings { ranking.prepare(engine.log, engine.pool) }
        let roles = test.roles.isEmpty ? nil : accounts.roleNumbers(having: test.roles)
        let pattern = ContextPlan(MembershipPattern(), &compiler)
        var contexts: [Int: EventContext] = [:]
        for (number, name) in view.catalog.tables.enumerated() where name.isBehaviour { contexts[number] = EventContext(pattern, of: number, &compiler) }
        let tables = compiler.reads.tables.union(compiler.needs.columns.keys).union(view.catalog.table(TableName(type: .identify)).map { [$0] } ?? [])
        let (view, needs, log, asked, now) = (view, compiler.needs, engine.log, contexts, self.now)
        let found = engine.pool.map(view.parts.count) { index -> [Node: (all: Int, passing: Int)] in
            var counts: [Node: (all: Int, passing: Int)] = [:]
            // A person of several accounts is asked once for each, in another round.
            var rounds: [[Int: Node]] = []
            for row in view.contexts.rows(ofPart: index) where view.parts[index].alive.contains(row) {
                var round = 0
                for span in view.contexts.spans(part: index, row: row) where span.from < now && span.to >= now && wanted.contains(span.account) && roles?.contains(span.roles) ?? true {
                    counts[span.account, default: (0, 0)].all += 1
                    if round == rounds.count { rounds.append([:]) }
                    rounds[round][row] = span.account
                    round += 1
                }
            }
            for accounts in rounds {
                guard let plan else {
                    for account in accounts.values { counts[account, default: (0, 0)].passing += 1 }
                    continue
                }
                var rows = RowSet()
                for row in accounts.keys { rows.insert(row) }
                let limit = Gathering.Limit { origin, table, run, event in
                    guard let context = asked[table], let account = accounts[origin.row] else { return true }
                    return context.account(of: event, in: run, spans: view.contexts.spans(part: index, row: origin.row)) == account
                }
                guard let gathering = Gathering([index: rows], of: view.parts, tables: tables, needs: needs, limit: limit) else { continue }
                let scope = PartScope(gathering, needs: needs, records: log)
                plan.rows(in: scope, among: scope.part.alive).forEach { place in
                    if let account = accounts[gathering.origins[place].row] { counts[account, default: (0, 0)].passing += 1 }
                }
            }
            return counts
        }
        return found.reduce(into: [:]) { sum, part in sum.merge(part) { ($0.all + $1.all, $0.passing + $1.passing) } }
    }
}
