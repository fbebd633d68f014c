/// JSON as people read it: indented, with every number and text exactly as it was sent.
///
/// It moves whitespace only and never parses a value, so `9007199254740993` and `1.10` stay what they were;
/// text that is not JSON comes back as it is.
enum JSONText {
    static func pretty(_ json: String) -> String {
        var output: [UInt8] = []
        output.reserveCapacity(json.utf8.count * 2)
        var depth = 0
        var inText = false
        var escaped = false
        var justOpened = false
        func newline() {
            output.append(UInt8(ascii: "\n"))
            // Depth is bounded where events are accepted; what was refused may be deeper, and stays readable at 32.
            output.append(contentsOf: repeatElement(UInt8(ascii: " "), count: 2 * min(depth, 32)))
        }
        for byte in json.utf8 {
            if inText {
                output.append(byte)
                if escaped { escaped = false } else if byte == UInt8(ascii: "\\") { escaped = true } else if byte == UInt8(ascii: "\"") { inText = false }
                continue
            }
            switch byte {
            case UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "\t"), UInt8(ascii: "\r"):
                continue
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                if justOpened { newline() }
                output.append(byte)
                depth += 1
                justOpened = true
                continue
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                if depth < 0 { return json }
                if !justOpened { newline() }
                output.append(byte)
            case UInt8(ascii: ","):
                output.append(byte)
                newline()
            case UInt8(ascii: ":"):
                output.append(contentsOf: Array(": ".utf8))
            default:
                if justOpened { newline() }
                inText = byte == UInt8(ascii: "\"")
                output.append(byte)
            }
            justOpened = false
        }
        return depth == 0 && !inText ? String(decoding: output, as: UTF8.self) : json
    }
}
