import Decisions
import Identity
import Segments
import Testing
import Vocabulary

/// All minutes are counted from Monday 2026-05-04, 08:00 UTC.
@Suite("Walking a journey")
struct JourneyWalkTests {
    static let head = "name: Cart\ntrigger: {event: '\"Product Added\"'}\n"

    @Test("a wait of an hour ends after an hour: never early, once, and late only by as much as nobody looked")
    func waits() throws {
        var walked = try Walked(Self.head + "steps: [{wait: 1 hour}, {message: m, purpose: p}]")
        walked.event("Product Added", at: 0)
        walked.pass(to: 59)
        #expect(walked.decided == [])
        walked.pass(to: 60)
        walked.pass(to: 61)
        #expect(walked.decided == ["60 message-1"])
        #expect(walked.ends == ["finished"])
        var late = try Walked(Self.head + "steps: [{wait: 1 hour}, {wait: 1 hour}, {message: m, purpose: p}]")
        late.event("Product Added", at: 0)
        late.pass(to: 5000)
        #expect(late.decided == ["120 message-1"], "each wait is counted from when the one before should have ended")
    }

    @Test("what moves nobody leaves a run as it is kept, and what does moves its clock")
    func unmoved() throws {
        let yaml = Self.head + """
            reentry: parallel
            steps:
            - wait:
                until:
                - event: '"Order Completed"'
                - condition: plan = "premium"
                timeout: 2 hours
            - wait: 1 day
            """
        var walked = try Walked(yaml)
        walked.event("Product Added", at: 0)
        let begun = walked.runs
        walked.event("Product Added", at: 10)
        walked.event("Anything", at: 20)
        #expect(Array(walked.runs.prefix(1)) == begun, "the first of two runs")
        walked.event("Order Completed", at: 30)
        #expect(walked.runs.map(\.clock) == [Walked.minute(30), Walked.minute(30)])
        #expect(walked.runs.map(\.wake) == [Walked.minute(30 + 1440), Walked.minute(30 + 1440)])
        let waiting = walked.runs
        // A clock that went back moves nobody back.
        walked.event("Order Completed", at: 25)
        #expect(walked.runs == waiting)
    }

    @Test("waiting for an event takes its way, or the way for whom time ran out")
    func untilEvent() throws {
        let yaml = Self.head + """
            steps:
            - wait:
                until:
                - event: '"Order Completed"'
                  then: [{exit: bought}]
                timeout: 2 hours
              otherwise: [{message: reminder, purpose: p}]
            - trait: {seen: true}
            """
        var bought = try Walked(yaml)
        bought.event("Product Added", at: 0)
        bought.event("Order Completed", at: 119)
        bought.pass(to: 500)
        #expect(bought.ends == ["bought"])
        #expect(bought.decided == [])
        var left = try Walked(yaml)
        left.event("Product Added", at: 0)
        // At the very end time comes first: the event is no longer waited for.
        left.event("Order Completed", at: 120)
        #expect(left.decided == ["120 message-1", "120 trait-1"])
        #expect(left.ends == ["finished"])
    }

    @Test("a condition is asked when something happens and when time may change it")
    func untilCondition() throws {
        let yaml = Self.head + "steps:\n- wait: {until: [{condition: 'plan = \"premium\"', then: [{message: thanks, purpose: p}]}], timeout: 1 day}\n  otherwise: [{exit: no}]"
        var walked = try Walked(yaml)
        walked.answers.trueFrom["plan = \"premium\""] = Walked.minute(90)
        walked.event("Product Added", at: 0)
        walked.pass(to: 89)
        #expect(walked.decided == [])
        walked.pass(to: 2000)
        #expect(walked.decided == ["90 message-1"])
        var never = try Walked(yaml)
        never.event("Product Added", at: 0)
        never.pass(to: 1440)
        #expect(never.ends == ["no"])
    }

    @Test("a time of day is the person's own, on the days that are named")
    func clock() throws {
        let yaml = Self.head + "zone: Europe/Madrid\nsteps: [{wait: {at: '09:30', on: [mon, wed]}}, {message: m, purpose: p}]"
        // 08:00 UTC is 10:00 in Madrid: past half past nine on Monday, so that it is Wednesday.
        var madrid = try Walked(yaml)
        madrid.event("Product Added", at: 0)
        madrid.pass(to: 100_000)
        #expect(madrid.decided == ["\(2 * 1440 - 30) message-1"])
        // In New York it is four in the morning.
        var newYork = try Walked(yaml)
        newYork.answers.zone = TimeZoneName(name: "America/New_York")
        newYork.event("Product Added", at: 0)
        newYork.pass(to: 100_000)
        #expect(newYork.decided == ["330 message-1"])
    }

    @Test("inaction is counted from the last such event, and ends when what was missing comes")
    func inaction() throws {
        let yaml = "name: I\ntrigger: {inaction: '\"Product Added\"', without: '\"Order Completed\"', within: 1 hour}\nsteps: [{message: m, purpose: p}]"
        var idle = try Walked(yaml)
        idle.event("Product Added", at: 0)
        idle.event("Product Added", at: 40)
        idle.pass(to: 99)
        #expect(idle.decided == [])
        idle.pass(to: 100)
        #expect(idle.decided == ["100 message-1"])
        var acted = try Walked(yaml)
        acted.event("Product Added", at: 0)
        acted.event("Order Completed", at: 59)
        acted.pass(to: 500)
        #expect(acted.decided == [])
        acted.event("Product Added", at: 600)
        acted.pass(to: 700)
        #expect(acted.decided == ["660 message-1"])
    }

    @Test("ways of one name are told apart")
    func waysOfOneName() throws {
        let journey = try Journey(json: JourneyYAML.json(Self.head + "steps: [{split: [{share: 50%}, {share: 50%}]}, {split: [{share: 50%}, {share: 10%}]}]"))
        #expect(journey.steps.map(\.wayNames) == [["50 % (1)", "50 % (2)"], ["50 %", "10 %"]])
    }

    @Test("what was decided is told, however many steps were passed before")
    func longHistory() throws {
        var walked = try Walked(Self.head + "steps: [\((0..<150).map { _ in "{trait: {a: 1}}" }.joined(separator: ", "))]")
        walked.event("Product Added", at: 0)
        #expect(walked.runs[0].notes.filter { $0.what == .decided }.count == 150)
        #expect(walked.runs[0].notes.last?.what == .ended)
    }

    @Test("while paused nobody comes in and nobody moves, but whoever reaches the goal leaves")
    func paused() throws {
        let yaml = Self.head + "goal: {event: '\"Order Completed\"', within: 1 day}\nsteps: [{wait: 1 hour}, {message: m, purpose: p}]"
        var live = try Walked(yaml)
        live.event("Product Added", at: 0)
        var paused = try Walked(yaml, state: .paused)
        paused.event("Product Added", at: 0)
        #expect(paused.runs.isEmpty)
        paused.join(live)
        paused.pass(to: 100)
        #expect(paused.decided == [])
        paused.event("Order Completed", at: 110)
        #expect(paused.ends == ["goal"])
        #expect(paused.runs.map { [$0.end?.at, $0.conversion?.at] } == [[Walked.minute(110), Walked.minute(110)]], "at its own instant")
        // Where the goal does not end it, what is due rings as of its own instant when the journey goes on.
        let goesOn = yaml.replacing("within: 1 day", with: "within: 1 day, ends: false")
        var walking = try Walked(goesOn)
        walking.event("Product Added", at: 0)
        var resting = try Walked(goesOn, state: .paused)
        resting.join(walking)
        resting.event("Order Completed", at: 110)
        var resumed = try Walked(goesOn)
        resumed.join(resting)
        resumed.pass(to: 200)
        #expect(resumed.decided == ["60 message-1"])
        #expect(resumed.runs.first?.conversion?.at == Walked.minute(110))
    }

    @Test("what is waited for is heard in a pause, and taken as of its own instant when the journey goes on", arguments: [(60, "60 thanks"), (120, "120 nudge"), (150, "120 nudge")])
    func heardWhilePaused(order: Int, decided: String) throws {
        let yaml = Self.head + """
            steps:
            - wait:
                until:
                - event: '"Refunded"'
                - event: '"Order Completed"'
                  then: [{id: thanks, message: m, purpose: p}, {exit: bought}]
                timeout: 2 hours
              otherwise: [{id: nudge, message: m, purpose: p}]
            """
        var live = try Walked(yaml)
        live.event("Product Added", at: 0)
        var paused = try Walked(yaml, state: .paused)
        paused.join(live)
        paused.event("Order Completed", at: order)
        paused.pass(to: 200)
        #expect(paused.decided == [])
        var again = try Walked(yaml)
        again.join(paused)
        again.pass(to: 300)
        #expect(again.decided == [decided])
    }

    @Test("inaction ends in a pause as well, and is counted from the last such event", arguments: [("Order Completed", 30, []), ("Order Completed", 150, []), ("Product Added", 40, ["100 message-1"]), ("Product Added", 150, ["60 message-1"])])
    func inactionWhilePaused(event: String, minute: Int, decided: [String]) throws {
        let yaml = "name: I\ntrigger: {inaction: '\"Product Added\"', without: '\"Order Completed\"', within: 1 hour}\nsteps: [{message: m, purpose: p}]"
        var live = try Walked(yaml)
        live.event("Product Added", at: 0)
        var paused = try Walked(yaml, state: .paused)
        paused.join(live)
        paused.event(event, at: minute)
        var again = try Walked(yaml)
        again.join(paused)
        again.pass(to: 300)
        #expect(again.decided == decided)
    }

    @Test("a run ends when it has lasted its time, in the middle of a wait")
    func maximum() throws {
        var walked = try Walked(Self.head + "maximum: 90 minutes\nsteps: [{wait: 1 hour}, {message: m, purpose: p}, {wait: 1 hour}, {message: m, purpose: p}]")
        walked.event("Product Added", at: 0)
        walked.pass(to: 500)
        #expect(walked.decided == ["60 message-1"])
        #expect(walked.ends == ["maximum"])
        #expect(walked.runs[0].end?.at == Walked.minute(90))
    }
}
