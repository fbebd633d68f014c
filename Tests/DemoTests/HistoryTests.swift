import Foundation
import Testing

@testable import Demo

/// The first of November 2026, a Sunday, at noon in UTC.
let now: Int64 = 1_793_534_400_000

@Suite("The shop's history")
struct HistoryTests {
    private static let bodies = Array(Shop(seed: 7).history(until: now, people: 300))
    private let events = Self.bodies.flatMap(Self.parse)

    private static func parse(_ body: [UInt8]) -> [[String: Any]] {
        let object = try? JSONSerialization.jsonObject(with: Data(body)) as? [String: Any]
        return object?["batch"] as? [[String: Any]] ?? []
    }

    @Test("the same seed tells the same history, another seed another")
    func sameSeed() {
        #expect(Array(Shop(seed: 7).history(until: now, people: 300)) == Self.bodies)
        #expect(Array(Shop(seed: 8).history(until: now, people: 300)) != Self.bodies)
    }

    @Test("told again a day later, an event of the same visit keeps its messageId")
    func messageIDsOutliveTheDay() {
        let tomorrow = Shop(seed: 7).history(until: now + 86_400_000, people: 300).flatMap(Self.parse)
        let ids = Set(events.compactMap { $0["messageId"] as? String })
        let again = Set(tomorrow.compactMap { $0["messageId"] as? String })
        #expect(ids.count == events.count)
        // Visits may end elsewhere on another weekday, so the two overlap rather than agree.
        #expect(ids.intersection(again).count > ids.count * 6 / 10)
    }

    @Test("every body is JSON of at most 400 events and 450 KB, and none is empty")
    func sizes() {
        for body in Self.bodies {
            let count = Self.parse(body).count
            #expect((1...400).contains(count))
            #expect(body.count <= 450_000)
        }
    }

    @Test("timestamps never fall, and lie in the ninety days before now")
    func order() throws {
        let times = events.compactMap { $0["timestamp"] as? String }
        #expect(times.count == events.count)
        #expect(zip(times, times.dropFirst()).allSatisfy { $0 <= $1 })
        let format = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        let first = try format.parse(times[0]).timeIntervalSince1970 * 1000
        let last = try format.parse(times[times.count - 1]).timeIntervalSince1970 * 1000
        #expect(first >= Double(now - 90 * 86_400_000) - 1)
        #expect(last < Double(now))
    }

    @Test("everybody signs in, with their own e-mail; Ada is the first of them")
    func people() {
        let identified = events.filter { $0["type"] as? String == "identify" }
        let emails = Dictionary(
            identified.compactMap { event -> (String, String)? in
                guard let id = event["userId"] as? String, let email = (event["traits"] as? [String: Any])?["email"] as? String else { return nil }
                return (id, email)
            }, uniquingKeysWith: { first, _ in first })
        #expect(emails.count == 300)
        #expect(Set(emails.values).count == 300)
        #expect(emails["u1"] == "ada@example.com")
        #expect(Set(events.compactMap { $0["userId"] as? String }).count == 300)
    }

    @Test("a visitor who signs up was anonymous before, on the same device")
    func anonymousBefore() {
        var anonymous: Set<String> = []
        var turned = 0
        for event in events {
            guard let device = event["anonymousId"] as? String else { continue }
            if event["userId"] == nil { anonymous.insert(device) } else if anonymous.remove(device) != nil { turned += 1 }
        }
        #expect(turned > 50)
        #expect(anonymous.count > 50, "some only pass by")
    }

    @Test("what the funnel counts becomes fewer from step to step")
    func funnel() {
        let counts = ["Product Viewed", "Product Added", "Checkout Started", "Order Completed", "Order Refunded"].map { name in
            events.filter { $0["event"] as? String == name }.count
        }
        #expect(zip(counts, counts.dropFirst()).allSatisfy { $0 > $1 }, "\(counts)")
        #expect(counts[4] > 0)
    }

    @Test("the amounts of an order add up to the penny")
    func amounts() throws {
        for event in events where event["event"] as? String == "Order Completed" {
            let order = try #require(event["properties"] as? [String: Any])
            func pence(_ name: String) -> Int { ((order[name] as? Double ?? -1) * 100).rounded().exact }
            let products = try #require(order["products"] as? [[String: Any]])
            let sum = products.reduce(0) { $0 + (($1["price"] as? Double ?? 0) * 100).rounded().exact * ($1["quantity"] as? Int ?? 0) }
            #expect(sum == pence("subtotal"))
            #expect(pence("revenue") == pence("subtotal") - pence("discount"))
            #expect(pence("total") == pence("revenue") + pence("shipping") + pence("tax"))
        }
    }

    @Test("u72 is the second account of u71: another mailbox and device, and all else that matching looks at the same")
    func again() throws {
        func told(_ id: String) throws -> (traits: [String: Any], devices: Set<String>) {
            let own = events.filter { $0["userId"] as? String == id }
            let identify = try #require(own.first { $0["type"] as? String == "identify" })
            return (try #require(identify["traits"] as? [String: Any]), Set(own.compactMap { $0["anonymousId"] as? String }))
        }
        let (first, second) = (try told("u71"), try told("u72"))
        for name in ["firstName", "lastName", "phone", "birthday"] { #expect(first.traits[name] as? String == second.traits[name] as? String && first.traits[name] != nil, "\(name)") }
        #expect(first.traits["email"] as? String != second.traits["email"] as? String)
        #expect(first.devices.isDisjoint(with: second.devices))
    }

    @Test("a history of nobody still has somebody")
    func smallest() {
        #expect(Array(Shop().history(until: now, people: 0)).isEmpty == false)
    }
}

extension Double {
    fileprivate var exact: Int { Int(self) }
}
