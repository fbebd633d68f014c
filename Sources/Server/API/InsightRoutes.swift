import Access
import Analytics
import Segments
import Vocabulary

/// Questions about many profiles at once: funnels, retention, trends, overlaps, rankings, quintiles.
struct InsightRoutes: Sendable {
    let server: MartletServer

    private static let moment: Members = [
        "asOf": .optional(.described("The moment asked about; now unless told.", .time)), "zone": .optional(.text), "wait": SegmentRoutes.wait,
    ]
    private static let length = Shape.described("As 7d: a number and s, min, h, d or w. Periods end with the second of the moment.", .text)
    private static let number = Shape.described("How many periods, 1 to 128.", .integer)
    private static let time = ("milliseconds", Shape.described("What finding it took.", .number))

    var routes: [Route] {
        [
            route(
                "funnel", "How many profiles reach each step of a funnel.", ["steps": .list(InsightRoutes.step), "within": .text, "last": .optional(.text)],
                ["steps": .list(.integer)]
            ) { call, json in
                let steps = try InsightRoutes.steps(call, json["steps"])
                let (within, window) = (try InsightRoutes.period(json, "within"), try InsightRoutes.window(json))
                return { insights in
                    let counts = try insights.funnel(steps, in: window, within: within)
                    return { w in
                        w.key("steps")
                        w.array { w in for count in counts { w.number(count) } }
                    }
                }
            },
            route(
                "retention", "Who came back: by the period of their first event ever, how many did anything so many periods later.",
                ["period": InsightRoutes.length, "periods": .optional(InsightRoutes.number)],
                ["cells": .list(.object(["cohort": .integer, "later": .integer, "profiles": .integer]))]
            ) { call, json in
                let seconds = try InsightRoutes.seconds(json, "period")
                let count = try call.integer(json, "periods", in: 1...128, default: 12)
                return { insights in
                    let cells = insights.retention(seconds: seconds, count: count)
                    return { w in
                        w.key("cells")
                        w.array { w in
                            for cell in cells {
                                w.object { w in
                                    w.member("cohort", cell.cohort)
                                    w.member("later", cell.later)
                                    w.member("profiles", cell.profiles)
                                }
                            }
                        }
                    }
                }
            },
            route(
                "active", "How many different people did anything in each period, by the text of a trait.",
                ["period": InsightRoutes.length, "periods": .optional(InsightRoutes.number), "by": .optional(.described("A trait.", .text))],
                ["points": .list(.object(["period": .integer, "group": .orNull(.text), "profiles": .integer]))]
            ) { call, json in
                let seconds = try InsightRoutes.seconds(json, "period")
                let count = try call.integer(json, "periods", in: 1...128, default: 30)
                let trait = json["by"]?.string
                return { insights in
                    let points = insights.activeProfiles(seconds: seconds, count: count, by: trait)
                    return { w in
                        w.key("points")
                        w.array { w in
                            for point in points {
                                w.object { w in
                                    w.member("period", point.period)
                                    w.member("group", point.group)
                                    w.member("profiles", point.profiles)
                                }
                            }
                        }
                    }
                }
            },
            route(
                "overlap", "How many profiles satisfy exactly which of several conditions; the first is bit 0 of the mask.",
                ["conditions": .list(.either([.text, .anyObject]))], ["cells": .list(.object(["mask": .integer, "profiles": .integer]))]
            ) { call, json in
                let list = json["conditions"]?.elements ?? []
                guard (1...16).contains(list.count) else { throw Refusal(400, "request.parameter", "`conditions` must be a list of 1 to 16.", remedy: "Correct the body.") }
                let conditions = try list.map { try call.condition($0, "conditions").condition }
                return { insights in
                    let cells = try insights.overlap(conditions)
                    return { w in
                        w.key("cells")
                        w.array { w in
                            for cell in cells {
                                w.object {
                                    $0.member("mask", cell.mask)
                                    $0.member("profiles", cell.profiles)
                                }
                            }
                        }
                    }
                }
            },
            route(
                "top", "The profiles with the highest sum of a property, or most events.",
                ["event": InsightRoutes.pattern, "sum": .optional(.text), "condition": .optional(.either([.text, .anyObject])), "limit": .optional(.integer), "last": .optional(.text)],
                ["profiles": .list(.object(["id": .text, "value": .described("Exactly, as a decimal.", .text)]))]
            ) { call, json in
                let pattern = try InsightRoutes.pattern(json["event"])
                let condition = json["condition"] == nil ? Condition.all([]) : try call.condition(json["condition"]).condition
                let limit = try call.integer(json, "limit", in: 1...1000, default: 10)
                let window = try InsightRoutes.window(json)
                let path = json["sum"]?.string
                return { insights in
                    let ranked = try insights.top(limit, by: pattern, summing: path, in: window, among: condition)
                    return { w in
                        w.key("profiles")
                        w.array { w in
                            for item in ranked {
                                w.object {
                                    $0.member("id", item.profile)
                                    $0.member("value", ExactNumber(item.value, scale: item.scale).description)
                                }
                            }
                        }
                    }
                }
            },
            route(
                "rfm", "Everyone who did something in tiles by when last, how often and how much; the highest tile is best.",
                ["event": InsightRoutes.pattern, "monetary": .text, "tiles": .optional(.integer), "last": .optional(.text)],
                ["cells": .list(.object(["recency": .integer, "frequency": .integer, "monetary": .integer, "profiles": .integer]))]
            ) { call, json in
                let pattern = try InsightRoutes.pattern(json["event"])
                guard let path = json["monetary"]?.string else { throw Refusal(400, "request.parameter", "`monetary` must name a property.", remedy: "Send {\"monetary\": \"total\"}.") }
                let tiles = try call.integer(json, "tiles", in: 2...10, default: 5)
                let window = try InsightRoutes.window(json)
                return { insights in
                    let cells = insights.rfm(pattern, summing: path, tiles: tiles, in: window)
                    return { w in
                        w.key("cells")
                        w.array { w in
                            for cell in cells {
                                w.object { w in
                                    w.member("recency", cell.recency)
                                    w.member("frequency", cell.frequency)
                                    w.member("monetary", cell.monetary)
                                    w.member("profiles", cell.profiles)
                                }
                            }
                        }
                    }
                }
            },
        ]
    }

    // MARK: - Asking

    /// What a question finds, as the members of its answer.
    private typealias Found = @Sendable (inout JSONWriter) -> Void
    private typealias Ask = @Sendable (Insights) throws -> Found

    private func route(
        _ name: String, _ summary: String, _ takes: Members, _ answers: Members, _ prepare: @escaping @Sendable (Call, JSONText) throws -> Ask
    ) -> Route {
        Route(
            .post, "/api/v1/analytics/\(name)", .scope(.analyticsRead), summary, takes: .json(.object(Members(list: takes.list + InsightRoutes.moment.list))),
            answers: .json(.object(Members(list: answers.list + [InsightRoutes.time])))
        ) { call in
            let json = try await call.json()
            let ask = try prepare(call, json)
            let moment = try call.moment(json)
            try await call.settle(json)
            let engine = try call.place.engine
            let conditions = try call.place.segments.conditions
            do {
                let (found, milliseconds) = try await engine.pool.ask { () throws -> (Found, Double) in
                    let start = ContinuousClock.now
                    let found = try ask(Insights(try engine.question(at: moment, in: try engine.view(), segments: conditions)))
                    let elapsed = ContinuousClock.now - start
                    return (found, Double(elapsed.components.attoseconds) / 1e15 + Double(elapsed.components.seconds) * 1000)
                }
                return Reply { w in
                    w.object { w in
                        found(&w)
                        w.key("milliseconds")
                        w.number(milliseconds)
                    }
                }
            } catch let error as SegmentError { throw Refusal(error) }
        }
    }

    // MARK: - Reading bodies

    private static let pattern = Shape.described("An event's name.", .text)
    private static let step = Shape.described(
        "An event's name, a page as {\"page\": \"Pricing\"}, or {\"event\": …, \"where\": …} as in a condition.", .either([.text, .anyObject]))

    private static func pattern(_ json: JSONText?) throws -> EventPattern {
        if let name = json?.string { return EventPattern([.track(name)]) }
        throw Refusal(400, "request.parameter", "`event` must be an event's name.", remedy: "Send {\"event\": \"Order Completed\"}.")
    }

    private static func steps(_ call: Call, _ json: JSONText?) throws -> [EventPattern] {
        let list = json?.elements ?? []
        guard (1...20).contains(list.count) else { throw Refusal(400, "request.parameter", "`steps` must be a list of 1 to 20 events.", remedy: "Correct the body.") }
        return try list.map { try step(call, $0) }
    }

    /// A step is read as the condition that somebody did it at all, so that it means what it means there.
    private static func step(_ call: Call, _ json: JSONText) throws -> EventPattern {
        var w = JSONWriter()
        if json["event"] != nil { w.raw(json.bytes) } else {
            w.object { w in
                w.key("event")
                w.raw(json.bytes)
            }
        }
        guard case .test(let test) = try call.condition(w.text, "steps").condition, let did = test as? EventTest, did.window == .ever, did.measure == .count, did.pattern.sessionGap == nil else {
            throw Refusal(400, "request.parameter", "A step names events and what must hold of each, no window and no count.", remedy: "Send {\"event\": \"Order Completed\", \"where\": {…}}.")
        }
        return did.pattern
    }

    private static func period(_ json: JSONText, _ name: String) throws -> Period {
        let text = json[name]?.string ?? ""
        guard let count = Int(text.prefix { $0.isASCII && $0.isNumber }), (1...1_000_000).contains(count) else {
            throw Refusal(400, "request.parameter", "`\(name)` must be a period.", remedy: "Write it as 30d: a number and s, min, h, d or w.")
        }
        let units: [String: Period.Unit] = ["s": .second, "min": .minute, "h": .hour, "d": .day, "w": .week]
        guard let unit = units[String(text.drop { $0.isASCII && $0.isNumber })] else { throw Refusal(400, "request.parameter", "`\(name)` has an unknown unit.", remedy: "Write it as 30d: a number and s, min, h, d or w.") }
        return Period(count, unit)
    }

    private static func seconds(_ json: JSONText, _ name: String) throws -> Int { Int((try period(json, name).milliseconds ?? 86_400_000) / 1000) }
    private static func window(_ json: JSONText) throws -> Window { json["last"] == nil ? .ever : .last(try period(json, "last")) }
}
