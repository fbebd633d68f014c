import Synchronization

/// A file that a mail carries.
public struct MailAttachment: Sendable {
    /// What it holds, made ready once for every mail that carries it.
    public final class Body: Sendable {
        private let bytes: [UInt8]
        private let encoded = Mutex<[UInt8]?>(nil)

        public init(_ bytes: [UInt8]) { self.bytes = bytes }

        /// Of the file itself.
        public var count: Int { bytes.count }

        /// Base64 in lines of 76 signs.
        var lines: [UInt8] {
            encoded.withLock { encoded in
                let lines = encoded ?? Body.encode(bytes)
                encoded = lines
                return lines
            }
        }

        private static func encode(_ bytes: [UInt8]) -> [UInt8] {
            var lines: [UInt8] = []
            lines.reserveCapacity(bytes.count / 57 * 78 + 80)
            for start in stride(from: 0, to: bytes.count, by: 57) {
                lines += Base64.encode(bytes[start..<min(start + 57, bytes.count)]).utf8
                lines += [0x0d, 0x0a]
            }
            return lines
        }
    }

    /// As the reader's machine calls the file: without folders, controls and whatever would hide its end.
    public let name: String
    /// Such as `application/pdf`.
    public let type: String
    public let body: Body

    /// - Parameter type: as ``isMediaType(_:)`` has it; anything else is called bytes.
    public init(name: String, type: String, _ body: Body) {
        self.name = MailAttachment.clean(name)
        self.type = MailAttachment.isMediaType(type) ? type : "application/octet-stream"
        self.body = body
    }

    private static let nameMaximum = 120

    private static func clean(_ name: String) -> String {
        var out = String.UnicodeScalarView()
        for scalar in HeaderField.oneLine(name).unicodeScalars {
            switch scalar {
            case "/", "\\", ":", "\"", "<", ">", "|", "?", "*": out.append("-")
            // Marks that turn the direction of writing show another end than the file has.
            case _ where scalar.properties.generalCategory == .format: continue
            default: out.append(scalar)
            }
        }
        let trimmed = short(String(out).trimmingBlanks)
        return trimmed.allSatisfy { $0 == "." } ? "attachment" : trimmed
    }

    /// At most so many bytes, with the end that says what kind of file it is.
    private static func short(_ name: String) -> String {
        guard name.utf8.count > nameMaximum else { return name }
        let end = name.lastIndex(of: ".").map { name[$0...] }.flatMap { $0.utf8.count <= 16 ? $0 : nil } ?? ""
        var stem = String.UnicodeScalarView()
        var count = end.utf8.count
        for scalar in name.dropLast(end.count).unicodeScalars {
            count += UTF8.width(scalar)
            guard count <= nameMaximum else { break }
            stem.append(scalar)
        }
        return String(stem).trimmingBlanks + end
    }

    /// Whether a text is a media type with its parameters, of one part: `text/calendar; method=REQUEST`.
    public static func isMediaType(_ text: String) -> Bool {
        func isToken(_ text: Substring) -> Bool { !text.isEmpty && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f && !Array("()<>@,;:\\\"/[]?=".utf8).contains($0) } }
        guard text.utf8.count <= 127 else { return false }
        let parts = text.split(separator: ";", omittingEmptySubsequences: false).map { $0.drop { $0 == " " } }
        guard let names = parts.first?.split(separator: "/", omittingEmptySubsequences: false), names.count == 2, names.allSatisfy(isToken), !["multipart", "message"].contains(names[0].lowercased()) else { return false }
        return parts.dropFirst().allSatisfy { part in
            let sides = part.split(separator: "=", omittingEmptySubsequences: false)
            return sides.count == 2 && sides.allSatisfy(isToken)
        }
    }

    /// As a part of a mail, with its head.
    var bytes: [UInt8] {
        let isText = type.lowercased().hasPrefix("text/") && !type.lowercased().contains("charset=")
        var out: [UInt8] = []
        for field in [
            HeaderField("Content-Type", parts: [type + (isText ? ";" : "")] + (isText ? ["charset=utf-8"] : [])), HeaderField("Content-Transfer-Encoding", parts: ["base64"]),
            HeaderField("Content-Disposition", parts: ["attachment;"] + fileNames),
        ] {
            out += field.bytes
            out += [0x0d, 0x0a]
        }
        out += [0x0d, 0x0a]
        out += body.lines
        return out
    }

    /// What is no ASCII stands as RFC 2231 has it, in pieces that fit into lines.
    private var fileNames: [String] {
        if name.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7f }), name.utf8.count <= 60 { return ["filename=\"\(name)\""] }
        let letters = Array(name.utf8).map { byte -> String in
            let isPlain = byte >= 0x30 && byte <= 0x39 || byte >= 0x41 && byte <= 0x5a || byte >= 0x61 && byte <= 0x7a || byte == 0x2d || byte == 0x2e || byte == 0x5f
            return isPlain ? String(UnicodeScalar(byte)) : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
        }
        var pieces: [String] = []
        var piece = ""
        for letter in letters {
            if piece.utf8.count + letter.utf8.count > 50 { (pieces, piece) = (pieces + [piece], "") }
            piece += letter
        }
        pieces.append(piece)
        if pieces.count == 1 { return ["filename*=UTF-8''\(pieces[0])"] }
        return pieces.enumerated().map { number, piece in "filename*\(number)*=\(number == 0 ? "UTF-8''" : "")\(piece)\(number == pieces.count - 1 ? "" : ";")" }
    }
}
