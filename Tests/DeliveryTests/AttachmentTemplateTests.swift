import Delivery
import Mail
import Templates
import Testing
import Vocabulary

@Suite("Attachments of templates")
struct AttachmentTemplateTests {
    private static func template(_ attachments: [MessageAttachment], kind: MessageTemplate.Kind = .email) -> MessageTemplate {
        MessageTemplate(id: "t", name: "t", kind: kind, parts: kind == .email ? [.subject: "Tea", .html: "<p>Tea</p>"] : [.text: "Tea"], attachments: attachments)
    }
    private static func attachment(_ content: MessageAttachment.Content, name: String = "a.pdf", type: String = "application/pdf") -> MessageAttachment { MessageAttachment(name: name, type: type, content: content) }
    private static func data(_ json: String) throws -> Record { Record(try #require(JSONText(validating: Array(json.utf8))).members.map { (key: $0.key, value: Value($0.value)) }) }
    private static func rendered(_ attachments: MessageAttachment..., data: String = "{}") throws -> [MailAttachment] {
        try CompiledMessage(template(attachments), partials: [:]).render(Self.data(data), now: Timestamp(clamping: 0)).attachments
    }

    @Test("a file, a text for each person, and one that the data holds")
    func contents() throws {
        let files = try Self.rendered(
            Self.attachment(.file([1, 2, 3])), Self.attachment(.text("Hello {{ profile.name }}"), name: "{{ profile.name }}.txt", type: "text/plain"), Self.attachment(.value("data.invoice"), name: "invoice.pdf"),
            data: #"{"profile": {"name": "Zoë"}, "data": {"invoice": "AQI="}}"#)
        #expect(files.map(\.name) == ["a.pdf", "Zoë.txt", "invoice.pdf"])
        #expect(files.map(\.body.count) == [3, 10, 2])
    }

    @Test("a mail without the file that its data should hold is not sent", arguments: ["{}", #"{"data": {}}"#, #"{"data": {"invoice": ""}}"#, #"{"data": {"invoice": "no: base64"}}"#, #"{"data": {"invoice": {"a": 1}}}"#, #"{"data": {"invoice": true}}"#, #"{"data": {"invoice": 1234}}"#])
    func missing(data: String) throws {
        let fault = #expect(throws: CompiledMessage.Fault.self) { try Self.rendered(Self.attachment(.value("data.invoice")), data: data) }
        #expect(fault?.place == "attachment 1")
    }

    @Test("what cannot be an attachment is refused", arguments: [
        ([attachment(.file([1]))], MessageTemplate.Kind.text, "template.attachment"), ([attachment(.file([1]), name: "")], .email, "template.attachment"), ([attachment(.file([1]), type: "pdf")], .email, "template.attachment"),
        ([attachment(.value("a..b"))], .email, "template.attachment"), ([attachment(.value("1234"))], .email, "template.attachment"), ([attachment(.value("true"))], .email, "template.attachment"), ([attachment(.file([]))], .email, "template.attachment"), ([attachment(.value("data.x }}{% assign y = 1 %}"))], .email, "template.attachment"), ([attachment(.file([1])), attachment(.file([2]))], .email, "template.attachment"),
        ((0...10).map { attachment(.file([1]), name: "a\($0)") }, .email, "template.attachment"), ([attachment(.file([UInt8](repeating: 0, count: (1 << 20) + 1)))], .email, "template.attachment-too-large"),
    ])
    func faults(attachments: [MessageAttachment], kind: MessageTemplate.Kind, code: String) { #expect(Self.template(attachments, kind: kind).fault?.code == code) }

    @Test("a megabyte is none, nor are ten files")
    func bounds() {
        #expect(Self.template([Self.attachment(.file([UInt8](repeating: 0, count: 1 << 20)))]).fault == nil)
        #expect(Self.template((0..<10).map { Self.attachment(.file([1]), name: "a\($0)") }).fault == nil)
    }

    @Test("as JSON it is the same again; what says nothing of its content keeps the one of its name")
    func json() throws {
        let all = [Self.attachment(.file([1, 2])), Self.attachment(.text("{{ x }}"), name: "b.txt"), Self.attachment(.value("data.c"), name: "c")]
        for attachment in all {
            var w = JSONWriter()
            attachment.write(isWhole: true, &w)
            #expect(try MessageAttachment(w.text, at: 0) == attachment)
            var short = JSONWriter()
            attachment.write(isWhole: false, &short)
            #expect(try MessageAttachment(short.text, at: 0, known: all) == attachment)
        }
        for wrong in [#"{"type": "a/b", "base64": "AQ=="}"#, #"{"name": "a"}"#, #"{"name": "a", "base64": "?"}"#, #"{"name": "a", "base64": "AQ==", "text": "x"}"#, #"{"name": "a", "text": 1}"#, "[]"] {
            #expect(throws: Refusal.self, "\(wrong)") { try MessageAttachment(#require(JSONText(validating: Array(wrong.utf8))), at: 0) }
        }
    }

    @Test("what they read is checked with the rest")
    func uses() throws {
        let message = try CompiledMessage(Self.template([Self.attachment(.text("{{ profile.seat }}"), name: "{{ event.id }}.txt")]), partials: [:])
        #expect(message.uses.map { "\($0.place) \($0.use.path.joined(separator: "."))" } == ["attachment 1 event.id", "attachment 1 profile.seat"])
        #expect(throws: CompiledMessage.Fault.self) { try CompiledMessage(Self.template([Self.attachment(.text("{% if %}"))]), partials: [:]) }
    }
}
