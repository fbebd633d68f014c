public import Vocabulary

/// Proof that the gatekeeper let a value in. Only ``Admission`` makes one, and the log takes nothing else.
public struct Admitted<Value: Sendable>: Sendable {
    public private(set) var value: Value
    init(_ value: Value) { self.value = value }
}

extension Admitted where Value == EventBatch {
    /// Leaves out events that turn out to be known; nothing can be put in.
    public mutating func removeItems(_ items: Set<UInt32>) { value.entries.removeAll { items.contains($0.item) } }

    /// Hands over the batch and keeps an empty one, so that its bytes have one owner and need not be copied.
    public mutating func take() -> EventBatch {
        var taken = EventBatch()
        swap(&taken, &value)
        return taken
    }
}

/// Decides what may enter the log: not the events of people who are suppressed.
public struct Admission: Sendable {
    /// Whom events name, by the rules that hold now.
    public struct Naming: Sendable {
        let identifiers: @Sendable (EventView) -> [Identifier]
        let types: [String]

        /// - Parameter types: of identifiers that the rules add.
        public init(types: [String], identifiers: @escaping @Sendable (EventView) -> [Identifier]) { (self.types, self.identifiers) = (types, identifiers) }
    }
    private let suppression: SuppressionList
    private let naming: @Sendable () -> Naming

    public init(_ suppression: SuppressionList, naming: @escaping @Sendable () -> Naming) { (self.suppression, self.naming) = (suppression, naming) }

    /// Which refused events of a call name somebody who is suppressed, in JSON or not, themselves or by what stands around all of them: those are not kept either.
    public func suppressed(_ refused: [RefusedEvent], around: Personal<[UInt8]>? = nil) -> [RefusedEvent] {
        guard !refused.isEmpty, !suppression.isEmpty else { return [] }
        var search = SuppressionSearch(suppression, types: naming().types)
        if let around, search.finds(around.revealed) { return refused }
        return refused.filter { search.finds($0.payload.revealed) }
    }

    /// The batch without the events of suppressed people.
    ///
    /// - Parameter onRefusal: told the entry of each event that was left out; nothing of it is kept.
    public func admit(_ batch: consuming EventBatch, onRefusal: (EventBatch.Entry) -> Void) -> Admitted<EventBatch> {
        guard !suppression.isEmpty else { return Admitted(batch) }
        let bytes = batch.bytes
        let names = naming()
        batch.entries.removeAll { entry in
            guard let event = EventView(bytes[Int(entry.start)..<Int(entry.start) + Int(entry.count)]) else { return false }
            let isSuppressed = names.identifiers(event).contains(where: suppression.contains)
            if isSuppressed { onRefusal(entry) }
            return isSuppressed
        }
        return Admitted(batch)
    }
}
