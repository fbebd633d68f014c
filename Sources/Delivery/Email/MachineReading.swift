public import Vocabulary

/// Whether an image was fetched or a link followed by somebody, or by a machine that looks at mail for them.
public enum MachineReading: String, Sendable, CaseIterable {
    /// It only asked whether it is there.
    case head
    /// Before anybody could have read it.
    case early
    /// A browser that fetches ahead says so.
    case prefetch
    /// A program that is known to follow links, or names itself as no browser does.
    case scanner
    /// Apple's Mail Privacy Protection, which fetches every image of every mail.
    case privacyProxy
    /// Several links of one mail within a second.
    case burst
    /// A link that nobody sees.
    case trap

    /// What is seen of one request.
    public struct Request: Sendable {
        public let isHead: Bool
        public let userAgent: String
        /// Whether a header says that it is fetched ahead.
        public let isPrefetch: Bool
        public let at: Timestamp

        public init(isHead: Bool, userAgent: String, isPrefetch: Bool, at: Timestamp) { (self.isHead, self.userAgent, self.isPrefetch, self.at) = (isHead, userAgent, isPrefetch, at) }

        /// FNV-1a, so that what waits for a moment says nothing of whose program it is; 0 for none.
        var agent: Int64 { userAgent.isEmpty ? 0 : Int64(bitPattern: userAgent.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }) }
    }

    /// Nobody reads a mail within this time of its being sent.
    public static let earlyMilliseconds: Int64 = 2000

    /// What one request alone tells; nil where nothing speaks against a person. Gmail's and Yahoo's proxies fetch when somebody looks, and pass.
    public static func of(_ request: Request, _ link: TrackingLink) -> MachineReading? {
        if link.kind == .trap { return .trap }
        if request.isHead { return .head }
        if request.isPrefetch { return .prefetch }
        let agent = request.userAgent.lowercased()
        if link.kind == .open, agent == "mozilla/5.0" { return .privacyProxy }
        if agent.utf8.count < 12 || scanners.contains(where: { agent.contains($0) }) { return .scanner }
        // The mark of the sending is in whole seconds.
        if request.at.milliseconds - link.sentAt.milliseconds < earlyMilliseconds { return .early }
        return nil
    }

    private static let scanners = [
        "bot", "crawl", "spider", "scan", "barracuda", "mimecast", "proofpoint", "safelinks", "symantec", "messagelabs", "trendmicro", "bitdefender", "fireeye", "sophos", "urldefense", "virustotal", "urlscan", "headless",
        "phantomjs", "python-", "aiohttp", "curl/", "wget/", "go-http-client", "java/", "okhttp", "apache-httpclient", "libwww", "ruby", "node-fetch", "axios/", "facebookexternalhit", "preview",
    ]

    /// What requests of one message that came together tell of each: a link that nobody sees gives all of them away, so do several within a second, and so does a program's own earlier request of the link, by which it only asked
    /// whether it is there, or asked before anybody could.
    static func together(_ clicks: [HeldReading]) -> [MachineReading?] {
        let isTrapped = clicks.contains { $0.machine == .trap }
        return clicks.map { click in
            if let reading = click.machine { return reading }
            if isTrapped { return .trap }
            if click.agent != 0, let same = clicks.first(where: { $0.agent == click.agent && $0.link == click.link && $0.at <= click.at && ($0.machine == .head || $0.machine == .early) }) { return same.machine }
            guard click.link.kind == .click else { return nil }
            let others = Set(clicks.filter { $0.link.kind == .click && abs($0.at.milliseconds - click.at.milliseconds) <= 1000 }.map(\.link.index))
            return others.count >= 3 || others.count >= 2 && others.count >= click.link.count ? .burst : nil
        }
    }
}
