/// The members of a call that the Spec names, and a slot number for each.
enum CallMember: Int {
    case type = 0, messageId, userId, anonymousId, event, groupId, previousId, name, category, properties, traits, context, integrations
    case timestamp, originalTimestamp, sentAt, writeKey, batch
    /// The sender's `receivedAt` is never believed.
    case receivedAt
    case other

    /// Recognises a key (quotes included); one written with escapes is the same key.
    init(_ p: Span<UInt8>, _ key: JSONSlice) {
        let start = Int(key.start) + 1
        let count = Int(key.count) - 2
        for index in start..<start + count where p[index] == 0x5c {
            var name: [UInt8] = []
            JSONText.unescape(p, key, into: &name)
            self = CallMember.named(name.span, 0, name.count)
            return
        }
        self = CallMember.named(p, start, count)
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
    var isObject = true

    func slice(_ member: CallMember) -> JSONSlice { slots[member.rawValue] }

    /// A text, or a number as its digits; nil for anything else and for the empty text.
    func textBytes(_ member: CallMember, _ p: Span<UInt8>) -> ArraySlice<UInt8>? {
        let slice = self.slice(member)
        guard !slice.isAbsent else { return nil }
        switch p[Int(slice.start)] {
        case 0x22:
            guard slice.count > 2 else { return nil }
            var text: [UInt8] = []
            text.reserveCapacity(Int(slice.count))
            let inside = JSONSlice(start: slice.start + 1, count: slice.count - 2)
            var hasEscape = false
            for index in inside.range where p[index] == 0x5c { hasEscape = true; break }
            if hasEscape { JSONText.unescape(p, slice, into: &text) } else { p.append(inside, to: &text) }
            return text[...]
        case 0x2d, 0x30...0x39: return p.bytesArray(slice)[...]
        default: return nil
        }
    }

    func text(_ member: CallMember, _ p: Span<UInt8>) -> String? { textBytes(member, p).map { String(decoding: $0, as: UTF8.self) } }
}

/// What an item says before it becomes a record, and every reason why it cannot.
struct EventDraft {
    static let textFields: [EventField] = [.messageId, .userId, .anonymousId, .event, .groupId, .previousId]

    var type = EventType.track
    /// In the order of `textFields`.
    var texts = InlineArray<6, ArraySlice<UInt8>?>(repeating: nil)
    var reasons: [Explanation] = []

    init(_ members: CallMembers, type fixedType: EventType?, _ p: Span<UInt8>) {
        guard members.isObject else {
            reasons = [EventReason.notObject]
            return
        }
        texts[0] = members.textBytes(.messageId, p)
        texts[1] = members.textBytes(.userId, p)
        texts[2] = members.textBytes(.anonymousId, p)
        texts[3] = members.textBytes(.event, p)
        texts[4] = members.textBytes(.groupId, p)
        texts[5] = members.textBytes(.previousId, p)
        if let fixedType {
            type = fixedType
        } else if let name = members.textBytes(.type, p), let known = EventType(name: name) {
            type = known
        } else {
            reasons.append(EventReason.typeUnknown)
        }
        if !EventDraft.isUsable(texts[1]), !EventDraft.isUsable(texts[2]) { reasons.append(EventReason.noIdentity) }
        if members.whole.count > EventDecoder.eventBytesMaximum { reasons.append(EventReason.tooLarge) }
        guard !reasons.contains(EventReason.typeUnknown) else { return }
        switch type {
        case .track where texts[3] == nil: reasons.append(EventReason.nameMissing)
        case .group where texts[4] == nil: reasons.append(EventReason.groupMissing)
        case .alias where texts[5] == nil || texts[1] == nil: reasons.append(EventReason.previousMissing)
        default: break
        }
    }

    private static func isUsable(_ id: ArraySlice<UInt8>?) -> Bool {
        guard let id else { return false }
        return !id.withUnsafeBytes { unsafe BlockedIdentifiers.contains($0) }
    }

    /// The instant that a member says, nil where it says none that can be read.
    static func time(_ slice: JSONSlice, _ p: Span<UInt8>) -> Timestamp? {
        guard slice.count > 0, slice.count <= 64 else { return nil }
        let isText = p[Int(slice.start)] == 0x22
        let range = isText ? slice.range.lowerBound + 1..<slice.range.upperBound - 1 : slice.range
        guard isText || p[range.lowerBound] == 0x2d || (p[range.lowerBound] >= 0x30 && p[range.lowerBound] <= 0x39) else { return nil }
        return unsafe p.extracting(range).withUnsafeBytes { bytes in
            unsafe isText ? Timestamp(text: UnsafeRawBufferPointer(bytes)) : Timestamp.epoch(UnsafeRawBufferPointer(bytes))
        }
    }

    /// Whether `context.library` names a browser or app SDK, the only senders whose address is the person's.
    static func isClientLibrary(_ context: JSONText?) -> Bool {
        guard let name = context?["library"]?["name"]?.string else { return false }
        return ["analytics.js", "martlet.js", "analytics-swift", "analytics-kotlin", "analytics-ios", "analytics-android", "RudderLabs JavaScript SDK"]
            .contains(name)
    }
}
