import Delivery
import Foundation
import Identity
import Privacy
import Profiles
import Synchronization
import TestSupport
import Testing
import Vocabulary

@Suite("What waits for people who turn out to be one", .serialized)
struct OneAfterAnotherTests {
    /// Each family is a user and a visitor with things in turn under both ids; some become one while these wait, and more comes for all.
    @Test("goes on, each thing once, and from then on in the order in which it was decided", arguments: 0..<6)
    func merged(seed: Int) async throws {
        let (families, first, second) = (6, 14, 8)
        var random = SystemRandomNumberGenerator()
        let handed = Mutex<[(family: Int, number: Int)]>([])
        let active = Mutex<[Int: Int]>([:])
        let beside = Mutex<[String]>([])
        let channel = StubChannel { message in
            let parts = message.key.split(separator: ":").compactMap { Int($0) }
            let (family, number) = (parts[0], parts[1])
            handed.withLock { $0.append((family, number)) }
            let count = active.withLock { active in
                active[family, default: 0] += 1
                return active[family] ?? 0
            }
            if count > 1, number >= first { beside.withLock { $0.append(message.key) } }
            try? await Task.sleep(for: .milliseconds(number % 3 == 0 ? 12 : 3))
            active.withLock { $0[family, default: 0] -= 1 }
            return .accepted(receipt: message.key)
        }
        let sending = try Sending(channel)
        let users = try await sending.people(families)
        let grant = ConsentStatement(ConsentScope(ConsentPurpose("marketing")), .granted, at: Sending.now())
        for family in 0..<families { try await sending.world.send("{\"batch\":[{\"type\":\"identify\",\"anonymousId\":\"a\(family)\",\"messageId\":\"a\(family)\",\"traits\":{\"firstName\":\"Bea\"}}]}") }
        try sending.world.stages.ledger.state((0..<families).map { ConsentSaying([Identifier(.anonymousId, "a\($0)")], [grant]) }, at: Sending.now())
        let reader = sending.world.stages.profiles.reader(for: .service)
        let visitors = try (0..<families).compactMap { try reader.profile(Identifier(.anonymousId, "a\($0)")).flatMap { ProfileID($0.id) } }
        #expect(users.count == families && visitors.count == families && Set(users).isDisjoint(with: visitors))

        func submit(_ numbers: Range<Int>) throws {
            for number in numbers { try sending.outbox.submit((0..<families).map { sending.intent("\($0):\(number)", Bool.random(using: &random) ? users[$0] : visitors[$0]) }) }
        }
        try submit(0..<first)
        try await Task.sleep(for: .milliseconds(Int.random(in: 0...30, using: &random)))
        let merged = (0..<families).filter { _ in Int.random(in: 0..<3, using: &random) > 0 }
        for family in merged { try await sending.world.send("{\"batch\":[{\"type\":\"identify\",\"userId\":\"u\(family)\",\"anonymousId\":\"a\(family)\",\"messageId\":\"m\(family)\"}]}") }
        let before = handed.withLock { $0.count }
        try submit(first..<(first + second))
        try await sending.settle()

        let all = handed.withLock { $0 }
        #expect(all.count == families * (first + second) && Set(all.map { "\($0.family):\($0.number)" }).count == all.count)
        for family in merged {
            // One of each id may have been on its way.
            let rest = all.dropFirst(before).filter { $0.family == family }.map(\.number).dropFirst(2)
            #expect(Array(rest) == rest.sorted(), "\(family): \(Array(rest))")
        }
        #expect(beside.withLock { $0.filter { key in merged.contains { key.hasPrefix("\($0):") } } }.isEmpty)
        #expect(try sending.records(.sent).count == all.count)
    }
}
