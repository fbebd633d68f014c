import Identity
import TestSupport
import Testing
import Vocabulary

@Suite("Stating who is who")
struct LinkTests {
    private static let tablet = """
        09:00  track     anonymousId=tablet            Browsed
        09:01  identify  anonymousId=tablet userId=u1  name=Ada email=ada@example.com
        09:02  track     anonymousId=tablet            Browsed again
        09:03  identify  anonymousId=phone userId=u2   name=Bob plan=free
        09:04  track     anonymousId=phone             Bought
        """

    @Test("a merge joins two known users, and taking it back parts them again as they were")
    func mergeAndBack() async throws {
        let world = try World()
        try await world.play(Self.tablet)
        let before = try HistoryTests.everything(world)
        let merge = try await world.state(.merge, ["userId=u1"], ["userId=u2"], reasons: ["They told us."])
        #expect(world.profileCount == 1)
        #expect(try world.timeline(of: "u2") == ["Browsed", "Browsed again", "Bought"])
        #expect(try world.traits(of: "u1")["name"] == "\"Bob\"")
        let link = try #require(try world.links.find(Link.id(merge)))
        #expect(link.isInForce && link.fact.reasons == ["They told us."] && link.fact.author == "ada")
        try await world.undo(merge)
        #expect(try HistoryTests.everything(world) == before)
        #expect(try world.links.find(Link.id(merge))?.isInForce == false)
        try world.restart(snapshots: false)
        #expect(try HistoryTests.everything(world) == before)
    }

    @Test("an identifier taken off a profile takes its own events along, and later ones go to it")
    func unmerge() async throws {
        let world = try World()
        try await world.play(Self.tablet)
        try await world.state(.unmerge, ["anonymousId=tablet"], ["userId=u1", "email=ada@example.com"])
        #expect(world.profileCount == 3)
        #expect(try world.timeline(of: "tablet") == ["Browsed", "Browsed again"])
        #expect(try world.timeline(of: "u1") == [])
        #expect(try world.traits(of: "tablet") == [:])
        #expect(try world.traits(of: "u1") == ["name": "\"Ada\"", "email": "\"ada@example.com\""])
        try await world.play("""
            09:10  track     anonymousId=tablet            Back
            09:11  identify  anonymousId=tablet userId=u1  plan=pro
            """)
        #expect(world.profileCount == 3)
        #expect(try world.timeline(of: "tablet") == ["Browsed", "Browsed again", "Back"])
        #expect(try world.traits(of: "u1")["plan"] == "\"pro\"")
        let profile = try #require(try world.profile("u1"))
        #expect(world.reader.refusals(of: profile).map(\.edge.outcome) == [.keptApart])
    }

    @Test("what was refused because of whom a device belonged to comes into force when it does not any more")
    func freed() async throws {
        let world = try World()
        try await world.play("""
            09:00  identify  anonymousId=a1 userId=u1
            09:01  track     anonymousId=a1 userId=u2  Bought
            09:02  track     anonymousId=a1            Browsed
            """)
        #expect(try world.timeline(of: "u1") == ["Browsed"])
        let parted = try await world.state(.unmerge, ["anonymousId=a1"], ["userId=u1"])
        #expect(try world.timeline(of: "u2") == ["Bought", "Browsed"])
        try await world.undo(parted)
        #expect(try world.timeline(of: "u1") == ["Browsed"])
    }

    @Test("two who are to be kept apart are not joined by any evidence, before or behind")
    func never() async throws {
        let world = try World()
        try await world.play("09:00  identify  anonymousId=a1 userId=u1\n09:00  identify  userId=u2")
        let never = try await world.state(.never, ["userId=u1"], ["userId=u2"])
        try await world.play("09:01  alias  userId=u2 previousId=u1")
        #expect(world.profileCount == 2)
        #expect(throws: LinkError.keptApart(by: Link.id(never))) { try world.links.check(LinkFact(.merge, [World.identifier("userId=u2")], [World.identifier("anonymousId=a1")], author: "ada")) }
        try await world.undo(never)
        #expect(world.profileCount == 1)
        let again = try await world.state(.never, ["userId=u1"], ["userId=u2"])
        #expect(world.profileCount == 2)
        #expect(try world.links.find(Link.id(again))?.isInForce == true)
    }

    @Test("what is held together cannot be parted before that is undone")
    func always() async throws {
        let world = try World()
        try await world.play("09:00  identify  anonymousId=a1 userId=u1\n09:01  identify  userId=u2 anonymousId=a2")
        let always = try await world.state(.always, ["userId=u1"], ["anonymousId=a2"])
        // The device is u1's whatever came before: what u2 said of it is refused.
        #expect(try world.identifiers(of: "u1") == ["anonymousId=a1", "anonymousId=a2", "userId=u1"])
        #expect(try world.identifiers(of: "u2") == ["userId=u2"])
        let split = LinkFact(.unmerge, [World.identifier("anonymousId=a2")], [World.identifier("userId=u1")], author: "ada")
        #expect(throws: LinkError.heldTogether(by: Link.id(always))) { try world.links.check(split) }
        try await world.undo(always)
        #expect(try world.identifiers(of: "u2") == ["anonymousId=a2", "userId=u2"])
    }

    @Test("a statement that cannot be made is refused with its reason")
    func refusals() async throws {
        let world = try World()
        try await world.play(Self.tablet + "\n09:05  group  userId=u1 groupId=wren  name=Wren")
        func check(_ kind: LinkFact.Kind, _ first: [String], _ second: [String]) -> LinkError? {
            do throws(LinkError) { try world.links.check(LinkFact(kind, first.map(World.identifier), second.map(World.identifier), author: "ada")) } catch { return error }
            return nil
        }
        #expect(check(.merge, ["userId=u1"], ["userId=u2"]) == nil)
        #expect(check(.merge, ["userId=u1"], ["anonymousId=tablet"]) == .onePersonAlready)
        #expect(check(.merge, ["userId=u1"], ["userId=nobody"]) == .unknownIdentifier(type: "userId"))
        #expect(check(.merge, ["userId=u1"], []) == .sideMissing)
        #expect(check(.merge, ["userId=u1"], ["groupId=wren"]) == .accountAndPerson)
        #expect(check(.never, ["userId=u1"], ["userId=u1"]) == .sidesOverlap)
        #expect(check(.unmerge, ["userId=u1"], ["userId=u2"]) == .notOnePerson)
        #expect(check(.unmerge, ["userId=u1"], []) == .nothingLeft)
        #expect(throws: LinkError.unknownLink) { try world.links.check(LinkFact(.undo, undoes: 4_000_000, author: "ada")) }
    }

    @Test("trying a statement shows who there would be, and changes nothing")
    func trying() async throws {
        let world = try World()
        try await world.play(Self.tablet)
        let before = try HistoryTests.everything(world)
        let fact = LinkFact(.unmerge, [World.identifier("anonymousId=tablet")], [World.identifier("userId=u1"), World.identifier("email=ada@example.com")], author: "ada")
        let people = world.stages.lock.writing { world.stages.graph.outcome(of: fact) }
        #expect(people.map(\.count).sorted() == [1, 2])
        #expect(try HistoryTests.everything(world) == before)
        try await world.state(fact)
        #expect(world.profileCount == 3)
    }

    @Test("no sender can state anything: an event that looks like a statement is an event")
    func forgery() async throws {
        let world = try World()
        try await world.play(Self.tablet)
        try await world.send(#"{"type":"track","userId":"u1","event":"identity.link","messageId":"x","properties":{"kind":"merge","first":[["userId","u1"]],"second":[["userId","u2"]]},"flags":4,"source":0}"#, as: .single(.track))
        #expect(world.profileCount == 2)
        #expect(try world.timeline(of: "u1").last == "identity.link")
    }

    @Test("an identifier that more than ten people name is nobody's: a kiosk brings no one together")
    func kiosk() async throws {
        let world = try World()
        for person in 0..<10 { try await world.play("09:0\(person)  track  userId=u\(person) anonymousId=kiosk  Bought") }
        #expect(world.profileCount == 10)
        #expect(try world.identifiers(of: "u0") == ["anonymousId=kiosk", "userId=u0"])
        try await world.play("10:00  track  anonymousId=kiosk  Browsed\n10:01  track  userId=u10 anonymousId=kiosk  Bought")
        #expect(world.profileCount == 12)
        #expect(try world.identifiers(of: "u0") == ["userId=u0"])
        #expect(try world.timeline(of: "kiosk") == ["Browsed"])
        #expect(world.reader.shared(of: try #require(try world.profile("kiosk"))).map(\.text) == ["kiosk"])
        try world.restart(snapshots: false)
        #expect(world.profileCount == 12)
    }

    @Test("statements about somebody who is forgotten go too, from every file")
    func forgotten() async throws {
        let world = try World()
        try await world.play(Self.tablet)
        let merge = try await world.state(.merge, ["userId=u1"], ["userId=u2"], reasons: ["Quince wants one account."])
        try await world.state(LinkFact(.undo, undoes: merge, reasons: ["Quince changed her mind."], author: "ada"))
        try await world.state(.never, ["userId=u1", "anonymousId=tablet"], ["userId=u2"], reasons: ["Quince said that she is not Bob."])
        try world.stages.checkpoint()
        try world.erase(Identifier(.userId, "u1"))
        #expect(world.folder.filesContaining("Quince") == [])
        #expect(try world.links.newest(before: nil, limit: 10).isEmpty)
        #expect(try world.identifiers(of: "u2") == ["anonymousId=phone", "userId=u2"])
        let after = try HistoryTests.everything(world)
        try world.restart()
        #expect(try HistoryTests.everything(world) == after)
    }
}
