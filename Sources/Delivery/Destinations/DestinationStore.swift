public import Storage
import Synchronization
public import Vocabulary

/// The destinations of a workspace: versioned documents, and the current ones in memory.
public final class DestinationStore: Sendable {
    private static let kind = "destination"
    private let documents: Documents
    private let current: Mutex<[String: Destination]>
    private let changing = Mutex<Void>(())
    private let changed = Hook<@Sendable () -> Void>({})

    public init(_ documents: Documents) throws {
        self.documents = documents
        var all: [String: Destination] = [:]
        for document in try documents.list(DestinationStore.kind) { if let destination = Destination(id: document.id, document.body) { all[destination.id] = destination } }
        current = Mutex(all)
    }

    /// Has `body` told that one was changed, made or deleted.
    func onChange(_ body: @escaping @Sendable () -> Void) { changed.set(body) }

    /// In the order of their names.
    public var all: [Destination] { current.withLock { Array($0.values) }.sorted { $0.name == $1.name ? $0.id < $1.id : $0.name < $1.name } }

    /// By id or name.
    public func find(_ name: String) -> Destination? { current.withLock { all in all[name] ?? all.values.first { $0.name == name } } }

    /// - Throws: ``Refusal`` for a fault, a name that another has, or too many.
    public func create(_ destination: Destination, author: String, at: Timestamp) throws -> Destination {
        try changing.withLock { _ in
            guard current.withLock({ $0.count }) < Destination.countMaximum else {
                throw Refusal(400, "destination.too-many", "There are \(Destination.countMaximum) destinations already.", remedy: "Delete those that nothing uses.")
            }
            return try save(destination, author, at)
        }
    }

    /// Nil when there is none of this id or name.
    public func update(_ name: String, author: String, at: Timestamp, _ change: (inout Destination) throws -> Void) throws -> Destination? {
        try changing.withLock { _ in
            guard var destination = find(name) else { return nil }
            try change(&destination)
            return try save(destination, author, at)
        }
    }

    /// It answered that it wants no more calls, ever.
    ///
    /// - Returns: whether it is switched off now; not where that cannot be written, or it was deleted.
    @discardableResult
    public func gone(_ id: String, at: Timestamp) -> Bool {
        let saved = try? update(id, author: "410", at: at) { destination in
            destination.isEnabled = false
            destination.offReason = "It answered 410: it wants no more calls."
        }
        return saved != nil
    }

    public func delete(_ name: String, author: String, at: Timestamp) throws -> Destination? {
        try changing.withLock { _ in
            guard let destination = find(name) else { return nil }
            try documents.put(DestinationStore.kind, destination.id, nil, author: author, at: at)
            current.withLock { $0[destination.id] = nil }
            changed.body()
            return destination
        }
    }

    private func save(_ destination: Destination, _ author: String, _ at: Timestamp) throws -> Destination {
        if let fault = destination.fault { throw Refusal(400, fault.code, fault.problem, remedy: fault.remedy) }
        if let other = find(destination.name), other.id != destination.id {
            throw Refusal(400, "destination.name-taken", "There is a destination of this name already.", remedy: "Choose another name, or change that one.")
        }
        try documents.put(DestinationStore.kind, destination.id, destination.body, author: author, at: at)
        current.withLock { $0[destination.id] = destination }
        changed.body()
        return destination
    }
}
