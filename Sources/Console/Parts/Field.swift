/// A labelled form field with help and error; the only way pages make inputs.
struct Field {
    enum Kind {
        case text, password, file
        /// A day with a time of day, without a zone.
        case moment
        case area(rows: Int)
        case choice([(value: String, title: String)])
    }

    var name: String
    var label: String
    var kind = Kind.text
    var value = ""
    var help: String?
    var error: String?
    var isRequired = false
    var autocomplete: String?
    var placeholder: String?
    /// The id of a list of names to choose from.
    var list: String?
    /// Takes the focus when the page opens; at most one on a page.
    var isFirst = false
    /// Distinguishes fields of the same name in several forms of a page.
    var scope = ""

    var html: HTML {
        """
        <div class="field"><label for="\(id)">\(label)</label>\(input)\
        \(help.map { text -> HTML in "<p class=\"help\" id=\"\(id)-help\">\(text)</p>" })\
        \(error.map { text -> HTML in "<p class=\"error\" id=\"\(id)-error\">\(Icon.critical.html)<span>\(HTML.prose(text))</span></p>" })</div>
        """
    }

    /// The token that proves a form is ours; in every POST form.
    static func csrf(_ frame: Frame) -> HTML {
        "<input type=\"hidden\" name=\"csrf\" value=\"\(frame.csrf)\">"
    }

    private var id: String { scope.isEmpty ? "f-\(name)" : "f-\(name)-\(scope)" }

    private var describedBy: String? {
        let ids = [help.map { _ in "\(id)-help" }, error.map { _ in "\(id)-error" }].compactMap { $0 }
        return ids.isEmpty ? nil : ids.joined(separator: " ")
    }

    private var input: HTML {
        let invalid = error == nil ? nil : "true"
        switch kind {
        case .text, .password, .file, .moment:
            let type = switch kind { case .password: "password"; case .file: "file"; case .moment: "datetime-local"; default: "text" }
            return """
                <input id="\(id)" name="\(name)" type="\(type)"\(attribute: "value", value.isEmpty ? nil : value)\
                \(attribute: "placeholder", placeholder)\(attribute: "autocomplete", autocomplete)\(attribute: "list", list)\(attribute: "aria-describedby", describedBy)\
                \(attribute: "aria-invalid", invalid)\(flag: "required", when: isRequired)\(flag: "autofocus", when: isFirst)>
                """
        case .area(let rows):
            return """
                <textarea id="\(id)" name="\(name)" rows="\(rows)" spellcheck="false"\(attribute: "aria-describedby", describedBy)\
                \(attribute: "aria-invalid", invalid)\(flag: "required", when: isRequired)\(flag: "autofocus", when: isFirst)>
                \(asWritten: value)</textarea>
                """
        case .choice(let options):
            let items = options.map { option -> HTML in
                "<option value=\"\(option.value)\"\(flag: "selected", when: option.value == value)>\(option.title)</option>"
            }
            return "<select id=\"\(id)\" name=\"\(name)\"\(attribute: "aria-describedby", describedBy)\(attribute: "aria-invalid", invalid)\(flag: "autofocus", when: isFirst)>\(items)</select>"
        }
    }
}
