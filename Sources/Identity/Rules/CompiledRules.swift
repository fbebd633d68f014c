import Vocabulary

/// Rules as the graph asks them, event by event.
struct CompiledRules: Sendable {
    let rules: IdentityRules
    /// Custom types in use, in order.
    let custom: [Custom]
    /// Fields that the custom types read.
    let fields: Set<EventField>
    let emailUse: IdentityRules.Use
    let usersMaximum: Int
    /// Types other than userId that have a limit.
    let limited: [IdentityRules.TypeRule]
    private let exact: Set<String>
    private let patterns: [IdentityRules.Blocked]
    private let byName: [String: IdentityRules.TypeRule]

    struct Custom: Sendable {
        let name: String
        let joins: Bool
        let paths: [IdentifierPath]
    }

    init(_ rules: IdentityRules) {
        self.rules = rules
        custom = rules.types.filter { !IdentityRules.fields.contains($0.name) && $0.use != .ignore }.map {
            Custom(name: $0.name, joins: $0.use == .join, paths: $0.paths.compactMap(IdentifierPath.init))
        }
        var fields = Set(custom.flatMap { $0.paths.map(\.field) })
        if custom.contains(where: { $0.paths.contains { $0.system != nil } }) { fields.insert(.context) }
        self.fields = fields
        emailUse = rules.type("email")?.use ?? .attach
        usersMaximum = rules.type("userId")?.limit ?? .max
        limited = rules.types.filter { $0.limit != nil && $0.name != "userId" }
        exact = Set(rules.blocked.filter { $0.type == nil && !CompiledRules.isPattern($0.value) }.map { $0.value.lowercased() })
        patterns = rules.blocked.filter { $0.type != nil || CompiledRules.isPattern($0.value) }
        byName = Dictionary(rules.types.map { ($0.name, $0) }) { a, _ in a }
    }

    var hasBlocked: Bool { !exact.isEmpty || !patterns.isEmpty }

    func sharedBy(_ type: String) -> Int { byName[type]?.sharedBy ?? .max }

    func isBlocked(_ type: String, _ value: String) -> Bool {
        let value = value.lowercased()
        if exact.contains(value) { return true }
        return patterns.contains { ($0.type == nil || $0.type == type) && Glob.matches(Array($0.value.lowercased().utf8), Array(value.utf8)) }
    }

    private static func isPattern(_ value: String) -> Bool { value.contains("*") || value.contains("?") }
}

/// `*` for any text, `?` for any one byte.
enum Glob {
    /// - Complexity: pattern × text at most: only the last star is tried again.
    static func matches(_ pattern: [UInt8], _ text: [UInt8]) -> Bool {
        var (p, t) = (0, 0)
        var star: (p: Int, t: Int)?
        while t < text.count {
            if p < pattern.count, pattern[p] == 0x2a {
                star = (p, t)
                p += 1
            } else if p < pattern.count, pattern[p] == 0x3f || pattern[p] == text[t] {
                p += 1
                t += 1
            } else if let last = star {
                star = (last.p, last.t + 1)
                (p, t) = (last.p + 1, last.t + 1)
            } else {
                return false
            }
        }
        return pattern[p...].allSatisfy { $0 == 0x2a }
    }
}
