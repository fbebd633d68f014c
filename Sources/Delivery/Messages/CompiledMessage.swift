public import Mail
public import Segments
public import Templates
public import Vocabulary

/// A message template that has been read, ready to be rendered for anyone.
public struct CompiledMessage: Sendable {
    public let kind: MessageTemplate.Kind
    public let onMissing: MessageTemplate.MissingValue
    public let isTracked: Bool
    private let usesLocalDates: Bool
    private let parts: [MessageTemplate.Part: Template]
    private let layout: Template?
    private let attachments: [CompiledAttachment]
    /// What it reads of its data, each with the part it stands in.
    public let uses: [(place: String, use: VariableUse)]
    /// The partials that it cannot be sent without.
    public let partialNames: Set<String>
    /// Faults in partials; the message cannot be sent while there are any.
    public let partialErrors: [TemplateError]

    /// A fault, and the part it stands in.
    public struct Fault: Explained, Hashable {
        let part: String
        public let error: TemplateError
        public var explanation: Explanation { error.explanation }
        init(place: String, error: TemplateError) { (self.part, self.error) = (place, error) }
        init(_ part: MessageTemplate.Part, _ error: TemplateError) { self.init(place: part.rawValue, error: error) }
        /// Such as `html, line 3`.
        public var place: String {
            [error.partial.map { "partial \($0)" } ?? part, error.line > 0 ? "line \(error.line)" : nil].compactMap { $0 }.joined(separator: ", ")
        }
    }

    public init(_ message: MessageTemplate, partials: [String: String]) throws(Fault) {
        kind = message.kind
        onMissing = message.onMissing
        isTracked = message.isTracked
        usesLocalDates = message.usesLocalDates
        var read: [MessageTemplate.Part: Template] = [:]
        var uses: [(place: String, use: VariableUse)] = []
        var errors: [TemplateError] = []
        for part in MessageTemplate.Part.allCases {
            guard let source = message.parts[part] else { continue }
            do throws(TemplateError) {
                let template = try Template(source, partials: partials)
                read[part] = template
                uses += template.uses.map { (part.rawValue, $0) }
                for error in template.partialErrors where !errors.contains(error) { errors.append(error) }
            } catch { throw Fault(part, error) }
        }
        parts = read
        var attachments: [CompiledAttachment] = []
        for (number, attachment) in message.attachments.enumerated() {
            let compiled = try CompiledAttachment(attachment, number: number, partials: partials)
            for template in compiled.templates {
                uses += template.uses.map { (compiled.place, $0) }
                for error in template.partialErrors where !errors.contains(error) { errors.append(error) }
            }
            attachments.append(compiled)
        }
        self.attachments = attachments
        self.uses = uses
        partialErrors = errors
        partialNames = (Array(read.values) + attachments.flatMap(\.templates)).reduce(into: []) { $0.formUnion($1.partialNames) }
        var layout: Template?
        if message.kind == .email, message.usesLayout, let html = message.parts[.html] {
            do throws(TemplateError) { layout = try Template(MailLayout.source, partials: partials.merging([MailLayout.content: html]) { $1 }) } catch { throw Fault(.html, error) }
        }
        self.layout = layout
    }

    /// Paths that are printed without a default or a question before them, and have no value in `data`.
    public func missing(in data: Record) -> [[String]] {
        let asked = Set(uses.filter(\.use.isTested).map(\.use.path))
        var missing: [[String]] = []
        for (_, use) in uses where !use.hasDefault && !use.isTested && !asked.contains(use.path) && !missing.contains(use.path) {
            if data.isMissing(use.path) { missing.append(use.path) }
        }
        return missing
    }

    /// - Parameters:
    ///   - now: what `now` means in it.
    ///   - zone: where the person lives, for a template that shows dates by their clock.
    public func render(_ data: Record, now: Timestamp, zone: ZoneRules = .utc) throws(Fault) -> RenderedMessage {
        let clock = usesLocalDates ? TemplateZone { zone.offset(at: $0.milliseconds) / 1000 } : nil
        let missing = missing(in: data)
        if onMissing == .refuse, let first = missing.first {
            let name = first.joined(separator: ".")
            throw Fault(place: uses.first { $0.use.path == first }?.place ?? MessageTemplate.Part.html.rawValue, error: TemplateError(missing: name))
        }
        var out: [MessageTemplate.Part: [UInt8]] = [:]
        for part in MessageTemplate.Part.allCases {
            guard let template = parts[part], part != .html || layout == nil else { continue }
            do throws(TemplateError) { out[part] = try template.render(data, as: kind == .partial ? .html : part.output, now: now, zone: clock, refusesGaps: onMissing == .refuse) } catch { throw Fault(part, error) }
        }
        if let layout {
            let head = [MessageTemplate.Part.subject, .preheader].compactMap { part in out[part].map { (key: part.rawValue, value: Value.text(String(decoding: $0, as: UTF8.self))) } }
            do throws(TemplateError) { out[.html] = try layout.render(data.adding(head), as: .html, now: now, zone: clock, refusesGaps: onMissing == .refuse) } catch { throw Fault(.html, error) }
        }
        if kind == .email, layout == nil, let html = out[.html], let preheader = out[.preheader], !preheader.isEmpty { out[.html] = MailLayout.adding(preheader, to: html) }
        if let json = out[.json], JSONText(validating: json) == nil { throw Fault(.json, TemplateError.notJSON) }
        let texts = out.mapValues { String(decoding: $0, as: UTF8.self) }
        var text = texts[.text]
        if kind == .email, text == nil, let html = out[.html] { text = TextTwin.text(of: html) }
        var files: [MailAttachment] = []
        for attachment in attachments { files.append(try attachment.render(data, now: now, zone: clock, refusesGaps: onMissing == .refuse)) }
        guard files.reduce(0, { $0 + $1.body.count }) <= MessageAttachment.mailMaximum else { throw Fault(place: "attachments", error: TemplateError.filesTooLarge) }
        return RenderedMessage(subject: texts[.subject], html: texts[.html], text: text, json: texts[.json], attachments: files, missing: missing, isTracked: kind == .email && isTracked)
    }
}

/// A message for one person.
public struct RenderedMessage: Sendable {
    public let subject: String?
    public let html: String?
    /// Of a mail without a text of its own, what its HTML says.
    public let text: String?
    public let json: String?
    public var attachments: [MailAttachment] = []
    /// What was printed empty since the person has no value.
    public let missing: [[String]]
    /// Whether it may tell whether it is opened and where it is clicked.
    public var isTracked = false
}
