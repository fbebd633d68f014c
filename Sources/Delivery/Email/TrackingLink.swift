public import Identity
public import Privacy
public import Vocabulary

/// What the address of an image or a link in a mail says, signed: of which message it is, and where it leads. Only what was signed here leads anywhere.
public struct TrackingLink: Sendable, Hashable {
    public enum Kind: String, Sendable, CaseIterable {
        /// The image that says that the mail is shown.
        case open
        case click
        /// A link that nobody sees: who follows it follows everything.
        case trap
    }

    public let kind: Kind
    /// Of the message: its intent's.
    public let key: String
    public let profile: ProfileID
    public let sentAt: Timestamp
    /// Which link of the mail it is, counted from 0, and how many there are.
    public let index: Int
    public let count: Int
    /// Of a click: an address of the web.
    public let target: String

    public init(_ kind: Kind, key: String, profile: ProfileID, sentAt: Timestamp, index: Int = 0, count: Int = 0, target: String = "") {
        (self.kind, self.key, self.profile, self.sentAt, self.index, self.count, self.target) = (kind, key, profile, sentAt, index, count, target)
    }

    private static let signatureBytes = 16
    static let bytesMaximum = 8192

    /// Safe in an address.
    public func token(_ secret: WorkspaceKey) -> String {
        let fields = [kind.rawValue, key, profile.text, String(sentAt.milliseconds / 1000), String(index), String(count), target]
        var signed = TrackingLink.label
        signed.reserveCapacity(target.utf8.count + 160)
        for field in fields {
            signed.append(UInt8(truncatingIfNeeded: field.utf8.count >> 8))
            signed.append(UInt8(truncatingIfNeeded: field.utf8.count))
            signed += field.utf8
        }
        let signature = secret.keyedHash(signed).prefix(TrackingLink.signatureBytes)
        signed.replaceSubrange(..<TrackingLink.label.count, with: signature)
        return Base64URL.encode(signed)
    }

    /// Nil for anything that this workspace did not sign, whatever was changed.
    public init?(token: String, _ secret: WorkspaceKey) {
        guard token.utf8.count <= TrackingLink.bytesMaximum, let bytes = Base64URL.decode(token), bytes.count > TrackingLink.signatureBytes else { return nil }
        let payload = Array(bytes[TrackingLink.signatureBytes...])
        // Every byte is looked at, so that the time of an answer tells nothing.
        guard zip(TrackingLink.signature(payload, secret), bytes).reduce(UInt8(0), { $0 | ($1.0 ^ $1.1) }) == 0 else { return nil }
        var fields: [String] = []
        var position = 0
        while position + 2 <= payload.count {
            let count = Int(payload[position]) << 8 | Int(payload[position + 1])
            guard position + 2 + count <= payload.count, let text = String(validating: payload[(position + 2)..<(position + 2 + count)], as: UTF8.self) else { return nil }
            fields.append(text)
            position += 2 + count
        }
        guard fields.count == 7, position == payload.count, let kind = Kind(rawValue: fields[0]), let profile = ProfileID(fields[2]), let seconds = Int64(fields[3]), abs(seconds) < 1 << 40,
            let index = Int(fields[4]), let count = Int(fields[5])
        else { return nil }
        self.init(kind, key: fields[1], profile: profile, sentAt: Timestamp(clamping: seconds * 1000), index: index, count: count, target: fields[6])
    }

    private static func signature(_ payload: [UInt8], _ secret: WorkspaceKey) -> [UInt8] { Array(secret.keyedHash(label + payload).prefix(signatureBytes)) }
    private static let label = Array("tracking link 1:".utf8)
}
