import Vocabulary

/// What becomes of each column of a CSV file.
public struct CSVMapping: Sendable {
    public enum Target: Sendable, Hashable {
        case userId, anonymousId, messageId, event, timestamp, groupId
        /// A trait, or a property where the rows are track calls.
        case value(String)
        case ignore
    }
    public var targets: [Target]
    /// Whether rows are track calls; otherwise they are identify calls.
    public var isTrack: Bool

    public init(targets: [Target], isTrack: Bool) {
        self.targets = targets
        self.isTrack = isTrack
    }

    /// Recognises columns by their names.
    public init(header: [String]) {
        targets = header.map { name in
            switch name.lowercased().filter({ $0.isLetter || $0.isNumber }) {
            case "userid", "customerid", "customer", "id", "externalid": .userId
            case "anonymousid", "deviceid", "visitorid": .anonymousId
            case "messageid", "eventid", "insertid": .messageId
            case "event", "eventname", "eventtype": .event
            case "timestamp", "time", "date", "datetime", "occurredat": .timestamp
            case "groupid": .groupId
            case "": .ignore
            default: .value(name)
            }
        }
        isTrack = targets.contains(.event)
        // Only one column can be the id: the first that is called so; the others are values.
        var seen: Set<Target> = []
        for index in targets.indices {
            if case .value = targets[index] { continue }
            if targets[index] != .ignore, !seen.insert(targets[index]).inserted { targets[index] = .value(header[index]) }
        }
    }
}

/// Turns CSV (RFC 4180, with `;` or tab where the header uses them) into lines of JSON, one for each row.
public struct CSVReader: Sendable {
    private var mapping: CSVMapping?
    public private(set) var header: [String] = []
    private var delimiter: UInt8 = 0x2c
    private var field: [UInt8] = []
    private var row: [[UInt8]] = []
    private var isQuoted = false
    private var wasQuote = false
    private var line = 1
    private var quoteLine = 1
    /// Rows as they stand in the file, while a preview asks for them.
    private var kept: [[[UInt8]]]?

    public init(mapping: CSVMapping?) { self.mapping = mapping }

    /// Where the file ends within quotes: the line at which they open, from 1. All behind it is one value, which is hardly meant.
    public var unclosedLine: Int? { isQuoted && !wasQuote ? quoteLine : nil }

    /// The JSON lines of the rows that end in these bytes.
    public mutating func convert(_ bytes: [UInt8]) -> [UInt8] {
        var out: [UInt8] = []
        for byte in bytes { take(byte, &out) }
        return out
    }

    /// The last row, where the file does not end in a newline; a row of ``unclosedLine`` is left as a line that is no event, so that it is refused.
    public mutating func finish() -> [UInt8] {
        var out: [UInt8] = []
        if unclosedLine != nil { return Array("The quotes that open in line \(quoteLine) of the file are never closed.\n".utf8) }
        if !field.isEmpty || !row.isEmpty { endRow(&out) }
        return out
    }

    private mutating func take(_ byte: UInt8, _ out: inout [UInt8]) {
        if byte == 0x0a { line += 1 }
        if isQuoted {
            if wasQuote {
                wasQuote = false
                if byte == 0x22 { field.append(0x22); return }
                isQuoted = false
            } else if byte == 0x22 {
                wasQuote = true
                return
            } else {
                field.append(byte)
                return
            }
        }
        switch byte {
        case 0x22 where field.isEmpty: (isQuoted, quoteLine) = (true, line)
        case delimiter: endField()
        case 0x3b where header.isEmpty && delimiter == 0x2c && row.isEmpty, 0x09 where header.isEmpty && delimiter == 0x2c && row.isEmpty:
            // The first separator of the header decides.
            delimiter = byte
            endField()
        case 0x0a: endRow(&out)
        case 0x0d: break
        default: field.append(byte)
        }
    }

    private mutating func endField() {
        row.append(field)
        field.removeAll(keepingCapacity: true)
    }

    private mutating func endRow(_ out: inout [UInt8]) {
        endField()
        defer { row.removeAll(keepingCapacity: true) }
        if header.isEmpty {
            header = row.map { String(decoding: $0, as: UTF8.self) }
            if header[0].unicodeScalars.first == "\u{feff}" { header[0] = String(header[0].unicodeScalars.dropFirst()) }
            if mapping == nil { mapping = CSVMapping(header: header) }
            // An empty line stands for the header, so that line numbers are the file's.
            out.append(0x0a)
            return
        }
        guard let mapping, row.count > 1 || !(row.first?.isEmpty ?? true) else {
            // An empty row keeps its line number.
            out.append(0x0a)
            return
        }
        if kept != nil { kept?.append(row); return }
        var w = JSONWriter(capacity: 256)
        write(mapping, &w)
        out.append(contentsOf: w.bytes)
        out.append(0x0a)
    }

    private func write(_ mapping: CSVMapping, _ w: inout JSONWriter) {
        w.object { w in
            w.member("type", mapping.isTrack ? "track" : "identify")
            for (target, value) in zip(mapping.targets, row) where !value.isEmpty {
                switch target {
                case .userId: CSVReader.text("userId", value, &w)
                case .anonymousId: CSVReader.text("anonymousId", value, &w)
                case .messageId: CSVReader.text("messageId", value, &w)
                case .event: CSVReader.text("event", value, &w)
                case .timestamp: CSVReader.text("timestamp", value, &w)
                case .groupId: CSVReader.text("groupId", value, &w)
                case .value, .ignore: break
                }
            }
            w.key(mapping.isTrack ? "properties" : "traits")
            w.object { w in
                for (target, value) in zip(mapping.targets, row) where !value.isEmpty {
                    guard case .value(let name) = target else { continue }
                    w.key(name)
                    CSVReader.write(value, name: name, &w)
                }
            }
        }
    }

    private static func text(_ key: String, _ value: [UInt8], _ w: inout JSONWriter) {
        w.key(key)
        w.string(decoding(value))
    }

    /// What JSON would write as a number or a boolean becomes one, except where a name says that digits are not a quantity.
    private static func write(_ value: [UInt8], name: String, _ w: inout JSONWriter) {
        let lower = name.lowercased()
        let isCode = ["id", "phone", "zip", "postcode", "postal", "code", "number", "mobile", "tel"].contains { lower.hasSuffix($0) || lower.hasPrefix($0) }
        if let json = JSONText(validating: value), json.boolean != nil || (!isCode && value.count <= 18 && (json.bytes[0] == 0x2d || (0x30...0x39).contains(json.bytes[0]))) {
            w.raw(value)
        } else {
            w.string(decoding(value))
        }
    }

    private static func decoding(_ value: [UInt8]) -> String { String(decoding: value, as: UTF8.self) }
}

/// A CSV's header and first rows as they stand, with what would become of each column.
public struct CSVPreview: Sendable {
    public let header: [String]
    public let rows: [[String]]
    public let mapping: CSVMapping

    /// - Parameter bytes: the beginning of the file; a row that it cuts off is left out.
    public init(_ bytes: [UInt8], rowsMaximum: Int = 3) {
        var reader = CSVReader(mapping: nil)
        (header, rows) = reader.first(bytes, rowsMaximum: rowsMaximum)
        mapping = CSVMapping(header: header)
    }
}

extension CSVReader {
    fileprivate mutating func first(_ bytes: [UInt8], rowsMaximum: Int) -> (header: [String], rows: [[String]]) {
        kept = []
        var ignored: [UInt8] = []
        for byte in bytes {
            take(byte, &ignored)
            if kept?.count == rowsMaximum { break }
        }
        return (header, (kept ?? []).map { $0.map(CSVReader.decoding) })
    }
}
