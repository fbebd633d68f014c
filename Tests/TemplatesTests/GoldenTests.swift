import Foundation
import Templates
import Testing
import Vocabulary

/// One case of the public conformance suite.
struct GoldenCase: Sendable, CustomTestStringConvertible {
    let name: String
    let source: String
    let partials: [String: String]
    let data: Record
    /// Any of them will do; none where the template must be refused.
    let results: [String]
    let tags: [String]
    var testDescription: String { name }

    static let all: [GoldenCase] = {
        let path = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().appending(path: "Fixtures/liquid/golden_liquid.json")
        guard let bytes = try? Data(contentsOf: path), let json = JSONText(validating: Array(bytes)) else { return [] }
        return (json["tests"]?.elements ?? []).map { test in
            let members = (test["data"]?.members ?? []).map { (key: $0.key, value: Value($0.value)) }
            let results = (test["results"]?.elements ?? []).compactMap(\.string) + [test["result"]?.string].compactMap { $0 }
            return GoldenCase(
                name: test["name"]?.string ?? "", source: test["template"]?.string ?? "",
                partials: Dictionary((test["templates"]?.members ?? []).map { ($0.key, $0.value.string ?? "") }, uniquingKeysWith: { $1 }), data: Record(members),
                results: results, tags: (test["tags"]?.elements ?? []).compactMap(\.string))
        }
    }()

    /// What the template prints; nil where it was refused.
    var printed: String? {
        guard let template = try? Template(source, partials: partials), let bytes = try? template.render(data, now: Timestamp(clamping: 1_782_000_000_000)) else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }
}

@Suite("Liquid's conformance cases")
struct GoldenTests {
    /// `strict2` is a parser that refuses what Liquid's strict one leaves unread; the same template stands among the cases with what the strict one prints.
    private static let otherParsers: Set<String> = ["strict2"]

    @Test("all cases are there")
    func count() { #expect(GoldenCase.all.count == 1054) }

    @Test("the template prints what Liquid prints, or is refused as Liquid refuses it", arguments: GoldenCase.all)
    func conforms(golden: GoldenCase) {
        guard Self.otherParsers.isDisjoint(with: golden.tags) else { return }
        let printed = golden.printed
        #expect(golden.results.isEmpty ? printed == nil : printed.map(golden.results.contains) == true, "\(golden.source) prints \(printed ?? "an error")")
    }
}
