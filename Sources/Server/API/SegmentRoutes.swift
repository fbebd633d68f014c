import Access
import Segments
import Vocabulary

/// Asking conditions of everyone.
struct SegmentRoutes: Sendable {
    let server: MartletServer

    static let question: Members = [
        "condition": .described("The text form, or the JSON form.", .either([.text, .anyObject])),
        "asOf": .optional(.described("The moment asked about; now unless told. What happened at it or later has not happened.", .time)),
        "zone": .optional(.described("In which days and months are counted, as Europe/Madrid; UTC unless told.", .text)),
    ]

    var routes: [Route] {
        [
            Route(
                .post, "/api/v1/segments/preview", .scope(.segmentsRead), "How many profiles satisfy a condition, and some of them.",
                takes: .json(.object(Members(list: SegmentRoutes.question.list + [("sample", .optional(.described("How many ids to show, 0 to 1000; 10 unless told.", .integer)))]))),
                answers: .json(
                    .object([
                        "count": .integer, "of": .described("All profiles with events.", .integer), "sample": .list(.text),
                        "milliseconds": .described("What finding them took.", .number), "position": .described("The log position up to which events are in.", .integer),
                        "text": .text, "json": .anyObject, "warnings": .list(.explanation),
                    ]))
            ) { try await preview($0) }
        ]
    }

    private func preview(_ call: Call) async throws -> Reply {
        let json = try await call.json()
        let read = try call.condition(json["condition"])
        let moment = try call.moment(json)
        let limit = try call.integer(json, "sample", in: 0...1000, default: 10)
        let engine = try call.place.segments
        let condition = read.condition
        let answer = try await engine.pool.ask { () -> Result<Answer, SegmentError> in
            let start = ContinuousClock.now
            let view = engine.view()
            do throws(SegmentError) {
                let rows = try engine.rows(condition, at: moment, in: view)
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
