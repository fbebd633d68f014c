public import Matching
public import Profiles
import Synchronization
public import Vocabulary

/// Which accounts may be one company, by name, domain, numbers and address.
///
/// They are compared anew when somebody asks and one of them has changed since: a workspace's companies are few beside its people. Nothing of it is kept on the disk.
public final class CompanyMatcher: Sendable {
    /// Two accounts, by their groupIds.
    public struct Pair: Sendable {
        public let first: String
        public let second: String
        public let probability: Double
        public let reasons: [Reason]
    }
    public struct Candidate: Sendable {
        public let account: String
        public let probability: Double
        public let reasons: [Reason]
    }

    private struct State {
        /// Of all records that it was learned from.
        var fingerprint: Int?
        var index: MatchIndex?
        var pairs: [MatchIndex.Pair] = []
        var ids: [String] = []
    }
    /// Held while accounts are compared: who asks meanwhile waits for the same answer.
    private let state = Mutex(State())
    private static let pageAccounts = 1000
    /// More than so many are not compared.
    public static let countMaximum = 500_000

    public init() {}

    /// Accounts that may be one, the likeliest first.
    ///
    /// - Parameter isOpen: whether a pair is still to be told.
    /// - Throws: what reading the accounts throws.
    public func pairs(of reader: AccountReader, least: Double, limit: Int, isOpen: (String, String) -> Bool) throws -> [Pair] {
        try state.withLock { state in
            try CompanyMatcher.follow(&state, reader)
            guard let index = state.index else { return [] }
            var found: [Pair] = []
            for pair in state.pairs where found.count < limit && pair.settled >= least {
                let (first, second) = (state.ids[Int(pair.a)], state.ids[Int(pair.b)])
                if isOpen(first, second) { found.append(Pair(first: first, second: second, probability: pair.settled, reasons: index.compare(pair.a, pair.b)?.reasons ?? [])) }
            }
            return found
        }
    }

    /// Which accounts a company may be.
    ///
    /// - Parameter traits: of the company, by their usual names.
    /// - Throws: ``Refusal`` where none of them says which company it is.
    public func find(_ traits: JSONText, in reader: AccountReader, limit: Int) throws -> [Candidate] {
        var columns = CompanyColumns()
        guard let row = columns.row(of: traits.members.map { (name: $0.key, value: $0.value) }) else {
            throw Refusal(400, "match.record", "Nothing in the record says which company it is.", remedy: "Send its name, website, tax number, phone or address by their usual names, such as {\"name\": \"Acme Inc.\", \"website\": \"acme.com\"}.")
        }
        return try state.withLock { state in
            try CompanyMatcher.follow(&state, reader)
            var text = TextRows(header: CompanyColumns.header)
            guard let index = state.index, text.append(row) else { return [] }
            return index.find(try text.text(), limit: limit, least: PairStore.least).map { Candidate(account: state.ids[Int($0.key)], probability: $0.settled, reasons: $0.reasons) }
        }
    }

    private static func follow(_ state: inout State, _ reader: AccountReader) throws {
        var columns = CompanyColumns()
        var text = TextRows(header: CompanyColumns.header)
        var ids: [String] = []
        var hasher = Hasher()
        var after: ProfileCursor?
        repeat {
            let page = try reader.search("", after: after, limit: pageAccounts)
            for account in page.accounts where ids.count < countMaximum {
                guard let row = columns.row(of: account.traits.map { (name: $0.name, value: $0.value) }), text.append(row) else { continue }
                let id = account.identifiers.first { $0.namespace == .groupId }?.text ?? ""
                ids.append(id)
                hasher.combine(id)
                for value in row { hasher.combine(value) }
            }
            after = page.next
        } while after != nil && ids.count < countMaximum
        let fingerprint = hasher.finalize()
        guard fingerprint != state.fingerprint else { return }
        state = State(fingerprint: fingerprint, ids: ids)
        // One alone is like nobody, and there is nothing to learn from it.
        guard ids.count > 1 else { return }
        let (index, pairs) = MatchIndex.learning(try text.text(), as: CompanyColumns.schema, keys: ids.indices.map(UInt64.init), least: PairStore.least)
        state.index = index
        state.pairs = pairs.sorted { ($0.settled, $1.a, $1.b) > ($1.settled, $0.a, $0.b) }
    }
}
