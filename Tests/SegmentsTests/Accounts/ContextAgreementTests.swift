import Columnar
import Foundation
import Identity
import Profiles
import Segments
import TestSupport
import Testing
import Vocabulary

/// What is asked in the context of a membership, beside a slow look at everybody's calls one by one.
@Suite("Questions in a context agree with a slow look")
struct ContextAgreementTests {
    private static let people = 12
    private static let begin = Timestamp("2026-07-01T06:00:00Z")!.milliseconds

    private struct Call {
        let person: Int
        let time: Int64
        let number: Int
        let body: String
        var membership: (account: String, isLeaving: Bool, role: String?)?
        /// Of a track call: the amount; of an identify call: the title.
        var total: Int?
        var title: String?
        var named: String?
    }

    private static let accounts = ["acme", "globex", "acme-tea"]
    private static let industry = ["acme": "Retail", "globex": "Tea", "acme-tea": "Tea"]

    private static func call(_ random: inout Random, _ number: Int) -> Call {
        let person = random.below(people)
        let time = begin + Int64(random.below(60)) * 60_000
        let head = "\"userId\":\"u\(person)\",\"messageId\":\"m\(number)\",\"timestamp\":\"\(Timestamp(clamping: time).iso8601)\""
        let account = random.pick(accounts)
        switch random.below(10) {
        case 0...2:
            let role = random.chance(50) ? random.pick(["admin", "buyer"]) : nil
            let isLeaving = random.chance(30)
            let words = "\"status\":\"\(isLeaving ? "left" : "joined")\"" + (role.map { ",\"role\":\"\($0)\"" } ?? "")
            return Call(
                person: person, time: time, number: number, body: "{\"type\":\"group\",\(head),\"groupId\":\"\(account)\",\"context\":{\"membership\":{\(words)}}}",
                membership: (account, isLeaving, role))
        case 3:
            let title = random.pick(["Buyer", "Owner"])
            let named = random.chance(30) ? account : nil
            let context = named.map { ",\"context\":{\"groupId\":\"\($0)\"}" } ?? ""
            return Call(person: person, time: time, number: number, body: "{\"type\":\"identify\",\(head),\"traits\":{\"title\":\"\(title)\"}\(context)}", title: title, named: named)
        default:
            let named = random.chance(30) ? random.pick(accounts + ["nobody-knows"]) : nil
            let context = named.map { ",\"context\":{\"groupId\":\"\($0)\"}" } ?? ""
            let total = 1 + random.below(20)
            return Call(person: person, time: time, number: number, body: "{\"type\":\"track\",\"event\":\"Order Completed\",\(head),\"properties\":{\"total\":\(total)}\(context)}", total: total, named: named)
        }
    }

    private static func roles(_ calls: [Call], _ person: Int, _ account: String, at time: Int64) -> String?? {
        var role: String??
        for call in calls.filter({ $0.person == person && $0.time <= time && $0.membership?.account == account }).sorted(by: { ($0.time, $0.number) < ($1.time, $1.number) }) {
            guard let said = call.membership else { continue }
            if said.isLeaving { role = nil } else { role = .some(said.role ?? (role ?? nil)) }
        }
        return role
    }

    /// The account as whose member a call was made, and in which role.
    private static func context(_ calls: [Call], _ call: Call) -> (account: String, role: String?)? {
        if let named = call.named { return named == "nobody-knows" ? nil : (named, roles(calls, call.person, named, at: call.time) ?? nil) }
        let active = accounts.compactMap { account in roles(calls, call.person, account, at: call.time).map { (account, $0) } }
        return active.count == 1 ? active[0] : nil
    }

    @Test("on random histories, as of any moment", arguments: Seed.some(3), [false, true])
    func agree(_ seed: Seed, _ isSorted: Bool) async throws {
        var random = Random(seed)
        let world = try World()
        world.clock.now = Timestamp("2026-07-02")!
        let calls = (0..<260).map { Self.call(&random, $0) }
        let traits = Self.accounts.map { "{\"type\":\"group\",\"userId\":\"crm\",\"groupId\":\"\($0)\",\"messageId\":\"t-\($0)\",\"traits\":{\"industry\":\"\(Self.industry[$0]!)\"\($0 == "acme-tea" ? ",\"parentId\":\"acme\"" : "")}}" }
        try await world.send("{\"batch\":[\((traits + calls.map(\.body)).joined(separator: ","))]}")
        if isSorted { world.stages.lock.writing { world.stages.columns.sortEverything() } }
        let engine = try world.engine()
        // Whoever states what accounts are is nobody whom the questions are about.
        let teller = try world.profile("crm")?.id
        for minute in [5, 20, 40, 61, 2000] {
            let now = Self.begin + Int64(minute) * 60_000
            let past = calls.filter { $0.time < now }
            func done(_ person: Int, _ passes: (String, String?) -> Bool) -> [Call] {
                past.filter { $0.person == person && $0.total != nil && Self.context(calls, $0).map { passes($0.account, $0.role) } ?? false }
            }
            func isMember(_ person: Int, _ passes: (String, String?) -> Bool) -> Bool {
                Self.accounts.contains { account in Self.roles(past, person, account, at: now).map { passes(account, $0) } ?? false }
            }
            func title(_ person: Int, _ passes: (String) -> Bool) -> String? {
                past.filter { $0.person == person && $0.title != nil && Self.context(calls, $0).map { passes($0.account) } ?? false }.max { ($0.time, $0.number) < ($1.time, $1.number) }?.title
            }
            let questions: [(String, (Int) -> Bool)] = [
                ("did \"Order Completed\" as member of account \"acme\"", { !done($0) { account, _ in account == "acme" }.isEmpty }),
                ("did \"Order Completed\" as member of account under \"acme\" where total > 10", { done($0) { account, _ in account.hasPrefix("acme") }.contains { $0.total! > 10 } }),
                ("did \"Order Completed\" as member of any account with role \"admin\" at least twice", { done($0) { _, role in role == "admin" }.count >= 2 }),
                ("did not do \"Order Completed\" as member of any account where (industry = \"Tea\")", { done($0) { account, _ in Self.industry[account] == "Tea" }.isEmpty }),
                ("sum(total) of \"Order Completed\" as member of account in (\"globex\", \"acme\") > 20", { done($0) { account, _ in account != "acme-tea" }.reduce(0) { $0 + $1.total! } > 20 }),
                ("is member of account \"acme\"", { isMember($0) { account, _ in account == "acme" } }),
                ("is member of any account where (industry = \"Tea\") with role \"admin\"", { isMember($0) { account, role in Self.industry[account] == "Tea" && role == "admin" } }),
                ("is not member of any account", { !isMember($0) { _, _ in true } }),
                ("title as member of account \"acme\" = \"Buyer\"", { title($0) { $0 == "acme" } == "Buyer" }),
                ("title as member of any account is missing", { title($0) { _ in true } == nil }),
            ]
            for (text, isTrue) in questions {
                let condition = try Condition(text: text)
                #expect(try Condition(text: condition.text).json == condition.json, "\(text) reads back as \(condition.text)")
                #expect(try Condition(json: condition.json).text == condition.text)
                let view = try engine.view()
                let rows = try engine.rows(condition, at: Moment(asOf: Timestamp(clamping: now)), in: view)
                var found: Set<String> = []
                for (part, state) in view.parts.enumerated() {
                    state.alive.forEach { row in if rows[part].contains(row) { found.insert(engine.profileIDs([Row(part * RowSet.capacity + row)])[0]) } }
                }
                let wanted = Set(try (0..<Self.people).filter(isTrue).compactMap { try world.profile("u\($0)")?.id })
                found = found.filter { $0 != teller }
                #expect(found == wanted, "seed \(seed.value), minute \(minute): \(text)")
            }
        }
    }

    @Test("what is written wrongly is refused with its place and a remedy", arguments: [
        "is member of account", "is member of", "did \"A\" as member of account under", "is member of account \"a\" with role", "is member of any account where (hour from 9 to 17)",
        "count of sessions as member of account \"a\" > 1", "is member of account in ()", "title as member of account \"a\"",
    ])
    func refused(_ text: String) {
        #expect(throws: ConditionError.self) { try Condition(text: text) }
    }
}
