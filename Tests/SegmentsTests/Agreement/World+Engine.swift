import Profiles
import Segments
import TestSupport

extension World {
    /// The engine on this world's columns.
    func engine() throws -> SegmentEngine {
        let objectors = Objectors(ledger: stages.ledger, graph: stages.graph, purpose: .analytics)
        try objectors.lookThroughEveryone(under: stages.lock)
        return SegmentEngine(columns: stages.columns, objectors: objectors, lock: stages.lock, log: stages.log, pool: QueryPool(threads: 2))
    }
}
