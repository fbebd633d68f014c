/// What an ingestion endpoint says about the body it takes.
public enum CallShape: Sendable, Hashable {
    /// `/v1/track` and its like: one event, whose type the endpoint decides.
    case single(EventType)
    /// `/v1/batch` and `/v1/import`: `{"batch": [...]}`, where each item carries its type.
    case batch
}

/// What a sender's machine and the server know about a call besides its body.
public struct CallContext: Sendable {
    public let receivedAt: Timestamp
    /// The sender's address, written into `context.ip` of events from a browser or app that have none.
    public let remoteAddress: String?
    /// `Sec-GPC: 1` was sent: the person opts out of sale and sharing.
    public let globalPrivacyControl: Bool
    /// Said in Martlet itself: a group call may then state what an account is without naming a person.
    public let isOwn: Bool

    public init(receivedAt: Timestamp, remoteAddress: String? = nil, globalPrivacyControl: Bool = false, isOwn: Bool = false) {
        self.receivedAt = receivedAt
        self.remoteAddress = remoteAddress
        self.globalPrivacyControl = globalPrivacyControl
        self.isOwn = isOwn
    }

    /// What a body counts on beside itself, as ``DecodedCall/around``; nil where there is nothing.
    public var around: Personal<[UInt8]>? {
        var w = JSONWriter()
        w.object { write(&$0) }
        return w.text.bytes.count > 2 ? Personal(w.text.bytes) : nil
    }

    func write(_ w: inout JSONWriter) {
        if let remoteAddress { w.member("ip", remoteAddress) }
        if globalPrivacyControl { w.member("gpc", true) }
    }
}

/// An item of a call that was not accepted, whole, with every reason found.
public struct RefusedEvent: Sendable {
    public let item: UInt32
    public var messageId: String?
    public let payload: Personal<[UInt8]>
    public let reasons: [Explanation]

    public init(item: UInt32, messageId: String?, payload: Personal<[UInt8]>, reasons: [Explanation]) {
        self.item = item
        self.messageId = messageId
        self.payload = payload
        self.reasons = reasons
    }
}

/// A body after reading: which events it holds, which of them cannot be taken, and the write key that it carries.
public struct DecodedCall: Sendable {
    public var batch: EventBatch
    public var refused: [RefusedEvent]
    public var writeKey: String?
    public var itemCount: Int
    /// Where a batch's items stand in its body.
    public var items: [JSONSlice] = []
    /// False for the body of a batch that has no list under `batch`, and so may hold an event where nobody looks for one.
    public var hasItems = true
    /// Of a call with refused events, what they count on beside themselves: `sentAt`, `context` and `integrations` of their batch, and `ip` and `gpc` of the request, as one JSON object; nil where there is none.
    public var around: Personal<[UInt8]>?

    public init(batch: EventBatch = EventBatch(), refused: [RefusedEvent] = [], writeKey: String? = nil, itemCount: Int = 0) {
        self.batch = batch
        self.refused = refused
        self.writeKey = writeKey
        self.itemCount = itemCount
    }
}
