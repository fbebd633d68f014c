public import Templates
public import Vocabulary

/// A message as somebody wrote it: its parts as Liquid.
public struct MessageTemplate: Sendable {
    public enum Kind: String, Sendable, CaseIterable {
        /// Subject and HTML, and a text that is made of the HTML unless one is written.
        case email
        /// A short text.
        case text
        /// The body of a webhook.
        case json
        /// What other templates put in with `render` or `include`.
        case partial
    }

    public enum Part: String, Sendable, CaseIterable {
        case subject, preheader, html, text, json

        public var output: OutputKind {
            switch self {
            case .subject, .preheader: .header
            case .html: .html
            case .text: .plain
            case .json: .json
            }
        }
    }

    public enum MissingValue: String, Sendable, CaseIterable {
        /// Nothing is printed where a value is missing.
        case empty
        /// The message is not sent.
        case refuse
    }

    public let id: String
    /// By which partials are named and the command line finds it.
    public var name: String
    public var note: String
    public var kind: Kind
    public var parts: [Part: String]
    /// Of a mail.
    public var attachments: [MessageAttachment]
    /// Whether the HTML of a mail stands in the base layout.
    public var usesLayout: Bool
    public var onMissing: MissingValue
    /// Whether a mail tells whether it is opened and where it is clicked, of people who do not mind.
    public var isTracked: Bool
    /// Whether `date` shows instants by the clock where the person lives, instead of by UTC.
    public var usesLocalDates: Bool
    public let version: Int64
    public let savedAt: Timestamp
    public let author: String

    public init(
        id: String, name: String, note: String = "", kind: Kind, parts: [Part: String], attachments: [MessageAttachment] = [], usesLayout: Bool = true, onMissing: MissingValue = .empty, isTracked: Bool = true,
        usesLocalDates: Bool = false, version: Int64 = 0, savedAt: Timestamp = Timestamp(clamping: 0), author: String = ""
    ) {
        (self.id, self.name, self.note, self.kind, self.parts, self.attachments) = (id, name, note, kind, parts, attachments)
        (self.usesLayout, self.onMissing, self.isTracked, self.usesLocalDates) = (usesLayout, onMissing, isTracked, usesLocalDates)
        (self.version, self.savedAt, self.author) = (version, savedAt, author)
    }

    public static let nameMaximum = 64
    public static let noteMaximum = 2000

    /// Which parts a kind is made of; the first ones must be written.
    public static func parts(of kind: Kind) -> (needed: [Part], allowed: [Part]) {
        switch kind {
        case .email: ([.subject, .html], [.subject, .preheader, .html, .text])
        case .text: ([.text], [.text])
        case .json: ([.json], [.json])
        case .partial: ([.html], [.html])
        }
    }

    /// What is wrong with it before any part is read; nil where nothing is.
    public var fault: Explanation? {
        let isName = !name.isEmpty && name.utf8.count <= MessageTemplate.nameMaximum
            && name.utf8.allSatisfy { $0 >= 0x61 && $0 <= 0x7a || $0 >= 0x30 && $0 <= 0x39 || $0 == 0x2d || $0 == 0x5f }
        guard isName else { return Explanation(code: "template.name", problem: "A template's name has 1 to 64 small letters, digits, - and _.", remedy: "Call it order-thanks, for example.") }
        guard note.utf8.count <= MessageTemplate.noteMaximum else {
            return Explanation(code: "template.note", problem: "The note is longer than \(MessageTemplate.noteMaximum) bytes.", remedy: "Shorten it.")
        }
        let (needed, allowed) = MessageTemplate.parts(of: kind)
        for part in needed where parts[part]?.isEmpty ?? true {
            return Explanation(
                code: "template.part-missing", problem: "A template of kind \(kind.rawValue) needs the part \(part.rawValue).",
                remedy: "Write it; in JSON it stands as {\"parts\": {\"\(part.rawValue)\": \"…\"}}.")
        }
        for part in Part.allCases where parts[part] != nil && !allowed.contains(part) {
            return Explanation(
                code: "template.part-unknown", problem: "A template of kind \(kind.rawValue) has no part \(part.rawValue).", remedy: "Its parts are: \(allowed.map(\.rawValue).joined(separator: ", ")).")
        }
        return MessageAttachment.fault(of: attachments, in: kind)
    }

    var body: JSONText {
        var w = JSONWriter()
        w.object { w in
            w.member("name", name)
            w.member("note", note)
            w.member("kind", kind.rawValue)
            w.member("layout", usesLayout)
            w.member("onMissing", onMissing.rawValue)
            w.member("tracked", isTracked)
            w.member("localDates", usesLocalDates)
            w.key("parts")
            w.object { w in for part in Part.allCases { if let text = parts[part] { w.member(part.rawValue, text) } } }
            guard !attachments.isEmpty else { return }
            w.key("attachments")
            w.array { w in for attachment in attachments { attachment.write(isWhole: true, &w) } }
        }
        return w.text
    }
}
