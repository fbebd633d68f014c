import ArgumentParser
import Server
import Templates
import Vocabulary

struct TemplateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "template", abstract: "Render and check Liquid, and keep templates of messages.", subcommands: [Render.self, Check.self, List.self, Show.self, Preview.self, Save.self, Delete.self])

    struct Render: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print what a Liquid file makes of values, without a server.",
            discussion: "martlet template render order.liquid --values order.json --output html\nPartials are the files of a folder, each called by its name without .liquid.")

        @Argument(help: "The file; - reads standard input.") var file: String
        @Option(help: "A JSON file with the values.") var values: String?
        @Option(help: "A folder with partials.") var partials: String?
        @Option(help: "How values are escaped: plain, html, json, calendar or header.") var output = "plain"
        @Option(help: "What `now` means, as 2026-07-01T09:30:00Z.") var now: String?
        @Option(help: "Render so often and print the time for one instead of the output.") var times: Int?

        func run() async {
            Process.prepare()
            do {
                let template = try TemplateFile.template(file, partials: partials)
                let data = try TemplateFile.values(values)
                let moment = try TemplateFile.moment(now)
                guard let kind = TemplateFile.kinds[output] else { throw Refusal(400, "template.output", "There is no output `\(output)`.", remedy: "Write plain, html, json, calendar or header.") }
                guard let times else { return Output.text(try TemplateFile.rendered(template, data, kind, moment)) }
                let start = ContinuousClock.now
                var bytes = 0
                for _ in 0..<max(1, times) { bytes += try TemplateFile.rendered(template, data, kind, moment).count }
                let elapsed = (ContinuousClock.now - start) / .microseconds(1)
                Output.line("{\"microseconds\": \(elapsed / Double(max(1, times))), \"bytes\": \(bytes / max(1, times))}")
            } catch let error as Refusal { stop(error) } catch { stop(Refusal(500, "template.failed", "The template could not be rendered.")) }
        }
    }

    struct Check: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say what is wrong with a Liquid file, and what it reads.", discussion: "martlet template check order.liquid\nIt ends with 1 where the file cannot be read.")
        @Argument(help: "The file; - reads standard input.") var file: String
        @Option(help: "A folder with partials.") var partials: String?
        @Flag(help: "Print JSON, for scripts.") var json = false

        func run() async {
            Process.prepare()
            do {
                let template = try TemplateFile.template(file, partials: partials)
                if let fault = template.partialErrors.first { throw TemplateFile.refusal(fault) }
                var w = JSONWriter()
                w.object { w in
                    w.key("reads")
                    w.array { w in
                        for use in template.uses {
                            w.object { w in
                                w.member("path", use.path.joined(separator: "."))
                                w.member("line", use.line)
                                w.member("hasDefault", use.hasDefault)
                                w.member("isTested", use.isTested)
                            }
                        }
                    }
                }
                if json { return Output.line(w.text.text) }
                for use in template.uses { Output.line("line \(use.line)  \(use.path.joined(separator: "."))\(use.hasDefault ? "  (has a default)" : use.isTested ? "  (asked about)" : "")") }
            } catch let error as Refusal { stop(error) } catch { stop(Refusal(500, "template.failed", "The template could not be read.")) }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the templates of messages.")
        @OptionGroup var options: FolderOptions
        func run() async {
            await talk(options) { client in
                let json = try client.call("GET", "/api/v1/templates").json
                if options.json { return Output.line(json.text) }
                let all = json["templates"]?.elements ?? []
                if all.isEmpty { Output.error("There are no templates yet. Make one with `martlet template save NAME`.") }
                for template in all { Output.line("\(template["id"]?.string ?? "")  \(template["name"]?.string ?? "")  \(template["kind"]?.string ?? "")  version \(template["version"]?.integer ?? 0)") }
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show a template of a message.")
        @Argument(help: "The template's name or id.") var id: String
        @OptionGroup var options: FolderOptions
        func run() async {
            await talk(options) { client in
                let json = try client.call("GET", "/api/v1/templates/\(PercentCoding.encode(id))").json
                if options.json { return Output.line(json.text) }
                Output.line("\(json["name"]?.string ?? "")  (\(json["kind"]?.string ?? ""), version \(json["version"]?.integer ?? 0))")
                for (part, text) in json["parts"]?.members ?? [] { Output.line("\n\(part):\n\(text.string ?? "")") }
                for file in json["attachments"]?.elements ?? [] { Output.line("\nattachment: \(file["name"]?.string ?? "")  (\(file["type"]?.string ?? "")\(file["bytes"]?.integer.map { ", \($0) bytes" } ?? file["from"]?.string.map { ", from \($0)" } ?? ""))") }
                TemplateCommand.show(warningsOf: json)
            }
        }
    }

    struct Preview: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show a message as a person would get it; nothing is sent.", discussion: "martlet template preview welcome --user-id u1 --as-of 2026-07-01")
        @Argument(help: "The template's name or id.") var id: String
        @Option(help: "The person's userId.") var userId: String?
        @Option(help: "The person's e-mail address.") var email: String?
        @Option(help: "The person's profile id.") var profileId: String?
        @Option(help: "As the person was then.") var asOf: String?
        @Option(help: "A JSON file with what is handed in with the message.") var values: String?
        @OptionGroup var options: FolderOptions

        func run() async {
            await talk(options) { client in
                var w = JSONWriter()
                try w.object { w in
                    w.member("template", id)
                    if let values {
                        w.key("data")
                        w.raw(try TemplateFile.object(values).bytes)
                    }
                    for (key, value) in [("userId", userId), ("email", email), ("profileId", profileId), ("asOf", asOf)] { if let value { w.member(key, value) } }
                }
                let json = try client.call("POST", "/api/v1/templates/preview", body: w.bytes).json
                if options.json { return Output.line(json.text) }
                if let subject = json["subject"]?.string { Output.line("Subject: \(subject)\n") }
                Output.line((json["text"]?.string ?? json["json"]?.string ?? json["html"]?.string) ?? "")
                for path in json["missing"]?.elements ?? [] { Output.error("note: there is no value of \(path.string ?? "")") }
                TemplateCommand.show(warningsOf: json)
            }
        }
    }

    struct Save: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a template of a message, or change the one of this name.", discussion: "martlet template save welcome --subject 'Hello {{ profile.firstName }}' --html welcome.html")
        @Argument(help: "Its name: small letters, digits, - and _.") var name: String
        @Option(help: "email, text, json or partial.") var kind: String?
        @Option(help: "The subject, as Liquid.") var subject: String?
        @Option(help: "The file with the HTML.") var html: String?
        @Option(help: "The file with the text.") var text: String?
        @Option(help: "The file with the JSON.") var jsonFile: String?
        @Option(help: "What it is for, in words.") var note: String?
        @Option(help: "A file that the mail carries; repeatable. Those that are named take the place of all there were.") var attach: [String] = []
        @Flag(help: "The mail carries no file any more.") var noAttachments = false
        @OptionGroup var options: FolderOptions

        func validate() throws { if noAttachments, !attach.isEmpty { throw ValidationError("--attach and --no-attachments say the opposite of each other.") } }

        func run() async {
            await talk(options) { client in
                var w = JSONWriter()
                try w.object { w in
                    w.member("name", name)
                    if let kind { w.member("kind", kind) }
                    if let note { w.member("note", note) }
                    w.key("parts")
                    try w.object { w in
                        if let subject { w.member("subject", subject) }
                        for (part, file) in [("html", html), ("text", text), ("json", jsonFile)] { if let file { w.member(part, try TemplateFile.source(file)) } }
                    }
                    if !attach.isEmpty || noAttachments {
                        w.key("attachments")
                        try w.array { w in for file in attach { try TemplateFile.attachment(file).write(isWhole: true, &w) } }
                    }
                }
                let known = try client.call("GET", "/api/v1/templates/\(PercentCoding.encode(name))", takesRefusal: true).status == 200
                let json = try client.call(known ? "PATCH" : "POST", known ? "/api/v1/templates/\(PercentCoding.encode(name))" : "/api/v1/templates", body: w.bytes).json
                if options.json { return Output.line(json.text) }
                Output.line("\(json["id"]?.string ?? "")  \(json["name"]?.string ?? "")  version \(json["version"]?.integer ?? 0)")
                TemplateCommand.show(warningsOf: json)
            }
        }
    }

    struct Delete: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Delete a template of a message.")
        @Argument(help: "The template's name or id.") var id: String
        @OptionGroup var options: FolderOptions
        func run() async {
            await talk(options) { client in
                let json = try client.call("DELETE", "/api/v1/templates/\(PercentCoding.encode(id))").json
                Output.line(options.json ? json.text : "Deleted.")
            }
        }
    }

    static func show(warningsOf json: JSONText) {
        for warning in json["warnings"]?.elements ?? [] { Output.error("note: \(warning["place"]?.string ?? ""): \(warning["problem"]?.string ?? "")\n  \(warning["remedy"]?.string ?? "")") }
    }
}
