import Columnar
import Profiles
import Vocabulary

extension Question {
    /// Moments that are looked at in one answer; somebody with thousands of events in a moving window has as many.
    private static let flipStepsMaximum = 2000

    /// The first moment behind this one at which the answer is another though nothing happens.
    ///
    /// Steps from each moment to the next at which the answer may change, as live segments do, and asks again.
    ///
    /// - Parameter condition: as far as time may change it; see ``Reason/changing(isPast:)``.
    /// - Returns: nil where there is none up to `lookedUntil`: the horizon, or how far it came.
    func nextFlip(_ condition: Condition, _ one: OneProfile, isTrue: Bool, _ outlook: Outlook) throws(SegmentError) -> (at: Int64?, lookedUntil: Int64) {
        let start = ContinuousClock.now
        let horizon = min(now + outlook.horizonMs, Timestamp.latest.milliseconds)
        if condition.constant != nil { return (nil, horizon) }
        let (own, present) = (self.compiler, one.present)
        let rules = own.clock.rules
        var at = now
        for _ in 0..<Question.flipStepsMaximum {
            var compiler = PlanCompiler(view, at: Moment(asOf: Timestamp(clamping: at), zone: rules.name), rules: rules, present: present, segments: own.segments, computed: own.computed, source: own.source)
            let plan = try compiler.plan(condition)
            let scope = one.scope()
            if at > now, plan.rows(in: scope, among: one.rows).contains(one.row) != isTrue { return (at, at) }
            var next = Int64.max
            plan.timedChanges(in: scope, among: one.rows) { _, time in if time > at { next = min(next, time) } }
            if let recheck = plan.timedRecheck, recheck > at { next = min(next, recheck) }
            guard next <= horizon else { return (nil, horizon) }
            if ContinuousClock.now - start > outlook.budget { break }
            at = next
        }
        return (nil, at)
    }
}
