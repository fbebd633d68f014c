import Mail
import NIOCore
import Templates
public import Vocabulary

/// What `martlet serve` may be told, by flag, environment (`MARTLET_…`) and one file, in this order of weight.
public struct Configuration: Sendable {
    public var data = "./data"
    public var host = "127.0.0.1"
    public var port = 8080
    public var tlsCertificate: String?
    public var tlsKey: String?
    public var demo = false
    /// Bytes of memory that Martlet may use; nil for nine tenths of what the machine has.
    public var memory: Int?
    /// Whether destinations may be on this machine or in a private network, and be called without TLS.
    public var allowsPrivateDestinations = false
    /// Addresses of proxies whose `X-Forwarded-…` headers are believed.
    public var trustedProxies: Set<String> = []
    /// Where the mail catcher listens on this machine; nil where it does not, unless the demo is on.
    public var mailCatcher: Int?
    /// Whom names are asked of; those of this machine where none is named.
    var resolvers: [NameServer] = []
    /// Whether the TCP port is opened; command-line work on a folder that nobody holds needs only the socket.
    public var listens = true

    public init() {}

    static let names = ["data", "host", "port", "tls-certificate", "tls-key", "demo", "memory", "allow-private-destinations", "mail-catcher", "trusted-proxies", "resolver"]

    /// Reads `name = value` lines; `#` begins a comment. A wrong one names itself and the remedy.
    public mutating func read(file text: String, path: String) throws(Refusal) {
        // What some editors write before the first letter is none of the text, and `\r\n` is one character.
        let lines = (text.first == "\u{feff}" ? text.dropFirst() : text[...]).split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        var known: [String: Int] = [:]
        for (number, line) in lines.enumerated() {
            let content = String(line.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)[0]).trimmed
            if content.isEmpty { continue }
            let sides = content.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map { String($0).trimmed }
            guard sides.count == 2 else { throw Refusal(400, "settings.wrong", "Line \(number + 1) of \(path) has no `=`.", remedy: "Write `name = value`.") }
            try set(sides[0], sides[1], from: "\(path), line \(number + 1)")
            if let first = known.updateValue(number + 1, forKey: sides[0]) {
                throw Configuration.wrong("`\(sides[0])` (\(path), line \(number + 1))", "stands in line \(first) already", "Keep one of the two lines.")
            }
        }
    }

    /// A variable that is nearly one of ours is refused: the setting that was meant would stay as it is. Others of our prefix, such as a token for scripts, are no settings.
    ///
    /// - Returns: those others, which have no effect.
    public mutating func read(environment: [String: String]) throws(Refusal) -> [String] {
        let prefix = "MARTLET_"
        var known = [Configuration.fileVariable]
        for name in Configuration.names {
            let variable = prefix + name.uppercased().map { $0 == "-" ? "_" : String($0) }.joined()
            known.append(variable)
            if let value = environment[variable] { try set(name, value, from: variable) }
        }
        let others = environment.keys.filter { $0.hasPrefix(prefix) && !known.contains($0) && !Configuration.isOfKubernetes($0) }.sorted()
        let endings = known.map { String($0.dropFirst(prefix.count)) }
        for variable in others {
            guard let meant = Suggestion.nearest(to: String(variable.dropFirst(prefix.count)), among: endings) else { continue }
            throw Configuration.wrong("`\(variable)` (environment)", "is not a setting", "Did you mean `\(prefix)\(meant)`? Correct its name, or unset it.")
        }
        return others
    }

    /// Names the settings file.
    public static let fileVariable = "MARTLET_CONFIG"

    /// Kubernetes tells every container of a service called `martlet` where that is, as `MARTLET_SERVICE_HOST` and `MARTLET_PORT_8080_TCP_ADDR`.
    private static func isOfKubernetes(_ variable: String) -> Bool {
        variable.hasPrefix("MARTLET_SERVICE_") || variable.hasPrefix("MARTLET_PORT_") && variable.dropFirst("MARTLET_PORT_".count).first?.isNumber ?? false
    }

    public mutating func set(_ name: String, _ value: String, from origin: String) throws(Refusal) {
        switch name {
        case "data": data = value
        case "host": host = value
        case "port":
            guard let number = Int(value), (0...65535).contains(number) else { throw Configuration.wrong("`port` (\(origin))", "is not a port", "Use a number from 0 to 65535; 0 picks a free one.") }
            port = number
        case "mail-catcher":
            guard let number = Int(value), (0...65535).contains(number) else { throw Configuration.wrong("`mail-catcher` (\(origin))", "is not a port", "Use a number from 0 to 65535; 0 picks a free one.") }
            mailCatcher = number
        case "tls-certificate": tlsCertificate = value
        case "tls-key": tlsKey = value
        case "demo": demo = try Configuration.boolean(name, value, from: origin)
        case "allow-private-destinations": allowsPrivateDestinations = try Configuration.boolean(name, value, from: origin)
        case "trusted-proxies":
            let addresses = value.split(separator: ",").map { String($0).trimmed }
            let known = addresses.compactMap(Configuration.address)
            guard known.count == addresses.count else {
                throw Configuration.wrong("`trusted-proxies` (\(origin))", "is not a list of addresses", "Write 127.0.0.1, or several with commas between.")
            }
            trustedProxies = Set(known)
        case "resolver":
            let named = value.split(separator: ",").map { NameServer(String($0).trimmed) }
            let known = named.compactMap { $0 }
            guard !known.isEmpty, known.count == named.count else {
                throw Configuration.wrong("`resolver` (\(origin))", "is not a list of name servers", "Write 127.0.0.1 or 127.0.0.1:5353, or several with commas between.")
            }
            resolvers = known
        case "memory":
            guard let bytes = MemoryBudget.bytes(value), bytes >= MemoryBudget.minimum else {
                throw Configuration.wrong("`memory` (\(origin))", "is not a size of at least \(MemoryBudget.minimum >> 20) MB", "Write it as 512MB or 2GB.")
            }
            memory = bytes
        default: throw Configuration.wrong("`\(name)` (\(origin))", "is not a setting", "Settings are: \(Configuration.names.joined(separator: ", ")).")
        }
    }

    /// Whether a connection comes from one of the trusted proxies.
    func trusts(_ remoteAddress: String?) -> Bool {
        // Every request asks, and few installations have any.
        !trustedProxies.isEmpty && remoteAddress.flatMap(Configuration.address).map(trustedProxies.contains) ?? false
    }

    /// An address in the one spelling in which addresses are compared; nil for what is none. IPv4 inside IPv6, as a socket of both kinds says it, is IPv4.
    static func address(_ text: String) -> String? {
        guard let address = (try? SocketAddress(ipAddress: text, port: 0))?.ipAddress else { return nil }
        return address.hasPrefix("::ffff:") && address.contains(".") ? String(address.dropFirst(7)) : address
    }

    private static func boolean(_ name: String, _ value: String, from origin: String) throws(Refusal) -> Bool {
        guard let isOn = ["true": true, "1": true, "yes": true, "false": false, "0": false, "no": false][value.lowercased()] else {
            throw wrong("`\(name)` (\(origin))", "is not true or false", "Write true or false.")
        }
        return isOn
    }

    /// The host as an address holds it.
    public var urlHost: String { host.contains(":") ? "[\(host)]" : host }
    /// The host at which this machine's own browsers find it: an address that stands for all of a machine's leads nowhere.
    public var ownHost: String { Configuration.isAnywhere(host) ? "127.0.0.1" : urlHost }
    static func isAnywhere(_ host: String) -> Bool { host == "0.0.0.0" || host == "::" }

    public func check() throws(Refusal) {
        guard (tlsCertificate == nil) == (tlsKey == nil) else {
            throw Configuration.wrong("`tls-certificate` and `tls-key`", "go together", "Give both, or neither.")
        }
        guard !data.isEmpty else { throw Configuration.wrong("`data`", "is empty", "Name a folder.") }
    }

    private static func wrong(_ what: String, _ problem: String, _ remedy: String) -> Refusal {
        Refusal(400, "settings.wrong", "The setting \(what) \(problem).", remedy: remedy)
    }
}
