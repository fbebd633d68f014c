import Foundation
import Testing

@testable import Demo

@Suite("The trickle")
struct TrickleTests {
    /// Plays `minutes` and returns the events as they were handed out, each with the time of the call.
    private func play(_ trickle: inout Trickle, from start: Int64, minutes: Int) -> [(at: Int64, event: [String: Any])] {
        var told: [(at: Int64, event: [String: Any])] = []
        var clock = start
        while clock < start + Int64(minutes) * 60_000 {
            let (body, waitMs) = trickle.next(now: clock)
            let object = try? JSONSerialization.jsonObject(with: Data(body)) as? [String: Any]
            for event in object?["batch"] as? [[String: Any]] ?? [] { told.append((clock, event)) }
            #expect((50...5000).contains(waitMs))
            clock += Int64(waitMs)
        }
        return told
    }

    @Test("an hour has about two events a second, from the first minute on")
    func pace() {
        var trickle = Trickle(shop: Shop(), people: 2000, startingAt: now)
        let told = play(&trickle, from: now, minutes: 60)
        #expect((6200...8200).contains(told.count), "\(told.count)")
        #expect(told.filter { $0.at < now + 60_000 }.count > 40)
        #expect(Set(told.compactMap { $0.event["messageId"] as? String }).count == told.count)
    }

    @Test("no event comes before its time, and none long after")
    func punctuality() throws {
        var trickle = Trickle(shop: Shop(), people: 2000, startingAt: now)
        let format = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        for (at, event) in play(&trickle, from: now, minutes: 10) {
            let time = try format.parse(#require(event["timestamp"] as? String)).timeIntervalSince1970 * 1000
            #expect(time <= Double(at) + 1 && time > Double(at) - 6000)
        }
    }

    @Test("within a visit, nobody orders before the checkout has begun")
    func believableOrder() {
        var trickle = Trickle(shop: Shop(), people: 2000, startingAt: now)
        var begun: Set<String> = []
        var orders = 0
        // Visits that began before the stream did have shown their beginning to nobody.
        for (_, event) in play(&trickle, from: now, minutes: 60).drop(while: { $0.at < now + 900_000 }) {
            guard let properties = event["properties"] as? [String: Any], let order = properties["order_id"] as? String else { continue }
            if event["event"] as? String == "Checkout Started" { begun.insert(order) }
            if event["event"] as? String == "Order Completed" { orders += begun.contains(order) ? 1 : 0 }
        }
        #expect(orders > 50)
    }

    @Test("after the machine has slept for a day, the stream goes on from now")
    func sleep() {
        var trickle = Trickle(shop: Shop(), people: 2000, startingAt: now)
        _ = trickle.next(now: now)
        let later = now + 86_400_000
        let (body, _) = trickle.next(now: later)
        #expect(body.count < 20_000)
        #expect(play(&trickle, from: later, minutes: 1).count > 40)
    }
}
