import Foundation
import Matching

/// Sets of people with the truth, and how well clusters fit it.
enum Truth {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().path + "/Fixtures/people/"

    static func table(_ name: String) throws -> DelimitedText { try DelimitedText([UInt8](FileManager.default.contents(atPath: folder + name) ?? Data())) }

    /// The entity of each row of `text`.
    static func entities(_ name: String, of text: DelimitedText) throws -> [String] {
        let truth = try table(name)
        var entity: [String: String] = [:]
        for row in 0..<truth.rowCount { entity[truth.text(row: row, column: 0)] = truth.text(row: row, column: 1) }
        return (0..<text.rowCount).map { entity[text.text(row: $0, column: 0)] ?? "" }
    }

    /// Precision, recall and F1 over all pairs inside clusters.
    static func pairwise(_ clusters: [Int], _ entities: [String]) -> (precision: Double, recall: Double, f1: Double) {
        func pairs(_ counts: some Sequence<Int>) -> Double { counts.reduce(0) { $0 + Double($1 * ($1 - 1) / 2) } }
        let predicted = pairs(Dictionary(grouping: clusters) { $0 }.values.map(\.count))
        let actual = pairs(Dictionary(grouping: entities) { $0 }.values.map(\.count))
        let right = pairs(Dictionary(grouping: zip(clusters, entities).map { "\($0)|\($1)" }) { $0 }.values.map(\.count))
        return (right / predicted, right / actual, 2 * right / (predicted + actual))
    }

    static func match(_ csv: String, _ options: Matcher.Options = Matcher.Options()) throws -> MatchResult {
        let text = try DelimitedText(Array(csv.utf8))
        return Matcher.match(text, as: Schema(recognising: text), options)
    }
}
