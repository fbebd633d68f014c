public import Vocabulary

/// The text of a file as UTF-8, whatever pieces it comes in: UTF-16 that says so by its mark is converted, other UTF-16 and UTF-32 are refused.
///
/// What is in UTF-8 passes as it is. Whether all of it is UTF-8 is looked at where there are lines or rows: then it is known which.
public struct FileText: Sendable {
    private enum Form: Sendable { case unknown, utf8, utf16(isBig: Bool) }
    private static let beginningBytes = 4

    private var form = Form.unknown
    /// The beginning, until it is long enough to tell; afterwards half a unit or half a pair of UTF-16.
    private var held: [UInt8] = []
    private var line = 1

    public init() {}

    /// The text of the next bytes, as far as it is whole.
    public mutating func take(_ bytes: [UInt8]) throws(Refusal) -> [UInt8] {
        switch form {
        case .utf8: return bytes
        case .utf16(let isBig): return try convert(bytes, isBig: isBig)
        case .unknown:
            held += bytes
            return held.count < FileText.beginningBytes ? [] : try begin()
        }
    }

    /// What is held behind the last bytes.
    public mutating func finish() throws(Refusal) -> [UInt8] {
        if case .unknown = form { return try begin() + finish() }
        if case .utf16 = form, !held.isEmpty { throw FileText.notUTF8(line: line) }
        return []
    }

    private mutating func begin() throws(Refusal) -> [UInt8] {
        let first = held
        held = []
        if first.starts(with: [0xff, 0xfe, 0, 0]) || first.starts(with: [0, 0, 0xfe, 0xff]) { throw FileText.notUTF8(line: 1) }
        if FileText.isUTF16(first) {
            let isBig = first[0] == 0xfe
            form = .utf16(isBig: isBig)
            return try convert(Array(first.dropFirst(2)), isBig: isBig)
        }
        // No text begins with two characters of which one is a zero, but for one of two bytes each.
        if first.count >= 2, (first[0] == 0) != (first[1] == 0) { throw FileText.notUTF8(line: 1) }
        form = .utf8
        return first
    }

    private mutating func convert(_ bytes: [UInt8], isBig: Bool) throws(Refusal) -> [UInt8] {
        let all = held + bytes
        held = []
        var out: [UInt8] = []
        out.reserveCapacity(all.count)
        var at = 0
        func unit(_ at: Int) -> UInt32 { isBig ? UInt32(all[at]) << 8 | UInt32(all[at + 1]) : UInt32(all[at + 1]) << 8 | UInt32(all[at]) }
        while at + 2 <= all.count {
            var code = unit(at)
            var used = 2
            if code & 0xfc00 == 0xd800 {
                guard at + 4 <= all.count else { break }
                guard unit(at + 2) & 0xfc00 == 0xdc00 else { throw FileText.notUTF8(line: line) }
                code = 0x10000 + (code & 0x3ff) << 10 + unit(at + 2) & 0x3ff
                used = 4
            }
            guard let scalar = Unicode.Scalar(code) else { throw FileText.notUTF8(line: line) }
            if code == 0x0a { line += 1 }
            if code < 0x80 { out.append(UInt8(code)) } else { out.append(contentsOf: UTF8.encode(scalar)!) }
            at += used
        }
        held = Array(all[at...])
        return out
    }

    /// Whether a file that begins so is UTF-16 and says so.
    public static func isUTF16(_ head: [UInt8]) -> Bool { head.starts(with: [0xff, 0xfe]) || head.starts(with: [0xfe, 0xff]) }

    /// The whole text of a file that is read at once, as an import reads one.
    ///
    /// - Parameter code: of the refusal of a file in another encoding, which names the first line that shows it.
    public static func whole(_ file: [UInt8], code: String) throws(Refusal) -> [UInt8] {
        func refusal(_ line: Int) -> Refusal {
            Refusal(400, code, "The file is not UTF-8: line \(line) cannot be read.", remedy: "Save it as “CSV UTF-8”, or convert it with `iconv -t UTF-8`, and send it again.")
        }
        var text = FileText()
        let all: [UInt8]
        do throws(Refusal) {
            let most = try text.take(file)
            let rest = try text.finish()
            all = rest.isEmpty ? most : most + rest
        } catch { throw refusal(text.line) }
        if isUTF16(file) { return all }
        var check = UTF8Check()
        for start in stride(from: 0, to: all.count, by: pieceBytes) where check.wrongLine == nil { check.take(Array(all[start..<min(start + pieceBytes, all.count)])) }
        check.finish()
        if let line = check.wrongLine { throw refusal(line) }
        return all
    }
    private static let pieceBytes = 1 << 20

    /// Why a file is refused that is in another encoding, and the first line that shows it.
    public static func notUTF8(line: Int) -> Refusal {
        Refusal(
            400, "import.not-utf8", "The file is not UTF-8: line \(line) cannot be read.",
            remedy: "Save it as “CSV UTF-8”, or convert it with `iconv -t UTF-8`, and import it again.")
    }
}

/// Looks for the first line of a file that is not UTF-8, in whatever pieces it comes.
public struct UTF8Check: Sendable {
    /// Lines before the piece that comes next.
    private var lines = 0
    /// The beginning of a character whose rest comes with the next piece.
    private var held: [UInt8] = []
    /// Found so far, from 1.
    public private(set) var wrongLine: Int?

    public init() {}

    public mutating func take(_ piece: [UInt8]) {
        guard wrongLine == nil else { return }
        let all = held + piece
        let text = all.dropLast(UTF8Check.unfinished(all))
        held = Array(all[text.endIndex...])
        if String(validating: text, as: UTF8.self) == nil {
            let wrong = text.split(separator: 0x0a, omittingEmptySubsequences: false).firstIndex { String(validating: $0, as: UTF8.self) == nil }
            wrongLine = lines + (wrong ?? 0) + 1
        }
        lines += text.count { $0 == 0x0a }
    }

    public mutating func finish() {
        if wrongLine == nil, !held.isEmpty { wrongLine = lines + 1 }
    }

    /// How many bytes at the end begin a character without ending it.
    private static func unfinished(_ bytes: [UInt8]) -> Int {
        for count in 1...3 where count <= bytes.count {
            let byte = bytes[bytes.count - count]
            if byte & 0xc0 == 0x80 { continue }
            let length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1
            return length > count ? count : 0
        }
        return 0
    }
}
