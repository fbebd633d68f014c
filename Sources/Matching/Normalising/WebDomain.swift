import Foundation

/// A company's place in the web: what is left of an address or an e-mail without scheme, `www` and path.
public enum WebDomain {
    /// Nil where it is no domain, or one at which anybody may have a mailbox.
    public static func canonical(_ text: String) -> String? {
        var out: [UInt8] = []
        append(Array(text.utf8), to: &out)
        return out.isEmpty ? nil : String(decoding: out, as: UTF8.self)
    }

    static func append(_ text: [UInt8], to out: inout [UInt8]) {
        var rest = text[...].drop { $0 <= 0x20 }
        if let scheme = rest.firstRange(of: Array("://".utf8)) { rest = rest[scheme.upperBound...] }
        if let at = rest.lastIndex(of: 0x40) { rest = rest[(at + 1)...] }
        rest = rest.prefix { $0 != 0x2f && $0 != 0x3a && $0 != 0x3f && $0 != 0x23 && $0 > 0x20 }
        var domain = rest.map { (0x41...0x5a).contains($0) ? $0 + 0x20 : $0 }
        while domain.last == 0x2e { domain.removeLast() }
        if domain.starts(with: Array("www.".utf8)) { domain.removeFirst(4) }
        guard domain.count >= 4, domain.count <= 253, domain.contains(0x2e), domain.first != 0x2e, !anybodys.contains(domain) else { return }
        out.append(contentsOf: domain)
    }

    private static let anybodys = Set(
        """
        gmail.com googlemail.com outlook.com hotmail.com live.com msn.com yahoo.com yahoo.es yahoo.de ymail.com aol.com icloud.com me.com mac.com gmx.de gmx.net gmx.com web.de t-online.de freenet.de
        mail.com proton.me protonmail.com yandex.com yandex.ru mail.ru qq.com 163.com example.com linkedin.com facebook.com instagram.com
        """.split(whereSeparator: { $0 == " " || $0 == "\n" }).map { Array($0.utf8) })
}
