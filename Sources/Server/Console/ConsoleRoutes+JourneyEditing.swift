import Console
import Decisions
import HTTPTypes
import Segments
import Vocabulary

/// The editor of a journey: its text, and the fields and buttons beside it that write the text.
extension Visit {
    /// Shows the editor with the steps of its text, or with why it cannot be read.
    func show(_ given: JourneyEditPage, at path: String?, _ canvas: JourneyCanvas = JourneyCanvas(), typed: Form? = nil, status: HTTPResponse.Status = .ok) -> Reply {
        var page = given
        page.canvas = canvas
        do {
            let document = try JourneyRoutes.refusing { try JourneyDocument(yaml: page.yaml) }
            page.head = JourneyHeadReading.head(document.json, knownNames, journeys: otherJourneys(than: document)).typed(typed, wrong: canvas.wrong, page.problem)
            let journey = try JourneyRoutes.read(document, place)
            page.tree = JourneyTree(steps: JourneyTreeReader(journey, document.json, nil, text: try? JourneyText(page.yaml)).steps, kinds: JourneySteps.all.map { $0.key })
            page.tree?.canvas = canvas
        } catch let refusal as Refusal {
            // What was refused before is told first.
            if page.problem == nil { (page.problem, page.place) = (ConsoleProblem(refusal.explanation), refusal.place) }
        } catch {}
        return path.map { html(page, at: $0, status: status) } ?? html(page, status: status)
    }

    /// Names of some that may begin it.
    private func otherJourneys(than document: JourneyDocument) -> [String] { place.journeys.page(named: "", limit: 200).journeys.map(\.journey.name).filter { $0 != document.json["name"]?.string } }

    /// Takes over what was typed in the fields, and does what the button says: changes a part, plays the stories, or saves.
    func edit(_ form: Form, _ current: KeptJourney?) async throws -> Reply {
        let text = form.text("yaml").replacing("\r\n", with: "\n")
        var page = JourneyEditPage(id: current?.id, name: current?.journey.name ?? "", yaml: text)
        page.edition = edition(form, current?.version)
        let path = current.map { "/journeys/\($0.id)/edit" } ?? "/journeys/new"
        let parts = form.text("intent").split(separator: ":", maxSplits: 1).map(String.init)
        let (verb, at) = (parts.first ?? "", parts.count == 2 ? parts[1] : "")

        let edits = JourneyFieldEdits(form, text: text)
        do { page.yaml = try edits.applied(to: text) { fault(of: $0) } } catch let refused as JourneyFieldEdits.Refused {
            (page.problem, page.place) = (ConsoleProblem(refused.refusal.explanation), refused.refusal.place)
            let canvas = JourneyCanvas(open: [JourneyFieldEdits.card(refused.place)], wrong: refused.place, typed: edits.steps.reduce(into: [:]) { typed, step in
                if step.place == refused.place, let problem = page.problem { typed[step.place] = (step.yaml, problem) }
            })
            return show(page, at: path, canvas, typed: form, status: .unprocessableContent)
        }

        var canvas = JourneyCanvas(focus: edits.first.map { "edit:" + JourneyFieldEdits.card($0) } ?? (verb == "play" ? "play" : "show"))
        do {
            switch verb {
            case "save":
                let document = try JourneyRoutes.refusing { try JourneyDocument(yaml: page.yaml) }
                if let stale = stale(page.edition, current?.version) {
                    page.edition = Edition(current?.version)
                    throw Refusal(400, stale.code, stale.problem, remedy: stale.remedy)
                }
                let seen = page.edition.version
                let kept = try saving { current.flatMap { place.journeys.find($0.id)?.version } } _: { try JourneyRoutes.save(current?.id ?? JourneyRoutes.newID(), document, replacing: seen, call) }
                return done(.journeySaved, at: "/journeys/\(kept.id)")
            case "play":
                let document = try JourneyRoutes.refusing { try JourneyDocument(yaml: page.yaml) }
                page.stories = try await RehearsalRoutes.play(document, in: place).map { JourneyEditPage.Story(name: $0.name, failures: $0.failures) }
                canvas.focus = "play"
            case _ where at.hasPrefix("/"):
                let (yaml, moved) = try JourneyRoutes.refusing { try pressed(page.yaml, verb, at, form) }
                (page.yaml, canvas) = (yaml, moved)
            default: break
            }
        } catch let refusal as Refusal where [400, 404].contains(refusal.status) {
            (page.problem, page.place) = (ConsoleProblem(refusal.explanation), refusal.place)
            return show(page, at: path, JourneyCanvas(focus: "trouble"), status: .unprocessableContent)
        }
        return show(page, at: path, canvas)
    }

    /// Why a text is no journey; nil where it is one.
    private func fault(of yaml: String) -> Refusal? {
        do {
            _ = try JourneyRoutes.read(try JourneyRoutes.refusing { try JourneyDocument(yaml: yaml) }, place)
            return nil
        } catch { return error as? Refusal }
    }

    /// The text after a button, and where the hand is then: at what was moved or made, or at what stands in the place of what is gone.
    private func pressed(_ yaml: String, _ verb: String, _ at: String, _ form: Form) throws -> (String, JourneyCanvas) {
        let text = try JourneyText(yaml)
        let parts = at.split(separator: "/").map(String.init)
        let (list, index) = ("/" + parts.dropLast().joined(separator: "/"), parts.last.flatMap { Int($0) } ?? 0)
        func count(_ list: String, in yaml: String) -> Int { ((try? JourneyDocument(yaml: yaml)).flatMap { JourneyEditing.value(at: list, in: $0.json) }?.elements.count) ?? 0 }
        /// What has the focus when an element of a list is gone.
        func behind(_ yaml: String, otherwise: String) -> JourneyCanvas {
            let left = count(list, in: yaml)
            return JourneyCanvas(focus: left == 0 ? otherwise : "edit:\(list)/\(min(index, left - 1))")
        }
        switch verb {
        case "up", "down":
            let moved = try text.changed(.move(verb == "up" ? -1 : 1), at: at)
            let target = min(max(0, index + (verb == "up" ? -1 : 1)), max(0, count(list, in: moved) - 1))
            return (moved, JourneyCanvas(focus: "\(verb):\(list)/\(target)"))
        case "remove":
            let left = try text.changed(.remove, at: at)
            return (left, behind(left, otherwise: "add:" + list))
        case "add":
            guard let step = JourneyEditing.template(form.text("add:" + at)) else { return (yaml, JourneyCanvas(focus: "add:" + at)) }
            let longer = try text.changed(.append(step), at: at)
            let made = "\(at)/\(count(at, in: longer) - 1)"
            return (longer, JourneyCanvas(focus: "edit:" + made, open: [made]))
        case "kind":
            let kind = form.text("kind:/trigger")
            let before = JourneyHeadReading.kind(ofTrigger: try JourneyDocument(yaml: yaml).json["trigger"])
            let segment = place.segments.all.first?.handle ?? ""
            if segment.isEmpty, ["segment", "schedule", "campaign"].contains(kind) {
                let problem = JourneyEditPage.noSegment(frame)
                throw Refusal(400, problem.code, problem.problem, remedy: problem.remedy)
            }
            guard kind != before, let trigger = JourneyHeadReading.trigger(kind, segment: segment, journey: otherJourneys(than: try JourneyDocument(yaml: yaml)).first ?? "Welcome") else { return (yaml, JourneyCanvas(focus: "edit:/trigger", open: ["/trigger"])) }
            return (try text.setting(trigger, at: "/trigger"), JourneyCanvas(focus: "edit:/trigger", open: ["/trigger"]))
        case "goal": return (try text.setting(JourneyHeadReading.goalTemplate, at: "/goal"), JourneyCanvas(focus: "edit:/goal", open: ["/goal"]))
        case "exit":
            let exit = JourneyHeadReading.exit(form.text("add:/exits"))
            let exits = try JourneyDocument(yaml: yaml).json["exits"]
            let before = exits.map { $0.isArray ? $0.elements : $0.isObject ? [$0] : [] } ?? []
            let longer = exits?.isArray ?? false ? try text.changed(.append(exit), at: "/exits") : try text.setting(JourneyHeadReading.list(before + [exit]), at: "/exits")
            return (longer, JourneyCanvas(focus: "edit:/exits/\(before.count)", open: ["/exits/\(before.count)"]))
        case "drop":
            if list == "/exits", count(list, in: yaml) > 1 {
                let left = try text.changed(.remove, at: at)
                return (left, behind(left, otherwise: "exit:/exits"))
            }
            let whole = list == "/exits" ? list : at
            return (try text.setting(nil, at: whole), JourneyCanvas(focus: whole == "/goal" ? "goal:/goal" : "exit:/exits"))
        default: return (yaml, JourneyCanvas(focus: "edit:" + at))
        }
    }
}

/// What somebody changed in the fields of the editor since it was drawn: values beside the steps, and steps as text.
struct JourneyFieldEdits {
    struct Refused: Error {
        let refusal: Refusal
        /// Of the field.
        let place: String
    }

    let values: [(place: String, value: JSONText?)]
    /// The inner ones first, so that a step that was changed whole has the last word.
    let steps: [(place: String, yaml: String)]
    private let names: [String]

    /// - Parameter text: as it stands beside the fields; what was changed there by hand has its way where both were.
    init(_ form: Form, text: String) {
        let drawn = (form["drawn"] ?? text).replacing("\r\n", with: "\n")
        names = form.names.filter { $0.hasPrefix("at:") }.map { String($0.dropFirst(3)) }
        guard let before = try? JourneyText(drawn), let document = try? JourneyDocument(yaml: drawn), let now = try? JourneyDocument(yaml: text) else {
            (values, steps) = ([], [])
            return
        }
        values = JourneyHeadReading.changes(form, drawn: document.json)
        steps = form.names.filter { $0.hasPrefix("step:") }.compactMap { name -> (place: String, yaml: String)? in
            let (place, yaml) = (String(name.dropFirst(5)), form.text(name).replacing("\r\n", with: "\n"))
            guard let source = before.source(at: place), JourneyFieldEdits.trimmed(source) != JourneyFieldEdits.trimmed(yaml) else { return nil }
            guard drawn == text || JourneyEditing.value(at: place, in: document.json) == JourneyEditing.value(at: place, in: now.json) else { return nil }
            return (place, yaml)
        }.sorted { $0.place.split(separator: "/").count > $1.place.split(separator: "/").count }
    }

    /// The place of the first that was changed; nil where nothing was.
    var first: String? { values.first?.place ?? steps.last?.place }

    /// The text with all of it.
    ///
    /// - Parameter fault: why a text is no journey.
    /// - Throws: ``Refused`` where that made of a journey what is none.
    func applied(to text: String, fault: (String) -> Refusal?) throws -> String {
        guard let first else { return text }
        var yaml = text
        for edit in values { yaml = try told(edit.place) { try JourneyText(yaml).setting(edit.value, at: edit.place) } }
        for step in steps { yaml = try told(step.place) { try JourneyText(yaml).changed(.replace(step.yaml), at: step.place) } }
        // What could not be read before may be mended in parts.
        if let refusal = fault(yaml), fault(text) == nil { throw Refused(refusal: refusal, place: place(of: refusal) ?? first) }
        return yaml
    }

    /// A fault of a field's own text is told beside it.
    private func told(_ place: String, _ body: () throws -> String) throws -> String {
        switch Result(catching: { try JourneyRoutes.refusing(body) }) {
        case .success(let text): return text
        case .failure(let error): throw (error as? Refusal).map { Refused(refusal: $0, place: place) } ?? error
        }
    }

    /// The card or the step that a field is in.
    static func card(_ place: String) -> String {
        let parts = place.split(separator: "/").map(String.init)
        switch parts.first {
        case "steps": return place
        case "trigger", "goal": return "/\(parts[0])"
        case "exits": return parts.count > 1 && Int(parts[1]) != nil ? "/exits/\(parts[1])" : "/exits"
        default: return "/rules"
        }
    }

    /// The field that a refusal speaks of.
    private func place(of refusal: Refusal) -> String? {
        // A fault of meaning is told with its line: `line 7: /trigger/event`.
        var at = refusal.place.firstRange(of: ": /").map { "/" + refusal.place[$0.upperBound...] } ?? refusal.place
        if refusal.explanation.code == "journey.missing" { at += "/" + (refusal.explanation.problem.split(separator: "`").first.map(String.init) ?? "") }
        let changed = values.map(\.place) + steps.map(\.place)
        if at.isEmpty { return changed.first { $0.hasSuffix("/segment") || $0.hasSuffix("/campaign") } }
        func speaks(_ place: String) -> Bool { at == place || at.hasPrefix(place + "/") || at.hasPrefix(place + " ") }
        return changed.first(where: speaks) ?? names.first(where: speaks) ?? changed.first { $0.hasPrefix(at + "/") }
    }

    private static func trimmed(_ text: String) -> Substring {
        let start = text.drop { $0.isWhitespace }
        return start[..<(start.lastIndex { !$0.isWhitespace }.map { start.index(after: $0) } ?? start.startIndex)]
    }
}

extension JourneyHead {
    /// With what was typed in its fields, and beside one of them what is wrong.
    fileprivate func typed(_ form: Form?, wrong: String?, _ problem: ConsoleProblem?) -> JourneyHead {
        guard let form else { return self }
        var head = self
        for card in head.cards.indices {
            for number in head.cards[card].inputs.indices {
                let input = head.cards[card].inputs[number]
                if let typed = form[input.name] { head.cards[card].inputs[number].value = typed }
                if input.place == wrong { head.cards[card].inputs[number].error = problem }
            }
        }
        return head
    }

    /// Without its name and note, which the head of a page tells.
    var shown: JourneyHead {
        var head = self
        for card in head.cards.indices { head.cards[card].inputs.removeAll { ["/name", "/note"].contains($0.place) } }
        head.cards.removeAll { $0.kind == .rules && $0.inputs.allSatisfy { $0.value.isEmpty } }
        return head
    }
}
