public import Storage
import Synchronization
public import Vocabulary

/// The message templates of a workspace: versioned documents, and the current ones in memory.
public final class MessageTemplateStore: Sendable {
    static let kind = "message-template"
    public static let countMaximum = 5000
    private let documents: Documents
    private let current: Mutex<[String: MessageTemplate]>
    private let changing = Mutex<Void>(())
    /// By id, read with the partials as they are; all are read anew after any change.
    private let compiled = Mutex<[String: CompiledMessage]>([:])

    public init(_ documents: Documents) throws {
        self.documents = documents
        var all: [String: MessageTemplate] = [:]
        for document in try documents.list(MessageTemplateStore.kind) { if let template = MessageTemplateStore.template(document) { all[template.id] = template } }
        current = Mutex(all)
    }

    /// In the order of their names.
    public var all: [MessageTemplate] { current.withLock { Array($0.values) }.sorted { $0.name < $1.name } }

    /// By id or name.
    public func find(_ name: String) -> MessageTemplate? {
        current.withLock { all in all[name] ?? all.values.first { $0.name == name } }
    }

    /// The sources that a template may name, by name.
    public var partials: [String: String] {
        current.withLock { all in
            all.values.reduce(into: [:]) { partials, template in if template.kind == .partial { partials[template.name] = template.parts[.html] } }
        }
    }

    /// A template that is read, by id or name; nil where there is none.
    public func compiled(_ name: String) throws(CompiledMessage.Fault) -> CompiledMessage? {
        guard let template = find(name) else { return nil }
        if let known = compiled.withLock({ $0[template.id] }) { return known }
        let message = try CompiledMessage(template, partials: partials)
        // What changed meanwhile is read again by whoever comes next.
        compiled.withLock { all in if find(template.id)?.version == template.version { all[template.id] = message } }
        return message
    }

    /// The messages that put in a partial, themselves or by another partial; one that cannot be read sends nothing, and is none of them.
    public func messages(puttingIn partial: MessageTemplate) -> [MessageTemplate] {
        guard partial.kind == .partial else { return [] }
        return all.filter { template in
            let message = Result { () throws(CompiledMessage.Fault) in try compiled(template.id) }
            guard template.kind != .partial, case .success(let found?) = message else { return false }
            return found.partialNames.contains(partial.name)
        }
    }

    /// Its versions before a number, newest first.
    public func versions(of template: MessageTemplate, before version: Int64 = .max, limit: Int) throws -> [MessageTemplate] {
        try documents.versions(MessageTemplateStore.kind, template.id, before: version, limit: limit).compactMap(MessageTemplateStore.template)
    }

    // MARK: - Changing

    /// - Throws: ``Refusal`` for a name that another has, a part that is missing, or too many templates.
    public func create(_ template: MessageTemplate, author: String, at: Timestamp) throws -> MessageTemplate {
        try changing.withLock { _ in
            guard current.withLock({ $0.count }) < MessageTemplateStore.countMaximum else {
                throw Refusal(400, "template.too-many", "There are \(MessageTemplateStore.countMaximum) templates already.", remedy: "Delete those that nothing uses.")
            }
            return try save(template, author, at)
        }
    }

    /// Nil when there is no such template.
    ///
    /// - Parameter seen: the version that whoever writes has seen; nil where that does not matter.
    public func update(_ id: String, replacing seen: Int64? = nil, author: String, at: Timestamp, _ change: (inout MessageTemplate) -> Void) throws -> MessageTemplate? {
        try changing.withLock { _ in
            guard var template = find(id) else { return nil }
            change(&template)
            return try save(template, replacing: seen, author, at)
        }
    }

    /// - Returns: false when there is no such template.
    public func delete(_ id: String, author: String, at: Timestamp) throws -> Bool {
        try changing.withLock { _ in
            guard let template = find(id) else { return false }
            try documents.put(MessageTemplateStore.kind, template.id, nil, author: author, at: at)
            current.withLock { $0[template.id] = nil }
            compiled.withLock { $0 = [:] }
            return true
        }
    }

    private func save(_ template: MessageTemplate, replacing seen: Int64? = nil, _ author: String, _ at: Timestamp) throws -> MessageTemplate {
        if let fault = template.fault { throw Refusal(400, fault.code, fault.problem, remedy: fault.remedy) }
        if let other = find(template.name), other.id != template.id {
            throw Refusal(400, "template.name-taken", "There is a template of this name already.", remedy: "Choose another name, or change that one.")
        }
        let version = try documents.put(MessageTemplateStore.kind, template.id, template.body, replacing: seen, author: author, at: at)
        let saved = MessageTemplate(
            id: template.id, name: template.name, note: template.note, kind: template.kind, parts: template.parts, attachments: template.attachments, usesLayout: template.usesLayout, onMissing: template.onMissing,
            isTracked: template.isTracked, usesLocalDates: template.usesLocalDates, version: version, savedAt: at, author: author)
        current.withLock { $0[saved.id] = saved }
        compiled.withLock { $0 = [:] }
        return saved
    }

    private static func template(_ document: Document) -> MessageTemplate? {
        let body = document.body
        guard let name = body["name"]?.string, let kind = body["kind"]?.string.flatMap(MessageTemplate.Kind.init) else { return nil }
        var parts: [MessageTemplate.Part: String] = [:]
        for (key, value) in body["parts"]?.members ?? [] { if let part = MessageTemplate.Part(rawValue: key) { parts[part] = value.string } }
        let attachments = (body["attachments"]?.elements ?? []).enumerated().compactMap { try? MessageAttachment($0.element, at: $0.offset) }
        return MessageTemplate(
            id: document.id, name: name, note: body["note"]?.string ?? "", kind: kind, parts: parts, attachments: attachments, usesLayout: body["layout"]?.boolean ?? true,
            onMissing: body["onMissing"]?.string.flatMap(MessageTemplate.MissingValue.init) ?? .empty, isTracked: body["tracked"]?.boolean ?? true, usesLocalDates: body["localDates"]?.boolean ?? false,
            version: document.version, savedAt: document.at, author: document.author)
    }
}
