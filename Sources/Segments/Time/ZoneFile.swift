/// What a time zone file says: the changes it lists, and the rule for what comes after them.
///
/// - Note: RFC 8536 (TZif). Only the 64-bit data of version 2 and later is read; files that count leap seconds are refused, since a `Timestamp`
///   counts none.
struct ZoneFile {
    /// Seconds since 1970, ascending.
    private(set) var changes: [Int64] = []
    /// Seconds east of UTC: the first holds before all changes, each further one from its change on.
    private(set) var offsets: [Int64] = []
    private(set) var rule: ZoneRule?

    /// Nil for bytes that are no such file; never traps.
    init?(bytes: [UInt8]) {
        var reader = ZoneFileReader(bytes: bytes)
        guard let narrow = reader.header() else { return nil }
        reader.skip(narrow.length(timeBytes: 4))
        guard let counts = reader.header(), counts.leaps == 0, counts.types > 0 else { return nil }
        guard counts.length(timeBytes: 8) <= reader.left else { return nil }
        var times: [Int64] = []
        for _ in 0..<counts.times {
            guard let time = reader.int64() else { return nil }
            // Some files begin with "the big bang", −2^59 seconds; milliseconds must fit too.
            times.append(min(max(time, -(1 << 50)), 1 << 50))
        }
        var types: [Int] = []
        for _ in 0..<counts.times {
            guard let type = reader.byte() else { return nil }
            types.append(Int(type))
        }
        var typeOffsets: [Int64] = []
        for _ in 0..<counts.types {
            guard let offset = reader.int32() else { return nil }
            typeOffsets.append(Int64(offset))
            reader.skip(2)
        }
        guard types.allSatisfy({ $0 < typeOffsets.count }) else { return nil }
        reader.skip(counts.letters + counts.standards + counts.universals)
        offsets = [typeOffsets[0]]
        for (time, type) in zip(times, types) {
            if let last = changes.last, time <= last { return nil }
            changes.append(time)
            offsets.append(typeOffsets[type])
        }
        if let footer = reader.footer(), !footer.isEmpty {
            guard let rule = ZoneRule(footer) else { return nil }
            self.rule = rule
        }
    }
}

/// The bytes of a time zone file, from the front; every step checks what is left.
private struct ZoneFileReader {
    struct Counts {
        let universals, standards, leaps, times, types, letters: Int

        func length(timeBytes: Int) -> Int { times * (timeBytes + 1) + types * 6 + letters + leaps * (timeBytes + 4) + standards + universals }
    }

    let bytes: [UInt8]
    var index = 0
    var left: Int { bytes.count - index }

    init(bytes: [UInt8]) { self.bytes = bytes }

    mutating func byte() -> UInt8? {
        guard left > 0 else { return nil }
        index += 1
        return bytes[index - 1]
    }

    mutating func int32() -> Int32? {
        guard left >= 4 else { return nil }
        var value: UInt32 = 0
        for _ in 0..<4 {
            value = value << 8 | UInt32(bytes[index])
            index += 1
        }
        return Int32(bitPattern: value)
    }

    mutating func int64() -> Int64? {
        guard left >= 8, let high = int32(), let low = int32() else { return nil }
        return Int64(high) << 32 | Int64(UInt32(bitPattern: low))
    }

    mutating func skip(_ count: Int) { index = min(bytes.count, index + count) }

    mutating func header() -> Counts? {
        guard left >= 44, bytes[index..<index + 4].elementsEqual("TZif".utf8), bytes[index + 4] >= 0x32 else { return nil }
        skip(20)
        var counts: [Int] = []
        for _ in 0..<6 {
            guard let count = int32(), count >= 0, count <= 100_000 else { return nil }
            counts.append(Int(count))
        }
        return Counts(universals: counts[0], standards: counts[1], leaps: counts[2], times: counts[3], types: counts[4], letters: counts[5])
    }

    mutating func footer() -> [UInt8]? {
        guard byte() == 0x0a, let end = bytes[index...].firstIndex(of: 0x0a) else { return nil }
        return Array(bytes[index..<end])
    }
}
