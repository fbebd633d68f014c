#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import NIOCore
public import Vocabulary

/// An address that may be called, taken apart: no names or passwords in it, nothing that two readers read in two ways.
public struct WebhookAddress: Sendable, Hashable {
    public let isSecure: Bool
    public let host: String
    public let port: Int
    /// Path and query as they are sent.
    public let target: String

    /// - Throws: ``Refusal`` 400 that says what is wrong.
    public init(_ text: String, allowsPrivate: Bool) throws(Refusal) {
        func refuse(_ problem: String, _ remedy: String) -> Refusal { Refusal(400, "webhook.address", problem, remedy: remedy) }
        let rest: Substring
        if text.hasPrefix("https://") {
            (isSecure, rest) = (true, text.dropFirst(8))
        } else if allowsPrivate, text.hasPrefix("http://") {
            (isSecure, rest) = (false, text.dropFirst(7))
        } else { throw refuse("The address does not begin with https://.", "Use an https address; http and private networks need the setting `allow-private-destinations`.") }
        guard text.utf8.count <= 2000, rest.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f && $0 != 0x5c && $0 != 0x22 && $0 != 0x3c && $0 != 0x3e }), !rest.contains("#") else {
            throw refuse("The address has a sign that no address has, or is longer than 2000 bytes.", "Percent-encode it, and leave out what is behind a #.")
        }
        let end = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
        let authority = rest[..<end]
        let tail = rest[end...]
        target = tail.isEmpty ? "/" : tail.hasPrefix("?") ? "/" + tail : String(tail)
        guard !authority.contains("@") else { throw refuse("The address names a user.", "Leave out what stands before the @; calls are signed.") }
        var name = authority
        var port = isSecure ? 443 : 80
        if authority.hasPrefix("[") {
            guard let close = authority.firstIndex(of: "]") else { throw refuse("The host is no address.", "Write it as https://[2001:db8::1]/.") }
            name = authority[authority.index(after: authority.startIndex)..<close]
            let after = authority[authority.index(after: close)...]
            if !after.isEmpty {
                guard after.hasPrefix(":"), let number = Int(after.dropFirst()) else { throw refuse("The port is no number.", "Write it as https://hooks.example:8443/.") }
                port = number
            }
            guard !name.isEmpty, name.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x3a || $0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x66 || $0 == 0x2e }) else { throw refuse("The host is no address.", "Write it as https://[2001:db8::1]/.") }
        } else {
            if let colon = authority.lastIndex(of: ":") {
                guard let number = Int(authority[authority.index(after: colon)...]) else { throw refuse("The port is no number.", "Write it as https://hooks.example:8443/.") }
                (name, port) = (authority[..<colon], number)
            }
            let isName = !name.isEmpty && name.utf8.count <= 253 && name.utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 || $0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7a || $0 == 0x2d || $0 == 0x2e }
            guard isName else { throw refuse("The host is no name.", "Write it as https://hooks.example/.") }
        }
        guard (1...65535).contains(port), allowsPrivate || port == 80 || port == 443 || port >= 1024 else {
            throw refuse("Port \(port) belongs to another service than the web.", "Use 443 or one from 1024 on.")
        }
        guard allowsPrivate || !SocketAddress.isPrivateNumber(String(name)) else {
            throw refuse("The address is in a private network.", "Use one on the open network; private networks need the setting `allow-private-destinations`.")
        }
        host = name.lowercased()
        self.port = port
    }

    /// As the header `Host` has it.
    var authority: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return port == (isSecure ? 443 : 80) ? name : "\(name):\(port)"
    }
}

extension SocketAddress {
    /// Whether a host is a number that no address of the open network has, however it is written: `127.1` and `0x7f000001` are this machine.
    static func isPrivateNumber(_ host: String) -> Bool {
        var address = in_addr()
        if unsafe inet_aton(host, &address) != 0 { return !isPublic(v4: UInt32(bigEndian: address.s_addr)) }
        return (try? SocketAddress(ipAddress: host, port: 0)).map { !$0.isPublic } ?? false
    }

    /// Whether it belongs to somebody on the open network, and not to this machine, a private or special one, or a group.
    ///
    /// - Note: the special-purpose registries of RFC 6890; of an IPv6 address that carries an IPv4 one, the inner one counts.
    var isPublic: Bool {
        switch self {
        case .v4(let address): SocketAddress.isPublic(v4: UInt32(bigEndian: address.address.sin_addr.s_addr))
        case .v6(let address): SocketAddress.isPublic(v6: withUnsafeBytes(of: address.address.sin6_addr) { unsafe Array($0) })
        case .unixDomainSocket: false
        }
    }

    static func isPublic(v4 address: UInt32) -> Bool {
        let special: [(UInt32, Int)] = [
            (0, 8), (0x0a00_0000, 8), (0x6440_0000, 10), (0x7f00_0000, 8), (0xa9fe_0000, 16), (0xac10_0000, 12), (0xc000_0000, 24), (0xc000_0200, 24), (0xc058_6300, 24), (0xc0a8_0000, 16),
            (0xc612_0000, 15), (0xc633_6400, 24), (0xcb00_7100, 24), (0xe000_0000, 3),
        ]
        return !special.contains { base, bits in address >> UInt32(32 - bits) == base >> UInt32(32 - bits) }
    }

    static func isPublic(v6 bytes: [UInt8]) -> Bool {
        func inner(_ start: Int) -> UInt32 { bytes[start..<start + 4].reduce(0) { $0 << 8 | UInt32($1) } }
        guard bytes.count == 16 else { return false }
        if bytes[..<10].allSatisfy({ $0 == 0 }), bytes[10] == 0xff, bytes[11] == 0xff { return isPublic(v4: inner(12)) }
        if bytes.starts(with: [0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0]) { return isPublic(v4: inner(12)) }
        if bytes.starts(with: [0x20, 0x02]) { return isPublic(v4: inner(2)) }
        // Teredo, documentation.
        if bytes.starts(with: [0x20, 0x01, 0, 0]) || bytes.starts(with: [0x20, 0x01, 0x0d, 0xb8]) { return false }
        return bytes[0] & 0xe0 == 0x20
    }
}
