import Access
import HTTPTypes
import Segments
import Vocabulary

/// Asking conditions of everyone, and segments: conditions under a name, whose members are live.
struct SegmentRoutes: Sendable {
    let server: MartletServer

    static let question: Members = [
        "condition": .described("The text form, or the JSON form.", .either([.text, .anyObject])),
        "asOf": .optional(.described("The moment asked about; now unless told. What happened at it or later has not happened.", .time)),
        "zone": .optional(.described("In which days and months are counted, as Europe/Madrid; UTC unless told.", .text)), "wait": SegmentRoutes.wait,
    ]
    static let wait = Shape.optional(.described("Whether what was acknowledged before is waited for, so that the answer counts it; true unless told.", .boolean))

    var routes: [Route] {
        [
            Route(
                .post, "/api/v1/segments/preview", .scope(.segmentsRead), "How many profiles satisfy a condition, and some of them.",
                takes: .json(.object(Members(list: SegmentRoutes.question.list + [("sample", .optional(.described("How many ids to show, 0 to 1000; 10 unless told.", .integer)))])),
                    example: "{\"condition\": \"country = \\\"ES\\\" and did \\\"Order Completed\\\" at least 3 times in last 30 days\"}"),
                answers: .json(
                    .object([
                        "count": .integer, "of": .described("All profiles with events.", .integer), "sample": .list(.text),
                        "milliseconds": .described("What finding them took.", .number), "position": .described("The log position up to which events are in.", .integer),
                        "text": .text, "json": .anyObject, "warnings": .list(.explanation),
                    ]))
            ) { try await preview($0) }
        ] + kept
    }

    // MARK: - Segments

    static let segment = Shape.named(
        "Segment",
        .object([
            "id": .text, "handle": .described("How conditions name it: `in segment \"handle\"`.", .text), "name": .text, "note": .text, "text": .text, "json": .anyObject,
            "sentence": .text, "zone": .text, "size": .described("How many are in now; null for the moment until everyone has been asked.", .orNull(.integer)), "version": .integer,
            "savedAt": .time, "author": .text,
        ]))
    private static let body: Members = [
        "name": .text, "note": .optional(.text), "condition": .described("The text form, or the JSON form.", .either([.text, .anyObject])), "zone": .optional(.text),
    ]
    private static let change = Shape.named(
        "MembershipChange", .object(["number": .integer, "segment": .text, "profile": .text, "change": .choice(["entered", "exited"]), "at": .time]))

    private var kept: [Route] {
        [
            Route(.get, "/api/v1/segments", .scope(.segmentsRead), "Every segment with its size now.", answers: .json(.object(["segments": .list(SegmentRoutes.segment)]))) { call in
                let place = try call.place
                return Reply { w in
                    w.object { w in
                        w.key("segments")
                        w.array { w in for segment in place.segments.all { SegmentRoutes.write(segment, place, &w) } }
                    }
                }
            },
            Route(.post, "/api/v1/segments", .scope(.segmentsWrite), "Make a segment.", takes: .json(.object(SegmentRoutes.body), example: "{\"name\": \"Big spenders\", \"condition\": \"sum(total) of \\\"Order Completed\\\" in last 90 days > 500\"}"),
                answers: .json(SegmentRoutes.segment, status: 201, "Made.")) { call in
                let place = try call.place
                let json = try await call.json()
                let id = SegmentRoutes.newID()
                let (name, condition) = (try SegmentRoutes.name(json), try call.condition(json["condition"]).condition)
                let segment = try SegmentRoutes.refusing {
                    try place.segments.create(
                        id: id, name: name, note: json["note"]?.string ?? "", condition: condition, zone: TimeZoneName(name: json["zone"]?.string ?? "UTC"),
                        author: AdminRoutes.author(call), at: Clock.now())
                }
                place.memberships.segmentsChanged()
                return Reply(status: .created) { SegmentRoutes.write(segment, place, &$0) }
            },
            Route(.get, "/api/v1/segments/{id}", .scope(.segmentsRead), "One segment, by id or handle.", answers: .json(SegmentRoutes.segment)) { call in
                let place = try call.place
                let segment = try SegmentRoutes.find(call)
                return Reply { SegmentRoutes.write(segment, place, &$0) }
            },
            Route(
                .patch, "/api/v1/segments/{id}", .scope(.segmentsWrite), "Change a segment; the version before stays. With the header If-Match, only that version is changed.",
                takes: .json(.object(["name": .optional(.text), "note": .optional(.text), "condition": .optional(.either([.text, .anyObject])), "zone": .optional(.text)])),
                answers: .json(SegmentRoutes.segment)
            ) { call in
                let place = try call.place
                let json = try await call.json()
                let name = json["name"] == nil ? nil : try SegmentRoutes.name(json)
                let condition = json["condition"] == nil ? nil : try call.condition(json["condition"]).condition
                let segment = try SegmentRoutes.refusing {
                    try call.replacing { seen in
                        try place.segments.update(call.parameter("id"), replacing: seen, author: AdminRoutes.author(call), at: Clock.now()) { segment in
                            if let name { segment.name = name }
                            if let condition { segment.condition = condition }
                            if let note = json["note"]?.string { segment.note = note }
                            if let zone = json["zone"]?.string { segment.zone = TimeZoneName(name: zone) }
                        }
                    }
                }
                guard let segment else { throw SegmentRoutes.unknown }
                place.memberships.segmentsChanged()
                return Reply { SegmentRoutes.write(segment, place, &$0) }
            },
            Route(.delete, "/api/v1/segments/{id}", .scope(.segmentsWrite), "Delete a segment that no other names, nor a journey that runs.", answers: .json(.success)) { call in
                let place = try call.place
                try place.refuseWhileUsed(place.segments.find(call.parameter("id")))
                let isGone = try SegmentRoutes.refusing { try place.segments.delete(call.parameter("id"), author: AdminRoutes.author(call), at: Clock.now()) }
                guard isGone else { throw SegmentRoutes.unknown }
                place.memberships.segmentsChanged()
                return Reply { w in w.object { $0.member("success", true) } }
            },
            Route(
                .get, "/api/v1/segments/{id}/members", .scope(.segmentsRead), "Profile ids of a segment's members now.",
                [RouteParameter("limit", .integer(1...1000), "How many at most; 100 unless told."), RouteParameter("after", .text, "The `next` of the page before.")],
                answers: .json(.object(["members": .list(.text), "next": Shape.next]))
            ) { call in
                let place = try call.place
                let segment = try SegmentRoutes.find(call)
                let limit = try call.integer("limit", in: 1...1000, default: 100)
                let after = try call.integer("after", in: 0...Int(Int32.max), default: 0)
                let members = place.memberships.members(of: segment.id, after: after, limit: limit)
                return Reply { w in
                    w.object { w in
                        w.key("members")
                        w.array { w in for id in members { w.string(id) } }
                        w.member("next", members.count == limit ? String(after + limit) : nil)
                    }
                }
            },
            Route(
                .get, "/api/v1/segments/{id}/changes", .scope(.segmentsRead), "Who came in and who left, oldest first: the newest 2,000 at least, over restarts.",
                [RouteParameter("limit", .integer(1...1000), "How many at most; 100 unless told."), RouteParameter("after", .text, "The number of the last change seen.")],
                answers: .json(.object(["changes": .list(SegmentRoutes.change)]))
            ) { call in
                let place = try call.place
                let segment = try SegmentRoutes.find(call)
                let changes = place.memberships.changes(
                    after: try call.integer("after", in: 0...Int.max, default: 0), of: segment.id, limit: try call.integer("limit", in: 1...1000, default: 100))
                return Reply { w in
                    w.object { w in
                        w.key("changes")
                        w.array { w in for change in changes { SegmentRoutes.write(change, &w) } }
                    }
                }
            },
            Route(
                .get, "/api/v1/segments/changes/stream", .scope(.segmentsRead), "Changes of all segments as they happen, as server-sent events named `entered` and `exited`.",
                [RouteParameter("after", .text, "The number of the last change seen; the newest unless told.")], answers: .stream("One change an event.")
            ) { call in
                let place = try call.place
                let first = try call.request.headers[.init("Last-Event-ID")!].flatMap { Int($0) } ?? call.integer("after", in: 0...Int.max, default: place.memberships.lastNumber)
                let stream = ChangeStream(memberships: place.memberships, after: first, isAdmitted: server.folder.admission(of: call.caller))
                var reply = Reply(stream: "text/event-stream; charset=utf-8") { writer in
                    try await stream.run(&writer)
                    try await writer.finish(nil)
                }
                reply.headers[.cacheControl] = "no-store"
                return reply
            },
        ]
    }

    static func newID() -> String { "seg_" + String(IngestionRoutes.newMessageId(0).filter { $0 != "-" }.suffix(12)) }

    static let unknown = Refusal(404, "segment.unknown", "There is no such segment.", remedy: "Check its id or handle.")

    static func find(_ call: Call) throws -> Segment {
        guard let segment = try call.place.segments.find(call.parameter("id")) else { throw unknown }
        return segment
    }

    static func name(_ json: JSONText) throws -> String {
        try AdminRoutes.name(json["name"]?.string, remedy: "Send {\"name\": \"…\", \"condition\": \"…\"}.")
    }

    static func refusing<Value>(_ body: () throws -> Value) throws -> Value {
        do { return try body() } catch let error as SegmentError { throw Refusal(error) }
    }

    private static func write(_ segment: Segment, _ place: Workspace, _ w: inout JSONWriter) {
        w.object { w in
            w.member("id", segment.id)
            w.member("handle", segment.handle)
            w.member("name", segment.name)
            w.member("note", segment.note)
            w.member("text", segment.condition.text)
            w.key("json")
            w.raw(segment.condition.json.bytes)
            w.member("sentence", segment.condition.sentence(in: "en"))
            w.member("zone", segment.zone.name)
            w.key("size")
            if let size = place.memberships.size(of: segment.id) { w.number(size) } else { w.null() }
            w.member("version", segment.version)
            w.member("savedAt", segment.savedAt)
            w.member("author", segment.author)
        }
    }

    static func write(_ change: MembershipChange, _ w: inout JSONWriter) {
        w.object { w in
            w.member("number", change.number)
            w.member("segment", change.segment)
            w.member("profile", change.profile)
            w.member("change", change.hasEntered ? "entered" : "exited")
            w.member("at", change.at)
        }
    }

    // MARK: - Asking

    private func preview(_ call: Call) async throws -> Reply {
        let json = try await call.json()
        let read = try call.condition(json["condition"])
        let moment = try call.moment(json)
        let limit = try call.integer(json, "sample", in: 0...1000, default: 10)
        try await call.settle(json)
        let engine = try call.place.engine
        let condition = read.condition
        let conditions = try call.place.segments.conditions
        let answer = try await engine.pool.ask { () throws -> Result<Answer, SegmentError> in
            let start = ContinuousClock.now
            let view = try engine.view()
            do throws(SegmentError) {
                let rows = try engine.rows(condition, at: moment, in: view, segments: conditions)
                let count = rows.reduce(0) { $0 + $1.count }
                let elapsed = ContinuousClock.now - start
                return .success(Answer(
                    count: count, of: view.parts.reduce(0) { $0 + $1.alive.count }, sample: limit > 0 ? engine.profileIDs(rows, limit: limit) : [], position: view.position,
                    milliseconds: Double(elapsed.components.attoseconds) / 1e15 + Double(elapsed.components.seconds) * 1000))
            } catch {
                return .failure(error)
            }
        }
        switch answer {
        case .failure(let error): throw Refusal(error)
        case .success(let answer):
            return Reply { w in
                w.object { w in
                    w.member("count", answer.count)
                    w.member("of", answer.of)
                    w.key("sample")
                    w.array { w in for id in answer.sample { w.string(id) } }
                    w.key("milliseconds")
                    w.number(answer.milliseconds)
                    w.member("position", answer.position)
                    w.member("text", condition.text)
                    w.key("json")
                    w.raw(condition.json.bytes)
                    w.key("warnings")
                    w.array { w in for warning in read.warnings { SegmentRoutes.write(warning.explanation, &w) } }
                }
            }
        }
    }

    private struct Answer: Sendable {
        let count: Int
        let of: Int
        let sample: [String]
        let position: LogPosition
        let milliseconds: Double
    }

    static func write(_ explanation: Explanation, _ w: inout JSONWriter) {
        w.object {
            $0.member("code", explanation.code)
            $0.member("problem", explanation.problem)
            $0.member("remedy", explanation.remedy)
        }
    }
}
