#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Delivery
import Templates
import Vocabulary

/// Liquid and its values in files.
enum TemplateFile {
    static let kinds: [String: OutputKind] = ["plain": .plain, "html": .html, "json": .json, "calendar": .calendar, "header": .header]
    private static let bytesMaximum = 16 << 20

    static func template(_ file: String, partials folder: String?) throws -> Template {
        let source = try source(file)
        let partials = try folder.map(partials) ?? [:]
        do throws(TemplateError) { return try Template(source, partials: partials) } catch { throw refusal(error) }
    }

    static func rendered(_ template: Template, _ data: Record, _ kind: OutputKind, _ now: Timestamp) throws -> [UInt8] {
        do throws(TemplateError) { return try template.render(data, as: kind, now: now) } catch { throw refusal(error) }
    }

    static func values(_ file: String?) throws -> Record {
        guard let file else { return Record([]) }
        return Record(try object(file).members.map { (key: $0.key, value: Value($0.value)) })
    }

    static func object(_ file: String) throws -> JSONText {
        guard let json = JSONText(validating: try bytes(file)), json.isObject else {
            throw Refusal(400, "template.values", "\(file) holds no JSON object.", remedy: "Write the values as {\"profile\": {\"firstName\": \"Ada\"}}.")
        }
        return json
    }

    static func moment(_ text: String?) throws -> Timestamp {
        guard let text else {
            var time = timespec()
            unsafe clock_gettime(CLOCK_REALTIME, &time)
            return Timestamp(clamping: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
        }
        guard let time = Timestamp(text) else { throw Refusal(400, "request.parameter", "--now \(text) is not a time.", remedy: "Write it as 2026-07-01T09:30:00Z.") }
        return time
    }

    static func source(_ file: String) throws -> String {
        guard let text = String(validating: try bytes(file), as: UTF8.self) else { throw Refusal(400, "template.text", "\(file) is not UTF-8.", remedy: "Save it as UTF-8.") }
        return text
    }

    /// A file as an attachment that is called as it is; braces in its name are no Liquid.
    static func attachment(_ file: String) throws -> MessageAttachment {
        let name = String(file.split(separator: "/").last ?? "attachment").replacing("{", with: "(").replacing("}", with: ")")
        return MessageAttachment(name: name, type: MessageAttachment.type(ofFile: name), content: .file(try bytes(file)))
    }

    static func refusal(_ error: TemplateError) -> Refusal {
        let place = [error.partial.map { "partial \($0)" }, error.line > 0 ? "line \(error.line)" : nil].compactMap { $0 }.joined(separator: ", ")
        return Refusal(400, error.explanation.code, (place.isEmpty ? "" : place + ": ") + error.explanation.problem, remedy: error.explanation.remedy)
    }

    /// Each file of a folder by its name without `.liquid`.
    private static func partials(_ folder: String) throws -> [String: String] {
        guard let handle = unsafe opendir(folder) else { throw Refusal(400, "template.partials", "\(folder) cannot be read.", remedy: "Name a folder with partials.") }
        defer { unsafe closedir(handle) }
        var partials: [String: String] = [:]
        while let entry = unsafe readdir(handle) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { unsafe $0.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) } }
            guard name.hasSuffix(".liquid") else { continue }
            partials[String(name.dropLast(7))] = try source("\(folder)/\(name)")
        }
        return partials
    }

    private static func bytes(_ file: String) throws -> [UInt8] {
        let descriptor = file == "-" ? 0 : open(file, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Refusal(400, "template.file", "\(file) cannot be opened.", remedy: "Check its name and who may read it.") }
        defer { if file != "-" { close(descriptor) } }
        var out: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = unsafe read(descriptor, &chunk, chunk.count)
            guard count >= 0 else { throw Refusal(400, "template.file", "\(file) cannot be read.", remedy: "Name a file, and no folder.") }
            guard count > 0 else { return out }
            out.append(contentsOf: chunk[..<count])
            guard out.count <= bytesMaximum else { throw Refusal(400, "template.file", "\(file) is larger than \(bytesMaximum) bytes.", remedy: "Name a smaller one.") }
        }
    }
}
