@testable import Console

extension Showroom {
    /// Charts of every kind, with `text` wherever a value is shown.
    private var valueCharts: [ValueChart] {
        let bars = (0..<20).map { ValueChart.Bar(from: Double($0) * 12.34, to: Double($0 + 1) * 12.34, count: $0 * $0) }
        let whole = (0..<4).map { ValueChart.Bar(from: Double($0), to: Double($0 + 1), count: 3 - $0) }
        let days = (0..<20).map { ValueChart.Bar(from: Double($0) * 8.64e7, to: Double($0 + 1) * 8.64e7, count: 1) }
        return [
            ValueChart(people: 4000, count: 2470, values: .range(minimum: 0, median: 0.0123, maximum: 246.8, bars, areTimes: false)),
            ValueChart(people: 6, count: 6, values: .range(minimum: 0, median: 1, maximum: 3, whole, areTimes: false)),
            ValueChart(people: 20, count: 20, values: .range(minimum: 0, median: 8.64e8, maximum: 1.728e9, days, areTimes: true)),
            ValueChart(people: 1, count: 1, values: .range(minimum: -1e300, median: -1e300, maximum: -1e300, [.init(from: -1e300, to: -1e300, count: 1)], areTimes: false)),
            ValueChart(people: 9, count: 4, values: .top([.init(value: text, count: 3), .init(value: "\"\(text)\"", count: 1)], different: 7)), ValueChart(people: 0, count: 0, values: .none),
        ]
    }

    private func computedTrait(_ chart: ValueChart, users: [SegmentPage.Link]) -> ComputedTraitPage {
        ComputedTraitPage(id: text, name: text, note: text, sentence: text, text: text, zone: text, savedAtMs: 0, chart: chart, users: users)
    }

    var computedPages: [(name: String, html: String)] {
        let answers: [MeasureAnswer] =
            [.init(.nothing), .init(.refused(problem, segmentPlace)), .init(.refused(problem, nil))]
            + valueCharts.map { .init(.found(.init(chart: $0, milliseconds: 0.4, sentence: text, warnings: [problem]))) }
        let mistakes: [ComputedTraitEditPage.Mistake?] = [.name, .nameTaken, .noteTooLong(maximum: 2000), nil]
        let edits = answers.enumerated().map { number, answer in
            (
                name: "computed trait, edit \(number)",
                html: ComputedTraitEditPage(
                    id: number % 2 == 0 ? text : nil, name: text, note: text, text: text, zone: text, mistake: mistakes[number % mistakes.count], answer: answer, users: [segmentLink]
                ).render(frame)
            )
        }
        return [
            (name: "computed traits", html: ComputedTraitsPage(rows: [.init(id: text, name: text, sentence: text, savedAtMs: 0)]).render(frame)),
            (name: "computed traits, empty", html: ComputedTraitsPage(rows: []).render(frame)), (name: "computed trait, new", html: ComputedTraitEditPage().render(frame)),
            (name: "computed trait, unused", html: computedTrait(valueCharts[0], users: []).render(frame)),
        ] + valueCharts.enumerated().map { (name: "computed trait \($0.offset)", html: computedTrait($0.element, users: [segmentLink]).render(frame)) } + edits
    }
}
