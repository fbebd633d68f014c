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
        var entered: Int
        /// When what began it happened: what happened earlier is nothing to it.
        var since: Int
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

    /// - Parameter events: each with the minute in which it happened.
    mutating func minute(_ now: Int, events: [(event: Int, happened: Int)]) {
        for index in runs.indices where !runs[index].isOver { tick(index, now) }
        for (event, happened) in events {
            for index in runs.indices where !runs[index].isOver && happened >= runs[index].since {
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
            if event == 0 { trigger(now, happened) }
        }
    }

    /// Another person's runs, who turns out to be the same: of those under way the oldest goes on.
    mutating func join(_ other: SlowWalk) {
        runs += other.runs
        guard journey.reentry != .parallel, let oldest = runs.indices.filter({ !runs[$0].isOver }).min(by: { runs[$0].entered < runs[$1].entered }) else { return }
        for index in runs.indices where index != oldest && !runs[index].isOver { (runs[index].isOver, runs[index].armedUntil) = (true, nil) }
    }

    private mutating func trigger(_ now: Int, _ happened: Int) {
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
        runs.append(Run(rest: journey.steps, arrived: now, entered: now, since: happened, armedUntil: journey.isInaction ? now + 7 : nil))
        if !journey.isInaction { go(runs.count - 1, now) }
    }

    private mutating func tick(_ index: Int, _ now: Int) {
        if let until = runs[index].armedUntil {
            guard now >= until else { return }
            (runs[index].armedUntil, runs[index].entered) = (nil, now)
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
                let events = Self.events(&random, minute)
                slow.minute(minute, events: events)
                for (event, happened) in events { fast.event("e\(event)", at: minute, happened: happened) }
                // The clock stands still, jumps, and is asked twice.
                if random.chance(10) { fast.pass(to: minute) }
                if random.chance(3) { fast.pass(to: max(0, minute - 20)) }
            }
            fast.pass(to: 199)
            #expect(fast.decided.sorted() == slow.decided.sorted(), "\(seed), round \(round): \(journey.yaml), true from \(trueFrom)")
            #expect(fast.runs.count == slow.runs.count, "\(seed), round \(round)")
        }
    }

    /// Some of them late.
    private static func events(_ random: inout Random, _ minute: Int) -> [(event: Int, happened: Int)] {
        random.chance(15) ? (0...random.below(2)).map { _ in (random.below(4), random.chance(25) ? minute - random.below(30) : minute) } : []
    }

    @Test("two people who turn out to be one", arguments: Seed.some(6))
    func merge(_ seed: Seed) throws {
        var random = Random(seed)
        var ended = 0
        for round in 0..<200 {
            let journey = RandomJourney(&random)
            let trueFrom = (0..<3).map { _ in random.below(150) }
            var slow = [SlowWalk(journey, trueFrom: trueFrom), SlowWalk(journey, trueFrom: trueFrom)]
            var fast = [try Walked(journey.yaml), try Walked(journey.yaml)]
            (fast[1].position, fast[1].person) = (1_000_000, ProfileID(number: 9))
            for number in 0..<3 { for index in 0..<2 { fast[index].answers.trueFrom[RandomJourney.condition(number)] = Walked.minute(trueFrom[number]) } }
            let together = 20 + random.below(100)
            var isOne = false
            for minute in 0..<200 {
                for index in 0..<(isOne ? 1 : 2) {
                    let events = Self.events(&random, minute)
                    slow[index].minute(minute, events: events)
                    for (event, happened) in events { fast[index].event("e\(event)", at: minute, happened: happened) }
                    if random.chance(10) { fast[index].pass(to: minute) }
                }
                guard minute >= together, !isOne else { continue }
                let entered = slow.flatMap(\.runs).filter { !$0.isOver }.map(\.entered)
                // Which of two that began in one instant is the older hangs on their names.
                guard Set(entered).count == entered.count else { continue }
                for index in 0..<2 { fast[index].pass(to: minute) }
                isOne = true
                slow[0].join(slow[1])
                fast[0].join(fast[1])
            }
            guard isOne else { continue }
            fast[0].pass(to: 199)
            #expect((fast[0].decided + fast[1].decided).sorted() == (slow[0].decided + slow[1].decided).sorted(), "\(seed), round \(round): \(journey.yaml), true from \(trueFrom), one at \(together)")
            #expect(fast[0].runs.count == slow[0].runs.count, "\(seed), round \(round)")
            ended += fast[0].ends.filter { $0 == "merged" }.count
        }
        #expect(ended > 0)
    }
}
