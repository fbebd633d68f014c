import Columnar
import Profiles
import Vocabulary

/// A person's sessions that a test measures, told by the events with which they began.
struct SessionLook: Look {
    let slow: SlowEventPlan
    let sessions: SessionCutter
    let window: ResolvedWindow
    let paths: [String]

    func seen(_ one: OneProfile, _ scope: PartScope) -> Reason.Seen {
        let sources = EventSource.sources(slow.measurer.patterns, scope, slow.clock)
        func begun(_ from: Int64, _ to: Int64) -> [SessionCutter.Session] { sessions.sessions(one.row, sources, TimeBounds(from: from, to: to)) }
        func seen(_ session: SessionCutter.Session) -> SeenEvent {
            let values = paths.map { path in (path, sessions.value(path, of: session, sources, scope).map { OneProfile.cut($0.json) }) }
            return one.seen(session.first, paths: []).with(values)
        }
        let all = begun(window.from, window.to)
        let found = sessions.passing(all, sources, scope)
        let before = found.isEmpty ? sessions.passing(begun(.min, window.to), sources, scope).last : nil
        return .events(SeenEvents(
            value: slow.measurer.part(scope).value(one.row).map(\.shown), count: found.count, unfilteredCount: sessions.filter == nil ? nil : all.count, window: window,
            events: found.reversed().prefix(Question.seenEventsMaximum).map(seen), before: before.map(seen)))
    }
}

extension SeenEvent {
    fileprivate func with(_ values: [(path: String, value: JSONText?)]) -> SeenEvent {
        SeenEvent(position: position, time: time, title: title, messageId: messageId, values: values)
    }
}
