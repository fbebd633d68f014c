@testable import Console

extension Showroom {
    /// Pairs that may be one person, and how good matching is, with `text` wherever a value is shown.
    var reviewPages: [(name: String, html: String)] {
        let side = ReviewPage.Side(id: text, name: text, identifiers: [label], lastSeenMs: Self.now)
        let pair = ReviewPage.Pair(
            number: 7, permille: 987, first: side, second: .init(id: text, name: text, identifiers: [], lastSeenMs: nil),
            lines: [.init(name: text, first: "\"\(text)\"", second: "\"\(text)\""), .init(name: text, first: text, second: "\"b\""), .init(name: text, first: nil, second: text)],
            reasons: [.init(words: text, bits: 17.24), .init(words: text, bits: -3)])
        let band = CalibrationChart.Band(from: 900, to: 950, pairs: 12, same: 3, different: 1, told: 931, share: 780, low: 300, high: 950)
        let estimate = MatchQualityPage.Estimate(value: 987, low: 912, high: 999)
        func quality(_ bands: [CalibrationChart.Band], _ estimate: MatchQualityPage.Estimate?) -> MatchQualityPage {
            MatchQualityPage(
                precision: estimate, recall: estimate, answers: 4, open: 12, chart: CalibrationChart(bands: bands), typed: .init(isAutomatic: estimate != nil, merge: text, review: text),
                preview: estimate == nil ? nil : (merged: 1, reviewed: 2), problem: estimate == nil ? nil : problem)
        }
        return [
            ("review", ReviewPage(pair: pair, open: 3, isLearning: false).render(frame)), ("review, empty", ReviewPage(pair: nil, open: 0, isLearning: false).render(frame)),
            ("review, learning", ReviewPage(pair: nil, open: 0, isLearning: true).render(frame)),
            ("match quality", quality([band], estimate).render(frame)), ("match quality, empty", quality([], nil).render(frame)),
        ]
    }
}
