import ArgumentParser
import Server
import Vocabulary

/// Pairs that may be one, from the command line.
extension IdentityCommand {
    struct Review: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List pairs of profiles that may be one person and wait for an answer, the most useful first.", discussion: "martlet identity review --limit 5\nmartlet identity answer 17 same")
        @Option(help: "How many at most, 1 to 100.") var limit = 10
        @OptionGroup var options: FolderOptions

        func run() async {
            await talk(options) { client in
                let json = try client.call("GET", "/api/v1/match/review?limit=\(limit)").json
                if options.json { return Output.line(json.text) }
                let pairs = json["pairs"]?.elements ?? []
                if pairs.isEmpty { return Output.line("Nothing waits.") }
                for pair in pairs {
                    let names = (pair["profiles"]?.elements ?? []).map { "\($0["name"]?.string ?? "") (\($0["id"]?.string ?? ""))" }
                    ReviewPrinter.print("\(pair["id"]?.integer ?? 0)", names, pair)
                }
            }
        }
    }

    struct Answer: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Answer whether the two of a pair are one person.", discussion: "martlet identity answer 17 same")
        @Argument(help: "The pair's number, as `identity review` lists it.") var pair: Int
        @Argument(help: "same, different or unsure.") var answer: String
        @OptionGroup var options: FolderOptions

        func run() async {
            await talk(options) { client in
                var w = JSONWriter()
                w.object { $0.member("answer", answer) }
                let json = try client.call("POST", "/api/v1/match/review/\(pair)", body: w.text.bytes, headers: [("Content-Type", "application/json")]).json
                Output.line(options.json ? json.text : "Pair \(pair) is answered.")
            }
        }
    }

    struct Companies: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List accounts that may be one company, or answer whether two are.", discussion: "martlet identity companies\nmartlet identity companies --same acme acme-inc")
        @Option(parsing: .upToNextOption, help: "Make one account of these two.") var same: [String] = []
        @Option(parsing: .upToNextOption, help: "Keep these two apart.") var different: [String] = []
        @Option(help: "How many pairs at most, 1 to 100.") var limit = 20
        @OptionGroup var options: FolderOptions

        func validate() throws {
            guard same.isEmpty || different.isEmpty else { throw ValidationError("Give one of --same and --different.") }
            guard [0, 2].contains(same.count), [0, 2].contains(different.count) else { throw ValidationError("An answer is about two accounts, by their ids.") }
        }

        func run() async {
            await talk(options) { client in
                if !same.isEmpty || !different.isEmpty {
                    var w = JSONWriter()
                    w.object { w in
                        w.key("accounts")
                        w.array { w in for id in same + different { w.string(id) } }
                        w.member("answer", same.isEmpty ? "different" : "same")
                    }
                    let json = try client.call("POST", "/api/v1/match/accounts/answer", body: w.text.bytes, headers: [("Content-Type", "application/json")]).json
                    return Output.line(options.json ? json.text : "Stated as \(json["id"]?.string ?? ""); `martlet identity undo \(json["id"]?.string ?? "")` takes it back.")
                }
                let json = try client.call("GET", "/api/v1/match/accounts?limit=\(limit)").json
                if options.json { return Output.line(json.text) }
                let pairs = json["pairs"]?.elements ?? []
                if pairs.isEmpty { return Output.line("No two accounts look like one company.") }
                for pair in pairs {
                    let accounts = pair["accounts"]?.elements ?? []
                    ReviewPrinter.print(accounts.map { $0["id"]?.string ?? "" }.joined(separator: " "), accounts.map { $0["name"]?.string ?? "" }, pair)
                }
            }
        }
    }
}

private enum ReviewPrinter {
    /// A pair on a line, its evidence below.
    static func print(_ number: String, _ names: [String], _ pair: JSONText) {
        Output.line(IdentityPrinter.harmless("\(number)  \(names.joined(separator: " and "))  \(pair["probability"]?.text ?? "")"))
        for reason in pair["evidence"]?.elements ?? [] { Output.line(IdentityPrinter.harmless("   \(reason["words"]?.string ?? "")  \(reason["bits"]?.text ?? "")")) }
    }
}
