public import Vocabulary

/// Events in the order of the log, as they were just written or as they are read again.
public struct LogBatch: Sendable {
    public let bytes: [UInt8]
    /// One for each event: its position and where its record stands in `bytes`.
    public let entries: [Entry]

    public struct Entry: Sendable {
        public let position: LogPosition
        public let start: UInt32
        public let count: UInt32

        public init(position: LogPosition, start: UInt32, count: UInt32) {
            self.position = position
            self.start = start
            self.count = count
        }
    }

    public init(bytes: [UInt8], entries: [Entry]) {
        self.bytes = bytes
        self.entries = entries
    }

    /// The event of an entry; nil when its record is of an unknown format.
    public func event(_ entry: Entry) -> EventView? {
        EventView(bytes[Int(entry.start)..<Int(entry.start) + Int(entry.count)])
    }

    /// Whether it holds, or ends at, a position that `step` divides: so often among many batches, whatever their sizes.
    public func reaches(everyEvents step: LogPosition) -> Bool {
        guard let first = entries.first?.position, let last = entries.last?.position else { return false }
        return first % step == 0 || first / step != (last + 1) / step
    }
}

/// A stage that follows the log: applying the same batches to the same state gives the same state.
public protocol Fold: AnyObject, Sendable {
    var name: String { get }
    /// The first position that this fold has not applied.
    var position: LogPosition { get }
    func apply(_ batch: LogBatch)
    /// Called under the lock for writing before a checkpoint: to take down what the checkpoint writes, or to tidy up what is in the way.
    func prepareCheckpoint()
    /// Writes what would be slow to fold again; the files name the position at which they stand.
    func checkpoint() throws
}

extension Fold {
    public func prepareCheckpoint() {}
}
