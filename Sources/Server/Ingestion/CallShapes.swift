import Vocabulary

/// The calls of the tracking API as the OpenAPI document shows them.
///
/// They say what a sender should write, not all that is taken: a wrong field sends one event to quarantine and refuses no batch.
extension RouteBody {
    static func call(_ type: EventType) -> RouteBody { .json(.call(type), example: examples[type]) }

    static let batch = RouteBody.json(
        .object(["batch": .list(.anyCall), "sentAt": .optional(.time), "writeKey": .optional(.text)]),
        example: """
            {"batch": [{"type": "identify", "userId": "ada", "traits": {"plan": "free"}},\
             {"type": "track", "userId": "ada", "event": "Order Completed", "properties": {"total": 12.5}}]}
            """)

    private static let examples: [EventType: String] = [
        .identify: "{\"userId\": \"ada\", \"traits\": {\"name\": \"Ada Byron\", \"plan\": \"free\"}}",
        .track: "{\"userId\": \"ada\", \"event\": \"Order Completed\", \"properties\": {\"total\": 12.5, \"currency\": \"GBP\"}}",
        .page: "{\"anonymousId\": \"a7\", \"name\": \"Green tea\", \"properties\": {\"path\": \"/tea/green\"}}",
        .screen: "{\"anonymousId\": \"a7\", \"name\": \"Basket\"}",
        .group: "{\"userId\": \"ada\", \"groupId\": \"wren\", \"traits\": {\"name\": \"Wren & Daughters\"}}",
        .alias: "{\"previousId\": \"a7\", \"userId\": \"ada\"}",
    ]
}

extension Shape {
    /// The members that every call may have.
    private static let everyCall: Members = [
        "userId": .optional(.text), "anonymousId": .optional(.text), "messageId": .optional(.described("Sent again under the same id, a call changes nothing.", .text)),
        "timestamp": .optional(.described("When it happened, by the sender's clock.", .time)), "sentAt": .optional(.time), "context": .optional(.anyObject),
        "integrations": .optional(.anyObject),
    ]

    private static func own(_ type: EventType) -> Members {
        switch type {
        case .identify: ["traits": .optional(.anyObject)]
        case .track: ["event": .text, "properties": .optional(.anyObject)]
        case .page, .screen: ["name": .optional(.text), "category": .optional(.text), "properties": .optional(.anyObject)]
        case .group: ["groupId": .text, "traits": .optional(.anyObject)]
        case .alias: ["previousId": .text]
        }
    }

    static func call(_ type: EventType) -> Shape {
        .named(type.name.prefix(1).uppercased() + type.name.dropFirst() + "Call", .described("One \(type.name) call; it names a userId or an anonymousId.", .object(everyCall).with(own(type))))
    }

    /// A call in a batch: its `type` says which it is.
    static let anyCall = Shape.named("Call", .either(EventType.allCases.map { call($0).with(["type": .choice([$0.name])]) }))
}

extension IngestionRoutes {
    static let taken = Shape.named(
        "Taken", .object(["success": .boolean, "ok": .boolean, "verdicts": .optional(.described("One for each event, where they were asked for.", .list(.verdict)))]))

    static let settingsShape = Shape.object([
        "integrations": .map(.object(["apiKey": .text, "apiHost": .text, "protocol": .choice(["http", "https"])])), "plan": .anyObject, "edgeFunction": .anyObject,
        "legacyVideoPluginsEnabled": .boolean, "remotePlugins": .list(.anything),
    ])

    static let sourceConfigShape = Shape.object([
        "source": .object([
            "id": .text, "name": .text, "writeKey": .text, "enabled": .boolean, "workspaceId": .text, "updatedAt": .time, "config": .anyObject,
            "connections": .list(.anything), "destinations": .list(.anything), "dataplanes": .anyObject,
        ])
    ])
}
