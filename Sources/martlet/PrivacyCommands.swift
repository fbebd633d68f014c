import ArgumentParser
import Vocabulary

struct PrivacyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "privacy", abstract: "Forget people, and keep them out or take them in again.", subcommands: [Erase.self, Suppressed.self, Unsuppress.self])

    /// One person, by one of their identifiers.
    struct Person: ParsableArguments {
        @Option(help: "The person's userId.") var userId: String?
        @Option(help: "One of the person's anonymousIds.") var anonymousId: String?
        @Option(help: "The person's e-mail address.") var email: String?
        @Option(help: "An identifier of a type that the rules of identity add, as loyaltyId:77.") var externalId: String?

        func validate() throws {
            guard [userId, anonymousId, email, externalId].compactMap({ $0 }).count == 1 else { throw ValidationError("Name one person by --user-id, --anonymous-id, --email or --external-id.") }
        }

        func write(_ w: inout JSONWriter) {
            if let userId { w.member("userId", userId) }
            if let anonymousId { w.member("anonymousId", anonymousId) }
            if let email { w.member("email", email) }
            if let externalId { w.member("externalId", externalId) }
        }
    }

    struct Erase: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Forget one person: every event, trait and identifier, in every file.")
        @OptionGroup var person: Person
        @Flag(help: "Take nothing of this person in future either, by the identifiers that are theirs alone; devices are not.") var suppress = false
        @OptionGroup var options: FolderOptions

        func run() async {
            await talk(options) { client in
                let json = try client.call("POST", "/api/v1/privacy/erasures", body: body { w in
                    person.write(&w)
                    w.member("suppress", suppress)
                }).json
                if options.json { return Output.line(json.text) }
                Output.line("Erased.")
                for item in json["removed"]?.elements ?? [] { Output.line("  \(item["store"]?.string ?? ""): \(item["count"]?.text ?? "0")") }
                func kinds(_ name: String) -> String { (json[name]?.elements ?? []).compactMap(\.string).joined(separator: ", ") }
                if !kinds("suppressed").isEmpty { Output.line("Nothing is taken any more that names their \(kinds("suppressed")).") }
                if !kinds("notSuppressed").isEmpty { Output.line("Not suppressed, since others use it or may: \(kinds("notSuppressed")).") }
            }
        }
    }

    struct Suppressed: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Say whether somebody is kept out, since an erasure with --suppress.")
        @OptionGroup var person: Person
        @OptionGroup var options: FolderOptions

        func run() async {
            await talk(options) { client in
                let json = try client.call("POST", "/api/v1/privacy/suppressions/lookup", body: body { person.write(&$0) }).json
                Output.line(options.json ? json.text : json["at"]?.string.map { "Nothing that names them by this is taken, since \($0)." } ?? "Not suppressed.")
            }
        }
    }

    struct Unsuppress: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Take somebody in again who was suppressed, by all that they were kept out by.")
        @OptionGroup var person: Person
        @OptionGroup var options: FolderOptions

        func run() async {
            await talk(options) { client in
                let json = try client.call("DELETE", "/api/v1/privacy/suppressions", body: body { person.write(&$0) }).json
                Output.line(options.json ? json.text : "Taken in again, from the next event on.")
            }
        }
    }
}
