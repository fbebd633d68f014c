public import Storage
import Synchronization
public import Vocabulary

/// The computed traits of a workspace: versioned documents, and the current ones in memory. No values are stored.
public final class ComputedTraitStore: Sendable {
    static let kind = "computed-trait"
    /// All of them are worked out whenever a profile is read.
    public static let countMaximum = 500
    private let documents: Documents
    private let current: Mutex<[String: ComputedTrait]>
    /// Held while something is checked and then saved.
    private let changing = Mutex<Void>(())

    public init(_ documents: Documents) throws {
        self.documents = documents
        var all: [String: ComputedTrait] = [:]
        for document in try documents.list(ComputedTraitStore.kind) { if let trait = ComputedTraitStore.trait(document) { all[trait.id] = trait } }
        current = Mutex(all)
    }

    /// In the order of their names.
    public var all: [ComputedTrait] { current.withLock { Array($0.values) }.sorted { $0.name < $1.name } }

    /// By id or name.
    public func find(_ name: String) -> ComputedTrait? {
        current.withLock { all in all[name] ?? all.values.first { $0.name == name } }
    }

    // MARK: - Changing

    /// - Parameter name: without ``ComputedTrait/nameFault(_:)``.
    /// - Throws: ``ComputedTraitError`` for a name that another has, an unknown zone or too many of them.
    public func create(id: String, name: String, note: String, measurement: Measurement, zone: TimeZoneName, author: String, at: Timestamp) throws -> ComputedTrait {
        guard zone.fault == nil else { throw ComputedTraitError.zone(zone.name) }
        return try unchanged {
            let count = current.withLock { $0.count }
            guard count < ComputedTraitStore.countMaximum else { throw ComputedTraitError.tooMany }
            guard find(name) == nil else { throw ComputedTraitError.nameTaken(name) }
            return try save(ComputedTrait(id: id, name: name, note: note, measurement: measurement, zone: zone, savedAt: at, author: author, version: 0), author, at)
        }
    }

    /// Nil when there is no such computed trait.
    ///
    /// - Parameters:
    ///   - seen: the version that whoever writes has seen; nil where that does not matter.
    ///   - segments: those that ask for it must still be able to.
    /// - Throws: ``ComputedTraitError/inUse(_:)`` where a segment's test would fit no more, or ``ComputedTraitError/zone(_:)``.
    public func update(_ id: String, replacing seen: Int64? = nil, segments: SegmentStore, author: String, at: Timestamp, _ change: (inout ComputedTrait) -> Void) throws -> ComputedTrait? {
        try unchanged {
            guard var trait = find(id) else { return nil }
            change(&trait)
            guard trait.zone.fault == nil else { throw ComputedTraitError.zone(trait.zone.name) }
            let odd = segments.users(of: trait).filter { segment in
                segment.condition.computed.contains { $0.trait == trait.name && trait.measurement.fault(of: $0.test) != nil }
            }
            guard odd.isEmpty else { throw ComputedTraitError.inUse(odd.map(\.name)) }
            return try save(trait, replacing: seen, author, at)
        }
    }

    /// - Returns: false when there is no such computed trait.
    /// - Throws: ``ComputedTraitError/inUse(_:)`` while segments ask for it.
    public func delete(_ id: String, segments: SegmentStore, author: String, at: Timestamp) throws -> Bool {
        try unchanged {
            guard let trait = find(id) else { return false }
            let users = segments.users(of: trait)
            guard users.isEmpty else { throw ComputedTraitError.inUse(users.map(\.name)) }
            try documents.put(ComputedTraitStore.kind, trait.id, nil, author: author, at: at)
            current.withLock { $0[trait.id] = nil }
            return true
        }
    }

    /// Nothing is made, changed or deleted while `body` runs; so that what it found is still so when it has saved.
    func unchanged<Value: Sendable>(_ body: () throws -> Value) throws -> Value { try changing.withLock { _ in try body() } }

    private func save(_ trait: ComputedTrait, replacing seen: Int64? = nil, _ author: String, _ at: Timestamp) throws -> ComputedTrait {
        let version = try documents.put(ComputedTraitStore.kind, trait.id, trait.body, replacing: seen, author: author, at: at)
        let saved = ComputedTrait(
            id: trait.id, name: trait.name, note: trait.note, measurement: trait.measurement, zone: trait.zone, savedAt: at, author: author, version: version)
        current.withLock { $0[saved.id] = saved }
        return saved
    }

    private static func trait(_ document: Document) -> ComputedTrait? {
        let body = document.body
        guard let name = body["name"]?.string, let measurement = body["measure"].flatMap({ try? Measurement(json: $0) }) else { return nil }
        return ComputedTrait(
            id: document.id, name: name, note: body["note"]?.string ?? "", measurement: measurement, zone: TimeZoneName(name: body["zone"]?.string ?? "UTC"), savedAt: document.at,
            author: document.author, version: document.version)
    }
}

extension Condition {
    /// The tests of computed traits in it, those of segments that it names aside; one that is ranked is tested as a number.
    public var computed: [ComputedTest] {
        switch self {
        case .all(let parts), .any(let parts): return parts.flatMap(\.computed)
        case .not(let part): return part.computed
        case .test(let test):
            if let test = test as? ComputedTest { return [test] }
            guard let rank = test as? RankTest, case .computed(let name) = rank.subject else { return [] }
            return [ComputedTest(trait: name, test: .more(.number(ExactNumber(0))))]
        }
    }
}
