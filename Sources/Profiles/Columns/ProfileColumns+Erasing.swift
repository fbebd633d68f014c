import Columnar
import Identity
import Vocabulary

/// Forgetting a person: their row, their events' places, and every value that nobody else has.
extension ProfileColumns {
    /// Called under the lock for writing, while the graph still knows the members; the files are written anew before it returns.
    func erase(_ members: Set<Node>) throws {
        let rows = Set(members.map(graph.root(of:)).compactMap(row(ofRoot:)))
        for root in Set(members.map(graph.root(of:))) where Int(root) < rowOfRoot.count { rowOfRoot[Int(root)] = .max }
        var codes = Codebook()
        // Rows that merged away leave their values in runs until these are sorted anew; so all of a part's tables are.
        for part in Set(rows.map { Int($0) / RowSet.capacity }) {
            for row in rows where Int(row) / RowSet.capacity == part { forget(Int(row) % RowSet.capacity, in: part, &codes) }
        }
        for part in parts.indices { dropDead(in: part, &codes) }
        release(codes)
        forgetReaders()
        writer.drain()
        prepareCheckpoint()
        if let shot {
            self.shot = nil
            try write(shot)
        }
    }

    /// Which codes of which columns went, and may be nobody's now; tables behind traits.
    private struct Codebook {
        var traits: [Int: Set<UInt32>] = [:]
        var tables: [Int: [Int: Set<UInt32>]] = [:]
    }

    private func forget(_ row: Int, in part: Int, _ codes: inout Codebook) {
        for (number, trait) in parts[part].traits.enumerated() {
            if case .code(let code) = trait?.cell(row) ?? .none { codes.traits[number, default: []].insert(code) }
            parts[part].setTrait(number, of: row, to: .none) { self.wide(nil, number, $0, $1) }
        }
        parts[part].alive.remove(row)
        parts[part].born[row] = 0
        eventCount[part * RowSet.capacity + row] = 0
        changed[part] = true
    }

    /// Sorts tables anew that hold events of dead rows.
    private func dropDead(in part: Int, _ codes: inout Codebook) {
        let alive = parts[part].alive
        for number in parts[part].tables.indices {
            guard let table = parts[part].tables[number] else { continue }
            let dead = (table.run?.rows ?? RowSet()).union(table.tail.rowSet()).subtracting(alive)
            guard !dead.isEmpty else { continue }
            note(table, dead, number, &codes)
            let run = table.merged(rows: alive, tailCount: table.tail.count) { column, value, scale in self.wide(number, column, value, scale) }
            var fresh = PartTable()
            fresh.run = run
            parts[part].tables[number] = run == nil ? nil : fresh
            changed[part] = true
        }
    }

    private func note(_ table: PartTable, _ dead: RowSet, _ number: Int, _ codes: inout Codebook) {
        for (column, values) in (table.run?.columns ?? []).enumerated() {
            guard let run = table.run, let all = values?.codes else { continue }
            dead.forEach { row in
                guard let slot = run.slot(of: row) else { return }
                for index in run.events(ofSlot: slot) where all[index] != 0 { codes.tables[number, default: [:]][column, default: []].insert(all[index]) }
            }
        }
        for index in table.tail.rows.indices where dead.contains(Int(table.tail.rows[index])) {
            for cell in table.tail.cells(of: index) where !cell.isNumber {
                codes.tables[number, default: [:]][Int(cell.column), default: []].insert(UInt32(truncatingIfNeeded: cell.value))
            }
        }
    }

    /// Has the dictionaries forget the codes that no place has any more.
    private func release(_ codes: Codebook) {
        for (number, gone) in codes.traits {
            var left = gone
            for part in parts where number < part.traits.count { part.traits[number]?.codes?.each { left.remove($0) } }
            catalog.dictionary(number, of: nil).erase(left)
        }
        for (table, columns) in codes.tables {
            for (column, gone) in columns {
                var left = gone
                for part in parts where table < part.tables.count {
                    guard let state = part.tables[table] else { continue }
                    if let run = state.run, column < run.columns.count { run.columns[column]?.codes?.each { left.remove($0) } }
                    for index in state.tail.rows.indices {
                        for cell in state.tail.cells(of: index) where !cell.isNumber && Int(cell.column) == column { left.remove(UInt32(truncatingIfNeeded: cell.value)) }
                    }
                }
                catalog.dictionary(column, of: table).erase(left)
            }
        }
    }
}
