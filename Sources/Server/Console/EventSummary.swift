import Console
import Vocabulary

/// What stands out in an event, in one line: the few members of its payload that people look for first.
enum EventSummary {
    private static let membersMaximum = 4
    private static let valueMaximum = 60
    /// Say nothing to a reader.
    private static let keys: Set<String> = ["message_key", "origin_id", "run"]
    /// Shown before the others, in this order.
    private static let preferred = [
        "order_id", "name", "product", "title", "path", "url", "email", "revenue", "total", "price", "value", "currency", "quantity", "query", "plan",
    ]

    /// The name of a track call, page or screen; nil for the others.
    static func name(_ event: EventView) -> String? {
        switch event.type {
        case .track: event.text(.event)
        case .page, .screen: event.json(.name)?.string
        default: nil
        }
    }

    static func line(_ event: EventView) -> String {
        switch event.type {
        case .alias: return "\(event.text(.previousId) ?? "") → \(event.text(.userId) ?? "")"
        case .identify: return line(event.json(.traits))
        case .group: return [event.text(.groupId), line(event.json(.traits))].compactMap { $0 }.filter { !$0.isEmpty }.joined(separator: " · ")
        default: return line(event.json(.properties))
        }
    }

    private static func line(_ object: JSONText?) -> String {
        // A payload with thousands of members is not worth more than its first hundred here.
        let members = (object?.members ?? []).prefix(100).filter { !keys.contains($0.key) }.compactMap { key, value in shown(value).map { (key: key, value: $0) } }
        let first = preferred.compactMap { key in members.first { $0.key == key } }
        let rest = members.filter { !preferred.contains($0.key) }
        return (first + rest).prefix(membersMaximum).map { "\($0.key.prefix(valueMaximum)): \($0.value)" }.joined(separator: " · ")
    }

    private static func shown(_ value: JSONText) -> String? {
        if value.isNull || value.isObject { return nil }
        if value.isArray { return "[\(value.elements.count)]" }
        let text = Visible.text(value.string ?? value.text)
        guard !text.isEmpty else { return nil }
        return text.count > valueMaximum ? text.prefix(valueMaximum) + "…" : text
    }
}
