import Delivery
import HTTPTypes
import Profiles
import Segments
import Templates
import Vocabulary

/// What somebody should know before a message is sent: names that nobody has, and how many people lack a value.
struct MessageChecking: Sendable {
    struct Warning: Sendable {
        let place: String
        let explanation: Explanation
    }

    /// Traits that have been seen, and names of computed ones.
    let traits: Set<String>
    let computed: Set<String>

    init(_ place: Workspace) {
        traits = Set(place.columns.catalog.traitPaths.map { String(decoding: $0, as: UTF8.self) })
        computed = Set(place.computed.all.map(\.name))
    }

    func warnings(of message: CompiledMessage) -> [Warning] {
        var seen: Set<[String]> = []
        return message.uses.compactMap { place, use in
            guard seen.insert(use.path).inserted, let explanation = fault(of: use.path) else { return nil }
            return Warning(place: "\(place), line \(use.line)", explanation: explanation)
        } + message.partialErrors.map { error in
            Warning(place: [error.partial.map { "partial \($0)" }, error.line > 0 ? "line \(error.line)" : nil].compactMap { $0 }.joined(separator: ", "), explanation: error.explanation)
        }
    }

    private func fault(of path: [String]) -> Explanation? {
        guard let root = path.first else { return nil }
        let name = path.dropFirst().joined(separator: ".")
        switch root {
        case "profile":
            // A path within a trait's own value is as good as the trait; a whole profile may be walked.
            guard path.count > 1, path[1] != "id", !traits.contains(where: { $0 == name || $0 == path[1] || $0.hasPrefix(path[1] + ".") }) else { return nil }
            return unknown("trait", path[1], among: traits, prefix: "profile.")
        case "computed":
            guard path.count > 1, !computed.contains(path[1]) else { return nil }
            return unknown("computed trait", path[1], among: computed, prefix: "computed.")
        default:
            guard !MessageData.roots.contains(root) else { return nil }
            if traits.contains(root) {
                return Explanation(code: "template.unknown-name", problem: "Nothing is called `\(root)`.", remedy: "The trait is read as `profile.\(root)`.")
            }
            return unknown("name", root, among: Set(MessageData.roots), prefix: "")
        }
    }

    private func unknown(_ what: String, _ name: String, among known: Set<String>, prefix: String) -> Explanation {
        let remedy = Suggestion.nearest(to: name, among: known.sorted()).map { "Did you mean `\(prefix)\($0)`?" } ?? "It prints nothing until somebody sends it; `default` says what stands there instead."
        return Explanation(code: "template.unknown-\(what == "name" ? "name" : "trait")", problem: "Nobody has a \(what) `\(name)` yet.", remedy: remedy)
    }

    // MARK: - Missing values

    struct Gap: Sendable {
        let path: String
        /// How many of the asked have no value.
        let count: Int
    }

    /// Whether somebody has no value that prints: none, or an empty text. How long a list is, its first and its last are asked of the list.
    private static func isMissing(_ path: String, _ known: Set<String>) -> Condition {
        var path = path
        if let dot = path.lastIndex(of: "."), ["size", "first", "last"].contains(path[path.index(after: dot)...]), !known.contains(path) { path = String(path[..<dot]) }
        return .any([.test(TraitTest(path: path, test: .isMissing)), .test(TraitTest(path: path, test: .equals(.text(""))))])
    }

    /// How many of those who satisfy a condition have no value of each trait that the message prints without a default.
    static func gaps(of message: CompiledMessage, among condition: Condition, in place: Workspace, at moment: Moment) async throws -> (of: Int, gaps: [Gap]) {
        let asked = Set(message.uses.filter(\.use.isTested).map(\.use.path))
        var paths: [[String]] = []
        for (_, use) in message.uses where !use.hasDefault && !use.isTested && !asked.contains(use.path) && use.path.count > 1 && use.path[0] == "profile" && use.path[1] != "id" {
            if !paths.contains(use.path) { paths.append(use.path) }
        }
        let engine = place.engine
        let conditions = place.segments.conditions
        let known = MessageChecking(place).traits
        let questions = [condition] + paths.prefix(100).map { Condition.all([condition, isMissing($0.dropFirst().joined(separator: "."), known)]) }
        let answer = try await engine.pool.ask { () throws -> Result<[Int], SegmentError> in
            let view = try engine.view()
            do throws(SegmentError) {
                var counts: [Int] = []
                for question in questions { counts.append(try engine.rows(question, at: moment, in: view, segments: conditions).reduce(0) { $0 + $1.count }) }
                return .success(counts)
            } catch { return .failure(error) }
        }
        switch answer {
        case .failure(let error): throw Refusal(error)
        case .success(let counts):
            return (counts.first ?? 0, zip(paths, counts.dropFirst()).filter { $1 > 0 }.map { Gap(path: $0.joined(separator: "."), count: $1) })
        }
    }
}
