import Profiles
import TestSupport
import Testing
import Vocabulary

@Suite("Accounts and their members")
struct AccountTests {
    /// As `acme:admin 09:00-10:00`, the newest first.
    private func memberships(of name: String, in world: World, asOf: String? = nil) throws -> [String] {
        let reader = AccountReader(world.stages.accounts, world.reader)
        return try reader.memberships(of: #require(try world.profile(name)), asOf: asOf.map { Timestamp($0)! }).map { one in
            func hour(_ time: Timestamp?) -> String { time.map { String($0.iso8601.dropFirst(11).prefix(5)) } ?? "" }
            return "\(one.account.id):\(one.roles.joined(separator: "+")) \(hour(one.from))-\(hour(one.to))"
        }
    }

    @Test("a group call joins, a new role begins another membership, leaving keeps what was")
    func joinAndLeave() async throws {
        let world = try World()
        try await world.play("""
            09:00  group  userId=ada groupId=acme  name=Acme role=buyer
            09:30  group  userId=ada groupId=acme  seats=4
            10:00  group  userId=ada groupId=acme  role=admin
            11:00  track  userId=ada  Account Left  accountId=acme
            12:00  track  userId=ada  Account Left  accountId=acme
            """)
        #expect(try memberships(of: "ada", in: world) == ["acme:admin 10:00-11:00", "acme:buyer 09:00-10:00"])
        #expect(try world.traits(of: "groupId:acme") == ["name": "\"Acme\"", "seats": "4"], "a role is the person's, not the account's")
        #expect(try memberships(of: "ada", in: world, asOf: "2026-07-01T10:30:00Z") == ["acme:admin 10:00-", "acme:buyer 09:00-10:00"])
        #expect(try memberships(of: "ada", in: world, asOf: "2026-07-01T08:00:00Z") == [])
    }

    @Test("who leaves one company and joins another has both, one after the other")
    func changesJobs() async throws {
        let world = try World()
        try await world.play("""
            09:00  track  userId=ada  Account Added User    accountId=acme role=buyer
            10:00  track  userId=ada  Account Removed User  accountId=acme
            11:00  group  userId=ada  groupId=globex
            """)
        #expect(try memberships(of: "ada", in: world) == ["globex: 11:00-", "acme:buyer 09:00-10:00"])
    }

    @Test("a statement that comes late counts from its own time")
    func late() async throws {
        let world = try World()
        try await world.play("""
            11:00  track  userId=ada  Account Left    accountId=acme
            12:00  group  userId=ada  groupId=acme    timestamp=09:00 role=buyer
            """)
        #expect(try memberships(of: "ada", in: world) == ["acme:buyer 09:00-11:00"])
    }

    @Test("people who turn out to be one have one history of memberships")
    func merged() async throws {
        let world = try World()
        try await world.play("""
            09:00  group     anonymousId=a1 groupId=acme
            10:00  track     userId=ada  Account Left  accountId=acme
            10:30  identify  anonymousId=a1 userId=ada
            """)
        #expect(try memberships(of: "ada", in: world) == ["acme: 09:00-10:00"])
        let reader = AccountReader(world.stages.accounts, world.reader)
        let members = try reader.members(of: #require(try reader.account("acme")), after: nil, limit: 10).members
        #expect(members.count == 1 && !members[0].isActive)
    }

    @Test("a circle of parents has no parents, and what lies below it stays there")
    func circle() async throws {
        let world = try World()
        try await world.play("""
            09:00  group  userId=ada groupId=a  parentId=b
            09:01  group  userId=ada groupId=c  parent_id=a
            09:02  group  userId=ada groupId=b
            """)
        let reader = AccountReader(world.stages.accounts, world.reader)
        func tree(_ id: String) throws -> (ancestors: [String], children: [String], isOnCircle: Bool) {
            let account = try #require(try reader.account(id))
            let relatives = reader.relatives(of: account)
            return (relatives.ancestors.map(\.id), relatives.children.map(\.id), reader.isOnCircle(account))
        }
        #expect(try tree("c") == (["b", "a"], [], false))
        #expect(try tree("b") == ([], ["a"], false))
        try await world.play("10:00  group  userId=ada groupId=b  parentId=a")
        #expect(try tree("a") == ([], ["c"], true))
        #expect(try tree("b") == ([], [], true))
        #expect(try tree("c") == (["a"], [], false))
        try await world.play("11:00  group  userId=ada groupId=self  parentId=self")
        #expect(try tree("self") == ([], [], true))
    }

    @Test("an erased person is in no account and in no file; the account keeps what others said")
    func erased() async throws {
        let world = try World()
        try await world.play("""
            09:00  group  userId=bob groupId=acme  name=Acme
            09:01  group  userId=lovelace4711 groupId=acme  role=lovelace4711-role
            09:02  track  userId=lovelace4711  Account Left  accountId=lovelace4711-solo
            """)
        try world.restart()
        try world.erase(Identifier(.userId, "lovelace4711"))
        for _ in 0..<2 {
            let reader = AccountReader(world.stages.accounts, world.reader)
            #expect(world.folder.filesContaining("lovelace4711") == [])
            #expect(try reader.members(of: #require(try reader.account("acme")), after: nil, limit: 10).members.map(\.profile.displayName) == ["bob"])
            #expect(try reader.search("", after: nil, limit: 10).accounts.map(\.displayName) == ["Acme"])
            try world.restart(snapshots: false)
        }
    }

    @Test("members and accounts come in pages, each once")
    func pages() async throws {
        let world = try World()
        let lines = (0..<250).map { "{\"type\":\"group\",\"userId\":\"u\($0)\",\"groupId\":\"\($0 % 2 == 0 ? "acme" : "solo-\($0)")\",\"messageId\":\"g\($0)\"}" }
        try await world.send("{\"batch\":[\(lines.joined(separator: ","))]}")
        let reader = AccountReader(world.stages.accounts, world.reader)
        let account = try #require(try reader.account("acme"))
        var seen: [String] = []
        var next: ProfileCursor?
        repeat {
            let page = try reader.members(of: account, after: next, limit: 40)
            seen += page.members.map(\.profile.displayName)
            next = page.next
        } while next != nil
        #expect(seen.count == 125 && Set(seen).count == 125)
        #expect(try reader.search("solo-1", after: nil, limit: 1000).accounts.count == 56)
    }

    @Test("random histories come to what a slow look at each instant says, also after restarts", arguments: Seed.some(4))
    func agrees(_ seed: Seed) async throws {
        var random = Random(seed)
        let world = try World()
        let begin = Timestamp("2026-07-01T06:00:00Z")!.milliseconds
        world.clock.now = Timestamp("2026-07-02")!
        var facts: [SlowFact] = []
        var lines: [String] = []
        for number in 0..<160 {
            let fact = SlowFact(
                person: random.below(5), account: random.below(3), time: begin + Int64(random.below(40)) * 60_000, role: random.chance(50) ? random.pick(["buyer", "admin"]) : nil,
                isLeaving: random.chance(35), isByDevice: random.chance(30), number: number)
            facts.append(fact)
            lines.append(fact.json)
        }
        for person in 0..<5 { lines.append("{\"type\":\"identify\",\"userId\":\"u\(person)\",\"anonymousId\":\"a\(person)\",\"messageId\":\"i\(person)\"}") }
        for start in stride(from: 0, to: lines.count, by: 20) { try await world.send("{\"batch\":[\(lines[start..<min(lines.count, start + 20)].joined(separator: ","))]}") }
        for round in 0..<3 {
            let reader = AccountReader(world.stages.accounts, world.reader)
            for person in 0..<5 {
                let found = reader.memberships(of: try #require(try world.profile("u\(person)")))
                for minute in -1...40 {
                    let time = begin + Int64(minute) * 60_000
                    for account in 0..<3 {
                        let holding = found.filter { $0.account.id == "acc\(account)" && $0.from.milliseconds <= time && $0.to.map { $0.milliseconds > time } ?? true }
                        #expect(holding.map(\.roles) == SlowFact.roles(of: person, in: account, at: time, facts), "round \(round), u\(person), acc\(account), minute \(minute)")
                    }
                }
            }
            try world.restart(snapshots: round == 0)
        }
    }

    /// What there is to see of all accounts: each with its parents, those below it and its members, as `acme<group [b] ada+bob`.
    private func everything(_ world: World) throws -> [String] {
        let reader = AccountReader(world.stages.accounts, world.reader)
        return try reader.search("", after: nil, limit: 100).accounts.map { account in
            let relatives = reader.relatives(of: account)
            let members = try reader.members(of: account, after: nil, limit: 100).members.map { $0.profile.displayName + ($0.isActive ? "" : "-") }.sorted()
            return "\(account.displayName)<\(relatives.ancestors.map(\.name).joined(separator: "<")) \(relatives.children.map(\.name)) \(members.joined(separator: "+"))"
        }.sorted()
    }

    @Test("two accounts that are one have their members, children and parents together, and apart again when that is taken back")
    func oneAccount() async throws {
        let world = try World()
        try await world.play("""
            09:00  group  userId=ada groupId=acme    name=Acme role=buyer
            09:01  group  userId=bob groupId=acme-2  name=Incorporated parentId=top
            09:02  group  userId=eve groupId=below   name=Below parentId=acme-2
            09:03  group  userId=tom groupId=top     name=Top
            09:04  track  userId=tom Account Left    accountId=top
            09:05  group  userId=ada groupId=acme-2
            """)
        let before = try everything(world)
        #expect(before == ["Acme< [] ada", "Below<Top<Incorporated [] eve", "Incorporated<Top [\"Below\"] ada+bob", "Top< [\"Incorporated\"] tom-"])
        let merge = try await world.state(.merge, ["groupId=acme"], ["groupId=acme-2"])
        let after = ["Below<Top<Incorporated [] eve", "Incorporated<Top [\"Below\"] ada+bob", "Top< [\"Incorporated\"] tom-"]
        #expect(try everything(world) == after)
        let reader = AccountReader(world.stages.accounts, world.reader)
        #expect(reader.count == 3)
        #expect(try reader.account("acme")?.id == reader.account("acme-2")?.id)
        // What was said of either is said of the one: ada joined both, and so once.
        #expect(try memberships(of: "ada", in: world) == ["acme:buyer 09:00-"])
        #expect(try memberships(of: "bob", in: world) == ["acme: 09:01-"])
        try world.restart(snapshots: false)
        #expect(try everything(world) == after)
        try world.restart(snapshots: true)
        #expect(try everything(world) == after)
        try await world.play("10:00  track  userId=bob  Account Left  accountId=acme")
        #expect(try memberships(of: "bob", in: world) == ["acme: 09:01-10:00"])
        try await world.undo(merge)
        // Bob left the other one, of which he never was a member.
        #expect(try everything(world) == before)
        #expect(try memberships(of: "ada", in: world) == ["acme-2: 09:05-", "acme:buyer 09:00-"])
        #expect(AccountReader(world.stages.accounts, world.reader).count == 4)
    }

    @Test("an account whose other half is forgotten goes on alone")
    func halfForgotten() async throws {
        let world = try World()
        try await world.play("""
            09:00  group  userId=ada groupId=acme    name=Acme
            09:01  group  userId=bob groupId=acme-2  name=Incorporated
            """)
        try await world.state(.merge, ["groupId=acme"], ["groupId=acme-2"])
        try world.erase(Identifier(.userId, "ada"))
        #expect(try everything(world) == ["Incorporated< [] bob"])
        #expect(try memberships(of: "bob", in: world) == ["acme-2: 09:01-"])
    }
}

/// A statement of a membership, and the obvious reading of many.
struct SlowFact {
    let person: Int
    let account: Int
    let time: Int64
    let role: String?
    let isLeaving: Bool
    let isByDevice: Bool
    let number: Int

    var json: String {
        let who = isByDevice ? "\"anonymousId\":\"a\(person)\"" : "\"userId\":\"u\(person)\""
        let roleText = role.map { ",\"role\":\"\($0)\"" } ?? ""
        let membership = "\"context\":{\"membership\":{\"status\":\"\(isLeaving ? "left" : "joined")\"\(roleText)}}"
        return "{\"type\":\"group\",\(who),\"groupId\":\"acc\(account)\",\"messageId\":\"m\(number)\",\"timestamp\":\"\(Timestamp(clamping: time).iso8601)\",\(membership)}"
    }

    /// The roles at an instant; none where they are no member.
    static func roles(of person: Int, in account: Int, at time: Int64, _ facts: [SlowFact]) -> [[String]] {
        var roles: [String]?
        for fact in facts.filter({ $0.person == person && $0.account == account && $0.time <= time }).sorted(by: { ($0.time, $0.number) < ($1.time, $1.number) }) {
            if fact.isLeaving { roles = nil } else { roles = fact.role.map { [$0] } ?? roles ?? [] }
        }
        return roles.map { [$0] } ?? []
    }
}
