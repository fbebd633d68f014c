import Delivery
import Vocabulary

/// What DNS says of whom mail comes from.
extension Workspace {
    /// Whoever waits for it is a person, or a campaign that is to start.
    private static let lookingLongest = Duration.seconds(8)

    /// Looks it up now, and keeps it.
    func lookUpSender() async throws -> DNSCheck {
        guard let current = emailStore.current else { throw EmailStore.missing }
        let end = ContinuousClock.now + Workspace.lookingLongest
        let check = await DNSCheck.look(current, at: Clock.now()) { [dns] in await dns.ask($0, until: end) }
        try emailStore.keep(check)
        return check
    }

    /// As it was looked up last, unless that is of other settings or long ago.
    func knownSender() async throws -> DNSCheck {
        if let check = emailStore.freshCheck, !check.isDue(at: Clock.now()) { return check }
        return try await lookUpSender()
    }
}
