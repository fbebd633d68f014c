import Templates
import Testing
import Vocabulary

/// Renders a source with a JSON object; an error's code where it is refused.
func printed(_ source: String, _ data: String = "{}", as kind: OutputKind = .plain, partials: [String: String] = [:], limits: TemplateLimits = TemplateLimits()) -> String {
    let json = JSONText(validating: Array(data.utf8)) ?? JSONText(trusted: Array("{}".utf8))
    let record = Record(json.members.map { (key: $0.key, value: Value($0.value)) })
    do throws(TemplateError) {
        return String(decoding: try Template(source, partials: partials, limits: limits).render(record, as: kind, now: Timestamp(clamping: 1_782_898_200_500)), as: UTF8.self)
    } catch { return error.explanation.code }
}

@Suite("What templates compute")
struct LanguageTests {
    @Test("decimals are added as decimals, and whole numbers stay whole however large", arguments: [
        ("{{ 0.1 | plus: 0.2 }}", "0.3"), ("{{ 1.1 | times: 1.1 }}", "1.21"), ("{{ 0.3 | divided_by: 0.1 }}", "3.0"), ("{{ 19.99 | times: 3 }}", "59.97"), ("{{ 100 | minus: 0.01 }}", "99.99"),
        ("{{ 9223372036854775807 | plus: 1 }}", "9223372036854775808"), ("{{ 9223372036854775808 | minus: 1 }}", "9223372036854775807"),
        ("{{ -9223372036854775808 | abs }}", "9223372036854775807"), ("{{ 99999999999999999999 | times: 10 }}", "999999999999999999990"), ("{{ 123456789012345678901234567890 }}", "123456789012345678901234567890"),
        ("{{ 1e3 }}", "template.syntax"), ("{{ 7 | modulo: -3 }}", "-2"), ("{{ -7 | divided_by: 2 }}", "-4"), ("{{ -7.5 | modulo: 2 }}", "0.5"), ("{{ 2.5 | round }}", "3"), ("{{ -2.5 | round }}", "-3"),
        ("{{ 1.005 | round: 2 }}", "1.01"), ("{{ 1234.5 | round: -2 }}", "1200"), ("{{ -0.5 | ceil }}", "0"), ("{{ 0.1 | times: 3 }}", "0.3"), ("{{ '1e2' | plus: 1 }}", "2"),
        ("{{ '1_000' | plus: 0 }}", "1000"), ("{{ '-1_2_3x' | plus: 0 }}", "-123"), ("{{ '1__0' | plus: 0 }}", "1"), ("{{ '_1' | plus: 0 }}", "0"), ("{{ '1_' | plus: 1 }}", "2"), ("{{ '1_0.5' | plus: 0 }}", "10"),
    ])
    func numbers(source: String, expected: String) { #expect(printed(source) == expected) }

    @Test("the first letter is made a title's, which for one that stands for two is not both large", arguments: [("ﬁNE", "Fine"), ("ǆUNGLA", "ǅungla"), ("éTÉ", "Été"), ("ßA", "Ssa"), ("tea", "Tea")])
    func capitals(text: String, expected: String) { #expect(printed("{{ x | capitalize }}", "{\"x\": \"\(text)\"}") == expected) }

    @Test("a list is printed without brackets, and is written with them where a filter wants a text")
    func lists() {
        let data = #"{"a": [3, "b", null, [1.5]]}"#
        #expect(printed("{{ a }}|{{ a | upcase }}|{{ a | append: '!' }}|{{ 'x' | append: a }}|{{ a | join: '-' }}", data) == #"3b1.5|[3, "B", NIL, [1.5]]|[3, "b", nil, [1.5]]!|x[3, "b", nil, [1.5]]|3-b--1.5"#)
    }

    @Test("a decimal prints as Ruby prints it", arguments: [
        ("1e20", "1.0e+20"), ("1e16", "1.0e+16"), ("123456789012345680.0", "1.2345678901234568e+17"), ("1e15", "1000000000000000.0"), ("0.0001", "0.0001"), ("0.00001", "1.0e-05"), ("-0.0", "-0.0"), ("2.50", "2.5"),
        ("12345.678901", "12345.678901"), ("1e400", "1.7976931348623157e+308"),
    ])
    func decimals(json: String, expected: String) { #expect(printed("{{ x }}", "{\"x\": \(json)}") == expected) }

    @Test("fast arithmetic on short decimals agrees with exact decimals on random prices")
    func shortDecimals() {
        var state: UInt64 = 42
        func next(_ bound: UInt64) -> Int64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int64((state >> 33) % bound)
        }
        for _ in 0..<2000 {
            let (a, b, scale) = (next(10_000_000) - 5_000_000, next(1_000_000) - 500_000, Int(next(5)))
            func text(_ value: Int64) -> String {
                let text = ExactNumber(value, scale: scale).description
                return text.contains(".") ? text : text + ".0"
            }
            let (x, y) = (ExactNumber(a, scale: scale), ExactNumber(b, scale: scale))
            func shown(_ number: ExactNumber) -> String { number.description.contains(".") ? number.description : number.description + ".0" }
            #expect(printed("{{ \(text(a)) | plus: \(text(b)) }}") == shown(x + y), "\(a) \(b) \(scale), seed 42")
            #expect(printed("{{ \(text(a)) | minus: \(text(b)) }}") == shown(x + -y), "\(a) \(b) \(scale), seed 42")
        }
    }

    @Test("dates are read as people write them", arguments: [
        ("2026-07-01T09:30:00Z", "2026-07-01 09:30:00 +0000"), ("2026-07-01T09:30:00.250+02:00", "2026-07-01 09:30:00 +0200"), ("2026-07-01", "2026-07-01 00:00:00 +0000"),
        ("July 1, 2026 5:05 pm", "2026-07-01 17:05:00 +0000"), ("1 Jul 2026 10:00 -0330", "2026-07-01 10:00:00 -0330"), ("Wed, 01 Jul 2026 09:30:00 GMT", "2026-07-01 09:30:00 +0000"),
        ("01/07/2026", "2026-07-01 00:00:00 +0000"), ("07/25/2026", "2026-07-25 00:00:00 +0000"), ("01.07.2026", "2026-07-01 00:00:00 +0000"), ("20260701T093000", "2026-07-01 09:30:00 +0000"),
        ("0", "1970-01-01 00:00:00 +0000"), ("now", "2026-07-01 09:30:00 +0000"), ("12am", "2026-07-01 00:00:00 +0000"), ("2026-02-30", "2026-02-30"), ("hello", "hello"), ("13:75", "13:75"), ("2026-07-01 25:00", "2026-07-01 25:00"),
        ("99999999999999999999", "99999999999999999999"), ("", ""),
    ])
    func dates(text: String, expected: String) { #expect(printed("{{ x | date: '%Y-%m-%d %H:%M:%S %z' }}", "{\"x\": \"\(text)\"}") == expected) }

    @Test("by somebody's clock, instants are shown by it, and what some clock showed stays", arguments: [
        ("2026-07-01T23:30:00Z", "2026-07-02 05:00"), ("2026-07-01T23:30:00+02:00", "2026-07-02 03:00"), ("1782862200", "2026-07-01 05:00"), ("now", "2026-07-01 15:00"), ("2026-07-01", "2026-07-01 00:00"), ("2026-07-01 23:30", "2026-07-01 23:30"),
        ("hello", "hello"),
    ])
    func zones(text: String, expected: String) throws {
        let data = Record([("x", .text(text))])
        let india = TemplateZone { _ in 19_800 }
        #expect(String(decoding: try Template("{{ x | date: '%Y-%m-%d %H:%M' }}").render(data, now: Timestamp(clamping: 1_782_898_200_500), zone: india), as: UTF8.self) == expected)
    }

    @Test("strftime knows flags, widths and weeks", arguments: [
        ("%-d.%-m.%y", "5.1.26"), ("%e|%k|%l", " 5| 3| 3"), ("%^a %^B", "MON JANUARY"), ("%P %p %#p", "am AM am"), ("%j", "005"), ("%G-W%V-%u", "2026-W02-1"), ("%U %W", "01 01"), ("%05d|%_5d", "00005|    5"),
        ("%L %3N %6N %N", "007 007 007000 007000000"), ("%z %:z %::z %Z", "+0000 +00:00 +00:00:00 UTC"), ("%s", "1767582245"), ("%D %F %T %R %r", "01/05/26 2026-01-05 03:04:05 03:04 03:04:05 AM"), ("%c", "Mon Jan  5 03:04:05 2026"),
        ("100%", "100%"), ("%Q %", "%Q %"), ("%C %n", "20 \n"), ("%9999999d", String(repeating: "0", count: 1023) + "5"),
    ])
    func strftime(format: String, expected: String) { #expect(printed("{{ '2026-01-05T03:04:05.007Z' | date: f }}", "{\"f\": \"\(format)\"}") == expected) }

    @Test("a fault is told with its line and what was probably meant")
    func faults() {
        func fault(_ source: String) -> TemplateError? { do throws(TemplateError) { _ = try Template(source); return nil } catch { return error } }
        let filter = fault("Hello\n{{ name | upcas }}")
        #expect(filter?.line == 2 && filter?.explanation.remedy == "Did you mean `upcase`?")
        let tag = fault("a\nb\n{% endfo %}")
        #expect(tag?.line == 3)
        #expect(fault("{% if a %}\n\n{{ b }}")?.explanation.problem == "`if` is not closed.")
        #expect(fault("{% unles a %}{% endunless %}")?.explanation.remedy == "Did you mean `unless`?")
        #expect(fault("{{ a | append: 'x', 'y' }}")?.explanation.problem.contains("takes 1 arguments") == true)
        #expect(fault("x {{ a") != nil && fault("{% raw %}") != nil && fault("{% liquid\nif a\n%}") != nil)
    }

    @Test("blanks around and between words are squished to one", arguments: [
        (#"" \n\t\r\nHello  \n\t\r\nthere \n\t\r\nWorld!  \n\t\r\n""#, "Hello there World!"), (#"" \n\t\r""#, ""), (#""""#, ""), (#""one""#, "one"), (#"" a\u00a0b ""#, "a\u{a0}b"), ("null", ""), ("5.20", "5.2"), ("false", "false"),
    ])
    func squishes(json: String, expected: String) { #expect(printed("{{ x | squish }}", "{\"x\": \(json)}") == expected) }

    @Test("a snippet is put in by its name, sees only what it is given, and is not seen outside a `render`", arguments: [
        ("{% snippet a %}b{% endsnippet %}", ""), ("{% snippet a %}b{% endsnippet %}{% render a %}{% render a %}", "bb"), ("{% assign a = 'c' %}{% snippet a %}b{% endsnippet %}{% render a %}", "b"),
        ("{% snippet a %}b{% endsnippet %}{% snippet a %}c{% endsnippet %}{% render a %}", "c"),
        ("{% assign z = 42 %}{% snippet a %}{{z}}{% assign x = 'y' %}{{b}}{% endsnippet %}{% render a, b: 'c' %}{{x}}", "c"),
        ("{% snippet a %}{{ a }}{{ forloop.index }} {% endsnippet %}{% render a for (7..8) %}{% render a with 3 as a %}", "71 82 3 "),
        ("{% snippet a %}b{% snippet c %}d{% endsnippet %}{% render c %}{% endsnippet %}{% render a %}", "bd"),
        ("{% snippet a %}b{% snippet c %}d{% endsnippet %}{% endsnippet %}{% render a %}{% render c %}", "template.partial"),
        ("{% snippet a %}{% render a %}{% endsnippet %}{% render a %}", "template.partial"), ("{% snippet a %}b{% endsnippet %}{% render \"a\" %}", "template.partial"),
        ("{% if x %}{% snippet a %}b{% endsnippet %}{% else %}{% snippet a %}c{% endsnippet %}{% endif %}{% render a %}", "c"),
        ("{% include 'p' %}{% render a %}", "cb"), ("{% render 'p' %}{% render a %}", "template.partial"), ("{% render a %}", "template.syntax"), ("{% snippet 'a' %}b{% endsnippet %}", "template.syntax"),
        ("{% snippet a.b %}c{% endsnippet %}", "template.syntax"), ("{% snippet a foo %}b{% endsnippet %}", "template.syntax"), ("{% snippet a %}b", "template.syntax"),
    ])
    func snippets(source: String, expected: String) { #expect(printed(source, partials: ["p": "{% snippet a %}b{% endsnippet %}c"]) == expected) }

    @Test("whole numbers of any length are divided and printed whole", arguments: [
        ("{{ 9223372036854775807 | plus: 1 | divided_by: 2 }}", "4611686018427387904"), ("{{ '20000000000000000000' | divided_by: 7 }}", "2857142857142857142"),
        ("{{ '-20000000000000000000' | divided_by: 7 }}", "-2857142857142857143"), ("{{ '20000000000000000000' | divided_by: -7 }}", "-2857142857142857143"), ("{{ 7 | divided_by: 20000000000000000000 }}", "0"),
        ("{{ -7 | divided_by: 20000000000000000000 }}", "-1"), ("{{ '21000000000000000000' | divided_by: 7 }}", "3000000000000000000"),
        ("{{ 1234567890123456789012345678901234567890123 }}", "1234567890123456789012345678901234567890123"), ("{{ '100000000000000000000000000000000000000000' | times: 10 }}", "1000000000000000000000000000000000000000000"),
        ("{{ '1000000000000000000000000000000000000000000' | divided_by: 1000 }}", "1000000000000000000000000000000000000000"), ("{{ '-1000000000000000000000000000000000000000000' | plus: 0 }}", "-1000000000000000000000000000000000000000000"),
    ])
    func longDivision(source: String, expected: String) { #expect(printed(source) == expected) }

    @Test("a break ends the partial of its element, and behind an include the loop around it", arguments: [
        ("{% render 'p' for l %}", "[1][2[3]"), ("{% include 'p' for l %}", "[1][2[3]"), ("{% for i in (1..2) %}{{ i }}{% include 'p' for l %}{% endfor %}.", "1[1][2[3]."), ("{% for i in (1..2) %}{{ i }}{% render 'p' for l %}{% endfor %}", "1[1][2[3]2[1][2[3]"),
    ])
    func breaks(source: String, expected: String) { #expect(printed(source, "{\"l\": [1, 2, 3]}", partials: ["p": "[{{ p }}{% if p == 2 %}{% break %}{% endif %}]"]) == expected) }

    @Test("a text with a blank behind its last word is longer than its words", arguments: [("Dear Ada ", "Dear Ada..."), ("Dear Ada", "Dear Ada"), (" Dear  Ada Kelley", "Dear Ada..."), ("Dear ", "Dear")])
    func words(text: String, expected: String) { #expect(printed("{{ x | truncatewords: 2 }}", "{\"x\": \"\(text)\"}").trimmingPrefix(" ") == (expected == "Dear" ? "Dear " : expected)) }
}
