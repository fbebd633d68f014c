import Access
import HTTPTypes
import Identity
import Vocabulary

/// The rules by which people are told apart and joined: a document with versions, what another would change, and putting it in force.
struct IdentityRuleRoutes: Sendable {
    private static let type = Shape.object([
        "name": .text, "use": .described("`join`: whoever names it is one person with whoever else does; `attach`: it belongs to the first who names it; `ignore`: it is none.", .choice(IdentityRules.Use.allCases.map(\.rawValue))),
        "limit": .optional(.described("So many one person may come to have by events; null for any number.", .orNull(.integer))),
        "window": .optional(.described("How long one counts towards the limit.", .choice(IdentityRules.Window.allCases.map(\.rawValue)))),
        "sharedBy": .optional(.described("When more people than so many name one, it is nobody's; null only for userId and groupId.", .orNull(.integer))),
        "paths": .optional(.described("Where a custom one stands in an event: `externalIds`, `traits.loyaltyId`, `ios:context.device.id`.", .list(.text))),
    ])
    private static let document: Members = [
        "types": .described("In the order in which an event's identifiers are joined.", .list(type)),
        "blocked": .optional(.described("Values that are no identifiers, in either case; `*` stands for any text, `?` for one character.", .list(.object(["type": .optional(.text), "value": .text])))),
    ]
    private static let version: Members = [
        "version": .described("0 while nobody has set any.", .integer), "author": .text, "at": .orNull(.time),
        "resolving": .described("How many events have been read to decide everyone anew, and of how many; null when that is done.", .orNull(.object(["done": .integer, "of": .integer]))),
    ]
    private static let difference = Shape.object([
        "profilesBefore": .integer, "profilesAfter": .integer, "joining": .described("Profiles that would be joined with others.", .integer),
        "parting": .described("Profiles that would fall apart.", .integer), "shared": .described("Identifiers that would be nobody's.", .integer),
        "samples": .list(.object(["before": .list(.list(.identifier)), "after": .list(.list(.identifier))])),
    ])
    private static let stated = Shape.object(Members(list: version.list + document.list))

    var routes: [Route] {
        [
            Route(.get, "/api/v1/identity/rules", .scope(.profilesRead), "The rules in force.", answers: .json(IdentityRuleRoutes.stated)) { call in
                let place = try call.place
                return Reply { IdentityRuleRoutes.write(place.rules.current, place, &$0) }
            },
            Route(
                .get, "/api/v1/identity/rules/versions", .scope(.profilesRead), "Every version of the rules, newest first.", answers: .json(.object(["versions": .list(IdentityRuleRoutes.stated)]))
            ) { call in
                let place = try call.place
                let versions = try place.rules.versions()
                return Reply { w in
                    w.object { w in
                        w.key("versions")
                        w.array { w in for version in versions { IdentityRuleRoutes.write(version, place, &w) } }
                    }
                }
            },
            Route(
                .post, "/api/v1/identity/rules/preview", .scope(.profilesRead), "What other rules would make of everyone, from the whole log; nothing changes.",
                takes: .json(.object(IdentityRuleRoutes.document), refusesKinds: false, ignores: IdentityRuleRoutes.stated), answers: .json(IdentityRuleRoutes.difference)
            ) { call in
                let rules = try IdentityRules(try await call.json())
                let difference = try await call.place.difference(to: rules)
                return Reply { IdentityRuleRoutes.write(difference, &$0) }
            },
            Route(
                .put, "/api/v1/identity/rules", .scope(.identityWrite), "Set the rules. Everyone is decided anew in the background; until then all is answered by the former ones.",
                takes: .json(.object(IdentityRuleRoutes.document), refusesKinds: false), answers: .json(IdentityRuleRoutes.stated)
            ) { call in
                let rules = try IdentityRules(try await call.json())
                let place = try call.place
                let version = try place.set(rules, author: AdminRoutes.author(call))
                return Reply { IdentityRuleRoutes.write(version, place, &$0) }
            },
        ]
    }

    private static func write(_ version: IdentityRuleStore.Version, _ place: Workspace, _ w: inout JSONWriter) {
        w.object { w in
            w.member("version", version.number)
            w.member("author", version.author)
            w.member("at", version.at)
            w.key("resolving")
            if let progress = place.resolving {
                w.object {
                    $0.member("done", progress.done)
                    $0.member("of", progress.of)
                }
            } else {
                w.null()
            }
            version.rules.write(members: &w)
        }
    }

    private static func write(_ difference: IdentityDifference, _ w: inout JSONWriter) {
        w.object { w in
            w.member("profilesBefore", difference.profilesBefore)
            w.member("profilesAfter", difference.profilesAfter)
            w.member("joining", difference.joining)
            w.member("parting", difference.parting)
            w.member("shared", difference.shared)
            w.key("samples")
            w.array { w in
                for sample in difference.samples {
                    w.object { w in
                        for (key, people) in [("before", sample.before), ("after", sample.after)] {
                            w.key(key)
                            w.array { w in for person in people { w.array { w in for identifier in person.prefix(identifiersMaximum) { IdentityWriting.write(identifier, &w) } } } }
                        }
                    }
                }
            }
        }
    }
    private static let identifiersMaximum = 50
}
