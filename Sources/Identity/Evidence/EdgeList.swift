/// All evidence, in the order of the log, found from either end: an edge is in the list of its `a` and in the list of its `b`; 24 bytes an edge.
///
/// Every pair stands here once for each kind of statement, also what changed nothing: what is decided anew needs all of it.
struct EdgeList {
    private(set) var all: [IdentityEdge] = []
    /// By node, the newest edge that has it as `a`, plus 1; 0 for none. By edge, the one before.
    private var newestOfA: [UInt32] = []
    private var newestOfB: [UInt32] = []
    private var beforeOfA: [UInt32] = []
    private var beforeOfB: [UInt32] = []

    mutating func addNode() {
        newestOfA.append(0)
        newestOfB.append(0)
    }

    mutating func append(_ edge: IdentityEdge) {
        all.append(edge)
        link(UInt32(all.count - 1))
    }

    private mutating func link(_ index: UInt32) {
        let edge = all[Int(index)]
        beforeOfA.append(newestOfA[Int(edge.a)])
        beforeOfB.append(newestOfB[Int(edge.b)])
        newestOfA[Int(edge.a)] = index + 1
        newestOfB[Int(edge.b)] = index + 1
    }

    mutating func set(_ outcome: IdentityEdge.Outcome, of index: Int) { all[index].outcome = outcome }

    /// Calls `body` with the edges that have this node as their `b`, newest first, until it says false.
    @inline(__always)
    func eachOfB(_ node: Node, _ body: (Int, IdentityEdge) -> Bool) {
        var index = newestOfB[Int(node)]
        while index != 0 {
            guard body(Int(index - 1), all[Int(index - 1)]) else { return }
            index = beforeOfB[Int(index - 1)]
        }
    }

    func eachOfA(_ node: Node, _ body: (Int, IdentityEdge) -> Void) {
        var index = newestOfA[Int(node)]
        while index != 0 {
            body(Int(index - 1), all[Int(index - 1)])
            index = beforeOfA[Int(index - 1)]
        }
    }

    /// Every edge of a node.
    func each(_ node: Node, _ body: (Int, IdentityEdge) -> Void) {
        eachOfA(node, body)
        eachOfB(node) { body($0, $1); return true }
    }

    mutating func removeLast(_ count: Int) {
        for _ in 0..<count {
            let edge = all.removeLast()
            newestOfA[Int(edge.a)] = beforeOfA.removeLast()
            newestOfB[Int(edge.b)] = beforeOfB.removeLast()
        }
    }

    mutating func removeAll(where isGone: (IdentityEdge) -> Bool) {
        let count = all.count
        all.removeAll(where: isGone)
        if all.count < count { linkAll() }
    }

    private mutating func linkAll() {
        for node in newestOfA.indices { (newestOfA[node], newestOfB[node]) = (0, 0) }
        beforeOfA.removeAll(keepingCapacity: true)
        beforeOfB.removeAll(keepingCapacity: true)
        for index in all.indices { link(UInt32(index)) }
    }

    init() {}

    /// - Parameters:
    ///   - a, b, words: one of each for each edge, as a snapshot holds them; edges that name no node are left out.
    init(nodeCount: Int, a: [Node], b: [Node], words: [UInt64]) {
        newestOfA = [UInt32](repeating: 0, count: nodeCount)
        newestOfB = newestOfA
        all = zip(zip(a, b), words).map { IdentityEdge(a: $0.0, b: $0.1, word: $1) }.filter { $0.a < nodeCount && $0.b < nodeCount }
        linkAll()
    }
}
