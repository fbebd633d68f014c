import CKernels
import Vocabulary

/// One block of a sealed segment as it stands in the file.
///
///     CRC-32C of what follows (UInt32); byte counts as varints: of what stands apart, of the compressed text, of the text, of the records;
///     what stands apart; the compressed text
///
/// What is text and what stands apart says ``RecordPacker``. In files of the first format: CRC-32C of what follows, compressed bytes, bytes (UInt32 each);
/// the compressed records, each behind its byte count as a varint.
enum SealedBlock {
    /// Ways in which blocks are written, by the last letter of the file's magic.
    enum Format: UInt8 {
        case plain = 0x31
        case split = 0x32
    }

    /// So many bytes hold the counts at a block's beginning, wherever they end.
    static let headMaximum = 4 + 4 * 5

    private struct Head {
        let crc: UInt32
        var start = 0
        var apart = 0
        var packed = 0
        var text = 0
        var records = 0
        var end: Int { start + apart + packed }

        /// Nil where the counts are not whole or too large to be true.
        init?(_ bytes: UnsafeRawBufferPointer, _ format: Format) {
            guard bytes.count >= 12 else { return nil }
            func word(_ offset: Int) -> UInt32 { unsafe UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)) }
            crc = word(0)
            switch format {
            case .plain: (start, packed, text) = (12, Int(word(4)), Int(word(8)))
            case .split:
                var cursor = unsafe ByteCursor(bytes, at: 4)
                guard let apart = cursor.varint(), let packed = cursor.varint(), let text = cursor.varint(), let records = cursor.varint() else { return nil }
                (start, self.apart, self.packed, self.text, self.records) = (cursor.index, apart, packed, text, records)
            }
            guard [apart, packed, text, records].allSatisfy({ $0 < 1 << 30 }) else { return nil }
        }
    }

    /// How many bytes a block takes that begins with these, checked or not.
    static func size(_ bytes: [UInt8], _ format: Format) -> Int? { unsafe bytes.withUnsafeBytes { unsafe Head($0, format)?.end } }

    /// The records of a block; nil where it is damaged.
    ///
    /// - Parameters:
    ///   - bytes: the block, and anything behind it.
    ///   - limit: so many records at its beginning are enough.
    static func unpack(_ bytes: [UInt8], _ format: Format, with dictionary: DecodingDictionary, limit: Int = .max) -> Records? {
        unsafe bytes.withUnsafeBytes { p in
            guard let head = unsafe Head(p, format), head.end <= p.count, unsafe martlet_crc32c(0, p.baseAddress! + 4, head.end - 4) == head.crc,
                let text = unsafe dictionary.decode(UnsafeRawBufferPointer(rebasing: p[head.start + head.apart..<head.end]), count: head.text)
            else { return nil }
            switch format {
            case .plain: return records(framed: text)
            case .split:
                let apart = unsafe UnsafeRawBufferPointer(rebasing: p[head.start..<head.start + head.apart])
                return text.withUnsafeBytes { unsafe Records(text: $0, apart: apart, byteCount: head.records, limit: limit) }
            }
        }
    }

    private static func records(framed bytes: [UInt8]) -> Records {
        var ranges: [Range<Int>] = []
        bytes.withUnsafeBytes { p in
            var cursor = unsafe ByteCursor(p)
            while let count = cursor.varint(), cursor.skip(count) { ranges.append(cursor.index - count..<cursor.index) }
        }
        return Records(bytes: bytes, ranges: ranges)
    }

    /// Nil where zstd fails.
    static func pack(_ records: RecordPacker, with encoder: EncodingDictionary) -> [UInt8]? {
        guard let packed = encoder.encode(records.text) else { return nil }
        var body: [UInt8] = []
        body.reserveCapacity(records.apart.count + packed.count + headMaximum)
        for count in [records.apart.count, packed.count, records.text.count, records.byteCount] { appendVarint(count, to: &body) }
        body.append(contentsOf: records.apart)
        body.append(contentsOf: packed)
        return checked(body)
    }

    /// In the form of files of the first format, one of whose blocks is to be replaced.
    static func pack(plain records: [ArraySlice<UInt8>], with encoder: EncodingDictionary) -> [UInt8]? {
        var framed: [UInt8] = []
        for record in records {
            appendVarint(record.count, to: &framed)
            framed.append(contentsOf: record)
        }
        guard let packed = encoder.encode(framed) else { return nil }
        var body: [UInt8] = []
        for count in [packed.count, framed.count] { withUnsafeBytes(of: UInt32(count).littleEndian) { unsafe body.append(contentsOf: $0) } }
        return checked(body + packed)
    }

    private static func checked(_ body: [UInt8]) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(body.count + 4)
        let crc = unsafe body.withUnsafeBytes { unsafe martlet_crc32c(0, $0.baseAddress!, $0.count) }
        withUnsafeBytes(of: crc.littleEndian) { unsafe out.append(contentsOf: $0) }
        out.append(contentsOf: body)
        return out
    }

    private static func appendVarint(_ value: Int, to bytes: inout [UInt8]) {
        var rest = UInt64(value)
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }
}
