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
            let run = try #require(part.tables[0]?.run)
            let expected = model.sorted { ($0.row, $0.time, $0.position) < ($1.row, $1.time, $1.position) }
            for _ in 0..<random.below(4) { _ = run.rest() }
            #expect(run.count == model.count)
            #expect(Self.events(run) == expected)
            #expect(run.oldest.count == run.slotCount && run.newest.count == run.slotCount)
            if random.chance(50) { #expect(run.rest() >= 0) }
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
        let run = try #require(table.merged(rows: rows, tailCount: 5000) { _, _, _ in 9 })
        let plain = run.byteCounts
        #expect(plain.packed == 0 && plain.plain > 5000 * 11)
        // It is new, as if asked for; then nobody asks.
        #expect(run.rest() == 0)
        #expect(run.rest() == 4)
        let packed = run.byteCounts
        #expect(packed.plain < 8192 && packed.packed > 0 && packed.packed < plain.plain / 2)
        #expect(run.rest() == 0)
        _ = run.columns[0]
        #expect(run.byteCounts.plain >= packed.plain + 5000)
        #expect(run.rest() == 0)
        #expect(run.rest() == 1)
        // A look that is not to be repeated makes nothing plain.
        table.run = run
        #expect(table.merged(rows: rows, tailCount: 0) { _, _, _ in 9 }?.count == 5000)
        _ = run.columns.held[1]?.once
        #expect(run.byteCounts.plain == packed.plain)
    }

    @Test("are read by many while they are packed")
    func concurrently() async throws {
        let values = (0..<20_000).map { UInt32($0 % 700) }
        let held = Held(Column(codes: Codes(values)))
        await withTaskGroup(of: Int.self) { group in
            for _ in 0..<3 {
                group.addTask {
                    var wrong = 0
                    for round in 0..<300 where held.plain.codes?[round * 60] != values[round * 60] || held.once.codes?[round] != values[round] { wrong += 1 }
                    return wrong
                }
            }
            group.addTask {
                for _ in 0..<300 { _ = held.rest() }
                return 0
            }
            for await wrong in group { #expect(wrong == 0) }
        }
        #expect(Column(held.packed)?.codes?.all == values)
    }
}
