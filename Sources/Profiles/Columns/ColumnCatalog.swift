public import Columnar
import Synchronization
public import Vocabulary

/// What a table of events holds: the track calls of one name, or all calls of another type.
public struct TableName: Sendable, Hashable {
    public let type: EventType
    /// Of track calls; empty for the others.
    public let event: [UInt8]

    public init(type: EventType, event: [UInt8] = []) {
        self.type = type
        self.event = event
    }

    /// Whether these are things that people do (track, page and screen calls), not statements of who they are, nor what Martlet writes of its own messages to them and of what it was told of their consent.
    public var isBehaviour: Bool { type == .page || type == .screen || type == .track && !isReceipt }

    /// Whether these are what Martlet itself writes down.
    public var isReceipt: Bool { type == .track && TableName.receipts.contains(event) }

    /// The same of one event, which knows by its source whether somebody else's event has that name.
    static func isReceipt(_ event: EventView) -> Bool {
        guard event.source == 0, event.type == .track, let name = event.field(.event) else { return false }
        return receipts.contains(Array(name))
    }

    private static let receipts = Set(["Message Sent", "Message Refused", "Message Failed", EventReason.consentStated].map { Array($0.utf8) })
}

/// One property of one table, or one trait.
public struct ColumnName: Sendable, Hashable {
    /// Nil for traits.
    public let table: Int?
    /// Nested members behind dots; of an event's context with `context.` in front; a page's own name is `@name`.
    public let path: [UInt8]

    public init(table: Int?, path: [UInt8]) {
        self.table = table
        self.path = path
    }
}

/// Which tables, properties and traits have been seen, numbered in the order met, each with the dictionary of its values. Append-only, so that
/// numbers mean the same for whoever holds an older state.
public final class ColumnCatalog: Sendable {
    /// Beyond so many a table takes no further properties; conditions on those are answered from the log.
    public static let columnsMaximum = 4000
    /// Beyond so many different event names, further ones share no columns and are answered from the log.
    public static let tablesMaximum = 10_000

    struct State {
        var tables: [TableName] = []
        var tableNumbers: [TableName: Int] = [:]
        var columns: [[Entry]] = []
        var columnNumbers: [ColumnName: Int] = [:]
        var traits: [Entry] = []
    }
    struct Entry: Sendable {
        var path: [UInt8]
        let dictionary: ValueDictionary
    }
    /// In the place of a name that was forgotten; no name is written so, since it is not UTF-8.
    static let forgotten: [UInt8] = [0xfe]
    let state = Mutex(State())

    init() {}

    public func table(_ name: TableName) -> Int? { state.withLock { $0.tableNumbers[name] } }
    /// All tables with their numbers.
    public var tables: [TableName] { state.withLock { $0.tables } }

    public func column(_ path: [UInt8], of table: Int) -> (number: Int, dictionary: ValueDictionary)? {
        state.withLock { state in
            guard let number = state.columnNumbers[ColumnName(table: table, path: path)] else { return nil }
            return (number, state.columns[table][number].dictionary)
        }
    }

    /// Whether a property of events can only be read in the log: it is left out of the columns, lies too deep, or came when there was no room.
    public func isOnlyInLog(_ path: [UInt8], of table: Int) -> Bool {
        if CellReader.leftOut.contains(where: { path == $0 || path.starts(with: $0 + [0x2e]) }) { return true }
        return path.count { $0 == 0x2e } > CellReader.depthMaximum || state.withLock { table < $0.columns.count && $0.columns[table].count >= ColumnCatalog.columnsMaximum }
    }

    public func trait(_ path: [UInt8]) -> (number: Int, dictionary: ValueDictionary)? {
        state.withLock { state in
            guard let number = state.columnNumbers[ColumnName(table: nil, path: path)] else { return nil }
            return (number, state.traits[number].dictionary)
        }
    }

    /// The paths of a table's properties, in the order met.
    public func paths(of table: Int) -> [[UInt8]] { state.withLock { table < $0.columns.count ? $0.columns[table].map(\.path) : [] } }
    public var traitPaths: [[UInt8]] { state.withLock { $0.traits.map(\.path) } }

    // MARK: - Adding, by the applying thread alone

    func tableNumber(_ name: TableName) -> Int? {
        state.withLock { state in
            if let known = state.tableNumbers[name] { return known }
            guard state.tables.count < ColumnCatalog.tablesMaximum else { return nil }
            state.tables.append(name)
            state.columns.append([])
            state.tableNumbers[name] = state.tables.count - 1
            return state.tables.count - 1
        }
    }

    func columnNumber(_ path: [UInt8], of table: Int?) -> (number: Int, dictionary: ValueDictionary)? {
        state.withLock { state in
            let name = ColumnName(table: table, path: path)
            let known = table.map { state.columns[$0] } ?? state.traits
            if let number = state.columnNumbers[name] { return (number, known[number].dictionary) }
            guard known.count < ColumnCatalog.columnsMaximum else { return nil }
            let entry = Entry(path: path, dictionary: ValueDictionary())
            if let table { state.columns[table].append(entry) } else { state.traits.append(entry) }
            state.columnNumbers[name] = known.count
            return (known.count, entry.dictionary)
        }
    }

    // MARK: - Forgetting

    /// Keeps of a column's values those with these codes; of a column that nobody uses not even the name.
    func keep(_ codes: Set<UInt32>, isUsed: Bool, column: Int, of table: Int?) {
        let dictionary = dictionary(column, of: table)
        var unused: Set<UInt32> = []
        for code in 1...UInt32(max(1, dictionary.count)) where !codes.contains(code) { unused.insert(code) }
        if !unused.isEmpty, dictionary.count > 0 { dictionary.erase(unused) }
        guard !isUsed else { return }
        state.withLock { state in
            let path = table.map { state.columns[$0][column].path } ?? state.traits[column].path
            state.columnNumbers[ColumnName(table: table, path: path)] = nil
            if let table { state.columns[table][column].path = ColumnCatalog.forgotten } else { state.traits[column].path = ColumnCatalog.forgotten }
        }
    }

    /// Forgets the name of events that nobody has.
    func forget(table: Int) {
        state.withLock { state in
            state.tableNumbers[state.tables[table]] = nil
            state.tables[table] = TableName(type: state.tables[table].type, event: ColumnCatalog.forgotten)
        }
    }

    func dictionary(_ column: Int, of table: Int?) -> ValueDictionary {
        state.withLock { state in table.map { state.columns[$0][column].dictionary } ?? state.traits[column].dictionary }
    }
}
