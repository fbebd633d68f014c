import Storage
public import Vocabulary

/// What becomes of pairs, by how likely they are one person: a versioned document.
public struct MatchSettings: Sendable, Hashable {
    static let (kind, id) = ("resolution", "settings")

    /// Whether likely pairs are merged without asking; only the operator turns it on.
    public var isAutomatic: Bool
    /// Pairs at least so likely are merged, where that is automatic; above 0, below 1.
    public var merge: Double
    /// Pairs at least so likely are for a person to look at; above 0, at most ``merge``.
    public var review: Double
    /// 0 where nobody has set anything.
    public internal(set) var version: Int64

    public static let usual = MatchSettings(isAutomatic: false, merge: 0.95, review: 0.3)

    init(isAutomatic: Bool, merge: Double, review: Double, version: Int64 = 0) {
        (self.isAutomatic, self.merge, self.review, self.version) = (isAutomatic, merge, review, version)
    }

    /// - Throws: ``Refusal`` where the thresholds are no probabilities in order.
    public func checked() throws(Refusal) -> MatchSettings {
        guard merge > 0, merge < 1, review > 0, review <= merge else {
            throw Refusal(400, "match.thresholds", "`merge` and `review` must be above 0 and below 1, and `review` not above `merge`.", remedy: "For example {\"merge\": 0.95, \"review\": 0.3}.")
        }
        return self
    }

    static func load(_ documents: Documents) throws -> MatchSettings {
        guard let document = try documents.get(kind, id) else { return .usual }
        func number(_ name: String) -> Double? { document.body[name].flatMap { Double($0.text) } }
        guard let isAutomatic = document.body["automatic"]?.boolean, let merge = number("merge"), let review = number("review") else { return .usual }
        return MatchSettings(isAutomatic: isAutomatic, merge: merge, review: review, version: document.version)
    }

    /// The settings under their new version.
    func saved(to documents: Documents, author: String, at: Timestamp) throws -> MatchSettings {
        var w = JSONWriter(capacity: 64)
        w.object { w in
            w.member("automatic", isAutomatic)
            w.key("merge")
            w.number(merge)
            w.key("review")
            w.number(review)
        }
        var saved = self
        saved.version = try documents.put(MatchSettings.kind, MatchSettings.id, JSONText(trusted: w.bytes), author: author, at: at)
        return saved
    }
}
