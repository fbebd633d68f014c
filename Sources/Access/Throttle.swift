#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Vocabulary

/// Slows down guessing: after five wrong tries from an address, each waits twice as long as the one before, up to five minutes.
///
/// An IPv6 address counts as its /64: whoever has one address there has all 2^64 of them.
struct Throttle {
    private var failures: [String: (count: Int, last: Int64)] = [:]

    mutating func wait(_ address: String, _ at: Timestamp) -> Int? {
        let network = Throttle.network(of: address)
        guard var entry = failures[network], entry.count >= 5 else { return nil }
        if entry.last > at.milliseconds {
            // The clock was set back: the wait is as long as any, and no longer.
            entry.last = at.milliseconds
            failures[network] = entry
        }
        let delay = min(Int64(300_000), 1000 << Int64(min(entry.count - 5, 10)))
        let left = entry.last + delay - at.milliseconds
        return left > 0 ? Int(left / 1000) + 1 : nil
    }

    mutating func failed(_ address: String, _ at: Timestamp) {
        if failures.count > 10_000 { failures.removeAll { at.milliseconds - $0.value.last > 600_000 } }
        let network = Throttle.network(of: address)
        failures[network] = ((failures[network]?.count ?? 0) + 1, at.milliseconds)
    }

    mutating func succeeded(_ address: String) { failures[Throttle.network(of: address)] = nil }

    /// What an address is counted as: the upper half of an IPv6 address, the IPv4 address inside a mapped one, else the text as it is.
    static func network(of address: String) -> String {
        var parsed = in6_addr()
        let text = address.prefix { $0 != "%" }
        guard unsafe inet_pton(AF_INET6, String(text), &parsed) == 1 else { return address }
        return withUnsafeBytes(of: parsed) { bytes in
            let bytes = unsafe Array(bytes)
            if bytes[..<12] == [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff] { return bytes[12...].map { String($0) }.joined(separator: ".") }
            return bytes[..<8].map { String($0, radix: 16) }.joined(separator: ".") + "/64"
        }
    }
}

extension Dictionary {
    fileprivate mutating func removeAll(where isGone: (Element) -> Bool) { self = filter { !isGone($0) } }
}
