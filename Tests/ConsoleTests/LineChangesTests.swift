import Testing

@testable import Console

@Suite struct LineChangesTests {
    @Test func whatGoesAndComesStandsInItsPlace() {
        let old = ["name: A", "steps:", "- wait: 1 hour", "- message: m", "  purpose: p", "tail 1", "tail 2", "tail 3"].joined(separator: "\n")
        let new = ["name: A", "steps:", "- wait: 2 hours", "- message: m", "  purpose: p", "tail 1", "tail 2", "tail 3"].joined(separator: "\n")
        #expect(LineChanges(from: old, to: new).lines == [
            .same("name: A"), .same("steps:"), .removed("- wait: 1 hour"), .added("- wait: 2 hours"), .same("- message: m"), .same("  purpose: p"), .skipped(3),
        ])
        #expect(LineChanges(from: old, to: old).lines == [])
        let long = Array(repeating: "x", count: LineChanges.linesMaximum)
        #expect(LineChanges(from: long.joined(separator: "\n"), to: "y").lines != nil)
        #expect(LineChanges(from: (long + ["x"]).joined(separator: "\n"), to: "y").lines == nil)
    }

    /// Whatever two texts are: read without what comes it is the old one, without what goes the new one.
    @Test(arguments: 0..<300) func bothTextsCanBeReadFromIt(seed: Int) throws {
        var random = SystemRandomNumberGenerator()
        func text() -> [String] { (0..<Int.random(in: 1...14, using: &random)).map { _ in String("abc".randomElement(using: &random)!) } }
        let (old, new) = (text(), text())
        let lines = try #require(LineChanges(from: old.joined(separator: "\n"), to: new.joined(separator: "\n")).lines)
        guard old != new else { return #expect(lines.isEmpty) }
        var (before, after): ([String], [String]) = ([], [])
        for line in lines {
            switch line {
            case .same(let text): (before, after) = (before + [text], after + [text])
            case .removed(let text): before.append(text)
            case .added(let text): after.append(text)
            case .skipped(let count):
                let kept = old[before.count..<(before.count + count)]
                #expect(kept == new[after.count..<(after.count + count)])
                (before, after) = (before + kept, after + kept)
            }
        }
        #expect(before == old && after == new, "\(old) \(new)")
    }
}
