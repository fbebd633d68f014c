import Columnar
import EventLog
public import Identity
import Vocabulary

/// Follows who was joined and parted.
extension ProfileColumns {
    /// The same outside a batch, as when somebody was forgotten with whom others were in one statement.
    func follow(_ changes: [IdentityChange]) {
        touched.removeAll(keepingCapacity: true)
        joined.removeAll(keepingCapacity: true)
        for row in regroup(changes) { refreshTraits(of: row) }
    }

    /// - Returns: the rows of everyone whom this concerned, whose traits are to be read anew.
    func regroup(_ changes: [IdentityChange]) -> [Row] {
        var concerned: Set<Node> = []
        for change in changes {
            switch change {
            case .joined(let kept, let gone):
                merge(kept, gone)
                concerned.insert(kept)
            case .decided(let moves):
                part(moves)
                concerned.formUnion(moves.lazy.map(\.to))
            }
        }
        let rows = Set(concerned.compactMap { row(ofRoot: graph.root(of: $0)) })
        for row in rows { touched.append(Touch(row: row, what: .everything)) }
        return Array(rows)
    }

    /// Gives everyone their events: a row whose person is whole goes on, one that falls apart is replaced by a row for each side.
    private func part(_ moves: [IdentityChange.Move]) {
        let old = Dictionary(grouping: moves, by: \.from)
        var rows: [(row: Row, moves: [IdentityChange.Move])] = []
        for (root, moves) in old {
            if let row = row(ofRoot: root) { rows.append((row, moves)) }
            if Int(root) < rowOfRoot.count { rowOfRoot[Int(root)] = .max }
        }
        for (row, moves) in rows.sorted(by: { $0.row < $1.row }) {
            let goals = Set(moves.map(\.to))
            if goals.count == 1, let root = goals.first {
                if let other = self.row(ofRoot: root) { _ = join(other, row, root: root) } else { setRow(row, ofRoot: root) }
            } else {
                split(row, moves)
            }
        }
    }

    private func split(_ row: Row, _ moves: [IdentityChange.Move]) {
        var rootAt: [LogPosition: Node] = [:]
        var birthOf: [Node: LogPosition] = [:]
        for move in moves {
            for word in store.timelines.all(move.node) {
                let position = Timelines.position(word)
                rootAt[position] = move.to
                birthOf[move.to] = min(birthOf[move.to] ?? .max, position)
            }
        }
        // Events of this batch stand in the timelines already, and come to their rows behind this.
        for (root, birth) in birthOf.sorted(by: { $0.key < $1.key }) {
            let node = moves.first { $0.to == root }?.node ?? root
            let goal = self.row(ofRoot: root) ?? newRow(of: node, root: root, at: birth)
            let (part, place) = (Int(goal) / RowSet.capacity, Int(goal) % RowSet.capacity)
            parts[part].born[place] = min(parts[part].born[place], birth)
        }
        eachEvent(of: row) { time, position, table in
            guard let root = rootAt[position], let goal = self.row(ofRoot: root) else { return }
            add(time: time, position: position, table: table, to: goal)
        }
        bury(row)
        // Whoever has the lowest identifier keeps the name, and with it what was said of the row.
        if let keeper = moves.min(by: { $0.node < $1.node }), let heir = self.row(ofRoot: keeper.to) { joined.append((winner: heir, loser: row)) }
    }
}
