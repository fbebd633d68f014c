import CKernels
public import Columnar
public import EventLog
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
public import Identity
import Storage
import Synchronization
public import Vocabulary

/// A number for one profile: 16,384 of them make a part. Given once; when profiles merge one of the two goes on and the other is dead.
public typealias Row = UInt32

/// That something of a row changed.
public struct Touch: Sendable {
    public enum What: Sendable, Hashable {
        case events(ofTable: Int)
        case traits
        /// Of which accounts they are a member.
        case memberships
        /// As when two people became one.
        case everything
    }
    public let row: Row
    public let what: What
}

/// Everyone's events and traits as columns, sorted by profile: what questions about all profiles are answered from.
///
/// Events stand under the row of their person; a merge moves those of the smaller side, so that a question meets no redirection.
/// Guarded by the folds' ``StateLock``: `apply` runs under writing, ``view()`` under reading, and what it returns needs no lock.
public final class ProfileColumns: Fold, @unchecked Sendable {
    public let name = "columns"
    public internal(set) var position: LogPosition = 0
    public internal(set) var catalog: ColumnCatalog

    let graph: IdentityGraph
    let store: ProfileStore
    let folder: String
    var parts: [Part] = []
    /// By root of the graph; `Row.max` where its person has no events.
    var rowOfRoot: [Row] = []
    /// By row: one node of its person.
    var nodeOf: [Node] = []
    var newestTime = Int64.min
    var shot: Shot?
    /// Parts that changed since the last checkpoint was taken.
    var changed: [Bool] = []
    /// Parts whose change could not be written.
    let lost = Mutex<Set<Int>>([])
    /// By part, which file holds it; 0 for none.
    let files = Mutex<[UInt64]>([])
    let nextFile = Atomic<UInt64>(1)
    let writer = BackgroundWorker(name: "martlet-columns", standing: .patient)
    /// By row: how many events, to move the smaller side in a merge.
    var eventCount: [UInt32] = []
    /// By table number; the tables whose events are read, each by one reader.
    var readers: [TableReader] = []
    /// By the name of a track call.
    var readerNumbers: [[UInt8]: Int] = [:]
    /// Of the calls that are no track calls, by type.
    var otherReaders = [Int](repeating: -1, count: 8)
    var traitReader: CellReader
    let cells = CellList()
    /// What the batch applied last changed, in order; a row may stand in it many times.
    public internal(set) var touched: [Touch] = []
    /// Rows that the batch applied last joined.
    public internal(set) var joined: [(winner: Row, loser: Row)] = []
    /// Everyone's memberships of accounts, by row; kept by ``Accounts``.
    var contexts = ContextView()
    /// How often somebody was erased: what was being sorted meanwhile holds them still.
    var erasureCount = 0
    /// Whether rows that merged away have lost their traits: those of a file of an earlier version may have them still.
    var hasEmptied = false
    /// Tables whose tails have grown long.
    var ripe: Set<TablePlace> = []
    /// What a thread has taken to sort in and not put back yet.
    var sorting: Set<TablePlace> = []

    /// By the last bits of a name's hash, a reader that may be the one of that name.
    private var nearby = [Int](repeating: -1, count: 256)
    private let nameKey = UInt64.random(in: .min ... .max)

    struct TableReader {
        let event: [UInt8]
        let number: Int
        let cells: CellReader
        let name: (column: UInt16, dictionary: ValueDictionary)?
    }
    struct TablePlace: Hashable { let part: Int, table: Int }

    /// - Parameters:
    ///   - graph, store: applied before this fold, batch by batch.
    public init(folder: String, graph: IdentityGraph, store: ProfileStore) {
        self.folder = folder
        self.graph = graph
        self.store = store
        Folder.make(folder)
        catalog = ColumnCatalog()
        traitReader = CellReader(table: nil, prefixes: [""], catalog: catalog)
        load()
    }

    /// Readers know the columns of a catalog; with another one they begin anew.
    func forgetReaders() {
        readers = []
        readerNumbers = [:]
        otherReaders = [Int](repeating: -1, count: 8)
        nearby = [Int](repeating: -1, count: nearby.count)
        traitReader = CellReader(table: nil, prefixes: [""], catalog: catalog)
        ripe = []
    }

    // MARK: - Folding

    public func apply(_ batch: LogBatch) {
        touched.removeAll(keepingCapacity: true)
        joined.removeAll(keepingCapacity: true)
        var renamed = regroup(graph.changes)
        for (index, entry) in batch.entries.enumerated() {
            let anchor = graph.anchors[index]
            guard anchor != .max, let event = batch.event(entry) else { continue }
            renamed += take(event, at: entry.position, of: anchor)
        }
        if renamed.count > 1 { renamed = Array(Set(renamed)) }
        for row in renamed { refreshTraits(of: row) }
        if let last = batch.entries.last { position = last.position + 1 }
    }

    /// - Returns: the row, where the event says something of who it is.
    func take(_ event: EventView, at position: LogPosition, of anchor: Node) -> [Row] {
        let row = row(of: anchor, at: position)
        if event.type != .alias, event.type != .group, let table = append(event, at: position, to: row) { touched.append(Touch(row: row, what: .events(ofTable: table))) }
        guard event.type == .identify else { return [] }
        touched.append(Touch(row: row, what: .traits))
        return [row]
    }

    /// The row of a person; nil while nothing of theirs has a column. Called under the state lock.
    public func row(of profile: Profile) -> Row? { profile.members.first.flatMap { row(ofRoot: graph.root(of: $0)) } }

    func row(ofRoot root: Node) -> Row? {
        guard Int(root) < rowOfRoot.count, rowOfRoot[Int(root)] != .max else { return nil }
        return rowOfRoot[Int(root)]
    }

    private func row(of node: Node, at position: LogPosition) -> Row {
        let root = graph.root(of: node)
        return row(ofRoot: root) ?? newRow(of: node, root: root, at: position)
    }

    /// - Parameter position: of their first event.
    func newRow(of node: Node, root: Node, at position: LogPosition) -> Row {
        let row = Row(nodeOf.count)
        nodeOf.append(node)
        eventCount.append(0)
        if Int(row) / RowSet.capacity == parts.count {
            parts.append(Part())
            changed.append(true)
        }
        parts[Int(row) / RowSet.capacity].alive.insert(Int(row) % RowSet.capacity)
        parts[Int(row) / RowSet.capacity].born.append(position)
        changed[Int(row) / RowSet.capacity] = true
        setRow(row, ofRoot: root)
        return row
    }

    func setRow(_ row: Row, ofRoot root: Node) {
        while rowOfRoot.count <= Int(root) { rowOfRoot.append(.max) }
        rowOfRoot[Int(root)] = row
    }

    /// - Returns: the table that has the event now; nil where there is no room for another table.
    private func append(_ event: EventView, at position: LogPosition, to row: Row) -> Int? {
        cells.removeAll()
        guard let table = read(event) else { return nil }
        let time = event.type == .identify ? event.statedAt : event.timestamp
        newestTime = max(newestTime, time.milliseconds)
        add(time: time.milliseconds, position: position, table: table, to: row)
        return table
    }

    /// Appends an event whose cells stand in `cells`.
    func add(time: Int64, position: LogPosition, table: Int, to row: Row) {
        let part = Int(row) / RowSet.capacity
        changed[part] = true
        let count = unsafe parts[part].append(row: Int(row) % RowSet.capacity, time: time, position: position, cells: cells.all, to: table)
        eventCount[Int(row)] += 1
        if count >= ProfileColumns.tailMinimum, count & 0xff == 0, count >= (parts[part].tables[table]?.run?.count ?? 0) / 16 {
            ripe.insert(TablePlace(part: part, table: table))
        }
    }

    /// A tail of so many events costs a question about 50 µs; sorting it in costs 1 ms of a patient thread.
    static let tailMinimum = 2048

    // MARK: - Reading events

    /// Which table an event belongs to; its cells come to stand in `cells`.
    private func read(_ event: EventView) -> Int? {
        if event.type == .track { return trackReader(event.field(.event) ?? []).map { fill($0, event) } }
        let index = Int(event.type.rawValue)
        if otherReaders[index] < 0 {
            guard let reader = reader(TableName(type: event.type)) else { return nil }
            otherReaders[index] = reader
        }
        return fill(otherReaders[index], event)
    }

    private func trackReader(_ name: ArraySlice<UInt8>) -> Int? {
        let slot = name.withUnsafeBytes { unsafe Int(truncatingIfNeeded: martlet_quick_hash(nameKey, $0.baseAddress, $0.count).low) & (nearby.count - 1) }
        let guess = nearby[slot]
        if guess >= 0, readers[guess].event.withUnsafeBytes({ known in name.withUnsafeBytes { unsafe known.count == $0.count && (known.isEmpty || memcmp(known.baseAddress!, $0.baseAddress!, known.count) == 0) } }) {
            return guess
        }
        let key = Array(name)
        guard let number = readerNumbers[key] ?? reader(TableName(type: .track, event: key)) else { return nil }
        readerNumbers[key] = number
        nearby[slot] = number
        return number
    }

    /// Adds a reader for a table; nil where there is no room for another table.
    private func reader(_ name: TableName) -> Int? {
        guard let number = catalog.tableNumber(name) else { return nil }
        let hasName = name.type == .page || name.type == .screen
        let column = hasName ? catalog.columnNumber(ProfileColumns.pageName, of: number) : nil
        let cells = CellReader(table: number, prefixes: ["", "context."], catalog: catalog, keepsNull: name.type == .identify)
        readers.append(TableReader(event: name.event, number: number, cells: cells, name: column.map { (UInt16(truncatingIfNeeded: $0.number), $0.dictionary) }))
        return readers.count - 1
    }

    /// The column of a page's or screen's own name; no property can be called so, since it is not UTF-8.
    public static let pageName: [UInt8] = [0xff] + Array("name".utf8)

    private func fill(_ reader: Int, _ event: EventView) -> Int {
        let name = readers[reader].name
        event.bytes.withUnsafeBufferPointer { bytes in
            event.eachField { field, range in
                switch field {
                case .properties where event.type != .identify, .traits where event.type == .identify:
                    unsafe readers[reader].cells.read(UnsafeBufferPointer(rebasing: bytes[range]), root: 0, into: cells)
                case .context: unsafe readers[reader].cells.read(UnsafeBufferPointer(rebasing: bytes[range]), root: 1, into: cells)
                case .name:
                    if let name, range.count >= 2, unsafe bytes[range.lowerBound] == 0x22 {
                        var plain: [UInt8] = []
                        unsafe JSONText.unescape(bytes.span, JSONSlice(start: UInt32(range.lowerBound), count: UInt32(range.count)), into: &plain)
                        cells.append(Cell(code: plain.withUnsafeBytes { unsafe name.dictionary.intern(.text, $0) }, column: name.column))
                    }
                default: break
                }
            }
        }
        return readers[reader].number
    }

    // MARK: - Traits

    /// Sets a row's trait columns to what the profile store says now.
    func refreshTraits(of row: Row) {
        let part = Int(row) / RowSet.capacity
        let place = Int(row) % RowSet.capacity
        changed[part] = true
        cells.removeAll()
        store.eachTrait(of: graph.members(nodeOf[Int(row)])) { number, key, value in traitReader.read(member: key, number, value, into: cells) }
        var present: Set<Int> = []
        for cell in unsafe cells.all {
            let number = Int(cell.column)
            present.insert(number)
            let value: Column.Value = cell.isNumber ? .number(cell.value, scale: Int(cell.scale)) : .code(UInt32(truncatingIfNeeded: cell.value))
            parts[part].setTrait(number, of: place, to: value) { self.wide(nil, number, $0, $1) }
        }
        for number in parts[part].traits.indices where !present.contains(number) && parts[part].traits[number]?.cell(place) != Column.Value.none {
            parts[part].setTrait(number, of: place, to: .none) { self.wide(nil, number, $0, $1) }
        }
    }

    /// The code of a number that has no room in its column.
    func wide(_ table: Int?, _ column: Int, _ value: Int64, _ scale: Int) -> UInt32 {
        let text = Array(ExactNumber(value, scale: scale).description.utf8)
        return text.withUnsafeBytes { unsafe catalog.dictionary(column, of: table).intern(.number, $0) }
    }

    // MARK: - Reading

    /// The state as it is, without those who object: whoever asks sees nobody who may not be asked about.
    ///
    /// - Parameter marks: called under the lock, so that what it gives fits the rows.
    /// - Throws: what the consent ledger throws; then nothing is shown.
    public func view(without objectors: Objectors, under lock: StateLock, marks: () -> [String: RowMarks] = { [:] }) throws -> ColumnView {
        try objectors.refresh(lock)
        return lock.reading {
            var eligible = parts
            for part in eligible.indices { eligible[part].number = part }
            for (part, rows) in objectors.rows(in: self) { eligible[part].alive.subtract(rows) }
            return view(eligible, marks())
        }
    }

    private func view(_ parts: [Part], _ marks: [String: RowMarks]) -> ColumnView {
        ColumnView(parts: parts, catalog: catalog, position: position, newestTime: newestTime, marks: marks, contexts: contexts)
    }

    /// How many rows were ever given; called under the lock.
    public var rowCount: Int { nodeOf.count }

    /// Whether a row is somebody's; called under the lock.
    public func isAlive(_ row: Row) -> Bool {
        let part = Int(row) / RowSet.capacity
        return part < parts.count && parts[part].alive.contains(Int(row) % RowSet.capacity)
    }

    /// The row of a node's person; nil while nothing of theirs has a column. Called under the lock.
    public func row(of node: Node) -> Row? { row(ofRoot: graph.root(of: node)) }

    /// One node of a row's person; called under the lock.
    public func node(of row: Row) -> Node { nodeOf[Int(row)] }

    /// The id of a row's profile; called under the lock.
    public func profileID(of row: Row) -> String { id(of: row).text }
    public func id(of row: Row) -> ProfileID { graph.id(nodeOf[Int(row)]) }
}

/// All columns at one moment; a value that nothing changes any more.
public struct ColumnView: Sendable {
    public let parts: [Part]
    public let catalog: ColumnCatalog
    /// The first log position that is not in it.
    public let position: LogPosition
    /// The newest time of any event, in milliseconds since 1970.
    public let newestTime: Int64
    /// By whatever whoever keeps them calls them.
    public let marks: [String: RowMarks]
    public let contexts: ContextView
}
