import EventLog
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Storage
import Vocabulary

/// Looks at everything on disk and says what is wrong.
enum Doctor {
    /// What is known of one workspace.
    private struct Look {
        let name: String
        let log: EventLog
        let found: EventLog.Verification
        /// Nil where nothing could be applied, since its databases do not open.
        let applied: LogPosition?
    }
    private typealias Finding = (place: String, explanation: Explanation)

    static func examine(_ data: DataFolder, _ w: inout JSONWriter) {
        var findings: [Finding] = []
        var looks: [Look] = []
        for (name, workspace) in data.workspaces.sorted(by: { $0.key < $1.key }) {
            let found = workspace.log.verify()
            looks.append(Look(name: name, log: workspace.log, found: found, applied: workspace.folds.appliedPosition))
            findings += found.damage.map { (name, $0) }
            if let missing = workspace.missing { findings.append((name, missing)) }
            if !found.lost.isEmpty { findings.append((name, Workspace.lostEvents(found.lost, of: name, in: workspace.log))) }
            for database in [workspace.database, workspace.decisions] where !database.isSound { findings.append((name, damaged(database.pool.path))) }
        }
        if !data.database.isSound { findings.append(("martlet", damaged(data.database.pool.path))) }
        write(looks, findings, data.path, &w)
    }

    /// The same of a folder that does not open, since a database is damaged: each database and each log by itself.
    static func examine(closed folder: String, _ w: inout JSONWriter) throws {
        var findings: [Finding] = []
        var looks: [Look] = []
        defer { for look in looks { look.log.close() } }
        func check(_ place: String, _ path: String, _ migrations: [Migration]) {
            guard access(path, F_OK) == 0 else { return }
            do { _ = try DatabaseFile(path: path, migrations: migrations) } catch let error as any Explained {
                findings.append((place, error.explanation.code == "storage.damaged" ? damaged(path) : error.explanation))
            } catch { findings.append((place, damaged(path))) }
        }
        for name in DataFolder.workspaceNames.sorted() {
            let place = "\(folder)/workspaces/\(name)"
            check(name, "\(place)/workspace.sqlite", Workspace.migrations)
            check(name, "\(place)/decisions.sqlite", Workspace.decisionMigrations)
            guard Files.isFolder("\(place)/log") else { continue }
            let log = try EventLog(folder: "\(place)/log")
            let found = log.verify()
            looks.append(Look(name: name, log: log, found: found, applied: nil))
            findings += found.damage.map { (name, $0) }
            if !found.lost.isEmpty { findings.append((name, Workspace.lostEvents(found.lost, of: name, in: log))) }
        }
        check("martlet", "\(folder)/martlet.sqlite", DataFolder.migrations)
        write(looks, findings, folder, &w)
    }

    private static func write(_ looks: [Look], _ found: [Finding], _ folder: String, _ w: inout JSONWriter) {
        var findings = found
        w.object { w in
            w.key("workspaces")
            w.array { w in for look in looks { write(look, &w) } }
            var room = statvfs()
            if unsafe statvfs(folder, &room) == 0 {
                let free = Int(room.f_bavail) * Int(room.f_frsize)
                w.member("freeBytes", free)
                if free < 1 << 30 { findings.append(("disk", Explanation(code: "disk.short", problem: "Less than 1 GiB is free.", remedy: "Free some space; ingestion stops when the disk is full."))) }
            }
            w.member("healthy", findings.isEmpty)
            w.key("findings")
            w.array { w in
                for finding in findings {
                    w.object {
                        $0.member("place", finding.place)
                        $0.member("code", finding.explanation.code)
                        $0.member("problem", finding.explanation.problem)
                        $0.member("remedy", finding.explanation.remedy)
                    }
                }
            }
        }
    }

    private static func write(_ look: Look, _ w: inout JSONWriter) {
        w.object { w in
            w.member("workspace", look.name)
            w.member("events", look.log.count)
            w.member("readable", look.found.events)
            w.key("lost")
            w.array { w in
                for range in look.found.lost { w.object { $0.member("from", range.lowerBound); $0.member("to", range.upperBound - 1) } }
            }
            w.member("logBytes", look.log.diskBytes)
            w.key("applied")
            if let applied = look.applied { w.number(look.log.count(before: applied)) } else { w.null() }
        }
    }

    private static func damaged(_ path: String) -> Explanation {
        Explanation(code: "storage.damaged", problem: "The database \(path) is damaged.", remedy: "Restore a backup with `martlet restore`.")
    }
}
