import TestSupport
import Vocabulary

/// One call of a random history, as both the product and the slow model see it.
struct Call {
    var type: String
    var userId: String?
    var anonymousId: String?
    var previousId: String?
    var event: String?
    /// Name and JSON value, in the order sent.
    var traits: [(String, String)] = []
    var contextTraits: [(String, String)] = []
    var timestamp: Timestamp
    var receivedAt: Timestamp
    var number: Int

    /// When what it says counts from: nobody can state the future.
    var statedAt: Timestamp { timestamp < receivedAt ? timestamp : receivedAt }

    var json: String {
        var w = JSONWriter()
        func object(_ members: [(String, String)], to w: inout JSONWriter) {
            w.object { w in
                for (name, value) in members {
                    w.key(name)
                    w.raw(value.utf8)
                }
            }
        }
        w.object { w in
            w.member("type", type)
            w.member("messageId", "m\(number)")
            for (key, value) in [("userId", userId), ("anonymousId", anonymousId), ("previousId", previousId), ("event", event)] {
                if let value { w.member(key, value) }
            }
            w.member("timestamp", timestamp)
            if !traits.isEmpty {
                w.key("traits")
                object(traits, to: &w)
            }
            if !contextTraits.isEmpty {
                w.key("context")
                w.object { w in
                    w.key("traits")
                    object(contextTraits, to: &w)
                }
            }
        }
        return w.text.text
    }
}

extension Random {
    mutating func call(_ number: Int, now: Timestamp) -> Call {
        let type = pick(["track", "track", "track", "identify", "identify", "identify", "alias"])
        var call = Call(
            type: type, timestamp: Timestamp(clamping: now.milliseconds - Int64(below(40)) * 1000), receivedAt: now, number: number)
        if chance(12) { call.timestamp = Timestamp(clamping: now.milliseconds + pick([1, 1000, 60_000, 86_400_000, 3_000_000_000_000])) }
        func user(_ random: inout Random) -> String { random.chance(8) ? random.pick(["null", "0", "Undefined"]) : "u\(random.below(9))" }
        func device(_ random: inout Random) -> String { random.chance(8) ? random.pick(["anonymous", "-1"]) : "a\(random.below(14))" }
        if type == "alias" || chance(60) { call.userId = user(&self) }
        if call.userId == nil || chance(55) { call.anonymousId = device(&self) }
        if type == "alias" { call.previousId = chance(50) ? user(&self) : device(&self) }
        if type == "track" { call.event = "E\(number)" }
        if type == "identify" {
            // Numbers keep their digits, text its escapes.
            let values = ["null", "1", "1.0", "12345678901234567890", "\"free\"", "\"pro\"", "true", "[1, 2]", "{\"a\": {}}", "\"\\u00e9\""]
            for name in ["plan", "plan", "seats", "café \"quoted\"", "x"] where chance(40) { call.traits.append((name, pick(values))) }
            for name in ["plan", "vip"] where chance(30) { call.contextTraits.append((name, pick(values))) }
            if chance(25) { call.traits.append(("email", "\"p\(below(6))@example.com\"")) }
        }
        return call
    }
}

/// Who is who and what is known of them, worked out again from all calls in the most obvious way.
struct SlowPeople {
    private(set) var people: [Set<String>] = []
    /// For each call, the identifier that it belongs to; nil for a call that was refused.
    private(set) var owners: [String?] = []
    let calls: [Call]

    static func isBlocked(_ value: String) -> Bool { ["null", "0", "undefined", "anonymous", "-1"].contains(value.lowercased()) }

    init(_ calls: [Call]) {
        self.calls = calls
        for call in calls {
            let user = call.userId.flatMap { Self.isBlocked($0) ? nil : "userId=\($0)" }
            let device = call.anonymousId.flatMap { Self.isBlocked($0) ? nil : "anonymousId=\($0)" }
            guard user != nil || device != nil else { owners.append(nil); continue }
            for name in [user, device] { if let name { meet(name) } }
            if call.type == "alias", let user, let previous = call.previousId, !Self.isBlocked(previous) {
                let old = ["userId=\(previous)", "anonymousId=\(previous)"].first { person($0) != nil } ?? "userId=\(previous)"
                meet(old)
                join(user, old)
            }
            if let user, let device, !people[person(device)!].contains(where: { $0.hasPrefix("userId=") }) { join(user, device) }
            let owner = user ?? device!
            owners.append(owner)
            if call.type == "identify" {
                for (name, value) in call.traits where name == "email" {
                    let address = "email=" + value.dropFirst().dropLast()
                    guard person(address) == nil else { continue }
                    meet(address)
                    join(owner, address)
                }
            }
        }
    }

    func person(_ name: String) -> Int? { people.firstIndex { $0.contains(name) } }

    private mutating func meet(_ name: String) { if person(name) == nil { people.append([name]) } }

    private mutating func join(_ a: String, _ b: String) {
        let (x, y) = (person(a)!, person(b)!)
        guard x != y else { return }
        people[x].formUnion(people[y])
        people.remove(at: y)
    }

    /// The calls of a person, in the order received.
    func calls(of person: Set<String>) -> [Call] { zip(calls, owners).filter { $1.map(person.contains) ?? false }.map(\.0) }

    /// Every statement about each trait, oldest first by the time when it was so, then by arrival.
    func history(of person: Set<String>) -> [String: [(value: String, timestamp: Timestamp)]] {
        var all: [String: [(value: String, timestamp: Timestamp, number: Int)]] = [:]
        for call in calls(of: person) where call.type == "identify" {
            for (name, value) in call.contextTraits + call.traits { all[name, default: []].append((value, call.statedAt, all[name]?.count ?? 0)) }
        }
        return all.mapValues { $0.sorted { ($0.timestamp, $0.number) < ($1.timestamp, $1.number) }.map { ($0.value, $0.timestamp) } }
    }

    /// The traits as of an instant, from what was known at another; null clears.
    func traits(of person: Set<String>, asOf: Timestamp = .latest, knownAt: Timestamp = .latest) -> [String: String] {
        let known = SlowPeople.only(calls(of: person).filter { $0.statedAt <= asOf && $0.receivedAt <= knownAt })
        return known.compactMapValues { $0.last?.value == "null" ? nil : $0.last?.value }
    }

    private static func only(_ calls: [Call]) -> [String: [(value: String, timestamp: Timestamp)]] {
        var all: [String: [(value: String, timestamp: Timestamp)]] = [:]
        for call in calls where call.type == "identify" {
            for (name, value) in call.contextTraits + call.traits {
                // Put behind everything that is not later: of two at one instant, the one that arrived later counts.
                let place = all[name, default: []].firstIndex { $0.timestamp > call.statedAt } ?? all[name]?.count ?? 0
                all[name, default: []].insert((value, call.statedAt), at: place)
            }
        }
        return all
    }
}
