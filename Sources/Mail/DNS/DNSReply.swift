/// What the name system says.
public enum DNSAnswer: Sendable, Hashable {
    /// What stands there: each record's strings joined; of a server of mail its weight and its name, as `10 mail.example`.
    case records([String])
    /// There is no such name, or it has no such record.
    case absent
    /// Nobody answered, or with nothing that could be used.
    case unknown
}

/// What one server sent back. Anybody may send bytes to where we wait, so each is looked at before it is read.
enum DNSReply: Equatable {
    case answer(DNSAnswer)
    /// It did not fit: to be asked for by TCP.
    case truncated
    /// The server cannot tell, or what it says cannot be read.
    case failed

    /// Reads a message.
    ///
    /// - Returns: nil for what is no reply to this very question: whoever waits goes on waiting.
    static func read(_ bytes: [UInt8], to question: DNSQuestion, id: UInt16) -> DNSReply? {
        var reader = DNSReader(bytes)
        guard reader.pair() == Int(id), let flags = reader.pair(), flags & DNSHead.isReply != 0, flags & DNSHead.kindOfQuestion == 0, reader.pair() == 1, let count = reader.pair(), let authorities = reader.pair() else { return nil }
        reader.place = DNSHead.byteCount
        guard reader.name() == question.labels, reader.pair() == question.kind.rawValue, reader.pair() == DNSQuestion.internet else { return nil }
        if flags & DNSHead.isTruncated != 0 { return .truncated }
        switch flags & DNSHead.code {
        case 0: break
        case 3: return .answer(.absent)
        default: return .failed
        }
        // One that neither knows nor asks others may only name them.
        guard count > 0 || flags & (DNSHead.isOfOwner | DNSHead.recursionAvailable) != 0 else { return .failed }
        guard let records = reader.records(count, of: question.kind) else { return .failed }
        // Whoever says that an alias leads to nothing of the kind names the zone that says so.
        return records.answer(to: question, isWhole: authorities > 0)
    }
}

/// Reads a message from its beginning to its end, and never behind it.
struct DNSReader {
    /// Records of a reply by the name at which they stand.
    struct Records {
        var aliases: [[UInt8]: [UInt8]] = [:]
        var texts: [[UInt8]: [String]] = [:]

        /// Goes from alias to alias; a chain longer than any that is meant goes round.
        ///
        /// - Parameter isWhole: whether what is not named at the end of the aliases is not there.
        func answer(to question: DNSQuestion, isWhole: Bool) -> DNSReply {
            var name = question.labels
            for _ in 0...DNSReader.aliasesMaximum {
                guard let next = aliases[name] else { return texts[name].map { .answer(.records($0)) } ?? (isWhole || name == question.labels ? .answer(.absent) : .failed) }
                name = next
            }
            return .failed
        }
    }

    private static let (aliasesMaximum, alias) = (16, 5)
    private let bytes: [UInt8]
    var place = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Two bytes as a number; nil behind the end, as all of these.
    mutating func pair() -> Int? {
        guard place + 2 <= bytes.count else { return nil }
        defer { place += 2 }
        return Int(bytes[place]) << 8 | Int(bytes[place + 1])
    }

    /// A name in small letters, as ``DNSQuestion/labels``. A pointer leads nearer to the beginning than any before it, so that none goes round.
    mutating func name() -> [UInt8]? {
        var (out, cursor, nearest): ([UInt8], Int, Int) = ([], place, place)
        var end: Int?
        while cursor < bytes.count {
            let length = Int(bytes[cursor])
            switch length & 0xc0 {
            case 0:
                guard out.count + 1 + length <= DNSQuestion.labelsMaximum, cursor + 1 + length <= bytes.count else { return nil }
                out.append(bytes[cursor])
                out += bytes[(cursor + 1)..<(cursor + 1 + length)].lazy.map { (0x41...0x5a).contains($0) ? $0 + 0x20 : $0 }
                cursor += 1 + length
                if length == 0 {
                    place = end ?? cursor
                    return out
                }
            case 0xc0:
                guard cursor + 1 < bytes.count else { return nil }
                let target = (length & 0x3f) << 8 | Int(bytes[cursor + 1])
                guard target >= DNSHead.byteCount, target < nearest else { return nil }
                end = end ?? cursor + 2
                (cursor, nearest) = (target, target)
            default: return nil
            }
        }
        return nil
    }

    /// The records of a reply; nil where one of them cannot be read.
    mutating func records(_ count: Int, of kind: DNSQuestion.Kind) -> Records? {
        var records = Records()
        for _ in 0..<count {
            // Between the class and the length stands for how long it may be kept.
            guard let owner = name(), let type = pair(), let net = pair(), pair() != nil, pair() != nil, let length = pair(), place + length <= bytes.count else { return nil }
            let end = place + length
            defer { place = end }
            guard net == DNSQuestion.internet else { continue }
            if type == DNSReader.alias {
                // Two aliases of one name are none.
                guard let target = name(), place == end, records.aliases.updateValue(target, forKey: owner) == nil else { return nil }
            } else if type == kind.rawValue {
                guard let text = kind == .texts ? text(to: end) : mailServer(to: end) else { return nil }
                records.texts[owner, default: []].append(text)
            }
        }
        return records
    }

    private mutating func text(to end: Int) -> String? {
        var joined: [UInt8] = []
        while place < end {
            let next = place + 1 + Int(bytes[place])
            guard next <= end else { return nil }
            joined += bytes[(place + 1)..<next]
            place = next
        }
        return String(decoding: joined, as: UTF8.self)
    }

    private mutating func mailServer(to end: Int) -> String? {
        guard let weight = pair(), let name = name(), place == end else { return nil }
        var (labels, rest): ([String], ArraySlice<UInt8>) = ([], name[...])
        while let length = rest.popFirst(), length > 0 {
            labels.append(String(decoding: rest.prefix(Int(length)), as: UTF8.self))
            rest = rest.dropFirst(Int(length))
        }
        return "\(weight) \(labels.isEmpty ? "." : labels.joined(separator: "."))"
    }
}
