public import Vocabulary

/// What goes wrong on our side while taking events in; the sender is asked to come again.
public enum IngestError: Explained, Hashable {
    /// The message index could not be written; with this `errno`.
    case index(Int32)
    /// The consent ledger could not be written.
    case ledger
    /// The server is stopping.
    case stopping
    /// Application lags more than the limit behind acknowledgement.
    case overloaded(seconds: Int)

    public var explanation: Explanation {
        switch self {
        case .index(let code):
            Explanation(code: "ingest.index", problem: "The message index could not be written (error \(code)).", remedy: "Check the disk; sending again is safe.")
        case .ledger:
            Explanation(code: "ingest.consent", problem: "What people said about consent could not be written.", remedy: "Check the disk; sending again is safe.")
        case .stopping:
            Explanation(code: "ingest.stopping", problem: "The server is stopping.", remedy: "Send again in a moment.")
        case .overloaded(let seconds):
            Explanation(code: "ingest.overloaded", problem: "More events arrive than can be applied.", remedy: "Send again in \(seconds) s; nothing was lost.")
        }
    }
}
