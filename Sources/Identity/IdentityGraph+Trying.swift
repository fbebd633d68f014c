import EventLog
public import Vocabulary

extension IdentityGraph {
    /// Who there would be if this were stated: the people around those whom it names, each as their identifiers. Nothing is changed when it returns.
    ///
    /// Called on the applying thread under the lock for writing.
    public func outcome(of fact: LinkFact) -> [[Node]] {
        let undone = fact.undoes.flatMap(facts.number)
        let named = fact.kind == .undo ? undone.map { facts.all[$0].nodes } ?? [] : (fact.first + fact.second).compactMap(find)
        let region = region(around: named.flatMap { members($0) })
        let kept = region.map { (parent[Int($0)], ring[Int($0)], size[Int($0)], lowest[Int($0)], users[Int($0)]) }
        let (counts, parted, changeCount) = ((mergeCount, unionCount), partedUpTo, changes.count)
        var outcomes: [(index: Int, outcome: IdentityEdge.Outcome)] = []
        for node in region { edges.eachOfA(node) { outcomes.append(($0, $1.outcome)) } }
        let (edgeCount, factCount) = (edges.all.count, facts.all.count)

        state(fact, at: position, day: 0)
        let people = Dictionary(grouping: region, by: { root($0) }).values.sorted { $0[0] < $1[0] }

        edges.removeLast(edges.all.count - edgeCount)
        if facts.all.count > factCount { facts.removeLast() }
        if let undone { facts.restore(undone) }
        for (index, outcome) in outcomes { edges.set(outcome, of: index) }
        for (node, values) in zip(region, kept) { (parent[Int(node)], ring[Int(node)], size[Int(node)], lowest[Int(node)], users[Int(node)]) = values }
        ((mergeCount, unionCount), partedUpTo) = (counts, parted)
        changes.removeLast(changes.count - changeCount)
        return people
    }
}
