import Logging
import Server
import Vocabulary

/// What is printed once everything listens, and the demo that goes on behind it. Works through the socket, as any command does.
enum Welcome {
    static func start(_ server: MartletServer, _ configuration: Configuration, address: String, link: String?) {
        let client = LocalClient(socketPath: MartletServer.socketPath(configuration.data), workspace: configuration.demo ? "demo" : "main")
        MartletServer.startThread(name: "martlet-welcome") {
            do {
                if let link {
                    Output.note("Sign in once, and choose a password, at \(address)\(link)")
                } else {
                    Output.note("The console is at \(address); `martlet sign-in` prints a one-time link.")
                }
                guard let key = try firstKey(client) else {
                    return Output.note("Make a source for your first event in the console, or here: martlet source create NAME")
                }
                Output.note("Send an event:\n  curl \(address)/v1/track -u \(key): -H 'Content-Type: application/json' -d '{\"userId\":\"ada\",\"event\":\"Tea Tasted\",\"properties\":{\"tea\":\"Assam\"}}'")
                guard configuration.demo else { return }
                Output.note("Shop: \(address)/shop")
                let filler = DemoFiller(client: client)
                try fill(filler, server)
                try filler.trickle()
            } catch {
                // The server goes on; what is missing can be had by commands.
                Logger(label: "martlet").warning("The welcome was cut short.", metadata: ["code": "\((error as? any Explained)?.explanation.code ?? "unknown")"])
            }
        }
    }

    private static func fill(_ filler: DemoFiller, _ server: MartletServer) throws {
        server.demoIsFilled(to: 0)
        defer { server.demoIsFilled(to: nil) }
        try filler.fill {
            server.demoIsFilled(to: $0)
            Output.note("Filling the shop's history: \($0) %")
        }
    }

    /// The key of the first source; the demo's is made where there is none. An empty workspace stays empty, so that the console can lead the way.
    private static func firstKey(_ client: LocalClient) throws -> String? {
        let sources = try client.call("GET", "/api/v1/sources").json["sources"]?.elements ?? []
        if let key = sources.first?["writeKey"]?.string { return key }
        guard client.workspace == "demo" else { return nil }
        return try client.call("POST", "/api/v1/sources", body: body { $0.member("name", DemoFiller.sourceName) }).json["writeKey"]?.string
    }
}
