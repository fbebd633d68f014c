import Access
import HTTPTypes
import NIOCore
import Vocabulary

/// The fields of a submitted form, `application/x-www-form-urlencoded`, within limits.
struct Form: Sendable {
    static let bodyMaximum = 64 << 10
    static let fieldsMaximum = 200
    static let nameMaximum = 100

    private let fields: [(name: String, value: String)]

    /// - Parameter fieldsMaximum: more than the standard where a page has a field for each of many things; their names may be as much longer.
    init(_ call: Call, bodyMaximum: Int = Form.bodyMaximum, fieldsMaximum: Int = Form.fieldsMaximum) async throws {
        let type = (call.request.headers[.contentType] ?? "").split(separator: ";").first.map { String($0).trimmed.lowercased() }
        guard type == "application/x-www-form-urlencoded" else {
            throw Refusal(415, "form.type", "This is not a form of the console.", remedy: "Use the form on the page.")
        }
        let buffer = try await call.body(maximum: bodyMaximum)
        fields = try Form.fields(Array(buffer.readableBytesView), maximum: fieldsMaximum)
    }

    static func fields(_ body: [UInt8], maximum: Int = fieldsMaximum) throws -> [(name: String, value: String)] {
        let parts = body.split(separator: UInt8(ascii: "&"), maxSplits: maximum)
        let nameMaximum = maximum > fieldsMaximum ? 4 * nameMaximum : nameMaximum
        guard parts.count <= maximum else { throw Refusal(400, "form.fields", "This form has too many fields.", remedy: "Use the form on the page.") }
        return try parts.map { part in
            let sides = part.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard sides[0].count <= nameMaximum else { throw Refusal(400, "form.fields", "A field of this form has too long a name.", remedy: "Use the form on the page.") }
            return (PercentCoding.decode(sides[0], plusIsBlank: true), sides.count > 1 ? PercentCoding.decode(sides[1], plusIsBlank: true) : "")
        }
    }

    /// The first field of this name, nil when there is none.
    subscript(name: String) -> String? { fields.first { $0.name == name }?.value }

    func text(_ name: String) -> String { self[name] ?? "" }
    /// What somebody calls a thing, on one line: what a paste brought along, such as a tab, is a blank.
    func name(_ field: String = "name") -> String { String(String.UnicodeScalarView(text(field).unicodeScalars.map { String($0).hasControlCharacters ? " " : $0 })).trimmed }
    var names: [String] { fields.map(\.name) }
    func all(_ name: String) -> [String] { fields.filter { $0.name == name }.map(\.value) }

    /// Refuses a form that another site or another session made.
    func check(_ session: Sessions.Session) throws { try session.check(csrf: text("csrf")) }

    /// Whether the field `confirm` names what is about to be changed; line ends and runs of blanks do not count, since a field cannot hold them.
    func confirms(_ name: String) -> Bool { Form.words(text("confirm")) == Form.words(name) }

    private static func words(_ text: String) -> [Substring] { text.split { $0.isWhitespace } }
}

extension Sessions.Session {
    /// - Throws: ``Refusal`` 403 for a form that another site or another session made.
    func check(csrf: String?) throws {
        guard Secrets.equal(Array((csrf ?? "").utf8), Array(self.csrf.utf8)) else {
            throw Refusal(403, ConsoleDoor.formExpired, "This form is too old.", remedy: "Load the page again, and send it once more.")
        }
    }
}
