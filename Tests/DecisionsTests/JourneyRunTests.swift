import Decisions
import Identity
import Segments
import Testing
import Vocabulary

/// All minutes are counted from Monday 2026-05-04, 08:00 UTC.
@Suite("Runs of a journey: who begins one, anew or held out, and what counts for it")
struct JourneyRunTests {
    private static let head = JourneyWalkTests.head

    @Test("who comes again: once, when idle, side by side, or anew")
    func reentry() throws {
        func walked(_ reentry: String) throws -> Walked {
            var walked = try Walked(Self.head + "reentry: \(reentry)\nsteps: [{wait: 1 hour}, {message: m, purpose: p}]")
            for minute in [0, 30, 70] { walked.event("Product Added", at: minute) }
            walked.pass(to: 500)
            return walked
        }
        #expect(try walked("once").decided == ["60 message-1"])
        #expect(try walked("idle").decided == ["60 message-1", "130 message-1"])
        #expect(try walked("parallel").decided == ["60 message-1", "90 message-1", "130 message-1"])
        #expect(try walked("restart").decided == ["130 message-1"])
        #expect(try walked("restart").ends == ["restarted", "restarted", "finished"])
    }

    @Test("each cart is an instance of its own, and hears of its own order")
    func keys() throws {
        var walked = try Walked(Self.head + """
            key: properties.cartId
            exits: [{event: '"Order Completed"', sameKey: true}]
            steps: [{wait: 1 hour}, {message: m, purpose: p}]
            """)
        walked.event("Product Added", ["cartId": "a"], at: 0)
        walked.event("Product Added", ["cartId": "b"], at: 10)
        walked.event("Product Added", ["cartId": "a"], at: 20)
        // Without its key an event begins nothing.
        walked.event("Product Added", at: 25)
        walked.event("Order Completed", ["cartId": "a"], at: 30)
        walked.pass(to: 500)
        #expect(walked.runs.map(\.instance) == ["a", "b"])
        #expect(walked.ends == ["exit", "finished"])
        #expect(walked.decided == ["70 message-1"])
    }

    @Test("the goal counts with its revenue while its time runs, of those who left as well, and takes whoever is in out")
    func goal() throws {
        let yaml = Self.head + "goal: {event: '\"Order Completed\"', revenue: properties.total, within: 2 hours}\nsteps: [{wait: 1 hour}, {message: m, purpose: p}]"
        var early = try Walked(yaml)
        early.event("Product Added", at: 0)
        early.event("Order Completed", ["total": "12.50"], at: 30)
        early.pass(to: 200)
        #expect(early.ends == ["goal"])
        #expect(early.runs[0].conversion?.revenue == ExactNumber(1250, scale: 2))
        #expect(early.decided == [])
        var after = try Walked(yaml)
        after.event("Product Added", at: 0)
        after.pass(to: 61)
        after.event("Order Completed", ["total": "\"12\""], at: 119)
        #expect(after.runs[0].conversion != nil)
        #expect(after.runs[0].conversion?.revenue == ExactNumber(12), "a text that is a number")
        for (total, revenue) in [("\"24.50\"", ExactNumber(2450, scale: 2)), ("\"cheap\"", nil), ("true", nil), ("[1]", nil), ("1e12", nil), ("1e400", nil), ("-3", ExactNumber(-3)), ("0.00004", ExactNumber(0)), ("999999999999", ExactNumber(999_999_999_999))] {
            var walked = try Walked(yaml)
            walked.event("Product Added", at: 0)
            walked.event("Order Completed", ["total": total], at: 1)
            #expect(walked.runs[0].conversion != nil)
            #expect(walked.runs[0].conversion?.revenue == revenue, "\(total)")
        }
        var tooLate = try Walked(yaml)
        tooLate.event("Product Added", at: 0)
        tooLate.pass(to: 61)
        tooLate.event("Order Completed", at: 120)
        #expect(tooLate.runs[0].conversion == nil)
    }

    @Test("an order counts for the newest run that it reaches, and takes the person out of all of them")
    func oneOrder() throws {
        for reentry in ["restart", "parallel"] {
            var walked = try Walked(Self.head + "reentry: \(reentry)\ngoal: {event: '\"Order Completed\"', revenue: properties.total, within: 1 day}\nsteps: [{wait: 1 hour}]")
            for minute in 0..<5 { walked.event("Product Added", at: minute) }
            walked.event("Order Completed", ["total": "24.5"], at: 10)
            #expect(walked.runs.map { $0.conversion != nil } == [false, false, false, false, true])
            #expect(walked.ends == Array(repeating: reentry == "restart" ? "restarted" : "goal", count: 4) + ["goal"])
            walked.event("Order Completed", ["total": "\"0.5\""], at: 20)
            #expect(walked.runs.compactMap(\.conversion?.revenue) == [ExactNumber(25)], "each order counts, once")
        }
    }

    @Test("who is held out stays so, is let in again by the rules of who walks, and their time for the goal runs alike")
    func heldOutAgain() throws {
        let tail = "holdout: 50%\ngoal: {event: '\"Order Completed\"', within: 2 hours}\nsteps: [{wait: 1 hour}]"
        let held = try #require((0..<50).first { number in
            var walked = try Walked(Self.head + tail)
            walked.person = ProfileID(number: Int64(number))
            walked.event("Product Added", at: 0)
            return walked.runs[0].isHeldOut
        })
        let walking = try #require((0..<50).first { number in
            var walked = try Walked(Self.head + tail)
            walked.person = ProfileID(number: Int64(number))
            walked.event("Product Added", at: 0)
            return !walked.runs[0].isHeldOut
        })
        for (reentry, runs) in [("idle", 1), ("once", 1), ("parallel", 3), ("restart", 3)] {
            for person in [held, walking] {
                var walked = try Walked(Self.head + "reentry: \(reentry)\n" + tail)
                walked.person = ProfileID(number: Int64(person))
                for minute in [0, 10, 50] { walked.event("Product Added", at: minute) }
                #expect(walked.runs.count == runs, "\(reentry)")
                // Fifty minutes behind the first, two hours behind the last.
                walked.event("Order Completed", at: 165)
                #expect(walked.runs.contains { $0.conversion != nil } == (reentry != "once"), "\(reentry)")
                // Named otherwise after a merge, they stay where they were.
                walked.person = ProfileID(number: Int64(person == held ? walking : held))
                walked.event("Product Added", at: 1000)
                if reentry != "once" { #expect(walked.runs.last?.isHeldOut == (person == held)) }
            }
        }
    }

    @Test("an author's exit of that name holds nobody out")
    func exitNamedHeldOut() throws {
        var walked = try Walked(Self.head + "steps: [{exit: held-out}]")
        walked.event("Product Added", at: 0)
        #expect(walked.ends == ["held-out"])
        #expect(!walked.runs[0].isHeldOut)
    }

    @Test("whole numbers name one instance, however they are written")
    func numbersAsKeys() throws {
        var walked = try Walked(Self.head + "key: properties.cartId\nsteps: [{wait: 1 hour}]")
        for text in ["100", "100.0", "1e2", "\"100\""] { walked.event("Product Added", ["cartId": text], at: 0) }
        #expect(walked.runs.map(\.instance) == ["100"])
    }

    @Test("two calls of the API in one millisecond are two runs side by side, and what each decides has a name of its own")
    func putInTogether() throws {
        for (reentry, count) in [("parallel", 2), ("idle", 1)] {
            var walked = try Walked("name: P\ntrigger: {api: true}\nreentry: \(reentry)\nsteps: [{message: m, purpose: p}, {wait: 1 hour}]")
            for _ in 0..<2 { walked.put(at: 1) }
            #expect(walked.runs.count == count)
            #expect(Set(walked.actions.map(\.key)).count == count)
        }
    }

    @Test("who is held out gets nothing and counts all the same")
    func holdout() throws {
        let yaml = Self.head + "holdout: 30%\ngoal: {event: '\"Order Completed\"', within: 1 day}\nsteps: [{message: m, purpose: p}]"
        var held = 0
        for number in 0..<1000 {
            var walked = try Walked(yaml)
            walked.person = ProfileID(number: Int64(number))
            walked.event("Product Added", at: 0)
            walked.event("Order Completed", at: 1)
            #expect(walked.runs[0].conversion != nil)
            if walked.runs[0].isHeldOut {
                held += 1
                #expect(walked.decided == [])
            } else {
                #expect(walked.decided == ["0 message-1"])
            }
        }
        #expect(held > 240 && held < 360)
    }

    @Test("a split sends the same person the same way, and its shares are kept")
    func split() throws {
        let yaml = Self.head + "steps: [{split: [{share: 20%, then: [{message: a, purpose: p}]}, {share: 30%, then: [{message: b, purpose: p}]}]}]"
        var counts: [String: Int] = [:]
        for number in 0..<2000 {
            var walked = try Walked(yaml)
            walked.person = ProfileID(number: Int64(number))
            walked.event("Product Added", at: 0)
            walked.event("Product Added", at: 1)
            #expect(Set(walked.actions.map(\.step)).count <= 1)
            counts[walked.actions.first?.step ?? "none", default: 0] += 1
        }
        #expect(abs((counts["message-1"] ?? 0) - 400) < 80)
        #expect(abs((counts["message-2"] ?? 0) - 600) < 90)
    }

    @Test("an event that is more than a day late begins nothing; what happened before the run moves nobody")
    func late() throws {
        var walked = try Walked(Self.head + "exits: [{event: '\"Order Completed\"'}]\nsteps: [{wait: 1 hour}, {message: m, purpose: p}]")
        walked.event("Product Added", at: 1441, happened: 0)
        #expect(walked.runs.isEmpty)
        walked.event("Product Added", at: 1500, happened: 60)
        #expect(walked.runs.count == 1)
        walked.event("Order Completed", at: 1510, happened: 59)
        #expect(walked.ends == [nil])
        walked.event("Order Completed", at: 1511, happened: 60)
        #expect(walked.ends == ["exit"])
    }

    @Test("two who turn out to be one: the older run goes on, the other ends")
    func merged() throws {
        let yaml = Self.head + "steps: [{wait: 1 hour}, {message: m, purpose: p}]"
        var ada = try Walked(yaml)
        ada.event("Product Added", at: 0)
        var device = try Walked(yaml)
        device.person = ProfileID(number: 8)
        device.event("Product Added", at: 10)
        ada.join(device)
        ada.pass(to: 65)
        ada.pass(to: 500)
        #expect(ada.ends == ["finished", "merged"])
        #expect(ada.decided == ["60 message-1"])
    }

    @Test("who may not be asked about begins nothing")
    func objecting() throws {
        var walked = try Walked(Self.head + "steps: [{message: m, purpose: p}]")
        walked.answers.isThere = false
        walked.event("Product Added", at: 0)
        #expect(walked.runs.isEmpty)
    }

    @Test("deciding again gives the same keys")
    func keysAreTheSame() throws {
        func keys() throws -> [String] {
            var walked = try Walked(Self.head + "reentry: parallel\nsteps: [{message: m, purpose: p}, {trait: {a: 1}}]")
            walked.event("Product Added", at: 0)
            walked.event("Product Added", at: 1)
            return walked.actions.map(\.key)
        }
        #expect(try keys() == keys())
        #expect(Set(try keys()).count == 4)
    }
}
