import Decisions
import Delivery
import Segments
import Vocabulary

/// What journeys rest on: deleting it, or taking away the name by which they find it, while one is live or paused would change what that decides, without a word.
protocol UsedByJourneys {
    /// As refusals call it.
    static var codePrefix: String { get }
    func isUsed(by journey: Journey) -> Bool
}

extension Workspace {
    /// The journeys that are live or paused and rest on it, in any version that people walk.
    func journeys(using thing: some UsedByJourneys) throws -> [KeptJourney] {
        try journeys.all.filter { try ($0.state == .live || $0.state == .paused) && journeys.walked($0).contains(where: thing.isUsed) }
    }

    /// - Throws: ``Refusal`` 400 while journeys rest on it; nothing is where there is no such thing.
    func refuseWhileUsed(_ thing: (some UsedByJourneys)?) throws {
        guard let thing, case let names = try journeys(using: thing).map(\.journey.name), !names.isEmpty else { return }
        throw Refusal(400, "\(type(of: thing).codePrefix).in-journey", "Journeys rest on it: \(names.prefix(5).joined(separator: ", ")).", remedy: "Stop those first, or start a version of them that goes without and wait until nobody stands in an older one.")
    }
}

extension Segment: UsedByJourneys {
    static let codePrefix = "segment"
    func isUsed(by journey: Journey) -> Bool { !journey.segments.isDisjoint(with: [id, handle]) }
}

extension StaticList: UsedByJourneys {
    static let codePrefix = "list"
    func isUsed(by journey: Journey) -> Bool { journey.conditions.contains { !$0.lists.isDisjoint(with: [id, handle]) } }
}

extension ComputedTrait: UsedByJourneys {
    static let codePrefix = "computed-trait"
    func isUsed(by journey: Journey) -> Bool { journey.conditions.contains { $0.computed.contains { $0.trait == name } } }
}

/// A template, and of a partial the messages that put it in.
struct TemplateWithUsers: UsedByJourneys {
    static let codePrefix = "template"
    private let names: Set<String>

    init(_ template: MessageTemplate, in store: MessageTemplateStore) { names = Set(([template] + store.messages(puttingIn: template)).flatMap { [$0.id, $0.name] }) }

    /// By its name alone; a partial is never put in by anything else.
    init(named template: MessageTemplate, in store: MessageTemplateStore) { names = Set([template.name] + store.messages(puttingIn: template).flatMap { [$0.id, $0.name] }) }

    func isUsed(by journey: Journey) -> Bool { !names.isDisjoint(with: journey.templates) }
}

extension Destination: UsedByJourneys {
    static let codePrefix = "destination"
    func isUsed(by journey: Journey) -> Bool { journey.steps.contains { ($0.step as? WebhookStep).map { $0.destination == id || $0.destination == name } ?? false } }
}

/// A destination by its name alone.
struct NamedDestination: UsedByJourneys {
    static let codePrefix = "destination"
    let name: String
    func isUsed(by journey: Journey) -> Bool { journey.steps.contains { ($0.step as? WebhookStep)?.destination == name } }
}

extension KeptJourney: UsedByJourneys {
    static let codePrefix = "journey"
    func isUsed(by other: Journey) -> Bool { if case .journey(let trigger) = other.trigger { [id, journey.name].contains(trigger.journey) } else { false } }
}

/// A journey by its name alone.
struct NamedJourney: UsedByJourneys {
    static let codePrefix = "journey"
    let name: String
    func isUsed(by other: Journey) -> Bool { if case .journey(let trigger) = other.trigger { trigger.journey == name } else { false } }
}

extension Workspace {
    /// - Throws: ``Refusal`` 400 where a journey takes another name while others are begun by it under the one that it has.
    func refuseWhileFound(_ journey: KeptJourney, changingTo name: String) throws {
        if name != journey.journey.name { try refuseWhileUsed(NamedJourney(name: journey.journey.name)) }
    }

    /// - Throws: ``Refusal`` 400 where a template takes another name or kind while journeys find it by what it has; those that name its id go on finding it by that.
    func refuseWhileFound(_ template: MessageTemplate, changingTo changed: MessageTemplate) throws {
        if changed.kind != template.kind { try refuseWhileUsed(TemplateWithUsers(template, in: templates)) }
        if changed.name != template.name { try refuseWhileUsed(TemplateWithUsers(named: template, in: templates)) }
    }

    /// - Throws: ``Refusal`` 400 where a destination takes another name while journeys call it by the one that it has.
    func refuseWhileFound(_ destination: Destination, changingTo name: String) throws {
        if name != destination.name { try refuseWhileUsed(NamedDestination(name: destination.name)) }
    }
}

extension Journey {
    /// The segments that its trigger and its conditions name.
    fileprivate var segments: Set<String> {
        var names = conditions.reduce(into: Set<String>()) { $0.formUnion($1.segments) }
        switch trigger {
        case .segment(let name, _): names.insert(name)
        case .schedule(let schedule): names.insert(schedule.segment)
        case .campaign(let campaign): names.insert(campaign.segment)
        case .event, .journey, .date, .api, .inaction: break
        }
        return names
    }
}
