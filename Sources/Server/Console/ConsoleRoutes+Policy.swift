import Console
import Delivery
import Vocabulary

/// Caps and quiet hours, and destinations.
extension ConsoleRoutes {
    var policy: [Route] {
        [
            page("/sending-policy", "Caps and quiet hours.") { visit in visit.html(PolicyPage(visit.place.policy.current, in: visit.place)) },
            action("/sending-policy", "Change caps and quiet hours.") { visit, form in
                var page = PolicyPage(visit.place.policy.current, in: visit.place)
                (page.caps, page.quietHours, page.zone) = (form.text("caps"), form.text("quietHours"), form.text("zone").trimmed)
                (page.publicAddress, page.webhookDestination) = (form.text("publicAddress").trimmed, form.text("webhookDestination"))
                page.keepDays = form["keepDays"]?.trimmed ?? page.keepDays
                page.edition = visit.edition(form, visit.place.policy.version)
                do {
                    let (policy, seen) = (try page.policy(), page.edition.version)
                    try visit.saving({ visit.place.policy.version }) { try PolicyRoutes.save(policy, replacing: seen, visit.place, author: ConsoleRoutes.author) }
                } catch let refusal as Refusal where refusal.status < 500 {
                    page.problem = ConsoleProblem(refusal.explanation)
                    if page.problem?.code == Edition.stale { (page.edition, page.version) = (Edition(visit.place.policy.version), visit.place.policy.version) }
                    return visit.html(page, at: "/sending-policy")
                }
                return visit.done(.policySaved, at: "/sending-policy")
            },
        ]
    }

    var destinations: [Route] {
        [
            page("/destinations", "Who is told of events and segments.") { visit in visit.html(DestinationsPage(rows: try visit.destinationRows())) },
            action("/destinations", "Make a destination.") { visit, form in
                let typed = DestinationsPage.Typed(name: form.name(), url: form.text("url").trimmed, events: form.text("events"), segments: form.text("segments"), condition: form.text("condition"), isSharing: form.text("sharing") == "1")
                var w = JSONWriter()
                w.object { w in
                    w.member("name", typed.name)
                    w.member("url", typed.url)
                    w.member("condition", typed.condition)
                    w.member("sharing", typed.isSharing)
                    for (key, text) in [("events", typed.events), ("segments", typed.segments)] {
                        w.key(key)
                        w.array { w in for item in text.split(separator: ",").map({ String($0).trimmed }) where !item.isEmpty { w.string(item) } }
                    }
                }
                do {
                    let saved = try DestinationRoutes.create(w.text, visit.place, visit.server, author: ConsoleRoutes.author, from: nil)
                    return visit.html(DestinationsPage(rows: try visit.destinationRows(), secret: (saved.name, saved.secrets.first ?? "", true)), at: "/destinations", status: .ok)
                } catch let refusal as Refusal where refusal.status == 400 {
                    return visit.html(DestinationsPage(rows: try visit.destinationRows(), typed: typed, problem: ConsoleProblem(refusal.explanation)), at: "/destinations")
                }
            },
            action("/destinations/{id}/rotate", "Give a destination a new secret.") { visit, _ in
                guard let saved = try visit.place.destinations.update(visit.id, author: ConsoleRoutes.author, at: visit.now, { DestinationRoutes.rotate(&$0, isLast: false) }) else { throw Visit.gone }
                return visit.html(DestinationsPage(rows: try visit.destinationRows(), secret: (saved.name, saved.secrets.first ?? "", false)), at: "/destinations", status: .ok)
            },
            action("/destinations/{id}/enable", "Switch a destination on.") { visit, _ in
                try visit.change { destination in (destination.isEnabled, destination.offReason) = (true, "") }
            },
            action("/destinations/{id}/disable", "Switch a destination off.") { visit, _ in try visit.change { $0.isEnabled = false } },
            action("/destinations/{id}/share", "Tell a destination only of people who said yes to sharing.") { visit, _ in try visit.change { $0.isSharing = true } },
            action("/destinations/{id}/unshare", "Tell a destination of everyone, as a processor of ours.") { visit, _ in try visit.change { $0.isSharing = false } },
            action("/destinations/{id}/condition", "Change whom a destination is told about.") { visit, form in
                var w = JSONWriter()
                w.object { $0.member("condition", form.text("condition")) }
                let json = w.text
                do { return try visit.change { try DestinationRoutes.change(&$0, json, visit.place, visit.server) } } catch let refusal as Refusal where refusal.status == 400 {
                    return visit.html(DestinationsPage(rows: try visit.destinationRows(), problem: ConsoleProblem(refusal.explanation)), at: "/destinations")
                }
            },
            action("/destinations/{id}/delete", "Delete a destination.") { visit, form in
                guard let destination = visit.place.destinations.find(visit.id) else { throw Visit.gone }
                guard form.confirms(destination.name) else { return visit.done(.nameDiffers, at: "/destinations") }
                guard try visit.place.journeys(using: destination).isEmpty else { return visit.done(.usedByJourneys, at: "/destinations") }
                guard let gone = try visit.place.destinations.delete(destination.id, author: ConsoleRoutes.author, at: visit.now) else { throw Visit.gone }
                try visit.place.feed.end(gone)
                return visit.done(.destinationDeleted, at: "/destinations")
            },
        ]
    }
}

extension Visit {
    fileprivate func change(_ body: (inout Destination) throws -> Void) throws -> Reply {
        guard try place.destinations.update(id, author: ConsoleRoutes.author, at: now, body) != nil else { throw Visit.gone }
        place.feed.wake()
        return done(.destinationSaved, at: "/destinations")
    }

    fileprivate func destinationRows() throws -> [DestinationsPage.Row] {
        let lanes = Dictionary(uniqueKeysWithValues: try place.outbox.laneStatus().map { ($0.name, $0) })
        return place.destinations.all.map { destination in
            DestinationsPage.Row(
                id: destination.id, name: destination.name, url: destination.url, isEnabled: destination.isEnabled, offReason: destination.offReason,
                told: destination.events + destination.segments.map { place.segments.find($0)?.name ?? $0 }, condition: destination.condition, isSharing: destination.isSharing, waiting: lanes[destination.id]?.waiting ?? 0, dead: lanes[destination.id]?.dead ?? 0)
        }
    }
}

// MARK: - The policy as lines

extension PolicyPage {
    fileprivate init(_ policy: SendingPolicy, in place: Workspace) {
        let caps = policy.caps.map { cap in
            var fields = [cap.name, String(cap.limit), cap.hours.map(String.init) ?? "\(cap.minutes) min"]
            for (name, value) in [("channel", cap.channel), ("purpose", cap.purpose), ("topic", cap.topic)] where !value.isEmpty { fields.append("\(name)=\(value)") }
            if !cap.per.isEmpty { fields.append("per=" + SendingPolicy.Cap.Dimension.allCases.filter(cap.per.contains).map(\.rawValue).joined(separator: "+")) }
            if cap.whenFull == .wait { fields.append("wait") }
            return fields.joined(separator: "; ")
        }
        let quiet = policy.quietHours.map { quiet in
            ([SendingPolicy.QuietHours.clock(quiet.from) + "-" + SendingPolicy.QuietHours.clock(quiet.to)] + (quiet.channels.isEmpty ? [] : [quiet.channels.joined(separator: ", ")])).joined(separator: "; ")
        }
        self.init(
            caps: caps.joined(separator: "\n"), quietHours: quiet.joined(separator: "\n"), zone: policy.zone, publicAddress: policy.publicAddress, webhookDestination: policy.webhookDestination,
            keepDays: String(policy.keepDays), destinations: place.destinations.all.map { ($0.id, $0.name) }, version: place.policy.version)
    }

    /// `24` are hours, `30 min` minutes.
    private static func minutes(_ text: String) -> Int? {
        if text.hasSuffix("min") { return Int(String(text.dropLast(3)).trimmed) }
        return Int(text).flatMap { (-1_000_000...1_000_000).contains($0) ? $0 * 60 : nil }
    }

    /// The policy that the form says.
    ///
    /// - Throws: ``Refusal`` 400 that names the line which cannot be read.
    fileprivate func policy() throws -> SendingPolicy {
        func rows(_ text: String) -> [[String]] {
            text.split(whereSeparator: \.isNewline).map { $0.split(separator: ";", omittingEmptySubsequences: false).map { String($0).trimmed } }.filter { !$0.allSatisfy(\.isEmpty) }
        }
        func wrong(_ row: [String], _ remedy: String) -> Refusal { Refusal(400, "policy.invalid", "The line `\(row.joined(separator: "; ").prefix(80))` cannot be read.", remedy: remedy) }
        let caps = try rows(caps).map { row in
            guard row.count >= 3, let limit = Int(row[1]), let minutes = Self.minutes(row[2]) else { throw wrong(row, "Write name; how many; in how many hours, as day; 2; 24, or minutes, as gap; 1; 30 min.") }
            var values: [String: String] = [:]
            for field in row.dropFirst(3) where !field.isEmpty {
                let sides = field.split(separator: "=", maxSplits: 1).map { String($0).trimmed }
                guard sides.count == 2 && ["channel", "purpose", "topic", "per"].contains(sides[0]) || sides == ["wait"] else { throw wrong(row, "Behind the hours stand channel=, purpose=, topic=, per= or wait.") }
                values[sides[0]] = sides.count == 2 ? sides[1] : ""
            }
            let per = (values["per"] ?? "").split(separator: "+").map { SendingPolicy.Cap.Dimension(rawValue: String($0)) }
            guard !per.contains(nil) else { throw wrong(row, "per= names channel, purpose, topic or context, with + between.") }
            return SendingPolicy.Cap(
                name: row[0], limit: limit, minutes: minutes, channel: values["channel"] ?? "", purpose: values["purpose"] ?? "", topic: values["topic"] ?? "", per: Set(per.compactMap { $0 }),
                whenFull: values["wait"] == nil ? .refuse : .wait)
        }
        let quiet = try rows(quietHours).map { row in
            let times = row[0].split(separator: "-").map { SendingPolicy.QuietHours.minutes(String($0).trimmed) }
            guard times.count == 2, let from = times[0], let to = times[1] else { throw wrong(row, "Write 21:00-08:00, and channels behind a semicolon.") }
            return SendingPolicy.QuietHours(from: from, to: to, channels: row.count > 1 ? row[1].split(separator: ",").map { String($0).trimmed }.filter { !$0.isEmpty } : [])
        }
        guard let days = Int(keepDays) else { throw Refusal(400, "policy.invalid", "The days for which messages are kept are no number.", remedy: "Write \(SendingPolicy.keepDaysStandard).") }
        return SendingPolicy(caps: caps, quietHours: quiet, zone: zone, publicAddress: publicAddress, webhookDestination: webhookDestination, keepDays: days)
    }
}
