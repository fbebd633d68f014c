/// A window at one moment, in milliseconds since 1970.
public struct ResolvedWindow: Sendable, Hashable {
    /// Included; `.min` where the window is open.
    public let from: Int64
    /// Excluded; never after the moment, since what comes later has not happened.
    public let to: Int64

    /// - Parameters:
    ///   - from: included.
    ///   - to: excluded.
    public init(from: Int64, to: Int64) {
        self.from = from
        self.to = to
    }

    /// No instant is in it.
    public var isEmpty: Bool { from >= to }

    @inline(__always)
    public func contains(_ ms: Int64) -> Bool { ms >= from && ms < to }
}

extension Window {
    /// The bounds of this window at a moment.
    ///
    /// - Parameter rules: of the moment's zone.
    public func resolved(at moment: Moment, using rules: ZoneRules) -> ResolvedWindow {
        let now = moment.asOf.milliseconds
        let end = to.map { min($0.resolved(at: now, using: rules), now) } ?? now
        return ResolvedWindow(from: from.map { $0.resolved(at: now, using: rules) } ?? .min, to: end)
    }

    /// The next instant at which a bound that follows the calendar jumps, as at midnight for `today`; nil where none does. Bounds that move with
    /// the clock, as `30 days ago`, move at every instant and are not meant.
    public func nextChange(after ms: Int64, using rules: ZoneRules) -> Int64? {
        [from, to].compactMap { bound in
            if case .start(let unit, _) = bound { rules.nextStart(of: unit, after: ms) } else { nil }
        }.min()
    }
}

extension WindowBound {
    /// - Parameter now: milliseconds since 1970.
    func resolved(at now: Int64, using rules: ZoneRules) -> Int64 {
        switch self {
        case .ago(let period): rules.instant(period, before: now)
        case .instant(let time): time.milliseconds
        case .start(let unit, let count): rules.start(of: unit, holding: now, movedBy: count)
        }
    }
}
