import Access
import HTTPTypes
import Matching
import Profiles
import Resolution
import Vocabulary

/// Which profiles may be one person: asking, reviewing, and how good it is.
struct MatchRoutes: Sendable {
    let server: MartletServer

    private static let evidence = Shape.named(
        "MatchEvidence",
        .list(.object(["words": .text, "bits": .described("log2 of how much likelier it is for one person than for strangers; below 0 it speaks against.", .number)])))
    private static let probability = Shape.described("That the two are one person, 0 to 1, after what answers taught.", .number)
    private static let outcome = Shape.described("What the settings make of it: `merge` without asking only where that is turned on.", .choice(["merge", "review", "ignore"]))
    private static let candidate = Shape.named("MatchCandidate", .object(["id": .text, "name": .text, "probability": probability, "outcome": outcome, "evidence": evidence]))
    private static let side = Shape.object(["id": .text, "name": .text, "traits": .anyObject, "identifiers": .list(Shape.identifier)])
    private static let pair = Shape.named(
        "MatchPair", .object(["id": .integer, "probability": probability, "outcome": outcome, "foundAt": .time, "profiles": .described("Two.", .list(side)), "evidence": evidence]))
    private static let settings = Shape.named(
        "MatchSettings",
        .object([
            "automatic": .described("Whether pairs at or above `merge` are merged without asking; false unless somebody turned it on.", .boolean), "merge": .number, "review": .number,
            "version": .described("0 before anybody set anything.", .integer),
        ]))
    private static let estimate = Shape.orNull(.object(["value": .number, "from": .number, "to": .number]))

    var routes: [Route] { asking + reviewing + measuring }

    // MARK: - Asking

    private var asking: [Route] {
        [
            Route(
                .get, "/api/v1/match", .scope(.profilesRead), "How far matching is: what is compared, and by which model.",
                answers: .json(
                    .object([
                        "records": .described("Profiles that are compared.", .integer), "waiting": .integer, "learning": .described("Whether a new model is being learned.", .boolean),
                        "model": .described("The model's version; 0 before anything was learned.", .integer), "learnedAt": .orNull(.time), "learnedFrom": .integer, "open": .described("Pairs to review.", .integer),
                    ]))
            ) { call in
                let matching = try call.place.matching
                let status = matching.status
                let open = try matching.reviewCount()
                return Reply { w in
                    w.object { w in
                        w.member("records", status.records)
                        w.member("waiting", status.waiting)
                        w.member("learning", status.isLearning)
                        w.member("model", status.model)
                        w.member("learnedAt", status.learnedAt)
                        w.member("learnedFrom", status.learnedFrom)
                        w.member("open", open)
                    }
                }
            },
            Route(
                .post, "/api/v1/match", .scope(.profilesRead), "Who a record, or a profile, may be: the likeliest first, with the evidence in words.",
                takes: .json(
                    .object([
                        "record": .optional(.described("Traits by their usual names; this or `profile`.", .anyObject)), "profile": .optional(.described("A profile's id, as prf_….", .text)),
                        "limit": .optional(.described("How many at most, 1 to 20; 10 unless told.", .integer)),
                    ]), example: "{\"record\": {\"firstName\": \"M.\", \"lastName\": \"Kelley\", \"phone\": \"+1 206 555 0143\"}}"),
                answers: .json(.object(["model": .integer, "candidates": .list(MatchRoutes.candidate)]))
            ) { try await find($0) },
        ]
    }

    private func find(_ call: Call) async throws -> Reply {
        let place = try call.place
        let json = try await call.json()
        let limit = json["limit"].map { $0.integer ?? 0 } ?? 10
        guard (1...20).contains(limit) else { throw Refusal(400, "request.parameter", "`limit` must be a whole number from 1 to 20.", remedy: "Correct the body.") }
        let found: [MatchCandidate]
        switch (json["record"], json["profile"]?.string) {
        case (let record?, nil) where record.isObject: found = try place.matching.find(record, limit: Int(limit))
        case (nil, let id?):
            guard try place.profiles.reader(for: .analytics).profile(id: id) != nil else { throw ReadRoutes.noProfile }
            found = try place.matching.find(profile: id, limit: Int(limit))
        default: throw Refusal(400, "match.question", "Send one of `record`, an object of traits, and `profile`, an id.", remedy: "For example {\"record\": {\"firstName\": \"Masha\", \"email\": \"masha@example.com\"}}.")
        }
        let reader = place.profiles.reader(for: .service)
        let named = try found.compactMap { one in try reader.profile(id: one.profile).map { (one, $0.displayName) } }
        let (settings, model) = (place.matching.settings, place.matching.status.model)
        return Reply { w in
            w.object { w in
                w.member("model", model)
                w.key("candidates")
                w.array { w in
                    for (one, name) in named {
                        w.object { w in
                            w.member("id", one.profile)
                            w.member("name", name)
                            MatchRoutes.write(one.probability, settings, &w)
                            MatchRoutes.write(one.reasons, &w)
                        }
                    }
                }
            }
        }
    }

    // MARK: - Reviewing

    private var reviewing: [Route] {
        [
            Route(
                .get, "/api/v1/match/review", .scope(.profilesRead), "Pairs that wait for a person, the most useful first: an answer teaches most where it is least known beforehand.",
                [RouteParameter("limit", .integer(1...100), "How many at most; 20 unless told.")],
                answers: .json(.object(["open": .described("All that wait.", .integer), "pairs": .list(MatchRoutes.pair)]))
            ) { call in
                let place = try call.place
                let limit = try call.integer("limit", in: 1...100, default: 20)
                return try await server.heavy.run {
                    let pairs = try place.matching.review(limit: limit)
                    let open = try place.matching.reviewCount()
                    let reader = place.profiles.reader(for: .service)
                    return try Reply { w in
                        try w.object { w in
                            w.member("open", max(open, pairs.count))
                            w.key("pairs")
                            try w.array { w in for pair in pairs { try MatchRoutes.write(pair, place, reader, &w) } }
                        }
                    }
                }
            },
            Route(
                .post, "/api/v1/match/review/{id}", .scope(.identityWrite), "Answer: are the two one person? It becomes a fact about them, and teaches how far probabilities can be trusted.",
                takes: .json(.object(["answer": .choice(["same", "different", "unsure"])]), example: "{\"answer\": \"same\"}"), answers: .json(.success)
            ) { call in
                guard let number = Int64(call.parameter("id")) else { throw Refusal(404, "match.unknown", "There is no such pair.", remedy: "Read the queue again.") }
                let answer: ReviewPair.State
                switch try await call.json()["answer"]?.string {
                case "same": answer = .same
                case "different": answer = .different
                case "unsure": answer = .unsure
                default: throw Refusal(400, "match.answer", "`answer` must be `same`, `different` or `unsure`.", remedy: "Send {\"answer\": \"same\"}.")
                }
                try await call.place.answer(number, answer, author: AdminRoutes.author(call))
                return Reply { w in w.object { $0.member("success", true) } }
            },
        ]
    }

    // MARK: - Measuring and setting

    private static let thresholds = [
        RouteParameter("merge", .text, "A threshold above 0 and below 1; the settings' unless told."), RouteParameter("review", .text, "A threshold above 0, at most `merge`; the settings' unless told."),
    ]

    private var measuring: [Route] {
        [
            Route(
                .get, "/api/v1/match/quality", .scope(.profilesRead), "Precision and recall by the answers so far, with intervals, and how far probabilities were right.", [MatchRoutes.thresholds[0]],
                answers: .json(
                    .object([
                        "answers": .integer, "merge": .number, "precision": MatchRoutes.estimate,
                        "recall": .described("Among the pairs that are found at all, from 0.1 on.", MatchRoutes.estimate),
                        "bands": .list(.object([
                            "from": .number, "to": .number, "pairs": .integer, "same": .integer, "different": .integer, "told": .described("The mean probability of its pairs.", .number),
                            "share": .described("Of its pairs that are one person, by the answers and, where there are few, by what is told.", .number), "low": .number, "high": .number,
                        ])),
                        "calibration": .described("Log odds x became slope × x + offset by the answers.", .object(["slope": .number, "offset": .number, "answers": .integer])),
                    ]))
            ) { call in
                let matching = try call.place.matching
                let settings = try MatchRoutes.settings(call, matching)
                return try await server.heavy.run { MatchRoutes.reply(try matching.quality(merge: settings.merge), settings.merge, matching.calibration) }
            },
            Route(
                .get, "/api/v1/match/preview", .scope(.profilesRead), "How many open pairs would be merged and reviewed with these thresholds.", MatchRoutes.thresholds,
                answers: .json(.object(["merged": .integer, "reviewed": .integer]))
            ) { call in
                let matching = try call.place.matching
                let settings = try MatchRoutes.settings(call, matching)
                let preview = try matching.preview(merge: settings.merge, review: settings.review)
                return Reply { w in
                    w.object { w in
                        w.member("merged", preview.merged)
                        w.member("reviewed", preview.reviewed)
                    }
                }
            },
            Route(.get, "/api/v1/match/settings", .scope(.profilesRead), "What becomes of pairs, by how likely they are.", answers: .json(MatchRoutes.settings)) { call in
                let settings = try call.place.matching.settings
                return Reply { MatchRoutes.write(settings, &$0) }
            },
            Route(
                .put, "/api/v1/match/settings", .scope(.identityWrite), "Set what becomes of pairs; nothing is merged without asking before somebody turns `automatic` on.",
                takes: .json(.object(["automatic": .optional(.boolean), "merge": .optional(.number), "review": .optional(.number)]), example: "{\"automatic\": true, \"merge\": 0.97}"),
                answers: .json(MatchRoutes.settings)
            ) { call in
                let matching = try call.place.matching
                let json = try await call.json()
                var settings = matching.settings
                if let automatic = json["automatic"] {
                    guard let value = automatic.boolean else { throw Refusal(400, "request.parameter", "`automatic` must be true or false.", remedy: "Correct the body.") }
                    settings.isAutomatic = value
                }
                settings.merge = try json["merge"].map { try MatchRoutes.number("merge", $0.text) } ?? settings.merge
                settings.review = try json["review"].map { try MatchRoutes.number("review", $0.text) } ?? settings.review
                let saved = try matching.save(settings, author: AdminRoutes.author(call), at: Clock.now())
                return Reply { MatchRoutes.write(saved, &$0) }
            },
        ]
    }

    /// The settings with the query's thresholds in their place.
    private static func settings(_ call: Call, _ matching: MatchFollower) throws -> MatchSettings {
        var settings = matching.settings
        settings.merge = try call.query("merge").map { try number("merge", $0) } ?? settings.merge
        settings.review = min(try call.query("review").map { try number("review", $0) } ?? settings.review, settings.merge)
        return try settings.checked()
    }

    static func number(_ name: String, _ text: String) throws -> Double {
        guard let number = Double(text), number.isFinite else { throw Refusal(400, "request.parameter", "`\(name)` is not a number.", remedy: "Write it as 0.95.") }
        return number
    }
}

// MARK: - Writing

extension MatchRoutes {
    static func outcome(_ probability: Double, _ settings: MatchSettings) -> String { probability >= settings.merge ? "merge" : probability >= settings.review ? "review" : "ignore" }

    private static func write(_ probability: Double, _ settings: MatchSettings, _ w: inout JSONWriter) {
        w.key("probability")
        w.number(rounded(probability))
        w.member("outcome", outcome(probability, settings))
    }

    static func write(_ reasons: [Reason], _ w: inout JSONWriter) {
        w.key("evidence")
        w.array { w in
            for reason in reasons {
                w.object { w in
                    w.member("words", reason.words)
                    w.key("bits")
                    w.number(rounded(reason.bits))
                }
            }
        }
    }

    private static func write(_ pair: ReviewPair, _ place: Workspace, _ reader: ProfileReader, _ w: inout JSONWriter) throws {
        guard let a = try reader.profile(id: pair.a), let b = try reader.profile(id: pair.b) else { return }
        w.object { w in
            w.member("id", pair.number)
            write(pair.probability, place.matching.settings, &w)
            w.member("foundAt", pair.foundAt)
            w.key("profiles")
            w.array { w in
                for profile in [a, b] {
                    w.object { w in
                        w.member("id", profile.id)
                        w.member("name", profile.displayName)
                        w.key("traits")
                        profile.write(traits: &w)
                        w.key("identifiers")
                        w.array { w in
                            for identifier in profile.identifiers {
                                w.object { w in
                                    w.member("type", identifier.namespace.name)
                                    w.member("value", identifier.text)
                                }
                            }
                        }
                    }
                }
            }
            write(place.matching.reasons(pair.a, pair.b), &w)
        }
    }

    private static func write(_ settings: MatchSettings, _ w: inout JSONWriter) {
        w.object { w in
            w.member("automatic", settings.isAutomatic)
            w.key("merge")
            w.number(settings.merge)
            w.key("review")
            w.number(settings.review)
            w.member("version", settings.version)
        }
    }

    private static func reply(_ quality: MatchQuality, _ merge: Double, _ calibration: Calibration) -> Reply {
        Reply { w in
            w.object { w in
                w.member("answers", quality.answers)
                number("merge", merge, &w)
                write("precision", quality.precision, &w)
                write("recall", quality.recall, &w)
                w.key("bands")
                w.array { w in
                    for band in quality.bands {
                        w.object { w in
                            number("from", band.from, &w)
                            number("to", band.to, &w)
                            w.member("pairs", band.pairs)
                            w.member("same", band.same)
                            w.member("different", band.different)
                            number("told", band.told, &w)
                            number("share", band.share, &w)
                            number("low", band.interval.lowerBound, &w)
                            number("high", band.interval.upperBound, &w)
                        }
                    }
                }
                w.key("calibration")
                w.object { w in
                    number("slope", calibration.slope, &w)
                    number("offset", calibration.offset, &w)
                    w.member("answers", calibration.count)
                }
            }
        }
    }

    private static func write(_ name: String, _ estimate: MatchQuality.Estimate?, _ w: inout JSONWriter) {
        w.key(name)
        guard let estimate else { return w.null() }
        w.object { w in
            number("value", estimate.value, &w)
            number("from", estimate.interval.lowerBound, &w)
            number("to", estimate.interval.upperBound, &w)
        }
    }

    static func number(_ name: String, _ value: Double, _ w: inout JSONWriter) {
        w.key(name)
        w.number(rounded(value))
    }

    /// Four digits behind the point say all that is known.
    private static func rounded(_ value: Double) -> Double { (value * 10_000).rounded() / 10_000 }
}
