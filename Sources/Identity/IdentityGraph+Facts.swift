import EventLog
public import Vocabulary

/// Takes statements in, takes them back, and forgets them.
extension IdentityGraph {
    /// Identifiers that nobody has met say nothing; a statement that is left with an empty side stands, and does nothing.
    func state(_ fact: LinkFact, at position: LogPosition, day: Int) {
        if fact.kind == .undo {
            if let undone = fact.undoes { undo(undone, at: position) }
            return
        }
        let entry = FactList.Entry(position: position, kind: fact.kind, first: fact.first.compactMap(find), second: fact.second.compactMap(find))
        facts.append(entry)
        guard let one = entry.first.first, let other = entry.second.first else { return }
        let kind: IdentityEdge.Kind = fact.kind == .merge ? .merge : fact.kind == .always ? .always : .left
        // The sides of a merge hang together by what made them; parted ones might not, once what held them together is on the other side.
        var pairs = kind == .left ? [] : [(one, other)]
        if fact.kind == .unmerge { pairs = entry.first.dropFirst().map { (one, $0) } + entry.second.dropFirst().map { (other, $0) } }
        for (a, b) in pairs where a != b {
            var edge = IdentityEdge(a, b, at: position, kind, .known, day: day)
            edge.outcome = decide(edge)
            edges.append(edge)
            if edge.outcome == .joined { join(a, b, kind) }
        }
        if kind != .merge { decideAnew(region(around: entry.nodes)) }
    }

    private func undo(_ undone: LogPosition, at position: LogPosition) {
        guard let number = facts.number(at: undone), facts.all[number].undoneAt == nil else { return }
        let nodes = facts.all[number].nodes
        let region = region(around: nodes)
        facts.undo(number, at: position)
        setOutcome(.undone, at: undone, of: nodes)
        decideAnew(region)
    }

    /// Of the edges that the fact at a position made.
    private func setOutcome(_ outcome: IdentityEdge.Outcome, at position: LogPosition, of nodes: [Node]) {
        for node in Set(nodes) {
            var own: [(index: Int, edge: IdentityEdge)] = []
            edges.eachOfA(node) { if $1.position == position { own.append(($0, $1)) } }
            for (index, edge) in own {
                if edge.outcome == .joined {
                    unionCount -= 1
                    if edge.kind != .trait { mergeCount -= 1 }
                }
                edges.set(outcome, of: index)
            }
        }
    }

    // MARK: - Forgetting

    /// Where the statements stand that name one of these nodes, and those that took them back.
    public func factPositions(_ members: [Node]) -> [LogPosition] { Set(members.flatMap { facts.naming($0).flatMap { [$0.position, $0.undoneAt].compactMap { $0 } } }).sorted() }

    /// Forgets the identifiers of one person: their nodes stay as numbers without value, alone. Statements that name them go as a whole, and who else
    /// was in them is decided anew.
    public func erase(_ members: [Node]) {
        changes.removeAll(keepingCapacity: true)
        let gone = Set(members)
        let positions = Set(factPositions(members))
        // Of accounts that are one, only some may be gone.
        let rest = Set(members.lazy.filter { self.namespace($0) == .groupId }.flatMap(self.members)).subtracting(gone)
        let others = facts.all.filter { positions.contains($0.position) }.flatMap(\.nodes).filter { !gone.contains($0) } + rest
        facts.removeAll { positions.contains($0.position) }
        edges.removeAll { edge in
            guard gone.contains(edge.a) || gone.contains(edge.b) || edge.kind.isStated && positions.contains(edge.position) else { return false }
            if edge.outcome == .joined {
                unionCount -= 1
                if edge.kind != .trait { mergeCount -= 1 }
            }
            return true
        }
        shared.subtract(gone)
        erasedCount += members.count
        for node in members { forget(node) }
        for node in rest { stand(alone: node) }
        if !others.isEmpty {
            // Whoever held together by a statement alone is in no other's region any more.
            let whole = Set(others.flatMap { self.members($0) })
            decideAnew(region(around: Array(whole)))
        }
    }
}
