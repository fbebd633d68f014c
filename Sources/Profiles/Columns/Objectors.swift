import Columnar
public import EventLog
public import Identity
public import Privacy
import Synchronization
public import Vocabulary

/// The people who object to a purpose that the policy otherwise grants: questions about everyone leave them out.
///
/// The ledger stays the one that knows; this keeps the nodes of the graph for which it says so.
public final class Objectors: Sendable {
    private struct State {
        var nodes: Set<Node> = []
        /// Whose objection a later yes under another identifier of theirs has ended, as long as both are one person's.
        var lifted: Set<Node> = []
        /// Who was joined or parted, or decided anew, since the last look.
        var changed: Set<Node> = []
        /// Object, and nobody has met them yet.
        var waiting: [Identifier] = []
        /// Of whom something was said when not all was applied that was in by then, and behind what they are asked about once more.
        var early = ConsentLedger.Said()
    }
    private let ledger: ConsentLedger
    private let graph: IdentityGraph
    private let purpose: ConsentPurpose
    private let state = Mutex(State())
    /// Told who objects now and did not, or the other way round.
    public let onChange = Hook<@Sendable ([Node]) -> Void>({ _ in })
    /// One at a time takes in what was said, and whoever asks meanwhile waits for it.
    private let turn = Mutex(())
    /// Nodes that are looked at in one hold of the lock when everyone is.
    private static let stepNodes = 4096
    private static let changedMaximum = 100_000

    /// Knows nobody before ``lookThroughEveryone(under:)``.
    public init(ledger: ConsentLedger, graph: IdentityGraph, purpose: ConsentPurpose) {
        self.ledger = ledger
        self.graph = graph
        self.purpose = purpose
    }

    /// Finds everyone for whom the ledger holds an objection; called once, when the graph has all that the log holds.
    public func lookThroughEveryone(under lock: StateLock) throws {
        _ = ledger.takeSaid()
        guard let found = try find(in: graph, reading: { lock.reading($0) }, together: nil) else { return }
        state.withLock { ($0.nodes, $0.lifted) = found }
    }

    /// Everyone in another graph for whom the ledger holds an objection.
    public func found(in graph: IdentityGraph) throws -> Found {
        try Found(nodes: find(in: graph, reading: { $0() }, together: { graph.identifiers(knownWith: $0, by: $1) }) ?? ([], []))
    }

    /// Those in another graph, for ``replace(_:)``.
    public struct Found: Sendable { fileprivate let nodes: (Set<Node>, Set<Node>) }

    /// The graph has become another one, of which these object. Called under the lock for writing.
    public func replace(_ found: Found) {
        state.withLock {
            ($0.nodes, $0.lifted) = found.nodes
            $0.changed = []
        }
    }

    /// Who was joined and parted: what one of them said may count for another from now on, or no more. Called by the applying thread once the graph has them.
    public func follow(_ changes: [IdentityChange]) {
        guard !changes.isEmpty else { return }
        state.withLock { state in
            guard !state.nodes.isEmpty || !state.lifted.isEmpty else { return }
            for change in changes {
                switch change {
                case .joined(let kept, _): state.changed.insert(kept)
                case .decided(let moves): state.changed.formUnion(moves.lazy.map(\.node))
                }
            }
            // Of so many, whoever objects is asked about.
            if state.changed.count > Objectors.changedMaximum { state.changed = state.nodes.union(state.lifted) }
        }
    }

    /// - Parameters:
    ///   - reading: holds the graph still.
    ///   - together: who was one person when; nil for what the ledger knows.
    /// - Returns: who objects, and whose objection has ended; nil while nobody ever objected.
    private func find(in graph: IdentityGraph, reading: (() -> Void) -> Void, together: (@Sendable (Identifier, LogPosition) -> Set<Identifier>)?) throws -> (Set<Node>, Set<Node>)? {
        guard let objections = try ledger.objections(to: purpose) else { return nil }
        var (objecting, lifted): (Set<Node>, Set<Node>) = ([], [])
        // One answer for each person, by the lowest of their nodes.
        var isPermitted: [Node: Bool] = [:]
        var (node, count) = (0, 1)
        while node < count {
            var identifiers: [Identifier] = []
            reading {
                count = graph.nodeCount
                identifiers = (node..<min(count, node + Objectors.stepNodes)).map { graph.identifier(Node($0)) }
            }
            for (offset, identifier) in identifiers.enumerated() where objections.contains(identifier) {
                let node = Node(node + offset)
                var person = node
                reading { person = graph.canonical(node) }
                if isPermitted[person] == nil {
                    var known: [Identifier] = []
                    reading { known = graph.members(node).map(graph.identifier) }
                    // Nearly nobody who objects has said yes elsewhere.
                    isPermitted[person] = try known.contains(where: objections.mayHaveGranted) && ledger.permits(purpose, for: known, together: together)
                }
                if isPermitted[person] == true { lifted.insert(node) } else { objecting.insert(node) }
            }
            node += max(1, identifiers.count)
        }
        return (objecting, lifted)
    }

    /// Takes in what was said since the last call. A statement is in the ledger before its sender is answered, so who asks afterwards does without them.
    ///
    /// - Throws: what the ledger throws; questions are then refused rather than answered with people who may have objected.
    func refresh(_ lock: StateLock) throws { try turn.withLock { _ in try takeIn(lock) } }

    private func takeIn(_ lock: StateLock) throws {
        let said = ledger.takeSaid()
        let position = lock.reading { graph.position }
        let (waiting, changed) = state.withLock { state in
            var waiting = state.waiting + said.identifiers
            state.waiting = []
            if position >= state.early.upTo {
                waiting += state.early.identifiers
                state.early = ConsentLedger.Said()
            }
            if position < said.upTo { state.early.add(said) }
            defer { state.changed = [] }
            return (waiting, state.changed)
        }
        guard !waiting.isEmpty || !changed.isEmpty else { return }
        do { try ask(waiting, changed, lock) } catch {
            // Asked again with the next question.
            state.withLock { state in
                state.waiting += waiting
                state.changed.formUnion(changed)
            }
            throw error
        }
    }

    private func ask(_ waiting: [Identifier], _ changed: Set<Node>, _ lock: StateLock) throws {
        var asked: Set<Node> = []
        if !changed.isEmpty {
            let own = state.withLock { $0.nodes.union($0.lifted) }
            lock.reading {
                let people = Set(changed.map { graph.root(of: $0) })
                asked = own.filter { people.contains(graph.root(of: $0)) }
            }
        }
        for identifier in waiting {
            guard let (node, person) = lock.reading({ graph.find(identifier).map { ($0, graph.members($0)) } }) else {
                if try ledger.objects(identifier, to: purpose) { state.withLock { $0.waiting.append(identifier) } }
                continue
            }
            // What one of their identifiers says may end what another said.
            asked.insert(node)
            state.withLock { state in asked.formUnion(person.filter { state.nodes.contains($0) || state.lifted.contains($0) }) }
        }
        var isPermitted: [Node: Bool] = [:]
        var changed: [Node] = []
        for node in asked {
            let (identifier, person) = lock.reading { (graph.identifier(node), graph.canonical(node)) }
            let isObjecting = try ledger.objects(identifier, to: purpose)
            if isObjecting, isPermitted[person] == nil { isPermitted[person] = try ledger.permits(purpose, for: lock.reading { graph.members(node).map(graph.identifier) }) }
            let isLifted = isObjecting && isPermitted[person] == true
            state.withLock { state in
                let isNews = isObjecting && !isLifted ? state.nodes.insert(node).inserted : state.nodes.remove(node) != nil
                if isNews { changed.append(node) }
                if isLifted { state.lifted.insert(node) } else { state.lifted.remove(node) }
            }
        }
        if !changed.isEmpty { onChange.body(changed) }
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
