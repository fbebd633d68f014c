import Access
import HTTPTypes
import NIOCore
import Vocabulary

/// A submitted form with a file, `multipart/form-data`, read as it arrives: small fields first, then one file, which is never held whole.
struct Multipart<Body: AsyncSequence> where Body.Element == ByteBuffer {
    /// Bytes of a part's head, or of a field's value.
    static var smallMaximum: Int { 8 << 10 }
    static var fieldsMaximum: Int { 8 }

    private var body: Body.AsyncIterator
    private let delimiter: [UInt8]
    private var pending: [UInt8] = Array("\r\n".utf8)
    private var isAtEnd = false

    private static var broken: Refusal { Refusal(400, "form.multipart", "The form with the file cannot be read.", remedy: "Use the form on the page.") }

    init(_ body: Body, contentType: String?) throws {
        let parts = (contentType ?? "").split(separator: ";").map { String($0).trimmed }
        guard parts.first?.lowercased() == "multipart/form-data", let boundary = parts.first(where: { $0.lowercased().hasPrefix("boundary=") })?.dropFirst(9) else {
            throw Refusal(415, "form.type", "This is not a form of the console.", remedy: "Use the form on the page.")
        }
        let bare = boundary.hasPrefix("\"") && boundary.hasSuffix("\"") ? boundary.dropFirst().dropLast() : boundary
        // RFC 2046, 5.1.1: at most 70 characters.
        guard (1...70).contains(bare.utf8.count) else { throw Self.broken }
        delimiter = Array("\r\n--\(bare)".utf8)
        self.body = body.makeAsyncIterator()
    }

    /// The fields before the file, and the file's own name; afterwards ``piece()`` gives its content.
    mutating func head() async throws -> (fields: [String: String], fileName: String) {
        var fields: [String: String] = [:]
        for _ in 0...Self.fieldsMaximum {
            // What stands before a part's head is the delimiter before it, and nothing else.
            guard try await upTo(delimiter).isEmpty else { throw Self.broken }
            let disposition = try await partHead()
            guard let name = disposition["name"] else { throw Self.broken }
            if let fileName = disposition["filename"] { return (fields, fileName) }
            let value = try await upTo(delimiter)
            fields[name] = String(decoding: value, as: UTF8.self)
            pending = delimiter + pending
        }
        throw Self.broken
    }

    /// The next bytes of the file; nil at its end. A body that breaks off before the end throws.
    mutating func piece() async throws -> [UInt8]? {
        while !isAtEnd {
            if let end = Self.find(delimiter, in: pending, from: 0) {
                isAtEnd = true
                return end > 0 ? Array(pending[..<end]) : nil
            }
            // The last bytes may be the beginning of the delimiter.
            let safe = pending.count - delimiter.count
            if safe >= 64 << 10 {
                let piece = Array(pending[..<safe])
                pending.removeFirst(safe)
                return piece
            }
            try await more()
        }
        return nil
    }

    /// Small bytes before `mark`, which is taken too.
    private mutating func upTo(_ mark: [UInt8]) async throws -> [UInt8] {
        while true {
            if let end = Self.find(mark, in: pending, from: 0) {
                guard end <= Self.smallMaximum else { throw Self.broken }
                let found = Array(pending[..<end])
                pending.removeFirst(end + mark.count)
                return found
            }
            guard pending.count <= Self.smallMaximum + mark.count else { throw Self.broken }
            try await more()
        }
    }

    /// The parameters of the part's Content-Disposition.
    private mutating func partHead() async throws -> [String: String] {
        let head = String(decoding: try await upTo(Array("\r\n\r\n".utf8)), as: UTF8.self)
        // Swift takes CR LF for one character.
        for line in head.split(whereSeparator: \.isNewline) where line.lowercased().hasPrefix("content-disposition:") {
            var found: [String: String] = [:]
            for part in line.split(separator: ";").dropFirst() {
                let sides = String(part).trimmed.split(separator: "=", maxSplits: 1).map(String.init)
                guard sides.count == 2 else { continue }
                found[sides[0].lowercased()] = sides[1].hasPrefix("\"") && sides[1].hasSuffix("\"") && sides[1].count > 1 ? String(sides[1].dropFirst().dropLast()) : sides[1]
            }
            return found
        }
        throw Self.broken
    }

    private mutating func more() async throws {
        guard let buffer = try await body.next() else { throw Self.broken }
        pending.append(contentsOf: buffer.readableBytesView)
    }

    private static func find(_ needle: [UInt8], in bytes: [UInt8], from start: Int) -> Int? {
        var at = start
        while let first = bytes[at...].firstIndex(of: needle[0]) {
            guard bytes.count - first >= needle.count else { return nil }
            if bytes[first..<first + needle.count].elementsEqual(needle) { return first }
            at = first + 1
        }
        return nil
    }
}
