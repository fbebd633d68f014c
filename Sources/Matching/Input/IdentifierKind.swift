/// Whose a number is: one person's for good, or a thing's that a household may share.
enum IdentifierKind {
    case personal, device
    /// A company's, which the others of its group may share.
    case domain

    init(named name: String) {
        let plain = String(decoding: PlainText.of(Array(name.utf8)), as: UTF8.self)
        self = ["domain", "website", "homepage", "webseite", "sitioweb", "paginaweb"].contains(where: plain.contains) || ["web", "url"].contains(plain) ? .domain : ["device", "cookie", "browser", "anonymous", "visitor", "household", "session", "advertising", "idfa", "gaid", "cihaz", "dispositivo", "geraet"].contains { plain.contains($0) } ? .device : .personal
    }

    /// How often one person's records agree on it, and those of two people of one household.
    var prior: (match: Double, related: Double) {
        switch self {
        case .personal: (0.85, 0.002)
        case .device: (0.5, 0.15)
        case .domain: (0.8, 0.3)
        }
    }
}
