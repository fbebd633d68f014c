import Foundation
import GRDB
import Storage
import TestSupport
import Testing

@Suite("What was deleted from a database")
struct FreedRoomTests {
    /// Rows of many lengths come and go in random order; every text is different, so that each can be looked for.
    @Test("is not in its file, and all that was not deleted is in the database", arguments: Seed.some(6))
    func cleared(_ seed: Seed) throws {
        var random = Random(seed)
        let folder = TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        let path = "\(folder.path)/rows.sqlite"
        let database = try DatabaseFile(path: path, migrations: [Migration("rows_1", sql: "CREATE TABLE rows (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID; CREATE INDEX rows_value ON rows (value);")])
        var there: Set<String> = []
        var gone: Set<String> = []
        for round in 0..<6 {
            for number in 0..<120 {
                let text = "zq\(seed.value)x\(round)x\(number)x" + String(repeating: random.pick(["a", "b", "c", "d"]), count: 4 + random.below(160))
                try database.pool.write { try $0.execute(sql: "INSERT INTO rows VALUES (?, ?)", arguments: [text, "v" + text]) }
                there.insert(text)
            }
            for text in there.sorted().shuffled(using: &random).prefix(90) {
                try database.pool.write { try $0.execute(sql: "DELETE FROM rows WHERE key = ?", arguments: [text]) }
                there.remove(text)
                gone.insert(text)
            }
            try database.clearFreedRoom()
            let bytes = try Data(contentsOf: URL(fileURLWithPath: path)) + ((try? Data(contentsOf: URL(fileURLWithPath: path + "-wal"))) ?? Data())
            // Up to its last x, each is itself alone.
            let left = gone.filter { text in bytes.range(of: Data((text.split(separator: "x").prefix(3).joined(separator: "x") + "x").utf8)) != nil }
            #expect(left.isEmpty, "round \(round): \(left.count) of \(gone.count)")
            #expect(database.isSound)
            #expect(Set(try database.pool.read { try String.fetchAll($0, sql: "SELECT key FROM rows") }) == there)
            #expect(try database.pool.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM rows INDEXED BY rows_value WHERE value = 'v' || key") } == there.count)
        }
    }
}
