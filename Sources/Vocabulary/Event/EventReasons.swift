/// Why a single event is refused. Codes never vary; docs/refusals.md lists them.
public enum EventReason {
    /// The event that tells what somebody said of consent otherwise than by an event; others hear of it as of the truth.
    public static let consentStated = "Consent Stated"
    public static let notObject = Explanation(
        code: "event.not-object", problem: "This item is not a JSON object.", remedy: "Send each event as an object such as {\"type\": \"track\", …}.")
    public static let typeUnknown = Explanation(
        code: "event.type-unknown", problem: "The event's type is not one of identify, track, page, screen, group, alias.",
        remedy: "Set `type` on every item of a batch.")
    public static let noIdentity = Explanation(
        code: "event.no-identity", problem: "The event has no usable userId or anonymousId.",
        remedy: "Send a userId or an anonymousId. Values such as \"null\", \"undefined\" or \"-1\" are not used to tell people apart.")
    public static let identifierTooLong = Explanation(
        code: "event.identifier-too-long", problem: "A userId, anonymousId, groupId or previousId is longer than 2048 bytes.", remedy: "Send a short id, and long content as a property or trait.")
    public static let nameMissing = Explanation(
        code: "event.name-missing", problem: "A track call needs the name of the event.", remedy: "Set `event` to a text such as \"Order Completed\".")
    public static let nameReserved = Explanation(
        code: "event.name-reserved", problem: "An event of this name is written by Martlet alone.", remedy: "Say what somebody agrees to by POST /api/v1/consents, or by the event's context; call anything else otherwise.")
    public static let groupMissing = Explanation(
        code: "event.group-missing", problem: "A group call needs a groupId.", remedy: "Set `groupId` to the account's id.")
    public static let previousMissing = Explanation(
        code: "event.previous-missing", problem: "An alias call needs a previousId and a userId.", remedy: "Set both, or use identify.")
    public static let tooDeep = Explanation(
        code: "event.too-deep", problem: "The event nests deeper than \(JSONScanner.depthMaximum) levels.", remedy: "Flatten it.")
    public static let tooLarge = Explanation(
        code: "event.too-large", problem: "The event is larger than 1 MiB, with what its batch adds to it.", remedy: "Send large content elsewhere and its address here.")
}
