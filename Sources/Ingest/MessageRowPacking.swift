import Vocabulary

/// How a run's rows are packed: keys are uniform and sorted, so that a key's first bits are known by which bucket it stands in, and a position by how far
/// it is from the run's first. 12 bytes a row for any number of rows, and an eighth of one for the buckets, where plain rows take 16.
///
///     buckets: the index of each one's first row (UInt32), and an end; rows: the key's other bits × 2^(bits of a position) + position − first,
///     as few whole bytes as hold that, little-endian; 8 bytes of zeros, so that the last row can be read as a whole word
struct MessageRowPacking {
    let count: Int
    private let first: LogPosition
    /// Bits of a key that its bucket says: about 32 rows share a bucket.
    private let bucketBits: Int
    private let positionBits: Int
    private let rowBytes: Int

    /// - Parameters:
    ///   - first, end: the log positions that rows may have.
    init(count: Int, first: LogPosition, end: LogPosition) {
        self.count = count
        self.first = first
        bucketBits = max(1, Int.bitWidth - count.leadingZeroBitCount - 6)
        positionBits = max(1, UInt64.bitWidth - (end - first).leadingZeroBitCount)
        // Two words hold a row while positions take less than 41 bits.
        rowBytes = max(8, (88 - bucketBits + positionBits + 7) / 8)
    }

    private var bucketCount: Int { 1 << bucketBits }
    private var rowsOffset: Int { (bucketCount + 1) * 4 }
    var byteCount: Int { rowsOffset + count * rowBytes + 8 }

    private func bucket(_ high: UInt64) -> Int { Int(high >> UInt64(64 - bucketBits)) }

    private func bucketStart(_ bucket: Int, _ p: UnsafeRawPointer) -> Int {
        unsafe Int(UInt32(littleEndian: p.loadUnaligned(fromByteOffset: bucket * 4, as: UInt32.self)))
    }

    // MARK: - Writing

    /// Rows come in ascending order; ``finish(_:)`` follows the last.
    func write(_ row: MessageRow, at index: Int, to p: UnsafeMutableRawPointer) {
        // Until it is finished a bucket holds how many rows it has.
        let place = bucket(row.high) * 4
        unsafe p.storeBytes(of: (p.load(fromByteOffset: place, as: UInt32.self) + 1).littleEndian, toByteOffset: place, as: UInt32.self)
        let high = row.high & (.max >> UInt64(bucketBits))
        let low = UInt64(row.key.low)
        // The key's bits are `high` and 24 more; all of it moves up by the bits of a position.
        let (keyHigh, keyLow) = (high >> 40, high << 24 | low)
        let shift = UInt64(positionBits)
        let lower = keyLow << shift | (row.position - first)
        let upper = keyHigh << shift | keyLow >> (64 - shift)
        let start = rowsOffset + index * rowBytes
        unsafe p.storeBytes(of: lower.littleEndian, toByteOffset: start, as: UInt64.self)
        withUnsafeBytes(of: upper.littleEndian) { unsafe (p + start + 8).copyMemory(from: $0.baseAddress!, byteCount: rowBytes - 8) }
    }

    func finish(_ p: UnsafeMutableRawPointer) {
        var total: UInt32 = 0
        for bucket in 0...bucketCount {
            let size = bucket < bucketCount ? unsafe p.load(fromByteOffset: bucket * 4, as: UInt32.self) : 0
            unsafe p.storeBytes(of: total.littleEndian, toByteOffset: bucket * 4, as: UInt32.self)
            total += size
        }
    }

    // MARK: - Reading

    /// A row of a bucket, the key's bits that the bucket says added.
    private func row(_ index: Int, of bucket: Int, in p: UnsafeRawPointer) -> MessageRow {
        let start = rowsOffset + index * rowBytes
        let lower = unsafe UInt64(littleEndian: p.loadUnaligned(fromByteOffset: start, as: UInt64.self))
        // Read with the bytes of the next row, which the mask takes away.
        let mask: UInt64 = rowBytes == 8 ? 0 : .max >> UInt64(128 - rowBytes * 8)
        let upper = unsafe UInt64(littleEndian: p.loadUnaligned(fromByteOffset: start + 8, as: UInt64.self)) & mask
        let shift = UInt64(positionBits)
        let keyLow = upper << (64 - shift) | lower >> shift
        let keyHigh = upper >> shift
        let high = UInt64(bucket) << UInt64(64 - bucketBits) | keyHigh << 40 | keyLow >> 24
        let position = first + lower & (1 << shift - 1)
        return MessageRow(high: high, rest: (keyLow & 0xff_ffff) << 40 | position)
    }

    func find(_ key: MessageKey, in p: UnsafeRawPointer) -> LogPosition? {
        let bucket = bucket(key.high)
        var index = unsafe bucketStart(bucket, p)
        let end = unsafe bucketStart(bucket + 1, p)
        while index < end {
            let row = unsafe row(index, of: bucket, in: p)
            if row.matches(key) { return row.position }
            if row.high > key.high { return nil }
            index += 1
        }
        return nil
    }

    /// All rows in order, read one at a time.
    struct Rows: IteratorProtocol {
        private let packing: MessageRowPacking
        private let body: UnsafeRawPointer
        private var index = 0
        private var bucket = 0

        /// - Parameter body: stays where it is while rows are read.
        init(_ packing: MessageRowPacking, in body: UnsafeRawPointer) {
            self.packing = packing
            unsafe self.body = body
        }

        mutating func next() -> MessageRow? {
            guard index < packing.count else { return nil }
            while bucket + 1 < packing.bucketCount, unsafe packing.bucketStart(bucket + 1, body) <= index { bucket += 1 }
            defer { index += 1 }
            return unsafe packing.row(index, of: bucket, in: body)
        }
    }
}
