import Console
import Decisions
import Vocabulary

/// What stands beside a journey's steps, between its document and the fields of the editor.
enum JourneyHeadReading {
    /// How a value is written in the document.
    private enum Sense { case text, number, share, truth(otherwise: Bool), sameKey, words, texts, condition }

    private struct Spec {
        let name: String
        var kind = JourneyHead.Input.Kind.text
        var sense = Sense.text
        init(_ name: String, _ kind: JourneyHead.Input.Kind = .text, _ sense: Sense = .text) { (self.name, self.kind, self.sense) = (name, kind, sense) }
        static func truth(_ name: String, otherwise: Bool) -> Spec { Spec(name, .choice(["true", "false"]), .truth(otherwise: otherwise)) }
    }

    // MARK: - To fields

    /// - Parameter journeys: names of others.
    static func head(_ json: JSONText, _ names: SegmentEditPage.Names, journeys: [String] = []) -> JourneyHead {
        var cards: [JourneyHead.Card] = []
        func card(_ kind: JourneyHead.Card.Kind, _ place: String, _ specs: [Spec], trigger: String = "") {
            cards.append(JourneyHead.Card(kind, place: place, trigger: trigger, inputs: specs.map { input($0, place == "/rules" ? "" : place, json) }))
        }
        let trigger = kind(ofTrigger: json["trigger"])
        card(.trigger, "/trigger", specs(ofTrigger: trigger), trigger: trigger)
        card(.rules, "/rules", rules)
        if json["goal"].map({ $0.isObject }) ?? false { card(.goal, "/goal", goal) }
        for (place, exit) in exits(in: json) { card(.exit, place, exit["condition"] != nil ? [Spec("condition", .text, .condition)] : [Spec("event", .named(.events)), sameKey]) }
        return JourneyHead(cards, names: [.events: names.events.map { "\"" + $0 + "\"" }, .traits: names.traits, .properties: names.properties.map { "properties." + $0 }, .segments: names.segments, .journeys: journeys])
    }

    private static let rules = [
        Spec("name"), Spec("note"), Spec("key", .named(.properties)), Spec("reentry", .choice(["", "idle", "once", "parallel", "restart"])), Spec("holdout", .text, .share), Spec("zone"), Spec("maximum"),
        Spec("businessDays/on", .text, .words), Spec("businessDays/except", .text, .words),
    ]
    private static let sameKey = Spec("sameKey", .named(.properties), .sameKey)
    private static let goal = [Spec("event", .named(.events)), Spec("revenue", .named(.properties)), Spec("within"), Spec.truth("ends", otherwise: true), sameKey]

    static func kind(ofTrigger trigger: JSONText?) -> String {
        // In the order in which the document is read.
        ["inaction", "event", "date", "schedule", "campaign", "segment", "journey", "api"].first { trigger?[$0] != nil } ?? "event"
    }

    private static func specs(ofTrigger kind: String) -> [Spec] {
        switch kind {
        case "event": [Spec("event", .named(.events))]
        case "segment": [Spec("segment", .named(.segments)), Spec("on", .choice(["", "entry", "exit"]))]
        case "journey": [Spec("journey", .named(.journeys)), Spec("on", .choice(["", "entry", "exit"])), Spec("reason", .text, .texts)]
        case "date": [Spec("date", .named(.traits)), Spec("offsetDays", .text, .number), Spec("at"), .truth("yearly", otherwise: true)]
        case "schedule": [Spec("schedule", .choice(["day", "week", "month"])), Spec("on", .text, .words), Spec("at"), Spec("segment", .named(.segments))]
        case "campaign":
            [
                Spec("campaign", .named(.segments)), Spec("at"), .truth("local", otherwise: false), Spec("perMinute", .text, .number), Spec("canary/share", .text, .share), Spec("canary/wait"),
                Spec("canary/stopAbove", .text, .share),
            ]
        case "inaction": [Spec("inaction", .named(.events)), Spec("without", .named(.events)), Spec("within")]
        default: []
        }
    }

    private static func exits(in json: JSONText) -> [(place: String, exit: JSONText)] {
        guard let exits = json["exits"], !exits.isNull else { return [] }
        return exits.isArray ? exits.elements.enumerated().map { ("/exits/\($0.offset)", $0.element) } : [("/exits", exits)]
    }

    private static func input(_ spec: Spec, _ place: String, _ json: JSONText) -> JourneyHead.Input {
        let place = "\(place)/\(spec.name)"
        return JourneyHead.Input(place: place, value: shown(JourneyEditing.value(at: place, in: json), spec.sense), kind: spec.kind)
    }

    private static func shown(_ value: JSONText?, _ sense: Sense) -> String {
        guard let value, !value.isNull else {
            if case .truth(let otherwise) = sense { return String(otherwise) }
            return ""
        }
        if value.isArray { return value.elements.map { $0.string ?? $0.text }.joined(separator: ", ") }
        return value.string ?? value.text
    }

    // MARK: - Back to the document

    /// What somebody changed in the fields, against the document from which they were drawn. One card's changes stand together.
    static func changes(_ form: Form, drawn: JSONText) -> [(place: String, value: JSONText?)] {
        var changes: [(place: String, value: JSONText?)] = []
        func look(_ specs: [Spec], _ base: String) {
            for spec in specs {
                let place = "\(base)/\(spec.name)"
                guard let typed = form["at:" + place]?.trimmed, typed != shown(JourneyEditing.value(at: place, in: drawn), spec.sense).trimmed else { continue }
                changes.append((place, value(typed, spec.sense)))
            }
        }
        look(specs(ofTrigger: kind(ofTrigger: drawn["trigger"])), "/trigger")
        look(rules, "")
        if drawn["goal"] != nil { look(goal, "/goal") }
        for (place, exit) in exits(in: drawn) { look(exit["condition"] != nil ? [Spec("condition", .text, .condition)] : [Spec("event"), sameKey], place) }
        // Canaries without a word are none.
        let canary = ["share", "wait", "stopAbove"].map { "/trigger/canary/\($0)" }
        if drawn["trigger"]?["canary"] != nil, canary.allSatisfy({ form["at:" + $0]?.trimmed.isEmpty ?? false }) {
            changes.removeAll { canary.contains($0.place) }
            changes.append(("/trigger/canary", nil))
        }
        // Of whom no day is said the usual ones work.
        if drawn["businessDays"] != nil, ["on", "except"].allSatisfy({ form["at:/businessDays/\($0)"]?.trimmed.isEmpty ?? false }) {
            changes.removeAll { $0.place.hasPrefix("/businessDays/") }
            changes.append(("/businessDays", nil))
        }
        return changes
    }

    private static func value(_ typed: String, _ sense: Sense) -> JSONText? {
        guard !typed.isEmpty else { return nil }
        var w = JSONWriter()
        func plain(_ text: String) {
            if let json = JSONText(validating: Array(text.utf8)), !json.isString, !json.isObject, !json.isArray, !json.isNull { w.raw(json.bytes) } else { w.string(text) }
        }
        switch sense {
        case .text: w.string(typed)
        case .number, .share: plain(typed)
        case .truth: w.boolean(typed == "true")
        case .sameKey: if ["true", "false"].contains(typed) { w.boolean(typed == "true") } else { w.string(typed) }
        case .words, .texts:
            let words = typed.split(separator: ",").map { String($0).trimmed }.filter { !$0.isEmpty }
            if words.count == 1 { if case .texts = sense { w.string(words[0]) } else { plain(words[0]) } } else { w.array { w in for word in words { w.string(word) } } }
        case .condition: if let json = JSONText(validating: Array(typed.utf8)), json.isObject { w.raw(json.bytes) } else { w.string(typed) }
        }
        return w.text
    }

    // MARK: - Beginnings

    /// A trigger of a kind, to begin with; a name of the workspace stands where one must.
    static func trigger(_ kind: String, segment: String, journey: String) -> JSONText? {
        let members: [(String, JSONText)]? = switch kind {
        case "event": [("event", text("\"Product Added\""))]
        case "segment": [("segment", text(segment)), ("on", text("entry"))]
        case "journey": [("journey", text(journey)), ("on", text("exit"))]
        case "date": [("date", text("birthday")), ("at", text("09:00"))]
        case "schedule": [("schedule", text("day")), ("at", text("09:00")), ("segment", text(segment))]
        case "campaign": [("campaign", text(segment)), ("at", text("now")), ("perMinute", JSONText(trusted: Array("1000".utf8)))]
        case "inaction": [("inaction", text("\"Product Added\"")), ("without", text("\"Order Completed\"")), ("within", text("2 hours"))]
        case "api": [("api", JSONText(trusted: Array("true".utf8)))]
        default: nil
        }
        return members.map(object)
    }

    static var goalTemplate: JSONText { object([("event", text("\"Order Completed\"")), ("within", text("7 days"))]) }

    static func exit(_ kind: String) -> JSONText { object([kind == "condition" ? ("condition", text("plan = \"premium\"")) : ("event", text("\"Order Completed\""))]) }

    static func list(_ elements: [JSONText]) -> JSONText {
        var w = JSONWriter()
        w.array { w in for element in elements { w.raw(element.bytes) } }
        return w.text
    }

    static func text(_ text: String) -> JSONText {
        var w = JSONWriter()
        w.string(text)
        return w.text
    }

    static func object(_ members: [(String, JSONText)]) -> JSONText {
        var w = JSONWriter()
        w.object { w in
            for (name, value) in members {
                w.key(name)
                w.raw(value.bytes)
            }
        }
        return w.text
    }
}
