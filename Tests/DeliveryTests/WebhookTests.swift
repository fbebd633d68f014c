import Testing
import Vocabulary
import Webhooks

@Suite("Signatures and addresses of webhooks")
struct WebhookTests {
    @Test("a call is signed as the Standard Webhooks specification signs its example")
    func signature() {
        // The example of the specification's reference libraries.
        let header = WebhookSignature.header(
            id: "msg_p5jXN8AQM9LWM0D4loKWxJek", seconds: 1_614_265_330, body: Array("{\"test\": 2432232314}".utf8), secrets: ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"])
        #expect(header == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
    }

    @Test("while a secret is rotated both sign, and what is no secret signs nothing")
    func rotation() {
        let (old, new) = (WebhookSignature.newSecret(), WebhookSignature.newSecret())
        #expect(old != new && WebhookSignature.isSecret(old) && WebhookSignature.isSecret(new))
        let header = WebhookSignature.header(id: "a", seconds: 1, body: [], secrets: [new, old, "whsec_short", "other"])
        #expect(header.split(separator: " ").count == 2)
        #expect(header == WebhookSignature.header(id: "a", seconds: 1, body: [], secrets: [new]) + " " + WebhookSignature.header(id: "a", seconds: 1, body: [], secrets: [old]))
    }

    @Test("an address is https without a user, a fragment, a trick, or the port of another service", arguments: [
        "http://hooks.example/", "ftp://hooks.example/", "https://user@hooks.example/", "https://hooks.example/#x", "https://hooks.example\\@evil.example/", "https://hooks.example:22/", "https://hooks.example:25/",
        "https://hooks.example:0/", "https://hooks.example:99999/", "https:///x", "https://hooks example/", "https://[::1/", "https://[x]/", "https://h\u{e9}.example/", "https://a_b.example/", "https://hooks.example:x/",
        "https://10.0.0.1/", "https://127.1/", "https://0x7f000001/", "https://2130706433/", "https://0177.0.0.1/", "https://[::1]/", "https://[fd00::1]/", "https://[::ffff:10.0.0.1]/", "https://[2001:db8::1]/",
    ])
    func refused(_ text: String) { #expect(throws: Refusal.self) { try WebhookAddress(text, allowsPrivate: false) } }

    @Test("an address is taken apart as it will be called")
    func parts() throws {
        let address = try WebhookAddress("https://Hooks.Example:8443?x=1", allowsPrivate: false)
        #expect((address.host, address.port, address.target) == ("hooks.example", 8443, "/?x=1"))
        #expect(try WebhookAddress("https://[2606:4700::1]/a", allowsPrivate: false).host == "2606:4700::1")
        #expect(try !WebhookAddress("http://127.0.0.1:9000/", allowsPrivate: true).isSecure)
    }
}
