import Console
import HTTPTypes
import Ingest
import Profiles
import Vocabulary

/// Health, metrics, overview, the API's own description.
struct OperationRoutes: Sendable {
    let server: MartletServer

    var routes: [Route] {
        [
            Route(.get, "/health", .open, "Whether Martlet works, with the reasons when it does not.", answers: .json(OperationRoutes.healthShape).or(.json(OperationRoutes.healthShape, status: 503, "It fails, for these reasons."))) { _ in health() },
            Route(.get, "/metrics", .scope(.operationsRead), "Measurements in Prometheus's text form.", answers: .content("text/plain", "One measurement a line.")) { _ in
                Reply(type: "text/plain; version=0.0.4; charset=utf-8", bytes: Array(metrics().utf8))
            },
            Route(.get, "/api/openapi.json", .open, "This document.", answers: .json(.anyObject)) { _ in Reply(json: server.openAPI) },
            Route(.get, "/api/v1/overview", .scope(.operationsRead), "Counts of a workspace.", answers: .json(OperationRoutes.overviewShape)) { try overview($0) },
            Route(.get, "/api/v1/live", .scope(.eventsRead), "Arrivals with their verdicts as server-sent events, until the reader goes.", answers: .stream("One arrival an event.")) { call in
                let stream = LiveStream(
                    place: try call.place, filter: LivePage.Filter(call), language: .english, isAdmitted: server.folder.admission(of: call.caller),
                    after: call.request.headers[.init("Last-Event-ID")!].flatMap { Int($0) })
                var reply = Reply(stream: "text/event-stream; charset=utf-8") { writer in
                    try await stream.run(&writer)
                    try await writer.finish(nil)
                }
                reply.headers[.cacheControl] = "no-store"
                return reply
            },
            Route(.delete, "/api/v1/workspaces/{name}", .local, "Remove everything in a workspace.") { call in
                guard call.parameter("name") == "demo" else {
                    throw Refusal(400, "workspace.kept", "Only the workspace demo can be removed.", remedy: "Stop Martlet and delete the data folder to remove everything.")
                }
                try await MartletServer.onThread("martlet-clear") { try server.folder.clear("demo") }
                server.sourcesChanged()
                return Reply { $0.object { $0.member("success", true) } }
            },
            Route(.post, "/api/v1/sign-in-links", .local, "A one-time link to the console.") { _ in
                let secret = try server.folder.sessions.makeLink(at: Clock.now())
                return Reply { w in
                    w.object { w in
                        w.member("path", "/sign-in/\(secret)")
                        w.member("address", server.address)
                    }
                }
            },
        ]
    }

    private static let healthShape = Shape.named("Health", .object(["status": .choice(["ok", "degraded", "failing"]), "reasons": .list(.explanation)]))
    private static let overviewShape = Shape.object([
        "workspace": .text, "events": .integer, "applied": .described("Events that profiles show.", .integer), "profiles": .integer, "identifiers": .integer,
        "merges": .integer, "quarantined": .integer, "duplicatesSinceStart": .integer, "logBytes": .integer,
        "perMinute": .described("Events of each of the last sixty minutes, oldest first.", .list(.integer)),
    ])

    private func health() -> Reply {
        var reasons: [Explanation] = server.memory.isShort ? [server.memory.explanation] : []
        for (_, workspace) in server.folder.workspaces.sorted(by: { $0.key < $1.key }) {
            if let trouble = workspace.ingest.trouble { reasons.append(trouble.explanation) }
            if let missing = workspace.missing { reasons.append(missing) }
            if !workspace.log.recovery.lost.isEmpty {
                reasons.append(Workspace.lostEvents(workspace.log.recovery.lost, of: workspace.name, in: workspace.log))
            } else if !workspace.log.recovery.isClean || workspace.log.damageMet > 0 {
                reasons.append(Explanation(code: "log.damaged", problem: "Some events of workspace \(workspace.name) cannot be read.", remedy: "Run `martlet doctor`."))
            }
        }
        let isFailing = reasons.contains { !["log.damaged", "log.missing"].contains($0.code) }
        return Reply(status: isFailing ? .serviceUnavailable : .ok) { w in
            w.object { w in
                w.member("status", isFailing ? "failing" : reasons.isEmpty ? "ok" : "degraded")
                w.key("reasons")
                w.array { w in for reason in reasons { w.object { $0.member("code", reason.code); $0.member("problem", reason.problem); $0.member("remedy", reason.remedy) } } }
            }
        }
    }

    private func overview(_ call: Call) throws -> Reply {
        let place = try call.place
        let totals = place.profiles.totals()
        let counters = place.ingest.totals
        return try Reply { w in
            try w.object { w in
                w.member("workspace", place.name)
                w.member("events", place.log.count)
                w.member("applied", place.log.count(before: place.folds.appliedPosition))
                w.member("profiles", totals.people)
                w.member("identifiers", totals.identifiers)
                w.member("merges", totals.merges)
                w.member("quarantined", try place.ingest.quarantine.count())
                w.member("duplicatesSinceStart", counters.duplicates)
                w.member("logBytes", place.log.diskBytes)
                w.key("perMinute")
                w.array { w in for count in place.live.perMinute(now: Clock.now()) { w.number(count) } }
            }
        }
    }

    private func metrics() -> String {
        var out = ""
        server.metrics.write(&out)
        func gauge(_ name: String, _ help: String, _ kind: String, _ value: (Workspace) -> Int) {
            out += "# HELP \(name) \(help)\n# TYPE \(name) \(kind)\n"
            for (workspace, place) in server.folder.workspaces.sorted(by: { $0.key < $1.key }) { out += "\(name){workspace=\"\(workspace)\"} \(value(place))\n" }
        }
        out += "# HELP martlet_memory_bytes Memory that no file backs.\n# TYPE martlet_memory_bytes gauge\nmartlet_memory_bytes \(server.memory.used)\n"
        out += "# HELP martlet_memory_budget_bytes The setting `memory`.\n# TYPE martlet_memory_budget_bytes gauge\nmartlet_memory_budget_bytes \(server.memory.bytes)\n"
        gauge("martlet_events", "Events in the log.", "gauge") { $0.log.count }
        gauge("martlet_events_accepted_total", "Events accepted since the start.", "counter") { $0.ingest.totals.accepted }
        gauge("martlet_events_duplicate_total", "Duplicates dropped since the start.", "counter") { $0.ingest.totals.duplicates }
        gauge("martlet_events_quarantined_total", "Events refused since the start.", "counter") { $0.ingest.totals.quarantined }
        gauge("martlet_apply_lag_events", "Acknowledged events that the profiles do not show yet.", "gauge") { Int($0.log.end - min($0.log.end, $0.folds.appliedPosition)) }
        gauge("martlet_profiles", "People and accounts.", "gauge") { $0.profiles.totals().people }
        gauge("martlet_log_bytes", "Bytes of the log on disk.", "gauge") { $0.log.diskBytes }
        func parts(_ name: String, _ help: String, _ label: String, _ values: (Workspace) -> [(String, Int)]) {
            out += "# HELP \(name) \(help)\n# TYPE \(name) gauge\n"
            for (workspace, place) in server.folder.workspaces.sorted(by: { $0.key < $1.key }) {
                for (part, value) in values(place) { out += "\(name){workspace=\"\(workspace)\",\(label)=\"\(part)\"} \(value)\n" }
            }
        }
        parts("martlet_disk_bytes", "Bytes on disk, by folder of the workspace.", "kind") { DiskUse.bytes(in: $0.folder) }
        parts("martlet_columns_bytes", "Bytes of memory that the columns of events take: plain, packed, or not sorted in yet.", "form") { place in
            let (runs, tails) = place.columns.byteCounts(under: place.lock)
            return [("plain", runs.plain), ("packed", runs.packed), ("tail", tails)]
        }
        return out
    }
}
