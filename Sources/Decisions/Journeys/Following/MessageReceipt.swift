import Segments
import Vocabulary

/// That somebody opened a journey's message or followed a link in it, as the log tells it.
struct MessageReceipt: Sendable {
    let journey: String
    /// The start of the run.
    let start: String
    let step: String
    let what: JourneyRun.Note.What
    let at: Timestamp

    private static let clicks = ["Email Link Clicked", "Email Clicked", "Message Clicked"].map { Array($0.utf8) }
    private static let opens = ["Email Opened", "Message Opened"].map { Array($0.utf8) }

    /// Nil for any other event, and for what a machine did.
    init?(_ event: EventView) {
        guard event.type == .track, let name = event.field(.event) else { return nil }
        let isOpen = MessageReceipt.opens.contains { name.elementsEqual($0) }
        guard isOpen || MessageReceipt.clicks.contains(where: { name.elementsEqual($0) }), event.value(at: "isMachine")?.boolean != true, let key = (event.value(at: "email_id") ?? event.value(at: "message_key"))?.string
        else { return nil }
        // As ``JourneyWalk`` makes it: journey, person, start, step.
        let parts = key.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 4 else { return nil }
        (journey, start, step, what, at) = (parts[0], parts[2], parts[3], isOpen ? .opened : .clicked, event.receivedAt)
    }

    /// Notes it in the run that sent the message, the first time.
    func note(in runs: inout [JourneyRun]) {
        for index in runs.indices where runs[index].start == start && !runs[index].notes.contains(where: { $0.what == what && $0.step == step }) {
            runs[index].note(what, at: at, step: step)
        }
    }
}
