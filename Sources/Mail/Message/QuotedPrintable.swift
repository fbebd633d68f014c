/// RFC 2045, section 6.7: any text in lines of at most 76 printable characters.
enum QuotedPrintable {
    private static let lineMaximum = 76
    private static let digits = Array("0123456789ABCDEF".utf8)

    /// Appends a text, its lines ended by CRLF whatever ended them, and the last one too. What no text holds (NUL) is left out.
    ///
    /// A dot at a line's beginning and the word `From ` there are encoded, so that neither a relay that stuffs badly nor an old mailbox changes the body
    /// behind its signature.
    static func append(_ text: some Sequence<UInt8>, to out: inout [UInt8]) {
        var column = 0
        var blank: UInt8?
        var wasReturn = false
        var iterator = text.makeIterator()
        var next = iterator.next()
        func room(_ count: Int, _ out: inout [UInt8]) {
            // One place is kept for the sign of a soft break.
            if column + count > lineMaximum - 1 {
                out += [0x3d, 0x0d, 0x0a]
                column = 0
            }
        }
        func encoded(_ byte: UInt8, _ out: inout [UInt8]) {
            room(3, &out)
            out += [0x3d, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            column += 3
        }
        func plain(_ byte: UInt8, _ out: inout [UInt8]) {
            room(1, &out)
            if column == 0, byte == 0x2e || byte == 0x46 { return encoded(byte, &out) }
            out.append(byte)
            column += 1
        }
        while let byte = next {
            next = iterator.next()
            if byte == 0 { continue }
            if byte == 0x0a, wasReturn {
                wasReturn = false
                continue
            }
            wasReturn = byte == 0x0d
            if byte == 0x0d || byte == 0x0a {
                // A blank at a line's end would be taken away on the road.
                if let last = blank { encoded(last, &out) }
                blank = nil
                out += [0x0d, 0x0a]
                column = 0
                continue
            }
            if let held = blank {
                plain(held, &out)
                blank = nil
            }
            switch byte {
            case 0x20, 0x09: blank = byte
            case 0x21...0x3c, 0x3e...0x7e: plain(byte, &out)
            default: encoded(byte, &out)
            }
        }
        if let last = blank { encoded(last, &out) }
        if column > 0 { out += [0x0d, 0x0a] }
    }

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
