public import Vocabulary

/// Rows that come from elsewhere than a file, put together one by one.
public struct TextRows: Sendable {
    public let header: [String]
    public private(set) var count = 0
    private(set) var bytes: [UInt8] = []
    /// As a file's: where each field begins, and one behind the end of the last.
    private(set) var starts: [UInt32] = []

    public init(header: [String]) { self.header = header }

    /// Traps if `row` has not one value per column.
    ///
    /// - Returns: false, with nothing appended, where the rows are as many bytes as can be matched.
    public mutating func append(_ row: [[UInt8]]) -> Bool {
        precondition(row.count == header.count, "one value per column")
        let size = row.reduce(row.count) { $0 + 2 * $1.count + 2 }
        guard bytes.count + size <= DelimitedText.bytesMaximum else { return false }
        starts.append(UInt32(bytes.count))
        for value in row {
            // Only what begins with a quote is taken for quoted.
            if value.first == 0x22 {
                bytes.append(0x22)
                for byte in value { bytes.append(contentsOf: byte == 0x22 ? [0x22, 0x22] : [byte]) }
                bytes.append(0x22)
            } else {
                bytes.append(contentsOf: value)
            }
            bytes.append(0x2c)
            starts.append(UInt32(bytes.count))
        }
        count += 1
        return true
    }

    /// - Throws: ``Refusal`` where there is no row.
    public func text() throws(Refusal) -> DelimitedText {
        guard count > 0 else { throw DelimitedText.noRows }
        return DelimitedText(self)
    }
}
