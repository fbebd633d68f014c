/// An e-mail address as its mailbox: small letters, without what the provider ignores.
public enum EmailAddress {
    /// The mailbox that `text` names; nil where it is no address or a known stand-in for none.
    ///
    /// A `+tag` is dropped at providers that have such tags, dots at Google alone, where `j.doe` and `jdoe` are one mailbox.
    public static func canonical(_ text: String) -> String? {
        var out: [UInt8] = []
        return append(Array(text.utf8), to: &out) ? String(decoding: out, as: UTF8.self) : nil
    }

    /// Appends the mailbox; false, with nothing appended, where there is none.
    static func append(_ text: [UInt8], to out: inout [UInt8]) -> Bool {
        let begin = out.count
        var at = -1
        for byte in text {
            guard byte > 0x20, byte != 0x3c, byte != 0x3e, byte != 0x22 else { continue }
            if byte == 0x40 {
                guard at < 0 else { out.removeLast(out.count - begin); return false }
                at = out.count
            }
            out.append(byte &- 0x41 < 26 ? byte | 0x20 : byte)
        }
        while out.count > begin, out[out.count - 1] == 0x2e { out.removeLast() }
        guard at > begin, at + 1 < out.count, out[(at + 1)...].contains(0x2e) else { out.removeLast(out.count - begin); return false }
        let domain = Array(out[(at + 1)...])
        var local = Array(out[begin..<at])
        out.removeLast(out.count - begin)
        let provider = String(decoding: domain, as: UTF8.self)
        if withTags.contains(provider), let plus = local.firstIndex(of: 0x2b), plus > 0 { local.removeSubrange(plus...) }
        let isGoogle = provider == "gmail.com" || provider == "googlemail.com"
        if isGoogle { local.removeAll { $0 == 0x2e } }
        guard !local.isEmpty, !isPlaceholder(local, provider) else { return false }
        out.append(contentsOf: local)
        out.append(0x40)
        out.append(contentsOf: isGoogle ? Array("gmail.com".utf8) : domain)
        return true
    }

    private static let withTags: Set<String> = [
        "gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "icloud.com", "me.com", "proton.me", "protonmail.com", "fastmail.com", "yandex.com", "yandex.ru",
    ]

    /// Addresses that people type where they have or want to give none.
    private static func isPlaceholder(_ local: [UInt8], _ domain: String) -> Bool {
        let name = String(decoding: local, as: UTF8.self)
        if reserved.contains(domain) || domain.hasSuffix(".invalid") || domain.hasSuffix(".example") || domain.hasSuffix(".test") { return true }
        if nobody.contains(name) { return true }
        let organisation = domain.prefix { $0 != "." }
        return organisation == name && generic.contains(name)
    }
    private static let reserved: Set<String> = ["example.com", "example.org", "example.net", "test.com", "none.com", "noemail.com", "no-email.com", "nomail.com", "email.invalid"]
    private static let nobody: Set<String> = ["noemail", "no-email", "nomail", "none", "noreply", "no-reply", "donotreply", "null", "unknown", "notprovided", "invalid", "na", "n/a"]
    private static let generic: Set<String> = ["test", "none", "na", "abc", "asdf", "email", "mail", "a", "x", "xx", "xxx"]
}
