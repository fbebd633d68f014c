import Foundation
import Testing

@Suite("Imports point up the pipeline")
struct ImportTests {
    /// What each module may import besides `Vocabulary` and the system's own; DESIGN.md's table, for the modules that exist.
    ///
    /// Where it deviates: `EventLog`'s checksums, the message index's hashes and the graph's are one C target, `CKernels`, since Swift has no
    /// hardware CRC; OpenSSL's `CCrypto` does what Crypto would, at a hundredth of the build time; GRDB is imported by every module that owns
    /// tables, since a table's SQL stands in its owner, and never where there is none.
    static let table: [String: Set<String>] = [
        "Vocabulary": [],
        "Storage": ["GRDB", "CKernels"],
        "Privacy": ["Storage", "GRDB", "CCrypto"],
        "Access": ["Privacy", "Storage", "GRDB", "CCrypto"],
        "Packing": ["CKernels", "CZstd"],
        "EventLog": ["Privacy", "Storage", "Packing", "CKernels", "CZstd"],
        "Ingest": ["EventLog", "Privacy", "Storage", "GRDB", "CKernels", "CZlib", "CZstd"],
        "Identity": ["EventLog", "Privacy", "Storage", "CKernels"],
        "Columnar": ["Packing", "CKernels"],
        "Profiles": ["Identity", "EventLog", "Privacy", "Storage", "Packing", "Columnar", "CKernels"],
        "Matching": [],
        "Templates": [],
        "Mail": ["CCrypto", "NIOCore", "NIOPosix", "NIOSSL", "NIOTLS"],
        "Decisions": ["Segments", "Profiles", "Identity", "EventLog", "Privacy", "Storage", "Columnar", "GRDB", "Yams"],
        "Delivery": ["Decisions", "Templates", "Mail", "Segments", "Profiles", "Identity", "EventLog", "Privacy", "Storage", "GRDB"],
        "Webhooks": ["Delivery", "Privacy", "Identity", "CCrypto", "NIOCore", "NIOHTTP1", "NIOPosix", "NIOSSL", "NIOTLS"],
        "Segments": ["Profiles", "Identity", "EventLog", "Privacy", "Storage", "GRDB", "Columnar", "CKernels"],
        "Resolution": ["Matching", "Profiles", "Identity", "EventLog", "Privacy", "Storage", "GRDB", "Columnar"],
        "Analytics": ["Segments", "Profiles", "Privacy", "Columnar"],
        "Console": [],
        "BrowserSDK": [],
        "Demo": [],
        "Server": [
            // zlib packs the browser SDK once; the kernels check a backup's files.
            "CKernels", "CZlib",
            "Access", "Analytics", "BrowserSDK", "Columnar", "Console", "Decisions", "Delivery", "Demo", "EventLog", "Identity", "Ingest", "Mail", "Matching", "Privacy", "Profiles", "Resolution", "Segments", "Storage", "Templates", "Webhooks", "HTTPTypes", "Hummingbird",
            "HummingbirdCore", "HummingbirdTLS", "Logging", "NIOCore", "NIOHTTP1", "NIOHTTPTypes", "NIOPosix", "NIOSSL", "ServiceLifecycle",
        ],
        // The demo sends itself through the public API, as any command does; matching a file needs no server, and `Ingest` inflates it.
        "martlet": ["Server", "Delivery", "Demo", "Ingest", "Matching", "Templates", "ArgumentParser", "Logging"],
        "CKernels": [], "CZstd": [], "CZlib": [], "CCrypto": [],
    ]
    private static let system: Set<String> = ["Glibc", "Darwin", "Synchronization", "Foundation"]
    /// Modules that other people could build on their own know nothing of events either.
    private static let withoutVocabulary: Set<String> = ["Packing", "Columnar", "Console", "BrowserSDK", "Demo", "Vocabulary"]

    static func imports(of file: String) -> [String] {
        Project.text(file).split(separator: "\n").compactMap(module)
    }

    private static func module(importedBy line: Substring) -> String? {
        guard let match = line.firstMatch(of: /^(?:@\w+(?:\([^)]*\))?\s+)*(?:(?:public|package|internal|fileprivate|private)\s+)?import\s+(?:(?:struct|class|enum|protocol|func|typealias|var|let)\s+)?([A-Za-z_]\w*)/)
        else { return nil }
        return String(match.1)
    }

    @Test("every module is in the table, and every line of the table is a module")
    func complete() { #expect(Project.modules == Set(Self.table.keys)) }

    @Test("a module imports what the table allows and nothing else", arguments: Self.table.keys.sorted())
    func sourcesKeepTo(module: String) {
        let allowed = Self.table[module, default: []].union(Self.system).union(Self.withoutVocabulary.contains(module) ? [] : ["Vocabulary"])
        for file in Project.sources[module] ?? [] {
            let foreign = Self.imports(of: file).filter { !allowed.contains($0) }
            #expect(foreign == [], "\(file)")
        }
    }

    @Test("Package.swift gives a module no dependency that the table does not allow", arguments: Self.table.keys.sorted().filter { !$0.hasPrefix("C") || $0 == "Console" })
    func packageKeepsTo(module: String) {
        let text = Project.text("Package.swift")
        guard let start = text.range(of: "odule(\"\(module)\"")?.upperBound ?? text.range(of: "module(\n            \"\(module)\"")?.upperBound
            ?? text.range(of: "name: \"\(module)\",\n            dependencies")?.upperBound
        else {
            Issue.record("\(module) is not in Package.swift")
            return
        }
        let rest = text[start...]
        let end = rest.range(of: #"\n        (\w|\.|/)"#, options: .regularExpression)?.lowerBound ?? rest.endIndex
        let names = rest[..<end].matches(of: /"([A-Za-z]\w*)"(?!\s*\))/).map { String($0.1) } + rest[..<end].matches(of: /product\(name: "(\w+)"/).map { String($0.1) }
        let allowed = Self.table[module, default: []].union(["Vocabulary", module])
        #expect(names.filter { !allowed.contains($0) } == [])
    }

    @Test("each way to write an import is seen, and none in a text that is not code")
    func pattern() {
        for line in ["import A", "public import A", "@testable import A", "@_spi(B) public import A", "import struct A.B", "package import A"] {
            #expect(Self.module(importedBy: line[...]) == "A", "\(line)")
        }
        for line in ["    import a from 'a'", "// import A", "importA", "let x = 1"] { #expect(Self.module(importedBy: line[...]) == nil, "\(line)") }
    }
}
