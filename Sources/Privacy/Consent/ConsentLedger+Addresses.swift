import GRDB
import Storage
public import Vocabulary

/// Addresses to which nothing is sent, whoever has them, and the one form that an address has however it is written.
extension ConsentLedger {
    /// Why an address gets nothing any more.
    public enum AddressReason: String, Sendable, CaseIterable { case unsubscribed, complained, bounced, manual }

    /// Keeps a keyed hash of an address: nothing more is sent there, whoever it belongs to. It stays when its person is forgotten.
    ///
    /// What somebody chose takes the place of what a bounce said, which may be pardoned.
    public func suppress(address: String, _ reason: AddressReason, at: Timestamp) throws {
        let hash = BlobBytes(addressHash(address))
        try database.pool.write { db in
            try db.execute(
                sql: """
                    INSERT INTO privacy_address VALUES (?1, ?2, ?3)
                    ON CONFLICT DO UPDATE SET reason = excluded.reason, at = excluded.at WHERE reason = ?4 AND excluded.reason <> ?4
                    """, arguments: [hash, reason.rawValue, at.milliseconds, AddressReason.bounced.rawValue])
        }
    }

    /// - Returns: whether it was suppressed.
    public func unsuppress(address: String) throws -> Bool {
        let hashes = addressHashes(address)
        return try database.pool.write { db in
            try hashes.reduce(false) { isFound, hash in
                try db.execute(sql: "DELETE FROM privacy_address WHERE hash = ?", arguments: [BlobBytes(hash)])
                return isFound || db.changesCount > 0
            }
        }
    }

    /// Takes back what a bounce said of an address, by the hash of ``addressHash(_:)``: the domain was out of order. What anybody chose stays.
    public func pardon(addressHash hash: [UInt8]) throws {
        try database.pool.write { try $0.execute(sql: "DELETE FROM privacy_address WHERE hash = ? AND reason = ?", arguments: [BlobBytes(hash), AddressReason.bounced.rawValue]) }
    }

    /// Why an address is suppressed, and since when; nil where it is not.
    public func suppression(ofAddress address: String) throws -> (reason: String, at: Timestamp)? {
        let hashes = addressHashes(address)
        return try database.pool.read { db -> (reason: String, at: Timestamp)? in
            for hash in hashes {
                guard let row = try Row.fetchOne(db, sql: "SELECT reason, at FROM privacy_address WHERE hash = ?", arguments: [BlobBytes(hash)]) else { continue }
                return (reason: row[0], at: Timestamp(clamping: row[1]))
            }
            return nil
        }
    }

    /// A keyed hash of the address in its one form.
    public func addressHash(_ address: String) -> [UInt8] { addressHash(form: oneForm(address)) }

    private func addressHash(form: [UInt8]) -> [UInt8] { key.keyedHash(Array("address:".utf8) + form) }

    /// All under which something may stand about an address: its one form, and its letters as they are, since what was kept before there was one form stands under them.
    public func addressHashes(_ address: String) -> [[UInt8]] {
        let (plain, one) = (ConsentLedger.plain(address), oneForm(address))
        return (plain == one ? [one] : [one, plain]).map { addressHash(form: $0) }
    }

    /// Under which what is said by an address stands, in its one form: for a link that outlives who named it.
    public func emailHash(_ address: String) -> [UInt8] { key.hash(mailbox(address)) }

    // MARK: - One form

    /// An address in its one form.
    public func mailbox(_ address: String) -> Identifier { Identifier(.email, oneForm(address)) }

    /// However it is written, an address is one: small letters, no blanks around it, its domain as mail carries it. What is no address has small letters and no blanks.
    func oneForm(_ address: String) -> [UInt8] {
        let plain = ConsentLedger.plain(address)
        if ConsentLedger.isInOneForm(plain) { return plain }
        return canonical(String(decoding: plain, as: UTF8.self)).map { ConsentLedger.plain($0) } ?? plain
    }

    /// Whether it is in its form without a closer look, as nearly all are: letters, digits and the usual signs, and no label that may be punycode.
    static func isInOneForm(_ address: [UInt8]) -> Bool {
        var last = UInt8(0)
        return address.allSatisfy { byte in
            defer { last = byte }
            return switch byte {
            case 0x61...0x7a, 0x30...0x39, 0x2b, 0x2e, 0x40, 0x5f: true
            case 0x2d: last != 0x2d
            default: false
            }
        }
    }

    /// An address in small letters and without blanks around it.
    static func plain(_ address: String) -> [UInt8] {
        Array(address.lowercased().utf8.drop { $0 <= 0x20 }.reversed().drop { $0 <= 0x20 }.reversed())
    }

    /// The forms of an address other than its own under which something may stand: the one form, and that without blanks and capitals. None for other identifiers.
    func otherForms(of identifier: Identifier) -> [Identifier] {
        guard identifier.namespace == .email, !ConsentLedger.isInOneForm(identifier.value) else { return [] }
        let (plain, one) = (ConsentLedger.plain(identifier.text), oneForm(identifier.text))
        return (plain == one ? [one] : [one, plain]).filter { !$0.elementsEqual(identifier.value) }.map { Identifier(.email, $0) }
    }
}
