@testable import Console

extension Showroom {
    /// Messages, the sending policy and destinations, with `text` wherever a value is shown.
    var deliveryPages: [(name: String, html: String)] {
        func row(_ state: String) -> DeliveriesPage.Row {
            .init(key: text, profileID: text, person: text, lane: text, template: state == "dead" ? nil : text, state: state, reason: text, atMs: Self.now)
        }
        let chart = DeliveryChart(hours: (0..<24).map { .init(startMs: Self.now + Int64($0) * 3_600_000, sent: $0, refused: 2, failed: 1) })
        let list = DeliveriesPage(
            chart: chart, lanes: [.init(id: text, name: text, waiting: 3, dead: 2, isPaused: true), .init(id: "log", name: "log", waiting: 1, dead: 0, isPaused: false)],
            rows: DeliveriesPage.states.map(row), state: "dead", channel: text, origin: (text, text, text), kind: text, held: .init(atMs: Self.now, lanes: [(text, text, 3)]), next: text)
        let message = MessagePage(
            row: row("dead"), code: text, detail: text, facts: MessagePage.factNames.map { ($0, text) }, journey: (text, text, text), steps: [.init(atMs: Self.now, reason: text, detail: text)],
            checks: zip(MessagePage.checks, MessagePage.answers + MessagePage.answers + ["passed"]).map { .init(name: $0, answer: $1, reason: text, detail: text, untilMs: Self.now) })
        let policy = PolicyPage(caps: text, quietHours: text, zone: text, publicAddress: text, webhookDestination: text, keepDays: text, destinations: [(text, text)], version: 3, problem: problem)
        let destinations = DestinationsPage(
            rows: [.init(id: "dst_1", name: text, url: text, isEnabled: false, offReason: text, told: [text], condition: text, isSharing: true, waiting: 1, dead: 2), .init(id: "dst_2", name: text, url: text, isEnabled: true, offReason: "", told: [], waiting: 0, dead: 0)],
            typed: .init(name: text, url: text, events: text, segments: text, condition: text, isSharing: true), problem: problem, secret: (text, text, text.isEmpty))
        return [
            ("deliveries", list.render(frame)), ("deliveries, empty", DeliveriesPage(chart: DeliveryChart(hours: []), lanes: [], rows: []).render(frame)), ("message", message.render(frame)),
            ("sending policy", policy.render(frame)), ("destinations", destinations.render(frame)), ("destinations, empty", DestinationsPage(rows: []).render(frame)),
        ]
    }
}
