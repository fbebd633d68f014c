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
        eachEvent(of: loser) { time, position, table in add(time: time, position: position, table: table, to: winner) }
        let birth = parts[Int(loser) / RowSet.capacity].born[Int(loser) % RowSet.capacity]
        let goal = Int(winner) / RowSet.capacity
        parts[goal].born[Int(winner) % RowSet.capacity] = min(birth, parts[goal].born[Int(winner) % RowSet.capacity])
        bury(loser)
    }

    /// Its events stand elsewhere now, and its traits are those of whoever goes on.
    func bury(_ row: Row) {
        changed[Int(row) / RowSet.capacity] = true
        emptyTraits(of: Int(row) % RowSet.capacity, in: Int(row) / RowSet.capacity)
        parts[Int(row) / RowSet.capacity].alive.remove(Int(row) % RowSet.capacity)
        eventCount[Int(row)] = 0
    }

    /// Calls `body` with each event of a row, whose cells stand in `cells` then; `body` may add it to another row.
    func eachEvent(of row: Row, _ body: (_ time: Int64, _ position: LogPosition, _ table: Int) -> Void) {
        let part = Int(row) / RowSet.capacity
        let place = Int(row) % RowSet.capacity
        for number in parts[part].tables.indices {
            guard let table = parts[part].tables[number] else { continue }
            if let run = table.run, let slot = run.slot(of: place) {
                let columns = Array(run.columns)
                for index in run.events(ofSlot: slot) {
                    cells.removeAll()
                    ProfileColumns.eachCell(of: index, in: columns) { cells.append($0) }
                    body(run.time(index), run.position(index), number)
                }
            }
            for index in table.tail.indices(of: place) {
                cells.removeAll()
                table.tail.eachCell(of: index) { cells.append($0) }
                body(table.tail.time(index), table.tail.position(index), number)
            }
        }
    }

    private static func eachCell(of index: Int, in columns: [Column?], _ body: (Cell) -> Void) {
        for (number, column) in columns.enumerated() {
            switch column?.cell(index) ?? .none {
            case .none: continue
            case .code(let code): body(Cell(code: code, column: UInt16(truncatingIfNeeded: number)))
            case .number(let value, let scale): body(Cell(number: value, scale: UInt8(scale), column: UInt16(truncatingIfNeeded: number)))
            }
        }
    }

    /// Whether tails are waiting to be sorted in.
    public var hasRipeTails: Bool { !ripe.isEmpty }

    /// One table whose tail is to be sorted in: to be merged without the lock, and put back by ``finish(_:_:)``. Called under the lock.
    ///
    /// - Parameter isBehind: whether events come in faster than they are taken: then tails may grow to half of their run, or all together to a share of
    ///   everything, so that a bulk load writes each run a few times and not at every sixteenth.
    public func takeRipe(isBehind: Bool) -> Ripening? {
        guard isBehind else {
            guard let place = ripe.first(where: { !sorting.contains($0) }) else { return nil }
            ripe.remove(place)
            return ripening(place)
        }
        var waiting = 0
        var fullest: (place: TablePlace, share: Double)?
        for place in ripe where !sorting.contains(place) {
            guard let table = parts[place.part].tables[place.table] else { continue }
            waiting += table.tail.count
            let share = Double(table.tail.count) / Double((table.run?.count ?? 0) + RowSet.capacity)
            if share > fullest?.share ?? 0 { fullest = (place, share) }
        }
        guard let fullest, fullest.share >= 0.5 || waiting > ProfileColumns.waitingMinimum + Int(position / 32) else { return nil }
        ripe.remove(fullest.place)
        return ripening(fullest.place)
    }

    /// The table with the longest tail, ripe or not, for a quiet moment: nil where none has so many events. Called under the lock.
    public func takeLongest(atLeast count: Int) -> Ripening? {
        var longest: (place: TablePlace, count: Int)?
        for part in parts.indices {
            for table in parts[part].tables.indices {
                guard let waiting = parts[part].tables[table]?.tail.count, waiting >= count, waiting > longest?.count ?? 0 else { continue }
                let place = TablePlace(part: part, table: table)
                if !sorting.contains(place) { longest = (place, waiting) }
            }
        }
        guard let longest else { return nil }
        ripe.remove(longest.place)
        return ripening(longest.place)
    }

    /// So many events may stand in tails together while events come in faster than they are taken: about 200 bytes each.
    private static let waitingMinimum = 1 << 20

    private func ripening(_ place: TablePlace) -> Ripening? {
        guard let table = parts[place.part].tables[place.table] else { return nil }
        sorting.insert(place)
        return Ripening(place: place, table: table, rows: parts[place.part].alive, erasureCount: erasureCount, columns: self)
    }

    /// Puts a sorted run in the place of what it was made from; nothing where that has changed meanwhile otherwise than by growing. Called under the
    /// lock for writing.
    public func finish(_ ripening: Ripening, _ run: Run?) {
        let place = ripening.place
        sorting.remove(place)
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
