import ArgumentParser
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Logging
import Server
import Vocabulary

@main struct Martlet: AsyncParsableCommand {
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
    static func line(_ text: String) { put(text + "\n", 1) }
    /// Replaces the line on a terminal.
    static func status(_ text: String) { put("\r\u{1b}[K" + text, 2) }
    static func error(_ text: String) { put(text + "\n", 2) }

    /// `1 event`, `2 events`.
    static func counted(_ count: Int64?, _ one: String, _ many: String) -> String { count == 1 ? "1 \(one)" : "\(count ?? 0) \(many)" }

    /// Prints bytes as they are.
    static func text(_ bytes: [UInt8]) { put(bytes[...], 1) }

    private static func put(_ text: String, _ descriptor: Int32) { put(Array(text.utf8)[...], descriptor) }

    private static func put(_ all: ArraySlice<UInt8>, _ descriptor: Int32) {
        var bytes = all
        while !bytes.isEmpty {
            let n = unsafe bytes.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
            guard n > 0 else { return }
            bytes = bytes.dropFirst(n)
        }
    }
}
