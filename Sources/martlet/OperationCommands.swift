import ArgumentParser
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Server
import Vocabulary

struct BackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "backup", abstract: "Write a backup into a new folder; the server goes on meanwhile.")
    @Argument(help: "A folder that does not exist yet.") var folder: String
    @OptionGroup var whole: WholeFolderOptions
    private var options: FolderOptions { whole.all }

    func run() async {
        await talk(options) { client in
            let json = try client.call("POST", "/api/v1/backups", body: body { $0.member("folder", absolute(folder)) }).json
            Output.line(options.json ? json.text : "\(json["files"]?.integer ?? 0) files, \((json["bytes"]?.integer ?? 0) / 1_000_000) MB in \(folder)")
        }
    }
}

struct RestoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "restore", abstract: "Check a backup and make a data folder of it.")
    @Argument(help: "The folder that `martlet backup` wrote.") var folder: String
    @OptionGroup var whole: WholeFolderOptions
    private var options: FolderOptions { whole.all }

    func run() async {
        Process.prepare()
        do {
            let count = try Backup.restore(from: absolute(folder), to: options.folder)
            Output.line("\(count) files verified and restored into \(options.folder)")
            Output.line("Messages that waited when the backup was made are held: `martlet message release` sends them, `martlet message drop` takes them back.")
        } catch let refusal as Refusal { stop(refusal) } catch {
            stop(Refusal(500, "restore.failed", "The restore failed: \(error).", remedy: "Check the disk; the backup is unharmed."))
        }
    }
}

struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "doctor", abstract: "Look at everything on disk and say what is wrong; ends with 1 when something is.")
    @OptionGroup var whole: WholeFolderOptions
    private var options: FolderOptions { whole.all }

    func run() async throws {
        var found = JSONText(trusted: Array("{}".utf8))
        do {
            found = try await LocalClient.with(options) { try $0.call("POST", "/api/v1/doctor").json }
        } catch let error as any Explained where error.explanation.code == "storage.damaged" {
            // Such a folder does not open, and what else is in it can be looked at all the same.
            do { found = try MartletServer.examine(closed: options.folder) } catch { fail(error) }
        } catch { fail(error) }
        let isHealthy = found["healthy"]?.boolean ?? false
        if options.json { Output.line(found.text) } else { tell(found, isHealthy) }
        if !isHealthy { throw ExitCode(1) }
    }

    private func tell(_ json: JSONText, _ isHealthy: Bool) {
        for place in json["workspaces"]?.elements ?? [] {
            Output.line("\(place["workspace"]?.string ?? ""): \(place["readable"]?.integer ?? 0) of \(place["events"]?.integer ?? 0) events readable")
        }
        for finding in json["findings"]?.elements ?? [] {
            Output.line("  \(finding["place"]?.string ?? ""): \(finding["problem"]?.string ?? "")\n    \(finding["remedy"]?.string ?? "")")
        }
        if isHealthy { Output.line("Nothing is wrong.") }
    }
}

/// A path as the server sees it, wherever it was started.
func absolute(_ path: String) -> String {
    if path.hasPrefix("/") { return path }
    guard let folder = unsafe getcwd(nil, 0) else { return path }
    defer { unsafe free(folder) }
    return unsafe String(cString: folder) + "/" + path
}
