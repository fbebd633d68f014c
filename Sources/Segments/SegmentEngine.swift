public import Columnar
public import EventLog
import Identity
public import Profiles
public import Vocabulary

/// Answers conditions over everyone, as of any moment, on the state as it is when asked.
public struct SegmentEngine: Sendable {
    let columns: ProfileColumns
    let lock: StateLock
    let log: EventLog
    let objectors: Objectors
    /// What conditions mean by the name of a computed trait.
    public let computed: @Sendable (String) -> ComputedTrait?
    let source: @Sendable (SourceNumber) -> String?
    public let pool: QueryPool
    let lists: ListRows?

    /// - Parameters:
    ///   - objectors: who is left out of every question, since they object to the purpose that it serves.
    ///   - lists: those that conditions may name; none unless told.
    ///   - source: the name of a source by its number.
    ///   - computed: what conditions mean by the name of a computed trait.
    public init(
        columns: ProfileColumns, objectors: Objectors, lock: StateLock, log: EventLog, pool: QueryPool, lists: ListRows? = nil,
        source: @escaping @Sendable (SourceNumber) -> String? = { _ in nil }, computed: @escaping @Sendable (String) -> ComputedTrait? = { _ in nil }
    ) {
        self.columns = columns
        self.objectors = objectors
        self.lock = lock
        self.log = log
        self.pool = pool
        self.computed = computed
        self.source = source
        self.lists = lists
    }

    /// The columns as they are now, without those who may not be asked about.
    public func view() throws -> ColumnView { try columns.view(without: objectors, under: lock) { lists?.marks ?? [:] } }

    /// Which rows satisfy a condition, part by part. Called on a thread for questions.
    ///
    /// - Throws: ``SegmentError`` for unknown segments, circles and zones.
    public func rows(_ condition: Condition, at moment: Moment, in view: ColumnView, segments: @escaping @Sendable (String) -> Condition? = { _ in nil }) throws(SegmentError) -> [RowSet] {
        try question(at: moment, in: view, segments: segments).rows(condition)
    }

    /// Opens one question; what several conditions of it share is made once.
    public func question(at moment: Moment, in view: ColumnView, segments: @escaping @Sendable (String) -> Condition?) throws(SegmentError) -> Question {
        Question(compiler: PlanCompiler(view, at: moment, rules: try ZoneRules.known(moment.zone), segments: segments, computed: computed, source: source), engine: self)
    }

    /// What a condition answers of one profile, why, and when time alone changes it. Called on a thread for questions.
    ///
    /// - Throws: ``SegmentError`` for unknown segments, circles and zones; what the consent ledger throws.
    public func reasoning(
        _ condition: Condition, of profile: Profile, at moment: Moment, _ outlook: Outlook = .usual, segments: @escaping @Sendable (String) -> Condition? = { _ in nil }
    ) throws -> ProfileReasoning {
        let view = try view()
        let question = try question(at: moment, in: view, segments: segments)
        let (row, isObjecting) = lock.reading { () -> (Row?, Bool) in
            let row = columns.row(of: profile)
            return (row, row.map { objectors.contains($0, in: columns) } ?? false)
        }
        if isObjecting { return .objecting }
        // Somebody whose first event came after the view was taken is not in it.
        guard let row, Int(row) / RowSet.capacity < view.parts.count, view.parts[Int(row) / RowSet.capacity].alive.contains(Int(row) % RowSet.capacity) else { return .withoutEvents }
        return .answered(try question.reason(condition, row: row, outlook))
    }

    /// Profile ids of the first rows of an answer.
    ///
    /// - Parameter after: how many to pass over.
    public func profileIDs(_ rows: [RowSet], after: Int = 0, limit: Int) -> [String] {
        var first: [Row] = []
        var left = after
        for (part, set) in rows.enumerated() where first.count < limit {
            if left > 0, case let count = set.count, count <= left {
                left -= count
                continue
            }
            set.forEach { row in
                if left > 0 { left -= 1 } else if first.count < limit { first.append(Row(part * RowSet.capacity + row)) }
            }
        }
        return profileIDs(first)
    }

    /// Where a profile stands; nil for one without events.
    func row(of profile: Profile) -> Row? { lock.reading { columns.row(of: profile) } }

    public func profileIDs(_ rows: [Row]) -> [String] { ids(rows).map(\.text) }
    func ids(_ rows: [Row]) -> [ProfileID] { lock.reading { rows.map(columns.id) } }

    /// Of some rows of a part those whose people have another row by now.
    func replaced(_ places: RowSet, of part: Int) -> RowSet {
        guard !places.isEmpty else { return places }
        return lock.reading {
            var found = RowSet()
            places.forEach { place in
                let row = Row(part * RowSet.capacity + place)
                if let current = columns.row(of: columns.node(of: row)), current != row { found.insert(place) }
            }
            return found
        }
    }
}

extension EventLog: RecordSource {
    public func event(at position: LogPosition) -> EventView? { (try? read(position)) ?? nil }
}

/// Conditions asked of one state at one moment.
public struct Question: Sendable {
    var compiler: PlanCompiler
    let engine: SegmentEngine
    public var view: ColumnView { compiler.view }
    public var now: Int64 { compiler.clock.now }

    /// Which rows satisfy a condition, part by part.
    public func rows(_ condition: Condition) throws(SegmentError) -> [RowSet] {
        var compiler = compiler
        let plan = try compiler.plan(condition)
        let needs = compiler.needs
        let log = engine.log
        let parts = view.parts
        for ranking in compiler.rankings { ranking.prepare(log, engine.pool) }
        return engine.pool.map(parts.count) { index in
            plan.rows(in: PartScope(parts[index], needs: needs, records: log), among: parts[index].alive)
        }
    }

    /// What `body` makes of each number below `count`, on the threads that are free.
    public func inParallel<Value: Sendable>(_ count: Int, _ body: @escaping @Sendable (Int) -> Value) -> [Value] { engine.pool.mapFew(count, body) }

    /// What `body` makes of each part.
    public func map<Value: Sendable>(_ body: @escaping @Sendable (Int, Part) -> Value) -> [Value] {
        let parts = view.parts
        return engine.pool.map(parts.count) { body($0, parts[$0]) }
    }
}

extension ZoneRules {
    static func known(_ zone: TimeZoneName) throws(SegmentError) -> ZoneRules {
        guard let rules = try? ZoneRules.named(zone) else { throw .zone(zone.name) }
        return rules
    }
}
