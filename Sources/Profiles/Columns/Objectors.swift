import Columnar
public import EventLog
public import Identity
public import Privacy
import Synchronization
import Vocabulary

/// The people who object to a purpose that the policy otherwise grants: questions about everyone leave them out.
///
/// The ledger stays the one that knows; this keeps the nodes of the graph for which it says so.
public final class Objectors: Sendable {
    private struct State {
        var nodes: Set<Node> = []
        /// Named in a statement whose event is not applied yet.
        var waiting: [Identifier] = []
    }
    private let ledger: ConsentLedger
    private let graph: IdentityGraph
    private let purpose: ConsentPurpose
    private let state = Mutex(State())
    /// Nodes that are looked at in one hold of the lock when everyone is.
    private static let stepNodes = 4096

    /// Knows nobody before ``lookThroughEveryone(under:)``.
    public init(ledger: ConsentLedger, graph: IdentityGraph, purpose: ConsentPurpose) {
        self.ledger = ledger
        self.graph = graph
        self.purpose = purpose
    }

    /// Finds everyone for whom the ledger holds an objection; called once, when the graph has all that the log holds.
    public func lookThroughEveryone(under lock: StateLock) throws {
        _ = ledger.takeSaid()
        guard let isObjecting = try ledger.objections(to: purpose) else { return }
        var found: Set<Node> = []
        var node = 0
        while node < lock.reading({ graph.nodeCount }) {
            let identifiers = lock.reading { (node..<min(graph.nodeCount, node + Objectors.stepNodes)).map { graph.identifier(Node($0)) } }
            for (offset, identifier) in identifiers.enumerated() where isObjecting(identifier) { found.insert(Node(node + offset)) }
            node += identifiers.count
        }
        state.withLock { $0.nodes = found }
    }

    /// Everyone in another graph for whom the ledger holds an objection.
    public func found(in graph: IdentityGraph) throws -> Set<Node> {
        guard let isObjecting = try ledger.objections(to: purpose) else { return [] }
        return Set((0..<Node(graph.nodeCount)).filter { isObjecting(graph.identifier($0)) })
    }

    /// The graph has become another one, of which these object. Called under the lock for writing.
    public func replace(_ nodes: Set<Node>) { state.withLock { $0.nodes = nodes } }

    /// Takes in what was said since the last call. A statement is in the ledger before its sender is answered, so who asks afterwards does without them.
    ///
    /// - Throws: what the ledger throws; questions are then refused rather than answered with people who may have objected.
    func refresh(_ lock: StateLock) throws {
        var waiting = ledger.takeSaid()
        state.withLock { state in
            waiting += state.waiting
            state.waiting = []
        }
        guard !waiting.isEmpty else { return }
        for identifier in waiting {
            let isObjecting = try ledger.objects(identifier, to: purpose)
            let node = lock.reading { graph.find(identifier) }
            state.withLock { state in
                if let node { if isObjecting { state.nodes.insert(node) } else { state.nodes.remove(node) } } else if isObjecting { state.waiting.append(identifier) }
            }
        }
    }

    /// Whether a row's person objects; called under the lock.
    public func contains(_ row: Row, in columns: ProfileColumns) -> Bool {
        state.withLock { $0.nodes }.contains { columns.row(ofRoot: graph.root(of: $0)) == row }
    }

    /// The rows of objectors by part; called under the lock.
    func rows(in columns: ProfileColumns) -> [Int: RowSet] {
        var sets: [Int: RowSet] = [:]
        for node in state.withLock({ $0.nodes }) {
            guard let row = columns.row(ofRoot: graph.root(of: node)) else { continue }
            sets[Int(row) / RowSet.capacity, default: RowSet()].insert(Int(row) % RowSet.capacity)
        }
        return sets
    }
}
