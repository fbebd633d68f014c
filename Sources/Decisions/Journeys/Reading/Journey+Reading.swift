public import Segments
public import Vocabulary

extension Journey {
    /// Reads a journey's document and checks it.
    ///
    /// - Parameter known: names that conditions are compared with; what is not among them is no fault.
    /// - Throws: the first fault, with its place. Whether segments, templates and destinations exist is for whoever saves it.
    public init(json: JSONText, knowing known: KnownNames = KnownNames()) throws(JourneyFault) {
        guard json.bytes.count <= Journey.bytesMaximum else {
            throw JourneyFault("too-long", "The journey is longer than \(Journey.bytesMaximum) bytes.", "Make two journeys of it; the first can end with an event that the second begins with.", at: "")
        }
        var fields = try JourneyFields(json, at: "", knowing: known)
        name = try fields.text("name", maximum: 200)
        note = try fields.optionalText("note", maximum: 2000) ?? ""
        var reader = StepsReader(knowing: known)
        trigger = try reader.trigger(&fields)
        key = try fields.optionalText("key", maximum: 200)
        if let key, !key.hasPrefix("properties."), !key.hasPrefix("context."), !key.hasPrefix("data.") {
            throw JourneyFault("key", "`key` does not say where it is read.", "Begin it with properties., context. or, for what the API hands in, data.", at: "/key")
        }
        reentry = try fields.optionalChoice("reentry", Reentry.self) ?? .idle
        zone = TimeZoneName(name: try fields.optionalText("zone", maximum: 64) ?? "UTC")
        guard (try? ZoneRules.named(zone)) != nil else { throw JourneyFault(SegmentError.zone(zone.name).explanation, at: "/zone") }
        businessDays = try fields.businessDays("businessDays")
        holdout = try fields.optionalShare("holdout") ?? 0
        goal = try reader.goal(&fields)
        exits = try reader.exits(&fields)
        maximum = try fields.optionalPeriod("maximum") ?? Period(365, .day)
        guard let steps = fields.take("steps"), steps.isArray else { throw fields.missing("steps", "the list of steps") }
        _ = try reader.lay(steps, at: "/steps", then: nil, depth: 0)
        // Stories are kept with a journey and read where they are run.
        _ = fields.take("tests")
        try fields.done()
        self.steps = reader.finished
        ears = reader.ears
        if case .journey(let trigger) = trigger, trigger.journey == name { throw JourneyFault("loop", "The journey begins itself.", "Name another journey, or let it be walked again by what happens (`reentry`).", at: "/trigger/journey") }
        if let place = beginsItself { throw JourneyFault("loop", "What this step writes would begin the journey again.", "Name other events in the trigger, or give this one another name.", at: place) }
        if key == nil, let place = reader.ownPlace {
            throw JourneyFault("no-key", "`sameKey` stands here, and the journey has no key.", "Write `key`, such as properties.cartId, or take `sameKey` away.", at: place)
        }
    }
}

extension Journey {
    /// The place of a step whose own event would trigger the journey; what is sent is told to the log as an event, too.
    fileprivate var beginsItself: String? {
        let ear: Int? = switch trigger {
        case .event(let ear), .inaction(let ear, _, _): ear
        case .segment, .journey, .date, .schedule, .campaign, .api: nil
        }
        guard let names = ear.map({ ears[$0].names }) else { return nil }
        let hearsAll = names.contains(.any)
        return steps.first { placed in
            if let event = placed.step as? EventStep { return hearsAll || names.contains(.track(event.name)) }
            return hearsAll && placed.step is MessageStep
        }?.place
    }
}

/// Reads steps out of each other into one list.
struct StepsReader {
    let known: KnownNames
    private(set) var ears: [EventPattern] = []
    private var laid: [PlacedStep?] = []
    private var numbers: [String: Int] = [:]
    private var ids: [String: String] = [:]
    /// Where an event is asked for with the run's own key.
    private(set) var ownPlace: String?

    init(knowing known: KnownNames) { self.known = known }

    /// Lays a list of steps behind those that are laid.
    ///
    /// - Parameter next: where the last of them leads.
    /// - Returns: the first of them; where there is none, `next`.
    mutating func lay(_ list: JSONText?, at place: String, then next: Int?, depth: Int) throws(JourneyFault) -> Int? {
        guard let list else { return next }
        guard list.isArray else { throw JourneyFault("steps", "A list of steps should stand here.", "Write each step behind a dash.", at: place) }
        guard depth <= Journey.depthMaximum else { throw JourneyFault("too-deep", "Steps stand more than \(Journey.depthMaximum) deep within each other.", "Make a journey of the inner part.", at: place) }
        let elements = list.elements
        let first = elements.isEmpty ? next : laid.count
        var pending: [(fields: StepFields, id: String, step: any JourneyStep)] = []
        // Ids of a list are given before those of the ways within, so that the first `wait` without an id is wait-1 as people count.
        for (number, element) in elements.enumerated() {
            let (fields, id, step) = try read(element, at: "\(place)/\(number)")
            pending.append((fields, id, step))
        }
        for (number, entry) in pending.enumerated() {
            let index = laid.count
            guard index < Journey.stepsMaximum else { throw JourneyFault("too-many-steps", "The journey has more than \(Journey.stepsMaximum) steps.", "Make two journeys of it.", at: entry.fields.place) }
            laid.append(nil)
            // Where the ways meet again is known when they have been laid.
            let isLast = number == pending.count - 1
            let behind = isLast ? next : index + 1 + StepsReader.size(of: entry.fields)
            var ways: [Int?] = []
            for way in entry.fields.ways { ways.append(try lay(way.steps, at: way.place, then: behind, depth: depth + 1)) }
            laid[index] = PlacedStep(id: entry.id, step: entry.step, next: behind, ways: ways, place: entry.fields.place, depth: depth)
        }
        return first
    }

    var finished: [PlacedStep] { laid.compactMap { $0 } }

    /// How many steps the ways of a step hold, each with those in its own ways.
    private static func size(of fields: StepFields) -> Int { fields.ways.reduce(0) { $0 + count($1.steps, depth: 0) } }

    private static func count(_ steps: JSONText?, depth: Int) -> Int {
        guard let steps, steps.isArray, depth <= Journey.depthMaximum else { return 0 }
        return steps.elements.reduce(0) { total, step in
            let ways = [step["otherwise"]] + ["branch", "split"].flatMap { parts(step[$0]) } + parts(step["wait"]?["until"])
            return total + 1 + ways.reduce(0) { $0 + count($1, depth: depth + 1) }
        }
    }

    private static func parts(_ list: JSONText?) -> [JSONText?] { (list?.isArray ?? false ? list?.elements ?? [] : [list].compactMap { $0 }).map { $0["then"] } }

    private mutating func read(_ json: JSONText, at place: String) throws(JourneyFault) -> (StepFields, String, any JourneyStep) {
        let fields = try JourneyFields(json, at: place, knowing: known)
        let named = fields.names.filter { name in JourneySteps.all.contains { $0.key == name } }
        // `event` stands beside `webhook` nowhere; an `exit` beside a message would be two steps.
        guard let key = named.first, let kind = JourneySteps.all.first(where: { $0.key == key }) else {
            let keys = JourneySteps.all.map { $0.key }
            let near = fields.names.compactMap { Spelling.nearest(to: $0, among: keys) }.first
            throw JourneyFault("unknown-step", "No kind of step is named here.", near.map { "Did you mean `\($0)`?" } ?? "Write one of: \(keys.joined(separator: ", ")).", at: place)
        }
        guard named.count == 1 else { throw JourneyFault("two-steps", "`\(named[0])` and `\(named[1])` are two steps.", "Write them one after the other, each behind its own dash.", at: place) }
        var step = StepFields(fields, ears: ears)
        let number = numbers[key, default: 0] + 1
        let given = try step.optionalText("id", maximum: 64)
        if given == nil { numbers[key] = number }
        let id = given ?? "\(key)-\(number)"
        guard id.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f && $0 != 0x2f && $0 != 0x3a }) else {
            throw JourneyFault("id", "`id` has a sign that ids cannot have.", "Write letters, digits, dots, dashes and underscores.", at: place + "/id")
        }
        if let other = ids[id] { throw JourneyFault("same-id", "The step at \(other) is called `\(id)`, too.", "Give each step an id of its own.", at: place) }
        ids[id] = place
        let made = try kind.init(&step)
        try step.fields.done()
        ears = step.ears
        if let place = step.ownPlace { ownPlace = ownPlace ?? place }
        return (step, id, made)
    }

    // MARK: - What stands beside the steps

    mutating func trigger(_ fields: inout JourneyFields) throws(JourneyFault) -> JourneyTrigger {
        var trigger = try fields.object("trigger")
        if trigger.has("inaction") {
            let first = try ear("inaction", &trigger)
            let result = JourneyTrigger.inaction(first, without: try ear("without", &trigger), within: try trigger.period("within"))
            try trigger.done()
            return result
        }
        if trigger.has("event") {
            let result = JourneyTrigger.event(try ear("event", &trigger))
            try trigger.done()
            return result
        }
        if trigger.has("date") {
            let result = JourneyTrigger.date(
                DateTrigger(
                    trait: try trigger.text("date", maximum: 200), isYearly: try trigger.optionalBoolean("yearly") ?? true,
                    offsetDays: try trigger.optionalInteger("offsetDays", in: -365...365) ?? 0, minute: trigger.has("at") ? try trigger.clock("at") : 540))
            try trigger.done()
            return result
        }
        if trigger.has("schedule") {
            let result = JourneyTrigger.schedule(try schedule(&trigger))
            try trigger.done()
            return result
        }
        if trigger.has("campaign") {
            let result = JourneyTrigger.campaign(try campaign(&trigger))
            try trigger.done()
            return result
        }
        if trigger.has("segment") {
            enum Change: String, CaseIterable { case entry, exit }
            let result = JourneyTrigger.segment(try trigger.text("segment", maximum: 200), enters: try trigger.optionalChoice("on", Change.self) ?? .entry == .entry)
            try trigger.done()
            return result
        }
        if trigger.has("journey") {
            let result = JourneyTrigger.journey(try passage(&trigger))
            try trigger.done()
            return result
        }
        if try trigger.optionalBoolean("api") ?? false {
            try trigger.done()
            return .api
        }
        throw JourneyFault("trigger", "No kind of trigger is named here.", "Write one of: event, segment, journey, date, schedule, campaign, inaction, api.", at: "/trigger")
    }

    private func passage(_ trigger: inout JourneyFields) throws(JourneyFault) -> PassageTrigger {
        enum Change: String, CaseIterable { case entry, exit }
        let enters = try trigger.optionalChoice("on", Change.self) ?? .exit == .entry
        var reasons: [String] = []
        if !enters, let reason = trigger.take("reason") {
            reasons = (reason.isArray ? reason.elements : [reason]).map { $0.string ?? "" }
            guard (1...20).contains(reasons.count), reasons.allSatisfy({ (1...200).contains($0.utf8.count) }) else { throw trigger.wrong("reason", "a reason of leaving, such as goal, exit, finished or one of its `exit` steps, or a list of them") }
        }
        return PassageTrigger(journey: try trigger.text("journey", maximum: 200), enters: enters, reasons: reasons)
    }

    private mutating func schedule(_ trigger: inout JourneyFields) throws(JourneyFault) -> ScheduleTrigger {
        enum Every: String, CaseIterable { case day, week, month }
        guard let every = try trigger.optionalChoice("schedule", Every.self) else { throw trigger.missing("schedule", "day, week or month") }
        let on: ScheduleTrigger.Every = switch every {
        case .day: .day
        case .week: .week(trigger.has("on") ? try trigger.weekdays("on") : [1])
        case .month: .month(try trigger.optionalInteger("on", in: 1...31) ?? 1)
        }
        return ScheduleTrigger(every: on, minute: try trigger.clock("at"), segment: try trigger.text("segment", maximum: 200))
    }

    private func campaign(_ trigger: inout JourneyFields) throws(JourneyFault) -> CampaignTrigger {
        let segment = try trigger.text("campaign", maximum: 200)
        let text = try trigger.optionalText("at", maximum: 40)
        var at: Int64?
        if let text, text != "now" {
            // A zone in it would say twice whose clock is meant.
            guard JourneyFields.isLocalTime(text), let time = Timestamp(text) else { throw trigger.wrong("at", "`now`, or a local time such as 2026-05-04T09:00") }
            at = time.milliseconds
        }
        let isLocal = try trigger.optionalBoolean("local") ?? false
        if isLocal, at == nil { throw trigger.missing("at", "the time of each person's clock, such as 2026-05-04T09:00") }
        let perMinute = try trigger.optionalInteger("perMinute", in: 1...1_000_000)
        var canary: CampaignTrigger.Canary?
        if trigger.has("canary") {
            var fields = try trigger.object("canary")
            let wait = try fields.period("wait")
            guard let milliseconds = wait.milliseconds else { throw fields.wrong("wait", "a length of time of at most weeks") }
            canary = CampaignTrigger.Canary(share: try fields.share("share"), waitMs: milliseconds, stopAbove: try fields.share("stopAbove"))
            try fields.done()
        }
        return CampaignTrigger(segment: segment, at: at, isLocal: isLocal, perMinute: perMinute, canary: canary)
    }

    mutating func goal(_ fields: inout JourneyFields) throws(JourneyFault) -> JourneyGoal? {
        guard fields.take("goal") != nil else { return nil }
        var goal = try fields.object("goal")
        let number = try ear("event", &goal)
        let revenue = try goal.optionalText("revenue", maximum: 200)
        if let revenue, !revenue.hasPrefix("properties."), !revenue.hasPrefix("context.") { throw goal.wrong("revenue", "a property such as properties.total") }
        let result = JourneyGoal(ear: number, revenue: revenue, within: try goal.period("within"), ends: try goal.optionalBoolean("ends") ?? true, sameKey: try sameKey(&goal))
        try goal.done()
        return result
    }

    mutating func exits(_ fields: inout JourneyFields) throws(JourneyFault) -> [JourneyExit] {
        guard fields.take("exits") != nil else { return [] }
        var exits: [JourneyExit] = []
        for var exit in try fields.list("exits") {
            if exit.has("condition") { exits.append(.condition(try exit.condition("condition"))) } else { exits.append(.event(try ear("event", &exit), try sameKey(&exit))) }
            try exit.done()
        }
        return exits
    }

    private mutating func sameKey(_ fields: inout JourneyFields) throws(JourneyFault) -> SameKey {
        let sameKey = try fields.sameKey()
        if sameKey != .no { ownPlace = ownPlace ?? "\(fields.place)/sameKey" }
        return sameKey
    }

    private mutating func ear(_ name: String, _ fields: inout JourneyFields) throws(JourneyFault) -> Int {
        var step = StepFields(fields, ears: ears)
        let number = try step.ear(name, of: &fields).ear
        ears = step.ears
        return number
    }
}
