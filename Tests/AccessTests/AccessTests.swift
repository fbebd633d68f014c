import Access
import Storage
import TestSupport
import Testing
import Vocabulary

@Suite("Tokens")
struct TokenTests {
    private let folder = TemporaryFolder()
    private let now = Timestamp("2026-07-01T09:00:00Z")!

    private func open() throws -> Tokens { try Tokens(DatabaseFile(path: "\(folder.path)/a.sqlite", migrations: Tokens.migrations)) }

    @Test("opens what it names, in its workspace, also after a restart; its secret is kept nowhere")
    func creates() throws {
        let (token, secret) = try open().create(name: "Reports", workspace: "main", scopes: [.eventsRead, .profilesRead], at: now)
        for tokens in [try open(), try open()] {
            let found = try #require(tokens.token(secret: secret))
            #expect(found.id == token.id && found.workspace == "main" && found.scopes == [.eventsRead, .profilesRead] && found.createdAt == now)
            #expect(tokens.list(workspace: "main").map(\.id) == [token.id])
            #expect(tokens.list(workspace: "demo").isEmpty)
        }
        #expect(folder.filesContaining(secret) == [])
        #expect(folder.filesContaining(String(secret.dropFirst(3))) == [])
    }

    @Test("nothing but the whole secret opens anything")
    func guesses() throws {
        let tokens = try open()
        let (token, secret) = try tokens.create(name: "Reports", workspace: "main", scopes: [.eventsRead], at: now)
        for guess in ["", "mt_", String(secret.dropLast()), secret + "a", secret.uppercased(), " " + secret, token.id, Secrets.hash(secret)] {
            #expect(tokens.token(secret: guess) == nil, "\(guess)")
        }
    }

    @Test("revoked is over at once and after a restart; nobody revokes another workspace's")
    func revokes() throws {
        let tokens = try open()
        let (token, secret) = try tokens.create(name: "Reports", workspace: "main", scopes: [.eventsRead], at: now)
        #expect(try !tokens.revoke(token.id, workspace: "demo"))
        #expect(tokens.token(secret: secret) != nil)
        #expect(try tokens.revoke(token.id, workspace: "main"))
        #expect(try !tokens.revoke(token.id, workspace: "main"))
        #expect(tokens.token(secret: secret) == nil)
        #expect(try open().token(secret: secret) == nil)
    }

    @Test("secrets differ, are long enough to be guessed by nobody, and are compared whole")
    func secrets() {
        let many = (0..<1000).map { _ in Secrets.random() }
        #expect(Set(many).count == 1000)
        // 32 of 57 letters: 186 bits, where ASVS asks for 128.
        #expect(many.allSatisfy { $0.utf8.count == 32 && $0.allSatisfy { $0.isLetter || $0.isNumber } })
        #expect(Secrets.hash("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(Secrets.equal([1, 2], [1, 2]) && !Secrets.equal([1, 2], [1, 3]) && !Secrets.equal([1], [1, 2]) && Secrets.equal([], []))
    }
}

@Suite("Sessions")
struct SessionTests {
    private let folder = TemporaryFolder()
    private let now = Timestamp("2026-07-01T09:00:00Z")!
    private static let password = "lapsang souchong at noon"

    private func open() throws -> Sessions { Sessions(try DatabaseFile(path: "\(folder.path)/a.sqlite", migrations: Sessions.migrations)) }
    private func after(_ milliseconds: Int64) -> Timestamp { Timestamp(clamping: now.milliseconds + milliseconds) }

    private func signIn(_ sessions: Sessions, _ password: String, from address: String = "1.2.3.4", at: Timestamp) throws -> Sessions.Session? {
        if case .signedIn(let session) = try sessions.signIn(password: password, address: address, at: at) { session } else { nil }
    }

    private func wait(_ sessions: Sessions, from address: String = "1.2.3.4", at: Timestamp) throws -> Int? {
        if case .throttled(let seconds) = try sessions.signIn(password: "wrong wrong wrong", address: address, at: at) { seconds } else { nil }
    }

    @Test("the right password opens a session of its own, another opens none; before one is set, none does")
    func signsIn() throws {
        let sessions = try open()
        #expect(try !sessions.hasPassword())
        #expect(try signIn(sessions, "", at: now) == nil)
        #expect(try signIn(sessions, Self.password, at: now) == nil)
        #expect(try sessions.setPassword(Self.password, at: now) == nil)
        #expect(try sessions.hasPassword())
        let first = try #require(try signIn(sessions, Self.password, at: now))
        let second = try #require(try signIn(sessions, Self.password, at: now))
        #expect(first.id != second.id && first.csrf != second.csrf && first.id != first.csrf)
        #expect(try signIn(sessions, Self.password + " ", at: now) == nil)
        #expect(try signIn(sessions, Self.password.uppercased(), at: now) == nil)
        #expect(try open().session(id: first.id, at: now)?.csrf == first.csrf, "after a restart")
        #expect(try sessions.session(id: "guess", at: now) == nil)
        try sessions.end(id: first.id)
        #expect(try sessions.session(id: first.id, at: now) == nil)
        #expect(try sessions.session(id: second.id, at: now) != nil)
        for secret in [Self.password, first.id, second.id] { #expect(folder.filesContaining(secret) == []) }
    }

    @Test("a clock that is set back makes the wait no longer than any other, and it ends")
    func throttlesWithAClockSetBack() throws {
        let sessions = try open()
        #expect(try sessions.setPassword(Self.password, at: now) == nil)
        for _ in 0..<5 { #expect(try wait(sessions, at: now) == nil) }
        let back: Int64 = -86_400_000
        let seconds = try #require(try wait(sessions, at: after(back)))
        #expect(seconds <= 2)
        #expect(try signIn(sessions, Self.password, at: after(back + 2000)) != nil)
    }

    @Test("a session ends when nobody used it for twelve hours, and after fourteen days in any case")
    func ends() throws {
        let sessions = try open()
        let idle = try sessions.open(at: now)
        #expect(try sessions.session(id: idle.id, at: after(Sessions.idleMaximum - 1)) != nil)
        #expect(try sessions.session(id: idle.id, at: after(2 * Sessions.idleMaximum - 2)) != nil, "used in between")
        #expect(try sessions.session(id: idle.id, at: after(3 * Sessions.idleMaximum - 2)) == nil)
        let busy = try sessions.open(at: now)
        var at: Int64 = 0
        while at + Sessions.idleMaximum / 2 < Sessions.ageMaximum {
            at += Sessions.idleMaximum / 2
            #expect(try sessions.session(id: busy.id, at: after(at)) != nil)
        }
        #expect(try sessions.session(id: busy.id, at: after(Sessions.ageMaximum - 1)) != nil)
        #expect(try sessions.session(id: busy.id, at: after(Sessions.ageMaximum)) == nil)
    }

    @Test("a new password ends every session and every link")
    func newPassword() throws {
        let sessions = try open()
        #expect(try sessions.setPassword(Self.password, at: now) == nil)
        let session = try #require(try signIn(sessions, Self.password, at: now))
        let link = try sessions.makeLink(at: now)
        #expect(try sessions.setPassword("oolong in the evening", at: now) == nil)
        #expect(try sessions.session(id: session.id, at: now) == nil)
        #expect(try signIn(sessions, Self.password, at: now) == nil)
        #expect(try signIn(sessions, "oolong in the evening", at: now) != nil)
        #expect(try sessions.redeem(link, at: now) == nil)
    }

    static let passwords: [(String, String?)] = [
        ("", "access.password-short"), ("123456789", "access.password-short"), ("ten letter", nil), ("éèàùâêîôûë", nil), ("茶茶茶茶茶茶茶茶茶", "access.password-short"),
        (String(repeating: "long ", count: 60), nil), (String(repeating: "a b ", count: 256), nil), (String(repeating: "a b ", count: 256) + "a", "access.password-long"), (String(repeating: " ", count: 12), "access.password-short"),
        ("1234567890", "access.password-common"), ("PASSWORD123", "access.password-common"), ("Administrator", "access.password-common"), ("administrator!", "access.password-common"), ("password1234", "access.password-common"), ("P@ssw0rd!2024", "access.password-common"), ("passwordpassword", "access.password-common"), ("123123123123", "access.password-common"), ("aaaaaaaaaaaa", "access.password-common"),
        ("Qwerty2024!!", "access.password-common"), ("Fenerbahçe1907", "access.password-common"), ("administrators of tea", nil), ("my password is long", nil), ("correct horse battery", nil), ("8fK2-93ba-77Qx", nil),
    ]

    @Test("a password needs ten characters and must not be on everybody's list; nothing else is asked of it", arguments: passwords)
    func rules(password: String, code: String?) throws {
        let sessions = try open()
        #expect(try sessions.setPassword(password, at: now)?.explanation.code == code)
        #expect(try sessions.hasPassword() == (code == nil))
        if code == nil { #expect(try signIn(sessions, password, at: now) != nil) }
    }

    @Test("five wrong tries are free, each further one waits twice as long; another address is not held up")
    func throttle() throws {
        let sessions = try open()
        #expect(try sessions.setPassword(Self.password, at: now) == nil)
        for _ in 0..<5 { #expect(try wait(sessions, at: now) == nil) }
        #expect(try wait(sessions, at: now) == 2)
        #expect(try signIn(sessions, Self.password, at: now) == nil, "not even the right one, so that guessing learns nothing")
        #expect(try signIn(sessions, Self.password, from: "5.6.7.8", at: now) != nil)
        #expect(try wait(sessions, at: after(1000)) == nil, "the sixth try")
        #expect(try wait(sessions, at: after(2999)) != nil)
        #expect(try wait(sessions, at: after(3000)) == nil, "the seventh")
        #expect(try wait(sessions, at: after(6999)) != nil)
        #expect(try signIn(sessions, Self.password, at: after(7000)) != nil)
        #expect(try wait(sessions, at: after(7000)) == nil, "and all is forgiven")
    }

    @Test("an IPv6 address is slowed with its whole /64, and one that holds an IPv4 address as that")
    func networks() throws {
        let sessions = try open()
        #expect(try sessions.setPassword(Self.password, at: now) == nil)
        for last in 1...5 { #expect(try wait(sessions, from: "2001:db8:1:2::\(last)", at: now) == nil) }
        #expect(try wait(sessions, from: "2001:0db8:0001:0002:ffff:ffff:ffff:ffff", at: now) != nil)
        #expect(try wait(sessions, from: "2001:db8:1:3::1", at: now) == nil, "the next /64")
        for _ in 1...5 { #expect(try wait(sessions, from: "::ffff:10.0.0.1", at: now) == nil) }
        #expect(try wait(sessions, from: "10.0.0.1", at: now) != nil)
        #expect(try wait(sessions, from: "::ffff:10.0.0.2", at: now) == nil)
        for _ in 1...5 { #expect(try wait(sessions, from: "fe80::1%eth0", at: now) == nil) }
        #expect(try wait(sessions, from: "fe80::2%eth1", at: now) != nil)
        #expect(try wait(sessions, from: "no address", at: now) == nil)
    }

    @Test("a link signs in once, within a day, and looking at it does not use it up")
    func links() throws {
        let sessions = try open()
        let link = try sessions.makeLink(at: now)
        #expect(folder.filesContaining(link) == [])
        #expect(try !sessions.isLink("guess", at: now))
        for _ in 0..<3 { #expect(try sessions.isLink(link, at: now)) }
        let session = try #require(try sessions.redeem(link, at: after(Sessions.linkLifetime)))
        #expect(try sessions.session(id: session.id, at: after(Sessions.linkLifetime)) != nil)
        #expect(try sessions.redeem(link, at: now) == nil)
        #expect(try !sessions.isLink(link, at: now))
        let late = try sessions.makeLink(at: now)
        #expect(try !sessions.isLink(late, at: after(Sessions.linkLifetime + 1)))
        #expect(try sessions.redeem(late, at: after(Sessions.linkLifetime + 1)) == nil)
    }
}
