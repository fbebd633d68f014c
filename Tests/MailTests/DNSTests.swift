@testable import Mail
import Testing

@Suite("What a name server says, as bytes")
struct DNSTests {
    private static let name = "_dmarc.wren.example"

    /// A reply put together by hand, so that it can be wrong in any way.
    private struct Message {
        var id: UInt16 = 7
        var flags = 0x8180
        var questions: [[UInt8]]
        var records: [[UInt8]] = []
        /// How many records it says that it has.
        var count: Int?
        var authorities = 0

        init(asking name: String = DNSTests.name, type: Int = 16, class net: Int = 1, _ records: [[UInt8]] = []) {
            questions = [DNSTests.labels(name) + DNSTests.pair(type) + DNSTests.pair(net)]
            self.records = records
        }

        var bytes: [UInt8] {
            let head = DNSTests.pair(Int(id)) + DNSTests.pair(flags) + DNSTests.pair(questions.count) + DNSTests.pair(count ?? records.count) + DNSTests.pair(authorities) + DNSTests.pair(0)
            return head + questions.flatMap { $0 } + records.flatMap { $0 }
        }
    }

    private static func pair(_ value: Int) -> [UInt8] { [UInt8(value >> 8 & 0xff), UInt8(value & 0xff)] }
    private static func labels(_ name: String) -> [UInt8] { name.split(separator: ".").flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) } + [0] }
    private static func strings(_ texts: String...) -> [UInt8] { texts.flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) } }
    private static func record(at owner: [UInt8] = [0xc0, 12], type: Int = 16, class net: Int = 1, _ data: [UInt8], length: Int? = nil) -> [UInt8] {
        owner + pair(type) + pair(net) + [0, 0, 0, 60] + pair(length ?? data.count) + data
    }

    private func read(_ message: Message, kind: DNSQuestion.Kind = .texts, name: String = DNSTests.name) throws -> DNSReply? { DNSReply.read(message.bytes, to: try #require(DNSQuestion(kind, name)), id: 7) }

    @Test("a question is a head, the name's labels, its type and the class of the internet")
    func question() throws {
        let question = try #require(DNSQuestion(.texts, "_DMARC.Wren.example"))
        #expect(question.name == Self.name)
        #expect(question.bytes(id: 0x1234) == [0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0] + Self.labels(Self.name) + [0, 16, 0, 1])
    }

    @Test("what is no name cannot be asked", arguments: ["", ".", "wren..example", "wren.example.", String(repeating: "a", count: 64) + ".example", "wren example", "çay.example", Array(repeating: "abcdefg", count: 32).joined(separator: ".")])
    func noName(name: String) { #expect(DNSQuestion(.texts, name) == nil) }

    @Test("the longest names can be asked")
    func longNames() {
        #expect(DNSQuestion(.texts, String(repeating: "a", count: 63) + ".example") != nil)
        // 31 labels of 8 bytes with their lengths, one of 6, and the end: 255.
        #expect(DNSQuestion(.texts, (Array(repeating: "abcdefg", count: 31) + ["abcde"]).joined(separator: ".")) != nil)
        #expect(DNSQuestion(.texts, (Array(repeating: "abcdefg", count: 31) + ["abcdef"]).joined(separator: ".")) == nil)
    }

    @Test("several strings are one text, and several records several")
    func texts() throws {
        let reply = try read(Message([Self.record(Self.strings("v=DMARC1; ", "p=none")), Self.record(Self.strings("other"))]))
        #expect(reply == .answer(.records(["v=DMARC1; p=none", "other"])))
    }

    @Test("an alias is followed, also through others and in any letters, and what stands at strangers is not ours")
    func aliases() throws {
        let (first, second) = (Self.labels("one.example"), Self.labels("two.example"))
        let records = [
            Self.record(at: Self.labels("TWO.example"), Self.strings("found")), Self.record(at: first, type: 5, second), Self.record(type: 5, first), Self.record(at: Self.labels("evil.example"), Self.strings("not ours")),
        ]
        #expect(try read(Message(records)) == .answer(.records(["found"])))
        // Nobody said what stands at its end, unless they name the zone that has nothing there.
        #expect(try read(Message([Self.record(type: 5, first)])) == .failed)
        var whole = Message([Self.record(type: 5, first)])
        whole.authorities = 1
        #expect(try read(whole) == .answer(.absent))
    }

    @Test("aliases that go round are refused, and two of one name")
    func circles() throws {
        let (first, second) = (Self.labels("one.example"), Self.labels("two.example"))
        #expect(try read(Message([Self.record(type: 5, first), Self.record(at: first, type: 5, second), Self.record(at: second, type: 5, first)])) == .failed)
        #expect(try read(Message([Self.record(type: 5, first), Self.record(type: 5, second)])) == .failed)
    }

    @Test("servers of mail have a weight and a name, perhaps with a pointer in it")
    func mailServers() throws {
        // `wren.example` stands eight bytes into the question.
        let message = Message(type: 15, [Self.record(type: 15, [0, 10, 2, 0x6d, 0x78, 0xc0, 12 + 7]), Self.record(type: 15, [0, 0, 0])])
        #expect(try read(message, kind: .mailServers) == .answer(.records(["10 mx.wren.example", "0 ."])))
    }

    @Test("no such name, nothing there, a failure and a referral are told apart")
    func codes() throws {
        var message = Message()
        #expect(try read(message) == .answer(.absent))
        message.flags = 0x8183
        #expect(try read(message) == .answer(.absent))
        for code in [1, 2, 4, 5] {
            message.flags = 0x8180 | code
            #expect(try read(message) == .failed)
        }
        // Neither asks others nor owns the name.
        message.flags = 0x8100
        #expect(try read(message) == .failed)
        message.flags = 0x8500
        #expect(try read(message) == .answer(.absent))
    }

    @Test("what did not fit is asked for again, whatever else stands there")
    func truncated() throws {
        var message = Message([[1, 2, 3]])
        message.flags = 0x8380
        #expect(try read(message) == .truncated)
    }

    @Test("a reply to another question, of another id, or none at all is passed over")
    func strangers() throws {
        let right = Self.record(Self.strings("x"))
        var message = Message([right])
        message.id = 8
        #expect(try read(message) == nil)
        message = Message([right])
        message.flags = 0x0100
        #expect(try read(message) == nil, "a question")
        message.flags = 0x8980
        #expect(try read(message) == nil, "of another kind")
        #expect(try read(Message(asking: "wren.example", [right])) == nil)
        #expect(try read(Message(type: 1, [right])) == nil)
        #expect(try read(Message(class: 3, [right])) == nil)
        message = Message([right])
        message.questions = []
        #expect(try read(message) == nil)
        message = Message([right])
        message.questions.append(message.questions[0])
        #expect(try read(message) == nil)
        #expect(try read(Message(asking: "_DMARC.WREN.EXAMPLE", [right])) == .answer(.records(["x"])), "letters do not matter")
    }

    @Test("records that cannot be read make the whole reply worth nothing")
    func broken() throws {
        let right = Self.record(Self.strings("x"))
        for wrong: [UInt8] in [
            Self.record([3, 0x61]), Self.record(Self.strings("x"), length: 3), Self.record(Self.strings("x"), length: 0xffff), Self.record(at: [0xc0, 200], Self.strings("x")), Self.record(at: [0x80, 1], Self.strings("x")),
            Self.record(type: 5, [1, 0x61]), Self.record(type: 5, Self.labels("a.example") + [0]), [0xc0],
        ] {
            #expect(try read(Message([right, wrong])) == .failed, "\(wrong)")
        }
        var message = Message([right])
        message.count = 2
        #expect(try read(message) == .failed, "fewer than it says")
        message = Message([right, Self.record(class: 3, Self.strings("of another net"))])
        #expect(try read(message) == .answer(.records(["x"])))
    }

    @Test("a pointer to itself, forward, round or into the head leads nowhere")
    func pointers() throws {
        let start = Message().bytes.count
        for owner: [UInt8] in [[0xc0, UInt8(start)], [0xc0, UInt8(start + 2)], [1, 0x61, 0xc0, UInt8(start)], [0xc0, 4], [0xc0]] {
            #expect(try read(Message([Self.record(at: owner, Self.strings("x"))])) == .failed, "\(owner)")
        }
        // Two that point to each other, one of them inside the text of the record before.
        let first = Self.record([3, 0xc0, UInt8(start + 16), 0])
        #expect(try read(Message([first, Self.record(at: [0xc0, UInt8(start + 13)], Self.strings("x"))])) == .failed)
    }

    @Test("no bytes make it trap: each beginning of a reply, each byte changed, and noise")
    func noise() throws {
        let question = try #require(DNSQuestion(.texts, Self.name))
        let whole = Message([Self.record(type: 5, Self.labels("one.example")), Self.record(at: Self.labels("one.example"), Self.strings("v=DMARC1; ", "p=none"))]).bytes
        #expect(DNSReply.read(whole, to: question, id: 7) == .answer(.records(["v=DMARC1; p=none"])))
        for count in whole.indices { #expect(DNSReply.read(Array(whole[..<count]), to: question, id: 7) != .answer(.records(["v=DMARC1; p=none"]))) }
        for index in whole.indices {
            for byte in [UInt8](0...255) {
                var changed = whole
                changed[index] = byte
                _ = DNSReply.read(changed, to: question, id: 7)
            }
        }
        let seed = UInt64.random(in: 1 ... .max)
        var state = seed
        for round in 0..<20_000 {
            var bytes: [UInt8] = round.isMultiple(of: 2) ? Message().bytes : []
            let records = round.isMultiple(of: 2)
            for _ in 0..<(round % 97) {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                bytes.append(UInt8(truncatingIfNeeded: state >> 56))
            }
            if records { bytes[7] = 5 }
            let reply = DNSReply.read(bytes, to: question, id: 7)
            #expect(records || reply == nil, "seed \(seed), round \(round)")
        }
    }

    @Test("name servers are written with or without a port", arguments: [
        ("127.0.0.1", "127.0.0.1", 53), ("127.0.0.1:5353", "127.0.0.1", 5353), ("::1", "::1", 53), ("[::1]", "::1", 53), ("[::1]:5353", "::1", 5353),
    ])
    func nameServers(text: String, address: String, port: Int) {
        let server = NameServer(text)
        #expect(server?.address == address && server?.port == port)
    }

    @Test("what is no address of a name server is none", arguments: ["", "ns.example", "127.0.0.1:", "127.0.0.1:0", "127.0.0.1:65536", "[::1", "[::1]x", "[::1]:", "1.2.3", "127.0.0.1:53:53"])
    func noNameServers(text: String) { #expect(NameServer(text) == nil) }

    @Test("a machine's own name servers are those that its configuration names, three at most")
    func configuration() {
        let text = "# nameserver 9.9.9.9\nsearch wren.example\nnameserver 127.0.0.53\nnameserver\t::1 \nnameserver fe80::1%eth0\noptions edns0\nnameserver 10.0.0.1\nnameserver 10.0.0.2\n"
        #expect(NameServer.all(in: text) == ["127.0.0.53", "::1", "10.0.0.1"].compactMap { NameServer($0) })
        #expect(NameServer.all(in: "") == [])
    }

    @Test("an organisation's domain is its last two labels, or three under a country's registry", arguments: [
        ("wren.example", "wren.example"), ("mail.shop.wren.example", "wren.example"), ("wren.co.uk", "wren.co.uk"), ("a.wren.co.uk", "wren.co.uk"), ("a.wren.com.tr", "wren.com.tr"), ("a.co.example", "co.example"), ("localhost", "localhost"),
    ])
    func organisations(name: String, organisation: String) { #expect(DomainName.organisation(of: name) == organisation) }

    @Test("a resolver without a server that answers says that it does not know")
    func nobody() async throws {
        let question = try #require(DNSQuestion(.texts, Self.name))
        // Nothing listens there.
        let resolver = DNSResolver([try #require(NameServer("127.0.0.1:1"))])
        for wait in [Duration.seconds(3), .zero] {
            let answer = await resolver.ask(question, until: .now + wait)
            #expect(answer == .unknown)
        }
    }
}
