import Analytics
import Console
import Segments
import Vocabulary

extension Visit {
    /// Compares what the address names as `of`; without a name, the largest segments.
    func overlapPage() async throws -> OverlapPage {
        let segments = place.segments.all
        let asked = Set(call.query.lazy.filter { $0.name == "of" }.map(\.value))
        let largest = segments.sorted { place.memberships.size(of: $0.id) ?? 0 > place.memberships.size(of: $1.id) ?? 0 }.prefix(4).map(\.id)
        let wanted = asked.isEmpty ? Set(largest) : asked
        var choices = segments.map { OverlapPage.Choice(id: $0.id, name: $0.name, isList: false, isChosen: wanted.contains($0.id)) }
        choices += place.lists.all.map { OverlapPage.Choice(id: $0.id, name: $0.name, isList: true, isChosen: wanted.contains($0.id)) }
        // Whoever chose more sees what was taken.
        for extra in choices.indices.filter({ choices[$0].isChosen }).dropFirst(OverlapPage.chosenMaximum) { choices[extra].isChosen = false }
        let chosen = choices.filter(\.isChosen).map { choice -> Condition in .test(choice.isList ? ListTest(list: choice.id) : SegmentTest(segment: choice.id)) }
        guard chosen.count > 1 else { return OverlapPage(choices: choices, cells: [], milliseconds: 0) }
        let (engine, conditions, moment) = (place.engine, place.segments.conditions, Moment(asOf: Timestamp(clamping: now.milliseconds + 1)))
        do {
            let (cells, elapsed) = try await engine.pool.ask { () throws -> ([OverlapPage.Cell], Duration) in
                let start = ContinuousClock.now
                let found = try Insights(try engine.question(at: moment, in: try engine.view(), segments: conditions)).overlap(chosen)
                return (found.map { OverlapPage.Cell(mask: $0.mask, count: $0.profiles) }, ContinuousClock.now - start)
            }
            return OverlapPage(choices: choices, cells: cells, milliseconds: elapsed / .milliseconds(1))
        } catch let error as SegmentError {
            return OverlapPage(choices: choices, cells: [], milliseconds: 0, problem: ConsoleProblem(error.explanation))
        }
    }
}
