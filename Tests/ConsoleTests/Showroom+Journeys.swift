@testable import Console

extension Showroom {
    /// Journeys and campaigns as they are made, edited and shown, with `text` wherever a value is shown.
    var journeyPages: [(name: String, html: String)] {
        let step = JourneyTree.Step(place: "/steps/0", id: text, kind: "message", summary: text, counts: .init(arrived: 9, standing: 1, decided: 8, sent: 5, failed: 1, refused: 2, opened: 3, clicked: 1), ways: [.init(place: "/steps/0/otherwise", name: nil, count: 1, steps: [])], yaml: text)
        var tree = JourneyTree(steps: [step], kinds: ["wait"])
        let cards: [JourneyHead.Card] = JourneyHead.triggers.map { kind in
            .init(.trigger, place: "/trigger", trigger: kind, inputs: [.init(place: "/trigger/\(kind)", value: text, kind: .named(.events), error: problem), .init(place: "/trigger/on", value: text, kind: .choice(["entry"]))])
        }
        let others: [JourneyHead.Card] = [
            .init(.rules, place: "/rules", inputs: [.init(place: "/name", value: text), .init(place: "/reentry", value: "once", kind: .choice(["", "once"]))]),
            .init(.goal, place: "/goal", inputs: [.init(place: "/goal/event", value: text), .init(place: "/goal/ends", value: "false", kind: .choice(["true", "false"]))]),
            .init(.exit, place: "/exits/0", inputs: [.init(place: "/exits/0/condition", value: text)]),
        ]
        func head(_ card: JourneyHead.Card) -> JourneyHead { JourneyHead([card] + others, names: [.events: [text]]) }
        func edit(_ card: JourneyHead.Card, _ canvas: JourneyCanvas) -> String {
            tree.canvas = canvas
            var page = JourneyEditPage(id: text, name: text, yaml: text, tree: tree, problem: problem, place: text, stories: [.init(name: text, failures: [text])])
            (page.head, page.canvas) = (head(card), canvas)
            return page.render(frame)
        }
        let audience = CampaignAudience(segment: text, segmentID: text, channel: text, purpose: text, people: 12_000, holdout: 1000, asked: 500, withAddress: 400, agreed: 300, canaries: 500, waitMinutes: 60, perMinute: 100)
        func page(_ state: JourneyState, _ canaries: CanaryVerdict? = nil) -> String {
            JourneyPage(
                id: text, name: text, note: text, trigger: "campaign", state: state, version: state == .paused ? 2 : 1, liveVersion: 1, tree: JourneyTree(steps: [step]), walked: .init(people: 3, converted: 1, revenue: 2), heldOut: .init(people: 1, converted: 0, revenue: 0),
                lift: nil, revenueLift: nil, ended: [(text, 1)], warnings: (JourneyWarning.translated + [text]).map { JourneyWarning(.init(code: $0, problem: "There is no `\(text)`.", remedy: text)) }, head: head(cards[4]),
                canaries: canaries, audience: state == .draft ? audience : nil, waiting: 3, versions: JourneyVersions([.init(version: 1, step: text, count: 2)], texts: ("a\n\(text)", "b\n\(text)"))
            ).render(frame)
        }
        func campaign(_ problems: [String: ConsoleProblem], _ audience: CampaignAudience? = nil) -> String {
            CampaignPage(
                values: CampaignPage.standard.merging(["name": text]) { $1 }, problems: problems, segments: [(text, text)], templates: [.init(name: text, kind: "email")], channels: ["email"], purposes: [text], topics: [text],
                events: [text], audience: audience, yaml: audience == nil ? "" : text
            ).render(frame)
        }
        let rehearsal = RehearsalPage(
            id: text, name: text, days: 30, people: 9, entered: 8, heldOut: 1, messages: 7, overCap: 2, peopleOverCap: 1, held: 1, collisions: 1, milliseconds: 12, byDay: [.init(atMs: 0, messages: 3), .init(atMs: 86_400_000, messages: 0)],
            decisions: [.init(atMs: 0, profile: text, person: text, step: text, what: text)], gaps: RehearsalPage.everyGap)
        let wrong = Dictionary(uniqueKeysWithValues: CampaignPage.fields.map { ($0, problem) })
        return cards.map { ("journey, edit \($0.trigger)", edit($0, JourneyCanvas(focus: "edit:/trigger", open: ["/goal"]))) } + [
            ("journey, step refused", edit(cards[0], JourneyCanvas(open: ["/steps/0"], wrong: "/steps/0", typed: ["/steps/0": (text, problem)]))),
            ("journey, draft", page(.draft)), ("journey, paused", page(.paused, CanaryVerdict(sent: 90, failed: 10, stopAbove: 250, atMs: 0, waiting: 1900))),
            ("journey, silent", page(.paused, CanaryVerdict(sent: 0, failed: 0, stopAbove: 200, atMs: 0, waiting: 1))), ("journey, rehearsal", rehearsal.render(frame)), ("campaign, new", campaign([:])), ("campaign, wrong", campaign(wrong)),
            ("campaign, refused", campaign(["": problem])), ("campaign, counted", campaign([:], audience)),
            ("campaign, no segments", CampaignPage(values: [:], segments: [], templates: [], channels: [], purposes: [], topics: [], events: []).render(frame)),
            ("campaign, no templates", CampaignPage(values: [:], segments: [(text, text)], templates: [], channels: [], purposes: [], topics: [], events: []).render(frame)),
        ]
    }
}
