/// The members of a call that the Spec names, and a slot number for each.
enum CallMember: Int {
    case type = 0, messageId, userId, anonymousId, event, groupId, previousId, name, category, properties, traits, context, integrations
    case timestamp, originalTimestamp, sentAt, writeKey, batch
    /// The sender's `receivedAt` is never believed.
    case receivedAt
    case other

    /// Recognises a key (quotes included); one written with escapes is the same key.
    init(_ p: Span<UInt8>, _ key: JSONSlice) {
        self = CallMember.named(p, Int(key.start) + 1, Int(key.count) - 2)
        guard self == .other, p.hasEscapes(key.range) else { return }
        var name: [UInt8] = []
        JSONText.unescape(p, key, into: &name)
        self = CallMember.named(name.span, 0, name.count)
    }

    private static func named(_ p: Span<UInt8>, _ start: Int, _ count: Int) -> CallMember {
        @inline(__always)
        func matches(_ name: StaticString) -> Bool {
            for offset in 0..<count where unsafe p[start + offset] != name.utf8Start[offset] { return false }
            return true
        }
        switch count {
        case 4: return matches("type") ? .type : matches("name") ? .name : .other
        case 5: return matches("event") ? .event : matches("batch") ? .batch : .other
        case 6: return matches("userId") ? .userId : matches("traits") ? .traits : matches("sentAt") ? .sentAt : .other
        case 7: return matches("context") ? .context : matches("groupId") ? .groupId : .other
        case 8: return matches("category") ? .category : matches("writeKey") ? .writeKey : .other
        case 9: return matches("messageId") ? .messageId : matches("timestamp") ? .timestamp : .other
        case 10: return matches("properties") ? .properties : matches("previousId") ? .previousId : matches("receivedAt") ? .receivedAt : .other
        case 11: return matches("anonymousId") ? .anonymousId : .other
        case 12: return matches("integrations") ? .integrations : .other
        case 17: return matches("originalTimestamp") ? .originalTimestamp : .other
        default: return .other
        }
    }
}

/// Where the members of one call stand in its body.
struct CallMembers {
    var slots = InlineArray<20, JSONSlice>(repeating: .absent)
    var whole = JSONSlice.absent
    var others = 0..<0
    /// Why it is no event at all. A plain number, since these are copied for every event.
    enum Fault: UInt8 { case none, notObject, tooDeep }
    var fault = Fault.none

    func slice(_ member: CallMember) -> JSONSlice { slots[member.rawValue] }

    /// A text, or a number as its digits; absent for anything else and for the empty text.
    func text(_ member: CallMember, _ p: Span<UInt8>) -> TextValue {
        let slice = self.slice(member)
        guard !slice.isAbsent else { return .absent }
        switch p[Int(slice.start)] {
        case 0x22:
            guard slice.count > 2 else { return .absent }
            let inside = JSONSlice(start: slice.start + 1, count: slice.count - 2)
            guard p.hasEscapes(inside.range) else { return .plain(inside) }
            var text: [UInt8] = []
            JSONText.unescape(p, slice, into: &text)
            return .unescaped(text)
        case 0x2d, 0x30...0x39: return .plain(slice)
        default: return .absent
        }
    }
}

/// A text in a body: where it stands when it needs no unescaping, which is nearly always and saves a copy.
enum TextValue {
    case absent
    case plain(JSONSlice)
    case unescaped([UInt8])

    var isAbsent: Bool { if case .absent = self { true } else { false } }

    /// In bytes.
    var count: Int {
        switch self {
        case .absent: 0
        case .plain(let slice): Int(slice.count)
        case .unescaped(let bytes): bytes.count
        }
    }

    func withBytes<Result>(_ p: Span<UInt8>, _ body: (UnsafeRawBufferPointer) -> Result) -> Result? {
        switch self {
        case .absent: nil
        case .plain(let slice): unsafe p.extracting(slice.range).withUnsafeBytes { unsafe body($0) }
        case .unescaped(let bytes): unsafe bytes.withUnsafeBytes { unsafe body($0) }
        }
    }

    func string(_ p: Span<UInt8>) -> String? { withBytes(p) { unsafe String(decoding: $0, as: UTF8.self) } }
}

/// What an item says before it becomes a record, and every reason why it cannot.
struct EventDraft {
    static let textFields: [EventField] = [.messageId, .userId, .anonymousId, .event, .groupId, .previousId]
    static let textMembers: [CallMember] = [.messageId, .userId, .anonymousId, .event, .groupId, .previousId]

    var type = EventType.track
    /// In the order of `textFields`.
    var texts = InlineArray<6, TextValue>(repeating: .absent)
    var reasons: [Explanation] = []

    /// - Parameter shared: bytes that the batch adds to it.
    init(_ members: CallMembers, type fixedType: EventType?, shared: Int, _ p: Span<UInt8>) {
        guard members.fault == .none else {
            reasons = [members.fault == .tooDeep ? EventReason.tooDeep : EventReason.notObject]
            return
        }
        texts[0] = members.text(.messageId, p)
        texts[1] = members.text(.userId, p)
        texts[2] = members.text(.anonymousId, p)
        texts[3] = members.text(.event, p)
        texts[4] = members.text(.groupId, p)
        texts[5] = members.text(.previousId, p)
        if let fixedType {
            type = fixedType
        } else if let known = members.text(.type, p).withBytes(p, { unsafe EventType(name: $0) }) ?? nil {
            type = known
        } else {
            reasons.append(EventReason.typeUnknown)
        }
        if !EventDraft.isUsable(texts[1], p), !EventDraft.isUsable(texts[2], p) { reasons.append(EventReason.noIdentity) }
        if max(max(texts[1].count, texts[2].count), max(texts[4].count, texts[5].count)) > EventDecoder.identifierBytesMaximum { reasons.append(EventReason.identifierTooLong) }
        if Int(members.whole.count) + shared > EventDecoder.eventBytesMaximum { reasons.append(EventReason.tooLarge) }
        guard !reasons.contains(EventReason.typeUnknown) else { return }
        switch type {
        case .track where texts[3].isAbsent: reasons.append(EventReason.nameMissing)
        case .group where texts[4].isAbsent: reasons.append(EventReason.groupMissing)
        case .alias where texts[5].isAbsent || texts[1].isAbsent: reasons.append(EventReason.previousMissing)
        default: break
        }
    }

    /// What hangs on who says it: Martlet itself may tell of an account alone, and nobody else of what it tells as the truth.
    mutating func judge(isOwn: Bool, _ p: Span<UInt8>) {
        if isOwn, type == .group { reasons.removeAll { $0 == EventReason.noIdentity } }
        if !isOwn, type == .track, texts[3].count == EventReason.consentStated.utf8.count, texts[3].string(p) == EventReason.consentStated { reasons.append(EventReason.nameReserved) }
    }

    private static func isUsable(_ id: TextValue, _ p: Span<UInt8>) -> Bool {
        id.withBytes(p) { unsafe !BlockedIdentifiers.contains($0) } ?? false
    }

    /// The instant that a member says, nil where it says none that can be read.
    static func time(_ slice: JSONSlice, _ p: Span<UInt8>) -> Timestamp? {
        guard slice.count > 0, slice.count <= 200 else { return nil }
        let isText = p[Int(slice.start)] == 0x22
        if isText, p.hasEscapes(slice.range) { return unsafe p.unescaped(slice).withUnsafeBytes { unsafe Timestamp(text: $0) } }
        let range = isText ? slice.range.lowerBound + 1..<slice.range.upperBound - 1 : slice.range
        guard isText || p[range.lowerBound] == 0x2d || (p[range.lowerBound] >= 0x30 && p[range.lowerBound] <= 0x39) else { return nil }
        return unsafe p.extracting(range).withUnsafeBytes { bytes in
            unsafe isText ? Timestamp(text: UnsafeRawBufferPointer(bytes)) : Timestamp.epoch(UnsafeRawBufferPointer(bytes))
        }
    }

    private static let clientLibraries: Set = [
        "analytics.js", "martlet.js", "analytics-swift", "analytics-kotlin", "analytics-ios", "analytics-android", "analytics-react-native", "analytics-flutter",
        "RudderLabs JavaScript SDK", "com.rudderstack.android.sdk.core", "rudder-ios-library",
    ]

    /// Whether a `context.library` names a browser or app SDK, the only senders whose address is the person's.
    static func isClientLibrary(_ library: JSONText?) -> Bool {
        guard let name = library?["name"]?.string else { return false }
        return clientLibraries.contains(name)
    }
}
