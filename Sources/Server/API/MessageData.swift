import HTTPTypes
import Profiles
import Segments
import Templates
import Vocabulary

/// What a message's template may read of a person: `profile` with their traits and id, `computed`, `event`, `workspace`, and the links that every message has.
struct MessageData: Sendable {
    /// The names at the top, for checking what a template reads.
    static let roots = ["profile", "computed", "event", "workspace", "language", "unsubscribe_url", "preferences_url"]

    private(set) var record: Record

    /// - Parameters:
    ///   - event: what set the message off, as JSON; null where nothing did.
    ///   - links: `unsubscribe_url` and `preferences_url`.
    init(_ profile: Profile, computed: [ComputedValue], event: JSONText?, workspace: String, links: [(key: String, value: String)]) {
        var traits = profile.traits.filter { !$0.value.isNull }.map { (key: $0.name, value: Value($0.value)) }
        traits.append(("id", .text(profile.id)))
        var members: [(key: String, value: Value)] = [
            ("profile", .record(Record(traits))), ("computed", .record(Record(computed.map { ($0.trait.name, Value($0.json)) }))), ("workspace", .text(workspace)),
        ]
        if let event { members.append(("event", Value(event))) }
        if let language = ["language", "locale", "lang"].lazy.compactMap({ name in profile.traits.first { $0.name == name }?.value.string }).first { members.append(("language", .text(language))) }
        record = Record(members + links.map { ($0.key, .text($0.value)) })
    }
}

extension MessageData {
    /// Of a message that is sent: beside the person stands each member of what was decided, such as `event` and `journey`, under its own name.
    init(_ profile: Profile, computed: [ComputedValue], data: JSONText, workspace: String, links: [(key: String, value: String)]) {
        self = MessageData(profile, computed: computed, event: data["event"], workspace: workspace, links: links).adding(data)
    }

    /// With what is handed in beside the person.
    func adding(_ data: JSONText?) -> MessageData {
        var more = self
        more.record = record.adding((data?.members ?? []).filter { !MessageData.roots.contains($0.key) }.map { ($0.key, Value($0.value)) })
        return more
    }
}

extension Call {
    /// The person that a body names by `profileId` or one identifier, as they are now or were at `asOf`.
    func person(in json: JSONText, _ server: MartletServer) async throws -> (profile: Profile, asOf: Timestamp?) {
        let reader = try place.profiles.reader(for: .service)
        var current: Profile?
        var asked: Identifier?
        if let id = json["profileId"]?.string { current = try reader.profile(id: id) } else {
            for namespace in IdentifierNamespace.allCases {
                guard let value = json[namespace.name]?.string, !value.isEmpty else { continue }
                let identifier = Identifier(namespace, Array(value.utf8))
                (asked, current) = (identifier, try reader.profile(identifier))
                break
            }
        }
        guard let current else { throw Refusal(404, "profile.unknown", "There is no such person.", remedy: "Send `profileId`, or one of userId, anonymousId, email.") }
        guard let text = json["asOf"] else { return (current, nil) }
        guard let asOf = text.string.flatMap({ Timestamp($0) }) else { throw Refusal(400, "request.parameter", "`asOf` is not a time.", remedy: "Write it as 2026-07-01T00:00:00Z.") }
        let from = asked
        return (try await server.heavy.run { try reader.profile(current, from: from, asOf: asOf, knownAt: nil) }, asOf)
    }
}
