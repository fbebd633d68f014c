import Profiles
import Segments
import Storage
import TestSupport
import Vocabulary

extension World {
    /// The engine on this world's columns, knowing the computed traits that random conditions ask for.
    func engine() throws -> SegmentEngine {
        let objectors = Objectors(ledger: stages.ledger, graph: stages.graph, purpose: .analytics)
        try objectors.lookThroughEveryone(under: stages.lock)
        let computed = try computedTraits()
        return SegmentEngine(columns: stages.columns, objectors: objectors, lock: stages.lock, log: stages.log, pool: QueryPool(threads: 2), computed: { computed.find($0) })
    }

    /// Those of ``RandomConditions/measurements``, and whatever was made beside them.
    func computedTraits() throws -> ComputedTraitStore {
        let store = try ComputedTraitStore(Documents(stages.database))
        for (name, measurement) in RandomConditions.measurements where store.find(name) == nil {
            _ = try store.create(id: "ctr_\(name)", name: name, note: "", measurement: measurement, zone: .utc, author: "ada", at: clock.now)
        }
        return store
    }
}
