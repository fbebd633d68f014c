import Console
import Profiles
import Segments
import Vocabulary

extension Visit {
    /// Why the person is in the segment that the address names, or in the first of theirs.
    func reasonPage(_ profile: Profile) async throws -> ReasonPage {
        let all = place.segments.all
        let first = place.memberships.segments(of: profile).first.flatMap(place.segments.find) ?? all.first
        guard let segment = query("segment").map(place.segments.find) ?? first else { throw Visit.gone }
        let moment = Moment(asOf: Timestamp(clamping: now.milliseconds + 1), zone: segment.zone)
        return ReasonPage(
            personID: profile.id, personName: profile.shownName, segment: SegmentPage.Link(id: segment.id, name: segment.name),
            sentence: segment.condition.sentence(in: frame.language.rawValue), answer: try await answer(segment.condition, profile, moment), segments: links(all))
    }

    private func answer(_ condition: Condition, _ profile: Profile, _ moment: Moment) async throws -> ReasonPage.Answer {
        do {
            switch try await ReasonRoutes.reasoning(condition, of: profile, at: moment, in: place) {
            case .objecting: return .objects
            case .withoutEvents: return .noEvents
            case .answered(let answer):
                let tree = ReasonTreeReader(language: frame.language.rawValue, find: place.segments.find).tree(answer.reason)
                return .reasoned(tree, flipsAtMs: answer.flipsAt?.milliseconds, lookedUntilMs: answer.lookedUntil.milliseconds)
            }
        } catch let refusal as Refusal { return .refused(ConsoleProblem(refusal.explanation)) }
    }
}

/// Turns a reason into what its page shows.
struct ReasonTreeReader {
    let language: String
    /// A segment by id or handle.
    let find: (String) -> Segment?

    func tree(_ reason: Reason) -> ReasonTree {
        var tree = ReasonTree(
            sentence: reason.sentence(in: language), isTrue: reason.isTrue, decides: reason.decides, seen: reason.seenSentence(in: language), parts: reason.parts.map(tree))
        if case .test(let test as SegmentTest) = reason.condition { tree.segment = find(test.segment).map { SegmentPage.Link(id: $0.id, name: $0.name) } }
        switch reason.seen {
        case .nothing, .bucket: break
        case .traits(let traits): tree.events = traits.compactMap(\.statement).map { event($0, .said) }
        case .events(let events): tree.events = events.events.map { event($0, .seen) } + (events.before.map { [event($0, .before)] } ?? [])
        case .steps(let steps):
            tree.steps = steps.map {
                ReasonTree.Step(sentence: $0.sentence(in: language), isMet: $0.isMet, event: $0.event.map { event($0, .seen) }, waitsUntilMs: $0.waitsUntil?.milliseconds)
            }
        }
        return tree
    }

    private func event(_ event: SeenEvent, _ role: ReasonTree.Event.Role) -> ReasonTree.Event {
        ReasonTree.Event(
            role: role, title: event.title, atMs: event.time.milliseconds, messageID: event.messageId ?? "",
            values: event.values.compactMap { path, value in value.map { "\(path): \($0.string ?? $0.text)" } })
    }
}
