import Columnar
import Synchronization
import TestSupport
import Testing

@Suite("Runs, plain and packed")
struct RunFormsTests {
    /// One event as an obvious program keeps it.
    private struct Event: Equatable {
        var row: Int
        var time: Int64
        var position: UInt64
        var cells: [Int: Column.Value]
    }

    private static func event(_ random: inout Random, position: UInt64) -> Event {
        var cells: [Int: Column.Value] = [:]
        if random.chance(80) { cells[0] = .code(UInt32(1 + random.below(3))) }
        if random.chance(30) { cells[1] = .code(UInt32(1 + random.below(random.chance(5) ? 100_000 : 300))) }
        if random.chance(60) { cells[2] = .number(Int64(random.below(10_000)), scale: 2) }
        if random.chance(10) { cells[4] = random.chance(50) ? .number(Int64(random.below(1 << 40)), scale: 0) : .code(7) }
        return Event(row: random.below(random.chance(50) ? 5 : RowSet.capacity), time: Int64(random.below(1 << 41)), position: position, cells: cells)
    }

    private static func append(_ event: Event, to part: inout Part) {
        let cells = event.cells.sorted { $0.key < $1.key }.compactMap { column, value -> Cell? in
            switch value {
            case .none: nil
            case .code(let code): Cell(code: code, column: UInt16(column))
            case .number(let number, let scale): Cell(number: number, scale: UInt8(scale), column: UInt16(column))
            }
        }
        _ = unsafe cells.withUnsafeBufferPointer { unsafe part.append(row: event.row, time: event.time, position: event.position, cells: $0, to: 0) }
    }

    /// What a run says of every event, in its order.
    private static func events(_ run: Run) -> [Event] {
        var found: [Event] = []
        for row in 0..<RowSet.capacity {
            guard let slot = run.slot(of: row) else { continue }
            for index in run.events(ofSlot: slot) {
                var cells: [Int: Column.Value] = [:]
                for (number, column) in run.columns.enumerated() {
                    if let value = column?.cell(index), value != .none { cells[number] = value }
                }
                found.append(Event(row: row, time: run.time(index), position: run.position(index), cells: cells))
            }
        }
        return found
    }

    /// As it would be read from a snapshot.
    private static func packed(_ run: Run) -> Run {
        Run(
            rows: run.rows, starts: run.starts, oldest: run.oldest, newest: run.newest, times: Held(packed: run.times.packed), positions: Held(packed: run.positions.packed),
            columns: run.columns.held.map { $0.map { Held(packed: $0.packed) } })
    }

    @Test("say the same of every event after any merging, packing and asking", arguments: Seed.some(6))
    func likeTheObvious(seed: Seed) throws {
        var random = Random(seed)
        var part = Part()
        var model: [Event] = []
        var rows = RowSet()
        for row in 0..<RowSet.capacity { rows.insert(row) }
        var position: UInt64 = random.chance(50) ? 0 : 1 << 33
        for _ in 0..<12 {
            for _ in 0..<random.below(300) {
                position += 1 + UInt64(random.below(3))
                let event = Self.event(&random, position: position)
                Self.append(event, to: &part)
                model.append(event)
            }
            guard let table = part.tables.first ?? nil else { continue }
            // A number and a code in one column have their scales; the model's numbers of column 2 all have one.
            part.tables[0]?.run = table.merged(rows: rows, tailCount: table.tail.count) { _, _, _ in 9 }
            part.tables[0]?.tail.removeFirst(table.tail.count)
            var run = try #require(part.tables[0]?.run)
            let expected = model.sorted { ($0.row, $0.time, $0.position) < ($1.row, $1.time, $1.position) }
            for _ in 0..<random.below(4) { run = run.resting() ?? run }
            #expect(run.count == model.count)
            #expect(Self.events(run) == expected)
            #expect(run.oldest.count == run.slotCount && run.newest.count == run.slotCount)
            if random.chance(50) { part.tables[0]?.run = run.resting() ?? run }
        }
    }

    @Test("give up what nobody asked for, keep what somebody did, and are smaller then")
    func resting() throws {
        var part = Part()
        for index in 0..<5000 {
            Self.append(Event(row: index % 50, time: Int64(index) * 1000, position: UInt64(index), cells: [0: .code(UInt32(1 + index % 3)), 1: .number(Int64(index % 100), scale: 2)]), to: &part)
        }
        var table = try #require(part.tables[0])
        var rows = RowSet()
        for row in 0..<50 { rows.insert(row) }
        let fresh = try #require(table.merged(rows: rows, tailCount: 5000) { _, _, _ in 9 })
        let plain = fresh.byteCounts
        #expect(plain.packed == 0 && plain.plain > 5000 * 11)
        // It is new, as if asked for; then nobody asks.
        #expect(fresh.resting() == nil)
        let run = try #require(fresh.resting())
        let packed = run.byteCounts
        #expect(packed.plain < 8192 && packed.packed > 0 && packed.packed < plain.plain / 2)
        #expect(Self.events(fresh) == Self.events(run))
        // Of one that is packed only what is asked for becomes plain, and only that rests again.
        let again = Self.packed(run)
        #expect(again.resting() == nil)
        _ = again.columns[0]
        #expect(again.byteCounts.plain == packed.plain + 5000)
        #expect(again.resting() == nil)
        #expect(try #require(again.resting()).byteCounts.plain == packed.plain)
        // A look that is not to be repeated makes nothing plain.
        let rewritten = Self.packed(run)
        table.run = rewritten
        #expect(table.merged(rows: rows, tailCount: 0) { _, _, _ in 9 }?.count == 5000)
        #expect(rewritten.byteCounts.plain == packed.plain)
    }

    @Test("become plain once for all who ask at the same time")
    func concurrently() async throws {
        let values = (0..<20_000).map { UInt32($0 % 700) }
        let held = Held<Column>(packed: Column(codes: Codes(values)).packed())
        await withTaskGroup(of: Int.self) { group in
            for _ in 0..<3 {
                group.addTask {
                    var wrong = 0
                    for round in 0..<300 where held.plain.codes?[round * 60] != values[round * 60] || held.once.codes?[round] != values[round] { wrong += 1 }
                    return wrong
                }
            }
            group.addTask {
                // Written down meanwhile.
                (0..<300).count { _ in Column(held.packed)?.codes?[11] != values[11] }
            }
            for await wrong in group { #expect(wrong == 0) }
        }
        #expect(Column(held.packed)?.codes?.all == values)
    }
}
