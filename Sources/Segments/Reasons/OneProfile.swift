import Columnar
import Profiles
import Vocabulary

/// One profile's events and traits, cut out of their part, so that a question about one person looks at nobody else.
final class OneProfile {
    let row: Int
    let rows: RowSet
    private let part: Part
    private let needs: Needs
    private let records: any RecordSource
    private var eventsLeft = OneProfile.eventsMaximum
    /// Events that one answer reads in the log.
    private static let eventsMaximum = 1000
    /// Bytes of a value that is shown whole.
    private static let valueMaximum = 500
    private static let textMaximum = 200

    /// - Parameters:
    ///   - needs: the columns that will be looked at; others are left behind.
    ///   - tables: whose events to bring along; nil for all.
    init(_ row: Int, of whole: Part, needs: Needs, records: any RecordSource, tables: Set<Int>? = nil) {
        (self.row, self.needs, self.records) = (row, needs, records)
        var rows = RowSet()
        rows.insert(row)
        self.rows = rows
        var part = whole
        part.alive = rows
        for (number, table) in whole.tables.enumerated() {
            guard tables?.contains(number) ?? true else {
                part.tables[number] = nil
                continue
            }
            var own = PartTable()
            own.run = table?.merged(rows: rows, tailCount: table?.tail.count ?? 0, columns: needs.columns[number] ?? []) { _, _, _ in ValueDictionary.overflow }
            part.tables[number] = own.run == nil ? nil : own
        }
        self.part = part
    }

    /// The values that the person has.
    var present: PresentCodes { PresentCodes(part: part, row: row) }

    /// When their events of some tables happened, each instant once, ascending.
    func times(of tables: Set<Int>, in bounds: TimeBounds) -> [Int64] {
        var times: Set<Int64> = []
        for table in tables where table < part.tables.count {
            guard let run = part.tables[table]?.run, let slot = run.slot(of: row) else { continue }
            for index in run.events(ofSlot: slot, in: bounds) { times.insert(run.time(index)) }
        }
        return times.sorted()
    }

    /// For one moment: what is made of filters is kept in it.
    func scope() -> PartScope { PartScope(part, needs: needs, records: records) }

    // MARK: - Showing

    /// An event with the properties at some paths.
    func seen(_ position: LogPosition, at time: Int64, paths: [String]) -> SeenEvent {
        var event: EventView?
        if eventsLeft > 0 {
            eventsLeft -= 1
            event = records.event(at: position).flatMap { $0.isErased ? nil : $0 }
        }
        return SeenEvent(
            position: position, time: Timestamp(clamping: time), title: event?.title ?? "", messageId: event?.text(.messageId),
            values: event.map { event in paths.map { ($0, event.property(at: Array($0.utf8)).flatMap { $0.isNull ? nil : OneProfile.cut($0) }) } } ?? [])
    }

    func seen(_ event: FoundEvent, paths: [String]) -> SeenEvent { seen(event.position, at: event.time, paths: paths) }

    /// A value as JSON that is no longer than people read.
    static func cut(_ value: JSONText) -> JSONText {
        guard value.bytes.count > valueMaximum else { return value }
        return JSONText(text: value.string.map { $0.prefix(textMaximum) + "…" } ?? (value.isArray ? "[…]" : value.isObject ? "{…}" : "…"))
    }

    func json(_ value: Column.Value, _ dictionary: ValueDictionary) -> JSONText? {
        switch value {
        case .none: nil
        // Too long for a column.
        case .code(ValueDictionary.overflow): JSONText(text: "…")
        default: StoredValue(value, dictionary).map { OneProfile.cut($0.json) }
        }
    }
}

/// The codes of the values that one person has, by which plans for many moments are made without a look at everyone's.
struct PresentCodes: Sendable {
    /// Holds this person's events alone.
    let part: Part
    let row: Int

    /// - Parameter table: nil for a trait's column.
    func codes(_ column: Int, of table: Int?) -> Set<UInt32> {
        guard let table else {
            guard column < part.traits.count, let codes = part.traits[column]?.codes else { return [] }
            return [codes[row]]
        }
        guard table < part.tables.count, let run = part.tables[table]?.run, column < run.columns.count, let codes = run.columns[column]?.codes else { return [] }
        return Set(codes.all)
    }
}

extension JSONText {
    init(text: some StringProtocol) {
        var w = JSONWriter()
        w.string(String(text))
        self = w.text
    }
}

extension StoredValue {
    var json: JSONText {
        var w = JSONWriter()
        write(to: &w)
        return w.text
    }
}
