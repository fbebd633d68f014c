import HTTPTypes
import Identity
import Matching
import Profiles
import Resolution
import Vocabulary

/// Which accounts may be one company.
struct CompanyMatchRoutes: Sendable {
    let server: MartletServer

    private static let account = Shape.object(["id": .text, "profileId": .text, "name": .text, "traits": .anyObject])
    private static let pair = Shape.named(
        "CompanyPair",
        .object([
            "probability": .described("That the two are one company, 0 to 1.", .number), "accounts": .described("Two.", .list(CompanyMatchRoutes.account)),
            "evidence": .list(.object(["words": .text, "bits": .number])),
        ]))
    private static let candidate = Shape.named(
        "CompanyCandidate", .object(["id": .text, "name": .text, "probability": .number, "evidence": .list(.object(["words": .text, "bits": .number]))]))

    var routes: [Route] {
        [
            Route(
                .get, "/api/v1/match/accounts", .scope(.profilesRead), "Accounts that may be one company and that nobody has decided on, the likeliest first.",
                [RouteParameter("limit", .integer(1...100), "How many at most; 20 unless told.")], answers: .json(.object(["pairs": .list(CompanyMatchRoutes.pair)]))
            ) { call in
                let (place, limit) = (try call.place, try call.integer("limit", in: 1...100, default: 20))
                return try await server.heavy.run {
                    let pairs = try place.companyPairs(limit: limit)
                    return Reply { w in
                        w.object { w in
                            w.key("pairs")
                            w.array { w in for pair in pairs { CompanyMatchRoutes.write(pair, &w) } }
                        }
                    }
                }
            },
            Route(
                .post, "/api/v1/match/accounts", .scope(.profilesRead), "Which accounts a company may be: the likeliest first, with the evidence in words.",
                takes: .json(
                    .object(["record": .described("Its traits by their usual names.", .anyObject), "limit": .optional(.described("How many at most, 1 to 20; 10 unless told.", .integer))]),
                    example: "{\"record\": {\"name\": \"ACME, Incorporated\", \"website\": \"https://www.acme.example\"}}"),
                answers: .json(.object(["candidates": .list(CompanyMatchRoutes.candidate)]))
            ) { call in
                let (place, json) = (try call.place, try await call.json())
                let limit = json["limit"].map { $0.integer ?? 0 } ?? 10
                guard (1...20).contains(limit) else { throw Refusal(400, "request.parameter", "`limit` must be a whole number from 1 to 20.", remedy: "Correct the body.") }
                guard let record = json["record"], record.isObject else {
                    throw Refusal(400, "match.question", "Send `record`, an object of a company's traits.", remedy: "For example {\"record\": {\"name\": \"Acme Inc.\", \"website\": \"acme.com\"}}.")
                }
                return try await server.heavy.run {
                    let reader = place.accountReader
                    let found = try place.companies.find(record, in: reader, limit: Int(limit)).compactMap { one in try reader.account(one.account).map { (one, $0.displayName) } }
                    return Reply { w in
                        w.object { w in
                            w.key("candidates")
                            w.array { w in
                                for (one, name) in found {
                                    w.object { w in
                                        w.member("id", one.account)
                                        w.member("name", name)
                                        MatchRoutes.number("probability", one.probability, &w)
                                        MatchRoutes.write(one.reasons, &w)
                                    }
                                }
                            }
                        }
                    }
                }
            },
            Route(
                .post, "/api/v1/match/accounts/answer", .scope(.identityWrite), "Answer: are the two one company? It becomes a statement about them, and can be taken back as one.",
                takes: .json(
                    .object(["accounts": .described("Two, by their ids.", .list(.text)), "answer": .choice(["same", "different"])]), example: "{\"accounts\": [\"acme\", \"acme-inc\"], \"answer\": \"same\"}"),
                answers: .json(IdentityWriting.link, status: 201, "Stated, and in force.")
            ) { call in
                let json = try await call.json()
                let ids = json["accounts"]?.elements.compactMap(\.string) ?? []
                guard ids.count == 2, let answer = json["answer"]?.string, let kind: LinkFact.Kind = answer == "same" ? .merge : answer == "different" ? .never : nil else {
                    throw Refusal(400, "match.answer", "Send `accounts`, two ids, and `answer`, `same` or `different`.", remedy: "For example {\"accounts\": [\"acme\", \"acme-inc\"], \"answer\": \"same\"}.")
                }
                let link = try await call.place.answer(ids[0], ids[1], kind, author: AdminRoutes.author(call))
                return Reply(status: .created) { IdentityWriting.write(link, &$0) }
            },
        ]
    }

    private static func write(_ pair: CompanyPair, _ w: inout JSONWriter) {
        w.object { w in
            MatchRoutes.number("probability", pair.probability, &w)
            w.key("accounts")
            w.array { w in
                for account in [pair.first, pair.second] {
                    w.object { w in
                        w.member("id", account.accountId)
                        w.member("profileId", account.id)
                        w.member("name", account.displayName)
                        w.key("traits")
                        account.write(traits: &w)
                    }
                }
            }
            MatchRoutes.write(pair.reasons, &w)
        }
    }
}

/// Two accounts that may be one company.
struct CompanyPair: Sendable {
    let first: Profile
    let second: Profile
    let probability: Double
    let reasons: [Reason]
}

extension Workspace {
    /// Pairs that are at least so likely are told.
    private static let leastLikely = 0.5

    func companyPairs(limit: Int) throws -> [CompanyPair] {
        let reader = accountReader
        let pairs = try companies.pairs(of: reader, least: Workspace.leastLikely, limit: limit) { first, second in
            (try? links.check(LinkFact(.merge, [Identifier(.groupId, first)], [Identifier(.groupId, second)], author: ""))) != nil
        }
        return try pairs.compactMap { pair in
            guard let first = try reader.account(pair.first), let second = try reader.account(pair.second) else { return nil }
            return CompanyPair(first: first, second: second, probability: pair.probability, reasons: pair.reasons)
        }
    }

    func answer(_ first: String, _ second: String, _ kind: LinkFact.Kind, author: String) async throws -> Link {
        let fact = LinkFact(kind, [Identifier(.groupId, first)], [Identifier(.groupId, second)], author: author)
        return try await LinkRoutes.refusing { try await self.link(fact) }
    }
}
