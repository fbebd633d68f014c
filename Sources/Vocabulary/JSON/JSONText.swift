/// JSON text that has passed the scanner once, so that readers need not fear it.
///
/// Values stay text: whoever wants a number says which kind, and gets nil rather than a rounded one.
public struct JSONText: Sendable, Hashable {
    public let bytes: [UInt8]

    /// For bytes that came out of the scanner or out of ``JSONWriter``.
    public init(trusted bytes: [UInt8]) { self.bytes = bytes }

    /// Nil when the bytes are not exactly one JSON value in UTF-8.
    public init?(validating bytes: [UInt8]) {
        guard UTF8Check.firstFault(in: bytes.span) == nil else { return nil }
        var scanner = JSONScanner()
        guard (try? scanner.value(bytes.span)) != nil else { return nil }
        scanner.skipBlanks(bytes.span)
        guard scanner.index == bytes.count, scanner.loneSurrogates.isEmpty else { return nil }
        self.bytes = bytes
    }

    public var text: String { String(decoding: bytes, as: UTF8.self) }
    public var isNull: Bool { bytes == [0x6e, 0x75, 0x6c, 0x6c] }
    public var isObject: Bool { bytes.first == 0x7b }
    public var isArray: Bool { bytes.first == 0x5b }
    public var isString: Bool { bytes.first == 0x22 }

    /// The text of a string, unescaped; nil for anything else.
    public var string: String? {
        guard isString else { return nil }
        var out: [UInt8] = []
        JSONText.unescape(bytes.span, JSONSlice(from: 0, to: bytes.count), into: &out)
        return String(decoding: out, as: UTF8.self)
    }

    /// A whole number that fits; nil for fractions and for what would be rounded.
    public var integer: Int64? { Int64(text) }

    public var boolean: Bool? {
        switch bytes {
        case [0x74, 0x72, 0x75, 0x65]: true
        case [0x66, 0x61, 0x6c, 0x73, 0x65]: false
        default: nil
        }
    }

    /// The members of an object in the order sent; of a key that is written twice, both (the last one counts). Empty for anything else.
    public var members: [(key: String, value: JSONText)] {
        var out: [(key: String, value: JSONText)] = []
        bytes.withUnsafeBytesOfMembers { key, value in
            out.append((String(decoding: key, as: UTF8.self), JSONText(trusted: Array(bytes[value.range]))))
        }
        return out
    }

    /// The elements of an array; empty for anything else.
    public var elements: [JSONText] {
        guard isArray else { return [] }
        var out: [JSONText] = []
        var scanner = JSONScanner(at: 1)
        let p = bytes.span
        if scanner.take(0x5d, p) { return [] }
        repeat {
            guard let slice = try? scanner.value(p, depth: 1) else { return out }
            out.append(JSONText(trusted: Array(bytes[slice.range])))
        } while scanner.take(0x2c, p)
        return out
    }

    /// The last member with this key.
    public subscript(key: String) -> JSONText? {
        var found: JSONSlice?
        let wanted = Array(key.utf8)
        bytes.withUnsafeBytesOfMembers { name, value in if name == wanted { found = value } }
        return found.map { JSONText(trusted: Array(bytes[$0.range])) }
    }
}

extension [UInt8] {
    /// Calls `body` for each member of the valid JSON object that these bytes are: unescaped key, and where its value stands.
    public func withUnsafeBytesOfMembers(_ body: (_ key: [UInt8], _ value: JSONSlice) -> Void) {
        JSONText.eachMember(of: span, in: JSONSlice(from: 0, to: count)) { key, value in
            var name: [UInt8] = []
            JSONText.unescape(span, key, into: &name)
            body(name, value)
        }
    }
}

extension JSONText {
    /// Calls `body` with the key (quotes included, still escaped) and value of each member of the valid object at `slice`; nothing for other values.
    @inline(__always)
    public static func eachMember(of p: Span<UInt8>, in slice: JSONSlice, _ body: (_ key: JSONSlice, _ value: JSONSlice) -> Void) {
        // What is absent begins nowhere; at 0 it would be the whole body.
        guard !slice.isAbsent else { return }
        var scanner = JSONScanner(at: Int(slice.start))
        scanner.skipBlanks(p)
        guard scanner.take(0x7b, p), !scanner.take(0x7d, p) else { return }
        repeat {
            guard let key = try? scanner.value(p, depth: 1), scanner.take(0x3a, p), let value = try? scanner.value(p, depth: 1) else { return }
            body(key, value)
        } while scanner.take(0x2c, p)
    }

    /// Whether the valid object at `slice` has a member whose key is written exactly so.
    static func has(_ wanted: StaticString, in slice: JSONSlice, of p: Span<UInt8>) -> Bool {
        guard !slice.isAbsent else { return false }
        var isFound = false
        eachMember(of: p, in: slice) { key, _ in
            guard Int(key.count) == wanted.utf8CodeUnitCount + 2 else { return }
            for offset in 0..<wanted.utf8CodeUnitCount where unsafe p[Int(key.start) + 1 + offset] != wanted.utf8Start[offset] { return }
            isFound = true
        }
        return isFound
    }

    /// Appends the unescaped text of the valid JSON string at `slice` (quotes included in the slice).
    public static func unescape(_ p: Span<UInt8>, _ slice: JSONSlice, into out: inout [UInt8]) {
        var i = Int(slice.start) + 1
        let end = Int(slice.start) + Int(slice.count) - 1
        while i < end {
            let byte = p[i]
            guard byte == 0x5c else {
                out.append(byte)
                i += 1
                continue
            }
            switch p[i + 1] {
            case 0x62: out.append(0x08); i += 2
            case 0x66: out.append(0x0c); i += 2
            case 0x6e: out.append(0x0a); i += 2
            case 0x72: out.append(0x0d); i += 2
            case 0x74: out.append(0x09); i += 2
            case 0x75:
                let unit = JSONScanner.hexUnit(p, at: i) ?? 0xfffd
                i += 6
                var scalar = UInt32(unit)
                if unit & 0xfc00 == 0xd800, let low = JSONScanner.hexUnit(p, at: i), low & 0xfc00 == 0xdc00 {
                    scalar = 0x10000 + (UInt32(unit & 0x3ff) << 10 | UInt32(low & 0x3ff))
                    i += 6
                }
                out.append(contentsOf: Array(String(Unicode.Scalar(scalar) ?? "\u{fffd}").utf8))
            default: out.append(p[i + 1]); i += 2
            }
        }
    }
}
