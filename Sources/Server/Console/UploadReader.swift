#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import HTTPTypes
import Ingest
import Vocabulary

/// Takes a dropped file out of its form, onto the disk, and looks at its beginning.
struct UploadReader: Sendable {
    /// Bytes of the beginning that the preview is made of, and of what they decompress to.
    static let headMaximum = 64 << 10
    static let linesMaximum = 3

    private let visit: Visit

    init(_ visit: Visit) { self.visit = visit }

    /// What is wrong with the file is a result, for the page; what is wrong with the form is thrown.
    func read() async throws -> Result<Upload, Refusal> {
        let call = visit.call
        var form = try Multipart(call.request.body, contentType: call.request.headers[.contentType])
        let (fields, fileName) = try await form.head()
        try visit.session.check(csrf: fields["csrf"])
        guard let source = fields["source"].flatMap({ visit.place.sources.source(id: $0) }), source.isEnabled else {
            return .failure(Refusal(400, "upload.source", "The file needs a source that accepts events.", remedy: "Choose one of the list, or make one."))
        }
        let uploads = visit.place.uploads
        let id = "imp_" + IngestionRoutes.newMessageId(0).dropFirst(8).prefix(12)
        let descriptor: Int32
        do { descriptor = try uploads.open(String(id), at: visit.now) } catch let refusal as Refusal { return .failure(refusal) }
        var isKept = false
        defer {
            close(descriptor)
            if !isKept { uploads.discard(String(id)) }
        }
        var head: [UInt8] = []
        var size = 0
        var check = UTF8Check()
        while let piece = try await form.piece() {
            do { try uploads.write(piece, to: descriptor) } catch let refusal as Refusal { return .failure(refusal) }
            if head.count < UploadReader.headMaximum { head += piece.prefix(UploadReader.headMaximum - head.count) }
            size += piece.count
            check.take(piece)
        }
        check.finish()
        let upload = UploadReader.examine(head, id: String(id), fileName: fileName, source: source.id, size: size, wrongLine: check.wrongLine, at: visit.now)
        if case .success(let upload) = upload {
            uploads.add(upload)
            isKept = true
        }
        return upload
    }

    /// Packing is told by the first bytes, the format by the name or else by the first character.
    ///
    /// - Parameter wrongLine: the first line of the file as it is that is not UTF-8.
    static func examine(_ head: [UInt8], id: String, fileName: String, source: String, size: Int, wrongLine: Int? = nil, at now: Timestamp) -> Result<Upload, Refusal> {
        guard size > 0 else { return .failure(Refusal(400, "upload.empty", "No file was chosen, or it is empty.", remedy: "Choose a CSV or NDJSON file.")) }
        let coding: Inflater.Coding = head.starts(with: [0x1f, 0x8b]) ? .gzip : head.starts(with: [0x28, 0xb5, 0x2f, 0xfd]) ? .zstd : .identity
        let plain = coding == .identity ? head : Inflater.beginning(of: head, coding, maximum: headMaximum)
        let text: [UInt8]
        do throws(Refusal) {
            var reader = FileText()
            text = try reader.take(plain) + (plain.count < 4 ? reader.finish() : [])
        } catch { return .failure(error) }
        guard !text.isEmpty, !text.contains(0) else {
            return .failure(Refusal(400, "upload.not-text", "This file is neither CSV nor NDJSON.", remedy: "Save it as CSV in UTF-8, or as NDJSON with one event on each line."))
        }
        let isWhole = head.count == size && text.count < headMaximum
        let first = text.first { $0 > 0x20 && $0 != 0xef && $0 != 0xbb && $0 != 0xbf }
        let isCSV = [".csv", ".tsv", ".tab"].contains { fileName.lowercased().contains($0) } || first != UInt8(ascii: "{")
        let preview = isCSV ? CSVPreview(text, isWhole: isWhole) : nil
        if isCSV, let line = preview?.notUTF8Line ?? (coding == .identity && !FileText.isUTF16(head) ? wrongLine : nil) { return .failure(FileText.notUTF8(line: line)) }
        if isWhole, preview?.rows.isEmpty == true {
            return .failure(Refusal(400, "upload.no-rows", "This file has no rows: all there is in it is a header.", remedy: "Choose a CSV file with a header line and a line for each row."))
        }
        let shown = String(fileName.filter { !$0.isNewline }.prefix(120))
        return .success(
            Upload(
                id: id, fileName: shown.isEmpty ? id : shown, source: source, format: isCSV ? .csv : .ndjson, coding: coding, bytes: size, uploadedAt: now,
                preview: preview, lines: isCSV ? [] : lines(text), fingerprint: fingerprint(head, size)))
    }

    private static func lines(_ text: [UInt8]) -> [String] {
        text.split(separator: 0x0a, maxSplits: linesMaximum).prefix(linesMaximum).map { String(decoding: $0.prefix(400), as: UTF8.self) }
    }

    /// The same as the command line's, so that a file that came by one way is known by the other.
    private static func fingerprint(_ head: [UInt8], _ size: Int) -> String {
        let hash = head.prefix(1 << 16).reduce(UInt64(0xcbf2_9ce4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        return String(hash, radix: 36) + "-" + String(size, radix: 36)
    }
}
