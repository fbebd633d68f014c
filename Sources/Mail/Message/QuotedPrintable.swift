/// RFC 2045, section 6.7: any text in lines of at most 76 printable characters.
enum QuotedPrintable {
    private static let lineMaximum = 76
    private static let digits = Array("0123456789ABCDEF".utf8)

    /// Appends a text, its lines ended by CRLF whatever ended them, and the last one too. What no text holds (NUL) is left out.
    ///
    /// A dot at a line's beginning and the word `From ` there are encoded, so that neither a relay that stuffs badly nor an old mailbox changes the body
    /// behind its signature.
    static func append(_ text: UnsafeBufferPointer<UInt8>, to out: inout [UInt8]) {
        var (column, index) = (0, 0)
        // One place of a line is kept for the sign of a soft break.
        func breakSoftly(_ out: inout [UInt8]) {
            out += [0x3d, 0x0d, 0x0a]
            column = 0
        }
        func encoded(_ byte: UInt8, _ out: inout [UInt8]) {
            if column + 3 > lineMaximum - 1 { breakSoftly(&out) }
            out += [0x3d, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            column += 3
        }
        /// Where the first byte stands that is not NUL, from `index` on.
        func next(_ index: Int) -> Int {
            var index = index
            while index < text.count, unsafe text[index] == 0 { index += 1 }
            return index
        }
        while index < text.count {
            var start = index
            while index < text.count, unsafe isPlain(text[index]) { index += 1 }
            if start < index {
                // A blank at a line's end would be taken away on the road.
                let follower = next(index)
                let isEnd = unsafe follower == text.count || text[follower] == 0x0d || text[follower] == 0x0a
                let last = unsafe text[index - 1]
                let end = isEnd && last <= 0x20 ? index - 1 : index
                while start < end {
                    if column >= lineMaximum - 1 { breakSoftly(&out) }
                    if column == 0, unsafe text[start] == 0x2e || text[start] == 0x46 {
                        unsafe encoded(text[start], &out)
                        start += 1
                        continue
                    }
                    let count = min(end - start, lineMaximum - 1 - column)
                    unsafe out += text[start..<(start + count)]
                    (start, column) = (start + count, column + count)
                }
                if end < index { encoded(last, &out) }
                continue
            }
            let byte = unsafe text[index]
            index += 1
            switch byte {
            case 0: continue
            case 0x0d, 0x0a:
                let follower = next(index)
                if byte == 0x0d, follower < text.count, unsafe text[follower] == 0x0a { index = follower + 1 }
                out += [0x0d, 0x0a]
                column = 0
            default: encoded(byte, &out)
            }
        }
        if column > 0 { out += [0x0d, 0x0a] }
    }

    /// What stands as it is: printable, but not the sign that begins an encoding; blanks, where no line ends behind them.
    private static func isPlain(_ byte: UInt8) -> Bool { byte >= 0x20 && byte <= 0x7e && byte != 0x3d || byte == 0x09 }

    /// The bytes behind an encoded text; what is no encoding stays as it stands.
    static func decode(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(bytes.count)
        var index = bytes.startIndex
        while index < bytes.endIndex {
            let byte = bytes[index]
            index += 1
            guard byte == 0x3d else {
                out.append(byte)
                continue
            }
            if index + 1 < bytes.endIndex, let high = hex(bytes[index]), let low = hex(bytes[index + 1]) {
                out.append(high << 4 | low)
                index += 2
                continue
            }
            var end = index
            while end < bytes.endIndex, bytes[end] == 0x20 || bytes[end] == 0x09 { end += 1 }
            if end < bytes.endIndex, bytes[end] == 0x0d { end += 1 }
            if end < bytes.endIndex, bytes[end] == 0x0a { index = end + 1 } else if end == bytes.endIndex { index = end } else { out.append(byte) }
        }
        return out
    }

    static func hex(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x37
        case 0x61...0x66: byte - 0x57
        default: nil
        }
    }
}
