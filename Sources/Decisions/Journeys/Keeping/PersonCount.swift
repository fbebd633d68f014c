import Storage
import Vocabulary

/// What one person counts for in a journey: once, on one side, however many runs they have and under however many names.
///
/// It is written beside the person's first run, so that when two people turn out to be one, what either counted for is taken back and the one is counted: on the side of the first run of all. The other runs name the id of that one, so that
/// both are counted anew when they part again.
struct PersonCount: Sendable, Hashable {
    /// In which the first run began.
    let version: Int64
    let isHeldOut: Bool
    let hasConverted: Bool
    /// Of all their orders, in ten-thousandths.
    let revenue: Int64

    init(version: Int64, isHeldOut: Bool, hasConverted: Bool, revenue: Int64) { (self.version, self.isHeldOut, self.hasConverted, self.revenue) = (version, isHeldOut, hasConverted, revenue) }

    init?(text: String) {
        let parts = text.split(separator: " ").map { Int64($0) }
        guard parts.count == 4, let version = parts[0], let held = parts[1], let converted = parts[2], let revenue = parts[3] else { return nil }
        self.init(version: version, isHeldOut: held != 0, hasConverted: converted != 0, revenue: revenue)
    }

    var text: String { "\(version) \(isHeldOut ? 1 : 0) \(hasConverted ? 1 : 0) \(revenue)" }

    static let migrations = [
        Migration(
            "decisions_person_1",
            // Whoever has runs already is counted by the ids under which these stand. Sums that had become floating-point numbers are whole ones again.
            sql: """
                ALTER TABLE decisions_run ADD COLUMN goal_from INTEGER;
                ALTER TABLE decisions_run ADD COLUMN counted TEXT;
                UPDATE decisions_count SET count = max(-9223372036854775807, min(9223372036854775807, count)) WHERE typeof(count) = 'real';
                DELETE FROM decisions_count WHERE what IN ('revenue', 'heldRevenue');
                CREATE TABLE decisions_person (number INTEGER PRIMARY KEY, journey INTEGER, version INTEGER, held INTEGER, converted INTEGER, revenue INTEGER);
                INSERT INTO decisions_person
                  SELECT f.number, f.journey, f.version, f.step = '' AND coalesce(f.reason, '') = 'held-out', p.converted, p.revenue FROM decisions_run f JOIN (
                    SELECT min(number) AS number, max(converted IS NOT NULL) AS converted,
                      CAST(max(-9e18, min(9e18, total(round(max(-1e12, min(1e12, CAST(coalesce(revenue, '0') AS REAL))) * 10000)))) AS INTEGER) AS revenue
                    FROM decisions_run WHERE step != '' OR coalesce(reason, '') IN ('held-out', 'finished') GROUP BY journey, owner) p ON p.number = f.number;
                UPDATE decisions_run SET counted = (SELECT version || ' ' || held || ' ' || converted || ' ' || revenue FROM decisions_person p WHERE p.number = decisions_run.number)
                  WHERE number IN (SELECT number FROM decisions_person);
                INSERT INTO decisions_count SELECT journey, version, '', iif(held, 'heldPeople', 'people'), count(*), 0 FROM decisions_person GROUP BY journey, version, held;
                INSERT INTO decisions_count SELECT journey, version, '', iif(held, 'heldPeopleConverted', 'peopleConverted'), sum(converted), 0 FROM decisions_person GROUP BY journey, version, held;
                INSERT INTO decisions_count SELECT journey, version, '', iif(held, 'heldPeopleRevenue', 'peopleRevenue'), CAST(max(-9e18, min(9e18, total(revenue))) AS INTEGER), total(revenue / 10000.0 * (revenue / 10000.0))
                  FROM decisions_person GROUP BY journey, version, held;
                DROP TABLE decisions_person;
                """)
    ]
}

extension RunCounts {
    /// Counts a person anew, by all their runs of one journey; what they counted for before is taken back.
    mutating func count(personOf runs: inout [JourneyRun], journey: Int64) {
        guard let first = runs.indices.filter({ runs[$0].hasEntered }).min(by: { JourneyRun.isOlder(runs[$0], runs[$1]) }) else { return }
        let revenue = runs.reduce(Int64(0)) { sum, run in run.conversion?.revenue.map { sum.addingClamped($0.floor(scale: 4).value) } ?? sum }
        let now = PersonCount(
            version: runs[first].counted?.version ?? runs[first].version, isHeldOut: runs[first].isHeldOut, hasConverted: runs.contains { $0.conversion != nil }, revenue: revenue)
        for index in runs.indices {
            guard let before = runs[index].counted, index != first || before != now else { continue }
            add(before, isTakenBack: true, journey: journey)
            runs[index].counted = nil
        }
        for index in runs.indices where runs[index].hasEntered { runs[index].countedWith = runs[index].owner == runs[first].owner ? nil : runs[first].owner }
        guard runs[first].counted == nil else { return }
        runs[first].counted = now
        add(now, isTakenBack: false, journey: journey)
    }

    private mutating func add(_ person: PersonCount, isTakenBack: Bool, journey: Int64) {
        let sign: Int64 = isTakenBack ? -1 : 1
        let side = person.isHeldOut ? "heldPeople" : "people"
        func key(_ what: String) -> Key { Key(journey: journey, version: person.version, step: "", what: what) }
        add(sign, to: key(side))
        if person.hasConverted { add(sign, to: key(side + "Converted")) }
        guard person.revenue != 0 else { return }
        let money = Double(person.revenue) / 10_000
        add(isTakenBack ? Int64(0).subtractingClamped(person.revenue) : person.revenue, square: isTakenBack ? -money * money : money * money, to: key(side + "Revenue"))
    }
}

extension Int64 {
    /// The sum, or the end of the range beyond which it lies: what people send may be any number, and no sum of theirs may stop the server.
    func addingClamped(_ other: Int64) -> Int64 {
        let (sum, isOver) = addingReportingOverflow(other)
        return isOver ? (other < 0 ? -.max : .max) : sum
    }

    func subtractingClamped(_ other: Int64) -> Int64 {
        let (difference, isOver) = subtractingReportingOverflow(other)
        return isOver ? (other < 0 ? .max : -.max) : difference
    }
}
