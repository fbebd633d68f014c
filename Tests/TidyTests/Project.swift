import Foundation

/// The project's own files.
enum Project {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

    /// The paths of all files that are tracked or about to be, relative to the root.
    static let files: [String] = {
        let git = Process()
        git.executableURL = URL(filePath: "/usr/bin/env")
        git.arguments = ["git", "-C", root, "ls-files", "--cached", "--others", "--exclude-standard"]
        let output = Pipe()
        git.standardOutput = output
        do { try git.run() } catch { preconditionFailure("git is needed to know which files belong to the project") }
        let bytes = output.fileHandleForReading.readDataToEndOfFile()
        git.waitUntilExit()
        precondition(git.terminationStatus == 0, "git ls-files answers with status \(git.terminationStatus)")
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init).filter { FileManager.default.fileExists(atPath: "\(root)/\($0)") }
    }()

    static func text(_ path: String) -> String { String(decoding: FileManager.default.contents(atPath: "\(root)/\(path)") ?? Data(), as: UTF8.self) }

    /// The Swift sources, by module.
    static let sources: [String: [String]] = Dictionary(grouping: files.filter { $0.hasPrefix("Sources/") && $0.hasSuffix(".swift") }) {
        String($0.split(separator: "/")[1])
    }

    static let modules = Set(files.filter { $0.hasPrefix("Sources/") }.map { String($0.split(separator: "/")[1]) })
}
