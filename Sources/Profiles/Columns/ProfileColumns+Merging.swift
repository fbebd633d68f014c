public import Columnar
import EventLog
import Identity
import Vocabulary

/// What profile merges do to columns, and how tails become runs.
extension ProfileColumns {
    /// Two people became one: the events of the side that has fewer move to the other side's row.
    func merge(_ kept: Node, _ gone: Node) {
        guard let b = row(ofRoot: gone) else { return }
        rowOfRoot[Int(gone)] = .max
        guard let a = row(ofRoot: kept) else { return setRow(b, ofRoot: kept) }
        _ = join(a, b, root: kept)
    }

    /// - Returns: the row that goes on.
    func join(_ a: Row, _ b: Row, root: Node) -> Row {
        let (winner, loser) = eventCount[Int(a)] >= eventCount[Int(b)] ? (a, b) : (b, a)
        setRow(winner, ofRoot: root)
        joined.append((winner, loser))
        move(from: loser, to: winner)
        return winner
    }

    private func move(from loser: Row, to winner: Row) {
        let part = Int(loser) / RowSet.capacity
        let place = Int(loser) % RowSet.capacity
        for number in parts[part].tables.indices {
            guard let table = parts[part].tables[number] else { continue }
            if let run = table.run, let slot = run.slot(of: place) {
                for index in run.events(ofSlot: slot) {
                    add(time: run.time(index), position: run.position(index), cells: ProfileColumns.cells(of: index, in: run)[...], table: number, to: winner)
                }
            }
            for index in table.tail.indices(of: place) {
                add(time: table.tail.times[index], position: table.tail.positions[index], cells: table.tail.cells(of: index), table: number, to: winner)
            }
        }
        changed[part] = true
        parts[part].alive.remove(place)
        let birth = parts[part].born[place]
        let goal = Int(winner) / RowSet.capacity
        parts[goal].born[Int(winner) % RowSet.capacity] = min(birth, parts[goal].born[Int(winner) % RowSet.capacity])
        eventCount[Int(loser)] = 0
    }

    static func cells(of index: Int, in run: Run) -> [Cell] {
        var cells: [Cell] = []
        for (number, column) in run.columns.enumerated() {
            switch column?.cell(index) ?? .none {
            case .none: continue
            case .code(let code): cells.append(Cell(code: code, column: UInt16(truncatingIfNeeded: number)))
            case .number(let value, let scale): cells.append(Cell(number: value, scale: UInt8(scale), column: UInt16(truncatingIfNeeded: number)))
            }
        }
        return cells
    }

    /// Whether tails are waiting to be sorted in.
    public var hasRipeTails: Bool { !ripe.isEmpty }

    /// One table whose tail is to be sorted in: to be merged without the lock, and put back by ``finish(_:)``. Called under the lock.
    public func takeRipe() -> Ripening? {
        guard let place = ripe.popFirst(), let table = parts[place.part].tables[place.table] else { return nil }
        return Ripening(place: place, table: table, rows: parts[place.part].alive, erasureCount: erasureCount, columns: self)
    }

    /// Puts a sorted run in the place of what it was made from; nothing where that has changed meanwhile otherwise than by growing. Called under the
    /// lock for writing.
    public func finish(_ ripening: Ripening, _ run: Run?) {
        let place = ripening.place
        guard ripening.erasureCount == erasureCount, let now = parts[place.part].tables[place.table], now.run === ripening.table.run, now.tail.count >= ripening.table.tail.count else { return }
        changed[place.part] = true
        parts[place.part].tables[place.table]!.run = run
        parts[place.part].tables[place.table]!.tail.removeFirst(ripening.table.tail.count)
    }

    /// A tail on its way into its run.
    public struct Ripening: Sendable {
        let place: TablePlace
        let table: PartTable
        let rows: RowSet
        let erasureCount: Int
        let columns: ProfileColumns

        /// The work itself, on any thread.
        public func merged() -> Run? {
            table.merged(rows: rows, tailCount: table.tail.count) { column, value, scale in columns.wide(place.table, column, value, scale) }
        }
    }
}
