import Delivery
import Templates
import Testing
import Vocabulary

@Suite("What no template and no value can do")
struct SafetyTests {
    @Test("a value ends no line of a calendar and no property", arguments: [("a,b;c\\d", "a\\,b\\;c\\\\d"), ("a\r\nb\rc\nd\n\re", "a\\nb\\nc\\nd\\n\\ne"), ("a\u{0}\tb\u{7f}", "a\tb"), ("", "")])
    func calendar(value: String, expected: String) {
        var w = JSONWriter()
        w.object { $0.member("x", value) }
        #expect(printed("X:{{ x }}\r\n", w.text.text, as: .calendar) == "X:\(expected)\r\n")
    }

    @Test("FAULTS 86: a value is never read as a template", arguments: ["{{ profile.secret }}", "{% for i in (1..1000000000) %}x{% endfor %}", "{% include 'secret' %}", "{{ 'a' | upcase }}"])
    func valuesAreData(value: String) {
        var w = JSONWriter()
        w.object { $0.member("x", value) }
        for source in ["{{ x }}", "{% assign y = x %}{{ y }}", "{% capture y %}{{ x }}{% endcapture %}{{ y }}", "{{ x | append: '' }}", "{% render 'p', x: x %}"] {
            #expect(printed(source, w.text.text, partials: ["p": "{{ x }}", "secret": "no"]) == value)
        }
    }

    @Test("FAULTS 86: loops, output, depth and filter chains are bounded", arguments: [
        "{% for i in (1..1000000000) %}{% endfor %}", "{% for i in (1..9223372036854775807) %}x{% endfor %}", "{{ (1..1000000000) | join }}", "{{ (1..9223372036854775807) | size }}{% for i in (1..3000000) %}{% assign x = i %}{% endfor %}",
        "{% assign s = 'xxxxxxxxxxxxxxxx' %}{% for i in (1..60) %}{% assign s = s | append: s %}{% endfor %}", "{% assign s = 'aaaa' %}{% for i in (1..60) %}{% assign s = s | replace: 'a', 'aaaa' %}{% endfor %}",
        "{% assign l = 'a b c d e f g h' | split: ' ' %}{% for i in (1..60) %}{% assign l = l | concat: l %}{% endfor %}", "{% include 'a' %}", "{% render 'b' %}",
        "{% for a in (1..2000) %}{% for b in (1..2000) %}{% for c in (1..2000) %}{% cycle 1, 2 %}{% endfor %}{% endfor %}{% endfor %}", "{% tablerow i in (1..100000000) cols: 2 %}{{ i }}{% endtablerow %}",
        // What is kept of a text that is made again and again is bounded too.
        "{% for i in (1..10000) %}{% capture x %}" + String(repeating: "tea ", count: 16_000) + "{% endcapture %}{% endfor %}", "{% assign l = 'a b' | split: ' ' %}{% for i in (1..18) %}{% assign l = l | concat: l %}{% endfor %}{% for i in (1..1000) %}{% assign x = l | truncate: 5 %}{% endfor %}",
    ])
    func bounded(source: String) {
        let result = printed(source, partials: ["a": "{% include 'a' %}{% include 'a' %}", "b": "{% render 'b' %}"])
        #expect(result == "template.limit", "\(source): \(result.prefix(60))")
    }

    @Test("a number that grows beyond all bounds ends as one, and stays so")
    func growth() {
        #expect(printed("{% assign n = 99999999999999999999 %}{% for i in (1..80) %}{% assign n = n | times: n %}{% endfor %}{{ n }} {{ n | minus: 1 }} {{ n | round }} {{ n | json }}") == "Infinity Infinity 0 null")
        #expect(printed("{% assign n = -10 %}{% for i in (1..400) %}{% assign n = n | times: 10 %}{% endfor %}{{ n }}") == "-Infinity")
    }

    @Test("blocks and brackets deeper than the limit are refused, just below it they are read")
    func depth() {
        func nested(_ count: Int) -> String { String(repeating: "{% if true %}", count: count) + "x" + String(repeating: "{% endif %}", count: count) }
        #expect(printed(nested(100)) == "x")
        #expect(printed(nested(101)) == "template.syntax")
        #expect(printed("{{ " + String(repeating: "a[", count: 5000) + "0" + String(repeating: "]", count: 5000) + " }}") == "template.syntax")
        #expect(printed("{% if " + String(repeating: "a and ", count: 5000) + "a %}{% endif %}") == "template.syntax")
        #expect(printed("{% liquid " + String(repeating: "liquid ", count: 5000) + "echo 'x' %}") == "template.syntax")
    }

    @Test("whatever is written, a template is refused or rendered, and never traps")
    func noise() {
        let parts = [
            "{{", "}}", "{%", "%}", "{%-", "-%}", " ", "\n", "for", "i", "in", "(1..3)", "(", ")", "..", "if", "endif", "endfor", "else", "assign", "=", "x", "'a'", "\"", "|", "split", ":", ",", "-1", "1.5", "[", "]", ".",
            "size", "slice", "99999999999999999999", "-9223372036854775808", "times", "divided_by", "round", "date", "'%Q%-5'", "truncate", "cycle", "case", "when", "endcase", "capture", "endcapture", "render", "'p'", "liquid", "raw",
            "endraw", "tablerow", "endtablerow", "cols:", "limit:", "offset:", "continue", "reversed", "sort", "map", "where", "sum", "é", "{", "%", "increment", "ifchanged", "endifchanged", "contains", "==", "<", "empty", "blank", "nil",
        ]
        let starts = ["{{ x | ", "{% for i in x ", "{% if x ", "{% assign y = x | ", "{{ ", "{% ", ""]
        let ends = [" }}", " %}", "%}{% endfor %}", "%}{% endif %}", ""]
        var state: UInt64 = 7
        func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(truncatingIfNeeded: (state >> 33) % UInt64(bound))
        }
        var rendered = 0
        for _ in 0..<20_000 {
            let source = starts[next(starts.count)] + (0..<next(9)).map { _ in parts[next(parts.count)] + (next(3) == 0 ? "" : " ") }.joined() + ends[next(ends.count)]
            let result = printed(source, #"{"x": [1, "b", null, {"x": [2.5]}, "é"], "i": "text"}"#, as: OutputKind.allCases[next(OutputKind.allCases.count)], partials: ["p": "{{ x }}"])
            if !result.hasPrefix("template.") { rendered += 1 }
        }
        #expect(rendered > 500, "some noise must be a template: \(rendered)")
    }

    @Test("values are escaped where they go, and what the template says is not", arguments: [
        (OutputKind.html, "<b>&lt;i&gt;&amp;&quot;&#39;</b>"), (.plain, "<b><i>&\"'</b>"), (.json, "<b>\\u003ci\\u003e\\u0026\\\"'</b>"), (.header, "<b><i>&\"'</b>"),
    ])
    func escaping(kind: OutputKind, expected: String) { #expect(printed("<b>{{ x }}</b>", #"{"x": "<i>&\"'"}"#, as: kind) == expected) }

    @Test("in HTML nothing is escaped twice, and only `raw` says otherwise")
    func html() {
        let data = #"{"x": "<i>", "list": ["<", "b"], "lines": "<a>\nb"}"#
        #expect(printed("{{ x | escape }}", data, as: .html) == "&lt;i&gt;")
        #expect(printed("{{ x | escape | upcase }}", data, as: .html) == "&LT;I&GT;")
        #expect(printed("{{ x | raw }}", data, as: .html) == "<i>")
        #expect(printed("{% capture y %}<b>{{ x }}</b>{% endcapture %}{{ y }}", data, as: .html) == "<b>&lt;i&gt;</b>")
        #expect(printed("{% capture y %}<b>{% endcapture %}{{ y | append: x }}", data, as: .html) == "<b>&lt;i&gt;")
        #expect(printed("{{ list }}{{ list | join: '<' }}", data, as: .html) == "&lt;b&lt;&lt;b")
        #expect(printed("{{ lines | newline_to_br }}", data, as: .html) == "&lt;a&gt;<br />\nb")
        #expect(printed("{% if x contains '<' %}<p>{% endif %}", data, as: .html) == "<p>")
        #expect(printed("{% cycle x, 'b' %}{% tablerow i in list %}{{ i }}{% endtablerow %}", data, as: .html).contains("&lt;i&gt;<tr class=\"row1\">\n<td class=\"col1\">&lt;</td>"))
    }

    @Test("what `capture` gathered for HTML is escaped once through any filter", arguments: [
        ("n | strip", " O'Brien & <b>", "O&#39;Brien &amp; &lt;b&gt;"), ("n | capitalize", "o'Brien", "O&#39;brien"), ("n | upcase", "a<b", "A&LT;B"), ("n | slice: 0, 3", "<<<<", "&lt;&lt;&lt;"),
        ("n | truncate: 5, ''", "a&b&c&d", "a&amp;b&amp;c"), ("n | split: '&' | join: '+'", "a&b", "a+b"), ("n | replace: '&', ' und '", "a&b", "a und b"), ("n | remove: \"'\"", "O'Brien", "OBrien"),
        ("n | truncatewords: 1, ''", "a&b c", "a&amp;b"), ("n | url_encode", "a&b", "a%26b"), ("n | strip_html", "a&b", "a&amp;b"), ("n | append: '<'", "a&b", "a&amp;b&lt;"), ("n | escape", "a&b", "a&amp;b"),
    ])
    func capturedOnce(filters: String, value: String, expected: String) {
        var w = JSONWriter()
        w.object { $0.member("x", value) }
        #expect(printed("{% capture n %}{{ x }}{% endcapture %}{{ \(filters) }}", w.text.text, as: .html) == expected)
        #expect(printed("{% capture n %}{{ x }}{% endcapture %}{% assign m = \(filters) %}{{ m }}", w.text.text, as: .html) == expected)
    }

    @Test("tags that the template gathered stay tags where only the ends or the case change, and never become tags of a value")
    func capturedTags() {
        #expect(printed("{% capture n %} <b>{{ x }}</b> {% endcapture %}{{ n | strip }}", #"{"x": "<i>"}"#, as: .html) == "<b>&lt;i&gt;</b>")
        #expect(printed("{% capture n %}<b>{{ x }}</b>{% endcapture %}{{ n | truncate: 6, '' }}", #"{"x": "<script>"}"#, as: .html) == "&lt;b&gt;&lt;sc")
    }

    @Test("between the quotes of JSON a list, an object and whole JSON are text, and outside they are themselves", arguments: [
        #"[",",":"]"#, #"["a"]"#, #"{"a":1}"#, #"{"a":"\"}"}"#, #""\""#, "[]", "1.5", "null", "true", #""text""#,
    ])
    func jsonInText(value: String) {
        let data = #"{"x": "# + value + "}"
        for inside in ["{{ x }}", "{{ x | json }}", "\\\"{{ x }}", "{% for i in (1..2) %}{{ x }}{% endfor %}", "{% capture y %}{{ x }}{% endcapture %}{{ y }}", "{% ifchanged %}{{ x }}{% endifchanged %}", "{% capture y %}{{ x | json }}{% endcapture %}{{ y }}"] {
            let text = printed("{\"t\":\"\(inside)\",\"n\":{{ x | json }},\"o\":\"{{ x }}\"}", data, as: .json)
            let json = JSONText(validating: Array(text.utf8))
            #expect(json?.members.count == 3 && json?["t"]?.string != nil && json?["o"]?.string != nil, "\(inside): \(text)")
        }
    }

    @Test("JSON stays JSON whatever a value holds")
    func json() {
        let source = #"{"name": "{{ x }}", "all": {{ list | json }}, "n": {{ n }}, "o": {{ o }}}"#
        let text = printed(source, #"{"x": "a\"}\n\\", "list": ["\"", 1, null], "n": 2.5, "o": {"k": "</script>"}}"#, as: .json)
        let json = JSONText(validating: Array(text.utf8))
        #expect(json?["name"]?.string == "a\"}\n\\" && json?["all"]?.elements.count == 3 && json?["o"]?["k"]?.string == "</script>" && !text.contains("</script>"))
    }

    @Test("FAULTS 87: a header is one line, whatever stands in it", arguments: ["a\\r\\nBcc: eve@example.com", "a\\nb", "a\\u2028b", "a\\u2029b", "a\\u0085b", "a\\u0000b", "a\\u000bb"])
    func headers(value: String) {
        let subject = printed("Hello {{ x }}\r\n {% if true %}\nyou{% endif %}", "{\"x\": \"\(value)\"}", as: .header)
        #expect(subject.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7f && $0.value != 0x85 && $0.value != 0x2028 && $0.value != 0x2029 })
        #expect(subject.hasPrefix("Hello a ") && subject.hasSuffix(" you"))
    }
}

@Suite("Messages made of templates")
struct MessageTests {
    private static let now = Timestamp(clamping: 1_782_898_200_000)

    private func email(_ html: String, subject: String = "Hi {{ profile.firstName }}", text: String? = nil, onMissing: MessageTemplate.MissingValue = .empty, layout: Bool = true) -> MessageTemplate {
        var parts: [MessageTemplate.Part: String] = [.subject: subject, .html: html]
        parts[.text] = text
        return MessageTemplate(id: "t", name: "hello", kind: .email, parts: parts, usesLayout: layout, onMissing: onMissing)
    }

    private let ada = Record([("profile", .record(Record([("firstName", .text("Ada & Co"))]))), ("unsubscribe_url", .text("https://tea.example/u?a=1&b=2"))])

    @Test("a mail stands in its layout, and its text says the same")
    func twin() throws {
        let message = try CompiledMessage(email("<h1>Hello {{ profile.firstName }}</h1><p>See <a href=\"https://tea.example/\">our teas</a>.<br>Bye</p><ul><li>Oolong</li><li>Sencha</li></ul>"), partials: [:])
        let rendered = try message.render(ada, now: Self.now)
        #expect(rendered.subject == "Hi Ada & Co")
        #expect(rendered.html?.contains("<h1>Hello Ada &amp; Co</h1>") == true && rendered.html?.contains("max-width: 600px") == true)
        #expect(rendered.html?.contains("href=\"https://tea.example/u?a=1&amp;b=2\"") == true)
        #expect(rendered.text == "Hello Ada & Co\n\nSee our teas (https://tea.example/).\nBye\n\n- Oolong\n- Sencha\n\nUnsubscribe (https://tea.example/u?a=1&b=2)\n")
        #expect(try CompiledMessage(email("<p>x", text: "Own text"), partials: [:]).render(ada, now: Self.now).text == "Own text")
    }

    @Test("the text of a mail leaves out what is not shown, and nothing behind it", arguments: [
        ("<p>Hello</p><img src='m.png' alt='m' style='max-width:0;display:none'><p>20% off</p>", "Hello\n\n20% off\n"), ("a<br style='display:none'>b<hr style=\"display: none\"><input style='display:none'>c", "abc\n"),
        ("<div style='display:none'><div>a</div>secret</div>shown", "shown\n"), ("<div style=\"color:red; DISPLAY : none !important\">pre</div>shown", "shown\n"), ("<p style='display:none'>a<p>b", "b\n"),
        ("<table><tr><td style='display:none'><table><tr><td>in</td></tr></table>x</td><td>y</td></tr></table>", "y\n"), ("<a href='https://x.example' style='display:none'>no</a>yes", "yes\n"),
        ("<ol style='display:none'><li>a</li></ol><ol><li>b</li></ol>", "1. b\n"), ("<p title='display:none'>shown</p>", "shown\n"), ("a<div style='display:none'>open", "a\n"), ("<title>t</title><style>p { display:none }</style><p>b</p>", "b\n"),
    ])
    func unseen(html: String, text: String) { #expect(TextTwin.text(of: Array(html.utf8)) == text) }

    @Test("lists, terms, addresses and lines as they are written keep their words apart, and named letters are letters", arguments: [
        ("<dl><dt>Name</dt><dd>Ada</dd><dt>Age</dt><dd>5</dd></dl>", "Name\nAda\nAge\n5\n"), ("<address>Street 1</address><address>City</address>", "Street 1\n\nCity\n"), ("<pre>a\nb  c\n</pre>d", "a\nb  c\n\nd\n"),
        ("<ol start='3'><li>a</li><li>b<ul><li>c</li></ul></li></ol><ul><li>d</li></ul>", "3. a\n4. b\n- c\n\n- d\n"), ("<main>a</main><nav>b</nav><figure>c<figcaption>d</figcaption></figure>", "a\n\nb\n\nc\nd\n"),
        ("<p>Gr&uuml;&szlig;e, caf&eacute; &rarr; 20&deg; &times; 3 &laquo;x&raquo; &Auml;&Omega;&copy;&euro;&nosuch;&yuml;</p>", "Grüße, café → 20° × 3 «x» ÄΩ©€&nosuch;ÿ\n"),
    ])
    func words(html: String, text: String) { #expect(TextTwin.text(of: Array(html.utf8)) == text) }

    @Test("the line beside the subject stands unseen in one's own HTML, too, escaped", arguments: [
        ("<p>Hi</p>", "<div style=\"display:none;max-height:0;overflow:hidden\">a &lt; b</div><p>Hi</p>"), ("<html><body class='x'><p>Hi</p>", "<html><body class='x'><div style=\"display:none;max-height:0;overflow:hidden\">a &lt; b</div><p>Hi</p>"),
    ])
    func preheader(html: String, expected: String) throws {
        let message = MessageTemplate(id: "t", name: "hello", kind: .email, parts: [.subject: "Hi", .preheader: "a < b", .html: html], usesLayout: false)
        let rendered = try CompiledMessage(message, partials: [:]).render(ada, now: Self.now)
        #expect(rendered.html == expected && rendered.text == "Hi\n")
    }

    @Test("what reads long texts and lists again and again is stopped", arguments: [
        "{% for i in (1..900000) %}{% if t contains 'zzz' %}x{% endif %}{% endfor %}", "{% for i in (1..900000) %}{% if l contains -1 %}x{% endif %}{% endfor %}", "{% for i in (1..900000) %}{% if l == l %}{% endif %}{% endfor %}",
        "{% for i in (1..900000) %}{% assign x = t | slice: -1 %}{% endfor %}",
    ])
    func reading(source: String) throws {
        let data = Record([("t", .text(String(repeating: "a", count: 150_000))), ("l", .list((0..<50_000).map { .integer($0) }))])
        #expect(throws: TemplateError.self) { try Template(source).render(data, now: Self.now) }
    }

    @Test("a long text is no date, and takes no time to say so")
    func dates() { #expect(printed("{% for i in (1..20000) %}{% assign x = s | date: '%Y' %}{% endfor %}{{ '2026-07-01' | date: '%Y' }}", "{\"s\": \"\(String(repeating: "a", count: 100_000))\"}") == "2026") }

    @Test("what has no value is told, or stops the message, unless the template provides for it")
    func missing() throws {
        let source = "{{ profile.city }}{{ profile.plan | default: 'none' }}{% if profile.vip %}{{ profile.vip }}{% endif %}{{ profile.firstName }}"
        #expect(try CompiledMessage(email(source), partials: [:]).render(ada, now: Self.now).missing == [["profile", "city"]])
        let strict = try CompiledMessage(email(source, onMissing: .refuse), partials: [:])
        #expect(throws: CompiledMessage.Fault.self) { try strict.render(ada, now: Self.now) }
    }

    @Test("what only rendering can tell of stops the message too: elements, computed places and names, and what filters make", arguments: [
        ("{% for o in profile.orders %}{{ o.n }}{% endfor %}", true), ("{{ profile.orders[5].n }}", true), ("{% assign k = 'city' %}{{ profile[k] }}", true), ("{{ profile.orders | map: 'zz' }}", true),
        ("{{ profile.orders | where: 'n', 9 | first }}", true), ("{% render 'line', o: profile.orders[1] %}", true),
        ("{% for o in profile.orders %}{{ o.n | default: '-' }}{% endfor %}", false), ("{% for o in profile.orders %}{% if o.n %}{{ o.n }}{% endif %}{% endfor %}", false), ("{{ profile.orders[0].n }}", false),
        ("{% assign k = 'firstName' %}{{ profile[k] }}", false), ("{{ profile.orders | map: 'n' | compact | join }}", false), ("{% if profile.city %}x{% endif %}{{ profile.city }}", false), ("{% for i in (1..2) %}{{ forloop.index }}{% endfor %}", false),
    ])
    func gaps(source: String, isGap: Bool) throws {
        let orders = Value.list([.record(Record([("n", .integer(1))])), .record(Record([("m", .integer(2))]))])
        let data = Record([("profile", .record(Record([("firstName", .text("Ada")), ("orders", orders)]))), ("unsubscribe_url", .text("https://tea.example/u"))])
        let strict = try CompiledMessage(email(source, onMissing: .refuse), partials: ["line": "{{ o.n }}"])
        do throws(CompiledMessage.Fault) {
            _ = try strict.render(data, now: Self.now)
            #expect(!isGap)
        } catch { #expect(isGap && error.error.isMissingValue, "\(error)") }
    }

    @Test("a body that is no JSON is not sent")
    func brokenJSON() throws {
        let message = try CompiledMessage(MessageTemplate(id: "t", name: "hook", kind: .json, parts: [.json: #"{"n":{{ profile.n }}}"#]), partials: [:])
        func body(_ value: Value) throws -> String? { try message.render(Record([("profile", .record(Record([("n", value)])))]), now: Self.now).json }
        #expect(try body(.integer(1)) == #"{"n":1}"#)
        #expect(throws: CompiledMessage.Fault.self) { try body(.null) }
        #expect(throws: CompiledMessage.Fault.self) { try body(.text("tea")) }
    }

    @Test("a partial's fault is told with its name")
    func partials() throws {
        let message = try CompiledMessage(email("{% render 'footer' %}"), partials: ["footer": "a\n{{ x | nosuch }}"])
        #expect(message.partialErrors.first?.partial == "footer" && message.partialErrors.first?.line == 2)
        #expect(throws: CompiledMessage.Fault.self) { try message.render(ada, now: Self.now) }
        #expect(try CompiledMessage(email("{% render 'footer', who: profile.firstName %}"), partials: ["footer": "{{ who }}!"]).render(ada, now: Self.now).html?.contains("Ada &amp; Co!") == true)
    }
}
