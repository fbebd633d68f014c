import Decisions
import TestSupport
import Testing
import Vocabulary

@Suite("Fields change the lines of what stands beside the steps")
struct JourneyMembersTests {
    static let yaml = """
        # The cart, by Ada.
        name: Cart   # never "Basket"
        trigger:   # what begins it
          # Seen in the shop.
          event: '"Product Added" where name = "a # b"'   # each
        # As agreed.
        holdout: 5%   # of all
        goal: {event: '"Order Completed"', within: 7 days}
        exits:
        # Bought.
        - event: '"Order Completed"'
          sameKey: true
        - condition: plan = "premium"   # they need none
        key: properties.cartId

        # The steps.
        steps:
        - exit: done
        # The end.
        """

    private func setting(_ json: String?, _ place: String, _ yaml: String = yaml) throws -> String {
        try JourneyText(yaml).setting(json.map { try #require(JSONText(validating: Array($0.utf8))) }, at: place)
    }

    @Test("a value is written in its place; the comments beside it and above it stay")
    func change() throws {
        #expect(try setting("\"7%\"", "/holdout") == Self.yaml.replacing("holdout: 5%   #", with: "holdout: 7%   #"))
        #expect(try setting("\"\\\"Cart Left\\\"\"", "/trigger/event") == Self.yaml.replacing("'\"Product Added\" where name = \"a # b\"'   #", with: "'\"Cart Left\"'   #"))
        #expect(try setting("false", "/exits/0/sameKey") == Self.yaml.replacing("sameKey: true", with: "sameKey: false"))
        #expect(try setting("\"plan = \\\"gold\\\"\"", "/exits/1/condition").contains("- condition: 'plan = \"gold\"'"))
        #expect(try setting("\"5%\"", "/holdout") == Self.yaml, "what it says already")
    }

    @Test("a new value stands behind its neighbours, at the top before the steps and their comments")
    func add() throws {
        #expect(try setting("\"once\"", "/reentry") == Self.yaml.replacing("cartId\n\n# The steps.", with: "cartId\n\nreentry: once\n# The steps."))
        #expect(try setting("true", "/exits/1/sameKey").contains("  # they need none") || setting("true", "/exits/1/sameKey").contains("sameKey: true"))
        let campaign = "trigger:\n  campaign: all\n  at: now   # at once\nsteps: []\n"
        #expect(try setting("\"5%\"", "/trigger/canary/share", campaign) == "trigger:\n  campaign: all\n  at: now   # at once\n  canary:\n    share: 5%\nsteps: []\n")
    }

    @Test("what is taken away goes with the comments right above it, and nothing else does")
    func remove() throws {
        #expect(try setting(nil, "/holdout") == Self.yaml.replacing("# As agreed.\nholdout: 5%   # of all\n", with: ""))
        #expect(try setting(nil, "/exits/0/sameKey") == Self.yaml.replacing("  sameKey: true\n", with: ""))
        #expect(try setting(nil, "/maximum") == Self.yaml)
    }

    @Test("what stands within braces is written anew, and no line besides")
    func braces() throws {
        let text = try setting("\"14 days\"", "/goal/within")
        #expect(text == Self.yaml.replacing("goal: {event: '\"Order Completed\"', within: 7 days}", with: "goal:\n  event: '\"Order Completed\"'\n  within: 14 days"))
        #expect(try setting("\"x\"", "/name", "{name: a, steps: []}") == "name: x\nsteps: []\n")
        let said = "name: a\ngoal: {event: '\"A#B\"', within: 7 days} # as agreed: #12\nsteps: []\n"
        #expect(try setting("\"8 days\"", "/goal/within", said) == "name: a\n# as agreed: #12\ngoal:\n  event: '\"A#B\"'\n  within: 8 days\nsteps: []\n")
    }

    @Test("whatever is set at random is what the text says, and comments at the top stay", arguments: Seed.some(20))
    func lossless(_ seed: Seed) throws {
        var random = Random(seed)
        let places = ["/name", "/note", "/trigger/event", "/trigger/at", "/trigger/canary/share", "/trigger/canary/wait", "/holdout", "/goal/within", "/goal/ends", "/exits/0/event", "/exits/1/condition", "/key", "/reentry"]
        let values = ["\"7%\"", "true", "12", "\"it's: # \\\"so\\\"\"", "[\"mon\",\"fri\"]", "\"a\\nb\"", "null", "{\"a\":{\"b\":[1,{\"c\":\"d\"}]}}"]
        var yaml = Self.yaml
        for _ in 0..<8 {
            let place = random.pick(places)
            let value = try #require(JSONText(validating: Array(random.pick(values).utf8)))
            let isGone = random.below(4) == 0
            let before = try JourneyDocument(yaml: yaml).json
            guard JourneyEditing.value(at: String(place[..<place.lastIndex(of: "/")!]), in: before)?.isObject ?? true else { continue }
            yaml = try JourneyText(yaml).setting(isGone ? nil : value, at: place)
            let after = try JourneyDocument(yaml: yaml).json
            let found = JourneyEditing.value(at: place, in: after)
            if isGone { #expect(found == nil, "\(place) in\n\(yaml)") } else { #expect(found?.text.filter { $0 != " " } == value.text.filter { $0 != " " }, "\(place) in\n\(yaml)") }
            #expect(JourneyEditing.value(at: "/steps/0/exit", in: after)?.string == "done")
            #expect(yaml.hasPrefix("# The cart, by Ada.\n") && yaml.hasSuffix("# The end."), "\(yaml)")
        }
    }
}
