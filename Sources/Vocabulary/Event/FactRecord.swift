/// What Martlet itself states, as that a person merged two profiles: a record among the events, so that reading the log again knows it too.
///
/// Senders cannot write one: the decoder never sets its flag, and every event that comes in carries its source's number, which begins at 1.
extension EventView {
    /// Whether Martlet states this itself; such a record is nobody's event.
    public var isFact: Bool { bytes[bytes.startIndex + 2] & EventRecord.flagFact != 0 }
}

extension EventBatch {
    /// Adds a whole record behind the others.
    public mutating func append(record: [UInt8]) {
        bytes.append(contentsOf: repeatElement(0, count: EventBatch.headroom))
        let start = bytes.count
        bytes.append(contentsOf: record)
        entries.append(Entry(start: UInt32(start), count: UInt32(record.count), item: UInt32(entries.count)))
    }
}
