import Access
import CKernels
import EventLog
import Hummingbird
import HummingbirdCore
import HummingbirdTLS
import Ingest
public import Logging
import Mail
import NIOCore
import NIOPosix
import NIOSSL
import Segments
import ServiceLifecycle
import Storage
import Synchronization
public import Vocabulary
import Webhooks

/// A running Martlet: the data folder, and what listens on it.
public final class MartletServer: Sendable {
    public static let version = "0.1.0"

    let folder: DataFolder
    let logger: Logger
    let metrics = Metrics()
    let heavy = HeavyReads()
    /// Answers questions about everyone, with every core there is.
    let questions = QueryPool(threads: NIOSingletons.groupLoopCountSuggestion)
    let memory: MemoryBudget
    /// Keeps mail instead of sending it on, where it was asked for.
    let catcher = MailCatcher { Clock.now() }
    let isSecure: Bool
    private let tls: TLSConfiguration?
    let configuration: Configuration
    /// Hashes passwords, one at a time.
    let passwordThread = NIOThreadPool(numberOfThreads: 1)
    private let listeningPort = Mutex<Int?>(nil)
    private let keys = Mutex<[String: (workspace: String, source: String)]>([:])
    private let document = Mutex<JSONText?>(nil)
    private let filling = Mutex<Int?>(nil)

    /// Opens the data folder, recovers what a crash left, and is ready to serve.
    public init(_ configuration: Configuration, logger: Logger) throws {
        try configuration.check()
        martlet_keep_no_core()
        Descriptors.raise()
        guard MartletServer.socketPath(configuration.data).utf8.count < 104 else {
            throw Refusal(400, "folder.path-long", "The path of the data folder is too long for the socket inside it.", remedy: "Use a shorter path, or a relative one.")
        }
        self.configuration = configuration
        self.logger = logger
        isSecure = configuration.tlsCertificate != nil
        // Before the folder is opened: a wrong setting shall leave no trace.
        if let certificate = configuration.tlsCertificate, let key = configuration.tlsKey { tls = try TLSFiles.configuration(certificate: certificate, key: key) } else { tls = nil }
        // Two on one folder usually want one port as well; then the folder is what is worth a word.
        if configuration.listens, !DataFolder.isHeld(configuration.data) { try ListeningAddress.check(host: configuration.host, port: configuration.port) }
        memory = MemoryBudget(bytes: configuration.memory ?? MemoryBudget.ofThisMachine())
        do {
            folder = try DataFolder(
                path: configuration.data, memory: memory, questions: questions, caller: WebhookCaller(allowsPrivate: configuration.allowsPrivateDestinations), address: ServerAddress(configuration), catcher: catcher, dns: DNSResolver(configuration.resolvers), logger: logger)
        } catch { throw FullDisk.explain(error, in: configuration.data) }
        passwordThread.start()
        sourcesChanged()
    }

    var openAPI: JSONText { document.withLock { $0 } ?? JSONText(trusted: Array("{}".utf8)) }

    /// Has the console say how much of the demo shop's history is there, in per cent; nil where nobody is filling it.
    public func demoIsFilled(to percent: Int?) { filling.withLock { $0 = percent } }
    var demoFilling: Int? { filling.withLock { $0 } }

    /// Where browsers on this machine find the console while it listens.
    var address: String? {
        listeningPort.withLock { $0 }.map { "\(isSecure ? "https" : "http")://\(configuration.ownHost):\($0)" }
    }

    // MARK: - Write keys

    func sourcesChanged() {
        for workspace in folder.workspaces.values { workspace.imports.end { workspace.sources.source(number: $0)?.isEnabled != true } }
        // Read under the lock: of two changes at once, the later look must win.
        keys.withLock { keys in
            keys = [:]
            for (name, workspace) in folder.workspaces { for source in workspace.sources.all { for key in [source.writeKey] + source.oldKeys.map(\.writeKey) { keys[Secrets.hash(key)] = (name, source.id) } } }
        }
    }

    /// The source with a write key, looked up by its hash.
    func source(writeKey: String) -> (Workspace, Source)? {
        guard writeKey.utf8.count <= 256 else { return nil }
        let hash = Secrets.hash(writeKey)
        guard let place = keys.withLock({ $0[hash] }), let workspace = folder.workspace(place.workspace), let source = workspace.sources.source(id: place.source),
            source.takes(writeKey, at: Clock.now())
        else { return nil }
        return (workspace, source)
    }

    // MARK: - Running

    private func routes() -> [Route] {
        IngestionRoutes(server: self).routes + ReadRoutes(server: self).routes + AccountRoutes(server: self).routes + AccountSegmentRoutes(server: self).routes
            + SurvivorshipRoutes(server: self).routes + EntityRoutes(server: self).routes + AdminRoutes(server: self).routes + ImportRoutes(server: self).routes
            + SegmentRoutes(server: self).routes + ReasonRoutes().routes + LinkRoutes().routes + IdentityRoutes().routes + IdentityRuleRoutes().routes + SegmentHistoryRoutes().routes
            + ComputedTraitRoutes(server: self).routes + ListRoutes(server: self).routes
            + ListEntryRoutes(server: self).routes + MessageTemplateRoutes(server: self).routes + ConsentRoutes(server: self).routes
            + JourneyRoutes().routes + JourneyRunRoutes().routes + RehearsalRoutes().routes
            + EmailRoutes(server: self).routes + CatcherRoutes(server: self).routes + TrackingRoutes(server: self).routes
            + MessageRoutes(server: self).routes + PolicyRoutes().routes + DestinationRoutes(server: self).routes
            + PreferenceRoutes(server: self).routes + InsightRoutes(server: self).routes + ShopRoutes(server: self).routes + BackupRoutes(server: self).routes
            + MatchRoutes(server: self).routes + CompanyMatchRoutes(server: self).routes + OperationRoutes(server: self).routes + ConsoleRoutes(server: self).routes
    }

    /// Serves until the process is told to stop; finishes what was accepted before it returns.
    ///
    /// - Parameter onReady: told the port once everything listens.
    public func run(onReady: @escaping @Sendable (Int) async -> Void) async throws {
        let routes = routes()
        let document = OpenAPI.document(routes, version: MartletServer.version)
        self.document.withLock { $0 = document }
        let table = RouteTable(routes)
        let shutdown = ShutdownNote()
        var quiet = Logger(label: logger.label) { _ in StoppingLog(log: logger.handler, note: shutdown) }
        quiet.logLevel = .error
        let socketPath = DataFolder.socketPath(configuration.data)
        Files.remove(socketPath)
        let http = builder(isSecure: false)
        let readiness = Readiness(expected: configuration.listens ? 2 : 1, onReady: onReady)
        let local = Application(
            responder: Dispatcher(table: table, server: self, isSocket: true), server: http,
            configuration: .init(address: .unixDomainSocket(path: socketPath), serverName: nil),
            onServerRunning: { _ in
                Files.restrict(socketPath)
                await readiness.listens(port: self.configuration.listens ? nil : 0)
            }, logger: quiet)
        if configuration.listens, let port = configuration.mailCatcher ?? (configuration.demo ? 0 : nil) { try await catchMail(port) }
        var services: [any Service] = [local]
        if configuration.listens {
            let server = try tls.map { try HTTPServerBuilder.tls(builder(isSecure: true), tlsConfiguration: $0) } ?? http
            services.append(
                Application(
                    responder: Dispatcher(table: table, server: self, isSocket: false), server: server,
                    configuration: .init(
                        address: .hostname(configuration.host, port: configuration.port), serverName: nil, backlog: 1024,
                        availableConnectionsDelegate: MaximumAvailableConnections(Descriptors.connectionsMaximum())),
                    onServerRunning: { channel in
                        let port = channel.localAddress?.port ?? self.configuration.port
                        self.listeningPort.withLock { $0 = port }
                        self.folder.address.listens(port: port)
                        await readiness.listens(port: port)
                    }, logger: quiet))
        }
        services.append(shutdown)
        var settings = ServiceGroupConfiguration(
            services: services, gracefulShutdownSignals: configuration.listens ? [.sigterm, .sigint] : [], logger: quiet)
        // A client that sends half a body and waits must not hold up the end; what was accepted by then is finished all the same.
        settings.maximumGracefulShutdownDuration = .seconds(6)
        let group = ServiceGroup(configuration: settings)
        var failure: (any Error)?
        do {
            try await withTaskCancellationHandler {
                try await group.run()
            } onCancel: {
                Task { await group.triggerGracefulShutdown() }
            }
        } catch {
            failure = error
        }
        for workspace in folder.workspaces.values { await workspace.tracking.flush() }
        try? await MartletServer.onThread("martlet-close") { [self] in close() }
        // What fails before it serves takes everything down with it, and looks like an end that was asked for.
        if let failure, !(await readiness.isReady && shutdown.wasAsked) { throw FullDisk.explain(failure, in: configuration.data) }
    }

    private func catchMail(_ port: Int) async throws {
        do { _ = try await catcher.start(port: port) } catch {
            throw Refusal(500, "catcher.port", "The mail catcher cannot listen on port \(port).", remedy: "Is it free? Name another with --mail-catcher, or 0 for any.")
        }
    }

    private func builder(isSecure: Bool) -> HTTPServerBuilder {
        HTTPServerBuilder { responder in
            LoopChannel(
                inner: HTTP1Channel(
                    responder: responder,
                    configuration: .init(
                        additionalChannelHandlers: [RequestDeadline(isSecure: isSecure)],
                        httpDecoderConfiguration: .init(maxHeaderFieldSize: 32 << 10, maxHeaderListSize: 64 << 10, maxHeaderFieldCount: 200))))
        }
    }

    private func close() {
        Files.remove(DataFolder.socketPath(configuration.data))
        catcher.stop()
        passwordThread.shutdownGracefully { _ in }
        folder.close()
    }
}

extension MartletServer {
    /// Where the server of a data folder listens for command-line work.
    /// What the doctor finds in a folder that does not open, since a database is damaged; nobody may hold it.
    public static func examine(closed folder: String) throws -> JSONText {
        var w = JSONWriter()
        try Doctor.examine(closed: folder, &w)
        return w.text
    }

    public static func socketPath(_ folder: String) -> String { DataFolder.socketPath(folder) }
    /// Whether a running Martlet holds the folder.
    public static func isHeld(_ folder: String) -> Bool { DataFolder.isHeld(folder) }
}

/// Remembers that an end was asked for, so that what the end interrupts is not taken for a failure.
final class ShutdownNote: Service {
    private let asked = Mutex(false)
    var wasAsked: Bool { asked.withLock { $0 } }

    func run() async throws {
        try? await gracefulShutdown()
        asked.withLock { $0 = true }
    }
}

/// The log of the parts that serve: once an end was asked for, what it cuts off is no error.
private struct StoppingLog: LogHandler {
    var log: any LogHandler
    let note: ShutdownNote

    var metadata: Logger.Metadata {
        get { log.metadata }
        set { log.metadata = newValue }
    }
    var logLevel: Logger.Level {
        get { log.logLevel }
        set { log.logLevel = newValue }
    }
    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { log[metadataKey: key] }
        set { log[metadataKey: key] = newValue }
    }

    func log(event: LogEvent) { if !note.wasAsked { log.log(event: event) } }
}

extension MartletServer {
    /// Runs work that blocks beside the server.
    public static func startThread(name: String, _ body: @escaping @Sendable () -> Void) { startDetachedThread(name, body) }

    /// Runs what blocks until tasks have ended on a thread of its own: where there is one processor, they have but one thread.
    static func onThread(_ name: String, _ body: @escaping @Sendable () throws -> Void) async throws {
        try await withCheckedThrowingContinuation { continuation in startDetachedThread(name) { continuation.resume(with: Result(catching: body)) } }
    }
}

/// The log's thread starter, under a name that the extension above does not hide.
private func startDetachedThread(_ name: String, _ body: @escaping @Sendable () -> Void) { startThread(name: name, body) }

/// Says ready once everything that shall listen does.
private actor Readiness {
    private var missing: Int
    private var port = 0
    private let onReady: @Sendable (Int) async -> Void

    var isReady: Bool { missing == 0 }

    init(expected: Int, onReady: @escaping @Sendable (Int) async -> Void) {
        missing = expected
        self.onReady = onReady
    }

    func listens(port: Int?) async {
        if let port { self.port = port }
        missing -= 1
        if missing == 0 { await onReady(self.port) }
    }
}
