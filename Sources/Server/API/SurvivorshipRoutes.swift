import Access
import HTTPTypes
import Profiles
import Segments
import Vocabulary

/// Which of several statements of a trait counts: rules by trait, and what they come to for one person.
struct SurvivorshipRoutes: Sendable {
    let server: MartletServer

    private static let rule = Shape.object([
        "rule": .choice(SurvivorshipRule.Kind.allCases.map(\.rawValue)), "sources": .optional(.described("Ids of sources, the first before the others; of `sources` and `verified`.", .list(.text))),
    ])
    private static let policy = Shape.named(
        "SurvivorshipPolicy", .object(["name": .text, "rules": .described("By trait; a trait without a rule goes by its latest statement.", .map(rule)), "version": .described("0 before it is saved.", .integer)]))
    private static let statement: Members = [
        "value": .anything, "source": .orNull(.text), "sourceId": .text, "timestamp": .described("Of its newest statement.", .time), "position": .integer,
        "count": .described("How often this source said so.", .integer), "survives": .boolean,
    ]

    var routes: [Route] {
        [
            Route(
                .get, "/api/v1/survivorship", .scope(.profilesRead), "Every survivorship policy; profiles and segments go by the one called default.",
                answers: .json(.object(["policies": .list(SurvivorshipRoutes.policy)]))
            ) { call in
                let place = try call.place
                let others = place.survivorship.all.filter { $0.name != SurvivorshipPolicy.standard }
                return Reply { w in
                    w.object { w in
                        w.key("policies")
                        w.array { w in for policy in [place.survivorship.standard] + others { SurvivorshipRoutes.write(policy, &w) } }
                    }
                }
            },
            Route(
                .put, "/api/v1/survivorship/{name}", .scope(.accountsWrite), "Save a policy's rules; of the one called default, profiles and segments follow before this answers.",
                takes: .json(.object(["rules": .map(SurvivorshipRoutes.rule)]), example: "{\"rules\": {\"email\": {\"rule\": \"sources\", \"sources\": [\"src_2\", \"src_1\"]}, \"city\": {\"rule\": \"frequent\"}}}"),
                answers: .json(SurvivorshipRoutes.policy)
            ) { call in
                let (place, name) = (try call.place, call.parameter("name"))
                guard !name.isEmpty, name.utf8.count <= 100, !name.hasControlCharacters else {
                    throw Refusal(400, "survivorship.name", "A policy's name is a text of 1 to 100 bytes on one line, without control characters.", remedy: "Shorten it, or take those out.")
                }
                let policy = try await place.saveSurvivorship(name, try SurvivorshipRoutes.rules(try await call.json()["rules"]), author: AdminRoutes.author(call))
                return Reply { SurvivorshipRoutes.write(policy, &$0) }
            },
            Route(.delete, "/api/v1/survivorship/{name}", .scope(.accountsWrite), "Delete a policy; without the one called default, the latest statement counts.", answers: .json(.success)) { call in
                let (place, name) = (try call.place, call.parameter("name"))
                guard try place.survivorship.delete(name, author: AdminRoutes.author(call), at: Clock.now()) else { throw SurvivorshipRoutes.unknown }
                if name == SurvivorshipPolicy.standard { try await place.obeySurvivorship() }
                return Reply { w in w.object { $0.member("success", true) } }
            },
            Route(
                .get, "/api/v1/profiles/{id}/survivors", .scope(.profilesRead), "Everything that was said of a profile's traits, and which of it counts.",
                [
                    RouteParameter("policy", .text, "By this policy; default unless told."), RouteParameter("account", .text, "Only what was said of the person as a member of this account."),
                    RouteParameter("as_of", .time, "Only what had been said by then."),
                ],
                answers: .json(.object(["policy": .text, "traits": .list(.object(["name": .text, "rule": .choice(SurvivorshipRule.Kind.allCases.map(\.rawValue)), "statements": .list(.object(SurvivorshipRoutes.statement))]))]))
            ) { call in try await server.heavy.run { try survivors(call) } },
        ]
    }

    static let unknown = Refusal(404, "survivorship.unknown", "There is no such policy.", remedy: "Check its name, or save it first.")

    private func survivors(_ call: Call) throws -> Reply {
        let place = try call.place
        let reader = place.profiles.reader(for: .service)
        guard let profile = try reader.profile(id: call.parameter("id")) else { throw ReadRoutes.noProfile }
        let name = call.query("policy") ?? SurvivorshipPolicy.standard
        let policy = name == SurvivorshipPolicy.standard ? place.survivorship.standard : place.survivorship.find(name)
        guard let policy else { throw SurvivorshipRoutes.unknown }
        let account = call.query("account")
        let context = place.accountReader.contexts(of: profile)
        let choices = try reader.choices(of: profile, by: policy, asOf: try call.time("as_of")) { event in account.map { context.holds(event, $0) } ?? true }
        return Reply { w in
            w.object { w in
                w.member("policy", policy.name)
                w.key("traits")
                w.array { w in
                    for choice in choices {
                        w.object { w in
                            w.member("name", choice.name)
                            w.member("rule", choice.rule.kind.rawValue)
                            w.key("statements")
                            w.array { w in for (index, statement) in choice.statements.enumerated() { SurvivorshipRoutes.write(statement, survives: index == 0, place, &w) } }
                        }
                    }
                }
            }
        }
    }

    private static func write(_ statement: TraitStatement, survives: Bool, _ place: Workspace, _ w: inout JSONWriter) {
        w.object { w in
            w.key("value")
            w.raw(statement.value.bytes)
            w.member("source", place.sources.source(number: statement.source)?.name)
            w.member("sourceId", "src_\(statement.source)")
            w.member("timestamp", statement.timestamp)
            w.member("position", statement.position)
            w.member("count", statement.count)
            w.member("survives", survives)
        }
    }

    private static func write(_ policy: SurvivorshipPolicy, _ w: inout JSONWriter) {
        w.object { w in
            w.member("name", policy.name)
            w.key("rules")
            SurvivorshipStore.write(policy.rules, &w)
            w.member("version", policy.version)
        }
    }

    private static func rules(_ json: JSONText?) throws -> [String: SurvivorshipRule] {
        guard let json, json.isObject else { throw Refusal(400, "survivorship.rules", "`rules` must be an object of rules by trait.", remedy: "Send {\"rules\": {\"city\": {\"rule\": \"frequent\"}}}.") }
        var rules: [String: SurvivorshipRule] = [:]
        for (trait, rule) in json.members { rules[trait] = try self.rule(rule["rule"]?.string ?? "", (rule["sources"]?.elements ?? []).map { $0.string ?? "" }, of: trait) }
        guard rules.count <= SurvivorshipPolicy.rulesMaximum else { throw Refusal(400, "survivorship.too-many", "A policy has at most \(SurvivorshipPolicy.rulesMaximum) rules.", remedy: "Leave out traits that may go by their latest statement.") }
        return rules
    }

    /// - Throws: ``Refusal`` for an unknown rule, and for sources where there must be none or some.
    static func rule(_ kind: String, _ sources: [String], of trait: String) throws -> SurvivorshipRule {
        guard !trait.isEmpty, trait.utf8.count <= 1024 else { throw Refusal(400, "survivorship.trait", "This is no name of a trait.", remedy: "Write it as senders spell it; a nested trait by its first part.") }
        guard let kind = SurvivorshipRule.Kind(rawValue: kind) else {
            throw Refusal(400, "survivorship.rule", "There is no such rule.", remedy: "Use \(SurvivorshipRule.Kind.allCases.map(\.rawValue).joined(separator: ", ")).")
        }
        let needsSources = kind == .sources || kind == .verified
        guard needsSources != sources.isEmpty, sources.count <= 100, sources.allSatisfy({ $0.hasPrefix("src_") && $0.utf8.count <= 20 }) else {
            throw Refusal(400, "survivorship.sources", needsSources ? "This rule names the sources that it goes by, by their ids." : "This rule names no sources.", remedy: "Send {\"rule\": \"sources\", \"sources\": [\"src_2\", \"src_1\"]}.")
        }
        return SurvivorshipRule(kind, sources: sources)
    }
}

extension Workspace {
    /// Saves a policy; where it is the standard one, everything goes by it when this returns.
    func saveSurvivorship(_ name: String, _ rules: [String: SurvivorshipRule], author: String) async throws -> SurvivorshipPolicy {
        guard let policy = try survivorship.save(name, rules, author: author, at: Clock.now()) else {
            throw Refusal(400, "survivorship.too-many", "There are \(SurvivorshipStore.countMaximum) policies already.", remedy: "Delete some that nobody uses.")
        }
        if name == SurvivorshipPolicy.standard { try await obeySurvivorship() }
        return policy
    }
}
