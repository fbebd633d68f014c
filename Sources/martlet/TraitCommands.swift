import ArgumentParser
import Server
import Vocabulary

struct TraitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trait", abstract: "Measure people's events, and keep measures as computed traits.", subcommands: [List.self, Preview.self, Create.self, Show.self, Delete.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List computed traits with what they measure.")
        @OptionGroup var options: FolderOptions
        func run() async {
            await talk(options) { client in
                let json = try client.call("GET", "/api/v1/computed-traits").json
                if options.json { return Output.line(json.text) }
                let all = json["computedTraits"]?.elements ?? []
                if all.isEmpty { Output.error("There are no computed traits yet. Make one with `martlet trait create NAME MEASURE`.") }
                for trait in all { Output.line("\(trait["id"]?.string ?? "")  \(trait["name"]?.string ?? "")  \(trait["text"]?.string ?? "")") }
            }
        }
    }

    struct Preview: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show how the values of a measure lie among everyone.", discussion: "martlet trait preview 'sum(total) of \"Order Completed\" in last 90 days'")
        @OptionGroup var measure: MeasureOptions
        @Option(help: "The moment asked about, as 2026-07-01 or 2026-07-01T09:30:00Z; now unless told.") var asOf: String?
        @OptionGroup var options: FolderOptions

        func run() async {
            await talk(options) { client in
                let json = try measure.call(client, "/api/v1/computed-traits/preview") { w in if let asOf { w.member("asOf", asOf) } }
                if options.json { return Output.line(json.text) }
                Output.line("\(json["count"]?.integer ?? 0) of \(json["people"]?.integer ?? 0) profiles have a value")
                for name in ["minimum", "median", "maximum"] { if let value = json[name], !value.isNull { Output.line("  \(name) \(TraitCommand.shown(value))") } }
                for entry in json["top"]?.elements ?? [] { Output.line("  \(entry["count"]?.integer ?? 0)  \(entry["value"].map(TraitCommand.shown) ?? "")") }
                for warning in json["warnings"]?.elements ?? [] { Output.error("note: \(warning["problem"]?.string ?? "")\n  \(warning["remedy"]?.string ?? "")") }
            }
        }
    }

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a computed trait of a measure.", discussion: "martlet trait create lifetimeValue 'sum(total) of \"Order Completed\"'")
        @Argument(help: "The name under which it is read; segments ask for it as computed.NAME.") var name: String
        @OptionGroup var measure: MeasureOptions
        @Option(help: "What it is for, in words.") var note: String?
        @OptionGroup var options: FolderOptions

        func run() async {
            await talk(options) { client in
                let json = try measure.call(client, "/api/v1/computed-traits") { w in
                    w.member("name", name)
                    if let note { w.member("note", note) }
                }
                if options.json { return Output.line(json.text) }
                Output.line("\(json["id"]?.string ?? "")  \(json["name"]?.string ?? "")\n  \(json["sentence"]?.string ?? "")")
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show a computed trait: its measure in words and as text.")
        @Argument(help: "The computed trait's name or id.") var id: String
        @OptionGroup var options: FolderOptions
        func run() async {
            await talk(options) { client in
                let json = try client.call("GET", "/api/v1/computed-traits/\(PercentCoding.encode(id))").json
                if options.json { return Output.line(json.text) }
                Output.line("\(json["name"]?.string ?? "")  (\(json["id"]?.string ?? ""), version \(json["version"]?.integer ?? 0))")
                if let note = json["note"]?.string, !note.isEmpty { Output.line("  \(note)") }
                Output.line("  days of \(json["zone"]?.string ?? "UTC")\n  \(json["sentence"]?.string ?? "")\n\n\(json["text"]?.string ?? "")")
            }
        }
    }

    struct Delete: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Delete a computed trait that no segment asks for.")
        @Argument(help: "The computed trait's name or id.") var id: String
        @OptionGroup var options: FolderOptions
        func run() async {
            await talk(options) { client in
                let json = try client.call("DELETE", "/api/v1/computed-traits/\(PercentCoding.encode(id))").json
                Output.line(options.json ? json.text : "Deleted.")
            }
        }
    }

    /// A text without its quotes, all else as JSON.
    private static func shown(_ value: JSONText) -> String { value.string ?? value.text }
}

/// A measure from the command line or a file, as text or as JSON, and the zone that its days are counted in.
struct MeasureOptions: ParsableArguments {
    @Argument(help: "The measure, as text or as JSON; docs/computed-traits.md has them all.") var measure: String?
    @Option(help: "Read the measure from this file instead; - reads standard input.") var file: String?
    @Option(help: "In which days, weeks and months are counted, as Europe/Madrid; UTC unless told.") var zone: String?

    func validate() throws {
        guard (measure == nil) != (file == nil) else { throw ValidationError("Write a measure, or name the file that holds it with --file.") }
    }

    /// Posts the measure with more members beside it; a refusal about it is shown with the place marked in its text.
    func call(_ client: LocalClient, _ path: String, _ more: (inout JSONWriter) -> Void) throws -> JSONText {
        let language = WrittenLanguage(text: measure, file: file)
        return try language.post(client, path, as: "measure") { w in
            if let zone { w.member("zone", zone) }
            more(&w)
        }
    }
}
