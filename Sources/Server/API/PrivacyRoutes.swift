import HTTPTypes
import Privacy
import Vocabulary

/// What is forgotten, and who is kept out.
extension AdminRoutes {
    private static let identifierShape = Shape.object([
        "userId": .optional(.text), "anonymousId": .optional(.text), "email": .optional(.text), "groupId": .optional(.text), "externalId": .optional(.text),
    ])

    private static func identifier(_ json: JSONText) throws -> Identifier {
        let given = [IdentifierNamespace.userId, .anonymousId, .email, .groupId, .externalId].compactMap { namespace in json[namespace.name]?.string.map { Identifier(namespace, $0) } }
        guard given.count == 1, let identifier = given.first, !identifier.value.isEmpty else {
            throw nobodyNamed
        }
        return identifier
    }

    static let nobodyNamed = Refusal(
        400, "privacy.identifier", "Name one person by userId, anonymousId, email or externalId, or one account by groupId.", remedy: "Send {\"userId\": \"…\"}.")
    static let notSuppressed = Refusal(404, "privacy.not-suppressed", "Nobody is kept out by this identifier.", remedy: "Name the person as they were named when they were suppressed; addresses that get no messages are another list.")

    var privacy: [Route] {
        [
            Route(
                .post, "/api/v1/privacy/erasures", .scope(.privacyWrite), "Forget a person, or an account with all that was said of it: {\"userId\" | \"anonymousId\" | \"email\" | \"groupId\", \"suppress\": false}. With `suppress`, nothing of them is taken in future: `suppressed` says by which kinds of identifiers, `notSuppressed` which are left, since others use them or may.",
                takes: .json(Self.identifierShape.with(["suppress": .optional(.boolean)]), example: "{\"userId\": \"ada\", \"suppress\": true}"),
                answers: .json(.object([
                    "erased": .boolean, "removed": .list(.object(["store": .text, "count": .integer])), "suppressed": .list(.text), "notSuppressed": .list(.text),
                ]))
            ) { call in
                let json = try await call.json()
                let identifier = try Self.identifier(json)
                guard let erased = try await call.place.erase(identifier, suppress: json["suppress"]?.boolean ?? false, at: Clock.now()) else { throw ReadRoutes.noProfile }
                return Reply { w in
                    w.object { w in
                        w.member("erased", true)
                        w.key("removed")
                        w.array { w in for item in erased.receipt.removed { w.object { $0.member("store", item.store); $0.member("count", item.count) } } }
                        w.key("suppressed")
                        w.array { w in for kind in erased.suppressed.kinds.sorted() { w.string(kind) } }
                        w.key("notSuppressed")
                        w.array { w in for kind in erased.suppressed.others.sorted() { w.string(kind) } }
                    }
                }
            },
            Route(
                .post, "/api/v1/privacy/suppressions/lookup", .scope(.privacyWrite), "Whether somebody is kept out, and since when: nothing that names them by this identifier is taken.",
                takes: .json(Self.identifierShape, example: "{\"userId\": \"ada\"}"), answers: .json(.object(["suppressed": .boolean, "at": .orNull(.time)]))
            ) { call in
                let since = try call.place.suppression.since(try Self.identifier(try await call.json()))
                return Reply { w in
                    w.object { w in
                        w.member("suppressed", since != nil)
                        w.member("at", since)
                    }
                }
            },
            Route(
                .delete, "/api/v1/privacy/suppressions", .scope(.privacyWrite), "Take somebody in again who was suppressed, by all the identifiers that were kept out with this one. What was refused meanwhile does not come back.",
                takes: .json(Self.identifierShape, example: "{\"userId\": \"ada\"}"), answers: .json(.success)
            ) { call in
                guard try call.place.suppression.lift(try Self.identifier(try await call.json())) else { throw Self.notSuppressed }
                return Reply { w in w.object { $0.member("success", true) } }
            },
        ]
    }
}
