import Segments
public import Vocabulary

/// How often and when people of a workspace are sent messages, whoever decides to send them.
///
/// Messages whose purpose the workspace's consent policy grants, such as a receipt (`service`), are neither counted nor held back.
public struct SendingPolicy: Sendable, Hashable {
    /// So many messages in so many minutes that slide along with the clock.
    public struct Cap: Sendable, Hashable {
        /// What is counted apart from the rest.
        public enum Dimension: String, Sendable, CaseIterable { case channel, purpose, topic, context }
        public enum Full: String, Sendable, CaseIterable {
            /// The message is refused.
            case refuse
            /// It waits until there is room.
            case wait
        }

        public let name: String
        public let limit: Int
        /// Sixty for each hour where the policy speaks of hours.
        public let minutes: Int
        /// Of which messages it speaks; empty for all.
        public let channel: String
        public let purpose: String
        public let topic: String
        /// Messages that differ in one of these do not count against each other.
        public let per: Set<Dimension>
        public let whenFull: Full

        public init(name: String, limit: Int, minutes: Int, channel: String = "", purpose: String = "", topic: String = "", per: Set<Dimension> = [], whenFull: Full = .refuse) {
            (self.name, self.limit, self.minutes, self.channel, self.purpose, self.topic, self.per, self.whenFull) = (name, limit, minutes, channel, purpose, topic, per, whenFull)
        }
    }

    /// A stretch of each day, by the clock of the person's own time zone, in which messages wait.
    public struct QuietHours: Sendable, Hashable {
        /// Minutes since midnight; an end before the beginning is on the next day.
        public let from: Int
        public let to: Int
        /// Empty for all.
        public let channels: [String]

        public init(from: Int, to: Int, channels: [String] = []) { (self.from, self.to, self.channels) = (from, to, channels) }
    }

    public var caps: [Cap]
    public var quietHours: [QuietHours]
    /// Of people of whom no zone is known (``Profile/timeZone``).
    public var zone: String
    /// Where people reach this Martlet, such as `https://shop.example`: links in messages begin so. Empty for the address at which it listens.
    public var publicAddress: String
    /// The destination to which messages of the channel `webhook` go, by id; empty for none.
    public var webhookDestination: String
    /// How many days messages, calls and what became of them are kept after their end.
    public var keepDays: Int

    public init(
        caps: [Cap] = [], quietHours: [QuietHours] = [], zone: String = "UTC", publicAddress: String = "", webhookDestination: String = "", keepDays: Int = SendingPolicy.keepDaysStandard
    ) {
        (self.caps, self.quietHours, self.zone, self.publicAddress, self.webhookDestination, self.keepDays) = (caps, quietHours, zone, publicAddress, webhookDestination, keepDays)
    }

    /// A year, with room for who compares with the month of the year before.
    public static let keepDaysStandard = 400
    /// The longest that people ask to hear from somebody is once a month.
    private static let keepDaysPossible = 32...3660

    /// What ended before is removed.
    func keptSince(_ now: Timestamp) -> Timestamp { Timestamp(clamping: now.milliseconds - Int64(keepDays) * 86_400_000) }

    /// Before anybody changed it.
    public static let standard = SendingPolicy()
    public static let countMaximum = 20
    private static let nameMaximum = 64
    /// A year.
    private static let minutesMaximum = 8784 * 60

    /// What is wrong with it; nil where nothing is.
    public var fault: Explanation? {
        func explain(_ problem: String, _ remedy: String) -> Explanation { Explanation(code: "policy.invalid", problem: problem, remedy: remedy) }
        guard caps.count <= SendingPolicy.countMaximum, quietHours.count <= SendingPolicy.countMaximum else {
            return explain("There are more than \(SendingPolicy.countMaximum) caps or quiet hours.", "Join some of them.")
        }
        guard Set(caps.map(\.name)).count == caps.count else { return explain("Two caps have one name.", "Name each once.") }
        for cap in caps {
            guard !cap.name.isEmpty, cap.name.utf8.count <= SendingPolicy.nameMaximum, !cap.name.hasControlCharacters else { return explain("A cap's name has 1 to \(SendingPolicy.nameMaximum) bytes on one line, without control characters.", "Call it `day`, for example.") }
            guard (0...1_000_000).contains(cap.limit), (1...SendingPolicy.minutesMaximum).contains(cap.minutes) else {
                return explain("The cap `\(cap.name)` needs a limit from 0, and hours or minutes up to \(SendingPolicy.minutesMaximum / 60) hours.", "Write {\"name\": \"day\", \"limit\": 2, \"hours\": 24}, or {\"name\": \"gap\", \"limit\": 1, \"minutes\": 30}.")
            }
        }
        guard SendingPolicy.keepDaysPossible.contains(keepDays) else {
            return explain("Messages are kept for \(SendingPolicy.keepDaysPossible.lowerBound) to \(SendingPolicy.keepDaysPossible.upperBound) days.", "Write {\"keepDays\": \(SendingPolicy.keepDaysStandard)}.")
        }
        for cap in caps where cap.minutes > keepDays * 1440 {
            return explain("The cap `\(cap.name)` counts messages of \(cap.minutes / 60) hours, which are kept for \(keepDays) days only.", "Keep them longer, or count fewer hours.")
        }
        for quiet in quietHours where !(0..<1440).contains(quiet.from) || !(0..<1440).contains(quiet.to) || quiet.from == quiet.to {
            return explain("Quiet hours need a beginning and another end, each from 00:00 to 23:59.", "Write {\"from\": \"21:00\", \"to\": \"08:00\"}.")
        }
        if Result(catching: { () throws(ZoneError) in try ZoneRules.named(TimeZoneName(name: zone)) }).isFailure {
            return explain("This machine knows no time zone `\(zone.prefix(64))`.", "Write it as Europe/Madrid.")
        }
        guard publicAddress.isEmpty || publicAddress.hasPrefix("https://") || publicAddress.hasPrefix("http://"), publicAddress.utf8.count <= 200, !publicAddress.hasSuffix("/") else {
            return explain("The public address begins with https:// and ends without a slash.", "Write https://shop.example.")
        }
        return nil
    }
}

extension SendingPolicy.Cap {
    /// The window in hours; nil where it is no whole number of them.
    public var hours: Int? { minutes % 60 == 0 ? minutes / 60 : nil }
    /// Milliseconds.
    var window: Int64 { Int64(minutes) * 60_000 }

    /// Of `hours` or `minutes`, one of which stands there.
    fileprivate static func minutes(_ json: JSONText) -> Int? {
        switch (json["hours"]?.integer, json["minutes"]?.integer) {
        case (let hours?, nil) where json["minutes"] == nil && (0...1_000_000).contains(hours): Int(hours) * 60
        case (nil, let minutes?) where json["hours"] == nil && (0...1_000_000).contains(minutes): Int(minutes)
        default: nil
        }
    }
}

extension Result { fileprivate var isFailure: Bool { if case .failure = self { true } else { false } } }

// MARK: - As JSON

extension SendingPolicy {
    public func write(_ w: inout JSONWriter) {
        w.member("zone", zone)
        w.member("publicAddress", publicAddress)
        w.member("webhookDestination", webhookDestination)
        w.member("keepDays", keepDays)
        w.key("caps")
        w.array { w in
            for cap in caps {
                w.object { w in
                    w.member("name", cap.name)
                    w.member("limit", cap.limit)
                    if let hours = cap.hours { w.member("hours", hours) } else { w.member("minutes", cap.minutes) }
                    w.member("channel", cap.channel)
                    w.member("purpose", cap.purpose)
                    w.member("topic", cap.topic)
                    w.key("per")
                    w.array { w in for dimension in Cap.Dimension.allCases where cap.per.contains(dimension) { w.string(dimension.rawValue) } }
                    w.member("whenFull", cap.whenFull.rawValue)
                }
            }
        }
        w.key("quietHours")
        w.array { w in
            for quiet in quietHours {
                w.object { w in
                    w.member("from", QuietHours.clock(quiet.from))
                    w.member("to", QuietHours.clock(quiet.to))
                    w.key("channels")
                    w.array { w in for channel in quiet.channels { w.string(channel) } }
                }
            }
        }
    }

    /// What somebody wrote in caps and quiet hours that would be passed over in silence, and so make them speak of other messages than they meant; nil where nothing is.
    public static func misunderstanding(in json: JSONText) -> Explanation? {
        let (capMembers, quietMembers) = (["name", "limit", "hours", "minutes", "channel", "purpose", "topic", "per", "whenFull"], ["from", "to", "channels"])
        func unknown(_ item: JSONText, _ known: [String], _ what: String) -> Explanation? {
            item.members.first { !known.contains($0.key) }.map {
                Explanation(code: "policy.unknown-member", problem: "\(what) have no member `\($0.key.prefix(64))`.", remedy: "Members are: \(known.joined(separator: ", ")).")
            }
        }
        for name in ["caps", "quietHours"] {
            if let list = json[name], !list.isArray { return Explanation(code: "policy.invalid", problem: "`\(name)` must be a list.", remedy: "Take what GET answers, and change it.") }
        }
        for cap in json["caps"]?.elements ?? [] {
            if let fault = unknown(cap, capMembers, "Caps") { return fault }
            if (cap["hours"] == nil) == (cap["minutes"] == nil) {
                return Explanation(code: "policy.invalid", problem: "A cap says how long its window is, in `hours` or in `minutes`.", remedy: "Write one of them, as {\"name\": \"day\", \"limit\": 2, \"hours\": 24}.")
            }
            for name in ["channel", "purpose", "topic", "whenFull"] where cap[name].map({ $0.string == nil }) ?? false {
                return Explanation(code: "policy.invalid", problem: "`\(name)` of a cap must be a text.", remedy: "Leave it out where the cap speaks of every one.")
            }
            if let per = cap["per"], !per.isArray || per.elements.contains(where: { $0.string.flatMap(Cap.Dimension.init) == nil }) {
                return Explanation(code: "policy.invalid", problem: "`per` of a cap must be a list of what is counted apart.", remedy: "Write [\"channel\"]; it may name \(Cap.Dimension.allCases.map(\.rawValue).joined(separator: ", ")).")
            }
        }
        for quiet in json["quietHours"]?.elements ?? [] {
            if let fault = unknown(quiet, quietMembers, "Quiet hours") { return fault }
            if let channels = quiet["channels"], !channels.isArray || channels.elements.contains(where: { $0.string == nil }) {
                return Explanation(code: "policy.invalid", problem: "`channels` of quiet hours must be a list of texts.", remedy: "Write [\"email\"]; leave it out for every channel.")
            }
        }
        return nil
    }

    /// Nil where the JSON is not of this shape; what it leaves out is as before anybody changed it.
    public init?(_ json: JSONText) {
        var (caps, quietHours): ([Cap], [QuietHours]) = ([], [])
        for item in json["caps"]?.elements ?? [] {
            guard let name = item["name"]?.string, let limit = item["limit"]?.integer, let minutes = Cap.minutes(item), let whenFull = Cap.Full(rawValue: item["whenFull"]?.string ?? "refuse") else { return nil }
            let per = (item["per"]?.elements ?? []).map { $0.string.flatMap(Cap.Dimension.init) }
            guard !per.contains(nil), limit >= 0, limit <= 1_000_000 else { return nil }
            caps.append(Cap(
                name: name, limit: Int(limit), minutes: minutes, channel: item["channel"]?.string ?? "", purpose: item["purpose"]?.string ?? "", topic: item["topic"]?.string ?? "",
                per: Set(per.compactMap { $0 }), whenFull: whenFull))
        }
        for item in json["quietHours"]?.elements ?? [] {
            guard let from = item["from"]?.string.flatMap(QuietHours.minutes), let to = item["to"]?.string.flatMap(QuietHours.minutes) else { return nil }
            quietHours.append(QuietHours(from: from, to: to, channels: (item["channels"]?.elements ?? []).compactMap(\.string)))
        }
        var keepDays = SendingPolicy.keepDaysStandard
        if let asked = json["keepDays"] {
            guard let days = asked.integer, days >= 0, days <= 1_000_000 else { return nil }
            keepDays = Int(days)
        }
        self.init(
            caps: caps, quietHours: quietHours, zone: json["zone"]?.string ?? "UTC", publicAddress: json["publicAddress"]?.string ?? "", webhookDestination: json["webhookDestination"]?.string ?? "",
            keepDays: keepDays)
    }
}

extension SendingPolicy.QuietHours {
    /// Minutes since midnight, from `21:00`.
    public static func minutes(_ text: String) -> Int? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ $0.utf8.count == 2 && $0.utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 } }), let hour = Int(parts[0]), let minute = Int(parts[1]), hour < 24, minute < 60
        else { return nil }
        return hour * 60 + minute
    }

    /// `21:00`.
    public static func clock(_ minutes: Int) -> String { [minutes / 60, minutes % 60].map { ($0 < 10 ? "0" : "") + String($0) }.joined(separator: ":") }
}
