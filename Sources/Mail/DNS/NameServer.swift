import Foundation
import NIOCore

/// A server that names are asked of.
public struct NameServer: Sendable, Hashable {
    let address: String
    let port: Int

    private static let portUsual = 53
    /// As many as the C library asks.
    private static let countMaximum = 3

    /// From `127.0.0.1`, `127.0.0.1:5353`, `::1` or `[::1]:5353`; nil for anything else.
    public init?(_ text: String) {
        var (host, port): (Substring, Substring?) = (text[...], nil)
        if text.hasPrefix("["), let end = text.firstIndex(of: "]") {
            host = text[text.index(after: text.startIndex)..<end]
            let rest = text[text.index(after: end)...]
            guard rest.isEmpty || rest.hasPrefix(":") else { return nil }
            port = rest.isEmpty ? nil : rest.dropFirst()
        } else if let colon = text.firstIndex(of: ":"), text.lastIndex(of: ":") == colon {
            (host, port) = (text[..<colon], text[text.index(after: colon)...])
        }
        guard !host.contains("%") else { return nil }
        guard let number = port.map({ Int($0) }) ?? NameServer.portUsual, (1...65_535).contains(number), (try? SocketAddress(ipAddress: String(host), port: number)) != nil else { return nil }
        (address, self.port) = (String(host), number)
    }

    /// Those that a `resolv.conf` names, in its order; what cannot be asked, such as an address with a zone, is left out.
    static func all(in configuration: String) -> [NameServer] {
        let named = configuration.split(whereSeparator: \.isNewline).compactMap { line -> NameServer? in
            let words = line.split(whereSeparator: \.isWhitespace)
            return words.count >= 2 && words[0] == "nameserver" ? NameServer(String(words[1]).contains(":") ? "[\(words[1])]" : String(words[1])) : nil
        }
        return Array(named.prefix(countMaximum))
    }

    /// Those that this machine asks; read anew each time, since a machine that moves to another net asks others.
    static func ofThisMachine() -> [NameServer] { (try? String(contentsOfFile: "/etc/resolv.conf", encoding: .utf8)).map(all) ?? [] }

    var socketAddress: SocketAddress? { try? SocketAddress(ipAddress: address, port: port) }
}
