import Delivery
import EventLog
import Identity
import Ingest
import Privacy
import Profiles
import Segments
import Synchronization
import Vocabulary

/// Where links in messages lead, unless the sending policy says otherwise: known once the server listens.
final class ServerAddress: Sendable {
    private let scheme: String
    private let host: String
    private let port: Mutex<Int>

    init(_ configuration: Configuration) {
        scheme = configuration.tlsCertificate == nil ? "http" : "https"
        host = Configuration.isAnywhere(configuration.host) ? "localhost" : configuration.urlHost
        port = Mutex(configuration.port)
    }

    func listens(port: Int) { self.port.withLock { $0 = port } }
    var text: String { "\(scheme)://\(host):\(port.withLock { $0 })" }
}

extension Workspace {
    /// Where somebody chooses what they get; theirs also when they part from whom they were taken for.
    func preferenceLink(_ profile: Profile, _ scope: ConsentScope) -> PreferenceLink {
        PreferenceLink(profile: ProfileID(profile.id).flatMap { profiles.bearer(of: $0) }?.text ?? profile.id, scope: scope)
    }

    /// Who people are when they are sent something.
    static func recipients(
        name: String, _ reader: ProfileReader, _ graph: IdentityGraph, _ lock: StateLock, _ ledger: ConsentLedger, _ policy: SendingPolicyStore, _ engine: SegmentEngine,
        _ computed: ComputedTraitStore, _ address: ServerAddress
    ) -> Recipients {
        Recipients(
            reader: reader, graph: graph, lock: lock,
            links: { person, scope in
                let tail = "\(PercentCoding.encode(name))/\(ledger.token(for: PreferenceLink(profile: person.text, scope: scope)))"
                let own = policy.current.publicAddress
                let base = own.isEmpty ? address.text : own
                return Recipients.Links(preferences: "\(base)/preferences/\(tail)", unsubscribe: "\(base)/unsubscribe/\(tail)")
            },
            data: { profile, data, links, names in
                let traits = names?.isEmpty ?? false ? [] : computed.all.filter { names?.contains($0.name) ?? true }
                let values = traits.isEmpty ? [] : (try? engine.values(of: traits, for: profile, asOf: Call.moment(nil))) ?? []
                return MessageData(
                    profile, computed: values, data: data, workspace: name, links: [("unsubscribe_url", links.unsubscribe), ("preferences_url", links.preferences)]
                ).record
            })
    }
}
