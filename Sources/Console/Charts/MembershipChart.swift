/// Who belonged where from when to when: one bar for each membership, over one axis of time.
struct MembershipChart {
    /// One membership: the person's or the account's name over its bar.
    struct Bar: Sendable {
        var label: String
        /// Roles, in words; empty for none.
        var roles: String
        var fromMs: Int64
        /// Nil while it lasts.
        var toMs: Int64?
    }

    var bars: [Bar]
    var title: String

    /// More would be no picture; the table has them all.
    static let barsMaximum = 20
    private static let rowHeight = 34.0
    private static let edge = 12.0

    func html(_ frame: Frame) -> HTML { bars.isEmpty ? .none : "\(drawing(frame, 880, letters: 90))\(drawing(frame, 360, letters: 38))" }

    /// Two drawings as of every chart: scaled down to a phone, the wide one's words would be unreadable.
    private func drawing(_ frame: Frame, _ width: Double, letters: Int) -> HTML {
        let shown = bars.prefix(MembershipChart.barsMaximum)
        let first = shown.map(\.fromMs).min() ?? 0
        let last = max(frame.nowMs, first.addingReportingOverflow(1).partialValue)
        let height = Self.rowHeight * Double(shown.count) + 26
        func x(_ ms: Int64) -> Double {
            let share = (Double(ms) - Double(first)) / max(1, Double(last) - Double(first))
            return ((Self.edge + (width - Self.edge * 2) * min(1, max(0, share))) * 10).rounded() / 10
        }
        let rows = shown.enumerated().map { index, bar -> HTML in
            let top = Self.rowHeight * Double(index)
            let (from, to) = (x(bar.fromMs), x(bar.toMs ?? last))
            let words = bar.roles.isEmpty ? bar.label : "\(bar.label) · \(bar.roles)"
            let text = words.count > letters ? words.prefix(letters - 1) + "…" : words[...]
            return """
                <g class="span\(bar.toMs == nil ? "" : " past")"><title>\(words): \(period(bar, frame))</title>\
                <text x="\(Self.edge)" y="\(top + 13)">\(String(text))</text><rect x="\(from)" y="\(top + 18)" width="\(max(3, to - from))" height="9" rx="2"/></g>
                """
        }
        return """
            <svg class="\(width > 500 ? "bars wide-only" : "bars narrow-only")" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(width) \(height)" role="img" aria-label="\(title)">\
            \(rows)<text x="\(Self.edge)" y="\(height - 6)">\(frame.date(first))</text><text class="end" x="\(width - Self.edge)" y="\(height - 6)">\(frame.date(last))</text></svg>
            """
    }

    private func period(_ bar: Bar, _ frame: Frame) -> String { "\(frame.exact(bar.fromMs)) – \(bar.toMs.map { frame.exact($0) } ?? frame.say("account.lasts"))" }
}
