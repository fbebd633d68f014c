import Decisions
import Delivery
import EventLog
import Identity
import Ingest
import Logging
import Mail
import Privacy
import Profiles
import Resolution
import Segments
import Storage
import Synchronization
import Vocabulary
import Webhooks

/// Everything of one tenant or environment: its own log, tables and keys. Workspaces share nothing but the binary.
final class Workspace: Sendable {
    let name: String
    let folder: String
    let log: EventLog
    let database: DatabaseFile
    /// Runs, intents and what became of them: a file of its own, so that they are committed together and wait for nobody else's commits.
    let decisions: DatabaseFile
    let sources: Sources
    let ingest: Ingest
    let hasher: MessageHasher
    let own: OwnEvents
    let teller: ConsentTeller
    let ledger: ConsentLedger
    let suppression: SuppressionList
    let profiles: Profiles
    let survivorship: SurvivorshipStore
    let graph: IdentityGraph
    let links: Links
    let store: ProfileStore
    let objectors: Objectors
    let rules: IdentityRuleStore
    let resolver: Resolver
    let erasers: [any Eraser]
    let columns: ProfileColumns
    let accounts: Accounts
    let accountSegments: AccountSegmentStore
    let sorter: ColumnSorter
    let engine: SegmentEngine
    let segments: SegmentStore
    let computed: ComputedTraitStore
    let lists: ListStore
    let templates: MessageTemplateStore
    let consentSettings: ConsentSettingsStore
    let previews = MailPreviews()
    let companies = CompanyMatcher()
    let policy: SendingPolicyStore
    let destinations: DestinationStore
    let outbox: Outbox
    private let moves: ZoneMoves
    let feed: DestinationFeed
    let emailStore: EmailStore
    let bounces: BounceLedger
    /// Of marks that came back whose people are not known by that mailbox any more, whose mailbox it is; nil for nobody's.
    let strayMarks = Mutex<[[UInt8]: (address: String?, count: Int)]>([:])
    let email: EmailChannel
    let tracking: EmailTracking
    let catcher: MailCatcher
    let dns: DNSResolver
    /// What links in mails, and marks of mails, are signed with.
    let secret: WorkspaceKey
    let memberships: LiveSegments
    let matching: MatchFollower
    let journeys: JourneyStore
    let walking: JourneyFollower
    /// How large segments were, for the console's charts.
    let segmentSizes = SegmentSizes()
    let lock: StateLock
    let folds: FoldRunner
    let live: LiveFeed
    let imports: ImportHistory
    let logger: Logger
    let missingEvents: Int
    /// Of everyone, for what was erased: 1 under way, 2 with another behind it.
    let decidings = Mutex(0)
    let uploads: Uploads

    init(name: String, folder: String, memory: MemoryBudget, questions: QueryPool, caller: WebhookCaller, address: ServerAddress, catcher: MailCatcher, dns: DNSResolver, logger: Logger) throws {
        self.name = name
        self.folder = folder
        (self.catcher, self.dns) = (catcher, dns)
        self.logger = logger
        Folder.make(folder)
        try DataFolder.checkWhole(folder)
        let key = try WorkspaceKeyFile.load(folder: folder)
        secret = key
        database = try DatabaseFile(path: "\(folder)/workspace.sqlite", migrations: Workspace.migrations)
        decisions = try DatabaseFile(path: "\(folder)/decisions.sqlite", migrations: Workspace.decisionMigrations)
        log = try EventLog(folder: "\(folder)/log")
        if !log.recovery.isClean {
            logger.error("The log has damaged parts; everything else is served.", metadata: [
                "workspace": "\(name)", "files": "\(log.recovery.damagedFiles)", "events": "\(log.recovery.lost)",
            ])
        }
        if log.recovery.hasFinishedErasure {
            logger.warning("An erasure that had been answered with a refusal, or not at all, was carried out in the log; ask for it again, so that everything else forgets the person too.", metadata: ["workspace": "\(name)"])
        }
        if log.recovery.tornBytes > 0 {
            logger.notice("The last write to the log is not whole and was cut off: a crash interrupted it before it was acknowledged, or its bytes were damaged since.", metadata: ["workspace": "\(name)", "bytes": "\(log.recovery.tornBytes)"])
        }
        log.reportDamage { error in logger.error("Events that cannot be read were met.", metadata: ["workspace": "\(name)", "detail": "\(error.explanation.problem)"]) }
        hasher = MessageHasher(secret: key.keyedHash(Array("messages".utf8)))
        let erasedMessages = ErasedMessages(database, log: log, hasher: hasher)
        let unfinished = Workspace.finishErasuresInLog(folder, [erasedMessages, log])
        var unread: (any Error)?
        let messages = MessageIndex(folder: "\(folder)/messages", hasher: hasher, log: log, memory: memory.ofMessages) { positions in
            do { return try erasedMessages.keys(in: positions) } catch { unread = error }
            return nil
        }
        if let unread { throw unread }
        ledger = try ConsentLedger(database, key: key, memory: memory.ofStamps) { Workspace.oneForm(ofAddress: $0) }
        suppression = try SuppressionList(database, key: key, canonical: Workspace.oneForm)
        sources = try Sources(Documents(database))
        imports = try ImportHistory(database)

        let lock = StateLock()
        self.lock = lock
        let survivorship = try SurvivorshipStore(Documents(database))
        self.survivorship = survivorship
        let secret = key.keyedHash(Array("profiles".utf8))
        rules = try IdentityRuleStore(Documents(database))
        resolver = Resolver(folder: "\(folder)/resolving", secret: secret, log: log, survivorship: survivorship)
        let graph = IdentityGraph(folder: "\(folder)/identity", secret: secret, rules: rules.current.rules)
        let store = ProfileStore(folder: "\(folder)/profiles", graph: graph, policy: survivorship.standard, isZone: ZoneRules.knows)
        self.store = store
        missingEvents = max(0, Int(graph.position) - Int(log.end))
        if graph.position != store.position || graph.position > log.end || Files.read("\(folder)/decide-again") != nil {
            // Snapshots of two moments do not fit together; the log makes both again.
            logger.notice("The snapshots do not fit and are made again from the log.", metadata: ["workspace": "\(name)", "missing": "\(missingEvents)"])
            graph.reset()
            store.reset()
        }
        let live = LiveFeed()
        self.live = live
        self.graph = graph
        links = Links(graph: graph, lock: lock, log: log)
        profiles = Profiles(store: store, graph: graph, lock: lock, log: log, ledger: ledger)
        ledger.together.set { identifier, position in lock.reading { graph.identifiers(knownWith: identifier, by: position) } }
        let columns = ProfileColumns(folder: "\(folder)/columns", graph: graph, store: store)
        self.columns = columns
        let objectors = Objectors(ledger: ledger, graph: graph, purpose: .analytics)
        self.objectors = objectors
        let computed = try ComputedTraitStore(Documents(database))
        self.computed = computed
        let listRows = ListRows(graph: graph, columns: columns, lock: lock)
        let lists = try ListStore(database, rows: listRows)
        self.lists = lists
        templates = try MessageTemplateStore(Documents(database))
        consentSettings = ConsentSettingsStore(Documents(database))
        let (policy, destinations) = (try SendingPolicyStore(Documents(database)), try DestinationStore(Documents(database)))
        (self.policy, self.destinations) = (policy, destinations)
        engine = SegmentEngine(columns: columns, objectors: objectors, lock: lock, log: log, pool: questions, lists: listRows, source: { [sources] in sources.source(number: $0)?.name }) { computed.find($0) }
        segments = try SegmentStore(Documents(database), computed: computed, lists: lists)
        let history = try MembershipHistory(database, graph: graph, lock: lock)
        let memberships = LiveSegments(engine: engine, store: segments, history: history) { Clock.now() }
        self.memberships = memberships
        objectors.onChange.set { [weak memberships] in memberships?.objectorsChanged($0) }
        let matching = try MatchFollower(
            reader: profiles.reader(for: .analytics), columns: columns, graph: graph, lock: lock, database: database, view: { [engine] in try engine.view() }, clock: { Clock.now() })
        self.matching = matching
        journeys = try JourneyStore(Documents(database), decisions)
        let walking = JourneyFollower(
            store: journeys, log: log, graph: graph, columns: columns, lock: lock, engine: engine, reader: profiles.reader(for: .service), memberships: memberships, segments: segments.conditions,
            segmentID: { [segments] in segments.find($0)?.id }, segmentZone: { [segments] in segments.find($0)?.zone }
        ) { Clock.now() }
        self.walking = walking
        // Before the runner looks where the folds stand: it begins where the last of them does, and the others would take the same events twice.
        columns.catchUp(with: log) { done, end in
            logger.info("Reading the log for columns.", metadata: ["workspace": "\(name)", "events": "\(done)", "of": "\(end)"])
        }
        if !store.obeys(survivorship.standard) {
            logger.notice("The rules of traits have changed, and are learnt from the log.", metadata: ["workspace": "\(name)"])
            try store.learn(survivorship.standard, from: log, under: lock)
            columns.refreshEveryone(under: lock)
        }
        let accounts = Accounts(folder: "\(folder)/accounts", graph: graph, store: store, columns: columns, lock: lock, log: log)
        self.accounts = accounts
        ledger.isMember.set { identifiers, account, asOf in accounts.standing(of: identifiers, in: account, asOf: asOf) == .member }
        accountSegments = try AccountSegmentStore(Documents(database))
        let applied = Alarm()
        let sorter = ColumnSorter(columns: columns, lock: lock)
        self.sorter = sorter
        let moves = ZoneMoves()
        self.moves = moves
        folds = FoldRunner(folds: [graph, store, columns, accounts, listRows], lock: lock, onSlice: {
            // Nobody else changes what the folds hold between two pieces.
            if !store.movedZones.isEmpty { moves.note(store.movedZones.flatMap { graph.members($0).map(graph.ownID) }) }
            objectors.follow(graph.changes)
            for case .decided(let parted) in graph.changes { moves.note(parted.map { graph.ownID($0.node) }) }
            memberships.applied(touched: columns.touched, merged: columns.joined)
            matching.applied(touched: columns.touched, merged: columns.joined)
        }) {
            // While much waits to be applied, those who follow are called now and then: a switch of threads for every batch would hold it up more.
            let isTime = $1 == 0 || $0.reaches(everyEvents: 4096)
            live.applied($0, isShown: isTime || $1 < LiveFeed.waitingMaximum)
            if isTime { applied.ring() }
            sorter.wake(isBehind: $1 > 0)
            walking.applied($0, isTime: isTime)
        }
        let sources = self.sources
        Workspace.recallSeen(sources, folder: folder)
        live.prefill(log, to: folds.appliedPosition, onBatch: sources.seen)
        folds.catchUp(with: log, onBatch: sources.seen) { done, end in
            logger.info("Reading the log.", metadata: ["workspace": "\(name)", "events": "\(done)", "of": "\(end)"])
        }
        try objectors.lookThroughEveryone(under: lock)
        try lists.load()
        folds.start()
        memberships.start()
        matching.start()
        try walking.start()
        let reader = profiles.reader(for: .service)
        startThread(name: "martlet-search", standing: .last) { reader.prepareSearch() }
        let folds = self.folds
        let identityRules = rules
        let admission = Admission(suppression) { Admission.Naming(identityRules.naming) }
        ingest = try Ingest(
            log: log, messages: messages, database: database, sources: sources, admission: admission, ledger: ledger, startedAt: Clock.now(),
            backlog: { committing in
                let backlog = folds.backlog
                return memory.isShort(applying: backlog.bytes + committing) ? .ofMemory : backlog
            }, onCommit: { folds.submit($0) })
        own = OwnEvents(ingest, hasher)
        let (log, profiles) = (self.log, self.profiles)
        ledger.sharedMailboxes.set { Set(profiles.people(with: $0).keys) }
        teller = ConsentTeller(ledger, own, profiles, settle: { await folds.waitUntilApplied(log.end) })
        uploads = Uploads(folder: "\(folder)/uploads")
        StoryStage.clear(folder)
        let recipients = Workspace.recipients(name: name, profiles.reader(for: .service), graph, lock, ledger, policy, engine, computed, address)
        (emailStore, bounces) = (try EmailStore(database), try BounceLedger(database, ledger: ledger))
        email = EmailChannel(
            store: emailStore, bounces: bounces, secret: key, workspace: name,
            EmailChannel.Surroundings(
                catcherPort: { catcher.port },
                address: { policy.current.publicAddress.isEmpty ? address.text : policy.current.publicAddress }, clock: { Clock.now() }))
        let channels: [any Channel] = [email, WebhookChannel(caller: caller, destinations: destinations, policy: policy)]
        let segments = self.segments
        outbox = Outbox(
            decisions, senders: MessageSenders(channels: channels, recipients: recipients, templates: templates, policy: policy, ledger: ledger),
            destinations: DestinationSender(destinations, log: log, recipients: recipients, ledger: ledger, caller: caller) { segments.find($0)?.name }, record: { [own] in try await own.write($0) }
        ) { Clock.now() }
        outbox.onSending { [journeys] intents in
            try journeys.standing(of: intents) { id in lock.reading { graph.find(id).map { graph.members($0).map(graph.ownID) } ?? [id] } }
        }
        // What cannot be looked at now is in half an hour.
        // By its id, so that whatever is told to one destination stands in one queue.
        walking.callsDestinations { [destinations] in destinations.find($0)?.id }
        walking.onEndOfPause { [outbox] in try? outbox.wake(journey: $0) }
        moves.follow { [outbox] people in
            try? outbox.wakeWhatThePolicyHolds(of: people)
            try? walking.moved(people)
        }
        feed = DestinationFeed(
            decisions, destinations, alarm: applied, log: log, graph: graph, lock: lock, segments: memberships, engine: engine, columns: columns, conditions: segments.conditions,
            zone: { TimeZoneName(name: policy.current.zone) }, source: { sources.source(number: $0)?.id }, applied: { folds.appliedPosition }) { Clock.now() }
        // Lists and histories find a person by the graph, which forgets them next.
        tracking = EmailTracking(database) { subject in lock.reading { Set(subject.identifiers.compactMap { graph.find($0).map { graph.ownID($0).text } }) }.union(subject.ids) }
        // What was decided goes before what is made of it: a message that is taken down in between would stay.
        erasers = [erasedMessages, log, lists, history, matching, walking, IntentEraser(decisions, graph: graph, lock: lock), outbox, bounces, tracking, FollowedMembersEraser(decisions, graph: graph, lock: lock), ProfileEraser(store: store, graph: graph, columns: columns, accounts: accounts, lock: lock, log: log), ingest.quarantine, imports, ledger, uploads]
        matching.onMerge { [weak self] in self?.merge($0) }
        try tracking.start { [weak self] in try await self?.record($0) }
        // A backup that was restored: what waited when it was made may have been sent since.
        let mark = "\(folder)/\(Backup.restoredName)"
        let isRestored = Files.read(mark) != nil
        try outbox.start(isRestored: isRestored)
        if isRestored {
            Files.remove(mark)
            Folder.sync(folder)
        }
        feed.start()
        teller.wake()
        if Files.read(againMark) != nil { decideAgain() }
        finishErasures(except: unfinished)
    }

    /// Finishes what was accepted and writes snapshots, so that the next start is quick.
    func close() {
        resolver.stop()
        uploads.close()
        feed.stop()
        moves.stop()
        outbox.stop()
        try? bounces.keep(at: Clock.now())
        teller.stop()
        email.close()
        ingest.close()
        folds.stop()
        memberships.stop()
        matching.stop()
        walking.stop()
        sorter.stop()
        columns.drain()
        log.close()
        keepSeen()
        database.close()
        decisions.close()
    }

    /// What was applied before the start and is not in the log any more; nil where nothing is.
    var missing: Explanation? {
        guard missingEvents > 0 else { return nil }
        return Explanation(
            code: "log.missing", problem: "\(missingEvents) events of workspace \(name) that profiles were made of are not in the log any more: its files were deleted or are of another time.",
            remedy: "Stop Martlet and put the log's files back, or restore a backup.")
    }

    static let migrations: [Migration] =
        Documents.migrations + SuppressionList.migrations + ConsentLedger.migrations + Quarantine.migrations + ErasedMessages.migrations + ImportHistory.migrations
        + ListStore.migrations + MembershipHistory.migrations + MatchFollower.migrations + EmailStore.migrations + BounceLedger.migrations + EmailTracking.migrations
    static let decisionMigrations: [Migration] = IntentTable.migrations + RunTable.migrations + DeliveryTable.migrations + DestinationFeed.migrations + SegmentFollower.migrations

    /// Says which events are gone: positions tell how many, and from when to when by their neighbours.
    static func lostEvents(_ lost: [Range<LogPosition>], of name: String, in log: EventLog) -> Explanation {
        let count = lost.reduce(0) { $0 + $1.count }
        let ranges = lost.prefix(20).map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound) to \($0.upperBound - 1)" }.joined(separator: ", ")
        return Explanation(
            code: "log.damaged", problem: "\(count) events of workspace \(name) cannot be read, at positions \(ranges)\(lost.count > 20 ? " and others" : ""); \(log.recovery.unknown.isEmpty ? "" : "how many more stood in files that cannot be read at all is not known; ")all others are served.",
            remedy: "Run `martlet doctor`; a backup that holds them can be restored into another folder and read there.")
    }

    /// Has profiles and segments go by the standard survivorship policy as it was saved last.
    func obeySurvivorship() async throws {
        try await folds.perform { [self] in
            try store.learn(survivorship.standard, from: log, under: lock)
            columns.refreshEveryone(under: lock)
        }
        memberships.everyoneChanged()
    }
}
