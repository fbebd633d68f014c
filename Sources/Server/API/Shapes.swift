import Access
import Identity
import Segments
import Vocabulary

/// Shapes that several routes answer; each becomes a component of the OpenAPI document. A shape of one route only stands beside that route.
extension Shape {
    /// A refusal: what every answer from 400 on looks like.
    static let refusal = named("Refusal", object(["code": described("Never varies; the manual has a line for each.", text), "message": text, "remedy": text, "place": optional(described("Where the fault stands: a JSON pointer, or line and column.", text))]))

    static let explanation = named("Explanation", object(["code": text, "problem": text, "remedy": text]))

    /// The `next` of a page: sent back as `after`, it gives the page behind; null at the end.
    static let next = described("Send it as `after` for the page behind this one; null on the last.", orNull(text))

    /// One page of a list.
    static func page(of name: String, _ shape: Shape) -> Shape { .object(Members(list: [(name, .list(shape)), ("next", next)])) }

    /// What changes something and has nothing else to say.
    static let success = named("Success", object(["success": boolean]))

    // MARK: - People

    static let identifier = named("Identifier", object(["type": identifierType, "value": text]))
    private static let identifierType = choice(IdentifierNamespace.allCases.map(\.name))

    static let seenIdentifier = named(
        "SeenIdentifier", object(["type": identifierType, "value": text, "firstSeen": orNull(time), "lastSeen": orNull(time)]))

    /// A profile as a list shows it.
    static let profileSummary = named("ProfileSummary", object(Members(list: profileHead.list + profileTimes.list)))

    /// A profile with its traits.
    static let profile = named(
        "Profile",
        object(
            Members(
                list: profileHead.list + [("traits", described("Current traits; a cleared one is not among them.", anyObject))] + profileTimes.list + [
                    ("computed", optional(described("Computed traits that have a value; not told from what was known at an earlier instant.", list(ComputedValue.shape)))),
                    ("events", described("How many events it has.", integer)), ("optedOutOfSharing", optional(described("Whether they opted out of sale and sharing; not told of the past.", boolean))),
                    ("consents", optional(list(consent))), ("newest", optional(list(event))), ("asOf", optional(time)), ("knownAt", optional(time)),
                ])))

    /// What the person said about one purpose, and the event that says so.
    static let consent = named(
        "Consent",
        object([
            "purpose": text, "granted": boolean, "because": described("`gpc`: their browser's Global Privacy Control; `stated`: they chose it.", choice(["gpc", "stated"])),
            "timestamp": time, "messageId": orNull(text), "position": orNull(described("Of the event; null where it was said by API, by file or on a page.", integer)),
        ]))

    private static let profileHead: Members = ["id": text, "kind": choice(["person", "account", "entity"]), "name": text, "identifiers": list(seenIdentifier)]
    private static let profileTimes: Members = ["firstSeen": orNull(time), "lastSeen": orNull(time)]

    /// A value of a trait, and the event that said so.
    static let traitValue = named(
        "TraitValue",
        object(["value": anything, "timestamp": time, "receivedAt": orNull(time), "messageId": orNull(text), "source": orNull(text), "position": integer]))

    static let trait = named("Trait", traitValue.with(["name": text, "history": described("Earlier values, oldest first.", list(traitValue))]))

    /// A piece of evidence that two identifiers are one person.
    static let evidence = named(
        "Evidence",
        object([
            "a": identifier, "b": identifier, "kind": choice(IdentityEdge.Kind.words), "messageId": orNull(text), "receivedAt": orNull(time), "position": integer,
        ]))

    // MARK: - Events

    static let eventType = choice(EventType.allCases.map(\.name))

    private static let asSent = optional(described("As it was sent; a text, unless the sender wrote something else where the call needs none.", anything))

    /// An event as it is kept: whatever was sent beside the members of the Spec is in it too.
    static let event = named(
        "Event",
        described(
            "An event with everything that was sent, and the times and the place that Martlet gave it.",
            object([
                "type": eventType, "timestamp": described("When it happened, corrected by the sender's clock.", time), "receivedAt": time,
                "position": described("Its place in the log, given once.", integer), "messageId": optional(text), "userId": asSent, "anonymousId": asSent, "groupId": asSent,
                "event": asSent, "originalTimestamp": asSent, "context": optional(anything), "properties": optional(anything), "traits": optional(anything),
            ])))

    static let verdict = named(
        "Verdict",
        object([
            "messageId": orNull(text), "status": choice(["accepted", "duplicate", "quarantined", "suppressed"]), "code": optional(text), "message": optional(text),
        ]))

    static let quarantineItem = named(
        "QuarantineItem",
        object([
            "id": text, "messageId": orNull(text), "code": orNull(text), "reason": orNull(text), "remedy": orNull(text), "reasons": list(explanation),
            "receivedAt": time, "source": orNull(text), "payload": described("What was sent, as text.", text),
            "around": described("What it counts on beside itself, and gets again when it is replayed: `sentAt`, `context` and `integrations` of its batch, the sender's `ip`, and `gpc`.", orNull(anyObject)),
        ]))

    // MARK: - Ways in

    static let source = named(
        "Source",
        object([
            "id": text, "name": text, "writeKey": text, "enabled": boolean, "workspace": text, "createdAt": time,
            "lastEventAt": described("Null before its first event.", orNull(time)),
            "oldKeyUntil": described("Until when, at the latest, a key before the present one is taken too.", orNull(time)),
        ]))

    static let token = named(
        "Token",
        object([
            "id": text, "name": text, "workspace": text, "scopes": list(scope), "createdAt": time,
            "token": optional(described("The secret: only in the answer that makes it.", text)),
        ]))

    private static let scope = named("Scope", choice(Scope.allCases.map(\.rawValue)))

    /// An import and how far it is; its refused lines only where one is asked for.
    static let importJob = named(
        "Import",
        object([
            "id": text, "name": text, "source": text, "format": choice(["ndjson", "csv"]), "state": choice(["running", "finished", "failed", "interrupted"]),
            "accepted": orNull(integer), "duplicates": orNull(integer), "suppressed": described("Left out, since they name somebody of whom nothing is kept.", orNull(integer)), "rejected": orNull(integer),
            "bytes": described("Read so far.", orNull(integer)),
            "counted": described("What is known of the counts: `whole`, or of an import that ended with the process, `partly` (at least so many) or `never` (they are null).", choice(["whole", "partly", "never"])),
            "startedAt": time,
            "finishedAt": orNull(time), "problem": optional(explanation), "rejectedLines": optional(list(rejectedLine)),
        ]))

    private static let rejectedLine = object(["line": described("Of the file, from 1.", integer), "code": text, "message": text])
}
