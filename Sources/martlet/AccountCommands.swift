import ArgumentParser
import Server
import Vocabulary

struct AccountCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "account", abstract: "Look at accounts and their members, and say who joined or left.", subcommands: [All.self, Show.self, Join.self, Leave.self])

    struct All: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "list", abstract: "List accounts with how many members each has.")
        @Argument(help: "Part of an id or a name; all accounts unless told.") var text: String?
        @Option(help: "How many at most, up to 1000.") var limit = 100
        @OptionGroup var options: FolderOptions
        func run() async {
            await talk(options) { client in
                let query = text.map { "&q=\(PercentCoding.encode($0))" } ?? ""
                let json = try client.call("GET", "/api/v1/accounts?limit=\(limit)\(query)").json
                if options.json { return Output.line(json.text) }
                let all = json["accounts"]?.elements ?? []
                if all.isEmpty { Output.error("There is no such account. The first group call that names one makes it.") }
                for account in all {
                    Output.line("\(account["id"]?.string ?? "")  \(account["activeMembers"]?.integer ?? 0) of \(account["members"]?.integer ?? 0) members now  \(account["name"]?.string ?? "")")
                }
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show an account: its place in the tree, what its members come to, and who they are.")
        @Argument(help: "The account's groupId.") var id: String
        @Option(name: .customLong("as-of"), help: "As it was at this instant, as 2026-07-01T00:00:00Z.") var asOf: String?
        @OptionGroup var options: FolderOptions
        func run() async {
            await talk(options) { client in
                let query = asOf.map { "?as_of=\(PercentCoding.encode($0))" } ?? ""
                let path = "/api/v1/accounts/\(PercentCoding.encode(id))"
                let json = try client.call("GET", path + query).json
                if options.json { return Output.line(json.text) }
                Output.line("\(json["name"]?.string ?? "")  (\(json["id"]?.string ?? ""), \(json["profileId"]?.string ?? ""))")
                let above = (json["ancestors"]?.elements ?? []).compactMap { $0["name"]?.string }
                if !above.isEmpty { Output.line("  below: \(above.joined(separator: " > "))") }
                let below = (json["children"]?.elements ?? []).compactMap { $0["name"]?.string }
                if !below.isEmpty { Output.line("  above: \(below.joined(separator: ", "))") }
                for trait in json["traits"]?.members ?? [] { Output.line("  \(trait.key): \(trait.value.text)") }
                let sum = json["rollUp"]
                Output.line("  \(sum?["activeMembers"]?.integer ?? 0) of \(sum?["members"]?.integer ?? 0) members now, \(Output.counted(sum?["events"]?.integer, "event", "events")), revenue \(sum?["revenue"]?.text ?? "0")")
                for member in try client.call("GET", path + "/members?limit=20" + (asOf == nil ? "" : "&" + query.dropFirst())).json["members"]?.elements ?? [] { AccountCommand.tell(member) }
            }
        }
    }

    struct Join: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Say that somebody belongs to an account.", discussion: "martlet account join acme --user-id ada --role buyer")
        @Argument(help: "The account's groupId.") var id: String
        @Option(help: "The person's userId.") var userId: String
        @Option(help: "As what; may be repeated.") var role: [String] = []
        @Option(help: "Since when, as 2026-07-01T00:00:00Z; now unless told.") var at: String?
        @OptionGroup var options: FolderOptions
        func run() async {
            await talk(options) { client in
                let json = try client.call("POST", "/api/v1/accounts/\(PercentCoding.encode(id))/members", body: body { w in
                    w.member("userId", userId)
                    if !role.isEmpty {
                        w.key("roles")
                        w.array { w in for role in role { w.string(role) } }
                    }
                    if let at { w.member("at", at) }
                }).json
                options.json ? Output.line(json.text) : AccountCommand.tellMemberships(json)
            }
        }
    }

    struct Leave: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Say that somebody left an account; that they were there is kept.")
        @Argument(help: "The account's groupId.") var id: String
        @Option(help: "The person's userId.") var userId: String
        @Option(help: "Since when, as 2026-07-01T00:00:00Z; now unless told.") var at: String?
        @OptionGroup var options: FolderOptions
        func run() async {
            await talk(options) { client in
                let when = at.map { "&at=\(PercentCoding.encode($0))" } ?? ""
                let json = try client.call("DELETE", "/api/v1/accounts/\(PercentCoding.encode(id))/members?userId=\(PercentCoding.encode(userId))\(when)").json
                options.json ? Output.line(json.text) : AccountCommand.tellMemberships(json)
            }
        }
    }

    private static func tell(_ member: JSONText) {
        Output.line("    \(member["name"]?.string ?? "")  \((member["memberships"]?.elements ?? []).map(period).joined(separator: "; "))")
    }

    private static func tellMemberships(_ json: JSONText) {
        for membership in json["memberships"]?.elements ?? [] { Output.line("\(membership["account"]?["id"]?.string ?? "")  \(period(membership))") }
    }

    private static func period(_ membership: JSONText) -> String {
        let roles = (membership["roles"]?.elements ?? []).compactMap(\.string).joined(separator: ", ")
        return "\(roles.isEmpty ? "" : roles + ", ")\(membership["from"]?.string ?? "") to \(membership["to"]?.string ?? "now")"
    }
}
