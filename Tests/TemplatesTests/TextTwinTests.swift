import Delivery
import Templates
import Testing
import Vocabulary

@Suite("The text of a mail says what a browser shows of it")
struct TextTwinTests {
    private func text(_ html: String) -> String { TextTwin.text(of: Array(html.utf8)) }

    @Test("what stands in a value is never an attribute", arguments: [
        ("<a title=\"Cart of x href=https://evil.example/\" href=\"https://wren.example/cart\">Your cart</a>", "Your cart (https://wren.example/cart)\n"),
        ("<a title='x style=display:none' href='https://wren.example/'>cart</a>", "cart (https://wren.example/)\n"), ("<a title=\"x style='display:none'\">cart</a>", "cart\n"), ("<p title=\" style='display:none' \">shown</p>", "shown\n"),
        ("<img title=' alt=evil' alt='good'>", "good\n"), ("<img data-alt='evil' alt='good'>", "good\n"), ("<a href='https://wren.example/' href='https://evil.example/'>first</a>", "first (https://wren.example/)\n"),
        ("<ol title=' start=9'><li>a</ol>", "1. a\n"), ("<p title='a > b'>shown</p>", "shown\n"), ("<p class=it's>one</p><p>it's</p>", "one\n\nit's\n"),
    ])
    func values(html: String, expected: String) { #expect(text(html) == expected) }

    @Test("whatever a person is called, the link of a mail is its own", arguments: ["x href=https://evil.example/", "\" href='https://evil.example/", "' href=https://evil.example/ '", "x style=display:none", "> <b style=display:none>", "=", "/", "\\"])
    func names(name: String) throws {
        let template = MessageTemplate(id: "t", name: "cart", kind: .email, parts: [.subject: "Hi", .html: "<a title=\"Cart of {{ profile.firstName }}\" href=\"https://wren.example/cart\">Your cart</a>"], usesLayout: false)
        let data = Record([("profile", .record(Record([("firstName", .text(name))])))])
        #expect(try CompiledMessage(template, partials: [:]).render(data, now: Timestamp(clamping: 1_782_898_200_000)).text == "Your cart (https://wren.example/cart)\n")
    }

    @Test("attributes are read however they are written", arguments: [
        "href=\"https://wren.example/\"", "href='https://wren.example/'", "href=https://wren.example/", "HREF = 'https://wren.example/'", "href\n=\n\"https://wren.example/\"", "class=\"q\"href=\"https://wren.example/\"", "/href='https://wren.example/'/",
        "disabled href=' https://wren.example/ '", "= href='https://wren.example/'", "data-x=y' href='https://wren.example/'", "href='https&#58;&#x2f;/wren.example/'",
    ])
    func spellings(attributes: String) { #expect(text("<a \(attributes)>tea</a>") == "tea (https://wren.example/)\n") }

    @Test("comments and declarations end where browsers end them", arguments: [
        ("a<!-->b", "ab\n"), ("a<!--->b", "ab\n"), ("a<!---->b", "ab\n"), ("a<!-- x --!>b", "ab\n"), ("a<!--!>b-->c", "ac\n"), ("a<!-- > -- > -->b", "ab\n"), ("a<!-- b", "a\n"), ("<?xml version='1.0'?><p>a</p>", "a\n"), ("<!DOCTYPE html>a", "a\n"),
        ("<!--[if mso]><p>a</p><![endif]-->b<![if !mso]>c<![endif]>", "bc\n"), ("</>a", "a\n"), ("<>a < b <3", "<>a < b <3\n"), ("a<img alt='b", "a\n"),
    ])
    func comments(html: String, expected: String) { #expect(text(html) == expected) }

    @Test("a hidden paragraph ends where a block begins or ends, and other hidden parts where they are closed", arguments: [
        ("<p style='display:none'>a<div>b</div>", "b\n"), ("<td><p style='display:none'>a</td><td>b</td>", "b\n"), ("<p style='display:none'>a<b>b</b><p>c", "c\n"), ("<p style='display:none'>a<b>b</b></p>c", "c\n"),
        ("<div style='display:none'><i title='</div>'>a</i><!-- </div> -->b</div>c", "c\n"), ("<div style='display:none'><style></div></style>a</div>b", "b\n"), ("<title-bar>a</title-bar>b", "ab\n"), ("<script>'</scripts>'</script >a", "a\n"),
    ])
    func hidden(html: String, expected: String) { #expect(text(html) == expected) }

    @Test("hidden parts that say no end are over where a browser ends them", arguments: [
        ("<ul><li style='display:none'>a<li>b</ul>c", "- b\n\nc\n"), ("<ul><li style='display:none'>a<ul><li>x</ul><li>b</ul>c", "- b\n\nc\n"), ("<ol><li style='display:none'>a</ol>c", "c\n"),
        ("<table><tr><td style='display:none'>a<td>b<tr><td>c</table>d", "b\nc\n\nd\n"), ("<table><tr style='display:none'><td>a<table><tr><td>x</table>y<tr><td>b</table>", "b\n"),
        ("<table><tr><td style='display:none'>a</tr><tr><td>b</table>", "b\n"), ("<dl><dt style='display:none'>a<dd>b</dl>", "b\n"), ("<div style='display:none'>a<div>b</div>c</div>d", "d\n"),
    ])
    func unended(html: String, expected: String) { #expect(text(html) == expected) }

    @Test("what a browser does not show is not said, items have the numbers that they are given, and an address is one", arguments: [
        ("<p hidden>a</p><p HIDDEN=until-found>b</p>c", "c\n"), ("a<template><p>b</p></template>c", "ac\n"), ("<ol><li value=9>a<li>b</ol>", "9. a\n10. b\n"), ("<ol><li value='x'>a</ol>", "1. a\n"),
        ("<a href='mailto:a@b.example?subject=Hi'>write</a>", "write (a@b.example)\n"), ("<a href='MAILTO:a@b.example'>a@b.example</a>", "a@b.example\n"), ("<p hiddenly>a</p>", "a\n"),
    ])
    func unshown(html: String, expected: String) { #expect(text(html) == expected) }

    @Test("what a part that can be opened is called stands on a line of its own")
    func summaries() { #expect(text("<details><summary>More</summary>inside</details>behind") == "More\n\ninside\n\nbehind\n") }

    @Test("items, rules and lines as they are written", arguments: [
        ("<ul><li><p>a</p></li><li><p>b</p><p>c</p></li></ul><p>d</p>", "- a\n- b\n\nc\n\nd\n"), ("<ol><li><div>a</div></li><li></li><li>c</li></ol>", "1. a\n2.\n3. c\n"), ("<ul><li>a<ul><li><p>b</p></li></ul></li></ul>c", "- a\n- b\n\nc\n"),
        ("a<hr>b", "a\n\n---\n\nb\n"), ("<pre>\n  a\n\tb  \n\n\nc\r\nd\n\n\n</pre>e", "  a\n\tb\n\n\nc\nd\n\ne\n"), ("<p>a</p><pre>b <b>  c</b></pre>d  e", "a\n\nb   c\n\nd e\n"), ("<a href='https://wren.example/'>tea", "tea (https://wren.example/)\n"),
    ])
    func lines(html: String, expected: String) { #expect(text(html) == expected) }

    @Test("character references are read as browsers read them", arguments: [
        ("&hearts;\u{fe0f}", "♥\u{fe0f}"), ("&eacute;\u{301}", "é\u{301}"), ("a&nbsp;\u{200c}b", "a \u{200c}b"), ("&copy 2026 &amp tea", "© 2026 & tea"), ("&copy2026", "©2026"), ("&notin; &notx &hearts", "∉ ¬x &hearts"), ("&#146;&#150;&#128;&#x92s", "’–€’s"),
        ("a&#10;b&#13;c&#9;d&NewLine;e", "a b c d e"), ("&#x1F600;&#128512", "😀😀"), ("&#0;&#xD800;&#99999999999999999999;", "\u{fffd}\u{fffd}\u{fffd}"), ("&; &#; &#x; &#+65; &#129; &#1; &nosuch; &", "&; &#; &#x; &#+65; &#129; &#1; &nosuch; &"), ("&amp;amp;", "&amp;"),
    ])
    func references(html: String, expected: String) { #expect(text(html) == expected + "\n") }

    @Test("in an address, what only looks like a reference is part of the address", arguments: [
        ("?a=1&copy=2", "?a=1&copy=2"), ("?a=1&copy2", "?a=1&copy2"), ("?a=1&amp;copy=2", "?a=1&copy=2"), ("?a=1&copy;", "?a=1©"), ("?a=1&copy", "?a=1©"), ("?a=1&section=2", "?a=1&section=2"),
    ])
    func addresses(written: String, expected: String) {
        #expect(text("<a href='https://wren.example/\(written)'>tea</a>") == "tea (https://wren.example/\(expected))\n")
        #expect(Entities.decoded(written, inAttribute: true) == expected)
    }

    @Test("whatever is written, it never traps, and the link before it stays")
    func noise() {
        let parts = [
            "<", ">", "/", "=", "\"", "'", " ", "\n", "\r", "<!--", "-->", "--!>", "<!", "<?", "</", "<p", "<li>", "<ul>", "</ul>", "</li>", "<pre>", "</pre>", "<a href=", "</a>", "<hr>", "style='display:none'", "<div ", "</div>", "<script>", "</script",
            "title=", "alt", "<img ", "&", "&#", "&#x", "99999999999", "&copy", ";", "é", "\u{301}", "<ol start=9223372036854775807>", "<ol start=-9223372036854775808>", "<td>", "<br>", "x",
        ]
        var random = UInt64(22)
        func next(_ bound: Int) -> Int {
            random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(truncatingIfNeeded: (random >> 33) % UInt64(bound))
        }
        for _ in 0..<20_000 {
            let html = (0..<next(14)).map { _ in parts[next(parts.count)] }.joined()
            let said = text("<a href='https://wren.example/'>tea</a> " + html)
            #expect(said.utf8.starts(with: "tea (https://wren.example/)".utf8), "\(html): \(said)")
            let cut = Array(html.utf8).prefix(next(html.utf8.count + 1))
            _ = TextTwin.text(of: Array(cut))
        }
    }

    @Test("a long mail takes as long as its bytes, whatever it repeats", arguments: [
        "<", "<!--", "<!", "<?", "</", "<a b=\"", "<a href='x'>", "<div style='display:none'>", "<p style='display:none'>", "<p style='display:none'><div>", "<span style='display:none'></span>", "<script>", "</script", "&", "&aaaaaaa", "&#", "&#1",
        "&copy", "&\u{301}", " style", " style=' display'", "<pre>\n", "<pre> ", "<li>", "<ul><li><p>", "<td>", "<img alt='&amp'>", "\r\n", "-", "<title><div>",
    ])
    func linear(part: String) {
        func duration(_ count: Int, _ before: String) -> Duration {
            let html = Array((before + String(repeating: part, count: count)).utf8)
            return ContinuousClock().measure { _ = TextTwin.text(of: html) }
        }
        for before in ["", "<a", "<div style='display:none'>", "<script>", "<!--", "<pre>"] {
            // 60 kB take some 3 ms in an optimised build; what went back again and again would take many seconds in any.
            #expect(duration(60_000 / part.utf8.count, before) < .seconds(5), "\(before)\(part)")
        }
    }
}
