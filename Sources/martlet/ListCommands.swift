import ArgumentParser
import Server
import Vocabulary

struct ListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Keep static lists of people, named by their identifiers.",
        subcommands: [All.self, Create.self, Add.self, Remove.self, Show.self, Delete.self])

    struct All: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "list", abstract: "List the lists with how many entries each has.")
        @OptionGroup var options: FolderOptions
        func run() async {
            await talk(options) { client in
                let json = try client.call("GET", "/api/v1/lists").json
                if options.json { return Output.line(json.text) }
                let all = json["lists"]?.elements ?? []
                if all.isEmpty { Output.error("There are no lists yet. Make one with `martlet list create NAME`.") }
                for list in all {
                    Output.line("\(list["id"]?.string ?? "")  \(list["handle"]?.string ?? "")  \(list["entries"]?.integer ?? 0) \(list["entries"]?.integer == 1 ? "entry" : "entries")  \(list["name"]?.string ?? "")")
                }
            }
        }
    }

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Make an empty list.", discussion: "martlet list create \"Trade fair\" --source \"Tea fair 2026\" --expires 2027-01-01T00:00:00Z")
        @Argument(help: "A name for people; conditions name the list by its handle, which is made of it.") var name: String
        @Option(help: "Where its entries come from, as \"trade fair\" or \"partner X\".") var source: String?
        @Option(help: "What it is for, in words.") var note: String?
        @Option(help: "From then on nobody is on it, as 2027-01-01T00:00:00Z.") var expires: String?
        @OptionGroup var options: FolderOptions

        func run() async {
            await talk(options) { client in
                let json = try client.call("POST", "/api/v1/lists", body: body { w in
                    w.member("name", name)
                    if let source { w.member("source", source) }
                    if let note { w.member("note", note) }
                    if let expires { w.member("expiresAt", expires) }
                }).json
                Output.line(options.json ? json.text : "\(json["id"]?.string ?? "")  \(json["handle"]?.string ?? "")")
            }
        }
    }

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Put the identifiers of a CSV file on a list.", discussion: "martlet list add trade-fair visitors.csv --column Mail --type email")
        @Argument(help: "The list's id or handle.") var id: String
        @OptionGroup var file: ListFileOptions
        @Option(help: "Until when they count where the file does not say, as 2026-12-31T00:00:00Z.") var expires: String?
        @OptionGroup var options: FolderOptions

        func run() async {
            await talk(options) { client in
                let json = try file.send(client, "POST", id, expires: expires)
                if options.json { return Output.line(json.text) }
                Output.line("\(json["added"]?.integer ?? 0) added, \(json["present"]?.integer ?? 0) already there, \(json["refused"]?.integer ?? 0) refused")
                ListFileOptions.tell(json)
            }
        }
    }

    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Take the identifiers of a CSV file off a list.")
        @Argument(help: "The list's id or handle.") var id: String
        @OptionGroup var file: ListFileOptions
        @OptionGroup var options: FolderOptions

        func run() async {
            await talk(options) { client in
                let json = try file.send(client, "DELETE", id, expires: nil)
                if options.json { return Output.line(json.text) }
                Output.line("\(json["removed"]?.integer ?? 0) removed, \(json["refused"]?.integer ?? 0) refused")
                ListFileOptions.tell(json)
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show a list: its source, its expiry, and how many are on it.")
        @Argument(help: "The list's id or handle.") var id: String
        @OptionGroup var options: FolderOptions
        func run() async {
            await talk(options) { client in
                let path = "/api/v1/lists/\(PercentCoding.encode(id))"
                let json = try client.call("GET", path).json
                if options.json { return Output.line(json.text) }
                let members = try client.call("GET", path + "/members?limit=10").json
                Output.line("\(json["name"]?.string ?? "")  (\(json["id"]?.string ?? ""), \(json["handle"]?.string ?? ""))")
                for name in ["note", "source"] { if let text = json[name]?.string, !text.isEmpty { Output.line("  \(name): \(text)") } }
                if let expiry = json["expiresAt"]?.string { Output.line("  expires: \(expiry)") }
                Output.line("  \(Output.counted(json["entries"]?.integer, "entry", "entries")), \(json["unknown"]?.integer ?? 0) of people not known yet, \(json["expired"]?.integer ?? 0) expired")
                Output.line("  \(Output.counted(members["count"]?.integer, "profile", "profiles")) now")
                for id in members["members"]?.elements ?? [] { Output.line("    \(id.string ?? "")") }
            }
        }
    }

    struct Delete: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Delete a list that no segment names, with its entries.")
        @Argument(help: "The list's id or handle.") var id: String
        @OptionGroup var options: FolderOptions
        func run() async {
            await talk(options) { client in
                let json = try client.call("DELETE", "/api/v1/lists/\(PercentCoding.encode(id))").json
                Output.line(options.json ? json.text : "Deleted.")
            }
        }
    }
}

/// A CSV file of identifiers.
struct ListFileOptions: ParsableArguments {
    @Argument(help: "A CSV file with a header; - reads standard input.") var file: String
    @Option(help: "The name of the column that holds the identifiers, where it is none of userId, anonymousId, externalId and email.") var column: String?
    @Option(help: "What the identifiers are, as userId or email.") var type: String?

    func send(_ client: LocalClient, _ method: String, _ id: String, expires: String?) throws -> JSONText {
        let input = try ImportInput(file)
        var bytes: [UInt8] = []
        // The server says how long a file may be; what is far beyond is not even read.
        while bytes.count < 128 << 20, let piece = try input.next() { bytes += piece }
        let query = [("column", column), ("type", type), ("expiresAt", expires)].compactMap { name, value in value.map { "\(name)=\(PercentCoding.encode($0))" } }
        let path = "/api/v1/lists/\(PercentCoding.encode(id))/entries" + (query.isEmpty ? "" : "?" + query.joined(separator: "&"))
        return try client.call(method, path, body: bytes, headers: [("Content-Type", "text/csv")]).json
    }

    static func tell(_ json: JSONText) {
        for line in (json["refusedLines"]?.elements ?? []).prefix(20) { Output.line("  line \(line["line"]?.integer ?? 0): \(line["message"]?.string ?? "")") }
    }
}
