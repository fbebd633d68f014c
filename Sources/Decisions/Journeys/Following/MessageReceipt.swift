import Segments
import Vocabulary

/// What became of a journey's message, as the log tells it: sent, failed or refused, opened or followed by a person.
struct MessageReceipt: Sendable {
    let journey: String
    /// Whose run it is, by the id under which it stands: all that a campaign begins have one start, and of two who became one both are there.
    let owner: String
    /// The start of the run.
    let start: String
    let step: String
    let what: JourneyRun.Note.What
    let at: Timestamp
    /// Of one that was refused, why; of one that came back after it was sent, how: a bounce may reach the log before the receipt does.
    let detail: String

    private static let names: [[UInt8]: JourneyRun.Note.What] = [
        Array("Message Sent".utf8): .sent, Array("Message Failed".utf8): .failed, Array("Email Bounced".utf8): .failed, Array("Email Marked as Spam".utf8): .failed,
        Array("Message Refused".utf8): .withheld, Array("Email Opened".utf8): .opened, Array("Email Link Clicked".utf8): .clicked,
    ]

    private static let returns: [[UInt8]: String] = [Array("Email Bounced".utf8): "bounced", Array("Email Marked as Spam".utf8): "spam"]

    /// Nil for any other event, for what a machine opened or followed, and for what anybody but Martlet says: a sender's key is public.
    init?(_ event: EventView) {
        guard Happening.isOurs(event), event.type == .track, let name = event.field(.event), name.count <= 20, let what = MessageReceipt.names[Array(name)], event.value(at: "isMachine")?.boolean != true,
            let key = (event.value(at: "email_id") ?? event.value(at: "message_key"))?.string
        else { return nil }
        // As ``JourneyWalk`` makes it: journey, person, start, step.
        let parts = key.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 4 else { return nil }
        (journey, owner, start, step, self.what, at) = (parts[0], parts[1], parts[2], parts[3], what, event.receivedAt)
        detail = what == .withheld ? event.value(at: "reason")?.string ?? "" : MessageReceipt.returns[Array(name)] ?? ""
    }

    /// Notes it in the run that sent the message, the first time.
    func note(in runs: inout [JourneyRun]) {
        for index in runs.indices where runs[index].start == start && runs[index].owner.text == owner && !runs[index].notes.contains(where: { $0.what == what && $0.step == step && (what != .failed || $0.detail == detail) }) {
            runs[index].note(what, at: at, step: step, detail: detail)
        }
    }
}
