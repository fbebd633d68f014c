import Synchronization

/// Mails that somebody previews, for the moment until their browser fetches them: in memory alone, and gone with whoever is forgotten.
final class MailPreviews: Sendable {
    private static let countMaximum = 32
    private let kept = Mutex<[(key: String, html: String)]>([])

    /// - Returns: the name under which it is fetched.
    func keep(_ html: String) -> String {
        let key = (0..<2).map { _ in String(UInt64.random(in: .min ... .max), radix: 36) }.joined()
        kept.withLock { kept in
            kept.append((key, html))
            if kept.count > MailPreviews.countMaximum { kept.removeFirst() }
        }
        return key
    }

    func html(_ key: String) -> String? { kept.withLock { kept in kept.first { $0.key == key }?.html } }
    func clear() { kept.withLock { $0 = [] } }
}
