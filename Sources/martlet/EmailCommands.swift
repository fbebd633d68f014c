import ArgumentParser
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Server
import Vocabulary

struct ChannelCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "channel", abstract: "See and set up the ways out to people.", subcommands: [Email.self])

    struct Email: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "email", abstract: "How e-mail is sent: server, sender, keys and DNS records.", subcommands: [Show.self, Set.self, Test.self, Keys.self, Release.self, Check.self], defaultSubcommand: Show.self)
    }
}

extension ChannelCommand.Email {
    static func show(_ json: JSONText) {
        let from = json["from"]
        Output.line("From     \(from?["name"]?.string ?? "") <\(from?["address"]?.string ?? "")>")
        Output.line("Server   \(json["host"]?.string ?? ""), port \(json["port"]?.integer ?? 0), \(json["security"]?.string ?? "")\(json["hasPassword"]?.boolean == true ? ", with a password" : "")")
        Output.line("Bounces  \(json["bounceAddress"]?.string ?? "") or posted to \(json["bouncePath"]?.string ?? "")")
        if let held = json["heldBack"], !held.isNull { Output.line("Held     since \(held["since"]?.string ?? ""): \(held["complaints"]?.integer ?? 0) complaints, \(held["sent"]?.integer ?? 0) mails; `martlet channel email release` lets mail go again") }
        if let allowed = json["today"]?["allowed"]?.integer { Output.line("Today    \(json["today"]?["begun"]?.integer ?? 0) of \(allowed) mails, since the sender warms up") }
        Output.line("DNS")
        for record in json["records"]?.elements ?? [] { Output.line("  \(record["name"]?.string ?? "")  \(record["type"]?.string ?? "")  \(record["value"]?.string ?? "")") }
        guard let check = json["check"], !check.isNull else { return Output.line("Nobody has looked them up yet: `martlet channel email check`.") }
        Output.line("Looked up at \(check["at"]?.string ?? "")\(check["isStale"]?.boolean == true ? ", before settings or keys were changed" : "")")
        table(check)
    }

    /// What DNS said of each record; what stands there only where it is another.
    private static func table(_ check: JSONText) {
        let rows = (check["records"]?.elements ?? []).map { record in
            (state: record["state"]?.string ?? "", purpose: record["purpose"]?.string ?? "", name: record["name"]?.string ?? "", there: record["there"]?.elements.compactMap(\.string) ?? [])
        }
        func padded(_ text: String, _ width: Int) -> String { text + String(repeating: " ", count: max(0, width - text.count)) }
        let (states, purposes) = (rows.map(\.state.count).max() ?? 0, rows.map(\.purpose.count).max() ?? 0)
        for row in rows {
            Output.line("  \(padded(row.state, states))  \(padded(row.purpose, purposes))  \(row.name)")
            for text in row.state == "differs" ? row.there : [] { Output.line("    there: \(text)") }
        }
        for finding in check["findings"]?.elements ?? [] { Output.line("  \(finding["problem"]?.string ?? "") \(finding["remedy"]?.string ?? "")") }
    }

    struct Check: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Look up what DNS says of the sender; ends with 1 where something is missing or differs.")
        @OptionGroup var options: FolderOptions
        func run() async throws {
            var isWell = false
            await talk(options) { client in
                let json = try client.call("POST", "/api/v1/channels/email/check").json
                isWell = !(json["records"]?.elements ?? []).contains { ["missing", "differs"].contains($0["state"]?.string ?? "") } && json["isAligned"]?.boolean == true
                if options.json { Output.line(json.text) } else { ChannelCommand.Email.table(json) }
            }
            if !isWell { throw ExitCode(1) }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show the settings and the DNS records.")
        @OptionGroup var options: FolderOptions
        func run() async {
            await talk(options) { client in
                let json = try client.call("GET", "/api/v1/channels/email").json
                if options.json { Output.line(json.text) } else { ChannelCommand.Email.show(json) }
            }
        }
    }

    struct Set: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Change settings; what is not named stays as it is.", discussion: "martlet channel email set --from shop@wren.example --from-name 'Wren & Daughters' --host smtp.wren.example --user shop --password-file secret.txt")
        @Option(help: "The address that mail comes from.") var from: String?
        @Option(help: "The name that stands before it.") var fromName: String?
        @Option(help: "Where answers go.") var replyTo: String?
        @Option(help: "The mail server; catcher for the mail catcher.") var host: String?
        @Option(help: "Its port.") var port: Int?
        @Option(help: "tls, starttls, opportunistic or none.") var security: String?
        @Option(help: "The user to sign in as.") var user: String?
        @Option(help: "A file with the password; - reads standard input. A command line is no place for it: others can see it.") var passwordFile: String?
        @Option(help: "A file with PEM certificates that are trusted beside the system's.") var authorityFile: String?
        @Option(help: "Where bounces come back to.") var bounceAddress: String?
        @Option(help: "The domain that signs.") var dkimDomain: String?
        @Option(help: "What stands under every mail.") var postalAddress: String?
        @Option(help: "More complaints than so many of a thousand mails hold back what needs consent; 0 for never.") var complaintsPerMille: Int?
        @Option(help: "The first day of a new sender, as 2026-05-04; an empty text for none.") var warmUpFrom: String?
        @Option(help: "How much mail that needs consent goes on that day; each day half as much again.") var warmUpFirst: Int?
        @Option(help: "Whether campaigns to 5,000 people or more wait for the DNS records: true or false.") var requiresRecords: Bool?
        @OptionGroup var options: FolderOptions

        func run() async {
            await talk(options) { client in
                let authority = try authorityFile.map(Self.text)
                let password = try passwordFile.map(Self.text)?.split(whereSeparator: \.isNewline).first.map(String.init)
                let sent = body { w in
                    if from != nil || fromName != nil {
                        w.key("from")
                        w.object { w in
                            if let fromName { w.member("name", fromName) }
                            if let from { w.member("address", from) }
                        }
                    }
                    for (key, text) in [("replyTo", replyTo), ("host", host), ("security", security), ("user", user), ("password", password), ("authority", authority), ("bounceAddress", bounceAddress), ("dkimDomain", dkimDomain), ("postalAddress", postalAddress), ("warmUpFrom", warmUpFrom)] {
                        if let text { w.member(key, text) }
                    }
                    for (key, number) in [("port", port), ("complaintsPerMille", complaintsPerMille), ("warmUpFirst", warmUpFirst)] { if let number { w.member(key, number) } }
                    if let requiresRecords { w.member("requiresRecords", requiresRecords) }
                }
                let json = try client.call("PATCH", "/api/v1/channels/email", body: sent).json
                if options.json { Output.line(json.text) } else { ChannelCommand.Email.show(json) }
            }
        }

        private static func text(_ path: String) throws -> String {
            guard let text = TextFile.read(path == "-" ? "/dev/stdin" : path) else { throw Refusal(400, "command.file", "The file \(path) cannot be read.", remedy: "Check its name.") }
            return text
        }
    }

    struct Test: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Send a test mail.", discussion: "martlet channel email test you@example.com")
        @Argument(help: "To whom.") var to: String
        @OptionGroup var options: FolderOptions
        func run() async {
            await talk(options) { client in
                let json = try client.call("POST", "/api/v1/channels/email/test", body: body { $0.member("to", to) }).json
                if options.json { return Output.line(json.text) }
                let detail = json["detail"]?.string ?? ""
                guard json["accepted"]?.boolean == true else { throw Refusal(502, "email.test-failed", "The mail was not taken over: \(detail).", remedy: "Check the server, its port and the password with `martlet channel email show`.") }
                Output.line("The server took it over as \(detail).")
            }
        }
    }

    struct Release: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Let mail go again that is held back after too many complaints.")
        @OptionGroup var options: FolderOptions
        func run() async {
            await talk(options) { client in
                let json = try client.call("POST", "/api/v1/channels/email/release").json
                if options.json { return Output.line(json.text) }
                Output.line(json["released"]?.boolean == true ? "Mail goes again." : "Nothing was held back.")
            }
        }
    }

    struct Keys: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Make new DKIM keys; leave the old DNS records for two weeks.")
        @OptionGroup var options: FolderOptions
        func run() async {
            await talk(options) { client in
                let json = try client.call("POST", "/api/v1/channels/email/rotate").json
                if options.json { Output.line(json.text) } else { ChannelCommand.Email.show(json) }
            }
        }
    }
}

struct MailCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "mail", abstract: "Take in mail that came back.", subcommands: [Bounce.self])

    struct Bounce: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take in a bounce or a complaint as it came, from standard input: for a mail server's pipe.", discussion: "martlet mail bounce < message.eml\nIt ends with 0 for any message, since a mail server would try again.")
        @OptionGroup var options: FolderOptions

        func run() async {
            await talk(options) { client in
                let bytes = TextFile.read("/dev/stdin").map { Array($0.utf8) } ?? []
                let json = try client.call("POST", "/api/v1/channels/email/bounces", body: bytes, headers: [("Content-Type", "message/rfc822")]).json
                if options.json { return Output.line(json.text) }
                for event in json["events"]?.elements ?? [] { Output.line("\(event["kind"]?.string ?? "")  \(event["verdict"]?.string ?? "")") }
            }
        }
    }
}
