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

    /// Ninety days of history, and the shopkeeper's segments, computed traits, mails and journeys, unless they are there already.
    func fill(progress: (Int) -> Void) throws {
        try fillHistory(progress)
        try setUpMail()
        // Behind the history, so that each asks everyone once instead of with every batch.
        let known = try client.call("GET", "/api/v1/segments").json["segments"]?.elements ?? []
        guard known.isEmpty else { return }
        for trait in Shop.computedTraits { _ = try client.call("POST", "/api/v1/computed-traits", body: trait) }
        for segment in Shop.segments { _ = try client.call("POST", "/api/v1/segments", body: segment) }
        for template in Shop.messageTemplates { _ = try client.call("POST", "/api/v1/templates", body: template) }
        // Last, so that the history begins no run.
        for journey in Shop.journeys {
            let made = try client.call("POST", "/api/v1/journeys", body: journey).json
            _ = try client.call("POST", "/api/v1/journeys/\(made["id"]?.string ?? "")/start", body: body { _ in })
        }
    }

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

    private func fillHistory(_ progress: (Int) -> Void) throws {
        let key = try writeKey()
        let count = try client.call("GET", "/api/v1/overview").json["events"]?.integer ?? 0
        guard count == 0 else { return }
        let now = DemoFiller.now()
        let shop = Shop()
        // About 49 events a person; only for the eyes.
        let expected = max(1, people * 49 / 400)
        var sent = 0
        var shown = 0
        for events in shop.history(until: now, people: people) {
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
