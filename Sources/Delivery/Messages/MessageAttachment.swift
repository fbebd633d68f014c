import Mail
import Templates
public import Vocabulary

/// A file that a mail carries, as somebody wrote it.
public struct MessageAttachment: Sendable, Hashable {
    public enum Content: Sendable, Hashable {
        /// Liquid, written for each person, such as a date for their calendar.
        case text(String)
        /// The same for everyone.
        case file([UInt8])
        /// Where in what the template reads it stands as base64, such as `invoice` or `event.properties.invoice`.
        case value(String)
    }
    /// The file's name, as Liquid.
    public let name: String
    /// Its media type, such as `application/pdf`.
    public let type: String
    public let content: Content

    public init(name: String, type: String, content: Content) { (self.name, self.type, self.content) = (name, type, content) }

    public static let countMaximum = 10
    public static let nameMaximum = 200
    /// Bytes of the files that one template holds, and of all that one mail carries.
    public static let filesMaximum = 1 << 20
    public static let mailMaximum = 10 << 20

    /// How large the file is; nil where each mail's is another.
    public var bytes: Int? { if case .file(let bytes) = content { bytes.count } else { nil } }

    /// What is wrong with a template's attachments before any is read; nil where nothing is.
    static func fault(of attachments: [MessageAttachment], in kind: MessageTemplate.Kind) -> Explanation? {
        func fault(_ problem: String, _ remedy: String) -> Explanation { Explanation(code: "template.attachment", problem: problem, remedy: remedy) }
        guard !attachments.isEmpty else { return nil }
        guard kind == .email else { return fault("Only an email has attachments.", "Take them out, or make the template one of kind email.") }
        guard attachments.count <= countMaximum else { return fault("A mail has at most \(countMaximum) attachments.", "Put several files into one.") }
        for (number, attachment) in attachments.enumerated() {
            guard (1...nameMaximum).contains(attachment.name.utf8.count) else { return fault("Attachment \(number + 1) has no name of 1 to \(nameMaximum) bytes.", "Name it as the file shall be called, such as terms.pdf.") }
            guard MailAttachment.isMediaType(attachment.type) else { return fault("`\(attachment.type.prefix(80))` is no type of a file.", "Write one such as application/pdf or text/calendar.") }
            if case .value(let path) = attachment.content, !isPath(path) { return fault("`\(path.prefix(80))` is no place in what the template reads.", "Write one such as invoice or event.properties.invoice, where the file stands as base64.") }
        }
        if let empty = attachments.first(where: { $0.bytes == 0 }) { return fault("`\(empty.name.prefix(80))` is empty.", "Take the file that it is meant to be.") }
        guard Set(attachments.map(\.name)).count == attachments.count else { return fault("Two attachments have the same name.", "Give each its own.") }
        guard attachments.reduce(0, { $0 + ($1.bytes ?? 0) }) <= filesMaximum else {
            return Explanation(code: "template.attachment-too-large", problem: "The files of a template have at most \(filesMaximum >> 20) MB together.", remedy: "Make them smaller, or link to them.")
        }
        return nil
    }

    /// A name and members of it, and no literal.
    private static func isPath(_ path: String) -> Bool {
        let names = path.split(separator: ".", omittingEmptySubsequences: false)
        guard let first = names.first?.utf8.first, !(0x30...0x39).contains(first), first != 0x2d, !["true", "false", "nil", "null", "empty", "blank"].contains(path) else { return false }
        return path.utf8.count <= 200 && names.allSatisfy { name in !name.isEmpty && name.utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 || $0 >= 0x41 && $0 <= 0x5a || $0 >= 0x61 && $0 <= 0x7a || $0 == 0x5f || $0 == 0x2d } }
    }

    /// What a file is by the end of its name.
    public static func type(ofFile name: String) -> String {
        switch name.lowercased().split(separator: ".").last ?? "" {
        case "pdf": "application/pdf"
        case "ics": "text/calendar"
        case "txt": "text/plain"
        case "csv": "text/csv"
        case "html", "htm": "text/html"
        case "png": "image/png"
        case "jpg", "jpeg": "image/jpeg"
        case "gif": "image/gif"
        case "svg": "image/svg+xml"
        case "json": "application/json"
        case "zip": "application/zip"
        case "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
        case "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        default: "application/octet-stream"
        }
    }

    // MARK: - As JSON

    /// An attachment as JSON has it; where it says nothing of its content, that of the known one of its name.
    ///
    /// - Throws: ``Refusal`` 400 where it is none.
    public init(_ json: JSONText, at number: Int, known: [MessageAttachment] = []) throws {
        func refused(_ problem: String) -> Refusal { Refusal(400, "template.attachment", "Attachment \(number + 1) \(problem).", remedy: "Write {\"name\": \"terms.pdf\", \"type\": \"application/pdf\"} with `base64`, `text` or `from`.") }
        guard json.isObject, let name = json["name"]?.string else { throw refused("has no name") }
        let old = known.first { $0.name == name }
        let type = json["type"]?.string ?? old?.type ?? MessageAttachment.type(ofFile: name)
        let said = ["base64", "text", "from"].filter { json[$0].map { !$0.isNull } ?? false }
        guard said.count == 1, let key = said.first else {
            guard said.isEmpty, let old else { throw refused(said.isEmpty ? "has no content" : "has more than one content") }
            self.init(name: name, type: type, content: old.content)
            return
        }
        guard let value = json[key]?.string else { throw refused("has a `\(key)` that is no text") }
        switch key {
        case "base64":
            guard let bytes = Base64.decode(strictly: value) else { throw refused("is no base64") }
            self.init(name: name, type: type, content: .file(bytes))
        case "text": self.init(name: name, type: type, content: .text(value))
        default: self.init(name: name, type: type, content: .value(value))
        }
    }

    /// - Parameter isWhole: whether with the content of a file.
    public func write(isWhole: Bool, _ w: inout JSONWriter) {
        w.object { w in
            w.member("name", name)
            w.member("type", type)
            switch content {
            case .text(let source): w.member("text", source)
            case .value(let path): w.member("from", path)
            case .file(let bytes):
                w.member("bytes", bytes.count)
                if isWhole { w.member("base64", Base64.encode(bytes)) }
            }
        }
    }
}

/// An attachment that has been read.
struct CompiledAttachment: Sendable {
    enum Content: Sendable {
        case text(Template)
        case value(Template)
        /// Made ready once for all mails.
        case file(MailAttachment.Body)
    }
    let place: String
    let name: Template
    let type: String
    /// What a written file is, by its type.
    private let output: OutputKind
    let content: Content

    init(_ attachment: MessageAttachment, number: Int, partials: [String: String]) throws(CompiledMessage.Fault) {
        place = "attachment \(number + 1)"
        type = attachment.type
        output = CompiledAttachment.output(ofType: attachment.type)
        do throws(TemplateError) {
            name = try Template(attachment.name, partials: partials)
            content = switch attachment.content {
            case .text(let source): .text(try Template(source, partials: partials))
            case .value(let path): .value(try Template("{{ \(path) | json }}"))
            case .file(let bytes): .file(MailAttachment.Body(bytes))
            }
        } catch { throw CompiledMessage.Fault(place: place, error: error) }
    }

    var templates: [Template] {
        switch content {
        case .text(let template), .value(let template): [name, template]
        case .file: [name]
        }
    }

    private static func output(ofType type: String) -> OutputKind {
        let name = type.split(separator: ";").first?.lowercased() ?? ""
        if ["text/html", "text/xml", "application/xml"].contains(name) || name.hasSuffix("+xml") { return .html }
        if name == "application/json" || name.hasSuffix("+json") { return .json }
        return ["text/calendar", "text/vcard", "text/x-vcard"].contains(name) ? .calendar : .plain
    }

    func render(_ data: Record, now: Timestamp, zone: TemplateZone?, refusesGaps: Bool) throws(CompiledMessage.Fault) -> MailAttachment {
        do throws(TemplateError) {
            let written = String(decoding: try name.render(data, as: .header, now: now, zone: zone, refusesGaps: refusesGaps), as: UTF8.self)
            let body: MailAttachment.Body
            switch content {
            case .file(let ready): body = ready
            case .text(let template): body = MailAttachment.Body(try template.render(data, as: output, now: now, zone: zone, refusesGaps: refusesGaps))
            case .value(let template):
                // A mail without the file that it speaks of is none.
                guard let text = JSONText(trusted: try template.render(data, as: .plain, now: now, refusesGaps: true)).string, !text.isEmpty, let bytes = Base64.decode(strictly: text) else { throw TemplateError.noFile }
                body = MailAttachment.Body(bytes)
            }
            return MailAttachment(name: written, type: type, body)
        } catch { throw CompiledMessage.Fault(place: place, error: error) }
    }
}
