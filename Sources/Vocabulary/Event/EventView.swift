/// One event as its record's bytes; the only reader of the layout in ``EventRecord``.
///
/// It borrows nothing: `bytes` may be a slice of a larger buffer, shared and not copied.
public struct EventView: Sendable {
    public let bytes: ArraySlice<UInt8>

    /// Nil when the bytes are not a whole record of a format we know.
    public init?(_ bytes: ArraySlice<UInt8>) {
        guard bytes.count >= EventRecord.fieldsOffset, bytes[bytes.startIndex] == EventRecord.format,
            EventType(rawValue: bytes[bytes.startIndex + 1]) != nil
        else { return nil }
        self.bytes = bytes
    }

    public var type: EventType { EventType(rawValue: bytes[bytes.startIndex + 1]) ?? .track }
    public var isErased: Bool { bytes[bytes.startIndex + 2] & EventRecord.flagErased != 0 }
    public var source: SourceNumber { fixed(at: 4, as: UInt32.self) }
    public var receivedAt: Timestamp { Timestamp(clamping: fixed(at: 8, as: Int64.self)) }
    public var timestamp: Timestamp { Timestamp(clamping: fixed(at: 16, as: Int64.self)) }

    /// From when what it says of a person counts: its timestamp, but never later than it was received, since a statement that is dated in the
    /// future would otherwise beat every later one until then.
    public var statedAt: Timestamp { min(timestamp, receivedAt) }

    private func fixed<Value: FixedWidthInteger & BitwiseCopyable>(at offset: Int, as type: Value.Type) -> Value {
        bytes.withUnsafeBytes { unsafe Value(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: type)) }
    }

    /// Calls `body` with each field and where it stands, counted from the beginning of the record; stops at the first that does not fit.
    @inline(__always)
    public func eachField(_ body: (EventField, Range<Int>) -> Void) {
        bytes.withUnsafeBytes { p in
            var i = EventRecord.fieldsOffset
            while i < p.count {
                let id = unsafe p[i]
                i += 1
                var length = 0
                var shift = 0
                while i < p.count, shift < 35 {
                    let byte = unsafe p[i]
                    i += 1
                    length |= Int(byte & 0x7f) << shift
                    shift += 7
                    if byte < 0x80 { break }
                }
                guard length <= p.count - i else { return }
                if let field = EventField(rawValue: id) { body(field, i..<i + length) }
                i += length
            }
        }
    }

    /// The bytes of a field: unescaped text or JSON as it was sent. Nil when the event has none.
    public func field(_ wanted: EventField) -> ArraySlice<UInt8>? {
        var found: Range<Int>?
        eachField { field, range in if field == wanted { found = range } }
        return found.map { bytes[bytes.startIndex + $0.lowerBound..<bytes.startIndex + $0.upperBound] }
    }

    public func text(_ wanted: EventField) -> String? { field(wanted).map { String(decoding: $0, as: UTF8.self) } }
    public func json(_ wanted: EventField) -> JSONText? { field(wanted).map { JSONText(trusted: Array($0)) } }

    /// What a timeline calls this event: the track event's name, the page's or screen's name, else the call.
    public var title: String {
        switch type {
        case .track: text(.event) ?? "track"
        case .page, .screen: json(.name)?.string ?? type.name
        default: type.name
        }
    }

    /// Writes the event in Segment's shape, with every member that was sent and the times that we gave it.
    public func write(to writer: inout JSONWriter, position: LogPosition? = nil) {
        writer.object { w in
            w.member("type", type.name)
            var others: [Range<Int>] = []
            eachField { field, range in
                let value = bytes[bytes.startIndex + range.lowerBound..<bytes.startIndex + range.upperBound]
                if field == .other {
                    others.append(range)
                    return
                }
                w.key(field.key.description)
                if field.isText { w.string(utf8: value) } else { w.raw(value) }
            }
            if bytes[bytes.startIndex + 2] & EventRecord.flagOriginalIsTimestamp != 0 { w.member("originalTimestamp", timestamp) }
            w.member("timestamp", timestamp)
            w.member("receivedAt", receivedAt)
            for range in others {
                let member = bytes[bytes.startIndex + range.lowerBound..<bytes.startIndex + range.upperBound]
                // What we say of an event is not the sender's to say.
                if position != nil, JSONText(trusted: [0x7b] + member + [0x7d])["position"] != nil { continue }
                w.raw(member)
            }
            if let position { w.member("position", position) }
        }
    }
}
