import ArgumentParser
import Server
import Vocabulary

struct MessageCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "message", abstract: "Send a message to one person, and see what became of messages and why.", subcommands: [Send.self, List.self, Why.self, Replay.self, Release.self, Drop.self, Policy.self])

    struct Send: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Send one message to one person; with --dry-run only tell what every check says.",
            discussion: "martlet message send order-thanks --user-id ada --channel webhook --values '{\"order\": {\"id\": \"o-17\"}}' --key o-17")
        @Argument(help: "The template, by id or name.") var template: String
        @OptionGroup var person: ConsentCommand.Person
        @Option(help: "The channel, as webhook.") var channel: String
        @Option(help: "What it is for, as marketing; service unless told.") var purpose: String?
        @Option(help: "What about, as offers.") var topic: String?
        @Option(help: "The groupId of the account as whose member they are written to.") var account: String?
        @Option(help: "What the template sees beside the person, as a JSON object.") var values: String?
        @Option(help: "A message of a key is sent once.") var key: String?
        @Flag(help: "Only tell what every check says; nothing is sent.") var dryRun = false
        @OptionGroup var options: FolderOptions

        func run() async {
            await talk(options) { client in
                var w = JSONWriter()
                let read = try values.map { text in
                    guard let json = JSONText(validating: Array(text.utf8)), json.isObject else { throw Refusal(400, "request.not-json", "--values is not a JSON object.", remedy: "Write '{\"order\": {\"id\": \"o-17\"}}'.") }
                    return json
                }
                w.object { w in
                    person.write(&w)
                    for (name, value) in [("template", template), ("channel", channel), ("purpose", purpose), ("topic", topic), ("account", account), ("idempotencyKey", key)] {
                        if let value { w.member(name, value) }
                    }
                    w.member("dryRun", dryRun)
                    if let read {
                        w.key("data")
                        w.raw(read.bytes)
                    }
                }
                let json = try client.call("POST", "/api/v1/messages", body: w.bytes).json
                if options.json { return Output.line(json.text) }
                guard dryRun else { return Output.line((json["new"]?.boolean ?? false ? "Taken: " : "Known already: ") + (json["key"]?.string ?? "")) }
                for line in MessageCommand.lines(ofChecks: json) { Output.line(line) }
            }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List messages and what became of them, newest first.", discussion: "martlet message list --state dead,refused --channel webhook\nmartlet message list --journey jny_… --step reminder --state refused")
        @Option(help: "One or more of waiting, retrying, underway, sent, refused, dead, held, with commas.") var state: String?
        @Option(help: "A channel, or a destination's id.") var channel: String?
        @Option(help: "message, call, record, or * for all.") var kind: String?
        @Option(help: "The id of the journey that decided it.") var journey: String?
        @Option(help: "The step of that journey.") var step: String?
        @Option(help: "How many at most.") var limit = 100
        @OptionGroup var options: FolderOptions

        func run() async {
            await talk(options) { client in
                let query = [("state", state), ("channel", channel), ("kind", kind), ("originId", journey), ("step", step), ("limit", String(limit))].compactMap { name, value in value.map { "\(name)=\(PercentCoding.encode($0))" } }
                let json = try client.call("GET", "/api/v1/messages?\(query.joined(separator: "&"))").json
                if options.json { return Output.line(json.text) }
                let all = json["messages"]?.elements ?? []
                if all.isEmpty { Output.error("There are none.") }
                for message in all { Output.line(MessageCommand.line(message)) }
            }
        }
    }

    struct Why: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say why a message was sent or not, or all of a person's.", discussion: "martlet message why api:o-17\nmartlet message why --user-id ada")
        @Argument(help: "The key of the message.") var key: String?
        @Option(help: "A person's userId.") var userId: String?
        @Option(help: "A device's anonymousId.") var anonymousId: String?
        @Option(help: "A person's e-mail address.") var email: String?
        @OptionGroup var options: FolderOptions

        func validate() throws {
            guard [key, userId, anonymousId, email].compactMap({ $0 }).count == 1 else { throw ValidationError("Name a key, or one of --user-id, --anonymous-id and --email.") }
        }

        func run() async {
            await talk(options) { client in
                guard let key else { return try tellPerson(client) }
                let json = try client.call("GET", "/api/v1/messages/\(PercentCoding.encode(key))").json
                if options.json { return Output.line(json.text) }
                Output.line(MessageCommand.line(json))
                Output.line("  " + ["words", "detail"].compactMap { json[$0]?.string }.filter { !$0.isEmpty }.joined(separator: "  "))
                for step in json["steps"]?.elements ?? [] { Output.line("  \(step["at"]?.string ?? "")  \(step["words"]?.string ?? "") \(step["detail"]?.string ?? "")") }
                for line in MessageCommand.lines(ofChecks: json) { Output.line("  now \(line)") }
            }
        }

        private func tellPerson(_ client: LocalClient) throws {
            let query = [("userId", userId), ("anonymousId", anonymousId), ("email", email)].compactMap { name, value in value.map { "\(name)=\(PercentCoding.encode($0))" } }
            let profile = try client.call("GET", "/api/v1/profiles/lookup?\(query.joined(separator: "&"))").json
            let json = try client.call("GET", "/api/v1/profiles/\(PercentCoding.encode(profile["id"]?.string ?? ""))/messages").json
            if options.json { return Output.line(json.text) }
            for message in json["messages"]?.elements ?? [] { Output.line("\(MessageCommand.line(message))  \(message["words"]?.string ?? "")") }
        }
    }

    struct Replay: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Send dead letters again, each under its key.", discussion: "martlet message replay api:o-17\nmartlet message replay --channel webhook")
        @Argument(help: "Keys of messages.") var keys: [String] = []
        @Option(help: "All of a channel, or of a destination by its id.") var channel: String?
        @OptionGroup var options: FolderOptions

        func validate() throws {
            guard keys.isEmpty != (channel == nil) else { throw ValidationError("Name up to 500 messages by their keys, or all of a channel by --channel. `martlet message list --state dead` lists them.") }
        }

        func run() async {
            await talk(options) { client in
                let json = try client.call("POST", "/api/v1/messages/replay", body: MessageCommand.chosen(keys, channel)).json
                Output.line(options.json ? json.text : "Sent again: \(json["replayed"]?.integer ?? 0)")
            }
        }
    }

    struct Release: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Send what is held since a backup was restored: all of it, a channel's, or single messages.", discussion: "martlet message release\nmartlet message release --channel email\nmartlet message release api:o-17")
        @Argument(help: "Keys of messages.") var keys: [String] = []
        @Option(help: "Only a channel's, or a destination's by its id.") var channel: String?
        @OptionGroup var options: FolderOptions

        func run() async {
            await talk(options) { client in
                let json = try client.call("POST", "/api/v1/messages/release", body: MessageCommand.chosen(keys, keys.isEmpty ? channel ?? "*" : channel)).json
                Output.line(options.json ? json.text : "Sent after all: \(json["count"]?.integer ?? 0)")
            }
        }
    }

    struct Drop: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take back what is held since a backup was restored: all of it, a channel's, or single messages.", discussion: "martlet message drop\nmartlet message drop --channel email\nmartlet message drop api:o-17")
        @Argument(help: "Keys of messages.") var keys: [String] = []
        @Option(help: "Only a channel's, or a destination's by its id.") var channel: String?
        @OptionGroup var options: FolderOptions

        func run() async {
            await talk(options) { client in
                let json = try client.call("POST", "/api/v1/messages/drop", body: MessageCommand.chosen(keys, keys.isEmpty ? channel ?? "*" : channel)).json
                Output.line(options.json ? json.text : "Taken back: \(json["count"]?.integer ?? 0)")
            }
        }
    }

    struct Policy: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show the sending policy (caps, quiet hours), or change it by a file of JSON.", discussion: "martlet message policy > policy.json\nmartlet message policy --file policy.json")
        @Option(help: "A file with the whole policy, as this prints it.") var file: String?
        @OptionGroup var options: FolderOptions

        func run() async {
            await talk(options) { client in
                guard let file else { return Output.line(try client.call("GET", "/api/v1/sending-policy").json.text) }
                guard let text = TextFile.read(file) else { throw Refusal(400, "policy.file", "The file \(file) cannot be read.", remedy: "Check the path.") }
                Output.line(try client.call("PUT", "/api/v1/sending-policy", body: Array(text.utf8)).json.text)
            }
        }
    }

    /// A body that names keys or a channel.
    fileprivate static func chosen(_ keys: [String], _ channel: String?) -> [UInt8] {
        var w = JSONWriter()
        w.object { w in
            if let channel { w.member("channel", channel) }
            if !keys.isEmpty {
                w.key("keys")
                w.array { w in for key in keys { w.string(key) } }
            }
        }
        return w.bytes
    }

    fileprivate static func line(_ message: JSONText) -> String {
        [message["decidedAt"], message["state"], message["lane"], message["key"], message["reason"]].map { $0?.string ?? "" }.joined(separator: "  ")
    }

    fileprivate static func lines(ofChecks json: JSONText) -> [String] {
        (json["checks"]?.elements ?? []).map { check in
            [check["check"]?.string, check["answer"]?.string, check["words"]?.string, check["detail"]?.string, check["until"]?.string].compactMap { $0 }.filter { !$0.isEmpty }.joined(separator: "  ")
        }
    }
}
