import ArgumentParser
import Server
import Vocabulary

struct JourneyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "journey", abstract: "Write, test, rehearse and run journeys.",
        subcommands: [Apply.self, List.self, Show.self, Test.self, Rehearse.self, Start.self, Pause.self, Stop.self, Why.self])

    struct Apply: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a journey of a file, or write a new version of the one of its name.", discussion: "martlet journey apply abandoned-cart.yaml\nPeople begin in the new version when it is started.")
        @Argument(help: "The file, YAML or JSON; - reads standard input.") var file: String
        @Flag(help: "Start it as well.") var start = false
        @OptionGroup var options: FolderOptions

        func run() async {
            await talk(options) { client in
                let body = try JourneyCommand.body(file)
                let name = try client.call("POST", "/api/v1/journeys/check", body: body).json["journey"]?["name"]?.string ?? ""
                let known = try client.call("GET", "/api/v1/journeys/\(PercentCoding.encode(name))", takesRefusal: true).status == 200
                var json = try client.call(known ? "PUT" : "POST", known ? "/api/v1/journeys/\(PercentCoding.encode(name))" : "/api/v1/journeys", body: body).json
                let id = json["id"]?.string ?? ""
                if start {
                    _ = try client.call("POST", "/api/v1/journeys/\(id)/start", body: Array("{}".utf8))
                    json = try client.call("GET", "/api/v1/journeys/\(id)").json
                }
                if options.json { return Output.line(json.text) }
                JourneyCommand.show(line: json)
                for warning in json["warnings"]?.elements ?? [] { Output.error("note: \(warning["problem"]?.string ?? "")\n  \(warning["remedy"]?.string ?? "")") }
            }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the journeys.")
        @OptionGroup var options: FolderOptions
        func run() async {
            await talk(options) { client in
                var (after, isFirst) = (String?.none, true)
                repeat {
                    let json = try client.call("GET", "/api/v1/journeys" + (after.map { "?after=\(PercentCoding.encode($0))" } ?? "")).json
                    let some = json["journeys"]?.elements ?? []
                    if options.json { Output.line(json.text) } else if isFirst, some.isEmpty { Output.error("There are no journeys yet. Make one with `martlet journey apply FILE`.") }
                    if !options.json { for journey in some { JourneyCommand.show(line: journey) } }
                    (after, isFirst) = (json["next"]?.string, false)
                } while after != nil
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show a journey and what has come of it.")
        @Argument(help: "The journey's name or id.") var id: String
        @Flag(help: "Print the YAML alone.") var yaml = false
        @OptionGroup var options: FolderOptions
        func run() async {
            await talk(options) { client in
                let path = "/api/v1/journeys/\(PercentCoding.encode(id))"
                let json = try client.call("GET", path).json
                if yaml { return Output.text(Array((json["yaml"]?.string ?? "").utf8)) }
                let results = try client.call("GET", path + "/results").json
                if options.json { return Output.line("{\"journey\":\(json.text),\"results\":\(results.text)}") }
                JourneyCommand.show(line: json)
                func number(_ name: String, of json: JSONText?) -> Int64 { json?[name]?.integer ?? 0 }
                Output.line("entered \(number("entered", of: results)), held out \(number("people", of: results["heldOut"])), converted \(number("converted", of: results["walked"]))")
                for step in results["steps"]?.elements ?? [] {
                    let pad = String(repeating: "  ", count: Int(number("depth", of: step)) + 1)
                    let sent = step["kind"]?.string == "message" ? "  sent \(number("sent", of: step))  failed \(number("failed", of: step))" : ""
                    Output.line("\(pad)\(step["id"]?.string ?? "")  \(step["kind"]?.string ?? "")  came \(number("arrived", of: step))  stands \(number("at", of: step))  decided \(number("decided", of: step))\(sent)")
                }
                for end in results["ended"]?.elements ?? [] { Output.line("  ended: \(end["reason"]?.string ?? "")  \(number("count", of: end))") }
            }
        }
    }

    struct Test: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Play the stories that are kept with a journey, and say where it does otherwise.", discussion: "martlet journey test abandoned-cart.yaml\nIt ends with 1 where a story is not kept.")
        @Argument(help: "A file, or a kept journey's name or id.") var journey: String
        @OptionGroup var options: FolderOptions
        func run() async {
            await talk(options) { client in
                let body = try JourneyCommand.chosen(journey, [:])
                let json = try client.call("POST", "/api/v1/journeys/test", body: body).json
                if options.json { Output.line(json.text) }
                let stories = json["stories"]?.elements ?? []
                if !options.json {
                    if stories.isEmpty { Output.error("There are no stories: write them under `tests` in the journey.") }
                    for story in stories {
                        let failures = story["failures"]?.elements ?? []
                        Output.line("\(failures.isEmpty ? "✓" : "✗") \(story["name"]?.string ?? "")")
                        for failure in failures { Output.line("    \(failure.string ?? "")") }
                    }
                }
                if json["isKept"]?.boolean != true { throw Refusal(422, "journey.story", "A story is not kept.", remedy: "Change the journey, or the story.") }
            }
        }
    }

    struct Rehearse: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say what a journey would have done with the last days; nothing is sent.", discussion: "martlet journey rehearse abandoned-cart.yaml --days 90")
        @Argument(help: "A file, or a kept journey's name or id.") var journey: String
        @Option(help: "How many days back.") var days = 30
        @Option(help: "How many decisions to show one by one.") var limit = 10
        @OptionGroup var options: FolderOptions
        func run() async {
            await talk(options) { client in
                let json = try client.call("POST", "/api/v1/journeys/rehearse", body: try JourneyCommand.chosen(journey, ["days": days, "limit": limit])).json
                if options.json { return Output.line(json.text) }
                func number(_ name: String) -> Int64 { json[name]?.integer ?? 0 }
                Output.line("\(number("people")) people would have entered \(number("entered")) times, \(number("heldOut")) held out; \(number("messages")) messages, \(number("overCap")) beyond a cap, \(number("held")) held back by quiet hours, \(number("collisions")) within a day of another")
                for gap in json["notPlayed"]?.elements ?? [] { Output.line("Not played: \(gap["sentence"]?.string ?? "")") }
                for step in json["steps"]?.elements ?? [] { Output.line("  \(step["id"]?.string ?? "")  came \(step["arrived"]?.integer ?? 0)  decided \(step["decided"]?.integer ?? 0)") }
                for decision in json["decisions"]?.elements ?? [] { Output.line("  \(decision["at"]?.string ?? "")  \(decision["profile"]?.string ?? "")  \(decision["step"]?.string ?? "")  \(decision["what"]?.string ?? "")") }
            }
        }
    }

    struct Start: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Start a journey, or go on with one that was paused.")
        @Argument(help: "The journey's name or id.") var id: String
        @Option(help: "What those in an older version do: finish, migrate or leave.") var policy = "finish"
        @OptionGroup var options: FolderOptions
        func run() async { await JourneyCommand.turn("start", id, "{\"policy\": \(JourneyCommand.quoted(policy))}", options) }
    }

    struct Pause: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Let nobody in and nobody on, until the journey is started again.")
        @Argument(help: "The journey's name or id.") var id: String
        @OptionGroup var options: FolderOptions
        func run() async { await JourneyCommand.turn("pause", id, "{}", options) }
    }

    struct Stop: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "End a journey and every run in it.")
        @Argument(help: "The journey's name or id.") var id: String
        @OptionGroup var options: FolderOptions
        func run() async { await JourneyCommand.turn("stop", id, "{}", options) }
    }

    struct Why: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Say what journeys decided about a person, and why.", discussion: "martlet journey why userId:ada\nmartlet journey why userId:ada --journey \"Abandoned cart\"")
        @Argument(help: "The person, as userId:ada, email:ada@wren.example or a profile id.") var person: String
        @Option(help: "Say why they are in this journey or never came in: its name or id.") var journey: String?
        @OptionGroup var options: FolderOptions
        func run() async {
            await talk(options) { client in
                let parts = person.split(separator: ":", maxSplits: 1).map(String.init)
                let query = parts.count == 2 ? "\(PercentCoding.encode(parts[0]))=\(PercentCoding.encode(parts[1]))" : "profile=\(PercentCoding.encode(person))"
                if let journey {
                    let json = try client.call("GET", "/api/v1/journeys/\(PercentCoding.encode(journey))/why?\(query)").json
                    return Output.line(options.json ? json.text : "\(json["why"]?.string ?? "")  \(json["sentence"]?.string ?? "")")
                }
                let json = try client.call("GET", "/api/v1/journeys/runs?\(query)").json
                if options.json { return Output.line(json.text) }
                let runs = json["runs"]?.elements ?? []
                if runs.isEmpty { Output.error("They have walked no journey.") }
                for run in runs {
                    Output.line("\(run["name"]?.string ?? "")  version \(run["version"]?.integer ?? 0)  \(run["reason"]?.string ?? "at " + (run["step"]?.string ?? ""))")
                    for note in run["history"]?.elements ?? [] { Output.line("  \(note["at"]?.string ?? "")  \(note["what"]?.string ?? "")  \(note["step"]?.string ?? "")  \(note["detail"]?.string ?? "")") }
                }
            }
        }
    }

    // MARK: - Speaking

    private static func turn(_ verb: String, _ id: String, _ body: String, _ options: FolderOptions) async {
        await talk(options) { client in
            let json = try client.call("POST", "/api/v1/journeys/\(PercentCoding.encode(id))/\(verb)", body: Array(body.utf8)).json
            Output.line(options.json ? json.text : "\(json["state"]?.string ?? "")\((json["changed"]?.integer ?? 0) > 0 ? ", \(json["changed"]?.integer ?? 0) runs changed" : "")")
        }
    }

    fileprivate static func show(line json: JSONText) {
        Output.line("\(json["id"]?.string ?? "")  \(json["name"]?.string ?? "")  \(json["state"]?.string ?? "")  version \(json["version"]?.integer ?? 0)\((json["liveVersion"]?.integer ?? 0) > 0 ? ", people begin in \(json["liveVersion"]?.integer ?? 0)" : "")")
    }

    fileprivate static func quoted(_ text: String) -> String {
        var w = JSONWriter()
        w.string(text)
        return w.text.text
    }

    /// A file as what a route takes.
    fileprivate static func body(_ file: String) throws -> [UInt8] {
        let source = try TemplateFile.source(file)
        var w = JSONWriter()
        w.object { w in write(source, &w) }
        return w.bytes
    }

    private static func write(_ source: String, _ w: inout JSONWriter) {
        if let json = JSONText(validating: Array(source.utf8)), json.isObject {
            w.key("journey")
            w.raw(json.bytes)
        } else {
            w.member("yaml", source)
        }
    }

    /// A file, or a kept journey by its name.
    fileprivate static func chosen(_ journey: String, _ numbers: KeyValuePairs<String, Int>) throws -> [UInt8] {
        var w = JSONWriter()
        let isFile = journey == "-" || journey.hasSuffix(".yaml") || journey.hasSuffix(".yml") || journey.hasSuffix(".json")
        let source = isFile ? try TemplateFile.source(journey) : nil
        w.object { w in
            if let source { write(source, &w) } else { w.member("id", journey) }
            for (name, number) in numbers { w.member(name, number) }
        }
        return w.bytes
    }
}
