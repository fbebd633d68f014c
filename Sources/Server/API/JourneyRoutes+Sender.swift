import Decisions
import Delivery
import Segments
import Vocabulary

/// Mail that journeys send, and whether it will be believed: large providers ask SPF, DKIM and DMARC of whoever sends them 5,000 mails a day.
extension JourneyRoutes {
    private static let bulkMinimum = 5000
    static let unauthenticated = "journey.mail-not-authenticated"
    private static let remedy = "Set the records that E-mail sending shows, and look them up there or with `martlet channel email check`."

    /// Whether it sends mail that needs consent to anybody outside: what a catcher takes needs no belief.
    private static func sendsBulkMail(_ journey: Journey, _ place: Workspace) -> Bool {
        guard let current = place.emailStore.current, current.settings.host != EmailSettings.catcher else { return false }
        return journey.steps.contains { ($0.step as? MessageStep).map { $0.scope.channel == place.email.name && !$0.scope.purpose.isGrantedByPolicy } ?? false }
    }

    /// What DNS denied when it was looked up last.
    static func senderWarning(_ journey: Journey, _ place: Workspace) -> Explanation? {
        guard let check = place.emailStore.check, check.isRefuted, sendsBulkMail(journey, place), place.emailStore.freshCheck != nil else { return nil }
        return Explanation(code: unauthenticated, problem: "Mail of this journey may not be believed: \(check.sentence).", remedy: remedy)
    }

    /// Where nobody answered, whoever looks at the journey is told so, and nothing is refused.
    static func senderDoubt(_ journey: Journey, _ place: Workspace) -> Explanation? {
        guard let check = place.emailStore.check, !check.isRefuted, check.hasUnknown, sendsBulkMail(journey, place), place.emailStore.freshCheck != nil else { return nil }
        return Explanation(code: "journey.mail-unknown", problem: "What DNS says of the sender could not be looked up.", remedy: "Look again under E-mail sending; see that this machine reaches a name server.")
    }

    /// Looks where a campaign to many is to start.
    ///
    /// - Throws: ``Refusal`` where DNS denies that its mail can be believed.
    static func checkSender(_ kept: KeptJourney, _ place: Workspace) async throws {
        guard case .campaign(let campaign) = kept.journey.trigger, sendsBulkMail(kept.journey, place), place.emailStore.current?.settings.requiresRecords ?? false,
            let segment = place.segments.find(campaign.segment)
        else { return }
        let (engine, conditions, zone) = (place.engine, place.segments.conditions, kept.journey.zone)
        let people = try await engine.pool.ask {
            try engine.rows(segment.condition, at: Moment(asOf: Timestamp(clamping: Clock.now().milliseconds + 1), zone: zone), in: try engine.view(), segments: conditions).reduce(0) { $0 + $1.count }
        }
        guard people >= bulkMinimum else { return }
        let check = try await place.knownSender()
        guard check.isRefuted else { return }
        throw Refusal(
            409, unauthenticated, "This campaign is for \(people) people, and its mail may not be believed: \(check.sentence).",
            remedy: remedy + " To start it all the same, set the channel's `requiresRecords` to false.")
    }
}
