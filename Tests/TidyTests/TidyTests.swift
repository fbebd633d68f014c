import Foundation
import Testing

@Suite("A tidy house")
struct TidyTests {
    private var swift: [String] { Project.sources.values.flatMap { $0 }.sorted() }

    @Test("a table's name begins with its module's, and so does its index's and its migration's")
    func tables() {
        var count = 0
        for (module, files) in Project.sources {
            for file in files {
                let text = Project.text(file)
                for match in text.matches(of: /CREATE (?:UNIQUE )?(?:VIRTUAL )?(?:TABLE|INDEX|VIEW|TRIGGER) (?:IF NOT EXISTS )?(\w+)|Migration\(\s*"(\w+)"/) {
                    let name = String(match.1 ?? match.2 ?? "")
                    count += 1
                    #expect(name.hasPrefix(module.lowercased() + "_"), "\(file): \(name)")
                }
            }
        }
        #expect(count >= 12, "the pattern must have found the tables: \(count)")
    }

    /// It would be wrapped once more at every look, until calling it overflows the stack.
    @Test("no closure stands in a Mutex by itself")
    func closures() {
        for file in swift where !file.hasSuffix("/Hook.swift") { #expect(try! /Mutex<[^\n=]*->|Mutex\s*[({]\s*(\{|_ in)/.firstMatch(in: Project.text(file)) == nil, "\(file)") }
    }

    @Test("a module reads only its own tables")
    func foreignTables() {
        let names = swift.flatMap { Project.text($0).matches(of: /CREATE TABLE (\w+)/).map { String($0.1) } }
        for (module, files) in Project.sources {
            for file in files {
                let text = Project.text(file)
                for name in names where !name.hasPrefix(module.lowercased() + "_") { #expect(!text.contains(name), "\(file): \(name)") }
            }
        }
    }

    /// What can hold personal data, and who forgets it; what cannot, and why.
    static let erasers: [String: [String]] = [
        "EventLog": ["EventLog"], "Ingest": ["Quarantine", "ImportHistory", "ErasedMessages"], "Identity": ["ProfileEraser"], "Profiles": ["ProfileEraser"], "Privacy": ["ConsentLedger"],
        "Server": ["Uploads"], "Decisions": ["IntentEraser", "JourneyFollower"], "Delivery": ["Outbox", "BounceLedger", "EmailTracking"], "Segments": ["ListStore", "MembershipHistory", "FollowedMembersEraser"], "Resolution": ["MatchFollower"],
    ]
    static let withoutPeople: [String: String] = [
        "Storage": "documents are what operators configure", "Access": "one administrator, tokens and sessions as hashes",
    ]

    @Test("every module that keeps tables or files forgets people, by an eraser that the workspace runs")
    func everyStoreForgets() {
        for (module, files) in Project.sources {
            let keeps = files.contains { file in
                let text = Project.text(file)
                return text.contains("CREATE TABLE") || text.contains("mkdir(") || text.contains("SnapshotWriter(path")
            }
            guard keeps, Self.withoutPeople[module] == nil else { continue }
            guard let erasers = Self.erasers[module] else { Issue.record("\(module) keeps data and names no eraser"); continue }
            for eraser in erasers {
                let conforms = swift.contains { Project.text($0).contains(try! Regex("(class|struct|extension) \(eraser)\\b[^{]*\\bEraser\\b")) }
                #expect(conforms, "\(eraser) must be an Eraser")
            }
        }
        let list = Project.text("Sources/Server/Workspaces/Workspace.swift").firstMatch(of: /erasers = \[(.*)\]/).map { String($0.1) } ?? ""
        let conformers = Set(swift.flatMap { Project.text($0).matches(of: /(?:class|struct|extension) (\w+)\b[^{\n]*\bEraser\b/).map { String($0.1) } })
        #expect(conformers == Set(Self.erasers.values.joined()))
        #expect(list.split(separator: ", ").filter { !$0.contains(":") }.count >= 1)
        for name in ["log", "lists", "history", "outbox", "bounces", "tracking", "IntentEraser", "FollowedMembersEraser", "ProfileEraser", "quarantine", "imports", "ledger", "uploads"] { #expect(list.contains(name), "the workspace runs \(name)") }
    }

    @Test("no file and no folder carries its place in an order")
    func orderNumbers() {
        for file in Project.files where file.hasPrefix("Sources/") || file.hasPrefix("Tests/") || file.hasPrefix("docs/") {
            for part in file.split(separator: "/") { #expect(!part.contains(/^(\d+[-_. ]|step\d|part\d|phase\d)/.ignoresCase()), "\(file)") }
        }
    }

    @Test("no folder is called for nothing, and no file name has a blank")
    func names() {
        for file in Project.files where file.hasPrefix("Sources/") || file.hasPrefix("Tests/") {
            #expect(!file.contains(" "), "\(file)")
            for folder in file.split(separator: "/").dropLast() { #expect(!["Utilities", "Utils", "Helpers", "Common", "Core", "Misc"].contains(String(folder)), "\(file)") }
        }
    }

    @Test("no test is skipped in silence")
    func skips() {
        // Put together here, so that this file does not find itself.
        let words = [".dis" + "abled(", "XCT" + "Skip", "withKnown" + "Issue", "@pytest.mark." + "skip\n"]
        for file in Project.files where file.hasPrefix("Tests/") && (file.hasSuffix(".swift") || file.hasSuffix(".py")) {
            let text = Project.text(file)
            for word in words { #expect(!text.contains(word), "\(file): \(word)") }
            // Python tests that cannot run here must say why.
            for match in text.matches(of: /pytest\.skip\(\s*\)|mark\.skipif\((?![^)]*reason)/) { Issue.record("\(file) skips without a reason: \(text[match.range])") }
        }
    }

    @Test("no source file is longer than 400 lines")
    func lengths() {
        for file in swift {
            let lines = Project.text(file).split(separator: "\n", omittingEmptySubsequences: false).count - 1
            #expect(lines <= 400, "\(file) has \(lines) lines")
        }
    }

    /// The files that know how a record is laid out; to all others it is bytes behind `EventView`.
    private static let codec: Set<String> = [
        "Sources/Vocabulary/Event/EventRecord.swift", "Sources/Vocabulary/Event/EventView.swift", "Sources/Vocabulary/Event/EventDecoder.swift",
        // A block's records are taken apart for compression and put together again.
        "Sources/Vocabulary/Event/RecordPacker.swift", "Sources/Vocabulary/Event/Records.swift",
        // A record's time is raised in place when the clock fell, its source number is stamped in place, and a dictionary leaves its times out.
        "Sources/EventLog/EventLog.swift", "Sources/Ingest/Ingest.swift", "Sources/EventLog/DictionaryTrainer.swift",
        // A frame refuses what is too short to be a record.
        "Sources/EventLog/Frame.swift",
    ]

    @Test("only the event codec touches a record's bytes")
    func recordBytes() {
        for file in swift where !Self.codec.contains(file) {
            let text = Project.text(file)
            for word in ["EventRecord.fieldsOffset", "EventRecord.format", "EventRecord.flagErased", "EventRecord.appendVarint", "EventField(rawValue"] {
                #expect(!text.contains(word), "\(file): \(word)")
            }
        }
        for file in swift where !file.hasPrefix("Sources/Vocabulary/") {
            #expect(!Project.text(file).contains("JSONSerialization"), "\(file) would lose digits")
        }
    }

    @Test("an address in markup is encoded by its place, and not once more by hand")
    func addressesOnce() {
        for file in Project.sources["Console"] ?? [] {
            #expect(Project.text(file).firstMatch(of: /(?:href|action|src)=\\?"[^">]*\\\(Address\.encoded/) == nil, "\(file)")
        }
    }

    @Test("nothing names the machine or the workshop that it was written on")
    func workshop() {
        // Put together here, so that this file does not find itself.
        let words = ["/wo" + "rk/", "/fa" + "rm/", "/.lib" + "rary", "sub" + "agent", "farm-" + "bench", "farm-" + "studio", "this " + "session", "/ro" + "ot/", "/home/" + "ubuntu"]
        for file in Project.files {
            let text = Project.text(file)
            let found = words.filter(text.contains)
            #expect(found == [], "\(file)")
        }
    }

    @Test("every module says what it is for in a document that bears its name")
    func documents() {
        for module in Project.modules where module != "martlet" && !["CKernels", "CZstd", "CZlib", "CCrypto"].contains(module) {
            #expect(Project.files.contains("Sources/\(module)/\(module).md"), "\(module)")
        }
    }

    @Test("the documents mention each subcommand")
    func subcommands() {
        let names = (Project.sources["martlet"] ?? []).flatMap { file in
            // A command is called by its name, or as its type in small letters.
            Project.text(file).matches(of: /commandName: "([a-z-]+)"|struct (\w+): AsyncParsableCommand/).map { String($0.1 ?? $0.2?.lowercased()[...] ?? "") }
        }.filter { !$0.hasSuffix("command") }
        #expect(Set(["martlet", "serve", "source", "create", "erase", "sign-in"]).isSubset(of: names))
        let documents = Project.files.filter { $0.hasPrefix("docs/") || $0 == "README.md" }.map(Project.text).joined()
        // There is nothing to hold to this before the first document is written; ARCHITECTURE.md alone is none for operators.
        guard !documents.isEmpty else { return }
        let missing = names.filter { !documents.contains($0) }
        #expect(missing == [])
    }

    @Test("what is put off names what ends it, and nothing is forced")
    func shortcuts() {
        for file in swift {
            let text = Project.text(file)
            for match in text.matches(of: #/\b(TODO|FIXME|XXX)\b(?!.*\buntil\b)|\bfatalError\(|\btry! |\bas! /#) { Issue.record("\(file): \(text[match.range])") }
        }
    }
}
