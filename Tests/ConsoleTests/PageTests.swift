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

@Suite("Refusals in words")
struct ProblemWordsTests {
    private func problem(_ code: String, _ problem: String = "Set `event`.") -> ConsoleProblem { ConsoleProblem(code: code, problem: problem, remedy: "Set `event`.") }

    @Test("are the console's own for the codes of events and files, in each language, and name the byte")
    func known() {
        #expect(problem("event.name-missing").title(in: .english) == "A track call needs the name of the event")
        #expect(problem("event.name-missing").title(in: .turkish) == "track çağrısında olayın adı eksik")
        #expect(problem("body.not-json", "It cannot be read at byte 17.").title(in: .spanish) == "El cuerpo no es un único objeto JSON (byte 17)")
        #expect(problem("import.unclosed-quotes", "The quotes that open in line 7 of the file are never closed.").title(in: .english).hasSuffix("(line 7)"))
        for code in ConsoleProblem.translated { for language in Language.allCases { #expect(!problem(code).title(in: language).contains("refusal."), "\(code)") } }
    }

    @Test("are those that came where the code is not known, and code stands between backquotes")
    func unknown() {
        #expect(problem("event.brewed-twice").title(in: .spanish) == "Set event.")
        #expect(HTML.prose("Set `a<b` or `c`.").source == "Set <code>a&lt;b</code> or <code>c</code>.")
        #expect(HTML.prose("5` of <rope").source == "5` of &lt;rope")
        #expect(HTML.prose("").source == "")
    }
}

@Suite("A source's status")
struct SourceStatusTests {
    @Test("is receiving within a day of its last event, silent from then on")
    func day() {
        let frame = Showroom(text: "x").frame
        func status(_ ageMs: Int64?) -> String { SourcesPage.status(true, ageMs.map { frame.nowMs - $0 }, frame).source }
        #expect(status(86_400_000).contains("Receiving"))
        #expect(status(86_400_001).contains("Silent since"))
        #expect(status(nil).contains("Waiting for its first event"))
        #expect(SourcesPage.status(false, frame.nowMs, frame).source.contains("Disabled"))
    }
}
