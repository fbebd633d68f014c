public import EventLog
public import Vocabulary

/// What a batch did to who is who, as whoever keeps something by person must repeat it.
public enum IdentityChange: Sendable {
    /// The second root's person became part of the first's.
    case joined(kept: Node, gone: Node)
    /// People were decided anew: for each of their identifiers the root before and behind it.
    case decided([Move])

    public struct Move: Sendable {
        public let node: Node
        public let from: Node
        public let to: Node
    }
}

/// Takes evidence in and decides who is joined by it.
extension IdentityGraph {
    /// A person has no more identifiers than this by events: what joins more is somebody's mistake.
    static let identifiersMaximum: UInt32 = 10_000
    /// Pieces of evidence that are kept of one identifier's belonging to others: each that comes is compared with them.
    private static let namersMaximum: UInt32 = 1000

    /// Something says that two identifiers are one person.
    ///
    /// - Parameter b: the lesser of the two: the device, the address, the id that is replaced.
    func observe(_ a: Node, _ b: Node, _ kind: IdentityEdge.Kind, at position: LogPosition, _ day: Int) {
        guard a != b else { return }
        var peopleCount = kind == .alias ? 0 : 1
        var edgeCount: UInt32 = 0
        var isKnown = false
        edges.eachOfB(b) { _, edge in
            isKnown = edge.a == a && edge.kind == kind
            edgeCount += 1
            if edge.kind == .sameCall || edge.kind == .trait { peopleCount += 1 }
            return !isKnown
        }
        // Only aliases get so far: whoever says a thousand times that somebody was this one is not believed any more, nor kept.
        if isKnown || shared.contains(b) || edgeCount >= IdentityGraph.namersMaximum { return }
        var edge = IdentityEdge(a, b, at: position, kind, .joined, day: day)
        edge.outcome = decide(edge)
        edges.append(edge)
        if edge.outcome == .joined { join(a, b, kind) }
        if peopleCount > 1, peopleCount > rules.sharedBy(typeName(b)) { setApart(b) }
    }

    /// What comes of a piece of evidence as people stand.
    func decide(_ edge: IdentityEdge) -> IdentityEdge.Outcome {
        let kind = edge.kind
        if !shared.isEmpty, !kind.isStated, shared.contains(edge.a) || shared.contains(edge.b) { return .setApart }
        let (x, y) = (root(edge.a), root(edge.b))
        if x == y { return .known }
        if facts.hasConstraints, areKeptApart(x, y) { return .keptApart }
        switch kind {
        case .alias, .merge, .always: break
        // Known already on both sides: the device is shared, and the event belongs to who signed in.
        case .sameCall, .left: if users[Int(x)] > 0, users[Int(y)] > 0, Int(users[Int(x)]) + Int(users[Int(y)]) > rules.usersMaximum { return .twoUsers }
        case .trait: if size[Int(y)] > 1 { return .taken }
        }
        if !kind.isStated, size[Int(x)] + size[Int(y)] > IdentityGraph.identifiersMaximum { return .limit }
        if kind == .sameCall || kind == .trait, rules.limited.contains(where: { isBeyond($0, x, y, edge.day) }) { return .limit }
        return .joined
    }

    /// Whether two people together would have more identifiers of a type than they may come to have.
    private func isBeyond(_ type: IdentityRules.TypeRule, _ x: Node, _ y: Node, _ day: Int) -> Bool {
        guard let limit = type.limit else { return false }
        let since = type.window.days.map { day - $0 } ?? .min
        func count(_ root: Node) -> Int {
            var count = 0
            var node = root
            repeat {
                if typeName(node) == type.name, firstDay(node, otherwise: day) > since { count += 1 }
                node = ring[Int(node)]
            } while node != root
            return count
        }
        let (a, b) = (count(x), count(y))
        return a > 0 && b > 0 && a + b > limit
    }

    /// When an identifier was first named beside another.
    private func firstDay(_ node: Node, otherwise day: Int) -> Int {
        var first = Int.max
        edges.each(node) { first = min(first, $1.day) }
        return first == .max ? day : first
    }

    /// As the rules call it; custom ones are `type:value` among the external ones.
    func typeName(_ node: Node) -> String {
        let namespace = namespace(node)
        guard namespace == .externalId else { return namespace.name }
        return String(decoding: identifier(node).value.prefix { $0 != 0x3a }, as: UTF8.self)
    }

    private func areKeptApart(_ x: Node, _ y: Node) -> Bool {
        let (big, small) = size[Int(x)] >= size[Int(y)] ? (x, y) : (y, x)
        var node = small
        repeat {
            if facts.others(of: node, contain: { root($0) == big }) { return true }
            node = ring[Int(node)]
        } while node != small
        return false
    }

    /// Makes one person of two; nothing where they are one.
    func join(_ x: Node, _ y: Node, _ kind: IdentityEdge.Kind) {
        let a = root(x)
        let b = root(y)
        guard a != b else { return }
        unionCount += 1
        if kind != .trait { mergeCount += 1 }
        let (big, small) = size[Int(a)] >= size[Int(b)] ? (a, b) : (b, a)
        changes.append(.joined(kept: big, gone: small))
        parent[Int(small)] = big
        size[Int(big)] += size[Int(small)]
        lowest[Int(big)] = min(lowest[Int(big)], lowest[Int(small)])
        users[Int(big)] = UInt16(clamping: Int(users[Int(big)]) + Int(users[Int(small)]))
        ring.swapAt(Int(big), Int(small))
    }

    // MARK: - Deciding anew

    /// An identifier that too many people share belongs to nobody: whoever was joined by it is parted from it, and what comes under it is its own.
    private func setApart(_ node: Node) {
        let region = region(around: [node])
        shared.insert(node)
        decideAnew(region)
    }

    /// Everyone whom evidence connects with these nodes, whatever came of it: nobody else's answer can change by a change among them.
    func region(around nodes: [Node]) -> [Node] {
        var found = Set(nodes)
        var waiting = nodes
        while let node = waiting.popLast() {
            edges.each(node) { _, edge in
                let other = edge.a == node ? edge.b : edge.a
                if edge.outcome != .setApart, found.insert(other).inserted { waiting.append(other) }
            }
            for other in facts.neighbours(of: node) where found.insert(other).inserted { waiting.append(other) }
        }
        return found.sorted()
    }

    /// Forgets who these people are and decides all their evidence again, what is stated for ever first, then in the order of the log.
    ///
    /// - Parameter region: whole people, ascending.
    func decideAnew(_ region: [Node]) {
        let before = region.map { root($0) }
        var evidence: [Int] = []
        for node in region {
            edges.eachOfA(node) { index, edge in
                evidence.append(index)
                guard edge.outcome == .joined else { return }
                unionCount -= 1
                if edge.kind != .trait { mergeCount -= 1 }
            }
            stand(alone: node)
            users[Int(node)] = namespace(node) == .userId ? 1 : 0
        }
        let first = evidence.filter { edges.all[$0].kind == .always }.sorted()
        let rest = evidence.filter { edges.all[$0].kind != .always }.sorted()
        let changeCount = changes.count
        for index in first + rest where edges.all[index].outcome != .undone {
            let edge = edges.all[index]
            let outcome = decide(edge)
            edges.set(outcome, of: index)
            if outcome == .joined { join(edge.a, edge.b, edge.kind) }
        }
        changes.removeLast(changes.count - changeCount)
        let moves = zip(region, before).map { IdentityChange.Move(node: $0, from: $1, to: root($0)) }
        changes.append(.decided(moves))
        var goals: [Node: Node] = [:]
        for move in moves where goals.updateValue(move.to, forKey: move.from).map({ $0 != move.to }) ?? false {
            partedUpTo = position + 1
            return
        }
    }
}
