public import Identity
public import Storage
public import Vocabulary

/// What has come of a journey so far, over all its versions.
public struct JourneyResults: Sendable {
    public struct Step: Sendable {
        public let id: String
        public let kind: String
        public let summary: String
        public let depth: Int
        /// How many came to it, stand at it now, and went on from it.
        public let arrived: Int64, at: Int64, passed: Int64
        /// How many intents it decided.
        public let decided: Int64
        /// What became of its messages, as the log has told: how many were sent, how many could not be or came back, and how many the rules of sending refused.
        public let sent: Int64, failed: Int64, refused: Int64
        /// How many people opened and clicked its message, machines aside.
        public let opened: Int64, clicked: Int64
        /// How many went which way.
        public let ways: [(name: String, count: Int64)]
    }
    /// Who walked, or who was held out.
    public struct Arm: Sendable, Hashable {
        public let people: Int64
        public let converted: Int64
        /// The sum, and the sum of the squares.
        public let revenue: Double, squares: Double

        public init(people: Int64, converted: Int64, revenue: Double = 0, squares: Double = 0) { (self.people, self.converted, self.revenue, self.squares) = (people, converted, revenue, squares) }

        /// Of those who may convert; nil where there are none.
        public var rate: Double? { people > 0 ? Double(converted) / Double(people) : nil }
    }
    /// Runs, whether they walked or were held out.
    public let entered: Int64
    /// People, each once, on the side of their first run.
    public let walked: Arm
    public let heldOut: Arm
    /// Of these those who came in while as many were held out as now: only they were drawn by the same lot at the same time.
    let compared: (walked: Arm, heldOut: Arm)
    /// Runs that ended, by their reason.
    public let ended: [(reason: String, count: Int64)]
    public let steps: [Step]

    /// By how much the share that converts is larger for those who walked, as a difference of shares; nil without both arms.
    ///
    /// - Note: Newcombe, Statistics in Medicine 17 (1998) 873, method 10: Wilson's interval of each share, joined. It keeps its 95 % for small numbers too.
    public var lift: Estimate? { JourneyResults.difference(compared.walked, compared.heldOut) }

    /// By how much revenue per person is larger; nil while either side has fewer than 30 people, for which no interval would be honest.
    ///
    /// - Note: Welch, Biometrika 34 (1947) 28, with the normal quantile.
    public var revenueLift: Estimate? { JourneyResults.revenueDifference(compared.walked, compared.heldOut) }

    public static func revenueDifference(_ walked: Arm, _ heldOut: Arm) -> Estimate? {
        guard walked.people >= 30, heldOut.people >= 30 else { return nil }
        func mean(_ arm: Arm) -> Double { arm.revenue / Double(arm.people) }
        func variance(_ arm: Arm) -> Double { max(0, arm.squares - arm.revenue * arm.revenue / Double(arm.people)) / Double(arm.people - 1) }
        let value = mean(walked) - mean(heldOut)
        let margin = JourneyResults.quantile * (variance(walked) / Double(walked.people) + variance(heldOut) / Double(heldOut.people)).squareRoot()
        return Estimate(value: value, low: value - margin, high: value + margin)
    }

    public struct Estimate: Sendable, Hashable {
        public let value: Double
        /// Of 95 %.
        public let low: Double, high: Double
        /// Whether it can be told from nothing.
        public var isClear: Bool { low > 0 || high < 0 }
    }

    /// Of fewer on either side nothing is said: the interval of one or two people holds less often than it says.
    public static let comparedMinimum: Int64 = 10

    /// Of the normal distribution, for 95 %.
    private static let quantile = 1.959964

    public static func difference(_ a: Arm, _ b: Arm) -> Estimate? {
        guard min(a.people, b.people) >= comparedMinimum, let (pa, pb) = a.rate.flatMap({ rate in b.rate.map { (rate, $0) } }) else { return nil }
        let (wa, wb) = (wilson(a), wilson(b))
        let value = pa - pb
        func root(_ x: Double, _ y: Double) -> Double { (x * x + y * y).squareRoot() }
        return Estimate(value: value, low: value - root(pa - wa.low, wb.high - pb), high: value + root(wa.high - pa, pb - wb.low))
    }

    /// - Note: Wilson, JASA 22 (1927) 209.
    private static func wilson(_ arm: Arm) -> (low: Double, high: Double) {
        let (n, p, z) = (Double(arm.people), Double(arm.converted) / Double(arm.people), quantile)
        let middle = p + z * z / (2 * n)
        let margin = z * (p * (1 - p) / n + z * z / (4 * n * n)).squareRoot()
        return ((middle - margin) / (1 + z * z / n), (middle + margin) / (1 + z * z / n))
    }
}

extension JourneyStore {
    /// What has come of a journey.
    ///
    /// - Parameter version: whose steps are told; steps of the same id in others count with it.
    public func results(of kept: KeptJourney, steps journey: Journey) throws -> JourneyResults {
        let values = try database.pool.read { db in try RunCounts.read(of: kept.number, db) }
        var sums: [String: [String: RunCounts.Value]] = [:]
        for (key, value) in values {
            sums[key.step, default: [:]][key.what, default: RunCounts.Value()].add(value)
        }
        let whole = sums[""] ?? [:]
        func count(_ what: String) -> Int64 { whole[what]?.count ?? 0 }
        func arm(_ side: String, _ versions: Set<Int64>? = nil) -> JourneyResults.Arm {
            func sum(_ what: String) -> RunCounts.Value {
                values.reduce(into: RunCounts.Value()) { sum, entry in if entry.key.step.isEmpty, entry.key.what == what, versions?.contains(entry.key.version) ?? true { sum.add(entry.value) } }
            }
            let revenue = sum(side + "Revenue")
            return JourneyResults.Arm(people: sum(side).count, converted: sum(side + "Converted").count, revenue: Double(revenue.count) / 10_000, squares: revenue.square)
        }
        // The shares of each version in which somebody came in; whom another share drew, or none, is no measure of these.
        let shares = Dictionary(Set(values.keys.filter { $0.what == "people" || $0.what == "heldPeople" }.map(\.version)).compactMap { version in self.journey(kept.id, version: version).map { (version, $0.holdout) } }) { first, _ in first }
        let share = shares.filter { $0.value > 0 }.max { $0.key < $1.key }?.value
        let versions = Set(shares.filter { $0.value == share }.keys)
        let steps = journey.steps.map { placed -> JourneyResults.Step in
            let own = sums[placed.id] ?? [:]
            func count(_ what: String) -> Int64 { own[what]?.count ?? 0 }
            return JourneyResults.Step(
                id: placed.id, kind: placed.step.key, summary: placed.step.summary, depth: placed.depth, arrived: count("arrived"), at: count("at"), passed: count("passed"), decided: count("decided"),
                sent: count("sent"), failed: count("failed"), refused: count("withheld"), opened: count("opened"), clicked: count("clicked"), ways: placed.wayNames.map { ($0, count("way:" + $0)) })
        }
        let ended = whole.filter { $0.key.hasPrefix("ended:") }.map { (reason: String($0.key.dropFirst(6)), count: $0.value.count) }.sorted { ($1.count, $0.reason) < ($0.count, $1.reason) }
        return JourneyResults(
            entered: count("entered"), walked: arm("people"), heldOut: arm("heldPeople"), compared: (arm("people", versions), arm("heldPeople", versions)), ended: ended, steps: steps)
    }

    /// A journey in the version in which people begin, with its text; before it was ever started, as it was written last.
    public func live(_ kept: KeptJourney) -> (journey: Journey, document: JourneyDocument) {
        guard kept.liveVersion > 0, kept.liveVersion != kept.version, let journey = journey(kept.id, version: kept.liveVersion), let document = try? document(kept.id, version: kept.liveVersion) else {
            return (kept.journey, kept.document)
        }
        return (journey, document)
    }

    /// How many stand at each step of each version, and how many of those would find their step in another version.
    public func standing(in kept: KeptJourney) throws -> [(version: Int64, step: String, count: Int64)] {
        try database.pool.read { db in
            try RunCounts.read(of: kept.number, db).filter { ($0.key.what == "at" || $0.key.what == "armed") && $0.value.count > 0 }.map { ($0.key.version, $0.key.step, $0.value.count) }
        }.sorted { ($0.0, $0.1) < ($1.0, $1.1) }
    }

    /// How many are in it: who came in and has not left, not of whom inaction is still counted.
    public func inside(_ kept: KeptJourney) throws -> Int64 {
        try database.pool.read { db in try RunCounts.read(of: kept.number, db).reduce(0) { $1.key.what == "at" ? $0 + $1.value.count : $0 } }
    }

    /// The versions that people walk: the one in which they begin, and those in which some still stand.
    public func walked(_ kept: KeptJourney) throws -> [Journey] {
        Set(try standing(in: kept).map(\.version) + [kept.liveVersion]).sorted().compactMap { journey(kept.id, version: $0) }
    }

    /// The runs of somebody, by any id that they ever had, newest first.
    public func runs(of ids: [ProfileID]) throws -> [(journey: KeptJourney, run: JourneyRun)] {
        let byNumber = Dictionary(all.map { ($0.number, $0) }) { first, _ in first }
        return try database.pool.read { db in try RunTable.runs(of: ids, db) }.compactMap { found in byNumber[found.journey].map { ($0, found.run) } }
            .sorted { ($1.run.enteredAt, $1.run.number ?? 0) < ($0.run.enteredAt, $0.run.number ?? 0) }
    }
}
