import Mail
import Testing

@Suite("Mail addresses")
struct AddressTests {
    @Test("real addresses are read", arguments: [
        ("ada@example.com", "ada@example.com"), ("  ada@example.com\t", "ada@example.com"), ("Ada.Wren+tea@Example.COM", "Ada.Wren+tea@example.com"), ("o'brien@example.co.uk", "o'brien@example.co.uk"),
        ("a@b", "a@b"), ("ada@bücher.example", "ada@xn--bcher-kva.example"), ("ada@MÜNCHEN.de", "ada@xn--mnchen-3ya.de"), ("ada@例え.jp", "ada@xn--r8jz45g.jp"),
        ("ada@ουτοπία.gr", "ada@xn--kxae4bafwg.gr"), ("ada@президент.рф", "ada@xn--d1abbgf6aiiy.xn--p1ai"), ("ünal@çay.example", "ünal@xn--ay-3ia.example"),
    ])
    func read(_ text: String, _ expected: String) throws { #expect(try MailAddress(text).text == expected) }

    @Test("a wide letter is the letter, and a name may be of any one script", arguments: [
        ("ada@ｅｘａｍｐｌｅ.com", "ada@example.com"), ("ada@пример.рф", "ada@xn--e1afmkfd.xn--p1ai"), ("ada@tea例え.jp", "ada@xn--tea-b73b408n.jp"), ("ada@xn--bcher-kva.example", "ada@xn--bcher-kva.example"),
        ("ada@XN--E1AFMKFD.example", "ada@xn--e1afmkfd.example"), ("ada@αβγ.пример.example", "ada@xn--mxacd.xn--e1afmkfd.example"),
    ])
    func scripts(_ text: String, _ expected: String) throws { #expect(try MailAddress(text).text == expected) }

    @Test("a name of letters that look alike is none, as it is written and as punycode", arguments: [
        "ada@ex\u{430}mple.com", "ada@xn--exmple-4nf.com", "ada@g\u{3bf}\u{3bf}gle.com", "ada@xn--ggle-0nda.com", "ada@пр\u{69}мер.рф", "ada@xn--.com", "ada@xn--a-.com", "ada@xn--ls8h.example", "ada@xn--99999999999.com",
        "ada@xn--tea-.com",
    ])
    func lookAlike(_ text: String) { #expect(throws: MailAddressFault.domain) { try MailAddress(text) } }

    @Test("letters beyond ASCII before the @ need SMTPUTF8, behind it they do not")
    func needs() throws {
        #expect(try MailAddress("ünal@example.com").needsUTF8)
        #expect(try !MailAddress("unal@çay.example").needsUTF8)
    }

    @Test("what could end a command or name a second recipient is refused", arguments: [
        "", "ada", "@example.com", "ada@", "ada@@example.com", "a da@example.com", "ada@example.com>", "<ada@example.com>", "ada@example.com,eve@example.com", "ada@example.com\r\nRCPT TO:<eve@example.com>",
        "ada\r\n@example.com", "ada@exam\nple.com", "ada\u{0}@example.com", "\"a b\"@example.com", "ada@[127.0.0.1]", "ada@exa mple.com", ".ada@example.com", "ada.@example.com", "a..b@example.com",
        "ada@-example.com", "ada@example-.com", "ada@example..com", "ada@.com", "ada@example.com.", "ada\u{2028}@example.com", "ada\u{202e}@example.com", "ada@exam\u{200b}ple.com", "ada@🍵.example",
        "ada(comment)@example.com", "ada;@example.com", "ada:@example.com", "a\\b@example.com",
    ])
    func refused(_ text: String) { #expect(throws: MailAddressFault.self) { try MailAddress(text) } }

    @Test("64 bytes before the @ and 254 in all are allowed, one more is not")
    func lengths() throws {
        let local = String(repeating: "a", count: 64)
        #expect(try MailAddress("\(local)@example.com").local == local)
        #expect(throws: MailAddressFault.length) { try MailAddress("a\(local)@example.com") }
        let label = String(repeating: "b", count: 62)
        let domain = "\(label).\(label).\(label)"
        #expect(try MailAddress("\(local)@\(domain)").text.utf8.count == 253)
        #expect(try MailAddress("\(local)@b\(domain)").text.utf8.count == 254)
        #expect(throws: MailAddressFault.length) { try MailAddress("\(local)@bb\(String(domain.dropFirst())).c") }
    }
}
