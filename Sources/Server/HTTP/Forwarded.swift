import HTTPTypes
import Hummingbird

/// How a request came: over TLS or not, through a proxy that the settings trust or straight.
struct Forwarded {
    /// Whether it came by TLS, to this server or to a trusted proxy.
    let isSecure: Bool
    /// Whether it was sent on this machine, and not through a proxy on it.
    let isLoopback: Bool
    /// Whether it comes from a proxy that the settings trust.
    let isProxied: Bool

    /// Reads what a trusted proxy says; from then on the request is for the host that the proxy was asked for.
    static func read(_ asked: Request, _ context: ConnectionContext, _ server: MartletServer, isSocket: Bool) -> (Request, Forwarded) {
        guard !isSocket, server.configuration.trusts(context.remoteAddress) else {
            return (asked, Forwarded(isSecure: server.isSecure, isLoopback: isSocket || context.isLoopback, isProxied: false))
        }
        var head = asked.head
        let scheme = last("X-Forwarded-Proto", asked.headers)?.lowercased()
        let host = last("X-Forwarded-Host", asked.headers)?.filter { $0.isASCII && ($0.isLetter || $0.isNumber || ".-:[]".contains($0)) }
        if let host, !host.isEmpty { head.authority = host }
        let isPassedOn = scheme != nil || host != nil || last("X-Forwarded-For", asked.headers) != nil
        let way = Forwarded(isSecure: scheme == "https" || scheme != "http" && server.isSecure, isLoopback: context.isLoopback && !isPassedOn, isProxied: true)
        return (Request(head: head, body: asked.body), way)
    }

    /// A header in the nearest proxy's words.
    static func last(_ header: String, _ headers: HTTPFields) -> String? {
        guard let name = HTTPField.Name(header), let last = headers[name]?.split(separator: ",").last.map({ String($0).trimmed }), !last.isEmpty else { return nil }
        return last
    }
}
