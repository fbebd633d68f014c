import Columnar
public import EventLog
import Identity
import Vocabulary

/// How a change of rules reaches what is kept.
extension ProfileStore {
    private static let readEvents = 1000
    private static let stepEvents = 128

    /// Whether the state was made by these rules.
    public func obeys(_ policy: SurvivorshipPolicy) -> Bool { self.policy.rules == policy.rules }

    /// Goes by other rules from now on: of traits that have one now, every statement is read again from the log.
    ///
    /// Called on the applying thread, between two batches; takes the lock itself, a little at a time, so that nobody waits for all of it. Until it returns, a trait may still show its newest
    /// statement.
    public func learn(_ policy: SurvivorshipPolicy, from log: EventLog, under lock: StateLock) throws {
        let before = Set(self.policy.rules.keys)
        let fresh = Set(policy.rules.keys).subtracting(before).map { Array($0.utf8) }
        let past = before.subtracting(policy.rules.keys).map { Array($0.utf8) }
        lock.writing {
            obey(policy)
            traits.keepNewest(of: Set(past.map { traits.number(ofKey: $0) }))
        }
        if fresh.isEmpty { return }
        for chunk in stride(from: 0, to: Node(graph.nodeCount), by: Node.Stride(ProfileStore.readEvents)) {
            let nodes = chunk..<min(Node(graph.nodeCount), chunk + Node(ProfileStore.readEvents))
            // Only this thread changes what is read here.
            let statements = nodes.flatMap { node in
                timelines.all(node).filter { Timelines.type($0) == (graph.namespace(node) == .groupId ? EventType.group : .identify).rawValue }.map { (position: Timelines.position($0), node: node) }
            }.sorted { $0.position < $1.position }
            let events = try log.read(statements.map(\.position))
            let owners = Dictionary(statements.map { ($0.position, $0.node) }, uniquingKeysWith: { a, _ in a })
            for start in stride(from: 0, to: events.count, by: ProfileStore.stepEvents) {
                lock.writing {
                    for item in events[start..<min(events.count, start + ProfileStore.stepEvents)] {
                        guard !item.event.isErased, let node = owners[item.position] else { continue }
                        learn(fresh, from: item.event, at: item.position, of: node)
                    }
                }
            }
        }
    }

    private func learn(_ names: [[UInt8]], from event: EventView, at position: LogPosition, of node: Node) {
        for (name, value) in ProfileReader.assertions(event) {
            let key = Array(name.utf8)
            guard names.contains(key) else { continue }
            unsafe value.bytes.withUnsafeBytes {
                unsafe traits.add(node, key: traits.number(ofKey: key), value: $0, timestamp: event.statedAt, position: position, source: event.source)
            }
        }
        search.touch(node)
    }
}

extension ProfileColumns {
    /// Rows whose traits are set anew in one hold of the lock.
    private static let refreshRows = 64

    /// Sets everyone's trait columns to what the profile store says now. Called on the applying thread, between two batches.
    public func refreshEveryone(under lock: StateLock) {
        for start in stride(from: 0, to: nodeOf.count, by: ProfileColumns.refreshRows) {
            lock.writing {
                for row in start..<min(nodeOf.count, start + ProfileColumns.refreshRows) where parts[row / RowSet.capacity].alive.contains(row % RowSet.capacity) { refreshTraits(of: Row(row)) }
            }
        }
    }
}
