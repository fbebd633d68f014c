import Decisions
import Segments
import Testing
import Vocabulary

@Suite("Waiting for business days")
struct BusinessDayTests {
    private static let head = "name: Cart\ntrigger: {event: '\"Product Added\"'}\n"

    /// - Returns: when the step behind the wait is come to.
    private func end(_ wait: String, from start: String, _ rules: String = "", zone: String = "UTC") throws -> String? {
        var walked = try Walked(Self.head + "zone: \(zone)\n\(rules)\nsteps: [{wait: \(wait)}, {message: m, purpose: p}]")
        let minute = try Int((#require(Timestamp(start)).milliseconds - Walked.begin.milliseconds) / 60_000)
        walked.event("Product Added", at: minute)
        walked.pass(to: minute + 60 * 24 * 364)
        return walked.actions.first?.at.iso8601
    }

    @Test("weekends do not count; from a day that is none, the next one is the first", arguments: [
        ("2026-05-04T15:00:00Z", "1 business day", "2026-05-05T15:00:00.000Z"), ("2026-05-08T15:00:00Z", "1 business day", "2026-05-11T15:00:00.000Z"),
        ("2026-05-08T15:00:00Z", "2 business days", "2026-05-12T15:00:00.000Z"), ("2026-05-09T15:00:00Z", "1 business day", "2026-05-11T15:00:00.000Z"),
        ("2026-05-10T23:59:00Z", "1 Business Days", "2026-05-11T23:59:00.000Z"), ("2026-05-04T15:00:00Z", "5 business days", "2026-05-11T15:00:00.000Z"),
        ("2026-05-04T15:00:00Z", "100 business days", "2026-09-21T15:00:00.000Z"),
    ])
    func weekends(start: String, wait: String, expected: String) throws { #expect(try end(wait, from: start) == expected) }

    @Test("holidays do not count, each year or once, and a week may be another")
    func holidays() throws {
        let rules = "businessDays: {except: [\"12-25\", 2026-12-28]}"
        #expect(try end("1 business day", from: "2026-12-24T10:00:00Z", rules) == "2026-12-29T10:00:00.000Z")
        #expect(try end("1 business day", from: "2025-12-24T10:00:00Z", rules) == "2025-12-26T10:00:00.000Z", "the 28th is of one year alone")
        #expect(try end("1 business day", from: "2026-05-07T10:00:00Z", "businessDays: {on: [sun, mon, tue, wed, thu]}") == "2026-05-10T10:00:00.000Z")
        #expect(try end("1 business day", from: "2028-02-28T10:00:00Z", "businessDays: {except: [\"02-29\"]}") == "2028-03-01T10:00:00.000Z")
    }

    @Test("days and times are the person's own, and clocks that are moved in between move nothing")
    func zones() throws {
        // In Auckland it is Saturday already.
        #expect(try end("1 business day", from: "2026-05-08T15:00:00Z", zone: "Pacific/Auckland") == "2026-05-10T15:00:00.000Z")
        // Friday at noon, to Monday at noon behind the change of clocks.
        #expect(try end("1 business day", from: "2026-03-27T11:00:00Z", zone: "Europe/Madrid") == "2026-03-30T10:00:00.000Z")
    }

    @Test("a time of day on business days")
    func timeOfDay() throws {
        let wait = "{at: '09:30', on: business}"
        #expect(try end(wait, from: "2026-05-08T09:30:00Z") == "2026-05-08T09:30:00.000Z")
        #expect(try end(wait, from: "2026-05-08T09:31:00Z") == "2026-05-11T09:30:00.000Z")
        #expect(try end(wait, from: "2026-05-08T09:31:00Z", "businessDays: {except: [\"05-11\"]}") == "2026-05-12T09:30:00.000Z")
    }

    @Test("where no day is left, nobody goes on before the run ends")
    func none() throws {
        let days = (0..<60).map { "\"\(Timestamp(clamping: (Timestamp("2026-01-05T00:00:00Z")!.milliseconds + Int64($0) * 7 * 86_400_000)).iso8601.prefix(10))\"" }
        #expect(try end("1 business day", from: "2026-01-04T10:00:00Z", "businessDays: {on: mon, except: [\(days.joined(separator: ", "))]}") == nil)
    }

    @Test("what is no number of days, no day of the week and no day of any year is refused with its place", arguments: [
        ("wait: 0 business days", "/steps/0/wait"), ("wait: 1001 business days", "/steps/0/wait"), ("wait: -1 business days", "/steps/0/wait"), ("wait: {at: '09:30', on: busyness}", "/steps/0/wait/on"),
    ])
    func refusedWaits(step: String, place: String) throws {
        let fault = #expect(throws: JourneyFault.self) { try Journey(json: JourneyYAML.json(Self.head + "steps: [{\(step)}]")) }
        #expect(fault?.place == place)
    }

    @Test("so are rules", arguments: [
        ("{on: []}", "on"), ("{on: [moon]}", "on"), ("{except: [\"13-01\"]}", "except"), ("{except: [\"02-30\"]}", "except"), ("{except: [2026-02-29]}", "except"), ("{except: [\"1-1\"]}", "except"), ("{holidays: []}", "holidays"),
        ("{except: [\(Array(repeating: "\"01-01\"", count: 201).joined(separator: ","))]}", "except"),
    ])
    func refusedRules(rules: String, member: String) throws {
        let fault = #expect(throws: JourneyFault.self) { try Journey(json: JourneyYAML.json(Self.head + "businessDays: \(rules)\nsteps: []")) }
        #expect(fault?.place == "/businessDays/\(member)")
    }
}
