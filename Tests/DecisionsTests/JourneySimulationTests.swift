import Decisions
import Identity
import Segments
import TestSupport
import Testing
import Vocabulary

/// What a random journey is made of, in a form that a slow interpreter reads as well.
indirect enum Spec {
    case wait(Int)
    case until(event: Int, then: [Spec], timeout: Int, otherwise: [Spec])
    case untilTrue(condition: Int, then: [Spec], timeout: Int, otherwise: [Spec])
    case branch(condition: Int, then: [Spec], otherwise: [Spec])
    case message(String)
    case exit
}

struct RandomJourney {
    let steps: [Spec]
    let reentry: Journey.Reentry
    let exitEvent: Int?
    let isInaction: Bool

    private static let triggerEvent = 0

    init(_ random: inout Random) {
        var messages = 0
        steps = RandomJourney.steps(&random, depth: 0, &messages)
        reentry = random.pick(Journey.Reentry.allCases)
        exitEvent = random.chance(40) ? 3 : nil
        isInaction = random.chance(25)
    }

    private static func steps(_ random: inout Random, depth: Int, _ messages: inout Int) -> [Spec] {
        (0..<(depth == 0 ? 1 + random.below(5) : random.below(3))).map { _ in
            let kind = random.below(depth > 2 ? 3 : 7)
            let timeout = 1 + random.below(40)
            switch kind {
            case 0: return .wait(random.below(30))
            case 1, 2:
                messages += 1
                return .message("m\(messages)")
            case 3: return .until(event: 1 + random.below(2), then: steps(&random, depth: depth + 1, &messages), timeout: timeout, otherwise: steps(&random, depth: depth + 1, &messages))
            case 4: return .untilTrue(condition: random.below(3), then: steps(&random, depth: depth + 1, &messages), timeout: timeout, otherwise: steps(&random, depth: depth + 1, &messages))
            case 5: return .branch(condition: random.below(3), then: steps(&random, depth: depth + 1, &messages), otherwise: steps(&random, depth: depth + 1, &messages))
            default: return random.chance(30) ? .exit : .wait(random.below(10))
            }
        }
    }

    var yaml: String {
        let trigger = isInaction ? "{\"inaction\": \"\\\"e0\\\"\", \"without\": \"\\\"e1\\\"\", \"within\": \"7 minutes\"}" : "{\"event\": \"\\\"e0\\\"\"}"
        let exits = exitEvent.map { ", \"exits\": [{\"event\": \"\\\"e\($0)\\\"\"}]" } ?? ""
        return "{\"name\": \"J\", \"reentry\": \"\(reentry.rawValue)\", \"trigger\": \(trigger)\(exits), \"steps\": \(RandomJourney.json(steps))}"
    }

    static func condition(_ number: Int) -> String { "c\(number) = true" }

    private static func json(_ steps: [Spec]) -> String {
        "[" + steps.map { step in
            switch step {
            case .wait(let minutes): minutes == 0 ? "{\"filter\": \"everyone\"}" : "{\"wait\": \"\(minutes) minutes\"}"
            case .message(let id): "{\"id\": \"\(id)\", \"message\": \"t\", \"purpose\": \"p\"}"
            case .exit: "{\"exit\": \"out\"}"
            case .until(let event, let then, let timeout, let otherwise):
                "{\"wait\": {\"until\": [{\"event\": \"\\\"e\(event)\\\"\", \"then\": \(json(then))}], \"timeout\": \"\(timeout) minutes\"}, \"otherwise\": \(json(otherwise))}"
            case .untilTrue(let number, let then, let timeout, let otherwise):
                "{\"wait\": {\"until\": [{\"condition\": \"\(condition(number))\", \"then\": \(json(then))}], \"timeout\": \"\(timeout) minutes\"}, \"otherwise\": \(json(otherwise))}"
            case .branch(let number, let then, let otherwise): "{\"branch\": [{\"if\": \"\(condition(number))\", \"then\": \(json(then))}], \"otherwise\": \(json(otherwise))}"
            }
        }.joined(separator: ", ") + "]"
    }
}

/// The same journey, minute by minute: every run is what is left to do, and everything is looked at in every minute.
struct SlowWalk {
    struct Run {
        var rest: [Spec]
        var arrived: Int
        var isOver = false
        /// Of one that waits for inaction, until when.
        var armedUntil: Int?
    }
    let journey: RandomJourney
    /// From which minute each condition is true.
    let trueFrom: [Int]
    var runs: [Run] = []
    var decided: [String] = []

    init(_ journey: RandomJourney, trueFrom: [Int]) { (self.journey, self.trueFrom) = (journey, trueFrom) }

    mutating func minute(_ now: Int, events: [Int]) {
        for index in runs.indices where !runs[index].isOver { tick(index, now) }
        for event in events {
            for index in runs.indices where !runs[index].isOver {
                if runs[index].armedUntil != nil {
                    if event == 1 { runs[index].isOver = true }
                    continue
                }
                if let exit = journey.exitEvent, event == exit { runs[index].isOver = true; continue }
                if case .until(let wanted, let then, _, _)? = runs[index].rest.first, wanted == event {
                    runs[index].rest.replaceSubrange(0..<1, with: then)
                    go(index, now)
                }
            }
            if event == 0 { trigger(now) }
        }
    }

    private mutating func trigger(_ now: Int) {
        if journey.isInaction, let armed = runs.firstIndex(where: { !$0.isOver && $0.armedUntil != nil }) {
            runs[armed].armedUntil = now + 7
            return
        }
        switch journey.reentry {
        case .once: if runs.contains(where: { !$0.isOver || $0.armedUntil == nil }) { return }
        case .idle: if runs.contains(where: { !$0.isOver }) { return }
        case .parallel: break
        case .restart: for index in runs.indices { runs[index].isOver = true }
        }
        runs.append(Run(rest: journey.steps, arrived: now, armedUntil: journey.isInaction ? now + 7 : nil))
        if !journey.isInaction { go(runs.count - 1, now) }
    }

    private mutating func tick(_ index: Int, _ now: Int) {
        if let until = runs[index].armedUntil {
            guard now >= until else { return }
            runs[index].armedUntil = nil
            return go(index, now)
        }
        switch runs[index].rest.first {
        case .wait(let minutes) where now >= runs[index].arrived + minutes:
            runs[index].rest.removeFirst()
            go(index, now)
        case .until(_, _, let timeout, let otherwise) where now >= runs[index].arrived + timeout:
            runs[index].rest.replaceSubrange(0..<1, with: otherwise)
            go(index, now)
        case .untilTrue(let condition, let then, let timeout, let otherwise):
            if now >= trueFrom[condition] {
                runs[index].rest.replaceSubrange(0..<1, with: then)
                go(index, now)
            } else if now >= runs[index].arrived + timeout {
                runs[index].rest.replaceSubrange(0..<1, with: otherwise)
                go(index, now)
            }
        default: break
        }
    }

    /// On to the next step that holds the person.
    private mutating func go(_ index: Int, _ now: Int) {
        runs[index].arrived = now
        while let step = runs[index].rest.first {
            switch step {
            case .message(let id):
                decided.append("\(now) \(id)")
                runs[index].rest.removeFirst()
            case .exit:
                runs[index].isOver = true
                return
            case .wait(0): runs[index].rest.removeFirst()
            case .branch(let condition, let then, let otherwise): runs[index].rest.replaceSubrange(0..<1, with: now >= trueFrom[condition] ? then : otherwise)
            case .untilTrue(let condition, let then, _, _):
                guard now >= trueFrom[condition] else { return }
                runs[index].rest.replaceSubrange(0..<1, with: then)
            case .wait, .until: return
            }
        }
        runs[index].isOver = true
    }
}

@Suite("Random journeys do what a slow interpreter does minute by minute")
struct JourneySimulationTests {
    @Test("whenever anybody looks", arguments: Seed.some(6))
    func simulate(_ seed: Seed) throws {
        var random = Random(seed)
        for round in 0..<300 {
            let journey = RandomJourney(&random)
            let trueFrom = (0..<3).map { _ in random.below(150) }
            var slow = SlowWalk(journey, trueFrom: trueFrom)
            var fast = try Walked(journey.yaml)
            for number in 0..<3 { fast.answers.trueFrom[RandomJourney.condition(number)] = Walked.minute(trueFrom[number]) }
            for minute in 0..<200 {
                let events = random.chance(15) ? (0...random.below(2)).map { _ in random.below(4) } : []
                slow.minute(minute, events: events)
                for event in events { fast.event("e\(event)", at: minute) }
                // The clock stands still, jumps, and is asked twice.
                if random.chance(10) { fast.pass(to: minute) }
                if random.chance(3) { fast.pass(to: max(0, minute - 20)) }
            }
            fast.pass(to: 199)
            #expect(fast.decided.sorted() == slow.decided.sorted(), "\(seed), round \(round): \(journey.yaml), true from \(trueFrom)")
            #expect(fast.runs.count == slow.runs.count, "\(seed), round \(round)")
        }
    }
}
