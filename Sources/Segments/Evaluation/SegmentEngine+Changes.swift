import Columnar
public import Profiles
public import Vocabulary

extension SegmentEngine {
    /// Moments that are looked at for one person.
    private static let stepsMaximum = 20_000
    private static let dayMs: Int64 = 86_400_000

    /// When people came into a segment and left it between two instants, as live members would have been followed: at each of their events that the condition looks at, and when time alone
    /// changes the answer.
    ///
    /// A condition that compares everybody is asked once a day. Called on a thread for questions.
    ///
    /// - Parameters:
    ///   - from, to: whoever is in at `from` does not come in; of `to` itself nothing is told.
    ///   - zone: the segment's.
    public func changes(
        of condition: Condition, from: Timestamp, to: Timestamp, zone: TimeZoneName, in view: ColumnView, segments: @escaping @Sendable (String) -> Condition?
    ) throws(SegmentError) -> [(row: Row, at: Timestamp, entered: Bool)] {
        let question = try question(at: Moment(asOf: from, zone: zone), in: view, segments: segments)
        var compiler = question.compiler
        compiler.reads = Reads()
        let plan = try compiler.plan(condition)
        guard !compiler.reads.isOfEveryone else {
            let rules = compiler.clock.rules
            let days = rules.day(of: from.milliseconds)...max(rules.day(of: from.milliseconds), rules.day(of: to.milliseconds))
            let moments = days.map { Moment(asOf: max(from, Timestamp(clamping: rules.start(ofDay: $0))), zone: zone) } + [Moment(asOf: to, zone: zone)]
            return try changes(of: condition, at: moments, in: view, segments: segments)
        }
        let walk = MembershipWalk(compiler, condition, log: log, from: from.milliseconds, to: to.milliseconds)
        return question.map { number, part in walk.changes(of: part, number, plan, most: SegmentEngine.stepsMaximum) }.flatMap { $0 }
    }
}

/// Steps through each person's time, from one instant at which the answer may change to the next.
private struct MembershipWalk: Sendable {
    let compiler: PlanCompiler
    let condition: Condition
    let log: any RecordSource
    let from: Int64
    let to: Int64
    /// Whose events are instants, and those that plans look at besides.
    let heard: Set<Int>
    let tables: Set<Int>

    init(_ compiler: PlanCompiler, _ condition: Condition, log: any RecordSource, from: Int64, to: Int64) {
        (self.compiler, self.condition, self.log, self.from, self.to) = (compiler, condition, log, from, to)
        let identify = compiler.view.catalog.table(TableName(type: .identify))
        heard = compiler.reads.tables.union(compiler.reads.traits ? [identify].compactMap { $0 } : [])
        tables = heard.union(compiler.needs.columns.keys).union([identify].compactMap { $0 })
    }

    func changes(of part: Part, _ number: Int, _ plan: any Plan, most: Int) -> [(row: Row, at: Timestamp, entered: Bool)] {
        let scope = PartScope(part, needs: compiler.needs, records: log)
        let inside = plan.rows(in: scope, among: part.alive)
        var wakes: [Int: Int64] = [:]
        plan.timedChanges(in: scope, among: part.alive) { row, at in if at > from { wakes[row] = min(wakes[row] ?? .max, at) } }
        let recheck = plan.timedRecheck.flatMap { $0 > from ? $0 : nil } ?? .max
        // Nobody else can have come or left.
        var rows = recheck < to ? part.alive : RowSet()
        for (row, at) in wakes where at < to { rows.insert(row) }
        let bounds = TimeBounds(from: from, to: to)
        for table in heard { for (run, own) in scope.runs(of: table) { rows.formUnion(run.rows(of: run.slots(run.slots(of: own), touching: bounds))) } }
        var found: [(row: Row, at: Timestamp, entered: Bool)] = []
        rows.intersection(part.alive).forEach { place in
            let one = OneProfile(place, of: part, needs: compiler.needs, records: log, tables: tables)
            for (at, entered) in walk(one, one.times(of: heard, in: bounds), isIn: inside.contains(place), wake: min(wakes[place] ?? .max, recheck), most: most) {
                found.append((Row(number * RowSet.capacity + place), Timestamp(clamping: at), entered))
            }
        }
        return found
    }

    /// - Parameters:
    ///   - times: of their events, ascending.
    ///   - wake: when time alone may first change the answer.
    private func walk(_ one: OneProfile, _ times: [Int64], isIn: Bool, wake: Int64, most: Int) -> [(at: Int64, entered: Bool)] {
        var found: [(at: Int64, entered: Bool)] = []
        var (isIn, wake, next) = (isIn, wake, 0)
        let present = one.present
        for _ in 0..<most {
            // What happens in a millisecond is known at its end.
            let at = min(next < times.count ? times[next] + 1 : .max, wake)
            guard at < to else { break }
            while next < times.count, times[next] < at { next += 1 }
            let rules = compiler.clock.rules
            var fresh = PlanCompiler(compiler.view, at: Moment(asOf: Timestamp(clamping: at), zone: rules.name), rules: rules, present: present, segments: compiler.segments, computed: compiler.computed, source: compiler.source)
            guard let plan = try? fresh.plan(condition) else { break }
            let scope = one.scope()
            let isNow = plan.rows(in: scope, among: one.rows).contains(one.row)
            if isNow != isIn { found.append((at, isNow)) }
            isIn = isNow
            wake = plan.timedRecheck.flatMap { $0 > at ? $0 : nil } ?? .max
            plan.timedChanges(in: scope, among: one.rows) { _, time in if time > at { wake = min(wake, time) } }
        }
        return found
    }
}
