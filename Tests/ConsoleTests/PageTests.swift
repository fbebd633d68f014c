import Testing

@testable import Console

@Suite("Every page")
struct PageTests {
    let pages = Showroom(text: "Ada").pages

    @Test("has one main, one h1, and a navigation with a name")
    func landmarks() {
        for page in pages {
            let markup = Markup(page.html)
            #expect(markup.faults == [], "\(page.name)")
            #expect(markup.all("main").count == 1, "\(page.name)")
            #expect(markup.all("h1").count == 1, "\(page.name)")
            #expect(!markup.all("nav").isEmpty, "\(page.name)")
            let unnamed = markup.all("nav").filter { $0.attributes["aria-label", default: ""].isEmpty }
            #expect(unnamed.isEmpty, "\(page.name)")
            #expect(markup.all("title").first?.text.hasSuffix("· Martlet") == true, "\(page.name)")
            #expect(markup.all("html").first?.attributes["lang"] == "en", "\(page.name)")
        }
    }

    @Test("has a label for each field, a name for each button, and no id twice")
    func labels() {
        for page in pages {
            let markup = Markup(page.html)
            let labelled = Set(markup.all("label").compactMap { $0.attributes["for"] })
            for field in markup.all("input", "select", "textarea", "progress") where field.attributes["type"] != "hidden" {
                #expect(field.attributes["aria-label"]?.isEmpty == false || field.attributes["id"].map(labelled.contains) == true, "\(page.name): \(field)")
            }
            for button in markup.all("button") {
                let name = button.attributes["aria-label"] ?? button.text
                let isNamed = name.contains { !$0.isWhitespace }
                #expect(isNamed, "\(page.name): \(button)")
            }
            let ids = markup.tags.compactMap { $0.attributes["id"] }
            // The showroom gives every token and refusal the same id; pages of real rows have distinct ones.
            let own = ids.filter { !$0.contains("Ada") }
            #expect(Set(own).count == own.count, "\(page.name): \(own)")
            for tag in markup.tags {
                for name in ["aria-labelledby", "aria-describedby", "popovertarget"] {
                    for id in (tag.attributes[name] ?? "").split(separator: " ") {
                        #expect(ids.contains(String(id)), "\(page.name): nothing is called \(id)")
                    }
                }
            }
        }
    }

    @Test("keeps the content security policy: no inline script, style or handler")
    func policy() {
        for page in pages {
            for tag in Markup(page.html).tags {
                #expect(tag.name != "style", "\(page.name)")
                #expect(!tag.attributes.keys.contains { $0 == "style" || $0.hasPrefix("on") }, "\(page.name): \(tag)")
                if tag.name == "script" {
                    #expect(tag.text.isEmpty && tag.attributes["src"]?.hasPrefix("/console/assets/") == true, "\(page.name)")
                }
            }
        }
    }

    @Test("sends a token with each form that changes something")
    func forms() {
        for page in pages {
            let html = page.html
            let forms = html.components(between: "<form", and: "</form>")
            for form in forms where form.contains("method=\"post\"") {
                #expect(form.contains("name=\"csrf\""), "\(page.name): \(form.prefix(80))")
            }
            #expect(Markup(html).all("form").allSatisfy { !$0.ancestors.contains("form") }, "\(page.name)")
        }
    }

    @Test("is well-formed in every language and refers only to assets that exist")
    func languages() {
        let known = Set(ConsoleAssets.all.map(\.address))
        for language in Language.allCases {
            for page in Showroom(text: "Ada", language: language).pages {
                let markup = Markup(page.html)
                #expect(markup.faults == [], "\(page.name) \(language)")
                for tag in markup.all("script", "link") {
                    #expect(known.contains(tag.attributes["src"] ?? tag.attributes["href"] ?? ""), "\(page.name)")
                }
            }
        }
    }
}

extension String {
    /// The parts from each `start` to the next `end`.
    func components(between start: String, and end: String) -> [String] {
        var parts: [String] = []
        var rest = self[...]
        while let first = rest.firstRange(of: start), let last = rest[first.upperBound...].firstRange(of: end) {
            parts.append(String(rest[first.lowerBound..<last.upperBound]))
            rest = rest[last.upperBound...]
        }
        return parts
    }
}
