public import Privacy
import Segments
public import Vocabulary

/// The intent to send a message. Whether it may be sent is decided when it is, by `Delivery`.
public struct MessageStep: JourneyStep {
    public static let key = "message"
    public static let members = ["channel", "purpose", "topic", "context", "priority", "expires"]
    public let template: String
    public let scope: ConsentScope
    let priority: Int
    /// Not sent any more so long after it was decided.
    let expires: Period?

    public init(_ fields: inout StepFields) throws(JourneyFault) {
        template = try fields.text(MessageStep.key, maximum: 200)
        let channel = try fields.optionalText("channel", maximum: 64) ?? "email"
        let purpose = try fields.text("purpose", maximum: 64)
        let known = ConsentPurpose(purpose)
        guard known.isForMessages else {
            throw JourneyFault("purpose", "`\(purpose.prefix(64))` is no purpose that a message can have.", "Name a purpose such as marketing.", at: fields.place + "/purpose")
        }
        let context = try fields.optionalText("context", maximum: 200) ?? "personal"
        guard let about = ConsentContext(text: context), about != .every else {
            throw JourneyFault("context", "`\(context.prefix(64))` is no context of one message.", "Write personal, or account: and the groupId.", at: fields.place + "/context")
        }
        scope = ConsentScope(known, channel: channel, topic: try fields.optionalText("topic", maximum: 64) ?? "", context: about)
        priority = try fields.optionalInteger("priority", in: 0...100) ?? 50
        expires = try fields.optionalPeriod("expires")
    }

    public var summary: String { "\(template) (\(scope.channel), \(scope.purpose.name))" }

    public func arrive(_ walk: inout JourneyWalk) -> StepOutcome {
        walk.act(.message(template: template, scope), priority: priority, expires: expires)
        return .go(way: nil)
    }
}
