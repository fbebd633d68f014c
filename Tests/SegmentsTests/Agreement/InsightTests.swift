import Analytics
import Segments
import TestSupport
import Testing
import Vocabulary

/// What is asked of many people at once, beside loops over their stories that have no cleverness.
@Suite("Insights and slow loops over the stories agree")
struct InsightTests {
    private static let begin = Timestamp("2026-06-01")!.milliseconds
    private static let names = ["Product Viewed", "Product Added", "Order Completed"]

    private struct Happening {
        let time: Int64
        let name: String
        let category: String
        /// In thousandths.
        let total: Int64
    }

    private static func line(_ event: Happening, _ user: String, _ number: Int) -> String {
        let total = event.total % 1000 == 0 ? "\(event.total / 1000)" : "\(event.total / 1000).\(String("\(1000 + event.total % 1000)".dropFirst()))"
        return
            "{\"type\":\"track\",\"event\":\"\(event.name)\",\"messageId\":\"\(user)-\(number)\",\"userId\":\"\(user)\",\"timestamp\":\"\(Timestamp(clamping: event.time).iso8601)\","
            + "\"properties\":{\"category\":\"\(event.category)\",\"total\":\(total)}}"
    }

    @Test("with nothing, half of it and everything sorted in", arguments: Seed.some(3), [0, 1, 2])
    func agree(_ seed: Seed, _ sorted: Int) async throws {
        var random = Random(seed)
        let world = try World(clock: StoryClock(Timestamp("2026-07-02")!))
        var people: [[Happening]] = []
        for number in 0..<150 {
            // Steps of half an hour, so that the same instant is common; some have very many.
            let many = number == 7 ? 400 : random.below(14)
            people.append((0..<many).map { _ in
                Happening(
                    time: InsightTests.begin + Int64(random.below(1300)) * 1_800_000 + Int64(random.below(2)), name: random.pick(InsightTests.names),
                    category: random.pick(["tea", "cups"]), total: random.pick([0, 1000, 2500, 19_990, 125, Int64(random.below(90_000))]))
            })
        }
        var lines: [String] = []
        for (number, person) in people.enumerated() { for (index, event) in person.enumerated() { lines.append(InsightTests.line(event, "u\(number)", index)) } }
        for half in [lines[..<(lines.count / 2)], lines[(lines.count / 2)...]] {
            for start in stride(from: half.startIndex, to: half.endIndex, by: 400) {
                _ = try await world.send("{\"batch\":[\(half[start..<min(start + 400, half.endIndex)].joined(separator: ","))]}")
            }
            if sorted == 2 || (sorted == 1 && half.startIndex == 0) { world.stages.lock.writing { world.stages.columns.sortEverything() } }
        }
        let engine = try world.engine()
        for now in [Timestamp("2026-07-01T12:00:00Z")!, Timestamp("2026-06-14T06:30:00.001Z")!] {
            let insights = Insights(try engine.question(at: Moment(asOf: now), in: try engine.view()) { _ in nil })
            try check(insights, people.filter { !$0.isEmpty }, now.milliseconds)
        }
        withExtendedLifetime(world) {}
    }

    private func check(_ insights: Insights, _ people: [[Happening]], _ now: Int64) throws {
        let past = people.map { $0.filter { $0.time < now } }
        let tea = EventPattern([.track("Product Viewed")], where: .property("category", .equals(.text("tea"))))
        let steps = [tea, EventPattern([.track("Product Added")]), EventPattern([.track("Order Completed")])]
        let day: Int64 = 86_400_000
        for (window, from, within) in [(Window.ever, Int64.min, Int64(3)), (.last(Period(10, .day)), now - 10 * day, 1), (.last(Period(20, .day)), now - 20 * day, 30)] {
            var wanted = [0, 0, 0]
            for person in past {
                let events = person.filter { $0.time >= from }
                let views = events.filter { $0.name == "Product Viewed" && $0.category == "tea" }
                let added = events.filter { add in add.name == "Product Added" && views.contains { $0.time < add.time && add.time - $0.time <= within * day } }
                let bought = events.contains { order in
                    order.name == "Order Completed"
                        && views.contains { view in added.contains { view.time < $0.time && $0.time < order.time } && order.time - view.time <= within * day }
                }
                wanted[0] += views.isEmpty ? 0 : 1
                wanted[1] += added.isEmpty ? 0 : 1
                wanted[2] += bought ? 1 : 0
            }
            #expect(try insights.funnel(steps, in: window, within: Period(Int(within), .day)) == wanted)
        }

        let seconds = (now + 999) / 1000
        for (length, count) in [(86_400, 20), (3600, 128), (86_400 * 7, 3), (43_200, 65)] {
            let start = seconds - Int64(length * count)
            func period(_ time: Int64) -> Int? { time / 1000 < start || time / 1000 >= seconds ? nil : Int((time / 1000 - start) / Int64(length)) }
            let active = (0..<count).map { number in people.count { $0.contains { period($0.time) == number } } }
            var found = [Int](repeating: 0, count: count)
            for point in insights.activeProfiles(seconds: length, count: count, by: nil) { found[point.period] = point.profiles }
            #expect(found == active)
            var cells: [[Int]: Int] = [:]
            for person in people {
                guard let first = person.map(\.time).min(), let cohort = period(first) else { continue }
                for later in Set(person.compactMap { period($0.time) }) { cells[[cohort, later - cohort], default: 0] += 1 }
            }
            var returned: [[Int]: Int] = [:]
            for cell in insights.retention(seconds: length, count: count) { returned[[cell.cohort, cell.later]] = cell.profiles }
            #expect(returned == cells)
        }

        let orders = past.map { $0.filter { $0.name == "Order Completed" } }
        let sums = orders.filter { !$0.isEmpty }.map { $0.reduce(0) { $0 + $1.total } }.sorted(by: >)
        let top = try insights.top(12, by: EventPattern([.track("Order Completed")]), summing: "total", in: .ever, among: .all([]))
        let units: [Int64] = [1000, 100, 10, 1]
        let highest: [Int64] = top.map { $0.value * units[$0.scale] }
        #expect(highest == Array(sums.prefix(12)))
        let counted = try insights.top(12, by: EventPattern([.track("Order Completed")]), summing: nil, in: .ever, among: .all([]))
        let most = orders.map { Int64($0.count) }.filter { $0 > 0 }.sorted(by: >).prefix(12)
        #expect(counted.map(\.value) == Array(most))

        // Equals are told apart by who came first, which is the order in which their first events were sent.
        let buyers = orders.filter { !$0.isEmpty }
        for tiles in [2, 5, 10] {
            let keys: [[Int64]] = [buyers.map { $0.map(\.time).max() ?? 0 }, buyers.map { Int64($0.count) }, buyers.map { $0.reduce(0) { $0 + $1.total } }]
            let placed = keys.map { InsightTests.tiles($0, tiles) }
            var wanted: [[Int]: Int] = [:]
            for index in buyers.indices { wanted[placed.map { $0[index] }, default: 0] += 1 }
            var found: [[Int]: Int] = [:]
            for cell in insights.rfm(EventPattern([.track("Order Completed")]), summing: "total", tiles: tiles, in: .ever) {
                found[[cell.recency, cell.frequency, cell.monetary]] = cell.profiles
            }
            #expect(found == wanted)
        }
    }

    /// From 1: the tile of each key when the keys are dealt out in order, equals by their place.
    private static func tiles(_ keys: [Int64], _ count: Int) -> [Int] {
        var result = [Int](repeating: 0, count: keys.count)
        let sorted = keys.indices.sorted { (keys[$0], $0) < (keys[$1], $1) }
        var at = 0
        for tile in 0..<count {
            for _ in 0..<keys.count / count + (tile < keys.count % count ? 1 : 0) {
                result[sorted[at]] = tile + 1
                at += 1
            }
        }
        return result
    }
}
