import Vocabulary

/// Which of a person's identifiers stand for them alone, so that keeping those out keeps nobody else out.
extension IdentityGraph {
    /// Whether an identifier is its person's alone, and not a device, which somebody else may use next, nor a contact that another known user names as theirs.
    public func standsForOne(_ node: Node) -> Bool {
        switch namespace(node) {
        case .userId, .groupId: return true
        case .anonymousId: return false
        case .email, .externalId: break
        }
        guard !shared.contains(node), !IdentityRules.devices.contains(typeName(node)) else { return false }
        var isAlone = true
        edges.each(node) { _, edge in
            let other = root(edge.a == node ? edge.b : edge.a)
            // A visitor whom nobody knows may be this person, on another of their devices.
            if other != root(node), users[Int(other)] > 0 { isAlone = false }
        }
        return isAlone
    }
}
