import Access
import HTTPTypes
import Segments
import Vocabulary

/// Computed traits: measures of a person's events under the name of a trait, worked out whenever they are read.
struct ComputedTraitRoutes: Sendable {
    let server: MartletServer

    private static let measure = Shape.described("The text form, as `sum(total) of \"Order Completed\"`, or the JSON form.", .either([.text, .anyObject]))
    static let trait = Shape.named(
        "ComputedTrait",
        .object([
            "id": .text, "name": .described("Under which it is read, and by which conditions name it: `computed.name`.", .text), "note": .text, "text": .text, "json": .anyObject,
            "sentence": .text, "zone": .text, "version": .integer, "savedAt": .time, "author": .text,
        ]))
    private static let distribution: Members = [
        "people": .described("Everyone who may be asked about.", .integer), "count": .described("How many of them have a value.", .integer),
        "kind": .described("What the values are; `none` where nobody has one.", .choice(["none", "numbers", "times", "values"])),
        "minimum": .described("Null unless they are numbers or times.", .anything), "median": .anything, "maximum": .anything,
        "bars": .described(
            "How many lie from one end (included) to the other (excluded, but for the last); of times in milliseconds since 1970.",
            .list(.object(["from": .number, "to": .number, "count": .integer]))),
        "top": .described("The most frequent values, of lists the most frequent elements.", .list(.object(["value": .anything, "count": .integer]))),
        "different": .described("How many different values there are; null for numbers and times.", .orNull(.integer)),
        "milliseconds": .described("What working them out took.", .number), "position": .described("The log position up to which events are in.", .integer),
        "text": .text, "json": .anyObject, "sentence": .text, "warnings": .list(.explanation),
    ]

    var routes: [Route] {
        [
            Route(
                .post, "/api/v1/computed-traits/preview", .scope(.segmentsRead), "How the values of a measure lie among everyone.",
                takes: .json(
                    .object(Members(list: [("measure", ComputedTraitRoutes.measure), ("name", ComputedTraitRoutes.unread), ("note", ComputedTraitRoutes.unread)] + SegmentRoutes.question.list.dropFirst())),
                    example: "{\"measure\": \"sum(total) of \\\"Order Completed\\\" in last 90 days\"}"),
                answers: .json(.object(ComputedTraitRoutes.distribution))
            ) { try await preview($0) },
            Route(
                .get, "/api/v1/computed-traits", .scope(.segmentsRead), "Every computed trait.", answers: .json(.object(["computedTraits": .list(ComputedTraitRoutes.trait)]))
            ) { call in
                let all = try call.place.computed.all
                return Reply { w in
                    w.object { w in
                        w.key("computedTraits")
                        w.array { w in for trait in all { ComputedTraitRoutes.write(trait, &w) } }
                    }
                }
            },
            Route(
                .post, "/api/v1/computed-traits", .scope(.segmentsWrite), "Make a computed trait.",
                takes: .json(
                    .object(["name": .text, "note": .optional(.text), "measure": ComputedTraitRoutes.measure, "zone": .optional(.text)]),
                    example: "{\"name\": \"lifetimeValue\", \"measure\": \"sum(total) of \\\"Order Completed\\\"\"}"),
                answers: .json(ComputedTraitRoutes.trait, status: 201, "Made.")
            ) { try await create($0) },
            Route(.get, "/api/v1/computed-traits/{id}", .scope(.segmentsRead), "One computed trait, by id or name.", answers: .json(ComputedTraitRoutes.trait)) { call in
                guard let trait = try call.place.computed.find(call.parameter("id")) else { throw ComputedTraitRoutes.unknown(call) }
                return Reply { ComputedTraitRoutes.write(trait, &$0) }
            },
            Route(
                .patch, "/api/v1/computed-traits/{id}", .scope(.segmentsWrite), "Change a computed trait; it keeps its name, and the version before stays. With the header If-Match, only that version is changed.",
                takes: .json(.object(["name": .optional(.described("The one that it has.", .text)), "note": .optional(.text), "measure": .optional(ComputedTraitRoutes.measure), "zone": .optional(.text)])),
                answers: .json(ComputedTraitRoutes.trait)
            ) { try await change($0) },
            Route(.delete, "/api/v1/computed-traits/{id}", .scope(.segmentsWrite), "Delete a computed trait that no segment asks for, nor a journey that runs.", answers: .json(.success)) { call in
                let place = try call.place
                try place.refuseWhileUsed(place.computed.find(call.parameter("id")))
                let isGone = try ComputedTraitRoutes.refusing { try place.computed.delete(call.parameter("id"), segments: place.segments, author: AdminRoutes.author(call), at: Clock.now()) }
                guard isGone else { throw ComputedTraitRoutes.unknown(call) }
                return Reply { w in w.object { $0.member("success", true) } }
            },
        ]
    }

    /// What is about to be made can be tried as it is.
    private static let unread: Shape = .optional(.described("Not looked at.", .anything))

    // MARK: - Changing

    private func create(_ call: Call) async throws -> Reply {
        let place = try call.place
        let json = try await call.json()
        let name = json["name"]?.string ?? ""
        try ComputedTraitRoutes.check(name, in: place)
        let measurement = try call.measurement(json["measure"]).measurement
        let trait = try ComputedTraitRoutes.refusing {
            try place.computed.create(
                id: ComputedTraitRoutes.newID(), name: name, note: try ComputedTraitRoutes.note(json) ?? "", measurement: measurement,
                zone: try ComputedTraitRoutes.zone(json) ?? .utc, author: AdminRoutes.author(call), at: Clock.now())
        }
        return Reply(status: .created) { ComputedTraitRoutes.write(trait, &$0) }
    }

    private func change(_ call: Call) async throws -> Reply {
        let place = try call.place
        let json = try await call.json()
        if let name = json["name"], name.string != place.computed.find(call.parameter("id"))?.name {
            throw Refusal(400, "computed-trait.name", "A computed trait keeps its name for ever.", remedy: "Make another one, or leave `name` out.")
        }
        let measurement = json["measure"] == nil ? nil : try call.measurement(json["measure"]).measurement
        let (note, zone) = (try ComputedTraitRoutes.note(json), try ComputedTraitRoutes.zone(json))
        let trait = try ComputedTraitRoutes.refusing {
            try call.replacing { seen in
                try place.computed.update(call.parameter("id"), replacing: seen, segments: place.segments, author: AdminRoutes.author(call), at: Clock.now()) { trait in
                    if let measurement { trait.measurement = measurement }
                    if let note { trait.note = note }
                    if let zone { trait.zone = zone }
                }
            }
        }
        guard let trait else { throw ComputedTraitRoutes.unknown(call) }
        place.memberships.segmentsChanged()
        return Reply { ComputedTraitRoutes.write(trait, &$0) }
    }

    /// A trait that is sent under the same name would be hidden by the computed one.
    static func check(_ name: String, in place: Workspace) throws {
        if let fault = ComputedTrait.nameFault(name) { throw Refusal(400, fault.code, fault.problem, remedy: fault.remedy) }
        if place.columns.catalog.trait(Array(name.utf8)) != nil { throw Refusal(ComputedTraitError.nameTaken(name)) }
    }

    static let noteMaximum = 2000

    private static func note(_ json: JSONText) throws -> String? {
        guard let member = json["note"] else { return nil }
        guard let note = member.string, note.utf8.count <= noteMaximum else {
            throw Refusal(400, "request.parameter", "`note` must be a text of at most \(noteMaximum) bytes.", remedy: "Shorten it.")
        }
        return note
    }

    private static func zone(_ json: JSONText) throws -> TimeZoneName? {
        guard let member = json["zone"] else { return nil }
        guard let name = member.string else { throw Refusal(400, "request.parameter", "`zone` must be a text.", remedy: "Write it as Europe/Madrid.") }
        return TimeZoneName(name: name)
    }

    static func newID() -> String { "ctr_" + String(IngestionRoutes.newMessageId(0).filter { $0 != "-" }.suffix(12)) }

    static func refusing<Value>(_ body: () throws -> Value) throws -> Value {
        do { return try body() } catch let error as ComputedTraitError { throw Refusal(error) }
    }

    private static func unknown(_ call: Call) -> Refusal { Refusal(ComputedTraitError.unknown(String(call.parameter("id").prefix(64)))) }

    private static func write(_ trait: ComputedTrait, _ w: inout JSONWriter) {
        w.object { w in
            w.member("id", trait.id)
            w.member("name", trait.name)
            w.member("note", trait.note)
            w.member("text", trait.measurement.text)
            w.key("json")
            w.raw(trait.measurement.json.bytes)
            w.member("sentence", trait.measurement.sentence(in: "en"))
            w.member("zone", trait.zone.name)
            w.member("version", trait.version)
            w.member("savedAt", trait.savedAt)
            w.member("author", trait.author)
        }
    }

    // MARK: - Asking

    private func preview(_ call: Call) async throws -> Reply {
        let json = try await call.json()
        let read = try call.measurement(json["measure"])
        let moment = try call.moment(json)
        try await call.settle(json)
        let found = try await call.place.engine.distribution(of: read.measurement, at: moment)
        return Reply { w in
            w.object { w in
                found.distribution.write(&w)
                w.key("milliseconds")
                w.number(found.elapsed / .milliseconds(1))
                w.member("position", found.position)
                w.member("text", read.measurement.text)
                w.key("json")
                w.raw(read.measurement.json.bytes)
                w.member("sentence", read.measurement.sentence(in: "en"))
                w.key("warnings")
                w.array { w in for warning in read.warnings { SegmentRoutes.write(warning.explanation, &w) } }
            }
        }
    }
}

extension SegmentEngine {
    /// How a measurement's values lie among everyone now, with what finding out took.
    func distribution(of measurement: Measurement, at moment: Moment) async throws -> (distribution: Distribution, position: LogPosition, elapsed: Duration) {
        let answer = try await pool.ask { () throws -> Result<(Distribution, LogPosition, Duration), SegmentError> in
            let start = ContinuousClock.now
            let view = try self.view()
            do throws(SegmentError) {
                let distribution = try question(at: moment, in: view, segments: { _ in nil }).distribution(of: measurement)
                return .success((distribution, view.position, ContinuousClock.now - start))
            } catch {
                return .failure(error)
            }
        }
        switch answer {
        case .failure(let error): throw Refusal(error)
        case .success(let found): return found
        }
    }
}

extension Distribution {
    fileprivate func write(_ w: inout JSONWriter) {
        w.member("people", people)
        w.member("count", count)
        var range: Range?
        var top: [(value: JSONText, count: Int)] = []
        var different: Int?
        switch values {
        case .none: w.member("kind", "none")
        case .range(let found, let areTimes):
            w.member("kind", areTimes ? "times" : "numbers")
            range = found
        case .top(let found, let count):
            w.member("kind", "values")
            (top, different) = (found, count)
        }
        for (key, value) in [("minimum", range?.minimum), ("median", range?.median), ("maximum", range?.maximum)] {
            w.key(key)
            if let value { w.raw(value.bytes) } else { w.null() }
        }
        w.key("bars")
        w.array { w in
            for bar in range?.bars ?? [] {
                w.object { w in
                    w.key("from")
                    w.number(bar.from)
                    w.key("to")
                    w.number(bar.to)
                    w.member("count", bar.count)
                }
            }
        }
        w.key("top")
        w.array { w in
            for entry in top {
                w.object { w in
                    w.key("value")
                    w.raw(entry.value.bytes)
                    w.member("count", entry.count)
                }
            }
        }
        w.key("different")
        if let different { w.number(different) } else { w.null() }
    }
}
