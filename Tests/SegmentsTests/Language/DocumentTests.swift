import Foundation
import Segments
import Testing
import Vocabulary

@Suite("The guide to segments")
struct DocumentTests {
    private static let guide = document("segments.md")
    /// The list of all refusals; whoever tests one looks whether it stands there.
    static let refusals = document("refusals.md")

    private static func document(_ name: String) -> String {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        return String(decoding: FileManager.default.contents(atPath: root.appending(path: "docs/" + name).path) ?? Data(), as: UTF8.self)
    }

    private static func blocks(_ language: String, of text: String = guide) -> [String] {
        text.components(separatedBy: "\n```\(language)\n").dropFirst().map { String($0.prefix(upTo: $0.range(of: "\n```")?.lowerBound ?? $0.endIndex)) }
    }

    @Test("every line of its examples can be read, and reads back from what it prints")
    func texts() throws {
        let lines = (Self.blocks("segment") + Self.blocks("segment", of: Self.document("accounts.md"))).flatMap { $0.split(separator: "\n") }
        #expect(lines.count >= 48)
        for line in lines {
            do {
                let condition = try Condition(text: String(line))
                #expect(try Condition(text: condition.text).json == condition.json)
                #expect(try Condition(json: condition.json).text == condition.text)
            } catch { Issue.record("\(line): \(error)") }
        }
    }

    @Test("every example in JSON can be read")
    func json() throws {
        let blocks = Self.blocks("json")
        #expect(blocks.count >= 5)
        for block in blocks { #expect(throws: Never.self, "\(block)") { try Condition(json: Array(block.utf8)) } }
    }

    @Test("every measure and condition of the guide to computed traits can be read, and reads back")
    func measures() throws {
        let guide = Self.document("computed-traits.md")
        let lines = Self.blocks("measure", of: guide).flatMap { $0.split(separator: "\n") }
        #expect(lines.count >= 20)
        for line in lines { #expect(try Measurement(text: String(line)).text == line) }
        let json = Self.blocks("measure-json", of: guide)
        #expect(json.count >= 5)
        for block in json { #expect(throws: Never.self, "\(block)") { try Measurement(json: JSONText(validating: Array(block.utf8))!) } }
        for line in Self.blocks("segment", of: guide).flatMap({ $0.split(separator: "\n") }) { #expect(throws: Never.self, "\(line)") { try Condition(text: String(line)) } }
    }

    @Test("every word of a condition's kinds and tests stands in it")
    func complete() {
        for member in ["trait", "relation", "event", "sequence", "segment", "bucket", "computed", "distinctList", "currentStreak", "notIn", "trueOrUnknown", "moreThanAhead", "anniversaryWithinNext", "dividedBy", "mostFrequent", "lastValue"] {
            #expect(Self.guide.contains("`\(member)`"), "\(member)")
        }
    }
}
