import Access
import Console
import HTTPTypes
import Matching
import Profiles
import Resolution
import Vocabulary

/// Pairs that may be one person, one at a time, and how good matching is.
extension ConsoleRoutes {
    var review: [Route] {
        [
            page("/review", "The next pair that may be one person.") { visit in try await server.heavy.run { visit.html(try visit.reviewPage()) } },
            page("/review/quality", "How good matching is, and its settings.") { visit in try await server.heavy.run { visit.html(try visit.qualityPage()) } },
            action("/review/settings", "Set what becomes of pairs, or look what would.") { visit, form in try await server.heavy.run { try visit.saveMatching(form) } },
            action("/review/{id}", "Answer whether two are one person.") { visit, form in
                let answers: [String: (ReviewPair.State, Frame.Notice.Action)] = ["same": (.same, .reviewSame), "different": (.different, .reviewDifferent), "unsure": (.unsure, .reviewUnsure)]
                guard let number = Int64(visit.id), let (answer, notice) = answers[form.text("answer")] else { throw Visit.gone }
                do {
                    try await visit.place.answer(number, answer, author: ConsoleRoutes.author)
                } catch let refusal as Refusal where refusal.status < 500 {
                    return visit.done(.reviewGone, at: "/review")
                }
                return visit.done(notice, at: "/review")
            },
        ]
    }
}

extension Visit {
    fileprivate func reviewPage() throws -> ReviewPage {
        let matching = place.matching
        let pair = try matching.review(limit: 1).first
        let open = try matching.reviewCount()
        guard let pair, let a = try reader.profile(id: pair.a), let b = try reader.profile(id: pair.b) else {
            return ReviewPage(pair: nil, open: open, isLearning: matching.status.model == 0 && matching.status.waiting + (matching.status.isLearning ? 1 : 0) > 0)
        }
        let reasons = matching.reasons(a.id, b.id).map { ReviewPage.Reason(words: $0.words(in: frame.language.rawValue), bits: $0.bits) }
        return ReviewPage(
            pair: ReviewPage.Pair(
                number: pair.number, permille: Int((pair.probability * 1000).rounded()), first: side(a), second: side(b), lines: lines(a, b), reasons: reasons), open: max(1, open), isLearning: false)
    }

    private func side(_ profile: Profile) -> ReviewPage.Side {
        ReviewPage.Side(
            id: profile.id, name: profile.displayName, identifiers: profile.identifiers.map { IdentifierLabel(type: $0.namespace.name, value: $0.text) }, lastSeenMs: profile.lastSeen?.milliseconds)
    }

    /// What both have first, since it decides.
    private func lines(_ a: Profile, _ b: Profile) -> [ReviewPage.Line] {
        func values(_ profile: Profile) -> [String: String] {
            Dictionary(profile.traits.filter { !$0.value.isNull }.map { ($0.name, $0.value.text) }) { first, _ in first }
        }
        let (x, y) = (values(a), values(b))
        return Set(x.keys).union(y.keys).sorted { (x[$0] != nil && y[$0] != nil ? 0 : 1, $0) < (x[$1] != nil && y[$1] != nil ? 0 : 1, $1) }.map {
            ReviewPage.Line(name: $0, first: x[$0], second: y[$0])
        }
    }

    fileprivate func qualityPage(
        _ typed: MatchQualityPage.Typed? = nil, preview: (merged: Int, reviewed: Int)? = nil, problem: ConsoleProblem? = nil
    ) throws -> MatchQualityPage {
        func thousandths(_ value: Double) -> Int { Int((value * 1000).rounded()) }
        func estimate(_ one: MatchQuality.Estimate?) -> MatchQualityPage.Estimate? {
            one.map { MatchQualityPage.Estimate(value: thousandths($0.value), low: thousandths($0.interval.lowerBound), high: thousandths($0.interval.upperBound)) }
        }
        let (matching, settings) = (place.matching, place.matching.settings)
        let quality = try matching.quality()
        let bands = quality.bands.map { band in
            CalibrationChart.Band(
                from: thousandths(band.from), to: thousandths(band.to), pairs: band.pairs, same: band.same, different: band.different, told: thousandths(band.told), share: thousandths(band.share),
                low: thousandths(band.interval.lowerBound), high: thousandths(band.interval.upperBound))
        }
        return MatchQualityPage(
            precision: estimate(quality.precision), recall: estimate(quality.recall), answers: quality.answers, open: try matching.reviewCount(), chart: CalibrationChart(bands: bands),
            typed: typed ?? MatchQualityPage.Typed(isAutomatic: settings.isAutomatic, merge: String(settings.merge), review: String(settings.review)), preview: preview, problem: problem)
    }

    fileprivate func saveMatching(_ form: Form) throws -> Reply {
        let typed = MatchQualityPage.Typed(isAutomatic: !form.text("automatic").isEmpty, merge: form.text("merge").trimmed, review: form.text("review").trimmed)
        do {
            var settings = place.matching.settings
            settings.isAutomatic = typed.isAutomatic
            // A comma is how half of the readers write it.
            settings.merge = try MatchRoutes.number("merge", typed.merge.replacing(",", with: "."))
            settings.review = try MatchRoutes.number("review", typed.review.replacing(",", with: "."))
            let checked = try settings.checked()
            if form.text("intent") == "look" {
                let preview = try place.matching.preview(merge: checked.merge, review: checked.review)
                return html(try qualityPage(typed, preview: preview), at: "/review/quality", status: .ok)
            }
            _ = try place.matching.save(checked, author: ConsoleRoutes.author, at: now)
            return done(.matchSaved, at: "/review/quality")
        } catch let refusal as Refusal where refusal.status == 400 {
            return html(try qualityPage(typed, problem: ConsoleProblem(refusal.explanation)), at: "/review/quality")
        }
    }
}
