import CKernels
import Vocabulary

/// A portion's lines, and the call that they make together.
struct ImportBatch {
    struct Line: Sendable {
        let range: Range<Int>
        let number: Int
    }

    let bytes: [UInt8]
    var lines: [Line] = []

    init(_ portion: LineGatherer.Portion) {
        bytes = portion.bytes
        var number = portion.firstLine
        // A byte-order mark is no part of the first line.
        var start = number == 1 && bytes.starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0
        while start < bytes.count {
            let end = ImportBatch.lineEnd(bytes, start)
            var low = start
            var high = end
            while low < high, ImportBatch.isBlank(bytes[low]) { low += 1 }
            while high > low, ImportBatch.isBlank(bytes[high - 1]) { high -= 1 }
            if low < high { lines.append(Line(range: low..<high, number: number)) }
            number += 1
            start = end + 1
        }
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0d || byte == 0x09 }

    private static func lineEnd(_ bytes: [UInt8], _ start: Int) -> Int { bytes.newline(from: start, to: bytes.count) ?? bytes.count }

    func refuse(_ line: Line) -> RefusedRow {
        let text = bytes[line.range]
        let isText = String(validating: text, as: UTF8.self) != nil
        return RefusedRow(line: line.number, beginning: Array(text.prefix(Quarantine.bodyMaximum)), reason: isText ? ImportReason.notJSON : ImportReason.lineNotUTF8)
    }

    /// What some of the lines hold; nil unless each of them is exactly one JSON value by itself.
    func decode(_ lines: [Line], _ context: CallContext, _ names: LineNames) -> DecodedCall? {
        var body = joined(lines)
        guard let call = try? EventDecoder.decode(&body, as: .batch, in: context, newMessageId: { item in
            // More items than lines are possible until it is known where each stands.
            let line = lines[min(Int(item), lines.count - 1)]
            return names.name(of: bytes, line)
        }), isEach(of: lines, oneOf: call.items) else { return nil }
        return call
    }

    /// Two values in a line would be two items, and `],"batch":[` in it would replace those before it, were it not for where the items stand.
    private func isEach(of lines: [Line], oneOf items: [JSONSlice]) -> Bool {
        guard items.count == lines.count else { return false }
        var start = ImportBatch.opening.utf8.count
        for (line, item) in zip(lines, items) {
            guard item.range == start..<start + line.range.count else { return false }
            start += line.range.count + 1
        }
        return true
    }

    private static let opening = "{\"batch\":["

    /// `{"batch":[line,line,…]}`
    private func joined(_ lines: [Line]) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(lines.reduce(16) { $0 + $1.range.count + 1 })
        out.append(contentsOf: ImportBatch.opening.utf8)
        for (index, line) in lines.enumerated() {
            if index > 0 { out.append(0x2c) }
            out.append(contentsOf: bytes[line.range])
        }
        out.append(contentsOf: "]}".utf8)
        return out
    }
}

/// Makes message ids for a file's lines that bring none: the same for the same content at the same place of the same file.
struct LineNames: Sendable {
    private let key: UInt64

    init(fingerprint: String) { key = LineNames.hash(0, Array(fingerprint.utf8)[...]) }

    /// The number is in the name, so that only lines at one place can ever be taken for each other, by 64 bits.
    func name(of bytes: [UInt8], _ line: ImportBatch.Line) -> String { name(line.number, bytes[line.range]) }
    func name(of row: RefusedRow) -> String { name(row.line, row.beginning[...]) }

    private func name(_ number: Int, _ bytes: ArraySlice<UInt8>) -> String { "import-\(number)-\(String(LineNames.hash(key, bytes), radix: 36))" }

    private static func hash(_ key: UInt64, _ bytes: ArraySlice<UInt8>) -> UInt64 { bytes.withUnsafeBytes { unsafe martlet_quick_hash(key, $0.baseAddress, $0.count).low } }
}
