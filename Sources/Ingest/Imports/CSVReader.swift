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
        // Only one column can be the id: the first that is called so; the others are values. Values of one name are told apart, so that none is lost.
        var seen: Set<Target> = []
        for index in targets.indices where targets[index] != .ignore && !seen.insert(targets[index]).inserted {
            targets[index] = .value(header[index])
            var count = 1
            while !seen.insert(targets[index]).inserted {
                count += 1
                targets[index] = .value("\(header[index]) \(count)")
            }
        }
    }
}

/// Turns CSV (RFC 4180, with `;` or tab where the header uses them) into lines of JSON, one for each row.
///
/// A row that spans lines is followed by empty lines, so that line numbers are the file's.
public struct CSVReader: Sendable {
    /// Of a row without its quotes; an event of it would be refused in any case.
    public static let rowMaximum = EventDecoder.eventBytesMaximum
    /// How many bytes are looked at between two looks at the bound of a row.
    private static let stepBytes = 64 << 10

    private var mapping: CSVMapping?
    private let readsTimes: Bool
    public private(set) var header: [String] = []
    /// Whether digits in a column are a name; asked once, since it is asked of every cell.
    private var codes: [Bool] = []
    private var delimiter: UInt8 = 0x2c
    private var field: [UInt8] = []
    private var row: [[UInt8]] = []
    /// Of the fields in `row`.
    private var rowBytes = 0
    private var isQuoted = false
    private var wasQuote = false
    /// All bytes of the row, one over the other: without the highest bit they are ASCII.
    private var rowBits: UInt8 = 0
    /// Whether the header ended in a carriage return alone; then every row does, and a newline after one is no row.
    private var endsInReturn = false
    private var wasReturn = false
    private var line = 1
    private var rowLine = 1
    private var quoteLine = 1
    /// The line of the file that the next line of the output stands for.
    private var outLine = 1
    /// Of a row that is too long, its beginning; what follows up to its end is dropped.
    private var longRow: [UInt8]?
    /// Whether the header was too long: then nothing behind it can be read.
    private var isOver = false
    private var refused: [RefusedRow] = []
    private var refusedBytes = 0
    /// Rows as they stand in the file, while a preview asks for them.
    private var kept: [[[UInt8]]]?

    /// - Parameter readsTimes: refuse a row whose timestamp cannot be read; otherwise whoever takes the lines looks at it.
    public init(mapping: CSVMapping?, readsTimes: Bool = false) { (self.mapping, self.readsTimes) = (mapping, readsTimes) }

    /// Where the file ends within quotes: the line at which they open, from 1. All behind it is one value, which is hardly meant.
    public var unclosedLine: Int? { isQuoted && !wasQuote ? quoteLine : nil }

    /// The first line whose text is not UTF-8; nothing from it on is converted, since whatever else is not ASCII would be wrong too.
    public private(set) var notUTF8Line: Int?

    /// The rows that were refused since the last time one asked.
    public mutating func takeRefused() -> [RefusedRow] {
        defer { refused = [] }
        return refused
    }

    /// The JSON lines of the rows that end in these bytes.
    public mutating func convert(_ bytes: [UInt8]) -> [UInt8] {
        var at = 0
        return convert(bytes, from: &at, atMost: .max)
    }

    /// The same in steps, since each row says the names of all its columns, and they may be long.
    ///
    /// - Parameters:
    ///   - at: where to begin, and afterwards where to go on.
    ///   - atMost: when so many bytes have come out or are refused, the row is the last of the step.
    mutating func convert(_ bytes: [UInt8], from at: inout Int, atMost: Int) -> [UInt8] {
        var out: [UInt8] = []
        refusedBytes = 0
        while at < bytes.count, !isOver, out.count + refusedBytes < atMost {
            let end = min(at + CSVReader.stepBytes, bytes.count)
            while at < end, out.count + refusedBytes < atMost {
                take(bytes[at], &out)
                at += 1
            }
            boundRow(&out)
        }
        if isOver { at = bytes.count }
        return out
    }

    private mutating func boundRow(_ out: inout [UInt8]) {
        if longRow == nil, rowBytes + field.count > CSVReader.rowMaximum { longRow = beginning }
        guard longRow != nil else { return }
        // A quote within a value opens nothing, so that it must stay known whether there is one.
        let isInField = !field.isEmpty
        drop()
        if isInField { field.append(0x2e) }
        if header.isEmpty { refuseHeader() } else { endLines(0, &out) }
    }

    /// The last row, where the file does not end in a newline.
    public mutating func finish() -> [UInt8] {
        var out: [UInt8] = []
        if isOver { return out }
        if unclosedLine != nil {
            refuse(longRow ?? beginning, ImportReason.unclosedQuotes(quoteLine))
        } else if longRow != nil || !field.isEmpty || !row.isEmpty {
            endRow(&out)
        }
        return out
    }

    private mutating func take(_ byte: UInt8, _ out: inout [UInt8]) {
        if wasReturn {
            wasReturn = false
            if byte != 0x0a, header.isEmpty {
                endsInReturn = true
                line += 1
                endRow(&out)
            }
        }
        if byte == 0x0a || endsInReturn && byte == 0x0d { line += 1 }
        rowBits |= byte
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
        case 0x0d where endsInReturn: endRow(&out)
        case 0x0d: wasReturn = true
        default: field.append(byte)
        }
    }

    private mutating func endField() {
        rowBytes += field.count + 1
        // A copy, as large as it needs to be: a shared buffer would be made anew for each field, with room for the longest before it.
        row.append(field.withUnsafeBufferPointer { unsafe Array($0) })
        field.removeAll(keepingCapacity: true)
    }

    private mutating func endRow(_ out: inout [UInt8]) {
        endField()
        convertRow(&out)
        endLines(1, &out)
        drop()
        longRow = nil
        rowLine = line
        rowBits = 0
    }

    /// An empty line stands for the header, for each row that makes no line, and for each newline within quotes.
    private mutating func endLines(_ minimum: Int, _ out: inout [UInt8]) {
        out.append(contentsOf: repeatElement(0x0a, count: max(line - outLine, minimum)))
        outLine = line
    }

    private mutating func convertRow(_ out: inout [UInt8]) {
        if isOver { return }
        if longRow == nil, rowBytes > CSVReader.rowMaximum { longRow = beginning }
        if let longRow { return header.isEmpty ? refuseHeader() : refuse(longRow, ImportReason.rowTooLong) }
        if !isText {
            (notUTF8Line, isOver) = (rowLine, true)
            return
        }
        if header.isEmpty {
            header = row.map { String(decoding: $0, as: UTF8.self) }
            if header[0].unicodeScalars.first == "\u{feff}" { header[0] = String(header[0].unicodeScalars.dropFirst()) }
            let mapping = self.mapping ?? CSVMapping(header: header)
            self.mapping = mapping
            codes = mapping.targets.map { if case .value(let name) = $0 { ColumnName.isCode(name) } else { false } }
            return
        }
        guard let mapping, row.count > 1 || !(row.first?.isEmpty ?? true) else { return }
        if kept != nil { kept?.append(row); return }
        var w = JSONWriter(capacity: 256)
        write(mapping, &w)
        // Empty cells behind the last column are a spreadsheet's. Any other means that some value holds the separator, and which one it is cannot be known.
        if row.dropFirst(header.count).contains(where: { !$0.isEmpty }) { return refuse(Array(row.joined(separator: [delimiter])), ImportReason.tooManyCells(header.count)) }
        if readsTimes, !hasReadableTime(mapping) { return refuse(w.bytes.count > CSVReader.rowMaximum ? beginning : w.bytes, ImportReason.timestampUnreadable) }
        out.append(contentsOf: w.bytes)
    }

    /// Whether the row is UTF-8. A header with a zero is UTF-16, in which ASCII has one in each character.
    private var isText: Bool {
        if header.isEmpty, row.contains(where: { $0.contains(0) }) { return false }
        return rowBits < 0x80 || row.allSatisfy { String(validating: $0, as: UTF8.self) != nil }
    }

    private func hasReadableTime(_ mapping: CSVMapping) -> Bool {
        for (target, value) in zip(mapping.targets, row) where target == .timestamp && !value.isEmpty { return CSVReader.isTime(value) }
        return true
    }

    /// Whether a stated time can be read as one.
    static func isTime(_ value: [UInt8]) -> Bool { unsafe value.withUnsafeBytes { unsafe Timestamp(text: $0) } != nil }

    // MARK: - Refusing

    private mutating func refuse(_ bytes: [UInt8], _ reason: Explanation) {
        refused.append(RefusedRow(line: rowLine, beginning: bytes, reason: reason))
        refusedBytes += bytes.count + 256
    }

    private mutating func refuseHeader() {
        refuse(longRow ?? [], ImportReason.headerTooLong)
        isOver = true
    }

    /// What there is of the row, without its quotes.
    private var beginning: [UInt8] {
        var out: [UInt8] = []
        for part in row where out.count < Quarantine.bodyMaximum {
            out += part
            out.append(delimiter)
        }
        return Array((out + field.prefix(Quarantine.bodyMaximum)).prefix(Quarantine.bodyMaximum))
    }

    private mutating func drop() {
        row.removeAll(keepingCapacity: row.count < 4096)
        rowBytes = 0
        field.removeAll(keepingCapacity: field.count <= CSVReader.stepBytes)
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
                for (index, (target, value)) in zip(mapping.targets, row).enumerated() where !value.isEmpty {
                    guard case .value(let name) = target else { continue }
                    w.key(name)
                    CSVReader.write(value, isCode: codes[index], &w)
                }
            }
        }
    }

    private static func text(_ key: String, _ value: [UInt8], _ w: inout JSONWriter) {
        w.key(key)
        w.string(decoding(value))
    }

    /// What JSON would write as a number or a boolean becomes one, except where that would lose digits or a name says that digits are not a quantity.
    private static func write(_ value: [UInt8], isCode: Bool, _ w: inout JSONWriter) {
        if let json = JSONText(validating: value), json.boolean != nil || !isCode && isFigure(value) {
            w.raw(value)
        } else {
            w.string(decoding(value))
        }
    }

    /// Whether a JSON value is a number that conditions count with as it is: whole numbers are, up to 2^53, beyond which two of them look the same to a sum or a comparison.
    private static func isFigure(_ value: [UInt8]) -> Bool {
        let digits = value.first == 0x2d ? value.dropFirst() : value[...]
        guard let first = digits.first, (0x30...0x39).contains(first) else { return false }
        guard digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return true }
        return Int64(String(decoding: digits, as: UTF8.self)).map { $0 <= 1 << 53 } ?? false
    }

    private static func decoding(_ value: [UInt8]) -> String { String(decoding: value, as: UTF8.self) }
}

/// A CSV's header and first rows as they stand, with what would become of each column.
public struct CSVPreview: Sendable {
    public let header: [String]
    public let rows: [[String]]
    public let mapping: CSVMapping
    /// The first of these lines that is not UTF-8.
    public let notUTF8Line: Int?

    /// - Parameters:
    ///   - bytes: the beginning of the file; a row that it cuts off is left out.
    ///   - isWhole: whether they are all of the file, whose last row need not end in a newline.
    public init(_ bytes: [UInt8], isWhole: Bool = false, rowsMaximum: Int = 3) {
        var reader = CSVReader(mapping: nil)
        (header, rows) = reader.first(bytes, isWhole: isWhole, rowsMaximum: rowsMaximum)
        mapping = CSVMapping(header: header)
        notUTF8Line = reader.notUTF8Line
    }

    /// Whether a value of a column that is a time can be read as one.
    public static func isTime(_ value: String) -> Bool { CSVReader.isTime(Array(value.utf8)) }
}

extension CSVReader {
    fileprivate mutating func first(_ bytes: [UInt8], isWhole: Bool, rowsMaximum: Int) -> (header: [String], rows: [[String]]) {
        kept = []
        var ignored: [UInt8] = []
        for byte in bytes {
            take(byte, &ignored)
            if kept?.count == rowsMaximum || isOver { break }
        }
        if isWhole, kept?.count != rowsMaximum { _ = finish() }
        return (header, (kept ?? []).map { $0.map(CSVReader.decoding) })
    }
}
