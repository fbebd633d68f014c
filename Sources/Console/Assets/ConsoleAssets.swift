/// The files that pages refer to: one stylesheet, one icon, a few small modules; their addresses change with their content.
public enum ConsoleAssets {
    /// One file to serve.
    public struct Asset: Sendable {
        /// Without its hash: `console.css`.
        public let name: String
        public let contentType: String
        public let source: String
        /// Sixteen hexadecimal digits of the content; safe to cache for ever under ``address``.
        public let hash: String

        init(name: String, contentType: String, source: String) {
            self.name = name
            self.contentType = contentType
            self.source = source
            // FNV-1a, 64 bits: it tells versions of our own files apart and protects nothing, so it need not be cryptographic.
            let digest = source.utf8.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
            let digits = String(digest, radix: 16)
            hash = String(repeating: "0", count: 16 - digits.count) + digits
        }

        /// `/console/assets/console.0123456789abcdef.css`.
        public var address: String {
            let parts = name.split(separator: ".", maxSplits: 1)
            return "/console/assets/\(parts[0]).\(hash).\(parts[1])"
        }
    }

    /// The one stylesheet.
    public static let stylesheet = Asset(
        name: "console.css", contentType: "text/css; charset=utf-8",
        source: [Stylesheet.tokens, Stylesheet.shell, Stylesheet.parts, Stylesheet.pages, Stylesheet.segments, Stylesheet.messages, Stylesheet.narrow].joined(separator: "\n"))

    /// The martlet for the browser's tab.
    public static let icon = Asset(name: "martlet.svg", contentType: "image/svg+xml", source: Mark.file)

    /// Name to source, as they are served.
    public static let scripts: [String: Asset] = Dictionary(uniqueKeysWithValues: Script.allCases.map { ($0.rawValue, $0.asset) })

    /// Everything there is to serve.
    public static let all: [Asset] = [stylesheet, icon] + Script.allCases.map(\.asset)

    /// The asset at a request's path, nil for an old hash or an unknown name: answer 404 and the page, fetched anew, names the right one.
    public static func asset(at path: String) -> Asset? {
        byAddress[path]
    }

    private static let byAddress = Dictionary(uniqueKeysWithValues: all.map { ($0.address, $0) })

    /// The modules; each stands alone, since an import between them would have to know a hash.
    enum Script: String, CaseIterable {
        /// On every page: keys, copying, times in the reader's zone, theme, what was written and not saved.
        case console
        /// Arrivals on Live, the first event on Home.
        case live
        /// Fetches a part of the page again while it changes.
        case refresh
        /// Dropping a file.
        case imports
        /// The slider over a person's past.
        case profile
        /// The editor of a segment: the live count and the rows.
        case segment
        /// The editor of a computed trait: the live answer and its chart.
        case measure
        /// The editor of a template: the preview follows the text.
        case template

        var asset: Asset { Asset(name: "\(rawValue).js", contentType: "text/javascript; charset=utf-8", source: source) }

        /// Hashed once, not for every page.
        var address: String { Self.addresses[self] ?? asset.address }

        private static let addresses = Dictionary(uniqueKeysWithValues: allCases.map { ($0, $0.asset.address) })

        private var source: String {
            switch self {
            case .console: Scripts.console + "\n\n" + Scripts.kept
            case .live: Scripts.live
            case .refresh: Scripts.refresh
            case .imports: Scripts.imports
            case .profile: Scripts.profile
            case .segment: Scripts.segment
            case .template: Scripts.template
            case .measure: Scripts.measure
            }
        }
    }
}

/// The modules' sources, one file each.
enum Scripts {}

/// The stylesheet's parts, in the order in which they are served.
enum Stylesheet {}
