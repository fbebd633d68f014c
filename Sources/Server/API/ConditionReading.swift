import Profiles
import Segments
import Vocabulary

extension Call {
    /// A condition in a body: its text, or its JSON form.
    func condition(_ json: JSONText?, _ name: String = "condition") throws -> ReadCondition {
        guard let json, json.isString || json.isObject else {
            throw Refusal(
                400, "condition.missing", "`\(name)` must be a condition: a text such as `plan = \"premium\"`, or its JSON form.", remedy: "Send {\"\(name)\": \"…\"}; docs/segments.md has the grammar.")
        }
        let names = try knownNames
        switch Call.read(json, knowing: names) {
        case .success(let read): return read
        case .failure(let error): throw Refusal(error)
        }
    }

    static func read(_ json: JSONText, knowing names: KnownNames) -> Result<ReadCondition, ConditionError> {
        do throws(ConditionError) {
            if let text = json.string { return .success(try Condition.read(text: text, knowing: names)) }
            let condition = try Condition(json: json)
            return .success(try Condition.read(text: condition.text, knowing: names))
        } catch {
            return .failure(error)
        }
    }

    /// What the workspace has seen, so that a misspelt name is noticed.
    var knownNames: KnownNames {
        get throws {
            let catalog = try place.columns.catalog
            return KnownNames(
                traits: Set(catalog.traitPaths.map { String(decoding: $0, as: UTF8.self) }),
                events: Set(catalog.tables.filter { $0.type == .track }.map { String(decoding: $0.event, as: UTF8.self) }),
                segments: Set(try place.segments.all.flatMap { [$0.id, $0.handle] }), computed: Set(try place.computed.all.map(\.name)),
                lists: Set(try place.lists.all.flatMap { [$0.id, $0.handle] }))
        }
    }

    /// The moment that a body asks about: `asOf`, or now; and `zone`.
    func moment(_ json: JSONText) throws -> Moment {
        var asOf = Timestamp(clamping: Clock.now().milliseconds + 1)
        if let text = json["asOf"] {
            guard let time = text.string.flatMap({ Timestamp($0) }) else {
                throw Refusal(400, "request.parameter", "`asOf` is not a time.", remedy: "Write it as 2026-07-01T00:00:00Z.")
            }
            asOf = time
        }
        return Moment(asOf: asOf, zone: json["zone"]?.string.map(TimeZoneName.init(name:)) ?? .utc)
    }

    /// Returns when everything that was acknowledged before this call can be counted, unless the body says `"wait": false`: whoever sent an event
    /// and asks then, finds it. Application is milliseconds behind, and seconds only under a flood.
    func settle(_ json: JSONText) async throws {
        if json["wait"]?.boolean == false { return }
        let place = try place
        await place.folds.waitUntilApplied(place.log.end)
    }

    /// A whole number in a body, within its range.
    func integer(_ json: JSONText, _ name: String, in range: ClosedRange<Int>, default value: Int) throws -> Int {
        guard let member = json[name] else { return value }
        guard let number = member.integer, range.contains(Int(number)) else {
            throw Refusal(400, "request.parameter", "`\(name)` must be a whole number from \(range.lowerBound) to \(range.upperBound).", remedy: "Correct the body.")
        }
        return Int(number)
    }
}

extension Refusal {
    init(_ error: ConditionError) {
        var refusal = Refusal(400, error.explanation.code, error.explanation.problem, remedy: error.explanation.remedy)
        refusal.place = switch error.place {
        case .text(let place): "line \(place.line), column \(place.column), length \(place.length)"
        case .pointer(let pointer): pointer
        }
        self = refusal
    }

    init(_ error: SegmentError) {
        self = Refusal(error.explanation.code.hasSuffix(".unknown") ? 404 : 400, error.explanation.code, error.explanation.problem, remedy: error.explanation.remedy)
    }
}
