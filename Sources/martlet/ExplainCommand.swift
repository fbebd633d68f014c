import ArgumentParser
import Server
import Vocabulary

extension SegmentCommand {
    struct Explain: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Tell why a person is in a segment or is not, and when that changes by time alone.",
            discussion: """
                martlet segment explain big-spenders prf_2f6kq0c8r1m7a
                martlet segment explain big-spenders userId:ada --as-of 2026-07-01
                martlet segment explain --condition 'did "Order Completed" in last 30 days' email:ada@example.com
                """)
        @Argument(help: "The segment's id or handle, unless --condition tells one; then the person: a profile's id, or an identifier as userId:ada.") var names: [String]
        @Option(help: "Explain this condition, as text or as JSON, instead of a segment's.") var condition: String?
        @Option(help: "The moment asked about, as 2026-07-01 or 2026-07-01T09:30:00Z; now unless told.") var asOf: String?
        @Option(help: "In which days and months are counted, as Europe/Madrid; the segment's unless told.") var zone: String?
        @OptionGroup var options: FolderOptions

        func validate() throws {
            guard names.count == (condition == nil ? 2 : 1) else { throw ValidationError("Name a segment and a person, or a person and --condition.") }
        }

        func run() async {
            await talk(options) { client in
                let json = try answer(client)
                if options.json { return Output.line(json.text) }
                // Names and values are the senders'; none of them may steer the terminal.
                for line in ReasonPrinter.lines(json) { Output.line(String(String.UnicodeScalarView(line.unicodeScalars.map { $0.properties.generalCategory == .control ? "\u{fffd}" : $0 }))) }
            }
        }

        /// What names the person in a call.
        private var person: (name: String, value: String) {
            let text = names.last ?? ""
            let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
            return parts.count == 2 ? (parts[0], parts[1]) : ("profile", text)
        }

        private func answer(_ client: LocalClient) throws -> JSONText {
            guard let condition else {
                let query = [person, ("asOf", asOf), ("zone", zone)].compactMap { name, value in value.map { "\(PercentCoding.encode(name))=\(PercentCoding.encode($0))" } }
                return try client.call("GET", "/api/v1/segments/\(PercentCoding.encode(names[0]))/explain?\(query.joined(separator: "&"))").json
            }
            return try WrittenLanguage(text: condition, file: nil).post(client, "/api/v1/segments/explain", as: "condition") { w in
                if let zone { w.member("zone", zone) }
                w.member(person.name, person.value)
                if let asOf { w.member("asOf", asOf) }
            }
        }
    }
}

/// A reason as an indented tree: a mark, the words, and under them what was seen.
enum ReasonPrinter {
    static func lines(_ json: JSONText) -> [String] {
        let name = json["segment"]?["name"]?.string
        let isIn = json["answer"]?.boolean ?? false
        var lines = ["\(json["profile"]?.string ?? "") \(name.map { (isIn ? "is in " : "is not in ") + $0 } ?? (isIn ? "satisfies the condition" : "does not satisfy the condition"))"]
        if let leftOut = json["leftOut"], leftOut.isObject { return lines + ["  " + (leftOut["problem"]?.string ?? "")] }
        if let reason = json["reason"] { add(reason, indent: "", to: &lines) }
        lines.append("")
        let until = json["lookedUntil"]?.string ?? ""
        lines.append(json["flipsAt"]?.string.map { "If nothing happens, this changes at \($0)." } ?? "If nothing happens, this stays so until \(until) at least.")
        return lines
    }

    private static func add(_ reason: JSONText, indent: String, to lines: inout [String]) {
        let segment = reason["segment"]?["name"]?.string.map { " (\($0))" } ?? ""
        lines.append("\(indent)\(mark(reason["answer"])) \(reason["sentence"]?.string ?? "")\(segment)")
        let inner = indent + "  "
        if let seen = reason["seen"]?.string { lines.append("\(inner)  \(seen)") }
        for trait in reason["traits"]?.elements ?? [] { add(trait["statement"], "said ", inner, to: &lines) }
        for event in reason["events"]?.elements ?? [] { add(event, "", inner, to: &lines) }
        add(reason["before"], "last before: ", inner, to: &lines)
        for step in reason["steps"]?.elements ?? [] {
            lines.append("\(inner)\(mark(step["met"])) \(step["sentence"]?.string ?? "")")
            add(step["event"], "", inner + "  ", to: &lines)
            if let until = step["waitsUntil"]?.string { lines.append("\(inner)    until \(until)") }
        }
        for part in reason["parts"]?.elements ?? [] { add(part, indent: inner, to: &lines) }
    }

    private static func add(_ event: JSONText?, _ before: String, _ indent: String, to lines: inout [String]) {
        guard let event, event.isObject else { return }
        let values = event["values"]?.members.filter { !$0.value.isNull }.map { "\($0.key): \($0.value.string ?? $0.value.text)" } ?? []
        let parts = ["\(before)\(event["timestamp"]?.string ?? "")", event["title"]?.string ?? "", values.joined(separator: ", "), event["messageId"]?.string ?? ""]
        lines.append("\(indent)  \(parts.filter { !$0.isEmpty }.joined(separator: "  "))")
    }

    /// Nothing is said of what was not come to.
    private static func mark(_ answer: JSONText?) -> String { answer?.boolean.map { $0 ? "✓" : "✗" } ?? "·" }
}
