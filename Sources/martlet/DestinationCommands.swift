import ArgumentParser
import Server
import Vocabulary

struct DestinationCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "destination", abstract: "See and make destinations: who is told of events and changes of segments.", subcommands: [List.self, Create.self, Change.self, Rotate.self, Delete.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List destinations.")
        @OptionGroup var options: FolderOptions

        func run() async {
            await talk(options) { client in
                let json = try client.call("GET", "/api/v1/destinations").json
                if options.json { return Output.line(json.text) }
                for destination in json["destinations"]?.elements ?? [] {
                    let isOn = destination["enabled"]?.boolean ?? false
                    let more = [destination["sharing"]?.boolean ?? false ? "sharing" : "", destination["condition"]?.string ?? ""].filter { !$0.isEmpty }
                    Output.line(([destination["id"], destination["name"], destination["url"]].map { $0?.string ?? "" } + [isOn ? "on" : "off \(destination["offReason"]?.string ?? "")"] + more).joined(separator: "  "))
                }
            }
        }
    }

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a destination and print its secret.", discussion: "martlet destination create warehouse https://hooks.example/martlet --event 'Order Completed' --segment '*'")
        @Argument(help: "Its name.") var name: String
        @Argument(help: "The address that is called.") var url: String
        @Option(help: "Names of events, or types such as identify; * for all.") var event: [String] = []
        @Option(help: "Ids of segments whose changes it is told; * for all.") var segment: [String] = []
        @Option(help: "Ids of the sources whose events it is told; every source's unless told.") var source: [String] = []
        @Option(help: "A condition: only people who satisfy it are told about.") var condition: String?
        @Flag(help: "It uses what it is told for its own ends: only people who said yes to the purpose sharing are told about.") var sharing = false
        @OptionGroup var options: FolderOptions

        func run() async {
            await talk(options) { client in
                var w = JSONWriter()
                w.object { w in
                    w.member("name", name)
                    w.member("url", url)
                    w.member("sharing", sharing)
                    if let condition { w.member("condition", condition) }
                    for (key, list) in [("events", event), ("segments", segment), ("sources", source)] {
                        w.key(key)
                        w.array { w in for item in list { w.string(item) } }
                    }
                }
                let json = try client.call("POST", "/api/v1/destinations", body: w.bytes).json
                Output.line(options.json ? json.text : "\(json["id"]?.string ?? "")  \(json["secrets"]?.elements.first?.string ?? "")")
            }
        }
    }

    struct Change: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Change a destination: where it is called, about whom it is told, whether sharing is asked for, on or off.",
            discussion: "martlet destination change warehouse --condition 'plan = \"gold\"'\nmartlet destination change warehouse --no-sharing --off")
        @Argument(help: "The destination, by id or name.") var destination: String
        @Option(help: "The address that is called.") var url: String?
        @Option(help: "A condition: only people who satisfy it are told about; empty for everyone.") var condition: String?
        @Flag(inversion: .prefixedNo, help: "Whether only people who said yes to the purpose sharing are told about.") var sharing: Bool?
        @Flag(help: "Switch it on; it goes on where it stood.") var on = false
        @Flag(help: "Switch it off.") var off = false
        @OptionGroup var options: FolderOptions

        func validate() throws {
            guard !(on && off) else { throw ValidationError("--on and --off exclude each other.") }
        }

        func run() async {
            await talk(options) { client in
                var w = JSONWriter()
                w.object { w in
                    if let url { w.member("url", url) }
                    if let condition { w.member("condition", condition) }
                    if let sharing { w.member("sharing", sharing) }
                    if on || off { w.member("enabled", on) }
                }
                let json = try client.call("PATCH", "/api/v1/destinations/\(PercentCoding.encode(destination))", body: w.bytes).json
                Output.line(options.json ? json.text : "Changed.")
            }
        }
    }

    struct Rotate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Give a destination a new secret; the old one signs as well until --finish.")
        @Argument(help: "The destination, by id or name.") var destination: String
        @Flag(help: "Drop the old secret.") var finish = false
        @OptionGroup var options: FolderOptions

        func run() async {
            await talk(options) { client in
                var w = JSONWriter()
                w.object { $0.member("finish", finish) }
                let json = try client.call("POST", "/api/v1/destinations/\(PercentCoding.encode(destination))/rotate", body: w.bytes).json
                Output.line(options.json ? json.text : json["secrets"]?.elements.compactMap(\.string).joined(separator: "\n") ?? "")
            }
        }
    }

    struct Delete: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Delete a destination.")
        @Argument(help: "The destination, by id or name.") var destination: String
        @OptionGroup var options: FolderOptions

        func run() async {
            await talk(options) { client in
                let json = try client.call("DELETE", "/api/v1/destinations/\(PercentCoding.encode(destination))").json
                Output.line(options.json ? json.text : "Deleted.")
            }
        }
    }
}
