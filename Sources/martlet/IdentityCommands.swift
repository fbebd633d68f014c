import ArgumentParser
import Server
import Vocabulary

struct IdentityCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "identity", abstract: "Tell who is who and why, and merge or part people.", subcommands: [Explain.self, All.self, Merge.self, Split.self, Apart.self, Undo.self, Rules.self, Review.self, Answer.self, Companies.self])

    struct Explain: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Tell why a profile's identifiers are one person, what was refused and why, and what was stated.",
            discussion: "martlet identity explain userId:ada\nmartlet identity explain prf_2f6kq0c8r1m7a")
        @Argument(help: "A profile's id, or an identifier as userId:ada.") var person: String
        @OptionGroup var options: FolderOptions

        func run() async {
            await talk(options) { client in
                let named = PersonName(person)
                let json = try client.call("GET", "/api/v1/identity/explain?\(PercentCoding.encode(named.type ?? "profile"))=\(PercentCoding.encode(named.value))").json
                if options.json { return Output.line(json.text) }
                for line in IdentityPrinter.lines(json) { Output.line(IdentityPrinter.harmless(line)) }
            }
        }
    }

    struct All: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "links", abstract: "List what was stated about who is who, newest first.")
        @Option(help: "How many at most.") var limit = 50
        @OptionGroup var options: FolderOptions

        func run() async {
            await talk(options) { client in
                let json = try client.call("GET", "/api/v1/links?limit=\(limit)").json
                if options.json { return Output.line(json.text) }
                for link in json["links"]?.elements ?? [] { Output.line(IdentityPrinter.harmless(IdentityPrinter.line(link))) }
            }
        }
    }

    struct Merge: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Make one person of two.", discussion: "martlet identity merge userId:ada anonymousId:a7 --reason \"She told us at the counter.\"")
        @Argument(help: "A profile's id, or an identifier as userId:ada.") var first: String
        @Argument(help: "The other.") var second: String
        @Option(help: "Why, in words.") var reason: String?
        @Flag(help: "Hold them together whatever else is said.") var always = false
        @OptionGroup var options: FolderOptions
        func run() async { await state(always ? "always" : "merge", [first], [second], reason, options) }
    }

    struct Split: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take identifiers off their profile, with the events that came by them.", discussion: "martlet identity split anonymousId:tablet --reason \"It is the shop's.\"")
        @Argument(help: "Identifiers of one profile, as anonymousId:tablet.") var identifiers: [String]
        @Option(help: "Why, in words.") var reason: String?
        @OptionGroup var options: FolderOptions
        func run() async { await state("unmerge", identifiers, nil, reason, options) }
    }

    struct Apart: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Keep two people apart, whatever evidence comes.", discussion: "martlet identity apart userId:ada userId:bob")
        @Argument(help: "A profile's id, or an identifier as userId:ada.") var first: String
        @Argument(help: "The other.") var second: String
        @Option(help: "Why, in words.") var reason: String?
        @OptionGroup var options: FolderOptions
        func run() async { await state("never", [first], [second], reason, options) }
    }

    struct Undo: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Take a statement back, as if it had never been made.", discussion: "martlet identity undo lnk_4711")
        @Argument(help: "The link's id.") var id: String
        @OptionGroup var options: FolderOptions

        func run() async {
            await talk(options) { client in
                let json = try client.call("POST", "/api/v1/links/\(PercentCoding.encode(id))/undo").json
                Output.line(options.json ? json.text : "\(json["id"]?.string ?? "") is undone.")
            }
        }
    }
}

extension IdentityCommand {
    struct Rules: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show the rules of identity, look at what others would change, or set them.",
            discussion: "martlet identity rules > rules.json\nmartlet identity rules --preview rules.json\nmartlet identity rules --set rules.json")
        @Option(help: "Tell what the rules in this file would make of everyone.") var preview: String?
        @Option(help: "Put the rules in this file in force.") var set: String?
        @OptionGroup var options: FolderOptions

        func validate() throws { if preview != nil, set != nil { throw ValidationError("Look first, then set: give one of --preview and --set.") } }

        func run() async {
            await talk(options) { client in
                if let preview {
                    let json = try client.call("POST", "/api/v1/identity/rules/preview", body: try file(preview), headers: [("Content-Type", "application/json")]).json
                    if options.json { return Output.line(json.text) }
                    func count(_ name: String) -> Int64 { json[name]?.integer ?? 0 }
                    Output.line("\(count("profilesBefore")) profiles would be \(count("profilesAfter")): \(count("joining")) would be joined with others, \(count("parting")) would fall apart; \(count("shared")) identifiers would be nobody's.")
                } else if let set {
                    let json = try client.call("PUT", "/api/v1/identity/rules", body: try file(set), headers: [("Content-Type", "application/json")]).json
                    Output.line(options.json ? json.text : "Version \(json["version"]?.integer ?? 0) is set; everyone is decided anew in the background.")
                } else {
                    Output.line(try client.call("GET", "/api/v1/identity/rules").json.text)
                }
            }
        }

        private func file(_ path: String) throws -> [UInt8] {
            let input = try ImportInput(path)
            var bytes: [UInt8] = []
            // The server says how long a document may be; what is far beyond is not even read.
            while bytes.count < 2 << 20, let piece = try input.next() { bytes += piece }
            return bytes
        }
    }
}

/// A person as a command line names them: `prf_…`, or `userId:ada`.
private struct PersonName {
    let type: String?
    let value: String

    init(_ text: String) {
        let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
        (type, value) = parts.count == 2 ? (parts[0], parts[1]) : (nil, text)
    }

    func write(_ w: inout JSONWriter) {
        guard let type else { return w.string(value) }
        w.object {
            $0.member("type", type)
            $0.member("value", value)
        }
    }
}

private func state(_ kind: String, _ first: [String], _ second: [String]?, _ reason: String?, _ options: FolderOptions) async {
    await talk(options) { client in
        let json = try client.call("POST", "/api/v1/links", body: body { w in
            w.member("kind", kind)
            for (key, side) in [("first", Optional(first)), ("second", second)] {
                guard let side else { continue }
                w.key(key)
                if side.count == 1 { PersonName(side[0]).write(&w) } else { w.array { w in for name in side { PersonName(name).write(&w) } } }
            }
            if let reason { w.member("reason", reason) }
        }).json
        Output.line(options.json ? json.text : IdentityPrinter.harmless(IdentityPrinter.line(json)))
    }
}

/// Who is who, as lines for a terminal.
enum IdentityPrinter {
    static func lines(_ json: JSONText) -> [String] {
        var lines = ["\(json["profile"]?.string ?? "")  \(json["name"]?.string ?? "")", "", "Identifiers"]
        for identifier in json["identifiers"]?.elements ?? [] {
            let seen = [identifier["firstSeen"]?.string, identifier["lastSeen"]?.string].compactMap { $0 }
            lines.append("  \(name(identifier))  \(seen.joined(separator: " to "))")
        }
        func add(_ title: String, _ key: String, _ line: (JSONText) -> String) {
            let all = json[key]?.elements ?? []
            guard !all.isEmpty else { return }
            lines += ["", title] + all.map { "  " + line($0) }
        }
        add("Why they are one", "evidence") { "\($0["receivedAt"]?.string ?? "")  \($0["words"]?.string ?? "")" }
        add("What did not join them with others", "refused") { "\($0["receivedAt"]?.string ?? "")  \($0["words"]?.string ?? "") (\($0["other"]?.string ?? ""))" }
        add("What was stated", "links") { "\($0["id"]?.string ?? "")  \($0["at"]?.string ?? "")  \($0["words"]?.string ?? "")" }
        add("Shared by too many people to be anybody's", "shared", name)
        return lines
    }

    static func line(_ link: JSONText) -> String {
        let sides = ["first", "second"].map { side in (link[side]?.elements ?? []).prefix(3).map(name).joined(separator: ", ") }
        let state = link["undoneAt"]?.string != nil ? "undone" : link["inForce"]?.boolean == true ? "in force" : "not in force"
        return "\(link["id"]?.string ?? "")  \(link["kind"]?.string ?? "")  \(sides[0])  \(sides[1])  \(state)  \(link["at"]?.string ?? "")"
    }

    private static func name(_ identifier: JSONText) -> String { "\(identifier["type"]?.string ?? ""):\(identifier["value"]?.string ?? "")" }

    /// Names and values are the senders'; none of them may steer the terminal.
    static func harmless(_ line: String) -> String {
        String(String.UnicodeScalarView(line.unicodeScalars.map { $0.properties.generalCategory == .control ? "\u{fffd}" : $0 }))
    }
}
