import Decisions
import TestSupport
import Testing
import Vocabulary

@Suite("Buttons change the lines of one step")
struct JourneyTextTests {
    static let yaml = """
        # The cart, by Ada.
        name: Cart   # never "Basket"
        trigger:
          event: '"Product Added"'

        steps:
        # First of all they get an hour.
        - id: pause
          wait: 1 hour   # not less

        - branch:
          # Those who pay most.
          - if: plan = "premium"
            then:
            - message: thanks   # personal
              purpose: email.offers
            # And a note.
            - trait: {thanked: true}
          otherwise: []
        - split: [{share: 50%, then: [{exit: half}]}]
        # At last.
        - exit: done
        # Stories come later.
        """

    private func changed(_ change: JourneyText.Change, _ place: String, _ yaml: String = yaml) throws -> String { try JourneyText(yaml).changed(change, at: place) }
    private func lines(_ text: String) -> [String] { text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) }

    @Test("a removed step goes with the comments right above it and within it, and nothing else does")
    func remove() throws {
        #expect(try changed(.remove, "/steps/0") == Self.yaml.replacing("# First of all they get an hour.\n- id: pause\n  wait: 1 hour   # not less\n", with: ""))
        #expect(try changed(.remove, "/steps/1/branch/0/then/1") == Self.yaml.replacing("    # And a note.\n    - trait: {thanked: true}\n", with: ""))
        #expect(try changed(.remove, "/steps/3") == Self.yaml.replacing("# At last.\n- exit: done\n", with: ""))
        let once = "steps:\n# Alone.\n- exit: done\n# End.\n"
        #expect(try changed(.remove, "/steps/0", once) == "steps: []\n# End.\n")
    }

    @Test("a step moves with its comments, and what stands between two steps stays there")
    func move() throws {
        let down = try changed(.move(1), "/steps/0")
        #expect(lines(down)[6...8] == ["- branch:", "  # Those who pay most.", "  - if: plan = \"premium\""])
        #expect(down.contains("  otherwise: []\n\n# First of all they get an hour.\n- id: pause\n  wait: 1 hour   # not less\n- split"))
        #expect(try changed(.move(-1), "/steps/1", down) == Self.yaml)
        #expect(try changed(.move(-1), "/steps/0") == Self.yaml, "not beyond the ends")
        #expect(Set(lines(try changed(.move(-3), "/steps/3"))) == Set(lines(Self.yaml)))
    }

    @Test("a step is added in the column of its neighbours, into an empty list, and into a way that is not there yet")
    func append() throws {
        let step = try #require(JourneyEditing.template("wait"))
        #expect(try changed(.append(step), "/steps") == Self.yaml.replacing("- exit: done\n", with: "- exit: done\n- wait: 1 day\n"))
        #expect(try changed(.append(step), "/steps/1/otherwise").contains("  otherwise:\n    - wait: 1 day\n- split"))
        #expect(try changed(.append(step), "/steps/1/branch/0/then").contains("    - trait: {thanked: true}\n    - wait: 1 day\n  otherwise"))
        let none = "steps:\n# One.\n- branch:\n  - if: everyone\n    then: [{exit: a}]  # all\n# Two.\n- exit: b\n"
        #expect(try changed(.append(step), "/steps/0/otherwise", none) == "steps:\n# One.\n- branch:\n  - if: everyone\n    then: [{exit: a}]  # all\n  otherwise:\n  - wait: 1 day\n# Two.\n- exit: b\n")
    }

    @Test("a step is shown as it is written, and what is taken over stands in its place, comments and all")
    func replace() throws {
        let text = try JourneyText(Self.yaml)
        #expect(text.source(at: "/steps/0") == "id: pause\nwait: 1 hour   # not less\n")
        #expect(text.source(at: "/steps/1/branch/0/then/0") == "message: thanks   # personal\npurpose: email.offers\n")
        #expect(text.source(at: "/steps/2/split/0/then/0") == "exit: half\n", "within braces, as JSON says it")
        #expect(try text.changed(.replace("id: pause\r\nwait: 2 hours   # more\r\n"), at: "/steps/0") == Self.yaml.replacing("wait: 1 hour   # not less", with: "wait: 2 hours   # more"))
        for place in ["/steps/0", "/steps/1", "/steps/1/branch/0/then/0"] { #expect(try text.changed(.replace(try #require(text.source(at: place))), at: place) == Self.yaml, "taken over as it is: \(place)") }
        #expect(try text.changed(.remove, at: "/steps/9") == Self.yaml)
        #expect(throws: JourneyFault.self) { try text.changed(.replace("wait: ["), at: "/steps/0") }
    }

    @Test("what stands within braces is written anew, and no more than its step")
    func braces() throws {
        let changed = try changed(.remove, "/steps/2/split/0/then/0")
        #expect(changed.hasPrefix(String(Self.yaml.prefix { $0 != "%" }.dropLast(24))))
        #expect(changed.contains("- split:\n    - share: 50%\n      then: []\n# At last.\n- exit: done\n# Stories come later."))
    }

    @Test("any changes say what the same changes of the document say, and every comment outside of what is taken away stays", arguments: Seed.some(4))
    func agree(_ seed: Seed) throws {
        var random = Random(seed)
        for round in 0..<60 {
            var yaml = Self.yaml + "\n"
            for _ in 0..<12 {
                let json = try JourneyYAML.json(yaml)
                let place = random.pick(Self.places(json, "/steps") + ["/steps"])
                let (change, wanted): (JourneyText.Change, JSONText) = switch random.below(4) {
                case 0 where place != "/steps": (.remove, JourneyEditing.removing(place, from: json))
                case 1 where place != "/steps":
                    { count in (.move(count), JourneyEditing.moving(place, by: count, in: json)) }(random.pick([-2, -1, 1, 2]))
                case 2 where place != "/steps":
                    (.replace("# New.\nwait: 3 days\n"), JourneyEditing.replacing(place, with: JSONText(trusted: Array(#"{"wait":"3 days"}"#.utf8)), in: json))
                default:
                    { step in (.append(step), JourneyEditing.appending(step, to: place == "/steps" ? place : place + "/otherwise", in: json)) }(JourneyEditing.template(random.pick(["exit", "wait", "message", "branch"])) ?? json)
                }
                if case .append = change { yaml = try JourneyText(yaml).changed(change, at: place == "/steps" ? place : place + "/otherwise") } else { yaml = try JourneyText(yaml).changed(change, at: place) }
                #expect(try JourneyYAML.text(JourneyYAML.json(yaml)) == JourneyYAML.text(wanted), "\(seed), round \(round): \(place)\n\(yaml)")
                #expect(yaml.hasPrefix("# The cart, by Ada.\nname: Cart   # never \"Basket\"\n"), "\(seed), round \(round)")
            }
        }
    }

    /// The places of all steps.
    private static func places(_ json: JSONText, _ list: String) -> [String] {
        (JourneyEditing.value(at: list, in: json)?.elements ?? []).indices.flatMap { number -> [String] in
            let place = "\(list)/\(number)"
            let ways = ["\(place)/otherwise"] + (0..<3).flatMap { ["\(place)/branch/\($0)/then", "\(place)/split/\($0)/then"] }
            return [place] + ways.filter { JourneyEditing.value(at: $0, in: json)?.isArray ?? false }.flatMap { places(json, $0) }
        }
    }
}
