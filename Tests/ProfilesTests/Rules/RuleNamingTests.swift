import Identity
import Storage
import TestSupport
import Testing
import Vocabulary

@Suite("Whom events name, by the rules that hold")
struct RuleNamingTests {
    @Test("what the store has compiled follows the rules as they are set, and after a restart")
    func follows() throws {
        let folder = TemporaryFolder()
        let database = try DatabaseFile(path: "\(folder.path)/rules.sqlite", migrations: Documents.migrations)
        let store = try IdentityRuleStore(Documents(database))
        #expect(store.naming.types == [])
        var rules = IdentityRules.usual
        rules.types.append(IdentityRules.TypeRule("loyaltyId", .join, sharedBy: 10, paths: ["traits.loyaltyId"]))
        _ = try store.set(rules, author: "ada", at: Timestamp(clamping: 1))
        #expect(store.naming.types == ["loyaltyId"] && store.current.number == 1)
        #expect(try IdentityRuleStore(Documents(database)).naming.types == ["loyaltyId"])
        _ = try store.set(.usual, author: "ada", at: Timestamp(clamping: 2))
        #expect(store.naming.types == [])
    }
}
