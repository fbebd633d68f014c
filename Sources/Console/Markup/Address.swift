/// Addresses in links and forms: built from encoded parts, and checked where they come from outside.
enum Address {
    /// `path?name=value&…`; parameters without a value are left out, so that an address says only what is chosen.
    static func with(_ path: String, _ query: [(String, String?)]) -> String {
        let pairs = query.compactMap { name, value in
            value.flatMap { $0.isEmpty ? nil : "\(encoded(name))=\(encoded($0))" }
        }
        return pairs.isEmpty ? path : path + "?" + pairs.joined(separator: "&")
    }

    /// `address` with one parameter set to `value`, the others kept: language and theme links stay on the page.
    static func replacing(_ name: String, with value: String, in address: String) -> String {
        let parts = address.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let kept = (parts.count > 1 ? parts[1].split(separator: "&") : []).filter { !$0.hasPrefix("\(name)=") }
        let query = (kept.map(String.init) + ["\(encoded(name))=\(encoded(value))"]).joined(separator: "&")
        return String(parts.first ?? "") + "?" + query
    }

    /// One component, percent-encoded: everything but RFC 3986's unreserved characters.
    static func encoded(_ text: String) -> String {
        var output = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
                UInt8(ascii: "_"), UInt8(ascii: "~"):
                output.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                output += byte < 16 ? "%0" : "%"
                output += String(byte, radix: 16, uppercase: true)
            }
        }
        return output
    }

    /// `address` if it is http, https or relative to this server, otherwise `#`, which goes nowhere.
    ///
    /// Browsers drop control characters and spaces, and read `\` as `/`, before they look for a scheme;
    /// an address with any of them is refused instead of cleaned.
    static func checked(_ address: String) -> String {
        let refused = "#"
        guard !address.unicodeScalars.contains(where: { $0.value <= 0x20 || $0 == "\\" || $0.value == 0x7F }) else {
            return refused
        }
        if address.hasPrefix("//") { return refused }
        if let first = address.first, "/?#".contains(first) { return address }
        let lowered = address.lowercased()
        if lowered.hasPrefix("https://") || lowered.hasPrefix("http://") { return address }
        let beforeSlash = address.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        return beforeSlash.contains(":") ? refused : address
    }
}
