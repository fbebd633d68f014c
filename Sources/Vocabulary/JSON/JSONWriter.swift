/// Writes JSON in the order of its calls; commas are its business, balance is the caller's.
public struct JSONWriter {
    public private(set) var bytes: [UInt8] = []
    private var needsComma = false

    public init(capacity: Int = 256) { bytes.reserveCapacity(capacity) }

    public var text: JSONText { JSONText(trusted: bytes) }

    private mutating func separate() {
        if needsComma { bytes.append(0x2c) }
        needsComma = true
    }

    public mutating func object(_ body: (inout JSONWriter) throws -> Void) rethrows {
        separate()
        bytes.append(0x7b)
        needsComma = false
        try body(&self)
        bytes.append(0x7d)
        needsComma = true
    }

    public mutating func array(_ body: (inout JSONWriter) throws -> Void) rethrows {
        separate()
        bytes.append(0x5b)
        needsComma = false
        try body(&self)
        bytes.append(0x5d)
        needsComma = true
    }

    public mutating func key(_ key: String) {
        separate()
        JSONWriter.escape(key.utf8, into: &bytes)
        bytes.append(0x3a)
        needsComma = false
    }

    public mutating func string(_ value: String) {
        separate()
        JSONWriter.escape(value.utf8, into: &bytes)
    }

    public mutating func string(utf8 value: some Sequence<UInt8>) {
        separate()
        JSONWriter.escape(value, into: &bytes)
    }

    public mutating func number(_ value: some BinaryInteger) {
        separate()
        bytes.append(contentsOf: Array(String(value).utf8))
    }

    /// What is not finite has no JSON form and becomes null.
    public mutating func number(_ value: Double) {
        separate()
        bytes.append(contentsOf: Array((value.isFinite ? String(value) : "null").utf8))
    }

    public mutating func boolean(_ value: Bool) {
        separate()
        bytes.append(contentsOf: Array((value ? "true" : "false").utf8))
    }

    public mutating func null() {
        separate()
        bytes.append(contentsOf: [0x6e, 0x75, 0x6c, 0x6c])
    }

    /// Puts valid JSON in as it stands.
    public mutating func raw(_ json: some Sequence<UInt8>) {
        separate()
        bytes.append(contentsOf: json)
    }

    public mutating func time(_ value: Timestamp) {
        separate()
        bytes.append(0x22)
        value.append(to: &bytes)
        bytes.append(0x22)
    }

    public mutating func member(_ key: String, _ value: String?) {
        self.key(key)
        if let value { string(value) } else { null() }
    }

    public mutating func member(_ key: String, _ value: some BinaryInteger) {
        self.key(key)
        number(value)
    }

    public mutating func member(_ key: String, _ value: Bool) {
        self.key(key)
        boolean(value)
    }

    public mutating func member(_ key: String, _ value: Timestamp?) {
        self.key(key)
        if let value { time(value) } else { null() }
    }

    private static func appendPlain(_ text: some Sequence<UInt8>, to out: inout [UInt8]) -> Bool {
        let done: Bool? = text.withContiguousStorageIfAvailable { (bytes: UnsafeBufferPointer<UInt8>) -> Bool in
            for index in 0..<bytes.count {
                let byte = unsafe bytes[index]
                if byte < 0x20 || byte == 0x22 || byte == 0x5c || byte == 0x3c || byte == 0x3e || byte == 0x26 { return false }
            }
            unsafe out.append(contentsOf: bytes)
            return true
        }
        return done ?? false
    }

    /// Appends `text` as a JSON string. `<`, `>` and `&` are escaped too, so that an answer is harmless wherever it is pasted.
    public static func escape(_ text: some Sequence<UInt8>, into out: inout [UInt8]) {
        out.append(0x22)
        // Nearly every text needs no escape at all, and is then one copy.
        if appendPlain(text, to: &out) {
            out.append(0x22)
            return
        }
        for byte in text {
            switch byte {
            case 0x22: out.append(0x5c); out.append(0x22)
            case 0x5c: out.append(0x5c); out.append(0x5c)
            case 0x0a: out.append(0x5c); out.append(0x6e)
            case 0x0d: out.append(0x5c); out.append(0x72)
            case 0x09: out.append(0x5c); out.append(0x74)
            case 0..<0x20, 0x3c, 0x3e, 0x26:
                let digits = Array("0123456789abcdef".utf8)
                out.append(contentsOf: [0x5c, 0x75, 0x30, 0x30, digits[Int(byte >> 4)], digits[Int(byte & 15)]])
            default: out.append(byte)
            }
        }
        out.append(0x22)
    }
}
