#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import NIOCore
import Vocabulary

/// Whether the address of the settings can be listened on, asked before the data folder is opened: a taken port must not cost a recovery, and must be said in words.
enum ListeningAddress {
    /// - Throws: ``Refusal`` that names the setting.
    static func check(host: String, port: Int) throws {
        let address: SocketAddress
        do { address = try SocketAddress.makeAddressResolvingHost(host, port: port) } catch {
            throw Refusal(500, "server.host-unknown", "The setting `host` is \(host), which is no address of this machine.", remedy: "Use 127.0.0.1 for this machine alone, or 0.0.0.0 for every address it has.")
        }
        let family = if case .v6 = address { AF_INET6 } else { AF_INET }
        let descriptor = socket(family, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        // As the server will: what only lingers from a connection before is no hindrance.
        var isOn: Int32 = 1
        _ = unsafe setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &isOn, socklen_t(MemoryLayout<Int32>.size))
        let code = unsafe address.withSockAddr { pointer, size in unsafe bind(descriptor, pointer, socklen_t(size)) == 0 ? 0 : errno }
        switch code {
        case EADDRINUSE:
            throw Refusal(500, "server.port-taken", "Port \(port) of \(host) is taken by another program.", remedy: "Stop that one, or name another port with --port; 0 picks a free one.")
        case EACCES:
            throw Refusal(500, "server.port-forbidden", "Port \(port) may not be opened by this user.", remedy: "Use a port from 1024 on, and a proxy or a redirect in front of it.")
        case EADDRNOTAVAIL:
            throw Refusal(500, "server.host-unknown", "The setting `host` is \(host), which is no address of this machine.", remedy: "Use 127.0.0.1 for this machine alone, or 0.0.0.0 for every address it has.")
        default: return
        }
    }
}
