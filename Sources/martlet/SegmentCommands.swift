import ArgumentParser
import Server
import Vocabulary

struct SegmentCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "segment", abstract: "Ask for people by a condition, and keep conditions under a name.",
        subcommands: [List.self, Preview.self, Create.self, Show.self, Explain.self, Delete.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List segments with how many are in now.")
        @OptionGroup var options: FolderOptions
        func run() async {
            await talk(options) { client in
                let json = try client.call("GET", "/api/v1/segments").json
                if options.json { return Output.line(json.text) }
                let all = json["segments"]?.elements ?? []
                if all.isEmpty { Output.error("There are no segments yet. Make one with `martlet segment create NAME CONDITION`.") }
                for segment in all {
                    Output.line("\(segment["id"]?.string ?? "")  \(segment["handle"]?.string ?? "")  \(SegmentCommand.size(segment))  \(segment["name"]?.string ?? "")")
                }
            }
        }
    }

    struct Preview: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Count the profiles that satisfy a condition, and show some of their ids.", discussion: ConditionOptions.examples("martlet segment preview"))
        @OptionGroup var question: QuestionOptions
        @OptionGroup var options: FolderOptions
        func run() async { await question.preview(options) }
    }

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a segment of a condition.", discussion: "martlet segment create \"Big spenders\" 'sum(total) of \"Order Completed\" in last 90 days > 500'")
        @Argument(help: "A name for people; other conditions name the segment by its handle, which is made of it.") var name: String
        @OptionGroup var condition: ConditionOptions
        @Option(help: "What it is for, in words.") var note: String?
        @OptionGroup var options: FolderOptions

        func run() async {
            await talk(options) { client in
                let json = try condition.call(client, "/api/v1/segments") { w in
                    w.member("name", name)
                    if let note { w.member("note", note) }
                }
                if options.json { return Output.line(json.text) }
                Output.line("\(json["id"]?.string ?? "")  \(json["handle"]?.string ?? "")\n  \(json["sentence"]?.string ?? "")")
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show a segment: its condition in words and as text, and how many are in now.")
        @Argument(help: "The segment's id or handle.") var id: String
        @OptionGroup var options: FolderOptions
        func run() async {
            await talk(options) { client in
                let json = try client.call("GET", "/api/v1/segments/\(PercentCoding.encode(id))").json
                if options.json { return Output.line(json.text) }
                Output.line("\(json["name"]?.string ?? "")  (\(json["id"]?.string ?? ""), \(json["handle"]?.string ?? ""), version \(json["version"]?.integer ?? 0))")
                if let note = json["note"]?.string, !note.isEmpty { Output.line("  \(note)") }
                Output.line("  \(SegmentCommand.size(json)) now; days of \(json["zone"]?.string ?? "UTC")\n  \(json["sentence"]?.string ?? "")\n\n\(json["text"]?.string ?? "")")
            }
        }
    }

    struct Delete: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Delete a segment that no other names.")
        @Argument(help: "The segment's id or handle.") var id: String
        @OptionGroup var options: FolderOptions
        func run() async {
            await talk(options) { client in
                let json = try client.call("DELETE", "/api/v1/segments/\(PercentCoding.encode(id))").json
                Output.line(options.json ? json.text : "Deleted.")
            }
        }
    }

    private static func size(_ segment: JSONText) -> String {
        segment["size"]?.integer.map { Output.counted($0, "profile", "profiles") } ?? "still counting"
    }
}

struct QueryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "query", abstract: "Count the profiles that satisfy a condition; the short name of `segment preview`.", discussion: ConditionOptions.examples("martlet query"))
    @OptionGroup var question: QuestionOptions
    @OptionGroup var options: FolderOptions
    func run() async { await question.preview(options) }
}

/// A condition from the command line or a file, as text or as JSON, and the zone that its days are counted in.
struct ConditionOptions: ParsableArguments {
    @Argument(help: "The condition, as text or as JSON; docs/segments.md has the language.") var condition: String?
    @Option(help: "Read the condition from this file instead; - reads standard input.") var file: String?
    @Option(help: "In which days and months are counted, as Europe/Madrid; UTC unless told.") var zone: String?

    static func examples(_ command: String) -> String {
        "\(command) 'country = \"ES\" and did \"Order Completed\" at least 3 times in last 30 days'\n\(command) --file big-spenders.txt --as-of 2026-07-01 --json"
    }

    func validate() throws {
        guard (condition == nil) != (file == nil) else { throw ValidationError("Write a condition, or name the file that holds it with --file.") }
    }

    /// Posts the condition with more members beside it; a refusal about it is shown with the place marked in its text.
    func call(_ client: LocalClient, _ path: String, _ more: (inout JSONWriter) -> Void) throws -> JSONText {
        try WrittenLanguage(text: condition, file: file).post(client, path, as: "condition") { w in
            if let zone { w.member("zone", zone) }
            more(&w)
        }
    }
}

/// A condition or a measure, from the command line or a file, in its text or its JSON form.
struct WrittenLanguage {
    let text: String?
    let file: String?

    /// Posts it as a member of this name with more beside it; a refusal about it is shown with the place marked.
    func post(_ client: LocalClient, _ path: String, as name: String, _ more: (inout JSONWriter) -> Void) throws -> JSONText {
        let text = try read()
        do {
            return try client.call("POST", path, body: body { w in
                w.key(name)
                // No text form begins with a brace.
                if let json = JSONText(validating: Array(text.utf8)), json.isObject { w.raw(json.bytes) } else { w.string(text) }
                more(&w)
            }).json
        } catch let refusal as Refusal where !refusal.place.isEmpty {
            let why = refusal.explanation
            throw Refusal(refusal.status, why.code, "\(why.problem)\n\(Caret.mark(refusal.place, in: text))", remedy: why.remedy)
        }
    }

    private func read() throws -> String {
        guard let file else { return text ?? "" }
        let input = try ImportInput(file)
        var bytes: [UInt8] = []
        // The server says how long a condition may be; what is far beyond is not even read.
        while bytes.count < 1 << 20, let piece = try input.next() { bytes += piece }
        while let last = bytes.last, [0x20, 0x0a, 0x0d, 0x09].contains(last) { bytes.removeLast() }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// A condition asked about a moment.
struct QuestionOptions: ParsableArguments {
    @OptionGroup var condition: ConditionOptions
    @Option(help: "The moment asked about, as 2026-07-01 or 2026-07-01T09:30:00Z; now unless told.") var asOf: String?
    @Option(help: "How many ids to show, 0 to 1000.") var sample = 10

    func preview(_ options: FolderOptions) async {
        await talk(options) { client in
            let json = try condition.call(client, "/api/v1/segments/preview") { w in
                if let asOf { w.member("asOf", asOf) }
                w.member("sample", sample)
            }
            if options.json { return Output.line(json.text) }
            Output.line("\(json["count"]?.integer ?? 0) of \(json["of"]?.integer ?? 0) profiles")
            for id in json["sample"]?.elements ?? [] { Output.line("  \(id.string ?? "")") }
            for warning in json["warnings"]?.elements ?? [] { Output.error("note: \(warning["problem"]?.string ?? "")\n  \(warning["remedy"]?.string ?? "")") }
        }
    }
}

/// Shows a place of a condition's text.
enum Caret {
    /// The line that `place` names with carets under it; of a place in JSON, its pointer.
    ///
    /// - Parameter place: `line L, column C, length N`, the length in bytes, or a JSON pointer.
    static func mark(_ place: String, in text: String) -> String {
        guard let match = place.wholeMatch(of: /line (\d+), column (\d+), length (\d+)/), let number = Int(match.1), let column = Int(match.2), let length = Int(match.3) else {
            return "  at \(place)"
        }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.indices.contains(number - 1) else { return "  at \(place)" }
        let line = lines[number - 1]
        let before = line.prefix(column - 1)
        // Carets under characters: the length counts bytes, and a fault may go on over the end of the line.
        var (carets, bytes) = (0, 0)
        for character in line.dropFirst(column - 1) where bytes < length {
            carets += 1
            bytes += character.utf8.count
        }
        // A tab stays a tab, so that the carets stand right whatever its width.
        return "  \(line)\n  \(String(before.map { $0 == "\t" ? "\t" : " " }))\(String(repeating: "^", count: max(1, carets)))"
    }
}
