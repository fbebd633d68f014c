import ArgumentParser
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Logging
import Server
import Synchronization
import Vocabulary

@main enum Program {
    static func main() async {
        await Martlet.main()
        Output.check()
    }
}

struct Martlet: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "martlet", abstract: "A customer data platform in one binary: data, decisions and delivery.", version: MartletServer.version,
        subcommands: [Serve.self, SourceCommand.self, TokenCommand.self, SignInCommand.self, HealthCommand.self, ImportCommand.self, SegmentCommand.self, TraitCommand.self, ListCommand.self, AccountCommand.self, TemplateCommand.self, JourneyCommand.self, ChannelCommand.self, MailCommand.self, ConsentCommand.self, MessageCommand.self, DestinationCommand.self, MatchCommand.self, IdentityCommand.self, QueryCommand.self, DemoCommand.self, BackupCommand.self, RestoreCommand.self,
            DoctorCommand.self, PrivacyCommand.self])
}

/// What every command does first.
enum Process {
    static func prepare() {
        // A full disk or a closed pipe is an error to handle, not an end.
        signal(SIGPIPE, SIG_IGN)
        signal(SIGXFSZ, SIG_IGN)
        // Everything in the data folder is its owner's alone, whatever library makes the file.
        umask(0o077)
    }
}

/// Options that every command takes.
struct FolderOptions: ParsableArguments {
    @Option(help: "The data folder (also MARTLET_DATA).") var data: String?
    @Option(help: "The workspace to work in.") var workspace = "main"
    @Flag(help: "Print JSON, for scripts.") var json = false

    var folder: String { data ?? Environment.all["MARTLET_DATA"] ?? "./data" }
}

/// Options of commands that are about the whole folder, where naming a workspace would say something that is not so.
struct WholeFolderOptions: ParsableArguments {
    @Option(help: "The data folder (also MARTLET_DATA).") var data: String?
    @Flag(help: "Print JSON, for scripts.") var json = false

    var all: FolderOptions {
        var options = FolderOptions()
        (options.data, options.workspace, options.json) = (data, "main", json)
        return options
    }
}

enum Environment {
    static let all: [String: String] = {
        var out: [String: String] = [:]
        var at = unsafe environ
        while let entry = unsafe at.pointee {
            let text = unsafe String(cString: entry)
            if let split = text.firstIndex(of: "=") { out[String(text[..<split])] = String(text[text.index(after: split)...]) }
            unsafe at += 1
        }
        return out
    }()
}

/// Prints a refusal as people want to read it and ends.
func stop(_ refusal: Refusal) -> Never {
    // Where it stands in what was handed in; a command that shows the line itself has taken it out.
    let place = refusal.place.isEmpty ? "" : "\(refusal.place): "
    Output.error("martlet: \(place)\(refusal.explanation.problem)" + (refusal.explanation.remedy.isEmpty ? "" : "\n  \(refusal.explanation.remedy)"))
    exit(refusal.status == 404 ? 4 : 1)
}

enum Output {
    /// Why standard output took no more, as `errno` has it; 0 while it takes all.
    private static let failure = Atomic<Int32>(0)
    /// Whether what was printed came through.
    static var isWhole: Bool { failure.load(ordering: .relaxed) == 0 }

    /// A line of what the command was asked for; where it cannot be written, the command fails in the end.
    static func line(_ text: String) { print(Array((text + "\n").utf8)) }
    /// Prints bytes as they are.
    static func text(_ bytes: [UInt8]) { print(bytes) }
    /// A line without which all is well.
    static func note(_ text: String) { _ = put(Array((text + "\n").utf8), 1) }
    /// Replaces the line on a terminal.
    static func status(_ text: String) { _ = put(Array(("\r\u{1b}[K" + text).utf8), 2) }
    static func error(_ text: String) { _ = put(Array((text + "\n").utf8), 2) }

    /// `1 event`, `2 events`.
    static func counted(_ count: Int64?, _ one: String, _ many: String) -> String { count == 1 ? "1 \(one)" : "\(count ?? 0) \(many)" }

    /// Ends the process where something that it was asked for could not be printed.
    static func check() {
        let reason = failure.load(ordering: .relaxed)
        // Whoever reads only the beginning, as `head` does, has what they want.
        if reason == EPIPE { exit(1) }
        guard reason != 0 else { return }
        stop(Refusal(500, "command.output", "The output could not be written: \(unsafe String(cString: strerror(reason))).", remedy: "What the command did is done; run it again where its output has room."))
    }

    private static func print(_ bytes: [UInt8]) {
        let reason = put(bytes, 1)
        if reason != 0 { failure.store(reason, ordering: .relaxed) }
    }

    /// - Returns: `errno` of what failed, or 0.
    private static func put(_ all: [UInt8], _ descriptor: Int32) -> Int32 {
        var bytes = all[...]
        while !bytes.isEmpty {
            let n = unsafe bytes.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
            if n > 0 { bytes = bytes.dropFirst(n) }
            if n >= 0 || errno == EINTR { continue }
            guard errno == EAGAIN else { return errno }
            var wait = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
            _ = unsafe poll(&wait, 1, -1)
        }
        return 0
    }
}
