import Access
import HTTPTypes
import Segments
import Vocabulary

/// How segments became what they are, and how large they were.
struct SegmentHistoryRoutes: Sendable {
    private static let version = Shape.named(
        "SegmentVersion",
        .object([
            "version": .integer, "savedAt": .time, "author": .text, "name": .text, "note": .text, "zone": .text, "text": .text,
            "changed": .described("What differs from the version before; of the first, nothing.", .list(.choice(SegmentChange.Part.allCases.map(\.rawValue)))),
            "diff": .described(
                "The condition's text beside the version before: what is the same and removed is the old text, what is the same and added the new one; null where it did not change.",
                .orNull(.list(.object(["kind": .choice(TextDiff.Kind.allCases.map(\.rawValue)), "text": .text])))),
        ]))

    var routes: [Route] {
        [
            Route(
                .get, "/api/v1/segments/{id}/versions", .scope(.segmentsRead), "How a segment became what it is, newest version first, each beside the one before it.",
                [RouteParameter("limit", .integer(1...1000), "How many at most; 100 unless told."), RouteParameter("after", .text, "The `next` of the page before.")],
                answers: .json(.page(of: "versions", SegmentHistoryRoutes.version))
            ) { call in
                let segment = try SegmentRoutes.find(call)
                let limit = try call.integer("limit", in: 1...1000, default: 100)
                let before = try call.integer("after", in: 0...Int.max, default: Int.max)
                let changes = try call.place.segments.changes(of: segment, before: Int64(before), limit: limit)
                return Reply { w in
                    w.object { w in
                        w.key("versions")
                        w.array { w in for change in changes { SegmentHistoryRoutes.write(change, &w) } }
                        w.member("next", changes.count == limit ? changes.last.map { String($0.version.version) } : nil)
                    }
                }
            },
            Route(
                .get, "/api/v1/segments/{id}/trend", .scope(.segmentsRead), "How many were in on each of the last 30 days at this time of day, by the condition as it is now, oldest first.",
                [RouteParameter("format", .text, "`json` or `csv`; json unless told.")],
                answers: .json(.object(["points": .list(.object(["at": .time, "count": .integer]))])).or(.content("text/csv", "Lines of `at,people`."))
            ) { call in
                let segment = try SegmentRoutes.find(call)
                let format = call.query("format") ?? "json"
                guard ["json", "csv"].contains(format) else { throw Refusal(400, "request.parameter", "`format` must be json or csv.", remedy: "Correct the query.") }
                let chart = try await call.place.segmentSizes.wholeChart(of: segment, in: call.place, at: Clock.now())
                if format == "csv" { return Reply(type: "text/csv; charset=utf-8", bytes: Array(chart.csv.utf8)) }
                return Reply { w in
                    w.object { w in
                        w.key("points")
                        w.array { w in
                            for point in chart.points {
                                w.object { w in
                                    w.member("at", Timestamp(clamping: point.atMs))
                                    w.member("count", point.count)
                                }
                            }
                        }
                    }
                }
            },
        ]
    }

    private static func write(_ change: SegmentChange, _ w: inout JSONWriter) {
        let version = change.version
        w.object { w in
            w.member("version", version.version)
            w.member("savedAt", version.savedAt)
            w.member("author", version.author)
            w.member("name", version.name)
            w.member("note", version.note)
            w.member("zone", version.zone.name)
            w.member("text", version.condition.text)
            w.key("changed")
            w.array { w in for part in change.parts { w.string(part.rawValue) } }
            w.key("diff")
            guard let diff = change.diff else { return w.null() }
            w.array { w in
                for piece in diff {
                    w.object { w in
                        w.member("kind", piece.kind.rawValue)
                        w.member("text", piece.text)
                    }
                }
            }
        }
    }
}
