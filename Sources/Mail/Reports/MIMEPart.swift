/// A message or a part of one, read as far as it can be: whatever arrives, this ends, and gives what it found.
public struct MIMEPart: Sendable {
    /// In their order, unfolded, as they stand.
    public let fields: [(name: String, value: String)]
    /// As it arrived, encoded.
    public let body: ArraySlice<UInt8>
    public let parts: [MIMEPart]

    // What somebody writes by hand has a handful; what somebody writes to do harm has thousands.
    private static let (fieldMaximum, partMaximum, depthMaximum) = (500, 100, 8)

    public init(_ message: some Collection<UInt8>) { self.init(Array(message)[...], depth: 0) }

    private init(_ bytes: ArraySlice<UInt8>, depth: Int) {
        var fields: [(name: String, value: String)] = []
        var index = bytes.startIndex
        while let line = MIMEPart.line(bytes, &index) {
            if line.isEmpty { break }
            if let first = line.first, first == 0x20 || first == 0x09, let last = fields.indices.last {
                if fields[last].value.utf8.count < 1 << 16 { fields[last].value += " " + String(decoding: line, as: UTF8.self).trimmingBlanks }
            } else if let colon = line.firstIndex(of: 0x3a), fields.count < MIMEPart.fieldMaximum {
                fields.append((String(decoding: line[..<colon], as: UTF8.self).trimmingBlanks, String(decoding: line[(colon + 1)...], as: UTF8.self).trimmingBlanks))
            }
        }
        self.fields = fields
        body = bytes[min(index, bytes.endIndex)...]
        let type = MIMEPart.value("content-type", fields) ?? "text/plain"
        if depth < MIMEPart.depthMaximum, type.lowercased().hasPrefix("multipart/"), let boundary = MIMEPart.parameter("boundary", of: type), !boundary.isEmpty {
            parts = MIMEPart.cut(body, boundary).map { MIMEPart($0, depth: depth + 1) }
        } else if depth < MIMEPart.depthMaximum, ["message/rfc822", "text/rfc822-headers", "message/rfc822-headers", "message/global", "message/global-headers"].contains(MIMEPart.plain(type)) {
            parts = [MIMEPart(body, depth: depth + 1)]
        } else {
            parts = []
        }
    }

    /// A field's value, its first one; nil where there is none.
    public func field(_ name: String) -> String? { MIMEPart.value(name.lowercased(), fields) }

    /// Such as `text/html`, in small letters.
    public var type: String { MIMEPart.plain(field("content-type") ?? "text/plain") }

    /// Of `Content-Type`.
    public func parameter(_ name: String) -> String? { MIMEPart.parameter(name, of: field("content-type") ?? "") }

    /// The body without its encoding.
    public var content: [UInt8] {
        switch field("content-transfer-encoding")?.lowercased().trimmingBlanks {
        case "quoted-printable": QuotedPrintable.decode(body)
        case "base64": Base64.decode(body)
        default: Array(body)
        }
    }

    /// The body as text; what is not UTF-8 and says that it is Latin is read as such.
    public var text: String {
        let bytes = content
        guard String(validating: bytes, as: UTF8.self) == nil, parameter("charset")?.lowercased().hasPrefix("iso-8859-1") == true else { return String(decoding: bytes, as: UTF8.self) }
        return String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
    }

    /// This part and those inside it, in their order.
    public var all: [MIMEPart] { [self] + parts.flatMap(\.all) }

    // MARK: - Reading

    private static func line(_ bytes: ArraySlice<UInt8>, _ index: inout Int) -> ArraySlice<UInt8>? {
        guard index < bytes.endIndex else { return nil }
        let end = bytes[index...].firstIndex(of: 0x0a) ?? bytes.endIndex
        defer { index = min(end + 1, bytes.endIndex) }
        let line = bytes[index..<end]
        return line.last == 0x0d ? line.dropLast() : line
    }

    private static func cut(_ body: ArraySlice<UInt8>, _ boundary: String) -> [ArraySlice<UInt8>] {
        let mark = Array("--\(boundary)".utf8)
        var parts: [ArraySlice<UInt8>] = []
        var start: Int?
        var index = body.startIndex
        while parts.count < partMaximum {
            let lineStart = index
            guard let line = line(body, &index) else { break }
            guard line.starts(with: mark) else { continue }
            let rest = line.dropFirst(mark.count)
            let isEnd = rest.starts(with: [0x2d, 0x2d])
            guard isEnd || rest.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) else { continue }
            if let start { parts.append(withoutLastLineEnd(body[start..<max(start, lineStart)])) }
            start = index
            if isEnd { return parts }
        }
        // Cut off on its way: what is there counts.
        if let start, start < body.endIndex, parts.count < partMaximum { parts.append(body[start...]) }
        return parts
    }

    // The line end before a boundary belongs to the boundary.
    private static func withoutLastLineEnd(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let bytes = bytes.last == 0x0a ? bytes.dropLast() : bytes
        return bytes.last == 0x0d ? bytes.dropLast() : bytes
    }

    private static func value(_ name: String, _ fields: [(name: String, value: String)]) -> String? { fields.first { $0.name.lowercased() == name }?.value }

    private static func plain(_ type: String) -> String { (type.split(separator: ";", omittingEmptySubsequences: false).first.map(String.init) ?? "").trimmingBlanks.lowercased() }

    /// As its sender calls it, where it is a file beside what people read; nil where it is none (RFC 2183, RFC 2231).
    public var fileName: String? {
        guard let disposition = field("content-disposition"), MIMEPart.plain(disposition) == "attachment" else { return nil }
        if let name = MIMEPart.parameter("filename", of: disposition) { return EncodedWords.decode(name) }
        var written = MIMEPart.parameter("filename*", of: disposition) ?? ""
        for number in 0..<20 where written.isEmpty || number > 0 {
            guard let piece = MIMEPart.parameter("filename*\(number)*", of: disposition) else { break }
            written += piece
        }
        let coded = written.split(separator: "'", maxSplits: 2, omittingEmptySubsequences: false).last ?? ""
        let letters = Array(coded.utf8)
        var out: [UInt8] = []
        var index = 0
        while index < letters.count {
            let pair = letters[index] == 0x25 && index + 2 < letters.count ? String(decoding: letters[(index + 1)...(index + 2)], as: UTF8.self) : ""
            if let byte = UInt8(pair, radix: 16) {
                out.append(byte)
                index += 3
            } else {
                out.append(letters[index])
                index += 1
            }
        }
        return String(decoding: out, as: UTF8.self)
    }

    private static func parameter(_ name: String, of value: String) -> String? {
        var parts: [String] = [""]
        var isQuoted = false
        for character in value {
            if character == "\"" { isQuoted.toggle() }
            if character == ";", !isQuoted { parts.append("") } else { parts[parts.count - 1].append(character) }
        }
        for part in parts.dropFirst() {
            let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map { String($0).trimmingBlanks }
            guard sides.count == 2, sides[0].lowercased() == name else { continue }
            return sides[1].hasPrefix("\"") ? String(sides[1].dropFirst().prefix { $0 != "\"" }) : sides[1]
        }
        return nil
    }
}

/// Fields as people read them.
public enum EncodedWords {
    /// A field's text with its encoded words read (RFC 2047); what is none stays.
    public static func decode(_ text: String) -> String {
        var out: [UInt8] = []
        var rest = Substring(text)
        var wasWord = false
        while let start = rest.range(of: "=?") {
            let before = rest[..<start.lowerBound]
            let pieces = rest[start.upperBound...].split(separator: "?", maxSplits: 2, omittingEmptySubsequences: false)
            guard pieces.count == 3, let end = pieces[2].range(of: "?="), let bytes = bytes(String(pieces[1]), pieces[2][..<end.lowerBound]), pieces[0].lowercased() == "utf-8" || pieces[0].lowercased() == "us-ascii" else {
                out += rest[..<start.upperBound].utf8
                rest = rest[start.upperBound...]
                wasWord = false
                continue
            }
            // Blanks between two words only part them.
            if !wasWord || !before.allSatisfy({ $0 == " " }) { out += before.utf8 }
            out += bytes
            wasWord = true
            rest = pieces[2][end.upperBound...]
        }
        out += rest.utf8
        return String(decoding: out, as: UTF8.self)
    }

    private static func bytes(_ encoding: String, _ text: Substring) -> [UInt8]? {
        switch encoding.lowercased() {
        case "b": Base64.decode(text.utf8)
        case "q": QuotedPrintable.decode(Array(text.utf8.map { $0 == 0x5f ? 0x20 : $0 })[...])
        default: nil
        }
    }
}
