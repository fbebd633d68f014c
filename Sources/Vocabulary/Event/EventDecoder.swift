/// Reads the body of an ingestion call in one pass: validates all of it, then encodes the events it holds.
///
/// A body that is not one JSON object in UTF-8 is refused as a whole; a bad item costs only itself.
public struct EventDecoder {
    public static let eventBytesMaximum = 1 << 20
    /// Of an identifier: they stay in memory and stand on every page of their profile, and whoever knows a public write key can send them.
    public static let identifierBytesMaximum = 2048
    /// Of one call. The smallest event that says something takes 45 bytes, so that a body of 4 MiB with more holds something else.
    public static let itemsMaximum = 100_000
    /// What the batch's own context and integrations may add to its events, all together: each has them.
    public static let sharedBytesMaximum = 16 << 20

    private let shape: CallShape
    private let context: CallContext
    private var scanner = JSONScanner()
    private var root = CallMembers()
    private var items: [CallMembers] = []
    /// Whether `batch` was a list, or null, which some clients write for an empty one.
    private var hasItems = false
    private var others: [MemberSlice] = []
    /// Bytes of the batch's own context and integrations, which each item gets.
    private var sharedBytes = 0
    private var newMessageId: (UInt32) -> String

    private init(_ shape: CallShape, _ context: CallContext, newMessageId: @escaping (UInt32) -> String) {
        self.shape = shape
        self.context = context
        self.newMessageId = newMessageId
    }

    /// Decodes `body`, which may be altered in place: half surrogate pairs become U+FFFD.
    ///
    /// - Parameters:
    ///   - body: UTF-8 JSON, a byte-order mark allowed.
    ///   - newMessageId: names an event that came without a messageId; told which item of the call it is.
    public static func decode(
        _ body: inout [UInt8], as shape: CallShape, in context: CallContext, newMessageId: @escaping (UInt32) -> String
    ) throws(JSONError) -> DecodedCall {
        if let fault = UTF8Check.firstFault(in: body.span) { throw JSONError(kind: .notUTF8, offset: fault) }
        var decoder = EventDecoder(shape, context, newMessageId: newMessageId)
        try decoder.scan(body.span)
        for offset in decoder.scanner.loneSurrogates { body.replaceSubrange(offset..<offset + 6, with: "\\ufffd".utf8) }
        return decoder.encode(body.span)
    }

    // MARK: - Scanning

    private mutating func scan(_ p: Span<UInt8>) throws(JSONError) {
        if p.count >= 3, p[0] == 0xef, p[1] == 0xbb, p[2] == 0xbf { scanner.index = 3 }
        scanner.skipBlanks(p)
        guard scanner.index < p.count, p[scanner.index] == 0x7b else { throw scanner.failure() }
        root = try scanObject(p, isRoot: true)
        scanner.skipBlanks(p)
        guard scanner.index == p.count else { throw scanner.failure() }
        guard shape == .batch else { return }
        for member in [root.slice(.context), root.slice(.integrations)] where p.isObject(member) { sharedBytes += Int(member.count) }
        guard items.isEmpty || sharedBytes <= EventDecoder.sharedBytesMaximum / items.count else { throw JSONError(kind: .tooMuchShared, offset: 0) }
    }

    /// Reads one event object, or the root of a batch: which of its members stand where.
    private mutating func scanObject(_ p: Span<UInt8>, isRoot: Bool) throws(JSONError) -> CallMembers {
        var members = CallMembers()
        let start = scanner.index
        let othersStart = others.count
        guard scanner.take(0x7b, p) else { throw scanner.failure() }
        if !scanner.take(0x7d, p) {
            repeat {
                scanner.skipBlanks(p)
                let keyStart = scanner.index
                try scanner.skipString(p)
                let key = JSONSlice(from: keyStart, to: scanner.index)
                guard scanner.take(0x3a, p) else { throw scanner.failure() }
                let member = CallMember(p, key)
                if isRoot, member == .batch, shape == .batch {
                    members.slots[CallMember.batch.rawValue] = try scanItems(p)
                } else {
                    let value = try scanner.value(p, depth: 1)
                    // A `batch` that is no list of a call's items is a member like any that we have no use for.
                    if member == .other || member == .batch {
                        others.append(MemberSlice(key: key, value: value))
                    } else {
                        members.slots[member.rawValue] = value
                    }
                }
            } while scanner.take(0x2c, p)
            guard scanner.take(0x7d, p) else { throw scanner.failure() }
        }
        members.whole = JSONSlice(from: start, to: scanner.index)
        members.others = othersStart..<others.count
        return members
    }

    private mutating func scanItems(_ p: Span<UInt8>) throws(JSONError) -> JSONSlice {
        scanner.skipBlanks(p)
        let start = scanner.index
        // A repeated `batch` key replaces the first, as any repeated key does.
        items.removeAll()
        guard scanner.take(0x5b, p) else {
            let value = try scanner.value(p, depth: 1)
            hasItems = p[start] == 0x6e
            return value
        }
        hasItems = true
        if !scanner.take(0x5d, p) {
            repeat {
                guard items.count < EventDecoder.itemsMaximum else { throw scanner.failure(.tooManyItems) }
                items.append(try scanItem(p))
            } while scanner.take(0x2c, p)
            guard scanner.take(0x5d, p) else { throw scanner.failure() }
        }
        return JSONSlice(from: start, to: scanner.index)
    }

    /// One item of a batch; one that is nested too deeply is refused by itself.
    private mutating func scanItem(_ p: Span<UInt8>) throws(JSONError) -> CallMembers {
        scanner.skipBlanks(p)
        let start = (index: scanner.index, surrogates: scanner.loneSurrogates.count, others: others.count)
        do throws(JSONError) {
            if scanner.index < p.count, p[scanner.index] == 0x7b { return try scanObject(p, isRoot: false) }
            var members = CallMembers()
            members.whole = try scanner.value(p, depth: 2)
            members.fault = .notObject
            return members
        } catch {
            guard error.kind == .tooDeep else { throw error }
            scanner.index = start.index
            scanner.loneSurrogates.removeSubrange(start.surrogates...)
            others.removeSubrange(start.others...)
            var members = CallMembers()
            try scanner.skipAnyDepth(p)
            members.whole = JSONSlice(from: start.index, to: scanner.index)
            members.fault = .tooDeep
            return members
        }
    }

    // MARK: - Encoding

    private func encode(_ p: Span<UInt8>) -> DecodedCall {
        var call = DecodedCall(batch: EventBatch(), refused: [], writeKey: root.text(.writeKey, p).string(p), itemCount: 0)
        switch shape {
        case .single(let type):
            call.itemCount = 1
            call.batch.bytes.reserveCapacity(p.count + 128)
            encode(root, item: 0, type: type, p, into: &call)
        case .batch:
            call.itemCount = items.count
            call.items = items.map { $0.whole }
            call.hasItems = hasItems
            call.batch.bytes.reserveCapacity(p.count + items.count * 48)
            call.batch.entries.reserveCapacity(items.count)
            for (index, members) in items.enumerated() { encode(members, item: UInt32(index), type: nil, p, into: &call) }
        }
        if !call.refused.isEmpty { call.around = around(p) }
        return call
    }
    private func around(_ p: Span<UInt8>) -> Personal<[UInt8]>? {
        var w = JSONWriter()
        w.object { w in
            if shape == .batch {
                for member in [CallMember.sentAt, .context, .integrations] where !p.saysNothing(root.slice(member)) {
                    w.key("\(member)"); w.raw(p.bytesArray(root.slice(member)))
                }
            }
            context.write(&w)
        }
        return w.text.bytes.count > 2 ? Personal(w.text.bytes) : nil
    }

    private func encode(_ members: CallMembers, item: UInt32, type fixedType: EventType?, _ p: Span<UInt8>, into call: inout DecodedCall) {
        var event = EventDraft(members, type: fixedType, shared: sharedBytes, p)
        event.judge(isOwn: context.isOwn, p)
        if !event.reasons.isEmpty {
            var payload = p.bytesArray(members.whole)
            // A write key is a secret of the sender's, and no part of the event.
            let key = members.slice(.writeKey)
            if !key.isAbsent, p[Int(key.start)] == 0x22 { for index in key.range.dropFirst().dropLast() { payload[index - Int(members.whole.start)] = 0x2a } }
            call.refused.append(
                RefusedEvent(item: item, messageId: event.texts[0].string(p), payload: Personal(payload), reasons: event.reasons))
            return
        }
        var batch = EventBatch()
        swap(&batch, &call.batch)
        batch.bytes.append(contentsOf: repeatElement(0, count: EventBatch.headroom))
        let start = batch.bytes.count
        write(event, members, item, p, into: &batch.bytes)
        batch.entries.append(EventBatch.Entry(start: UInt32(start), count: UInt32(batch.bytes.count - start), item: item))
        swap(&batch, &call.batch)
    }

    private func write(_ event: EventDraft, _ members: CallMembers, _ item: UInt32, _ p: Span<UInt8>, into out: inout [UInt8]) {
        let sentAtSlice = p.saysNothing(members.slice(.sentAt)) ? root.slice(.sentAt) : members.slice(.sentAt)
        let timestampSlice = p.saysNothing(members.slice(.timestamp)) ? .absent : members.slice(.timestamp)
        let isOriginalSent = !p.saysNothing(members.slice(.originalTimestamp))
        let originalSlice = isOriginalSent ? members.slice(.originalTimestamp) : timestampSlice
        let original = EventDraft.time(originalSlice, p) ?? EventDraft.time(timestampSlice, p)
        var timestamp = original ?? context.receivedAt
        if let original, let sentAt = EventDraft.time(sentAtSlice, p) {
            timestamp = .corrected(original: original, sentAt: sentAt, receivedAt: context.receivedAt)
        }
        let flagsAt = out.count + 2
        out.append(EventRecord.format)
        out.append(event.type.rawValue)
        out.append(0)
        out.append(0)
        EventRecord.appendFixed(UInt32(0), to: &out)
        EventRecord.appendFixed(context.receivedAt.milliseconds, to: &out)
        EventRecord.appendFixed(timestamp.milliseconds, to: &out)

        appendText(.messageId, event.texts[0].isAbsent ? .unescaped(Array(newMessageId(item).utf8)) : event.texts[0], p, to: &out)
        for index in 1..<6 { appendText(EventDraft.textFields[index], event.texts[index], p, to: &out) }
        appendJSON(.name, members.slice(.name), p, to: &out)
        appendJSON(.category, members.slice(.category), p, to: &out)
        appendJSON(.properties, members.slice(.properties), p, to: &out)
        appendJSON(.traits, members.slice(.traits), p, to: &out)
        appendMerged(.context, members.slice(.context), under: shape == .batch ? root.slice(.context) : .absent, p, to: &out)
        appendMerged(.integrations, members.slice(.integrations), under: shape == .batch ? root.slice(.integrations) : .absent, p, to: &out)
        if EventDecoder.isSpelling(of: timestamp, originalSlice, p) {
            out[flagsAt] |= EventRecord.flagOriginalIsTimestamp
        } else {
            appendJSON(.originalTimestamp, originalSlice, p, to: &out)
        }
        appendJSON(.sentAt, sentAtSlice, p, to: &out)
        if isOriginalSent, !EventDecoder.isSpelling(of: timestamp, timestampSlice, p) { appendJSON(.timestampAsSent, timestampSlice, p, to: &out) }
        appendOddTexts(event, members, p, to: &out)
        for index in members.others {
            let other = others[index]
            out.append(EventField.other.rawValue)
            EventRecord.appendVarint(Int(other.key.count) + 1 + Int(other.value.count), to: &out)
            p.append(other.key, to: &out)
            out.append(0x3a)
            p.append(other.value, to: &out)
        }
    }

    /// An id or a name that is neither text nor number identifies nobody; it is kept as it was sent, as any member is that we have no use for.
    private func appendOddTexts(_ event: EventDraft, _ members: CallMembers, _ p: Span<UInt8>, to out: inout [UInt8]) {
        for index in 1..<6 where event.texts[index].isAbsent {
            let value = members.slice(EventDraft.textMembers[index])
            // The empty text and null are as good as absent.
            guard !value.isAbsent, p[Int(value.start)] != 0x22, p[Int(value.start)] != 0x6e else { continue }
            appendOther("\(EventDraft.textFields[index].key)", value, p, to: &out)
        }
    }

    private func appendOther(_ name: String, _ value: JSONSlice, _ p: Span<UInt8>, to out: inout [UInt8]) {
        let key = Array("\"\(name)\":".utf8)
        out.append(EventField.other.rawValue)
        EventRecord.appendVarint(key.count + Int(value.count), to: &out)
        out.append(contentsOf: key)
        p.append(value, to: &out)
    }

    /// Whether a member is exactly our spelling of an instant, as a JSON text.
    private static func isSpelling(of timestamp: Timestamp, _ slice: JSONSlice, _ p: Span<UInt8>) -> Bool {
        guard slice.count == 26 else { return false }
        return timestamp.withSpelling { spelled in
            unsafe p.extracting(slice.range.lowerBound + 1..<slice.range.upperBound - 1).withUnsafeBytes { unsafe $0.elementsEqual(spelled) }
        }
    }

    private func appendText(_ field: EventField, _ text: TextValue, _ p: Span<UInt8>, to out: inout [UInt8]) {
        _ = text.withBytes(p) { bytes in
            out.append(field.rawValue)
            EventRecord.appendVarint(bytes.count, to: &out)
            unsafe out.append(contentsOf: bytes)
        }
    }

    private func appendJSON(_ field: EventField, _ slice: JSONSlice, _ p: Span<UInt8>, to out: inout [UInt8]) {
        guard !slice.isAbsent else { return }
        out.append(field.rawValue)
        EventRecord.appendVarint(Int(slice.count), to: &out)
        p.append(slice, to: &out)
    }

    /// The item's own object with the members of the batch's that it lacks, and what the server says in `context`, which counts before both.
    ///
    /// A context that is neither object nor null gives way to what the server says, and is kept as `contextAsSent`.
    private func appendMerged(_ field: EventField, _ own: JSONSlice, under base: JSONSlice, _ p: Span<UInt8>, to out: inout [UInt8]) {
        let additions = field == .context ? serverContext(own, under: base, p) : []
        let isOdd = !own.isAbsent && !p.isObject(own) && !p.saysNothing(own)
        guard !additions.isEmpty || p.isObject(base) && !isOdd else { return appendJSON(field, own, p, to: &out) }
        var merged: [UInt8] = [0x7b]
        func add(_ key: JSONSlice, _ value: JSONSlice) {
            if merged.count > 1 { merged.append(0x2c) }
            p.append(key, to: &merged)
            merged.append(0x3a)
            p.append(value, to: &merged)
        }
        let said = additions.map { Array($0.key.utf8) }
        var seen = NameSet()
        if p.isObject(own) { JSONText.eachMember(of: p, in: own) { key, value in
            let name = p.unescaped(key)
            if !said.contains(name) { add(key, value) }
            seen.insert(name)
        } }
        if p.isObject(base) { JSONText.eachMember(of: p, in: base) { key, value in
            let name = p.unescaped(key)
            if !said.contains(name), !seen.contains(name) { add(key, value) }
        } }
        for addition in additions {
            if merged.count > 1 { merged.append(0x2c) }
            merged.append(contentsOf: "\"\(addition.key)\":".utf8)
            merged.append(contentsOf: addition.value)
        }
        merged.append(0x7d)
        out.append(field.rawValue)
        EventRecord.appendVarint(merged.count, to: &out)
        out.append(contentsOf: merged)
        if isOdd { appendOther("\(field.key)AsSent", own, p, to: &out) }
    }

    /// Members that the server writes into `context`: `ip` for browsers and apps that sent none, `gpc` when the browser's header said so.
    private func serverContext(_ own: JSONSlice, under base: JSONSlice, _ p: Span<UInt8>) -> [(key: String, value: [UInt8])] {
        guard context.remoteAddress != nil || context.globalPrivacyControl else { return [] }
        // Nearly every event brings its address, and most senders' address is a server's: neither needs a closer look.
        if !context.globalPrivacyControl, JSONText.has("ip", in: own, of: p) { return [] }
        // The item's own member counts before the batch's.
        let texts = [own, base].filter { p.isObject($0) }.map { JSONText(trusted: p.bytesArray($0)) }
        func member(_ key: String) -> JSONText? { texts.lazy.compactMap { $0[key] }.first }
        var additions: [(key: String, value: [UInt8])] = []
        if context.globalPrivacyControl, member("gpc")?.isPrivacySignal != true { additions.append(("gpc", Array("true".utf8))) }
        if let address = context.remoteAddress, member("ip") == nil, member("direct")?.boolean == true || EventDraft.isClientLibrary(member("library")) {
            var bytes: [UInt8] = []
            JSONWriter.escape(address.utf8, into: &bytes)
            additions.append(("ip", bytes))
        }
        return additions
    }
}

extension JSONText {
    /// Whether a context's `gpc` is the signal of Global Privacy Control: `true`, or `1` and `"1"` as some senders copy the header.
    public var isPrivacySignal: Bool { boolean == true || text == "1" || string == "1" }
}

/// Names that were met: few in most objects, where comparing them is quickest.
private struct NameSet {
    private static let listMaximum = 32
    private var list: [[UInt8]] = []
    private var set: Set<[UInt8]> = []

    mutating func insert(_ name: [UInt8]) {
        if list.count < NameSet.listMaximum { list.append(name) } else { set.insert(name) }
    }

    func contains(_ name: [UInt8]) -> Bool { list.contains(name) || !set.isEmpty && set.contains(name) }
}

/// A member that the Spec does not name.
struct MemberSlice {
    let key: JSONSlice
    let value: JSONSlice
}

extension Span<UInt8> {
    /// Whether there is a backslash in a range, eight bytes at a step.
    @inline(__always)
    func hasEscapes(_ range: Range<Int>) -> Bool {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let part = extracting(range)
        let raw = part.bytes
        var index = 0
        while index &+ 8 <= part.count {
            // SAFETY: the loop condition leaves 8 readable bytes, and any 8 bytes are a UInt64.
            let word = unsafe raw.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self) ^ (ones &* 0x5c)
            if (word &- ones) & ~word & 0x8080_8080_8080_8080 != 0 { return true }
            index += 8
        }
        while index < part.count {
            if part[index] == 0x5c { return true }
            index += 1
        }
        return false
    }

    /// Whether a member's value is an object.
    func isObject(_ slice: JSONSlice) -> Bool { !slice.isAbsent && self[Int(slice.start)] == 0x7b }

    /// Whether a member is as good as absent: null or the empty text.
    func saysNothing(_ slice: JSONSlice) -> Bool { slice.isAbsent || self[Int(slice.start)] == 0x6e || slice.count == 2 && self[Int(slice.start)] == 0x22 }

    func unescaped(_ slice: JSONSlice) -> [UInt8] {
        var out: [UInt8] = []
        JSONText.unescape(self, slice, into: &out)
        return out
    }

    @inline(__always)
    func append(_ slice: JSONSlice, to out: inout [UInt8]) {
        unsafe extracting(slice.range).withUnsafeBufferPointer { unsafe out.append(contentsOf: $0) }
    }

    func bytesArray(_ slice: JSONSlice) -> [UInt8] {
        var out: [UInt8] = []
        append(slice, to: &out)
        return out
    }
}
