import Vocabulary

/// Lays values out in memory that becomes a record's own.
struct RecordWriter: ~Copyable {
    var arena = Arena()
    /// Records that are members of this one: their memory is read, not copied.
    var parts: [Record] = []
    private var unescaped: [UInt8] = []

    mutating func cell(_ value: Value) -> Cell {
        switch value {
        case .null: return .null
        case .boolean(let value): return .boolean(value)
        case .integer(let value): return .integer(value)
        case .decimal(let value): return .decimal(value)
        case .text(let text): return .text(arena.keep(text))
        case .record(let record):
            parts.append(record)
            return .record(record.members)
        case .list(let values):
            var cells: [Cell] = []
            for value in values { cells.append(cell(value)) }
            return .list(arena.keep(cells))
        case .json(let json):
            var scanner = JSONScanner()
            return read(&scanner, json.bytes)
        }
    }

    /// Of a key that is there twice, the last value stands at the first place.
    mutating func members(_ all: [Member]) -> Ref<Members> {
        let isPlaced = all.count > Members.scannedMaximum
        var places = [UInt32](repeating: 0, count: isPlaced ? 2 << (Int.bitWidth - (all.count - 1).leadingZeroBitCount) : 0)
        var kept: [Member] = []
        kept.reserveCapacity(all.count)
        for member in all {
            var place: Int?
            if isPlaced {
                var slot = Int(member.key.hash) & (places.count - 1)
                while places[slot] > 0, !kept[Int(places[slot]) - 1].key.isSame(as: member.key) { slot = (slot + 1) & (places.count - 1) }
                if places[slot] > 0 { place = Int(places[slot]) - 1 } else { places[slot] = UInt32(truncatingIfNeeded: kept.count + 1) }
            } else { place = kept.firstIndex { $0.key.isSame(as: member.key) } }
            if let place { kept[place].value = member.value } else { kept.append(member) }
        }
        return arena.keep(Members(list: arena.keep(kept), places: arena.keep(places)))
    }

    // MARK: - JSON

    /// One value of text that the scanner has passed before; what it would not pass is null.
    private mutating func read(_ scanner: inout JSONScanner, _ bytes: [UInt8], depth: Int = 0) -> Cell {
        scanner.skipBlanks(bytes.span)
        guard scanner.index < bytes.count, depth <= JSONScanner.depthMaximum else {
            scanner.index = bytes.count
            return .null
        }
        switch bytes[scanner.index] {
        case 0x22: return text(&scanner, bytes).map { .text($0) } ?? .null
        case 0x7b:
            scanner.index += 1
            var all: [Member] = []
            if !scanner.take(0x7d, bytes.span) {
                repeat {
                    guard let key = text(&scanner, bytes), scanner.take(0x3a, bytes.span) else { break }
                    all.append(Member(key: Key(key), value: read(&scanner, bytes, depth: depth + 1)))
                } while scanner.take(0x2c, bytes.span)
                _ = scanner.take(0x7d, bytes.span)
            }
            return .record(members(all))
        case 0x5b:
            scanner.index += 1
            var cells: [Cell] = []
            if !scanner.take(0x5d, bytes.span) {
                repeat { cells.append(read(&scanner, bytes, depth: depth + 1)) } while scanner.take(0x2c, bytes.span)
                _ = scanner.take(0x5d, bytes.span)
            }
            return .list(arena.keep(cells))
        default:
            guard let slice = try? scanner.value(bytes.span), !slice.isAbsent else {
                scanner.index = bytes.count
                return .null
            }
            switch bytes[Int(slice.start)] {
            case 0x74: return .boolean(true)
            case 0x66: return .boolean(false)
            case 0x6e: return .null
            default: return Cell(number: String(decoding: bytes[slice.range], as: UTF8.self), &arena)
            }
        }
    }

    private mutating func text(_ scanner: inout JSONScanner, _ bytes: [UInt8]) -> Text? {
        guard let slice = try? scanner.value(bytes.span), slice.count >= 2, bytes[Int(slice.start)] == 0x22 else {
            scanner.index = bytes.count
            return nil
        }
        let inner = bytes[(slice.range.lowerBound + 1)..<(slice.range.upperBound - 1)]
        if !inner.contains(0x5c) { return arena.keep(inner) }
        unescaped.removeAll(keepingCapacity: true)
        JSONText.unescape(bytes.span, slice, into: &unescaped)
        return arena.keep(unescaped)
    }
}
