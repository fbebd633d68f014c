import ArgumentParser
import Server
import Vocabulary

/// Runs a command's calls and prints what is refused as people want to read it.
func talk(_ options: FolderOptions, makesFolder: Bool = false, needsServer: Bool = false, _ work: (LocalClient) async throws -> Void) async {
    do { try await LocalClient.with(options, makesFolder: makesFolder, needsServer: needsServer, work) } catch { fail(error) }
}

/// Ends the command, and says why.
func fail(_ error: any Error) -> Never {
    if let refusal = error as? Refusal { stop(refusal) }
    guard let error = error as? any Explained else { stop(Refusal(500, "command.failed", "This failed: \(error).")) }
    stop(Refusal(500, error.explanation.code, error.explanation.problem, remedy: error.explanation.remedy))
}

func body(_ write: (inout JSONWriter) -> Void) -> [UInt8] {
    var w = JSONWriter()
    w.object(write)
    return w.bytes
}

struct SourceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "source", abstract: "Make and manage sources and their write keys.", subcommands: [Create.self, List.self, Rotate.self, Enable.self, Disable.self])

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Make a source; prints its write key.")
        @Argument(help: "A name for people.") var name: String
        @OptionGroup var options: FolderOptions
        func run() async { await talk(options, makesFolder: true) { SourceCommand.show(try $0.call("POST", "/api/v1/sources", body: body { $0.member("name", name) }).json, options) } }
    }
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List sources.")
        @OptionGroup var options: FolderOptions
        func run() async {
            await talk(options) { client in
                let json = try client.call("GET", "/api/v1/sources").json
                if options.json { return Output.line(json.text) }
                let all = json["sources"]?.elements ?? []
                if all.isEmpty { Output.error("There are no sources yet. Make one with `martlet source create NAME`.") }
                for source in all { SourceCommand.show(source, options) }
            }
        }
    }
    struct Rotate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Give a source a new write key; the old one, and older ones that have time yet, stop at once unless --keep-old gives it time.")
        @Argument(help: "The source's id.") var id: String
        @Option(help: "For how many hours the old key is taken too, at most 720; older keys keep the time that they were given.") var keepOld = 0
        @OptionGroup var options: FolderOptions
        func run() async { await talk(options) { SourceCommand.show(try $0.call("POST", "/api/v1/sources/\(id)/rotate?keepOldHours=\(keepOld)").json, options) } }
    }
    struct Enable: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Let a source send again.")
        @Argument(help: "The source's id.") var id: String
        @OptionGroup var options: FolderOptions
        func run() async { await talk(options) { SourceCommand.show(try $0.call("PATCH", "/api/v1/sources/\(id)", body: body { $0.member("enabled", true) }).json, options) } }
    }
    struct Disable: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Take nothing more from a source.")
        @Argument(help: "The source's id.") var id: String
        @OptionGroup var options: FolderOptions
        func run() async { await talk(options) { SourceCommand.show(try $0.call("PATCH", "/api/v1/sources/\(id)", body: body { $0.member("enabled", false) }).json, options) } }
    }

    static func show(_ source: JSONText, _ options: FolderOptions) {
        if options.json { return Output.line(source.text) }
        let state = source["enabled"]?.boolean == false ? "  (disabled)" : ""
        Output.line("\(source["id"]?.string ?? "")  \(source["name"]?.string ?? "")  write key \(source["writeKey"]?.string ?? "")\(state)")
    }
}

struct TokenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token", abstract: "Make and revoke API tokens.", subcommands: [Create.self, List.self, Revoke.self])

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Make a token; its secret is printed this once.")
        @Argument(help: "A name for people.") var name: String
        @Option(help: "What it may do, separated by commas; `all` for everything.") var scopes: String
        @OptionGroup var options: FolderOptions
        func run() async {
            await talk(options, makesFolder: true) { client in
                let wanted = scopes.split(separator: ",").map(String.init)
                let json = try client.call("POST", "/api/v1/tokens", body: body { w in
                    w.member("name", name)
                    w.key("scopes")
                    w.array { w in for scope in wanted { w.string(scope) } }
                }).json
                Output.line(options.json ? json.text : "\(json["id"]?.string ?? "")  token \(json["token"]?.string ?? "")")
                // A secret that nobody saw is of no use to anybody.
                if !Output.isWhole, let id = json["id"]?.string { _ = try client.call("DELETE", "/api/v1/tokens/\(id)") }
            }
        }
    }
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List tokens.")
        @OptionGroup var options: FolderOptions
        func run() async {
            await talk(options) { client in
                let json = try client.call("GET", "/api/v1/tokens").json
                if options.json { return Output.line(json.text) }
                let all = json["tokens"]?.elements ?? []
                if all.isEmpty { Output.error("There are no tokens yet. Make one with `martlet token create NAME --scopes all`.") }
                for token in all {
                    Output.line("\(token["id"]?.string ?? "")  \(token["name"]?.string ?? "")  \(token["scopes"]?.elements.compactMap(\.string).joined(separator: ",") ?? "")")
                }
            }
        }
    }
    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Revoke a token; it stops at once.")
        @Argument(help: "The token's id.") var id: String
        @OptionGroup var options: FolderOptions
        func run() async { await talk(options) { _ = try $0.call("DELETE", "/api/v1/tokens/\(id)") } }
    }
}

struct SignInCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "sign-in", abstract: "Print a one-time link to the console.")
    @Option(help: "The address that the console is reached at.") var address: String?
    @OptionGroup var whole: WholeFolderOptions
    private var options: FolderOptions { whole.all }

    func validate() throws {
        guard let address else { return }
        let rest = ["http://", "https://"].first { address.hasPrefix($0) }.map { address.dropFirst($0.count) }
        guard let rest, let first = rest.first, first != "/" else { throw ValidationError("--address must begin with http:// or https:// and name a host, as https://cdp.example.") }
    }

    func run() async {
        await talk(options) { client in
            let json = try client.call("POST", "/api/v1/sign-in-links").json
            var base = (address ?? json["address"]?.string ?? "http://127.0.0.1:8080")[...]
            while base.last == "/" { base.removeLast() }
            Output.line(options.json ? json.text : base + (json["path"]?.string ?? ""))
        }
    }
}

struct HealthCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "health", abstract: "Say whether Martlet works, with the reasons when it does not.")
    @OptionGroup var whole: WholeFolderOptions
    private var options: FolderOptions { whole.all }
    func run() async throws {
        var isWell = false
        await talk(options, needsServer: true) { client in
            let answer = try client.call("GET", "/health", takesRefusal: true)
            isWell = answer.status == 200
            if options.json { return Output.line(answer.json.text) }
            Output.line("status: \(answer.json["status"]?.string ?? "unknown")")
            for reason in answer.json["reasons"]?.elements ?? [] { Output.line("  \(reason["problem"]?.string ?? "")\n  \(reason["remedy"]?.string ?? "")") }
        }
        if !isWell { throw ExitCode(1) }
    }
}
