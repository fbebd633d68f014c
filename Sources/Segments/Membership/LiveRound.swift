import Columnar
import Profiles
import Vocabulary

/// What is known from round to round.
struct Following {
    /// By part: who could be asked about in the last round. Who comes and goes, by birth, merge, objection or erasure, is asked by every segment.
    var alive: [RowSet] = []
    /// By part: what the last round left to this one, since it did not know yet which row takes its place.
    var inBetween: [Int: RowSet] = [:]
    /// How many tables of events there were when `reads` was made: a new one may be one that a segment names.
    var tableCount = -1
    /// By membership number.
    var reads: [UInt32: Reads] = [:]
}

/// One round of asking: the rows that changed since the last one, each asked by the segments that look at what changed.
struct LiveRound {
    private let view: ColumnView
    private let now: Timestamp
    private let live: LiveSegments
    private let merged: [(winner: Row, loser: Row)]
    /// By part.
    private var everything: [Int: RowSet]
    /// Rows that another one took the place of, of which this round does not know yet what to hand on: the next one does. By part.
    private var inBetween: [Int: RowSet] = [:]
    private var traits: [Int: RowSet] = [:]
    private var memberships: [Int: RowSet] = [:]
    private var tables: [Int: [Int: RowSet]] = [:]
    private var compilers: [TimeZoneName: PlanCompiler] = [:]
    private var reads: [UInt32: Reads]

    /// One segment that asks in this round.
    private struct Asking: Sendable {
        var membership: Membership
        let plan: any Plan
        /// By part.
        let rows: [Int: RowSet]
        let isEveryone: Bool
    }

    /// From here on a part's rows are asked in place; fewer are taken out first.
    private static let fewRows = 2048
    /// Instants at which single rows are to be asked again are kept for so long ahead, in milliseconds.
    private static let horizon: Int64 = 3_600_000
    /// How long a segment that compares everybody lets changes gather, in milliseconds.
    private static let everyonePause: Int64 = 10_000

    init(_ work: LiveSegments.Pending, _ view: ColumnView, at now: Timestamp, following: inout Following, live: LiveSegments) {
        (self.view, self.now, self.live, merged, everything) = (view, now, live, work.merged, work.again)
        for touch in work.touches {
            let (part, row) = (Int(touch.row) / RowSet.capacity, Int(touch.row) % RowSet.capacity)
            switch touch.what {
            case .events(let table): tables[table, default: [:]][part, default: RowSet()].insert(row)
            case .traits: traits[part, default: RowSet()].insert(row)
            case .memberships: memberships[part, default: RowSet()].insert(row)
            case .everything: everything[part, default: RowSet()].insert(row)
            }
        }
        var (losers, left): ([Int: RowSet], [Int: RowSet]) = ([:], [:])
        for pair in merged { losers[Int(pair.loser) / RowSet.capacity, default: RowSet()].insert(Int(pair.loser) % RowSet.capacity) }
        for (index, part) in view.parts.enumerated() {
            let known = index < following.alive.count ? following.alive[index] : RowSet()
            guard known != part.alive else { continue }
            var gone = known.subtracting(part.alive)
            let waiting = live.engine.replaced(gone.subtracting(losers[index] ?? RowSet()).subtracting(following.inBetween[index] ?? RowSet()), of: index)
            gone.subtract(waiting)
            if !waiting.isEmpty { left[index] = waiting }
            everything[index] = gone.union(part.alive.subtracting(known)).union(everything[index] ?? RowSet())
        }
        (inBetween, following.inBetween) = (left, left)
        following.alive = view.parts.enumerated().map { [left] in $1.alive.union(left[$0] ?? RowSet()) }
        let tableCount = view.catalog.tables.count
        if tableCount != following.tableCount { following.reads = [:] }
        following.tableCount = tableCount
        reads = following.reads
        let memberships = live.state.withLock { Array($0.memberships.values) }
        for membership in memberships where reads[membership.number] == nil { _ = plan(membership) }
        let numbers = Set(memberships.map(\.number))
        following.reads = reads.filter { numbers.contains($0.key) }
    }

    /// The plan of a segment, and what it looks at; nil where it names one that is gone.
    private mutating func plan(_ membership: Membership) -> (any Plan)? {
        let zone = membership.segment.zone
        if compilers[zone] == nil { compilers[zone] = try? live.engine.question(at: Moment(asOf: now, zone: zone), in: view, segments: live.store.conditions).compiler }
        compilers[zone]?.reads = Reads()
        let plan = try? compilers[zone]?.plan(membership.segment.condition)
        reads[membership.number] = compilers[zone]?.reads
        return plan
    }

    private func rows(for reads: Reads) -> [Int: RowSet] {
        var rows = everything
        if reads.traits { rows.merge(traits) { $0.union($1) } }
        if reads.memberships { rows.merge(memberships) { $0.union($1) } }
        for table in reads.tables { if let touched = tables[table] { rows.merge(touched) { $0.union($1) } } }
        return rows
    }

    /// Asks whoever was touched or is due, of every segment.
    ///
    /// - Parameter due: by membership number and part.
    mutating func ask(_ due: [UInt32: [Int: RowSet]]) {
        var asking: [TimeZoneName: [Asking]] = [:]
        for id in live.state.withLock({ Array($0.memberships.keys) }) {
            guard var membership = live.state.withLock({ $0.memberships[id] }) else { continue }
            membership.makeRoom(for: view.parts.count)
            for pair in merged { membership.join(pair.winner, pair.loser) }
            var rows = rows(for: reads[membership.number] ?? Reads())
            rows.merge(due[membership.number] ?? [:]) { $0.union($1) }
            let isEveryone = !membership.isComplete || membership.recheck.map { $0 <= now.milliseconds } ?? false
            if !isEveryone, reads[membership.number]?.isOfEveryone ?? false {
                rows = later(rows, &membership)
                if rows.isEmpty, merged.isEmpty { continue }
            }
            if isEveryone { rows = Dictionary(uniqueKeysWithValues: view.parts.indices.map { ($0, RowSet(first: RowSet.capacity)) }) }
            for (part, waiting) in inBetween { rows[part]?.subtract(waiting) }
            // A workspace without people has no parts to ask, and its segments are complete all the same.
            if rows.isEmpty, merged.isEmpty, !isEveryone { continue }
            let plan = plan(membership)
            // Where a segment that it names is gone nobody is in, until segments change and it is asked again.
            if plan == nil { rows = Dictionary(uniqueKeysWithValues: view.parts.indices.map { ($0, RowSet(first: RowSet.capacity)) }) }
            asking[membership.segment.zone, default: []].append(
                Asking(membership: membership, plan: plan ?? ConstantPlan(value: false), rows: rows.filter { $0.key < view.parts.count }, isEveryone: isEveryone || plan == nil))
        }
        for (zone, group) in asking {
            let needs = compilers[zone]?.needs ?? Needs()
            if group.contains(where: \.isEveryone) { for ranking in compilers[zone]?.rankings ?? [] { ranking.prepare(live.engine.log, live.engine.pool) } }
            let answers = answers(group, needs)
            for (asking, answer) in zip(group, answers) where !live.keep(answer, asking.membership, isEveryone: asking.isEveryone, at: now, recheck: asking.plan.timedRecheck) {
                live.askAgain(asking.rows, merged)
            }
        }
    }

    /// A segment that compares everybody asks everyone again soon, once for all that happens until then; who is not there any more leaves at once.
    ///
    /// - Returns: those whom it asks now.
    private func later(_ rows: [Int: RowSet], _ membership: inout Membership) -> [Int: RowSet] {
        guard !rows.isEmpty else { return [:] }
        membership.recheck = min(membership.recheck ?? .max, now.milliseconds + LiveRound.everyonePause)
        let kept = membership
        live.state.withLock { if $0.memberships[kept.segment.id]?.generation == kept.generation { $0.memberships[kept.segment.id]?.recheck = kept.recheck } }
        return rows.filter { $0.key < view.parts.count }.reduce(into: [:]) { gone, entry in
            let dead = entry.value.subtracting(view.parts[entry.key].alive)
            if !dead.isEmpty { gone[entry.key] = dead }
        }
    }

    /// For each segment its answers; what several need of a part is made once.
    private func answers(_ group: [Asking], _ needs: Needs) -> [LiveAnswers] {
        let indices = Set(group.flatMap(\.rows.keys)).sorted()
        var few: [Int: RowSet] = [:]
        for asking in group where !asking.isEveryone { few.merge(asking.rows) { $0.union($1) } }
        few = few.reduce(into: [:]) { alive, entry in
            let rows = entry.value.intersection(view.parts[entry.key].alive)
            if !rows.isEmpty { alive[entry.key] = rows }
        }
        let isFew = few.values.reduce(0) { $0 + $1.count } <= LiveRound.fewRows
        if isFew, let gathering = Gathering(few, of: view.parts, tables: tables(of: group, needs), needs: needs) {
            let scope = PartScope(gathering, needs: needs, records: live.engine.log)
            let everyone = partAnswers(group.filter(\.isEveryone), indices, [:], needs)
            var next = 0
            return group.map { asking in
                if !asking.isEveryone { return LiveAnswers(singles: LiveSingles(asking.plan, of: asking.rows, in: scope, gathering)) }
                next += 1
                return LiveAnswers(parts: everyone[next - 1])
            }
        }
        return partAnswers(group, indices, few, needs).map { LiveAnswers(parts: $0) }
    }

    private func tables(of group: [Asking], _ needs: Needs) -> Set<Int> {
        var tables = Set(needs.columns.keys)
        for asking in group { tables.formUnion(reads[asking.membership.number]?.tables ?? []) }
        if let identify = view.catalog.table(TableName(type: .identify)) { tables.insert(identify) }
        return tables
    }

    /// - Parameter few: who is asked by those that do not ask everyone, by part.
    private func partAnswers(_ group: [Asking], _ indices: [Int], _ few: [Int: RowSet], _ needs: Needs) -> [[LiveAnswer]] {
        guard !group.isEmpty else { return [] }
        let (parts, log) = (view.parts, live.engine.log)
        let byPart = live.engine.pool.map(indices.count) { number -> [LiveAnswer?] in
            let part = parts[indices[number]]
            let own = few[indices[number]] ?? RowSet()
            let whole = PartScope(part, needs: needs, records: log)
            let narrow = own.count <= LiveRound.fewRows ? PartScope(part, needs: needs, records: log, only: own) : whole
            return group.map { asking in
                guard let rows = asking.rows[indices[number]] else { return nil }
                return LiveAnswer(asking.plan, of: rows, in: asking.isEveryone ? whole : narrow, part: indices[number])
            }
        }
        return group.indices.map { number in byPart.compactMap { $0[number] } }
    }

    /// Until when single rows' instants are kept, counted from a moment; not the same for all segments, so that they do not all ask at once.
    static func horizon(from now: Timestamp, _ number: UInt32) -> Int64 { now.milliseconds + horizon + Int64(number % 600) * 1000 }
}

extension LiveSegments {
    /// Keeps what a segment's asking gave, and announces who came and who left.
    ///
    /// - Returns: false when the answer was overtaken and is not kept.
    func keep(_ answers: LiveAnswers, _ asked: Membership, isEveryone: Bool, at now: Timestamp, recheck: Int64?) -> Bool {
        var membership = asked
        var entered: [Row] = []
        var left: [Row] = []
        answers.take(into: &membership.members) { row, hasEntered in if hasEntered { entered.append(row) } else { left.append(row) } }
        let isAnnounced = membership.isComplete || membership.isFollowed
        membership.isComplete = true
        if isEveryone || membership.horizon <= now.milliseconds {
            membership.horizon = LiveRound.horizon(from: now, membership.number)
            membership.isBeyond = membership.isBeyond && !isEveryone
        }
        answers.eachFlip { _, at in if at >= membership.horizon { membership.isBeyond = true } }
        // What was fixed before is kept until everyone has been asked.
        membership.recheck = [recheck, membership.isBeyond ? membership.horizon : nil, isEveryone ? nil : asked.recheck].compactMap { $0 }.min()
        let names = isAnnounced ? engine.ids(entered + left) : []
        return state.withLock { state in
            // A segment that is gone needs no answer.
            guard let current = state.memberships[membership.segment.id] else { return true }
            guard current.generation == asked.generation else { return false }
            answers.eachFlip { row, at in
                guard at < membership.horizon, state.due[membership.number]?[row].map({ at < $0 }) ?? true else { return }
                state.due[membership.number, default: [:]][row] = at
                state.heap.add(DueHeap.Entry(at: at, segment: membership.number, row: row))
            }
            state.memberships[membership.segment.id] = membership
            let changes = names.enumerated().map { MembershipChange(number: state.nextNumber + $0, segment: membership.segment.id, id: $1, hasEntered: $0 < entered.count, at: now) }
            state.changes += changes
            state.nextNumber += changes.count
            history?.note(changes)
            // Cut off in large pieces: each moves all that is kept.
            if state.changes.count > LiveSegments.changesMaximum * 2 { state.changes.removeFirst(state.changes.count - LiveSegments.changesMaximum) }
            return true
        }
    }
}
