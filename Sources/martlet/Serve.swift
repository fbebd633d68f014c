import ArgumentParser
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Logging
import Server
import Vocabulary

struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Start Martlet and serve until told to stop.")

    @Option(help: "The data folder (also MARTLET_DATA). It is made when missing; nothing is written outside it.") var data: String?
    @Option(help: "The address to listen on (MARTLET_HOST). The console is served to this machine only unless TLS is on.") var host: String?
    @Option(parsing: .unconditional, help: "The port to listen on (MARTLET_PORT); 0 picks a free one.") var port: Int?
    @Option(help: "A PEM certificate chain; turns TLS on together with --tls-key.") var tlsCertificate: String?
    @Option(help: "The PEM private key of the certificate.") var tlsKey: String?
    @Flag(help: "Fill the workspace `demo` with a tea shop, and keep it busy.") var demo = false
    @Option(help: "Addresses of proxies, with commas between, whose X-Forwarded-For, -Proto and -Host are believed (MARTLET_TRUSTED_PROXIES).") var trustedProxies: String?
    @Flag(help: "Let destinations be on this machine or in a private network, and be called without TLS (MARTLET_ALLOW_PRIVATE_DESTINATIONS).") var allowPrivateDestinations = false
    @Option(parsing: .unconditional, help: "Catch mail on this port of this machine instead of sending it, and show it in the console (MARTLET_MAIL_CATCHER); 0 picks a free one, as the demo does.") var mailCatcher: Int?
    @Option(help: "Name servers, with commas between, that the sender's DNS records are looked up at, such as 127.0.0.1:5353 (MARTLET_RESOLVER); this machine's unless told.") var resolver: String?
    @Option(help: "How much memory Martlet may use, such as 2GB (MARTLET_MEMORY); before it is reached, events are refused for a while. Nine tenths of the machine's unless told.")
    var memory: String?
    @Option(help: "A file of `name = value` lines with the same names as these options.") var config: String?

    func run() async throws {
        LargePages.take()
        Process.prepare()
        LoggingSystem.bootstrap { _ in JSONLog() }
        let logger = Logger(label: "martlet")
        var isOpen = false
        do {
            let (configuration, unknown) = try settings()
            for name in unknown {
                logger.warning(
                    "A variable of the environment begins as settings do and is none: it has no effect.",
                    metadata: ["variable": "\(name)", "remedy": "Unset it, or correct its name; `martlet serve --help` has the settings."])
            }
            let server = try MartletServer(configuration, logger: logger)
            isOpen = true
            let scheme = configuration.tlsCertificate == nil ? "http" : "https"
            try await server.run { port in
                let address = "\(scheme)://\(configuration.ownHost):\(port)"
                Output.note("Martlet is ready at \(address)")
                // Only until a password is set: afterwards a link in every start's output would be a second way in.
                let link = (try? server.firstSignInPath()) ?? nil
                Welcome.start(server, configuration, address: address, link: link)
            }
        } catch let refusal as Refusal {
            stop(refusal)
        } catch let error as any Explained {
            stop(Refusal(500, error.explanation.code, error.explanation.problem, remedy: error.explanation.remedy))
        } catch {
            stop(Refusal(500, "server.start", "Martlet cannot start: \(error).", remedy: isOpen ? "Is the port free? Name another with --port." : "Check the disk and the owner of the data folder; `martlet doctor` looks at what is in it."))
        }
    }

    /// What the server is told, and which variables of the environment are no settings.
    private func settings() throws -> (Configuration, unknown: [String]) {
        var configuration = Configuration()
        if let path = config ?? Environment.all[Configuration.fileVariable] {
            guard let text = TextFile.read(path) else {
                throw Refusal(400, "settings.wrong", "The settings file \(path) cannot be read.", remedy: "Check --config.")
            }
            try configuration.read(file: text, path: path)
        }
        let unknown = try configuration.read(environment: Environment.all)
        if let data { configuration.data = data }
        if let host { configuration.host = host }
        if let port { try configuration.set("port", String(port), from: "--port") }
        if let tlsCertificate { configuration.tlsCertificate = tlsCertificate }
        if let tlsKey { configuration.tlsKey = tlsKey }
        if demo { configuration.demo = true }
        if let mailCatcher { try configuration.set("mail-catcher", String(mailCatcher), from: "--mail-catcher") }
        if allowPrivateDestinations { configuration.allowsPrivateDestinations = true }
        if let trustedProxies { try configuration.set("trusted-proxies", trustedProxies, from: "--trusted-proxies") }
        if let resolver { try configuration.set("resolver", resolver, from: "--resolver") }
        if let memory { try configuration.set("memory", memory, from: "--memory") }
        return (configuration, unknown)
    }
}

enum TextFile {
    static func read(_ path: String) -> String? {
        let descriptor = open(path, O_RDONLY)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var out: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let n = unsafe Glibc.read(descriptor, &chunk, chunk.count)
            if n < 0 { return nil }
            if n == 0 { return String(decoding: out, as: UTF8.self) }
            out.append(contentsOf: chunk[..<n])
        }
    }
}
