import Decisions
import Segments
import TestSupport
import Testing
import Vocabulary

@Suite("A journey is read whole or refused with the place")
struct JourneyReadingTests {
    @Test("names that only look alike are two events")
    func composed() throws {
        let json = try JourneyYAML.json("name: N\ntrigger: {event: '\"caf\u{e9}\"'}\nsteps: [{wait: {until: [{event: '\"cafe\u{301}\"'}, {event: '\"caf\u{e9}\"'}], timeout: 1 day}}]")
        #expect(try Journey(json: json).ears.count == 2)
    }

    static let cart = """
        # Somebody leaves a cart.
        name: Abandoned cart
        trigger:
          event: '"Product Added" where price > 10'
        key: properties.cartId
        reentry: restart
        zone: Europe/Madrid
        holdout: 10%
        goal:
          event: '"Order Completed"'
          revenue: properties.total
          within: 7 days
        exits:
        - event: '"Cart Cleared"'
          sameKey: true
        - condition: 'plan = "staff"'
        steps:
        - id: pause
          wait: 1 hour
        - id: bought
          wait:
            until:
            - event: '"Order Completed"'
              sameKey: true
              then:
              - exit: bought
            timeout: 1 day
          otherwise:
          - message: cart-reminder
            purpose: email.offers
        - id: half
          split:
          - share: 50%
            then:
            - trait: {group: a}
        - branch:
          - if: plan = "premium"
            then:
            - webhook: crm
              data: {cart: {from: event.properties.cartId}}
          otherwise:
          - event: Cart Given Up
        - wait: {at: "09:30", on: [mon, fri]}
        """

    @Test("every part of it")
    func whole() throws {
        let document = try JourneyDocument(yaml: Self.cart)
        let journey = try Journey(json: document.json)
        #expect(journey.steps.map(\.id) == ["pause", "bought", "exit-1", "message-1", "half", "trait-1", "branch-1", "webhook-1", "event-1", "wait-1"])
        #expect(journey.steps.map(\.next) == [1, 4, 4, 4, 6, 6, 9, 9, 9, nil])
        #expect(journey.steps[1].ways == [2, 3])
        #expect(journey.steps[4].ways == [5])
        #expect(journey.steps[6].ways == [7, 8])
        #expect(journey.steps.map(\.depth) == [0, 0, 1, 1, 0, 1, 0, 1, 1, 0])
        #expect(journey.holdout == 1000)
        #expect(journey.reentry == .restart)
        #expect(journey.ears.count == 3)
        #expect(journey.hearsEverything)
    }

    @Test("YAML keeps its text, and what is made of it reads back in its order")
    func lossless() throws {
        let document = try JourneyDocument(yaml: Self.cart)
        #expect(document.yaml == Self.cart)
        let printed = JourneyYAML.text(document.json)
        #expect(try JourneyYAML.json(printed) == document.json)
        #expect(document.json.members.map(\.key) == ["name", "trigger", "key", "reentry", "zone", "holdout", "goal", "exits", "steps"])
    }

    @Test("any JSON goes to YAML and comes back", arguments: Seed.some(4))
    func roundTrip(_ seed: Seed) throws {
        var random = Random(seed)
        for _ in 0..<200 {
            var w = JSONWriter()
            w.object { w in
                for number in 0..<random.below(5) {
                    w.key("k\(number)" + random.text(upTo: 3))
                    Self.value(&w, &random, depth: 0)
                }
            }
            let json = w.text
            let yaml = JourneyYAML.text(json)
            #expect((try? JourneyYAML.json(yaml))?.text == json.text, "\(seed): \(yaml)")
        }
    }

    private static func value(_ w: inout JSONWriter, _ random: inout Random, depth: Int) {
        switch random.below(depth > 3 ? 5 : 7) {
        case 0: w.number(Int64(random.below(1000)) - 500)
        case 1: w.raw(Array(random.pick(["1.50", "-0.0", "1e9", "12345678901234567890.10"]).utf8))
        case 2: w.boolean(random.chance(50))
        case 3: w.null()
        case 4: w.string(random.pick(["", "yes", "no", "~", "null", "true", "12", "0x10", "1:30", " a", "a ", "- a", "a: b", "a #b", "'", "\"", "*x", "&x", "%", "@", "`", "{", "[", "|", ">", "?", "2026-01-01"]) + (random.chance(30) ? random.text() : ""))
        case 5:
            w.array { w in for _ in 0..<random.below(4) { value(&w, &random, depth: depth + 1) } }
        default:
            w.object { w in
                for number in 0..<random.below(4) {
                    w.key("k\(number)")
                    value(&w, &random, depth: depth + 1)
                }
            }
        }
    }

    @Test("a text that other readers of YAML take for a number is written between quotes", arguments: [".inf", ".5", ".nan", ".INF", ".5e3", "...", "1_000", "0x1F", "5.", "1e3"])
    func numbersLookAlike(text: String) throws {
        var w = JSONWriter()
        w.object { $0.member("x", text) }
        let yaml = JourneyYAML.text(w.text)
        #expect(yaml == "x: '\(text)'\n")
    }

    static let faults: [(yaml: String, code: String, place: String)] = [
        ("- a", "journey.object", ""), ("name: A", "journey.missing", ""), ("name: A\ntriger: {api: true}\nsteps: []", "journey.missing", ""),
        ("name: A\ntrigger: {api: true}\nsteps: []\nreentri: once", "journey.unknown-name", "/reentri"),
        ("name: A\ntrigger: {event: 'Product Added'}\nsteps: []", "segments.quotes-needed", "/trigger/event line 1, column 1"),
        ("name: A\ntrigger: {event: '\"A\" at least 3 times'}\nsteps: []", "segments.unexpected", "/trigger/event line 1, column 5"),
        ("name: A\ntrigger: {event: sessions}\nsteps: []", "segments.one-event", "/trigger/event line 1, column 1"),
        ("name: A\ntrigger: {api: true}\nsteps: [{wait: 1 fortnight}]", "journey.value", "/steps/0/wait"),
        ("name: A\ntrigger: {api: true}\nsteps: [{waits: 1 day}]", "journey.unknown-step", "/steps/0"),
        ("name: A\ntrigger: {api: true}\nsteps: [{wait: 1 day, exit: x}]", "journey.two-steps", "/steps/0"),
        ("name: A\ntrigger: {api: true}\nsteps: [{wait: 1 day, id: a}, {exit: x, id: a}]", "journey.same-id", "/steps/1"),
        ("name: A\ntrigger: {api: true}\nsteps: [{filter: 'plan ='}]", "segments.unfinished", "/steps/0/filter line 1, column 7"),
        ("name: A\ntrigger: {api: true}\nsteps: [{split: [{share: 60%}, {share: 50%}]}]", "journey.shares", "/steps/0/split"),
        ("name: A\ntrigger: {api: true}\nsteps: [{message: m, purpose: '*'}]", "journey.purpose", "/steps/0/purpose"),
        ("name: A\ntrigger: {api: true}\nsteps: [{wait: {until: [{event: '\"B\"', sameKey: true}], timeout: 1 day}}]", "journey.no-key", "/steps/0/wait/until/0/sameKey"),
        ("name: A\ntrigger: {api: true}\nzone: Mars/Base\nsteps: []", "condition.zone", "/zone"),
        ("name: A\ntrigger: {api: true}\nreentry: onec\nsteps: []", "journey.choice", "/reentry"),
        ("name: A\ntrigger: {api: true}\nholdout: -0.5 %\nsteps: []", "journey.value", "/holdout"), ("name: A\ntrigger: {api: true}\nholdout: 1%0\nsteps: []", "journey.value", "/holdout"),
        ("name: A\ntrigger: {api: true}\nsteps: [{wait: {at: '+9:+5'}}]", "journey.value", "/steps/0/wait/at"),
        ("name: A\ntrigger: {api: true}\nkey: cartId\nsteps: []", "journey.key", "/key"),
        ("name: A\ntrigger: {event: '\"B\"'}\nsteps: [{wait: 1 day}, {event: B}]", "journey.loop", "/steps/1"),
        ("name: A\ntrigger: {event: anything}\nsteps: [{message: m, purpose: p}]", "journey.loop", "/steps/0"),
        ("name: [a", "journey.yaml", "line 1, column 9"), ("name: &a A", "journey.anchor", "line 1, column 7"), ("name: A\nname: B", "journey.yaml", "line 1, column 1"),
    ]

    @Test("a fault has a code and a place", arguments: faults)
    func fault(_ yaml: String, _ code: String, _ place: String) {
        let error = #expect(throws: JourneyFault.self) { try Journey(json: JourneyYAML.json(yaml)) }
        #expect(error?.explanation.code == code)
        if code != "journey.yaml" { #expect(error?.place == place) }
        #expect(error?.explanation.remedy.isEmpty == false)
    }

    @Test("what stands in comments and texts is no anchor and no nesting", arguments: [
        "# *this* matters & so does &that\nname: A", "name: A # [[[[ *x", "name: 'A' # it's *x*", "name: |\n  *bold* &amp; text\n  - *item*", "name: >-\n  Tea: *only* the best\n\n  &more", "name: x, *y* z",
        "name: A # \(String(repeating: "[", count: 100))", "name: |\n  \(String(repeating: "{", count: 100))", "note: |2-\n  \(String(repeating: "[", count: 60))\nname: A", "tests:\n- name: |\n    \(String(repeating: "[", count: 60))\nname: A",
    ])
    func texts(_ yaml: String) throws { _ = try JourneyYAML.json(yaml) }

    @Test("anchors are refused wherever they stand", arguments: ["a: &x 1", "a: &x {b: 1}", "a: &x [1]", "&x a: 1", "a: [1, &x 2]", "a: &x 1\nb: *x", "- &x a\n- *x", "a: &x {b: 1}\nc: {<<: *x}", "a: |\n  text\nb: &x 1", "a: |\n text\n&x b: 1"])
    func anchors(_ yaml: String) {
        #expect(#expect(throws: JourneyFault.self) { try JourneyYAML.json(yaml) }?.explanation.code == "journey.anchor")
    }

    @Test("what is nested without end is refused, and nothing falls")
    func hostile() {
        // What looks like a text of several lines and is none.
        let hidden = ["a: [ \"b\n # c\", ", "a: |\nb: ", "- - a: |\n  - ", "a: \"x: |\n  y\"\nb: [\"|\", "].flatMap { start in ["[", "{a: "].map { start + String(repeating: $0, count: 5000) } }
        let laughs = "a: &a [x, x, x, x, x, x, x, x]\n" + (1..<40).map { "a\($0): &a\($0) [\(Array(repeating: "*a\($0 == 1 ? "" : String($0 - 1))", count: 8).joined(separator: ", "))]" }.joined(separator: "\n")
        for yaml in hidden + [laughs] { #expect(throws: JourneyFault.self) { try JourneyYAML.json(yaml) } }
        for yaml in [String(repeating: "[", count: 100_000), String(repeating: "- ", count: 100_000), String(repeating: "{a: ", count: 60_000), (0..<700).map { String(repeating: " ", count: $0) + "a:" }.joined(separator: "\n"), "a: \u{0}", "? a\n: b", "a: !!binary x"] {
            _ = try? Journey(json: JourneyYAML.json(yaml))
        }
        var inner = "{exit: x}"
        for _ in 0..<20 { inner = "{branch: [{if: everyone, then: [\(inner)]}]}" }
        let error = #expect(throws: JourneyFault.self) { try Journey(json: JourneyYAML.json("name: A\ntrigger: {api: true}\nsteps: [\(inner)]")) }
        #expect(["journey.too-deep"].contains(error?.explanation.code))
    }
}
