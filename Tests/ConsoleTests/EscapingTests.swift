import Testing

@testable import Console

@Suite("Hostile values are text")
struct EscapingTests {
    static let hostile = [
        #""><img src=x onerror=alert(1)>"#, "</script><script>alert(1)</script>", "javascript:alert(1)", "' onmouseover='alert(1)",
        "<svg/onload=alert(1)>", "&lt;b&gt; & \"quotes\"", "\u{202E}gnp.exe", "{name} {n} ~ | ", "java\tscript:alert(1)", "//evil.example/x",
        "\\\\evil.example",
    ]

    @Test("no page gains an element, an attribute or a script from a value", arguments: hostile)
    func structureStays(_ value: String) {
        let plain = Showroom(text: "ada").pages
        for (expected, page) in zip(plain, Showroom(text: value).pages) {
            let (good, bad) = (Markup(expected.html), Markup(page.html))
            #expect(bad.faults == [], "\(page.name)")
            // A value may add or take rows of the drawing and lines of a text area, never an element that is not on the page already.
            #expect(Set(bad.tags.map(\.name)).subtracting(good.tags.map(\.name)).subtracting(["pre"]) == [], "\(page.name)")
            #expect(bad.all("script").count == good.all("script").count, "\(page.name)")
            #expect(bad.all("img").isEmpty, "\(page.name)")
            for tag in bad.tags {
                #expect(!tag.attributes.keys.contains { $0.hasPrefix("on") || $0 == "style" }, "\(page.name): \(tag)")
            }
        }
    }

    @Test("what turns the order of letters is shown by its number, and comes back from a form as it was")
    func turns() {
        let name = "Ada \u{202e}gnp.exe\u{202c} \u{2066}x\u{2069} \u{200f}é"
        let shown: HTML = "<bdi>\(name)</bdi>"
        #expect(shown.source == "<bdi>Ada [U+202E]gnp.exe[U+202C] [U+2066]x[U+2069] \u{200f}é</bdi>")
        let kept: HTML = "<input value=\"\(name)\"><textarea>\(asWritten: name)</textarea>"
        #expect(kept.source == "<input value=\"\(name)\"><textarea>\(name)</textarea>")
    }

    @Test("every address is http, https or of this server", arguments: hostile)
    func addressesAreSafe(_ value: String) {
        for page in Showroom(text: value).pages {
            for tag in Markup(page.html).tags {
                for name in ["href", "src", "action", "formaction"] {
                    guard let address = tag.attributes[name] else { continue }
                    let isOurs = (address.hasPrefix("/") && !address.hasPrefix("//")) || address.hasPrefix("?") || address.hasPrefix("#")
                    // Without a colon before its first slash it names no scheme, so it is relative.
                    let isRelative = !address.prefix { $0 != "/" && $0 != "?" }.contains(":") && !address.hasPrefix("//") && !address.contains("\\")
                    #expect(isOurs || isRelative || address.hasPrefix("https://") || address.hasPrefix("http://"), "\(page.name): \(address)")
                }
            }
        }
    }

    @Test("a value shows as it is, character for character")
    func valueIsKept() {
        let page = ProfilesPage(
            rows: [.init(id: "p", name: "<b>&\"'", identifiers: [], firstSeenMs: 0, lastSeenMs: 0, events: 0)]
        ).render(Showroom(text: "main").frame)
        #expect(page.contains("&lt;b&gt;&amp;&quot;&#39;"))
    }

    @Test(
        "addresses are checked whole and encoded in part",
        arguments: [
            ("/w/main", "/w/main"), ("https://wren.example/a?b=c", "https://wren.example/a?b=c"), ("HTTP://wren.example", "HTTP://wren.example"),
            ("?after=1", "?after=1"), ("#top", "#top"), ("shop/teas", "shop/teas"), ("javascript:alert(1)", "#"), (" javascript:x", "#"),
            ("data:text/html,x", "#"), ("//evil.example", "#"), ("/\\evil.example", "#"), ("java\nscript:x", "#"), ("vbscript:x", "#"),
        ])
    func checking(_ given: String, _ sent: String) {
        let link: HTML = "<a href=\"\(given)\">x</a>"
        #expect(link.source == "<a href=\"\(sent)\">x</a>")
    }

    @Test("a value inside an address is one component")
    func encoding() {
        let (id, query) = ("a/b?c", "çay & \"süt\"")
        let link: HTML = "<a href=\"/w/main/profiles/\(id)?q=\(query)\">x</a>"
        #expect(link.source == "<a href=\"/w/main/profiles/a%2Fb%3Fc?q=%C3%A7ay%20%26%20%22s%C3%BCt%22\">x</a>")
    }

    @Test("what must be typed is matched literally by the browser")
    func pattern() {
        #expect(Confirmation.pattern(matching: "Ada (Wren) 1.0/2") == #"Ada \(Wren\) 1\.0\/2"#)
    }
}
