import ArgumentParser
import Demo
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif
import Server
import Vocabulary

struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo", abstract: "Fill the workspace `demo` with a tea shop's 90 days of history, or remove it.")
    @Flag(help: "Remove everything in the workspace `demo`.") var remove = false
    @Option(help: "How many people the shop knows.") var people = 20_000
    @OptionGroup var options: FolderOptions

    mutating func run() async {
        options.workspace = "demo"
        let (remove, people) = (remove, people)
        await talk(options, makesFolder: true) { client in
            if remove {
                _ = try client.call("DELETE", "/api/v1/workspaces/demo")
                return Output.line("The demo is removed.")
            }
            try DemoFiller(client: client, people: people).fill { Output.line("Filled \($0) %") }
        }
    }

    mutating func validate() throws {
        guard (1...1_000_000).contains(people) else { throw ValidationError("--people must be from 1 to 1000000.") }
    }
}

/// Sends the shop's history and its live trickle through the public API.
struct DemoFiller {
    static let sourceName = "Wren & Daughters shop"
    let client: LocalClient
    var people = 20_000

    private func writeKey() throws -> String {
        let sources = try client.call("GET", "/api/v1/sources").json["sources"]?.elements ?? []
        if let known = sources.first(where: { $0["name"]?.string == DemoFiller.sourceName }), let key = known["writeKey"]?.string { return key }
        let made = try client.call("POST", "/api/v1/sources", body: body { $0.member("name", DemoFiller.sourceName) }).json
        return made["writeKey"]?.string ?? ""
    }

    private func send(_ events: [UInt8], key: String) throws {
        while true {
            do {
                _ = try client.call("POST", "/v1/batch", body: events, headers: [("X-Write-Key", key)])
                return
            } catch let refusal as Refusal where refusal.status == 429 || refusal.status == 503 {
                sleep(1)
            }
        }
    }

    /// Ninety days of history, and the shopkeeper's segments, computed traits, mails and journeys; whatever is there already stays, and what broke off goes on.
    ///
    /// The last journey is started last of all, so that a shop in which it runs, or ran, is complete.
    func fill(progress: (Int) -> Void) throws {
        let journeys = try named("journeys")
        if journeys.contains(where: { $0.name == Shop.journeys.last?.name && $0.isStarted }) { return }
        try fillHistory(progress)
        try setUpMail()
        try setUpConsent()
        // Behind the history, so that each asks everyone once instead of with every batch.
        for (kind, bodies) in [("computed-traits", Shop.computedTraits), ("segments", Shop.segments), ("templates", Shop.messageTemplates)] {
            let known = Set(try named(kind).map(\.name))
            for body in bodies where !known.contains(DemoFiller.name(body)) { _ = try client.call("POST", "/api/v1/\(kind)", body: body) }
        }
        // Last, so that the history begins no run.
        for journey in Shop.journeys {
            let known = journeys.first { $0.name == journey.name }
            if let known, known.isStarted { continue }
            let id = try known?.id ?? client.call("POST", "/api/v1/journeys", body: journey.body).json["id"]?.string ?? ""
            _ = try client.call("POST", "/api/v1/journeys/\(id)/start", body: body { _ in })
        }
    }

    /// What the workspace has of a kind.
    private func named(_ kind: String) throws -> [(name: String, id: String, isStarted: Bool)] {
        let list = try client.call("GET", "/api/v1/\(kind)").json[kind == "computed-traits" ? "computedTraits" : kind]?.elements ?? []
        return list.map { ($0["name"]?.string ?? "", $0["id"]?.string ?? "", $0["state"]?.string != "draft") }
    }

    private static func name(_ body: [UInt8]) -> String { JSONText(validating: body)?["name"]?.string ?? "" }

    /// The shop's mail goes to the catcher, so that nobody real is ever written to.
    private func setUpMail() throws {
        guard try client.call("GET", "/api/v1/channels/email", takesRefusal: true).status == 404 else { return }
        let settings = body { w in
            w.key("from")
            w.object { $0.member("name", "Wren & Daughters"); $0.member("address", "shop@wren.example") }
            w.member("host", "catcher")
            w.member("bounceAddress", "b@bounces.wren.example")
            w.member("postalAddress", "Wren & Daughters\n1 Tea Lane, London")
        }
        _ = try client.call("PATCH", "/api/v1/channels/email", body: settings)
    }

    /// What the shop's mails are about stands on its preference page.
    private func setUpConsent() throws {
        let known = try client.call("GET", "/api/v1/consent-settings").json["purposes"]?.elements ?? []
        guard !known.contains(where: { $0["name"]?.string == Shop.offers }) else { return }
        _ = try client.call("PUT", "/api/v1/consent-settings", body: Shop.consentSettings)
    }

    private func fillHistory(_ progress: (Int) -> Void) throws {
        let key = try writeKey()
        let shop = Shop()
        // A history that broke off goes on with the same clock: what was sent before is dropped as duplicates.
        let until = try begun() ?? DemoFiller.now()
        // About 49 events a person; only for the eyes.
        let expected = max(1, people * 49 / 400)
        var sent = 0
        var shown = 0
        for events in shop.history(until: until, people: people) {
            try send(events, key: key)
            sent += 1
            let percent = min(99, sent * 100 / expected)
            if percent >= shown + 10 {
                shown = percent
                progress(percent)
            }
        }
        progress(100)
    }

    /// When a history that broke off was begun, by the workspace's first event, in milliseconds since 1970; nil where that is no longer of use.
    private func begun() throws -> Int64? {
        let first = try client.call("GET", "/api/v1/events?limit=1").json["events"]?.elements.first
        guard let time = first?["receivedAt"]?.string.flatMap({ Timestamp($0) })?.milliseconds, DemoFiller.now() - time < 86_400_000 else { return nil }
        return time
    }

    /// Visitors who come and go until the process ends.
    func trickle() throws {
        let key = try writeKey()
        var visitors = Trickle(shop: Shop(), people: people, startingAt: DemoFiller.now())
        while true {
            let (events, waitMs) = visitors.next(now: DemoFiller.now())
            if !events.isEmpty { try send(events, key: key) }
            usleep(UInt32(max(1, min(waitMs, 5000))) * 1000)
        }
    }

    private static func now() -> Int64 {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }
}
