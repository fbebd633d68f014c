import Identity
public import Matching
public import Vocabulary

/// What is to become of two profiles, for whoever writes facts.
public struct MatchDecision: Sendable {
    public enum Verdict: Sendable { case same, different }
    public let verdict: Verdict
    /// Profile ids.
    public let a: String
    public let b: String
    /// As told, 0 to 1.
    public let probability: Double
    public let reasons: [Reason]
    /// Who decided; nil where the settings did.
    public let author: String?
}

/// A profile that may be the same person.
public struct MatchCandidate: Sendable {
    public let profile: String
    /// After what answers taught; 0 to 1.
    public let probability: Double
    public let reasons: [Reason]
}

/// What the index holds and how it came about.
public struct MatchStatus: Sendable {
    public let records: Int
    /// 0 before anything was learned.
    public let model: Int64
    public let learnedAt: Timestamp?
    public let learnedFrom: Int
    public let isLearning: Bool
    public let waiting: Int
}

extension MatchFollower {
    public var status: MatchStatus {
        let (index, model, learnedAt, isLearning, waiting) = state.withLock { ($0.index, $0.model, $0.learnedAt, $0.sinceReading != nil, $0.pending.count) }
        return MatchStatus(records: index?.count ?? 0, model: model, learnedAt: learnedAt, learnedFrom: index?.learnedCount ?? 0, isLearning: isLearning, waiting: waiting)
    }

    public var settings: MatchSettings { state.withLock { $0.settings } }
    public var calibration: Calibration { state.withLock { $0.calibration } }

    public func save(_ settings: MatchSettings, author: String, at: Timestamp) throws -> MatchSettings {
        let saved = try settings.checked().saved(to: documents, author: author, at: at)
        state.withLock { $0.settings = saved }
        return saved
    }

    // MARK: - Asking

    /// Who a record may be: traits by their names. Empty while nothing was learned yet.
    ///
    /// - Throws: ``Refusal`` for a record that says nothing about who somebody is; what the consent ledger throws.
    public func find(_ traits: JSONText, limit: Int) throws -> [MatchCandidate] {
        let (index, columns, calibration) = state.withLock { ($0.index, $0.columns, $0.calibration) }
        guard let row = columns.row(of: traits) else {
            throw Refusal(400, "match.record", "Nothing in the record says who somebody is.", remedy: "Send names, e-mail, phone, birthday or address by their usual names, such as {\"firstName\": \"Masha\", \"phone\": \"+1 206 555 0143\"}.")
        }
        guard let index else { return [] }
        var text = TextRows(header: index.header)
        guard row.count == index.header.count, text.append(row) else { return [] }
        return try named(index.find(try text.text(), limit: limit, least: PairStore.least), calibration)
    }

    /// Who else a profile may be; empty for one that is not matched.
    public func find(profile id: String, limit: Int) throws -> [MatchCandidate] {
        let (index, calibration) = state.withLock { ($0.index, $0.calibration) }
        guard let row = row(ofProfile: id), let found = index?.find(UInt64(row), limit: limit, least: PairStore.least) else { return [] }
        return try named(found, calibration)
    }

    /// Those who do not object, by their ids.
    private func named(_ found: [MatchIndex.Found], _ calibration: Calibration) throws -> [MatchCandidate] {
        guard !found.isEmpty else { return [] }
        let view = try view()
        let there = found.filter { view.contains(UInt32($0.key)) }
        return zip(there, profileIDs(there.map { UInt32($0.key) })).map { MatchCandidate(profile: $1, probability: calibration.probability($0.settled), reasons: $0.reasons) }
    }

    private func row(ofProfile id: String) -> UInt32? { lock.reading { ProfileID(id).flatMap(graph.find).flatMap { columns.row(of: $0) } } }

    /// Why two profiles may be one person; empty where one of them is not matched.
    public func reasons(_ a: String, _ b: String) -> [Reason] {
        guard let index = state.withLock({ $0.index }), let x = row(ofProfile: a), let y = row(ofProfile: b) else { return [] }
        return index.compare(UInt64(x), UInt64(y))?.reasons ?? []
    }

    // MARK: - Review

    /// Pairs for a person to look at, the most useful first: an answer teaches most where it is least known beforehand.
    ///
    /// Those that came to be one profile meanwhile, or of which one is gone, are dropped.
    public func review(limit: Int) throws -> [ReviewPair] {
        let (settings, calibration) = state.withLock { ($0.settings, $0.calibration) }
        let view = try view()
        var out: [ReviewPair] = []
        // Some are dropped, so more are read than are asked for.
        for pair in try store.open(near: calibration.told(0.5), least: calibration.told(settings.review), limit: limit * 2 + 20) where out.count < limit {
            guard let a = current(pair.a), let b = current(pair.b), a.id != b.id else {
                try store.delete(pair.number)
                continue
            }
            if view.contains(a.row), view.contains(b.row) { out.append(pair.named(a.id, b.id, probability: calibration.probability(pair.probability))) }
        }
        return out
    }

    private func current(_ id: String) -> (id: String, row: UInt32)? {
        lock.reading {
            guard let node = ProfileID(id).flatMap(graph.find), let row = columns.row(of: node) else { return nil }
            return (graph.id(node).text, row)
        }
    }

    public func reviewCount() throws -> Int {
        let (settings, calibration) = state.withLock { ($0.settings, $0.calibration) }
        return try store.openCount(least: calibration.told(settings.review))
    }

    /// One pair under the ids that its profiles have now; nil where there is none, or one of the two is gone.
    public func pair(_ number: Int64) throws -> ReviewPair? {
        guard let pair = try store.pair(number), let a = current(pair.a), let b = current(pair.b) else { return nil }
        return pair.named(a.id, b.id, probability: calibration.probability(pair.probability))
    }

    /// What follows for the two from an answer; nil for unsure, and for two that are one already.
    ///
    /// - Throws: ``Refusal`` where there is no such pair.
    public func decision(_ number: Int64, _ answer: ReviewPair.State, author: String) throws -> MatchDecision? {
        guard let pair = try pair(number) else { throw MatchFollower.unknown }
        guard answer == .same || answer == .different, pair.a != pair.b else { return nil }
        return MatchDecision(verdict: answer == .same ? .same : .different, a: pair.a, b: pair.b, probability: pair.probability, reasons: reasons(pair.a, pair.b), author: author)
    }

    /// Notes an answer and learns from it.
    ///
    /// - Throws: ``Refusal`` where there is no such pair.
    public func answered(_ number: Int64, _ answer: ReviewPair.State, author: String, at: Timestamp) throws {
        guard try store.set(number, answer, author: author, at: at) else { throw MatchFollower.unknown }
        let calibration = try MatchFollower.calibration(store)
        state.withLock { $0.calibration = calibration }
    }

    private static let unknown = Refusal(
        404, "match.unknown", "There is no such pair.", remedy: "Read the queue again: profiles that were merged or erased meanwhile are no pair any more.")

    static func calibration(_ store: PairStore) throws -> Calibration {
        Calibration(try store.all().compactMap { pair in pair.state.isSame.map { (pair.probability, $0) } })
    }

    // MARK: - Quality

    /// How good matching at a threshold is, by the answers so far; the settings' threshold unless told.
    public func quality(merge: Double? = nil) throws -> MatchQuality {
        let (settings, calibration) = state.withLock { ($0.settings, $0.calibration) }
        return MatchQuality(try store.all().lazy.map { (told: calibration.probability($0.probability), isSame: $0.state.isSame) }, threshold: merge ?? settings.merge)
    }

    /// Open pairs that would be merged, and looked at, with these thresholds.
    public func preview(merge: Double, review: Double) throws -> (merged: Int, reviewed: Int) {
        let calibration = self.calibration
        let merged = try store.openCount(least: calibration.told(merge))
        return (merged, try store.openCount(least: calibration.told(review)) - merged)
    }

    // MARK: - Merging without asking

    /// A profile is merged with the likeliest other one at most: what else fits is asked again when the two are one.
    func mergeLikely(_ id: String, _ found: [(found: MatchIndex.Found, id: String)]) {
        let (settings, calibration) = state.withLock { ($0.settings, $0.calibration) }
        guard settings.isAutomatic, let best = found.first, best.id != id, calibration.probability(best.found.settled) >= settings.merge else { return }
        merge(id, best.id, calibration.probability(best.found.settled), best.found.reasons)
    }

    func mergeLearned(_ pairs: [MatchIndex.Pair]) {
        let (settings, calibration, index) = state.withLock { ($0.settings, $0.calibration, $0.index) }
        guard settings.isAutomatic, let index else { return }
        var taken: Set<UInt64> = []
        for pair in pairs.sorted(by: { ($0.settled, $1.a, $1.b) > ($1.settled, $0.a, $0.b) }) {
            guard calibration.probability(pair.settled) >= settings.merge else { return }
            guard taken.isDisjoint(with: [pair.a, pair.b]) else { continue }
            guard let found = index.find(pair.a, limit: MatchFollower.pairsOfOne, least: PairStore.least)?.first(where: { $0.key == pair.b }), calibration.probability(found.settled) >= settings.merge else { continue }
            taken.formUnion([pair.a, pair.b])
            let ids = profileIDs([UInt32(pair.a), UInt32(pair.b)])
            merge(ids[0], ids[1], calibration.probability(found.settled), found.reasons)
        }
    }

    private func merge(_ a: String, _ b: String, _ probability: Double, _ reasons: [Reason]) {
        guard a != b, mayMerge(a, b) else { return }
        // As found now, so that quality counts it though nobody was asked.
        try? store.noteMerged(a, b)
        decide.body(MatchDecision(verdict: .same, a: a, b: b, probability: probability, reasons: reasons, author: nil))
    }

    /// Two who each have a userId are two to whoever gave the ids: only a person says otherwise.
    private func mayMerge(_ a: String, _ b: String) -> Bool {
        lock.reading {
            let hasUserID = [a, b].map { id in
                ProfileID(id).flatMap(graph.find).map { graph.members($0).contains { graph.namespace($0) == .userId } } ?? true
            }
            return !(hasUserID[0] && hasUserID[1])
        }
    }
}

extension ReviewPair.State {
    /// Whether a person said that it is one; nil where nobody did.
    var isSame: Bool? {
        switch self {
        case .same: true
        case .different: false
        case .open, .unsure, .merged: nil
        }
    }
}

extension ReviewPair {
    func named(_ a: String, _ b: String, probability: Double) -> ReviewPair {
        ReviewPair(number: number, a: a, b: b, probability: probability, state: state, foundAt: foundAt, answeredAt: answeredAt, author: author)
    }
}
