import ArgumentParser
import Ingest
import Server
import Vocabulary

struct ConsentCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "consent", abstract: "See and write down what people said about messages, and ask whether one may be sent.", subcommands: [Show.self, Set.self, Import.self, Ask.self, Suppress.self, Unsuppress.self])

    struct Person: ParsableArguments {
        @Option(help: "The person's userId.") var userId: String?
        @Option(help: "A device's anonymousId.") var anonymousId: String?
        @Option(help: "The person's e-mail address.") var email: String?

        func validate() throws {
            guard [userId, anonymousId, email].compactMap({ $0 }).count == 1 else { throw ValidationError("Name one of --user-id, --anonymous-id and --email.") }
        }

        func write(_ w: inout JSONWriter) {
            for (key, value) in [("userId", userId), ("anonymousId", anonymousId), ("email", email)] { if let value { w.member(key, value) } }
        }

        var query: String {
            [("userId", userId), ("anonymousId", anonymousId), ("email", email)].compactMap { key, value in value.map { "\(key)=\(PercentCoding.encode($0))" } }.joined(separator: "&")
        }
    }

    struct About: ParsableArguments {
        @Option(help: "The purpose, as marketing; * stands for every one that messages are sent for.") var purpose: String
        @Option(help: "The channel, as email; every one unless told.") var channel: String?
        @Option(help: "The topic, as offers; every one unless told.") var topic: String?
        @Option(help: "The groupId of the account for which they speak; themselves unless told.") var account: String?

        func write(_ w: inout JSONWriter) {
            w.member("purpose", purpose)
            for (key, value) in [("channel", channel), ("topic", topic), ("account", account)] { if let value { w.member(key, value) } }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show everything that a person said, newest first.", discussion: "martlet consent show --user-id u1 --as-of 2026-07-01")
        @OptionGroup var person: Person
        @Option(help: "Only what had been said by then.") var asOf: String?
        @OptionGroup var options: FolderOptions

        func run() async {
            await talk(options) { client in
                let profile = try client.call("GET", "/api/v1/profiles/lookup?\(person.query)").json
                let tail = asOf.map { "?as_of=\(PercentCoding.encode($0))" } ?? ""
                let json = try client.call("GET", "/api/v1/profiles/\(PercentCoding.encode(profile["id"]?.string ?? ""))/consents\(tail)").json
                if options.json { return Output.line(json.text) }
                let all = json["consents"]?.elements ?? []
                if all.isEmpty { Output.error("They said nothing yet.") }
                for statement in all { Output.line(ConsentCommand.line(statement)) }
            }
        }
    }

    struct Set: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write down what a person said; it is in force at once.", discussion: "martlet consent set granted --user-id u1 --purpose marketing --channel email --wording 2026-03 --proof 'form 17'")
        @Argument(help: "granted, withdrawn or paused.") var state: String
        @OptionGroup var person: Person
        @OptionGroup var about: About
        @Option(help: "The end of a pause.") var until: String?
        @Option(help: "Why the law lets us: consent, contract, legitimate-interest.") var basis: String?
        @Option(help: "Which version of the words they read.") var wording: String?
        @Option(help: "What shows it.") var proof: String?
        @OptionGroup var options: FolderOptions

        func run() async {
            await talk(options) { client in
                var w = JSONWriter()
                w.object { w in
                    w.key("consents")
                    w.array { w in
                        w.object { w in
                            person.write(&w)
                            about.write(&w)
                            w.member("state", state)
                            for (key, value) in [("until", until), ("basis", basis), ("wording", wording), ("proof", proof)] { if let value { w.member(key, value) } }
                        }
                    }
                }
                let json = try client.call("POST", "/api/v1/consents", body: w.bytes).json
                if let refused = json["refusedLines"]?.elements.first {
                    throw Refusal(400, refused["code"]?.string ?? "", refused["message"]?.string ?? "", remedy: refused["remedy"]?.string ?? "")
                }
                Output.line(options.json ? json.text : "Written down, and in force.")
            }
        }
    }

    struct Import: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write down what a CSV file says people said.",
            discussion: "Columns: userId, anonymousId or email; purpose and state; and any of channel, topic, account, until, basis, wording, proof, frequency, at.")
        @Argument(help: "The CSV file with a header; - reads standard input.") var file: String
        @OptionGroup var options: FolderOptions

        func run() async throws {
            // A script goes by this: a withdrawal may be among what was refused.
            var refused: Int64 = 0
            await talk(options) { client in
                let input = try ImportInput(file)
                var bytes: [UInt8] = []
                while let piece = try input.next() { bytes += piece }
                let json = try client.call("POST", "/api/v1/consents", body: bytes, headers: [("Content-Type", "text/csv")]).json
                refused = json["refused"]?.integer ?? 0
                if options.json { return Output.line(json.text) }
                Output.line("\(json["recorded"]?.integer ?? 0) written down, \(json["refused"]?.integer ?? 0) refused")
                for line in json["refusedLines"]?.elements ?? [] { Output.error("line \(line["line"]?.integer ?? 0): \(line["message"]?.string ?? "") \(line["remedy"]?.string ?? "")") }
            }
            if refused > 0 { throw ExitCode(1) }
        }
    }

    struct Ask: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say whether a person may be sent a message now, and why.", discussion: "martlet consent ask --user-id u1 --purpose marketing --channel email --topic offers")
        @OptionGroup var person: Person
        @OptionGroup var about: About
        @Option(help: "Where it would go.") var address: String?
        @Option(help: "What their statements came to at that instant.") var asOf: String?
        @OptionGroup var options: FolderOptions

        func run() async {
            await talk(options) { client in
                var w = JSONWriter()
                w.object { w in
                    person.write(&w)
                    about.write(&w)
                    if let address { w.member("address", address) }
                    if let asOf { w.member("asOf", asOf) }
                }
                let json = try client.call("POST", "/api/v1/consents/decide", body: w.bytes).json
                if options.json { return Output.line(json.text) }
                Output.line("\(json["permitted"]?.boolean == true ? "yes" : "no"): \(json["reason"]?.string ?? "")")
                if let statement = json["statement"], !statement.isNull { Output.line("  " + ConsentCommand.line(statement)) }
            }
        }
    }

    struct Suppress: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Send nothing more to an address, whoever it belongs to; only a keyed hash of it is kept.")
        @Argument(help: "The address.") var address: String
        @Option(help: "unsubscribed, complained, bounced or manual.") var reason = "manual"
        @OptionGroup var options: FolderOptions

        func run() async {
            await talk(options) { client in
                var w = JSONWriter()
                w.object { w in
                    w.member("address", address)
                    w.member("reason", reason)
                }
                let json = try client.call("POST", "/api/v1/suppressions", body: w.bytes).json
                Output.line(options.json ? json.text : "Suppressed.")
            }
        }
    }

    struct Unsuppress: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Let messages go to an address again; what its owners said of consent stays as it is.")
        @Argument(help: "The address.") var address: String
        @OptionGroup var options: FolderOptions

        func run() async {
            await talk(options) { client in
                let json = try client.call("DELETE", "/api/v1/suppressions", body: body { $0.member("address", address) }).json
                Output.line(options.json ? json.text : "Messages may go there again.")
            }
        }
    }

    private static func line(_ statement: JSONText) -> String {
        let scope = ["purpose", "channel", "topic", "account"].compactMap { statement[$0]?.string }.filter { !$0.isEmpty }.joined(separator: " ")
        let until = statement["until"]?.string.map { " until \($0)" } ?? ""
        let evidence = ["source", "basis", "wording", "proof"].compactMap { statement[$0]?.string }.filter { !$0.isEmpty }.joined(separator: ", ")
        return "\(statement["at"]?.string ?? "")  \(statement["state"]?.string ?? "")\(until)  \(scope)\(evidence.isEmpty ? "" : "  (\(evidence))")"
    }
}
