import Vocabulary

/// The texts and numbers in what may be JSON, or may have been meant to be.
enum PayloadTokens {
    /// Whether any quoted text (unescaped) or number, whole, is one of `wanted`; for text that is no JSON at all, any word.
    static func contains(anyOf wanted: Set<[UInt8]>, in payload: [UInt8]) -> Bool {
        guard !wanted.isEmpty else { return false }
        var i = 0
        while i < payload.count {
            let byte = payload[i]
            if byte == 0x22 {
                let start = i
                i += 1
                while i < payload.count, payload[i] != 0x22 { i += payload[i] == 0x5c ? 2 : 1 }
                let end = min(i, payload.count)
                var text: [UInt8] = []
                let quoted = Array(payload[start..<end]) + [0x22]
                JSONText.unescape(quoted.span, JSONSlice(start: 0, count: UInt32(quoted.count)), into: &text)
                if wanted.contains(text) || wanted.contains(Array(payload[start + 1..<max(start + 1, end)])) { return true }
                i += 1
            } else if isWord(byte) {
                let start = i
                while i < payload.count, isWord(payload[i]) { i += 1 }
                if wanted.contains(Array(payload[start..<i])) { return true }
            } else {
                i += 1
            }
        }
        return false
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2d, 0x2e, 0x5f, 0x40, 0x2b, 0x80...0xff: true
        default: false
        }
    }
}
