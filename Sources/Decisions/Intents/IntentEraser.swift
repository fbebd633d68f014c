public import EventLog
import GRDB
public import Identity
public import Storage
import Vocabulary

/// Takes out what was decided for a person, done or not, under each id that any of their identifiers ever had.
public struct IntentEraser: Eraser {
    public let name = "intents"
    private let database: DatabaseFile
    private let graph: IdentityGraph
    private let lock: StateLock

    public init(_ database: DatabaseFile, graph: IdentityGraph, lock: StateLock) { (self.database, self.graph, self.lock) = (database, graph, lock) }

    public func erase(_ subject: ErasureSubject) throws -> Int {
        let ids = lock.reading { Set(subject.identifiers.compactMap { graph.find($0).map { graph.ownID($0).text } }) }.union(subject.ids)
        let count = try database.pool.write { db in try IntentTable.delete(profiles: ids, db) }
        if count > 0 { try database.truncateLog() }
        return count
    }
}
