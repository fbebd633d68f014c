public import EventLog
import Identity
public import Privacy
import Storage
public import Vocabulary

extension EventLog {
    /// Appends the events as one group, that is with one sync.
    @discardableResult
    public func write(_ events: [String], at receivedAt: Timestamp = Timestamp("2026-07-01T09:00:00Z")!) throws -> Range<LogPosition> {
        var body = Array("{\"batch\":[\(events.joined(separator: ","))]}".utf8)
        var unnamed = 0
        let call = try EventDecoder.decode(&body, as: .batch, in: CallContext(receivedAt: receivedAt)) { _ in
            unnamed += 1
            return "unnamed-\(unnamed)"
        }
        guard call.refused.isEmpty else { preconditionFailure("refused: \(call.refused.map(\.reasons))") }
        let first = end
        var group = [Gate.open.admit(call.batch) { _ in }]
        _ = try append(&group)
        return first..<end
    }

    /// Every record that a scan finds, by position; damage is counted.
    public func contents(from start: LogPosition = 0, onDamage: (LogError) -> Void = { _ in }) -> [LogPosition: [UInt8]] {
        var found: [LogPosition: [UInt8]] = [:]
        scan(from: start, onDamage: onDamage) { batch in
            for entry in batch.entries { found[entry.position] = Array(batch.bytes[Int(entry.start)..<Int(entry.start) + Int(entry.count)]) }
            return true
        }
        return found
    }
}

/// The gatekeeper of a workspace where nobody is suppressed.
public enum Gate {
    public static let open: Admission = {
        let folder = TemporaryFolder()
        guard let database = try? DatabaseFile(path: "\(folder.path)/gate.sqlite", migrations: SuppressionList.migrations),
            let list = try? SuppressionList(database, key: WorkspaceKey(bytes: Array(1...32)))
        else { preconditionFailure("a database in a temporary folder") }
        return Admission(list) { Admission.Naming(types: [], identifiers: EventNaming(.usual).identifiers) }
    }()
}

extension Random {
    /// A track event of one of many people; its content differs from all others' by `number`.
    public mutating func event(_ number: Int, people: Int = 300, padding: Int = 200) -> String {
        let person = below(people)
        let filler = String(decoding: (0..<below(padding + 1)).map { _ in UInt8(0x61 + below(26)) }, as: UTF8.self)
        return """
            {"type":"track","messageId":"m\(number)","userId":"user-\(person)","event":"\(pick(["Product Viewed", "Product Added", "Order Completed"]))",\
            "properties":{"number":\(number),"price":"\(below(9000)).50","filler":"\(filler)"},"context":{"library":{"name":"analytics.js"}}}
            """
    }
}
