import Vocabulary

/// What Live shows of a call besides its accepted events: refused items and duplicates, a few of each.
struct LiveArrivals {
    /// Of a larger call, duplicates are shown without a name: retries of whole batches come when it is busy, and must cost nothing.
    static let namedMaximum = 20
    /// Bytes of a refused item that are read for its name.
    static let payloadMaximum = 32 << 10

    private let names: [UInt32: LiveFeed.Item]
    private let source: SourceNumber
    private let shape: CallShape
    private let receivedAt: Timestamp

    /// Taken before the call's events are handed on, since the log takes their bytes.
    init(_ call: DecodedCall, source: SourceNumber, shape: CallShape, receivedAt: Timestamp) {
        self.source = source
        self.shape = shape
        self.receivedAt = receivedAt
        var names: [UInt32: LiveFeed.Item] = [:]
        if call.batch.entries.count <= LiveArrivals.namedMaximum {
            for entry in call.batch.entries {
                guard let event = EventView(call.batch.bytes[Int(entry.start)..<Int(entry.start) + Int(entry.count)]) else { continue }
                names[entry.item] = LiveFeed.Item(
                    position: nil, receivedAt: receivedAt, type: event.type.name, title: EventSummary.name(event) ?? "", verdict: "duplicate", source: source,
                    userId: event.text(.userId), anonymousId: event.text(.anonymousId), reason: EventSummary.line(event))
            }
        }
        self.names = names
    }

    func note(refused: [RefusedEvent], duplicates: [UInt32], in feed: LiveFeed) {
        for item in refused.prefix(LiveFeed.batchMaximum) { feed.note(LiveArrivals.refused(item, item.reasons.first, source, shape, receivedAt)) }
        for item in duplicates.prefix(LiveFeed.batchMaximum) {
            feed.note(
                names[item]
                    ?? LiveFeed.Item(
                        position: nil, receivedAt: receivedAt, type: "", title: "", verdict: "duplicate", source: source, userId: nil, anonymousId: nil,
                        reason: nil))
        }
    }

    /// - Parameter item: nil for a body that is no list of items at all.
    static func refused(_ item: RefusedEvent?, _ reason: Explanation?, _ source: SourceNumber, _ shape: CallShape, _ receivedAt: Timestamp) -> LiveFeed.Item {
        let payload = item?.payload.revealed ?? []
        let json = payload.isEmpty || payload.count > payloadMaximum ? nil : JSONText(validating: payload)
        let type = if case .single(let type) = shape { type.name } else { json?["type"]?.string ?? "" }
        return LiveFeed.Item(
            position: nil, receivedAt: receivedAt, type: type, title: json?["event"]?.string ?? json?["name"]?.string ?? "",
            verdict: "quarantined", source: source, userId: json?["userId"]?.string, anonymousId: json?["anonymousId"]?.string,
            reason: nil, refusal: reason)
    }
}
