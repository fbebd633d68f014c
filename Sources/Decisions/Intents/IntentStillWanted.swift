/// Whether something that was decided and waits is to be done still.
public enum IntentStanding: Sendable, Hashable {
    case isWanted
    /// Not now, and perhaps later, as while its journey is paused.
    case waits
    /// Not any more, with the reason: `goal`, `exit`, `restarted`, `stopped`, `version-changed`, `merged` of its run, or `journey-stopped` and `journey-gone`.
    case isVoid(String)
}

/// Whoever sends asks this together with consent, at the moment of sending: between deciding and sending, hours may lie.
///
/// It answers as many as it is asked, in their order; what no journey decided is always wanted.
public typealias IntentStillWanted = @Sendable ([Intent]) throws -> [IntentStanding]
