public import Vocabulary

/// A CSV file taken apart in place: RFC 4180, with `;` or tab where the header uses them first.
///
/// The importer's reader writes JSON for each row as bytes come in; matching looks at a million rows column by column, so here a field is only
/// a range of the file's own bytes.
public struct DelimitedText: Sendable {
    /// The largest file, in bytes.
    public static let bytesMaximum = 1 << 31

    public let header: [String]
    public let rowCount: Int
    let bytes: [UInt8]
    /// Where each field begins, row after row; a field ends one byte before the next begins.
    private let starts: [UInt32]

    /// - Throws: ``Refusal`` for a file that is empty or larger than ``bytesMaximum``, one without rows, a quote that never ends, or a row with more fields than the header.
    public init(_ bytes: [UInt8]) throws(Refusal) {
        // Numbers of bytes are kept in 32 bits, and small letters may take half as many again.
        guard bytes.count <= DelimitedText.bytesMaximum else {
            throw DelimitedText.tooLarge
        }
        var scan = Scan(bytes)
        try scan.run()
        guard !scan.header.isEmpty else { throw Refusal(400, "match.empty", "The file is empty.", remedy: "Send a CSV file whose first line names its columns.") }
        guard scan.rowCount > 0 else { throw DelimitedText.noRows }
        self.bytes = bytes
        header = scan.header
        rowCount = scan.rowCount
        starts = scan.starts
    }

    init(_ rows: TextRows) { (header, bytes, starts, rowCount) = (rows.header, rows.bytes, rows.starts, rows.count) }

    private static let tooLarge = Refusal(
        400, "match.too-large", "The file is larger than 2 GiB.", remedy: "Match it in parts, or leave out columns that say nothing about who somebody is.")
    static let noRows = Refusal(400, "match.no-rows", "There is a header and no rows.", remedy: "Send a row for each record.")

    /// The text of a field without its quotes and outer blanks, appended to `out`; bytes that are not UTF-8 stay as they are.
    func append(row: Int, column: Int, to out: inout [UInt8]) {
        let at = row * (header.count + 1) + column
        var (from, to) = (Int(starts[at]), Int(starts[at + 1]) - 1)
        guard from < to else { return }
        if bytes[from] == 0x22 {
            from += 1
            if to > from, bytes[to - 1] == 0x0d { to -= 1 }
            if to > from, bytes[to - 1] == 0x22 { to -= 1 }
            let begin = out.count
            var wasQuote = false
            for index in from..<max(from, to) {
                let byte = bytes[index]
                if byte == 0x22, !wasQuote { wasQuote = true; continue }
                wasQuote = false
                out.append(byte)
            }
            while out.count > begin, out[out.count - 1] <= 0x20 { out.removeLast() }
            return
        }
        while from < to, bytes[from] <= 0x20 { from += 1 }
        while to > from, bytes[to - 1] <= 0x20 { to -= 1 }
        out.append(contentsOf: bytes[from..<to])
    }

    public func text(row: Int, column: Int) -> String {
        var out: [UInt8] = []
        append(row: row, column: column, to: &out)
        return String(decoding: out, as: UTF8.self)
    }

    /// A hash of the row's bytes: rows are worked on in its order, so that shuffling a file changes nothing.
    func hash(row: Int) -> UInt64 {
        let at = row * (header.count + 1)
        // Without its line end, which the last row may lack.
        var end = Int(starts[at + header.count]) - 1
        if end > Int(starts[at]), bytes[end - 1] == 0x0d { end -= 1 }
        return quickHash(bytes, Int(starts[at]), end)
    }
}

extension DelimitedText {
    /// One pass over the bytes.
    private struct Scan {
        let bytes: [UInt8]
        var header: [String] = []
        var starts: [UInt32] = []
        var rowCount = 0
        private var delimiter: UInt8 = 0x2c
        private var line = 1

        init(_ bytes: [UInt8]) { self.bytes = bytes }

        mutating func run() throws(Refusal) {
            var at = bytes.starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0
            delimiter = Scan.delimiter(of: bytes, from: at)
            var fields: [UInt32] = []
            while at < bytes.count {
                let firstLine = line
                fields.removeAll(keepingCapacity: true)
                at = try row(from: at, &fields)
                // An empty line is no record.
                if fields.count == 2, fields[1] - fields[0] <= 1 || (fields[1] - fields[0] == 2 && bytes[Int(fields[0])] == 0x0d) { continue }
                if header.isEmpty { name(fields) } else { try add(&fields, line: firstLine) }
            }
        }

        /// Reads one row; afterwards `fields` holds the begin of each field and, last, one behind the end of the row.
        private mutating func row(from begin: Int, _ fields: inout [UInt32]) throws(Refusal) -> Int {
            var at = begin
            let end = bytes.count
            let firstLine = line
            fields.append(UInt32(at))
            while at < end {
                if bytes[at] == 0x22, UInt32(at) == fields[fields.count - 1] {
                    at = try closing(quoteAt: at, line: firstLine)
                    continue
                }
                let byte = bytes[at]
                at += 1
                if byte == delimiter { fields.append(UInt32(at)) } else if byte == 0x0a {
                    line += 1
                    fields.append(UInt32(at))
                    return at
                }
            }
            // The file may end without a newline; the field ends as if there were one.
            fields.append(UInt32(end + 1))
            return end
        }

        /// One behind the quote that closes the one at `at`.
        private mutating func closing(quoteAt at: Int, line firstLine: Int) throws(Refusal) -> Int {
            var index = at + 1
            while index < bytes.count {
                if bytes[index] == 0x0a { line += 1 }
                if bytes[index] == 0x22 {
                    guard index + 1 < bytes.count, bytes[index + 1] == 0x22 else { return index + 1 }
                    index += 1
                }
                index += 1
            }
            throw Refusal(400, "match.quote", "A quote opens in the row at line \(firstLine) and never closes.", remedy: "Close it, or write a quote inside a quoted field twice.")
        }

        private mutating func name(_ fields: [UInt32]) {
            for index in 0..<(fields.count - 1) {
                let (from, to) = (Int(fields[index]), Int(fields[index + 1]) - 1)
                let text = String(decoding: bytes[from..<max(from, to)], as: UTF8.self)
                header.append(text.filter { $0 != "\"" && $0 != "\r" && $0 != "\r\n" }.split(separator: " ").joined(separator: " "))
            }
        }

        private mutating func add(_ fields: inout [UInt32], line: Int) throws(Refusal) {
            guard fields.count - 1 <= header.count else {
                throw Refusal(
                    400, "match.fields", "The row at line \(line) has \(fields.count - 1) fields and the header names \(header.count) columns.",
                    remedy: "Put fields that hold the separator in quotes.")
            }
            // A short row ends in empty fields; each of them begins where the row ends.
            if starts.isEmpty { starts.reserveCapacity(bytes.count / 12) }
            let last = fields[fields.count - 1]
            starts.append(contentsOf: fields)
            for _ in 0..<(header.count + 1 - fields.count) { starts.append(last) }
            rowCount += 1
        }

        private static func delimiter(of bytes: [UInt8], from: Int) -> UInt8 {
            for byte in bytes[from...] {
                if byte == 0x2c || byte == 0x3b || byte == 0x09 { return byte }
                if byte == 0x0a { break }
            }
            return 0x2c
        }
    }
}
