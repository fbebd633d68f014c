import Identity
import Profiles
import TestSupport
import Testing
import Vocabulary

@Suite("Whose a mailbox is")
struct MailboxTests {
    @Test("few are searched and many looked through, and both find everyone who has one now, however they write it", arguments: Seed.some(4))
    func found(_ seed: Seed) async throws {
        var random = Random(seed)
        let world = try World()
        let names = ["ada", "ada.l", "info", "zoë", "a+b", "ad"], domains = ["tea.example", "wren.example"]
        var newest: [String: String] = [:]
        for number in 0..<120 {
            let (user, name, domain) = ("u\(random.below(60))", random.pick(names), random.pick(domains))
            let plain = "\(name)@\(domain)"
            let written = random.pick([plain, plain.uppercased(), " \(plain)", "\(name.uppercased())@\(domain)", plain])
            newest[user] = plain
            try await world.send("{\"userId\":\"\(user)\",\"messageId\":\"\(number)\",\"traits\":{\"email\":\"\(written)\"}}", as: .single(.identify))
        }
        let mailboxes = names.flatMap { name in domains.map { world.stages.ledger.mailbox("\(name)@\($0)") } }
        let many = world.stages.profiles.people(with: Set(mailboxes + (0..<10).map { Identifier(.email, "nobody\($0)@tea.example") }))
        for mailbox in mailboxes {
            func users(_ people: [[Identifier]]?) -> Set<String> { Set((people ?? []).flatMap { $0.filter { $0.namespace == .userId }.map(\.text) }) }
            let found = users(many[mailbox])
            #expect(found == users(world.stages.profiles.people(with: [mailbox])[mailbox]), "\(seed) \(mailbox.text)")
            #expect(found.isSuperset(of: newest.filter { $0.value == mailbox.text }.keys), "\(seed) \(mailbox.text)")
            // Who had it before, and has it as an identifier still, is found, too, and nobody else.
            for user in found where newest[user] != mailbox.text {
                let own = try #require(try world.reader.profile(Identifier(.userId, user))).identifiers.filter { $0.namespace == .email }
                #expect(own.contains { world.stages.ledger.mailbox($0.text) == mailbox }, "\(seed) \(user)")
            }
        }
        #expect(many.keys.allSatisfy { mailboxes.contains($0) })
    }
}
