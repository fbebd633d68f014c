import Columnar
import Profiles
public import Vocabulary

/// What the members of accounts come to, and what they did in that context. People who object to analytics are not in it.
public struct AccountRollup: Sendable {
    /// People who are or were members.
    public var memberCount = 0
    public var activeCount = 0
    /// Track, page and screen calls.
    public var eventCount = 0
    /// Of completed orders: `revenue`, else `total`, as senders count money.
    public var revenue = ExactNumber(0)
    public var lastEvent: Timestamp?
    /// Positions of the newest events, newest first.
    public var newest: [LogPosition] = []

    fileprivate mutating func add(_ other: AccountRollup) {
        memberCount += other.memberCount
        activeCount += other.activeCount
        eventCount += other.eventCount
        revenue = revenue + other.revenue
        lastEvent = [lastEvent, other.lastEvent].compactMap { $0 }.max()
        newest += other.newest
    }

    /// Keeps the newest alone.
    fileprivate mutating func cut(to limit: Int) {
        newest.sort(by: >)
        if newest.count > limit { newest.removeLast(newest.count - limit) }
    }
}

extension Question {
    private static let revenuePaths = ["revenue", "total"].map { Array($0.utf8) }
    private static let order = TableName(type: .track, event: Array("Order Completed".utf8))

    /// What the members of the accounts that a pattern means come to.
    ///
    /// - Parameters:
    ///   - newest: how many of the newest events to name.
    ///   - before: only events that stand before it in the log.
    public func rollup(of pattern: MembershipPattern, newest limit: Int = 0, before: LogPosition? = nil) -> AccountRollup {
        var compiler = compiler
        let context = ContextPlan(pattern, &compiler)
        var tables: [(number: Int, context: EventContext, revenue: [(column: Int, dictionary: ValueDictionary)])] = []
        for (number, name) in view.catalog.tables.enumerated() where name.isBehaviour {
            let columns = name == Question.order ? Question.revenuePaths.compactMap { view.catalog.column($0, of: number) } : []
            for column in columns { compiler.needs.add(column.number, of: number) }
            tables.append((number, EventContext(context, of: number, &compiler), columns.map { ($0.number, $0.dictionary) }))
        }
        let (needs, log, now, parts) = (compiler.needs, engine.log, self.now, view.parts)
        let asked = tables
        let found = engine.pool.map(parts.count) { index -> AccountRollup in
            var rollup = AccountRollup()
            let rows = RowSet(members: context, of: parts[index])
            guard !rows.isEmpty else { return rollup }
            rollup.memberCount = rows.count
            rows.forEach { row in if context.contexts.spans(part: index, row: row).contains(where: { context.matches($0) && $0.from < now && $0.to >= now }) { rollup.activeCount += 1 } }
            let scope = PartScope(parts[index], needs: needs, records: log)
            for table in asked {
                for (run, own) in scope.runs(of: table.number) {
                    let columns = table.revenue.map { item in (item.column < run.columns.count ? run.columns[item.column] : nil, item.dictionary) }
                    run.rows.intersection(own).intersection(rows).forEach { row in
                        table.context.eachEvent(of: row, run, scope) { event in
                            let (time, position) = (run.time(event), run.position(event))
                            guard time < now else { return }
                            rollup.eventCount += 1
                            rollup.lastEvent = max(rollup.lastEvent ?? Timestamp(clamping: time), Timestamp(clamping: time))
                            for (column, dictionary) in columns {
                                guard case .number(let amount)? = column.flatMap({ StoredValue($0.cell(event), dictionary) }) else { continue }
                                rollup.revenue = rollup.revenue + amount
                                break
                            }
                            guard limit > 0, before.map({ position < $0 }) ?? true else { return }
                            rollup.newest.append(position)
                            if rollup.newest.count > limit * 4 { rollup.cut(to: limit) }
                        }
                    }
                }
            }
            rollup.cut(to: limit)
            return rollup
        }
        var sum = AccountRollup()
        for part in found { sum.add(part) }
        sum.cut(to: limit)
        return sum
    }
}

extension RowSet {
    /// The rows of a part that are or were members of an account that is meant.
    init(members context: ContextPlan, of part: Part) {
        self.init()
        for row in context.contexts.rows(ofPart: part.number) where part.alive.contains(row) {
            if context.contexts.spans(part: part.number, row: row).contains(where: context.matches) { insert(row) }
        }
    }
}

extension Question {
    /// How many people are or were members of each of these accounts itself, and how many are at the moment.
    public func memberCounts(of ids: [String]) -> [String: (members: Int, active: Int)] {
        guard let accounts = view.contexts.accounts else { return [:] }
        var idOf: [UInt32: String] = [:]
        for id in ids { for node in accounts.find([id], andBelow: false) { idOf[node] = id } }
        var counts: [String: (members: Int, active: Int)] = [:]
        for part in view.parts {
            for row in view.contexts.rows(ofPart: part.number) where part.alive.contains(row) {
                var seen: Set<String> = []
                for span in view.contexts.spans(part: part.number, row: row) {
                    guard let id = idOf[span.account] else { continue }
                    if seen.insert(id).inserted { counts[id, default: (0, 0)].members += 1 }
                    if span.from < now, span.to >= now { counts[id, default: (0, 0)].active += 1 }
                }
            }
        }
        return counts
    }
}
