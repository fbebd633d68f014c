import Decisions
import Storage
import TestSupport
import Testing
import Vocabulary

@Suite("Two who change a journey at once", .serialized)
struct EditionTests {
    @Test("of many who replace the version that they have seen one does, and the others are told")
    func race() async throws {
        let world = try WalkingWorld()
        defer { world.close() }
        func document(_ step: Int) throws -> JourneyDocument { try JourneyDocument(yaml: "name: J\ntrigger: {api: true}\nsteps: [{exit: e\(step)}]") }
        _ = try world.store.save("jny_1", try document(0), author: "ada", at: world.time.value)
        let (store, at) = (world.store, world.time.value)
        let documents = try (1...8).map(document)
        let saved = await withTaskGroup(of: Bool.self) { group in
            for document in documents {
                group.addTask { (try? store.save("jny_1", document, replacing: 1, author: "ada", at: at)) != nil }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(saved == 1 && store.find("jny_1")?.version == 2)
        do {
            _ = try store.save("jny_1", try document(9), replacing: 1, author: "ada", at: at)
            Issue.record("it was replaced")
        } catch let refusal as Refusal { #expect(refusal.explanation.code == Documents.stale) }
        #expect(try store.save("jny_1", try document(9), replacing: 2, author: "ada", at: at).version == 3)
    }
}
