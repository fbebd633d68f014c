public import Storage
import Synchronization
public import Vocabulary

/// The segments of a workspace: versioned documents, and the current ones in memory.
public final class SegmentStore: Sendable {
    static let kind = "segment"
    public static let countMaximum = 10_000
    private let documents: Documents
    private let computed: ComputedTraitStore?
    private let current: Mutex<[String: Segment]>
    let lists: ListStore?

    /// - Parameters:
    ///   - computed: the computed traits that conditions may ask for; none where there is no store of them.
    ///   - lists: those that conditions may name; none unless told.
    public init(_ documents: Documents, computed: ComputedTraitStore? = nil, lists: ListStore? = nil) throws {
        self.documents = documents
        self.computed = computed
        self.lists = lists
        var all: [String: Segment] = [:]
        for document in try documents.list(SegmentStore.kind) { if let segment = SegmentStore.segment(document) { all[segment.id] = segment } }
        current = Mutex(all)
    }

    /// In the order of their names.
    public var all: [Segment] { current.withLock { Array($0.values) }.sorted { ($0.name, $0.id) < ($1.name, $1.id) } }

    /// By id or handle.
    public func find(_ name: String) -> Segment? {
        current.withLock { all in all[name] ?? all.values.first { $0.handle == name } }
    }

    /// What other conditions mean by a segment's id or handle.
    public var conditions: @Sendable (String) -> Condition? { { [self] name in find(name)?.condition } }

    /// How a segment became what it is, newest version first, before version `before`.
    public func changes(of segment: Segment, before version: Int64 = .max, limit: Int) throws -> [SegmentChange] {
        let versions = try documents.versions(SegmentStore.kind, segment.id, before: version, limit: limit + 1).compactMap(SegmentStore.segment)
        return versions.indices.prefix(limit).map { SegmentChange(to: versions[$0], from: $0 + 1 < versions.count ? versions[$0 + 1] : nil) }
    }

    // MARK: - Changing

    /// - Throws: ``SegmentError`` for a circle, an unknown segment or computed trait, a test that does not fit one, or too many segments.
    public func create(id: String, name: String, note: String, condition: Condition, zone: TimeZoneName, author: String, at: Timestamp) throws -> Segment {
        try unchanged {
            try check(condition, in: zone, as: nil)
            guard current.withLock({ $0.count }) < SegmentStore.countMaximum else { throw SegmentError.tooMany }
            let taken = Set(current.withLock { $0.values.map(\.handle) })
            let base = Segment.handle(for: name)
            var handle = base
            var number = 2
            while taken.contains(handle) {
                handle = "\(base)-\(number)"
                number += 1
            }
            return try save(Segment(id: id, handle: handle, name: name, note: note, condition: condition, zone: zone, savedAt: at, author: author, version: 0), author, at)
        }
    }

    /// Nil when there is no such segment.
    ///
    /// - Parameter seen: the version that whoever writes has seen; nil where that does not matter.
    public func update(_ id: String, replacing seen: Int64? = nil, author: String, at: Timestamp, _ change: (inout Segment) -> Void) throws -> Segment? {
        try unchanged {
            guard var segment = find(id) else { return nil }
            change(&segment)
            try check(segment.condition, in: segment.zone, as: segment)
            return try save(segment, replacing: seen, author, at)
        }
    }

    /// What a condition names must not go between the check and the saving.
    private func unchanged<Value: Sendable>(_ body: () throws -> Value) throws -> Value { try computed.map { try $0.unchanged(body) } ?? body() }

    /// - Returns: false when there is no such segment.
    /// - Throws: ``SegmentError/inUse(_:)`` while other segments name it.
    public func delete(_ id: String, author: String, at: Timestamp) throws -> Bool {
        try unchanged {
            guard let segment = find(id) else { return false }
            let users = users(of: segment)
            guard users.isEmpty else { throw SegmentError.inUse(users.map(\.name)) }
            try documents.put(SegmentStore.kind, segment.id, nil, author: author, at: at)
            current.withLock { $0[segment.id] = nil }
            return true
        }
    }

    /// The segments whose conditions name this one.
    public func users(of segment: Segment) -> [Segment] { all.filter { !$0.condition.segments.isDisjoint(with: [segment.id, segment.handle]) } }

    /// The segments whose conditions ask for a computed trait.
    public func users(of trait: ComputedTrait) -> [Segment] { all.filter { $0.condition.computed.contains { $0.trait == trait.name } } }

    /// The segments whose conditions name a list.
    public func users(of list: StaticList) -> [Segment] { all.filter { !$0.condition.lists.isDisjoint(with: [list.id, list.handle]) } }

    /// - Returns: false when there is no such list.
    /// - Throws: ``SegmentError/listInUse(_:)`` while segments name it.
    public func deleteList(_ name: String) throws -> Bool {
        try unchanged {
            guard let lists, let list = lists.find(name) else { return false }
            let users = users(of: list)
            guard users.isEmpty else { throw SegmentError.listInUse(users.map(\.name)) }
            try lists.delete(list)
            return true
        }
    }

    private func save(_ segment: Segment, replacing seen: Int64? = nil, _ author: String, _ at: Timestamp) throws -> Segment {
        let version = try documents.put(SegmentStore.kind, segment.id, segment.body, replacing: seen, author: author, at: at)
        let saved = Segment(
            id: segment.id, handle: segment.handle, name: segment.name, note: segment.note, condition: segment.condition, zone: segment.zone, savedAt: at, author: author, version: version)
        current.withLock { $0[saved.id] = saved }
        return saved
    }

    /// Whether a condition of somebody else's can be asked: what it names is there.
    public func check(_ condition: Condition, in zone: TimeZoneName) throws(SegmentError) { try check(condition, in: zone, as: nil) }

    /// Follows the segments that a condition names, and those that they name.
    private func check(_ condition: Condition, in zone: TimeZoneName, as own: Segment?) throws(SegmentError) {
        guard (try? ZoneRules.named(zone)) != nil else { throw .zone(zone.name) }
        for test in condition.computed {
            guard let trait = computed?.find(test.trait) else { throw .unknownComputed(test.trait) }
            if let fault = trait.measurement.fault(of: test.test) { throw .unfitTest(trait.name, fault) }
        }
        var path: [String] = own.map { [$0.handle] } ?? []
        var seen: Set<String> = []
        try follow(condition, own, &path, &seen)
    }

    /// - Parameter seen: segments from which no circle leads; many ways may lead to each, and one is looked along.
    private func follow(_ condition: Condition, _ own: Segment?, _ path: inout [String], _ seen: inout Set<String>) throws(SegmentError) {
        for name in condition.lists.sorted() where lists?.find(name) == nil { throw .unknownList(name) }
        for name in condition.segments.sorted() {
            guard let segment = find(name) else { throw .unknown(name) }
            guard segment.id != own?.id, !path.contains(segment.handle) else { throw .cycle(path + [segment.handle]) }
            if seen.contains(segment.id) { continue }
            path.append(segment.handle)
            try follow(segment.condition, own, &path, &seen)
            path.removeLast()
            seen.insert(segment.id)
        }
    }

    private static func segment(_ document: Document) -> Segment? {
        let body = document.body
        guard let condition = body["condition"].flatMap({ try? Condition(json: $0) }) else { return nil }
        return Segment(
            id: document.id, handle: body["handle"]?.string ?? document.id, name: body["name"]?.string ?? document.id, note: body["note"]?.string ?? "", condition: condition,
            zone: TimeZoneName(name: body["zone"]?.string ?? "UTC"), savedAt: document.at, author: document.author, version: document.version)
    }
}

extension Condition {
    /// The segments that it names itself.
    public var segments: Set<String> { names { ($0 as? SegmentTest)?.segment } }
    /// The lists that it names itself.
    public var lists: Set<String> { names { ($0 as? ListTest)?.list } }

    private func names(_ name: (any ConditionTest) -> String?) -> Set<String> {
        switch self {
        case .all(let parts), .any(let parts): parts.reduce(into: []) { $0.formUnion($1.names(name)) }
        case .not(let part): part.names(name)
        case .test(let test): name(test).map { [$0] } ?? []
        }
    }
}
