import Access
import HTTPTypes
import Segments
import Vocabulary

/// Asking conditions of accounts, and account segments: such conditions under a name.
struct AccountSegmentRoutes: Sendable {
    let server: MartletServer

    private static let example = "industry = \\\"Hotels\\\" and at least 3 members with role \\\"buyer\\\" (did \\\"Order Completed\\\" in last 30 days)"
    private static let question: Members = ["condition": .described("As `industry = \"Hotels\" and any member with role \"admin\" (did \"Order Completed\")`.", .text)]
    private static let segment = Shape.named(
        "AccountSegment", .object(["id": .text, "kind": .choice(["account"]), "name": .text, "text": .text, "condition": .described("The text once more, as it is written.", .text), "version": .integer, "savedAt": .time, "author": .text]))
    private static let body = Members(list: [("name", .text)] + question.list)
    private static let answer: Members = [
        "count": .integer, "of": .described("All accounts.", .integer), "sample": .list(.object(["id": .text, "name": .text])), "milliseconds": .described("What finding them took.", .number), "text": .text,
    ]

    var routes: [Route] {
        [
            Route(
                .post, "/api/v1/accounts/preview", .scope(.segmentsRead), "How many accounts satisfy a condition on their traits and members, and some of them.",
                takes: .json(.object(Members(list: AccountSegmentRoutes.question.list + [
                    ("asOf", .optional(.described("The moment asked about; now unless told. Traits and the tree are asked as they are now.", .time))), ("zone", .optional(.text)), ("wait", SegmentRoutes.wait),
                    ("sample", .optional(.described("How many to show, 0 to 1000; 10 unless told.", .integer))),
                ])), example: "{\"condition\": \"\(AccountSegmentRoutes.example)\"}"),
                answers: .json(.object(AccountSegmentRoutes.answer))
            ) { call in
                let json = try await call.json()
                let (condition, sample, moment) = (try call.accountCondition(json["condition"]), try call.integer(json, "sample", in: 0...1000, default: 10), try call.moment(json))
                try await call.settle(json)
                let place = try call.place
                return try await server.heavy.run { try AccountSegmentRoutes.answer(condition, at: moment, sample: sample, place) }
            },
            Route(.get, "/api/v1/account-segments", .scope(.segmentsRead), "Every account segment.", answers: .json(.object(["segments": .list(AccountSegmentRoutes.segment)]))) { call in
                let place = try call.place
                return Reply { w in
                    w.object { w in
                        w.key("segments")
                        w.array { w in for segment in place.accountSegments.all { AccountSegmentRoutes.write(segment, &w) } }
                    }
                }
            },
            Route(
                .post, "/api/v1/account-segments", .scope(.segmentsWrite), "Make an account segment.",
                takes: .json(.object(AccountSegmentRoutes.body), example: "{\"name\": \"Busy hotels\", \"condition\": \"\(AccountSegmentRoutes.example)\"}"),
                answers: .json(AccountSegmentRoutes.segment, status: 201, "Made.")
            ) { call in try await save(call, id: AccountSegmentRoutes.newID(), status: .created) },
            Route(.get, "/api/v1/account-segments/{id}", .scope(.segmentsRead), "One account segment.", answers: .json(AccountSegmentRoutes.segment)) { call in
                let segment = try AccountSegmentRoutes.find(call)
                return Reply { AccountSegmentRoutes.write(segment, &$0) }
            },
            Route(
                .put, "/api/v1/account-segments/{id}", .scope(.segmentsWrite), "Change an account segment; earlier versions are kept.", takes: .json(.object(AccountSegmentRoutes.body)),
                answers: .json(AccountSegmentRoutes.segment)
            ) { call in try await save(call, id: try AccountSegmentRoutes.find(call).id, status: .ok) },
            Route(.delete, "/api/v1/account-segments/{id}", .scope(.segmentsWrite), "Delete an account segment.", answers: .json(.success)) { call in
                let segment = try AccountSegmentRoutes.find(call)
                _ = try call.place.accountSegments.delete(segment.id, author: AdminRoutes.author(call), at: Clock.now())
                return Reply { w in w.object { $0.member("success", true) } }
            },
            Route(
                .get, "/api/v1/account-segments/{id}/members", .scope(.segmentsRead), "The accounts that are in an account segment now.",
                [RouteParameter("limit", .integer(0...1000), "How many to show; 100 unless told.")], answers: .json(.object(AccountSegmentRoutes.answer))
            ) { call in
                let (place, segment, limit) = (try call.place, try AccountSegmentRoutes.find(call), try call.integer("limit", in: 0...1000, default: 100))
                let moment = Moment(asOf: Timestamp(clamping: Clock.now().milliseconds + 1))
                return try await server.heavy.run { try AccountSegmentRoutes.answer(segment.condition, at: moment, sample: limit, place) }
            },
        ]
    }

    private func save(_ call: Call, id: String, status: HTTPResponse.Status) async throws -> Reply {
        let place = try call.place
        let json = try await call.json()
        let (name, condition) = (try SegmentRoutes.name(json), try call.accountCondition(json["condition"]))
        // What names a segment that is not there, or a circle, is refused before it is kept.
        _ = try await server.heavy.run { try AccountSegmentRoutes.ask(condition, at: Moment(asOf: Clock.now()), place) }
        guard let segment = try place.accountSegments.save(id: id, name: name, condition: condition, author: AdminRoutes.author(call), at: Clock.now()) else {
            throw AccountSegmentRoutes.tooMany
        }
        return Reply(status: status) { AccountSegmentRoutes.write(segment, &$0) }
    }

    static func newID() -> String { "acs_" + SegmentRoutes.newID().dropFirst(4) }

    static let tooMany = Refusal(400, "account-segment.too-many", "There are \(AccountSegmentStore.countMaximum) account segments already.", remedy: "Delete some that nobody uses.")

    private static func find(_ call: Call) throws -> AccountSegment {
        guard let segment = try call.place.accountSegments.find(call.parameter("id")) else { throw Refusal(404, "account-segment.unknown", "There is no such account segment.", remedy: "Check its id.") }
        return segment
    }

    /// Called on a thread for heavy reads.
    static func ask(_ condition: AccountCondition, at moment: Moment, _ place: Workspace) throws -> AccountAnswer {
        try SegmentRoutes.refusing { try place.engine.question(at: moment, in: place.engine.view(), segments: place.segments.conditions).accounts(condition) }
    }

    private static func answer(_ condition: AccountCondition, at moment: Moment, sample: Int, _ place: Workspace) throws -> Reply {
        let began = ContinuousClock.now
        let answer = try ask(condition, at: moment, place)
        let milliseconds = (ContinuousClock.now - began) / .milliseconds(1)
        let names = try answer.ids.prefix(sample).map { id in (id, try place.accountReader.account(id)?.displayName ?? id) }
        return Reply { w in
            w.object { w in
                w.member("count", answer.ids.count)
                w.member("of", answer.total)
                w.key("sample")
                w.array { w in for (id, name) in names { w.object { $0.member("id", id); $0.member("name", name) } } }
                w.key("milliseconds")
                w.raw("\((milliseconds * 1000).rounded() / 1000)".utf8)
                w.member("text", condition.text)
            }
        }
    }

    private static func write(_ segment: AccountSegment, _ w: inout JSONWriter) {
        w.object { w in
            w.member("id", segment.id)
            w.member("kind", "account")
            w.member("name", segment.name)
            w.member("text", segment.condition.text)
            w.member("condition", segment.condition.text)
            w.member("version", segment.version)
            w.member("savedAt", segment.savedAt)
            w.member("author", segment.author)
        }
    }
}

extension Call {
    func accountCondition(_ json: JSONText?) throws -> AccountCondition {
        guard let text = json?.string else {
            throw Refusal(400, "condition.missing", "`condition` must be a text such as `industry = \"Hotels\" and any member (did \"Order Completed\")`.", remedy: "Send {\"condition\": \"…\"}; docs/accounts.md has the grammar.")
        }
        return try accountCondition(text: text)
    }

    func accountCondition(text: String) throws -> AccountCondition { try Call.readAccounts(text, knowing: knownNames).get() }

    /// A result, since catching typed errors in an async function crashes the compiler of Swift 6.3.1.
    private static func readAccounts(_ text: String, knowing names: KnownNames) -> Result<AccountCondition, Refusal> {
        do throws(ConditionError) { return .success(try AccountCondition(text: text, knowing: names)) } catch { return .failure(Refusal(error)) }
    }
}
