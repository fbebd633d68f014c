public import EventLog
public import Storage
import Synchronization
public import Vocabulary

/// Who sends events in, under a write key.
public struct Source: Sendable, Hashable {
    public let id: String
    public let number: SourceNumber
    public var name: String
    public var writeKey: String
    public var isEnabled: Bool
    public let createdAt: Timestamp
    /// Keys before rotations that left them time, and until when each is taken.
    public var oldKeys: [OldKey] = []

    public struct OldKey: Sendable, Hashable {
        public let writeKey: String
        public let until: Timestamp
    }

    /// Whether a key that leads to this source is good at a time.
    public func takes(_ key: String, at: Timestamp) -> Bool { oldKeys.first { $0.writeKey == key }.map { at < $0.until } ?? true }

    /// Until when an old key is taken, the longest of them; nil where none is any more.
    public func oldKeyUntil(at: Timestamp) -> Timestamp? { oldKeys.map(\.until).filter { at < $0 }.max() }

    /// The reserved source: what somebody says in Martlet itself, and cannot be worked out again, is an event of it.
    public static let martlet = Source(id: "src_0", number: 0, name: "martlet", writeKey: "", isEnabled: true, createdAt: Timestamp(clamping: 0))
}

/// The sources of one workspace, kept as documents.
public final class Sources: Sendable {
    static let kind = "source"
    /// Whoever rotates a key more often than this within their time is not changing senders.
    private static let oldKeysMaximum = 100
    private let documents: Documents
    private let state: Mutex<[String: Source]>
    /// Held from reading to writing.
    private let changing = Mutex<Void>(())
    /// When each source's last event came, by number.
    private let lastSeen = Mutex<[SourceNumber: Timestamp]>([:])

    public init(_ documents: Documents) throws {
        self.documents = documents
        var all: [String: Source] = [:]
        for document in try documents.list(Sources.kind) {
            if let source = Sources.read(document) { all[source.id] = source }
        }
        state = Mutex(all)
    }

    public var all: [Source] { state.withLock { $0.values.sorted { $0.number < $1.number } } }
    public func source(id: String) -> Source? { state.withLock { $0[id] } }
    public func source(number: SourceNumber) -> Source? { number == Source.martlet.number ? Source.martlet : state.withLock { $0.values.first { $0.number == number } } }
    public func source(named name: String) -> Source? { sources(named: name).first }
    /// Names tell sources apart, so each is used once; older versions let several sources have one.
    public func sources(named name: String) -> [Source] { all.filter { $0.name == name } }

    /// - Throws: ``Refusal`` 409 where a source has the name.
    @discardableResult
    public func create(name: String, author: String, at: Timestamp) throws -> Source {
        // Two at once must not get one number, nor one name.
        try changing.withLock { _ in
            guard source(named: name) == nil else { throw Sources.nameTaken }
            let number = (all.map(\.number).max() ?? 0) + 1
            let source = Source(id: "src_\(number)", number: number, name: name, writeKey: Sources.newKey(), isEnabled: true, createdAt: at)
            try save(source, author: author, at: at)
            return source
        }
    }

    /// - Throws: ``Refusal`` 409 where another source has the new name.
    public func update(_ id: String, author: String, at: Timestamp, _ change: (inout Source) -> Void) throws -> Source? {
        try changing.withLock { _ in
            guard var source = source(id: id) else { return nil }
            let name = source.name
            change(&source)
            if source.name != name, let other = self.source(named: source.name), other.id != id { throw Sources.nameTaken }
            try save(source, author: author, at: at)
            return source
        }
    }

    /// - Parameter hours: how long the old key is taken beside the new one, so that senders can be changed one after the other; those before it keep
    ///   the time that they were given. With 0, all of them stop at once.
    public func rotate(_ id: String, keepingOld hours: Int, author: String, at: Timestamp) throws -> Source? {
        try update(id, author: author, at: at) {
            let old = Source.OldKey(writeKey: $0.writeKey, until: Timestamp(clamping: at.milliseconds + Int64(hours) * 3_600_000))
            $0.oldKeys = hours == 0 ? [] : Array(($0.oldKeys.filter { at < $0.until } + [old]).suffix(Sources.oldKeysMaximum))
            $0.writeKey = Sources.newKey()
        }
    }

    public func seen(_ number: SourceNumber, at: Timestamp) { lastSeen.withLock { $0[number] = at } }

    /// The same of events that are read from the log, as at a start.
    public func seen(_ batch: LogBatch) {
        var last: [SourceNumber: Timestamp] = [:]
        for entry in batch.entries {
            guard let event = batch.event(entry) else { continue }
            last[event.source] = max(last[event.source] ?? event.receivedAt, event.receivedAt)
        }
        lastSeen.withLock { $0.merge(last) { max($0, $1) } }
    }
    public func lastSeen(_ number: SourceNumber) -> Timestamp? { lastSeen.withLock { $0[number] } }

    private static let nameTaken = Refusal(409, "source.name-taken", "There is a source of this name already.", remedy: "Choose another name, or use that one.")

    private func save(_ source: Source, author: String, at: Timestamp) throws {
        var w = JSONWriter()
        w.object {
            $0.member("number", source.number)
            $0.member("name", source.name)
            $0.member("writeKey", source.writeKey)
            $0.member("isEnabled", source.isEnabled)
            $0.member("createdAt", source.createdAt.milliseconds)
            guard !source.oldKeys.isEmpty else { return }
            $0.key("oldKeys")
            $0.array { w in
                for old in source.oldKeys { w.object { $0.member("writeKey", old.writeKey); $0.member("until", old.until.milliseconds) } }
            }
        }
        try documents.put(Sources.kind, source.id, w.text, author: author, at: at)
        state.withLock { $0[source.id] = source }
    }

    private static func read(_ document: Document) -> Source? {
        guard let number = document.body["number"]?.integer, let name = document.body["name"]?.string, let key = document.body["writeKey"]?.string
        else { return nil }
        var source = Source(
            id: document.id, number: SourceNumber(truncatingIfNeeded: number), name: name, writeKey: key,
            isEnabled: document.body["isEnabled"]?.boolean ?? true, createdAt: Timestamp(clamping: document.body["createdAt"]?.integer ?? 0))
        // Before there could be several, one stood beside its time.
        let single = document.body["oldKey"].map { [($0, document.body["oldKeyUntil"])] } ?? []
        for (key, until) in single + (document.body["oldKeys"]?.elements ?? []).compactMap({ old in old["writeKey"].map { ($0, old["until"]) } }) {
            if let key = key.string, let until = until?.integer { source.oldKeys.append(Source.OldKey(writeKey: key, until: Timestamp(clamping: until))) }
        }
        return source
    }

    /// 24 random letters and digits behind `wk_`: 142 bits.
    static func newKey() -> String {
        let letters = Array("abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789".utf8)
        var generator = SystemRandomNumberGenerator()
        return "wk_" + String(decoding: (0..<24).map { _ in letters[Int(generator.next(upperBound: UInt(letters.count)))] }, as: UTF8.self)
    }
}
